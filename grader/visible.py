"""What a visible test is written with: call a student's function, and explain what is wrong with the answer.

`grader release` puts this text behind `grader/explain.py` into one file of the student's folder, so it
may use nothing but that file, torch and pytest.
"""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable, Mapping
from types import ModuleType

import pytest
import torch

from grader.explain import difference, show_call

__all__ = ["answer", "call", "expect", "function_of", "load"]


def load(name: str) -> ModuleType:
    """Import the student's module; where it is no Python, fail with its line and nothing else."""
    try:
        return importlib.import_module(name)
    except SyntaxError as error:
        text = (error.text or "").strip()
        wrong = f"{name}.py, line {error.lineno}: {error.msg}\n    {text}"
    pytest.fail(wrong, pytrace=False)


def function_of(module: ModuleType, name: str) -> Callable[..., object]:
    """Return the function called `name`, or fail with what to do about a missing one."""
    function: Callable[..., object] | None = getattr(module, name, None)
    if not callable(function):
        file = str(module.__file__).replace("\\", "/").rpartition("/")[2]
        pytest.fail(f"there is no `{name}` in {file}; keep the stub's names", pytrace=False)
    return function


def call(module: ModuleType, name: str, arguments: Mapping[str, object], *, clone: bool = True) -> object:
    """Call a function, with copies of the tensors or with themselves; explain where it raises."""
    __tracebackhide__ = True
    function = function_of(module, name)
    copies = [value.clone() if clone and isinstance(value, torch.Tensor) else value for value in arguments.values()]
    try:
        return function(*copies)
    except NotImplementedError as error:
        missing = _raised_in(error)  # said below, outside, so that pytest does not print the stub's own traceback
    except Exception as error:
        error.add_note(f"you called   {show_call(name, arguments)}")
        raise
    caller = "" if missing == name else f" (`{name}` calls it)"
    pytest.fail(f"`{missing}` is not written yet{caller}", pytrace=False)


def _raised_in(error: BaseException) -> str:
    """Return the name of the function that raised."""
    return [frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)][-1]


def expect(
    name: str,
    arguments: Mapping[str, object],
    value: object,
    expected: torch.Tensor,
    *,
    rtol: float = 1e-5,
    atol: float = 0.0,
    shapes: list[tuple[int, ...]] | None = None,
    broadcast: bool = False,
    hint: str = "",
) -> None:
    """Fail, and say how, unless `value` is `expected` to within `rtol` of its largest entry, or `atol`."""
    samples = max((item.numel() for item in arguments.values() if isinstance(item, torch.Tensor)), default=0)
    tolerance = max(atol, rtol * float(expected.abs().max()))
    found = difference(value, expected, atol=tolerance, shapes=shapes, broadcast=broadcast, samples=samples)
    if found:
        lines = [f"{name}: {found[0]}", f"you called   {show_call(name, arguments)}", found[1]]
        pytest.fail("\n".join([*lines, f"hint         {hint}"] if hint else lines), pytrace=False)


def answer(
    module: ModuleType, name: str, arguments: Mapping[str, object], expected: torch.Tensor, **how: object
) -> object:
    """Call a function, expect its answer, and return it; `how` goes to `expect`."""
    __tracebackhide__ = True
    value = call(module, name, arguments)
    expect(name, arguments, value, expected, **how)  # type: ignore[arg-type]  # expect says what it takes
    return value
