"""Run code of an exercise, and explain what it raises: a stub, a loop that never ends, an error.

A student has this file as `_course/kit/calling.py`. It compares nothing.
"""

from __future__ import annotations

import contextlib
import linecache
import math
import signal
import threading
import time
import traceback
from collections.abc import Collection, Iterator

import pytest
import torch

__all__ = ["NeverEnds", "NotWritten", "copied", "trying"]

_SECONDS_A_CALL = 30
_IDLE = 0.02  # who computes for less than this part of the time waits; the busiest machine leaves a process more


class NeverEnds(BaseException):
    """Neither a student's `except Exception` nor hypothesis may go on after it."""


class NotWritten(pytest.fail.Exception):  # type: ignore[name-defined,misc]  # pytest sets it when it is imported
    """A test fails because an exercise, `not_written`, is still the stub; `caller` is the one that was called."""

    __module__, __qualname__ = "builtins", "Failed"  # as pytest names a failure in its reports

    def __init__(self, not_written: str, *, caller: str) -> None:
        """Fail without a traceback."""
        said = "" if caller == not_written else f" (`{caller}` calls it)"
        super().__init__(f"`{not_written}` is not written yet{said}", pytrace=False)
        self.not_written = not_written


@contextlib.contextmanager
def trying(name: str, said: str, *, seconds: int | None, exercises: Collection[str]) -> Iterator[None]:
    """Run code of the exercise `name`, and explain what it raises; `said` is what was called, in words."""
    __tracebackhide__ = True
    try:
        with _limited(name, seconds or _SECONDS_A_CALL):
            yield
        return
    except NotImplementedError as error:
        if not _is_placeholder_of(error):
            _note_call(error, said)
            raise
        missing = _raised_in(error, name, exercises)
    except (Exception, NeverEnds) as error:
        _note_call(error, said)
        raise
    # From None, so that pytest does not print the stub's own traceback.
    raise NotWritten(missing, caller=name) from None


def _note_call(error: BaseException, said: str) -> None:
    """Note on what was raised which call raised it: for pytest, which prints it, and as `called` for whoever asks."""
    error.add_note(f"you called   {said}")
    with contextlib.suppress(Exception):  # a student's own exception may refuse it
        error.called = said  # type: ignore[attr-defined]  # it is what is noted


@contextlib.contextmanager
def _limited(name: str, seconds: int) -> Iterator[None]:
    """End a loop that never ends, where the machine has alarms: not on Windows, and not in a thread.

    The seconds are of CPU, so that a right loop is not ended on a busy machine.
    """
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    began, computed = time.monotonic(), time.process_time()

    def stop(*_: object) -> None:
        left = seconds - (time.process_time() - computed)
        if left <= 0:
            raise NeverEnds(f"{name} runs for more than {seconds} s: does a loop in it never end?")
        waited = time.monotonic() - began
        if seconds - left < _IDLE * waited:
            raise NeverEnds(f"{name} waits for {waited:.0f} s and computes nothing: does it sleep, or ask for input?")
        signal.alarm(math.ceil(left))

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _is_placeholder_of(error: BaseException) -> bool:
    """Say whether the stub's own line raised, and not something that a written function calls."""
    frame, line = list(traceback.walk_tb(error.__traceback__))[-1]
    text = linecache.getline(frame.f_code.co_filename, line).strip()
    return not text or "raise NotImplementedError" in text


def _raised_in(error: BaseException, name: str, exercises: Collection[str]) -> str:
    """Return the exercise that raised; a method stands for its class."""
    raised = [frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)][-1]
    return raised if raised in exercises else name


def copied(value: object) -> object:
    """Return a copy of a tensor, and anything else as it is; that of a leaf which requires grad is such a leaf."""
    if not isinstance(value, torch.Tensor):
        return value
    return value.detach().clone().requires_grad_(value.requires_grad)
