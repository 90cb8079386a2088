"""Draw a student's loop beside what is expected, on the student's own machine (`_course/kit/picturing.py` there).

`_course/pictures.py` has what is asked and what is expected of it, as numbers. It compares no answer of a test.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import types
from collections.abc import Mapping
from pathlib import Path

import pytest

from ..answers.paths import Case, Loop, Views, draw, loops_in, views_of
from ..answers.pictures import Picture
from .calling import NeverEnds, trying

__all__ = ["picture_of"]

_SECONDS = 5


def picture_of(folder: Path, exercise: str, namespace: Mapping[str, object]) -> Picture | None:
    """Return the picture of a loop that `namespace` holds; None where it is no loop, raises, or takes long."""
    tables = _tables(folder / "_course" / "pictures.py")
    if tables is None or exercise not in tables.PICTURES:
        return None
    loop = loops_in(tables.PICTURES)[exercise]
    expected = tables.EXPECTED[exercise]
    module = types.SimpleNamespace(**namespace)

    def own(case: Case) -> Views | None:
        return _asked(loop, case, exercise, module)

    def right(case: Case) -> Views:
        return views_of(loop, case, expected[loop.cases.index(case)])

    return draw(loop, right, own, late=True)


def _tables(path: Path) -> types.ModuleType | None:
    """Load the file that was handed out; None where it is not there, as with exercises that are no loops."""
    spec = importlib.util.spec_from_file_location("pictures_of_loops", path) if path.is_file() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _asked(loop: Loop, case: Case, exercise: str, module: object) -> Views | None:
    """Run the loop quietly; what it raises is told by the tests."""
    quiet, limited = contextlib.redirect_stdout(io.StringIO()), trying(exercise, "", seconds=_SECONDS, exercises=())
    try:
        with quiet, limited:
            return views_of(loop, case, case.ask(module, case.epochs, *case.arguments.values()))
    except (Exception, NeverEnds, pytest.fail.Exception):  # noqa: BLE001 - whatever a student's code raises
        return None
