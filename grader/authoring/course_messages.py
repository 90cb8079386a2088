"""What an assignment says to students: the texts that its author wrote, read from where they stand.

Nothing is marked in the sources: titles, hints and misconceptions are values, and what tests say is read from their
text, an f-string as a message with placeholders. What a student gets anyway is `of_lesson`; `private` is the rest.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.catalogue import read_catalogue
from grader.course.pictures import read_pictures
from grader.course.suite_files import suite_files

__all__ = ["CourseMessage", "of_lesson", "private"]

_SAYING = ("fail", "mismatch", "Mismatch")
_SAID = ("summary", "told", "wrong")  # names that a suite gives to what it says below
_KINDS = ("said", "what", "n", "number", "name", "names", "shape", "quantities")  # narrower than any text
_PART = ("part_agrees",)  # functions whose first argument says which part of an answer is told of, as `part=` does
_ABOUT = "this is about "
_BEFORE = re.compile(r"(?:\{\w+\}|\w+): ")
_QUANTITY = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_]{2,})*")  # no name of a variable, as w2
_WORD = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class CourseMessage:
    """A text, and what a translator has to know of where it stands."""

    said: str
    where: str


def of_lesson(assignment: Assignment) -> Iterator[CourseMessage]:
    """Give what is handed out: titles, hints, what pictures are of, and what the visible tests say."""
    yield CourseMessage(assignment.title, "title")
    for exercise in assignment.exercises:
        yield CourseMessage(exercise.title, f"title of {exercise.name}")
        if exercise.hint:
            yield CourseMessage(exercise.hint, f"hint of {exercise.name}")
    for name, loop in read_pictures(assignment).items():
        yield from (CourseMessage(case.said, f"picture of {name}") for case in loop.cases)
        words = (quantity for quantity in loop.names if _QUANTITY.fullmatch(quantity))
        yield from (CourseMessage(word, f"picture of {name}") for word in words)
        yield from (CourseMessage(title, f"picture of {name}") for title in loop.views.values() if title)
    yield from _said_in(assignment.visible_tests)


def private(assignment: Assignment) -> Iterator[CourseMessage]:
    """Give what stays: titles of checks and what they say, and the explanations and names of misconceptions."""
    for path in suite_files(assignment.hidden_suite):
        yield from _titles_in(path)
        yield from _said_in(path)
    for item in read_catalogue(assignment):
        yield CourseMessage(item.explanation, f"{item.id} {item.exercise}")
    for item in read_catalogue(assignment):
        yield CourseMessage(item.name, f"name of {item.id} {item.exercise}")


def _titles_in(path: Path) -> Iterator[CourseMessage]:
    """Give the titles of checks, also those for own data and those that stand in a name of the module."""
    nodes = ast.parse(path.read_text("utf-8")).body
    assigned = [node for node in nodes if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)]
    named = {target.id: node.value for node in assigned for target in node.targets if isinstance(target, ast.Name)}
    for call in _calls(path, ("check",)):
        given = [*call.args[:2], *(keyword.value for keyword in call.keywords if keyword.arg == "own_title")]
        found = [named.get(item.id) if isinstance(item, ast.Name) else item for item in given]
        texts = [str(item.value) for item in found if isinstance(item, ast.Constant)]
        if len(texts) == len(given) > 1:
            yield from (CourseMessage(title, f"check of {texts[0]}") for title in texts[1:])
    for call in _calls(path, ("parametrize",)):  # whose ids stand in brackets behind a title
        lists = [keyword.value for keyword in call.keywords if keyword.arg == "ids"]
        for item in [item for found in lists if isinstance(found, ast.List) for item in found.elts]:
            if isinstance(item, ast.Constant) and " " in str(item.value):
                yield CourseMessage(str(item.value), "case of a check")


def _said_in(path: Path) -> Iterator[CourseMessage]:
    """Give the first line of whatever a test says when it fails; the name of the exercise before it is left out."""
    said = [call.args[0] for call in _calls(path, _SAYING) if call.args]
    tree = _tree(path.read_text("utf-8"))
    assigned, scopes = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)], _scopes(tree)
    said += [node.value for node in assigned if any(getattr(target, "id", "") in _SAID for target in node.targets)]
    for head in [text.partition("\n")[0] for node in said for text in _messages(node, scopes.get(id(node), {}))]:
        begin = _BEFORE.match(head)
        line = head[begin.end() :] if begin else head
        if " " in line and _WORD.search(re.sub(r"\{\w+\}", "", line)):
            yield CourseMessage(line, path.name)
    for inner in ast.walk(tree):
        text = _message(inner) if isinstance(inner, ast.JoinedStr) else ""
        if text.startswith(_ABOUT):  # a note before a hint, which is a message by itself
            yield CourseMessage(f"{text.partition('. ')[0].rstrip('.')}.", path.name)
    parts = [call.args[0] for call in _calls(path, _PART) if call.args]
    parts += [keyword.value for call in _calls(path) for keyword in call.keywords if keyword.arg == "part"]
    for label in sorted({_message(part) for part in parts}):
        if " " in label and _WORD.search(re.sub(r"\{\w+\}", "", label)):
            yield CourseMessage(f"{label}: {{said}}", path.name)


def _calls(path: Path, names: tuple[str, ...] = ()) -> Iterator[ast.Call]:
    """Give the calls of functions of these names, of all where there are none."""
    for node in ast.walk(_tree(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in names or not names:
                yield node


_tree = functools.lru_cache(maxsize=8)(ast.parse)  # the same nodes each time, which `_scopes` tells apart


def _scopes(tree: ast.Module) -> dict[int, dict[str, ast.IfExp]]:
    """Return for each node of a function the names that are one of two things there."""
    found: dict[int, dict[str, ast.IfExp]] = {}
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        chosen = {
            node.targets[0].id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.IfExp)
        }
        found |= {id(node): chosen for node in ast.walk(function)}
    return found


def _messages(node: ast.expr, chosen: Mapping[str, ast.IfExp]) -> Iterator[str]:
    """Give a message in all its forms: where a part is one of two texts, a form with each."""
    if not isinstance(node, ast.JoinedStr):
        yield _message(node)
        return
    forms: list[list[ast.expr]] = [[]]
    for part in node.values:
        forms = [[*form, *some] for form in forms for some in _either(part, chosen)]
    yield from dict.fromkeys(_message(ast.JoinedStr(values=form)) for form in forms)


def _either(part: ast.expr, chosen: Mapping[str, ast.IfExp]) -> Iterator[list[ast.expr]]:
    """Give what a part of an f-string may be: each text of `a if c else b`, and what is no text as a placeholder."""
    value = part.value if isinstance(part, ast.FormattedValue) else part
    value = chosen.get(value.id, value) if isinstance(value, ast.Name) else value
    texts = [value.body, value.orelse] if isinstance(value, ast.IfExp) else []
    for text in texts:
        if isinstance(text, ast.JoinedStr):
            yield text.values
        elif isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield [text]
        else:
            yield [part]
    if not texts:
        yield [part]


def _message(node: ast.expr) -> str:
    """Return a text, or an f-string as a message with placeholders; "" where it is made in another way."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    parts, taken = [], {""}
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
            continue
        assert isinstance(part, ast.FormattedValue)
        wanted = part.value.id if isinstance(part.value, ast.Name) else "text"
        stem = wanted if re.fullmatch("[a-z]+", wanted) and wanted not in _KINDS else "text"
        name = next(name for name in (stem, *(f"{stem}{number}" for number in range(2, 99))) if name not in taken)
        taken.add(name)
        parts.append(f"{{{name}}}")
    return "".join(parts)
