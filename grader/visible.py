"""What a visible test is written with: call a student's function, and explain what is wrong with the answer.

`grader release` puts this text behind `grader/explain.py` into one file of the student's folder, so it
may use nothing but that file, torch and pytest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType

import pytest
import torch

from grader.explain import difference, show_call

__all__ = ["answer", "call", "expect", "function_of"]


def function_of(module: ModuleType, name: str) -> Callable[..., object]:
    """Return the function called `name`, or fail with what to do about a missing one."""
    function: Callable[..., object] | None = getattr(module, name, None)
    if not callable(function):
        file = str(module.__file__).replace("\\", "/").rpartition("/")[2]
        pytest.fail(f"there is no `{name}` in {file}; keep the stub's names", pytrace=False)
    return function


def call(module: ModuleType, name: str, arguments: Mapping[str, object]) -> object:
    """Call a function with copies of the arguments; fail with an explanation where it raises."""
    copies = {key: value.clone() if isinstance(value, torch.Tensor) else value for key, value in arguments.items()}
    function = function_of(module, name)
    try:
        return function(*copies.values())
    except NotImplementedError:
        pass  # said below, outside, so that pytest does not print the stub's own traceback
    except Exception as error:
        error.add_note(f"you called   {show_call(name, arguments)}")
        raise
    pytest.fail(f"`{name}`, or a function that it calls, is not written yet", pytrace=False)


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
    value = call(module, name, arguments)
    expect(name, arguments, value, expected, **how)  # type: ignore[arg-type]  # expect says what it takes
    return value
