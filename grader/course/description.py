"""What `assignment.toml` may say: its keys and their types, and what to tell an author of one that does not fit.

Whether the values fit one another is for `grader.course.reading` to say.
"""

from __future__ import annotations

import difflib
import re
from typing import Annotated, get_type_hints

import msgspec

from grader.course.assignment import FeedbackLevel, FollowThrough, Limits, Positive, says
from grader.course.toml import Steps, TomlFile
from grader.errors import CourseError

__all__ = ["Description", "ExerciseTable", "read_description"]

_Names = tuple[str, ...]


class ExerciseTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table `[[exercise]]`; None where the assignment's own value holds."""

    name: Annotated[str, says("the function or class that a student writes")]
    points: Annotated[Positive, says("what it is worth, in whole cents")]
    title: Annotated[str | None, says("what a student reads beside the name; without it, the name")] = None
    hint: Annotated[str, says("what a student reads on request")] = ""
    uses: Annotated[_Names, says("the exercises that it calls: follow-through hangs on it")] = ()
    not_allowed: Annotated[_Names, says("further tools that are not there for this exercise")] = ()
    gradients: Annotated[bool | None, says("whether autograd is there; without it, as for the assignment")] = None
    call_seconds: Annotated[Positive | None, says("in place of that of `[limits]`")] = None
    exercise_seconds: Annotated[Positive | None, says("in place of that of `[limits]`")] = None


class _Tools(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is there where work is graded, and what is not."""

    not_allowed: Annotated[
        _Names,
        says(
            "tools that are not there where an exercise is judged: `torch.autograd`, `torch.func`, `torch.optim`, "
            "`torch.Tensor.backward`"
        ),
    ] = ()
    gradients: Annotated[bool, says("`false` takes autograd away, too")] = True
    stand_ins: Annotated[
        _Names, says("modules that do nothing where work is graded, beside those of the grader's own table")
    ] = ()


class _Told(_Tools, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a student is given and told; `feedback_every` is a time such as "6h"."""

    feedback: Annotated[
        FeedbackLevel, says("of hidden checks a student reads the points only, a word of what is wrong, or everything")
    ] = FeedbackLevel.HINT
    attempts: Annotated[int | None, says("how often a student is told of hidden checks; without it, always")] = None
    feedback_every: Annotated[str | None, says('how long until a student is told again, as "30m", "6h" or "2d"')] = None
    language: Annotated[
        str, says('what students read in nbgrader, in channels and of `grader grade`, as "ko"; without it, English')
    ] = ""
    individual: Annotated[
        bool, says("`true` gives each student other data, by `grader release --for`; it needs `individual.py`")
    ] = False


class Description(_Told, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file; `points` is the sum that the author wrote down."""

    title: Annotated[str | None, says("the title that students read; without it, the name")] = None
    points: Annotated[float | None, says("the sum of the exercises' points, which is compared")] = None
    next: Annotated[str, says("the assignment that students go on to")] = ""
    given: Annotated[
        _Names, says("functions that stand finished in the stub; a submission that lacks them gets them")
    ] = ()
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**32), says("which data the hidden suite draws by `chance`")] = 0
    follow_through: Annotated[
        FollowThrough,
        says("whether an exercise is judged with right helpers where its own are wrong, or only where they were tried"),
    ] = FollowThrough.FULL
    limits: Limits = Limits()
    exercise: tuple[ExerciseTable, ...] = ()


# What msgspec says: "Expected `float | null`, got `str` - at `$.exercise[0].points`".
_SAID = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<place>[^`]*)`)?", re.DOTALL)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_EXPECTED = re.compile(r"Expected `(\w+)[^`]*`, got")
_RANGE = re.compile(r"Expected `\w+[^`]*` (?:>=?|<=) ")
_KINDS = {
    "str": "a str",
    "int": "an int",
    "float": "a float",
    "bool": "a bool",
    "list": "a list",
    "dict": "a table",
    "object": "a table",
}
_LISTS = {"exercise": "a list of tables, each behind its own [[exercise]]"}  # all others are of names
_TABLES: dict[str | int, tuple[type[msgspec.Struct], str]] = {
    "": (Description, ""),
    "limits": (Limits, " in [limits]"),
    "exercise": (ExerciseTable, " in [[exercise]]"),
}


def read_description(file: TomlFile) -> Description:
    """Return what the file says; raises CourseError for a key that means nothing, or a value of a wrong type."""
    try:
        return msgspec.convert(file.table, Description)
    except msgspec.ValidationError as error:
        found = _SAID.fullmatch(str(error))
        assert found is not None
        steps = tuple(key or int(number) for key, number in _STEP.findall(found["place"] or ""))
        raise _mistake(file, found["what"], steps) from error


def _mistake(file: TomlFile, said: str, steps: Steps) -> CourseError:
    """Return what msgspec said of the value at these steps, in the words of an author."""
    if "unknown field" in said:
        return _unknown(file, steps)
    if "missing required field" in said:
        key = said.split("`")[1]
        kind = "a str" if key == "name" else "a float"
        return file.wrong(f"{_name_of(file, (*steps, key))} is missing; it has to be {kind}", *steps)
    value = file.value(steps)
    if steps[0] == "exercise" and len(steps) == 2:
        return file.wrong(f"exercise holds {value!r}; each one is a table [[exercise]]", *steps)
    if isinstance(steps[-1], int):
        steps = steps[:-1]
        text = f"{_name_of(file, steps)} = {file.value(steps)!r}; it has to be a list of names"
        return file.wrong(text, *steps)
    return file.wrong(f"{_name_of(file, steps)} = {value!r}{_fault(said, str(steps[-1]), value)}", *steps)


def _unknown(file: TomlFile, steps: Steps) -> CourseError:
    table = file.value(steps)
    assert isinstance(table, dict)
    kind, place = _TABLES[steps[0] if steps else ""]
    known = kind.__struct_fields__
    unknown = [key for key in table if key not in known]
    if not steps and "order" in unknown:
        return file.wrong("order is no longer read, since assignments are listed by name; delete it", "order")
    near = [name for key in unknown for name in difflib.get_close_matches(key, known, 1)]
    asked = f"did you mean {', '.join(near)}?" if near else "is it misspelt?"
    return file.wrong(f"unknown key {', '.join(unknown)}{place}; {asked}", *steps, unknown[0])


def _fault(said: str, key: str, value: object) -> str:
    """Return what is wrong with the value of a key, and what it has to be."""
    if said.startswith("Invalid enum value"):
        return f"; it is one of {', '.join(get_type_hints(Description)[key])}"
    expected = _EXPECTED.match(said)
    if expected is None:
        return "; it has to be more than 0, and finite" if _RANGE.match(said) else f"; {said}"
    found = type(value).__name__
    wanted = _LISTS.get(key, "a list of names") if expected[1] == "array" else _KINDS.get(expected[1], expected[1])
    return f" is {_KINDS.get(found, f'a {found}')}; it has to be {wanted}"


def _name_of(file: TomlFile, steps: Steps) -> str:
    """Return what to call the value at these steps: limits.call_seconds, or f: points for those of exercise f."""
    if steps[0] != "exercise" or len(steps) == 1:
        return ".".join(map(str, steps))
    table = file.value(steps[:2])
    name = table.get("name") if isinstance(table, dict) else None
    return f"{name}: {steps[-1]}" if isinstance(name, str) and steps[-1] != "name" else str(steps[-1])
