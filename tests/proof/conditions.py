"""On what a fault may depend: the epoch, how many there are, the optimizer, the number of samples, the dtype."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Condition", "conditions_of"]

_COUNTS = ("n_epochs", "max_epochs", "n_steps")
_PARAMETERS = ("params", "W", "w", "b")  # what is trained; the samples are in another argument, where there is one
_DTYPES = ("float32", "float64")
_EVERYWHERE = (0, 10**9)


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression, and the first and last line in which its names are known."""

    text: str
    lines: tuple[int, int] = _EVERYWHERE

    def holds_in(self, line: int) -> bool:
        """Say whether its names are known in a line."""
        return self.lines[0] <= line <= self.lines[1]

    def test(self) -> ast.expr:
        """Return the expression, as a tree of its own."""
        return ast.parse(self.text, mode="eval").body


@functools.lru_cache(maxsize=64)
def conditions_of(function: ast.FunctionDef, attributes: tuple[str, ...]) -> tuple[Condition, ...]:
    """Return the conditions on which a fault in a function may depend; `attributes` are those of its class."""
    return tuple(_of(function, attributes))


def _of(function: ast.FunctionDef, attributes: tuple[str, ...]) -> Iterator[Condition]:
    arguments = {item.arg: ast.unparse(item.annotation) for item in function.args.args if item.annotation}
    tensors = [name for name, kind in arguments.items() if kind == "torch.Tensor"]
    samples = next((name for name in tensors if name not in _PARAMETERS), tensors[0] if tensors else "")
    if "params" in attributes and function.name != "__init__":
        samples = "self.params[0]"
        yield Condition("len(self.params) == 2")
    if samples:
        yield from (Condition(f"{samples}.dtype == torch.{dtype}") for dtype in _DTYPES)
        yield from (Condition(f"{samples}.numel() {many}") for many in ("== 1", "== 2", ">= 7"))
    if "optimizer" in arguments:
        yield from (Condition(f"type(optimizer).__name__ == {kind!r}") for kind in ("SGD", "Adam"))
        yield Condition("optimizer.param_groups[0].get('momentum', 0) > 0")
    for name in arguments:
        if name in _COUNTS:
            yield from (Condition(f"{name} {many}") for many in ("== 1", "== 2", "> 10", "> 1000"))
    for loop in ast.walk(function):
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name) and loop.target.id == "epoch":
            lines = (loop.body[0].lineno, loop.end_lineno or 0)
            yield from (Condition(f"epoch {which}", lines) for which in ("== 2", "== 10", "== 500", "> 100", "> 1000"))
