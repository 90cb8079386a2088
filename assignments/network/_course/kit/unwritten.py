"""In a notebook, let an example that calls an unwritten exercise say so in one line (`_course/kit/unwritten.py`).

A student's notebook calls it once, at the top, and needs nothing but these files beside it. It runs no exercise, and
hides no error: what a written function raises keeps its traceback.
"""

from __future__ import annotations

import os
import traceback
import types
from typing import Any

from ..languages.choosing import DEFAULT, of_locale
from ..languages.tongue import speak

__all__ = ["UNWRITTEN", "in_one_line"]

UNWRITTEN = "write your code here"
"""What the error of a stub says."""


def in_one_line() -> None:
    """Have Jupyter print a line, and no traceback, for what a stub raises; elsewhere do nothing."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is not None:
        shell.set_custom_exc((NotImplementedError,), _say)  # type: ignore[no-untyped-call]  # IPython says no types here


def _say(
    shell: Any,  # noqa: ANN401 - IPython's
    _kind: type[BaseException],
    error: BaseException,
    trace: types.TracebackType,
    tb_offset: int | None = None,  # noqa: ARG001 - IPython hands it over by its name
) -> None:
    """Say what a cell waits for, or show the error as IPython does."""
    exercise = _unwritten(error, trace)
    if exercise:
        say = speak(of_locale(os.environ) or DEFAULT)
        print(say(f"waits for `{exercise}`: write it, then run this cell again"))  # noqa: T201 - the cell's output
    else:
        shell.showtraceback(running_compiled_code=True)  # of the error that is being handled, as IPython itself


def _unwritten(error: BaseException, trace: types.TracebackType) -> str:
    """Return the function or class whose stub raised an error, "" where none did."""
    if error.args != (UNWRITTEN,):
        return ""
    *_, (frame, _) = traceback.walk_tb(trace)
    return frame.f_code.co_qualname.partition(".")[0].strip("<>")
