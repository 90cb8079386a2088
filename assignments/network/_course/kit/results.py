"""Run pytest quietly inside another program, and keep what became of a visible test.

A student has this file as `_course/kit/results.py`. It decides nothing: which tests run is the caller's.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pytest

from .telling import said

__all__ = ["QUIETLY", "VisibleResult", "problem_of", "result_of"]

_OFF = (
    *("terminal", "cacheprovider", "faulthandler", "logging", "warnings", "stepwise", "junitxml", "pastebin"),
    *("unraisableexception", "threadexception"),  # they collect garbage at each end: most of a short run's time
)
QUIETLY = ("-c", os.devnull, "--assert=plain", *(part for name in _OFF for part in ("-p", f"no:{name}")))
"""The arguments of a pytest that prints nothing, writes nothing and reads no settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleResult:
    """What became of one visible test.

    `text` says what is wrong, and is "" where it passed; `not_written` is the exercise that is still the stub;
    `drawn` says that the test draws its data.
    """

    test: str
    exercises: tuple[str, ...]
    passed: bool
    text: str = ""
    not_written: str = ""
    drawn: bool = False


def result_of(
    item: pytest.Item,
    call: pytest.CallInfo[None],
    *,
    exercises: Collection[str],
    namespace: Mapping[str, object],
) -> VisibleResult | None:
    """Return the result of a test, or of the set-up that it failed in; None for what comes before and after a test."""
    error = call.excinfo.value if call.excinfo is not None else None
    if call.when != "call" and error is None:
        return None
    marked = tuple(dict.fromkeys(mark.name for mark in item.iter_markers() if mark.name in exercises))
    drawn = hasattr(getattr(item, "obj", None), "hypothesis")
    if error is None:
        return VisibleResult(test=item.name, exercises=marked, passed=True, drawn=drawn)
    # `NotWritten` is known by its attribute: the class may be the one of the student's own `_course`.
    not_written = str(getattr(error, "not_written", "")) if isinstance(error, pytest.fail.Exception) else ""
    return VisibleResult(
        test=item.name,
        exercises=marked,
        passed=False,
        text=said(error, ", ".join(marked), namespace),
        not_written=not_written,
        drawn=drawn,
    )


def problem_of(report: pytest.CollectReport) -> str:
    """Return in a line why tests could not be collected, or ""."""
    return str(report.longrepr).strip().splitlines()[-1].removeprefix("E").strip() if report.failed else ""
