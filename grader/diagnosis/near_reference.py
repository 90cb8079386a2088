"""References with one thing changed, and the change in words: what a student's code may do, of which no code is shown.

What a helper gives, or is given, is another thing; the loss is another one; or one place of the definition itself is
changed, as the proof of the hidden suites changes it.
"""

from __future__ import annotations

import ast
import functools
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from grader.answers.formulas import OF_ENTRIES, OF_PAIRS, REDUCED, Formula
from grader.course.assignment import Assignment
from grader.course.lesson import reference_source
from grader.diagnosis.changes import Change, changes

__all__ = ["Near", "loss_of", "made", "near_references"]

_ENTRIES = (
    *("the sigmoid of `{name}`", "tanh of `{name}`", "the ReLU of `{name}`", "the absolute value of `{name}`"),
    *("the square of `{name}`", "the root of `{name}`", "the logarithm of `{name}`", "the sign of `{name}`"),
    *("`{name}`, cut to between -1 and 1", "`{name}`, cut to between 0 and 1", "one over `{name}`"),
    *("`{name}` over its length", "`{name}` over the sum of its entries", "`{name}` less its mean"),
    *("e to the power of `{name}`", "the softmax of `{name}`"),
)
_OF_HELPERS: dict[str, Formula] = {
    "minus `{name}`": torch.neg,
    "half of `{name}`": lambda x: x / 2,
    "twice `{name}`": lambda x: 2 * x,
    "`{name}` in whole numbers": torch.round,
    "0": torch.zeros_like,
    "1": torch.ones_like,
    "the mean of `{name}` in each place": lambda x: x.mean().expand(x.shape),
    "`{name}` in the reverse order": lambda x: x.flip(0),
    **{said: OF_ENTRIES[said] for said in _ENTRIES},
}
_REDUCED = ("the mean of {what}", "the sum of {what}", "the median of {what}", "the largest of {what}")
_SIGNS = ("+", "-", "+=", "-=")


@dataclass(frozen=True, slots=True)
class Near:
    """A reference with one thing changed: what it is, in words after "as a right one would", and its source."""

    said: str
    source: str


def near_references(assignment: Assignment, exercise: str) -> Iterator[Near]:
    """Yield what is near the reference of an exercise, those first that are told best."""
    text = reference_source(assignment)
    tree = ast.parse(text)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    definition = next(node for node in tree.body if isinstance(node, _DEFINED) and node.name == exercise)
    used = dict.fromkeys(node.id for node in ast.walk(definition) if isinstance(node, ast.Name))
    for name in used:
        if name in functions and name != exercise:
            for near in _by_helper(functions[name]):  # what calls it has to be defined beside it, to see it
                yield Near(near.said, f"{near.source}{ast.unparse(definition)}\n")
    for near in _by_activation(definition):
        yield near
    for change in changes(definition, frozenset(range(definition.lineno, (definition.end_lineno or 0) + 1))):
        said = _in_words(change, definition)
        source = _changed(text.split("\n"), definition, change)
        if said and _compiles(source):
            yield Near(said, source)


_DEFINED = (ast.FunctionDef, ast.ClassDef)


def made(said: str, value: object) -> object:
    """Make something of what a helper gives or is given; what is no tensor of numbers stays as it is."""
    if isinstance(value, tuple):
        return tuple(made(said, item) for item in value)
    return _OF_HELPERS[said](value) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def loss_of(reduced: str, said: str, one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Return another loss of two rows."""
    return REDUCED[reduced](OF_PAIRS[said](one, other))


# --- helpers -----------------------------------------------------------------------------------------------------


def _by_helper(helper: ast.FunctionDef) -> Iterator[Near]:
    name, arguments = helper.name, [item.arg for item in helper.args.args]
    for said in _OF_HELPERS:
        what = said.format(name="r")
        source = f"return _near.made({said!r}, _before(*given))"
        text = (
            f"if `{name}` gave {what}, where `r` is what it should give"
            if "`r`" in what
            else f"if `{name}` gave {what}"
        )
        yield Near(text, _wrapped(name, source))
    for place, argument in enumerate(arguments):
        for said in _OF_HELPERS:
            source = f"return _before(*given[:{place}], _near.made({said!r}, given[{place}]), *given[{place} + 1:])"
            what = said.format(name=argument)
            what = what if "`" in what else f"{what} in the place of `{argument}`"
            yield Near(f"if `{name}` were given {what}", _wrapped(name, source))
    if len(arguments) == 2:
        for reduced in _REDUCED:
            for said in OF_PAIRS:
                what = reduced.format(what=said.format(name=arguments[0], name2=arguments[1]))
                source = f"return _near.loss_of({reduced!r}, {said!r}, *given)"
                yield Near(f"if `{name}` were {what}", _wrapped(name, source))


def _wrapped(name: str, body: str) -> str:
    return (
        "_near = __import__('grader.diagnosis.near_reference', fromlist=['made'])\n"
        f"_before = {name}\ndef {name}(*given):\n    {body}\n"
    )


_ACTIVATIONS = ("tanh", "sigmoid", "relu", "exp", "abs", "sign", "sin")


def _by_activation(definition: ast.FunctionDef | ast.ClassDef) -> Iterator[Near]:
    """Yield a definition with another function of torch's in the place of each of these."""
    for node in ast.walk(definition):
        if isinstance(node, ast.Attribute) and node.attr in _ACTIVATIONS:
            given = node.attr
            for other in _ACTIVATIONS:
                if other != given:
                    node.attr = other
                    yield Near(f"with `{other}` in the place of another function", ast.unparse(definition))
            node.attr = given


# --- one place of the definition ---------------------------------------------------------------------------------


def _changed(lines: list[str], definition: ast.FunctionDef | ast.ClassDef, change: Change) -> str:
    new = textwrap.indent(change.text, " " * change.indent)
    last = definition.end_lineno or definition.lineno
    return "\n".join([*lines[definition.lineno - 1 : change.first - 1], new, *lines[change.last : last]])


@functools.lru_cache(maxsize=4096)
def _compiles(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _in_words(change: Change, definition: ast.FunctionDef | ast.ClassDef) -> str:
    """Say of which kind a change is, without the code; "" where it can't be said."""
    match change.operator:
        case "arithmetic":
            both = {change.tag, _operator_of(change.before)}
            return "with one sign the other way round" if both <= {"+", "-"} else "with another of + - * / in one place"
        case "sign" | "unary":
            return "with one sign the other way round"
        case "operand":
            return _left_out(change.before, change.tag)
        case "jump" if change.before.startswith("return "):
            value = change.before.removeprefix("return ")
            parts = value.split(" ")
            inside = change.after.removeprefix("return ") in (parts[0], parts[-1])
            return _left_out(value, "") if inside and _is_operation(value) else _KINDS["jump"]
        case "name":
            names = [item.arg for item in definition.args.args] if isinstance(definition, ast.FunctionDef) else []
            if change.before in names and change.after in names:
                return f"with `{change.after}` in the place of `{change.before}` somewhere"
            return "with one value in the place of another"
        case "function":
            return f"with `{change.tag}` in the place of another function"
        case "update":
            return "with one sign the other way round" if change.tag in _SIGNS else "with another update in one line"
    return _KINDS.get(change.operator, "")


_KINDS = {
    "constant": "with another number in one place",
    "comparison": "with another comparison in one place",
    "condition": "with one condition the other way round",
    "attribute": "with one value in the place of another",
    "argument": "with the arguments of one call exchanged, or one left out",
    "keyword": "with a largest and a smallest value exchanged",
    "unwrapped": "with one function left out",
    "off_by_one": "with one index, or one count, off by one",
    "elements": "with two of its values exchanged, or one left out",
    "removed": "with one of its lines left out",
    "block": "with one line inside a block, or outside, where it should not be",
    "order": "with two of its lines in the other order",
    "jump": "that comes back with another of its values",
}


def _operator_of(before: str) -> str:
    tree = ast.parse(before, mode="eval").body
    kinds = {ast.Add: "+", ast.Sub: "-"}
    return kinds.get(type(tree.op), "") if isinstance(tree, ast.BinOp) else ""


def _is_operation(text: str) -> bool:
    return isinstance(ast.parse(text, mode="eval").body, ast.BinOp)


def _left_out(before: str, tag: str) -> str:
    if tag == "swapped":
        return "with the two sides of one operation exchanged"
    tree = ast.parse(before, mode="eval").body
    kind = type(tree.op) if isinstance(tree, ast.BinOp) else None
    if kind in (ast.Add, ast.Sub):
        return "with one term left out"
    return "with one power left out" if kind is ast.Pow else "with one factor left out"
