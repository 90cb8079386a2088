"""The keys of `assignment.toml` as a table for authors: made of what the reader of the file accepts, so never stale."""

from __future__ import annotations

from collections.abc import Iterator
from enum import EnumMeta

import msgspec
from msgspec import inspect

from grader.course.assignment import Limits
from grader.course.description import Description, ExerciseTable

__all__ = ["keys_as_markdown"]

_TABLES: tuple[tuple[str, type[msgspec.Struct]], ...] = (
    ("At the top", Description),
    ("In each `[[exercise]]`", ExerciseTable),
    ("In `[limits]`", Limits),
)
_ELSEWHERE = ("limits", "exercise")  # tables of their own
_WORDS = {
    inspect.StrType: "text",
    inspect.BoolType: "`true` or `false`",
    inspect.FloatType: "a number",
    inspect.IntType: "a whole number",
    inspect.VarTupleType: "a list of names",
}


def keys_as_markdown() -> str:
    """Return a table for each place where keys stand: what a key takes, what holds without it, and what it says."""
    parts = []
    for heading, kind in _TABLES:
        rows = "\n".join(f"| {' | '.join(row)} |" for row in _rows(kind))
        parts.append(f"**{heading}**\n\n| key | takes | without it | says |\n|---|---|---|---|\n{rows}\n")
    return "\n".join(parts)


def _rows(kind: type[msgspec.Struct]) -> Iterator[tuple[str, str, str, str]]:
    found = inspect.type_info(kind)
    assert isinstance(found, inspect.StructType)
    for field in found.fields:
        if field.name not in _ELSEWHERE:
            takes, said = _takes(field.type)
            yield f"`{field.name}`", takes, "**needed**" if field.required else _default(field.default), said


def _takes(kind: inspect.Type) -> tuple[str, str]:
    """Return what a value has to be, in words, and what is said of it."""
    said = ""
    while isinstance(kind, inspect.Metadata):
        said = said or (kind.extra_json_schema or {}).get("description", "")
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        (kind,) = [item for item in kind.types if not isinstance(item, inspect.NoneType)]
        takes, inner = _takes(kind)
        return takes, said or inner
    if isinstance(kind, inspect.EnumType):
        assert isinstance(kind.cls, EnumMeta)
        return " or ".join(f'`"{item.value}"`' for item in kind.cls), said
    return _WORDS[type(kind)] + _range(kind), said


def _range(kind: inspect.Type) -> str:
    if not isinstance(kind, inspect.IntType | inspect.FloatType):
        return ""
    if kind.gt is not None:
        return f" above {kind.gt:g}"
    return (
        f" from {kind.ge:g} on" + (f", below {kind.lt}" if kind.lt is not None else "") if kind.ge is not None else ""
    )


def _default(value: object) -> str:
    match value:
        case None | () | "":
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f'`"{value}"`'
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"
