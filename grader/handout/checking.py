"""`check("grad_fn")` in a notebook: run that exercise's visible tests on the function defined there.

Shows the result as HTML, and raises a one-line error where the exercise is not right, so that
nbgrader's Validate sees it. It grades nothing: the visible tests are the student's own.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.answers.characters import in_characters
from grader.answers.drawing import as_html
from grader.answers.pictures import Picture
from grader.errors import GraderError, UsageError
from grader.handout.visible_run import run_visible_tests
from grader.kit.folder import NotFoundHere, read_folder
from grader.kit.results import VisibleResult
from grader.kit.telling import called_by
from grader.kit.waiting import listed, waits_for
from grader.languages.choosing import DEFAULT, of_locale
from grader.languages.tongue import Tongue, speak

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["check"]

_GREEN, _RED, _GREY = "#1a7f37", "#cf222e", "#6e7781"


def check(exercise: str) -> None:
    """Check the function or class called `exercise` that this notebook defines, by its visible tests.

    Displays what they say. Raises NotImplementedError where it is not written yet, and AssertionError
    where it is not right. Needs the assignment's files beside the notebook, as they were handed out.
    """
    try:
        _check(exercise)
    except (GraderError, AssertionError, NotImplementedError) as error:
        line = f"{type(error).__name__}: {_tongue(Path.cwd())(str(error))}"
        error._render_traceback_ = lambda: [line]  # type: ignore[union-attr]
        raise


def _check(exercise: str) -> None:
    names, title, points, tests = _assignment(Path.cwd(), exercise)
    namespace = sys.modules["__main__"].__dict__
    if exercise not in namespace:
        text = f"there is no `{exercise}` here yet: run the cell that defines it"
        _display(_page(exercise, title, points, text, [], _RED))
        raise AssertionError(text)
    module = tests.stem.removeprefix("test_")
    results = run_visible_tests(tests, module, namespace, names, only=[exercise])
    wrong = [result for result in results if not result.passed]
    if not wrong:
        passed = "its visible test passes" if len(results) == 1 else f"all {len(results)} visible tests pass"
        _display(_page(exercise, title, points, passed, [], _GREEN))
    elif all(result.not_written == exercise for result in wrong):
        text = f"`{exercise}` is not written yet"
        _display(_page(exercise, title, points, "not written yet", [], _GREY))
        raise NotImplementedError(text)
    else:
        text = f"{len(wrong)} of {len(results)} visible tests fail"
        told, roots = _told(tests, namespace, names, exercise, wrong)
        picture = None if roots else _picture(tests.parent, exercise, namespace)
        _display(_page(exercise, title, points, text, [told], _RED, picture))
        raise AssertionError(f"`{exercise}` is not right yet: {text}")


def _assignment(folder: Path, exercise: str) -> tuple[tuple[str, ...], str, float, Path]:
    """Read the generated file of the assignment in this folder: its exercises, and this one's title and points."""
    try:
        found = read_folder(folder)
    except NotFoundHere as error:
        advice = (
            "keep the notebook in the folder that was handed out, with the other files beside it, and start it there"
        )
        raise UsageError(f"{error}: {advice}") from error
    if exercise not in found.points:
        raise UsageError(f"{found.name} has no exercise {exercise!r}; it has {', '.join(found.points)}")
    return found.exercises, found.titles[exercise], found.points[exercise], found.tests


def _display(page: dict[str, str]) -> None:
    """Show HTML where IPython runs, and text elsewhere."""
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        print(page["text/plain"])  # noqa: T201 - there is no other place
        return
    if get_ipython() is None:
        print(page["text/plain"])  # noqa: T201
    else:
        display(page, raw=True)  # type: ignore[no-untyped-call]  # IPython says no types here


def _picture(folder: Path, exercise: str, namespace: Mapping[str, object]) -> Picture | None:
    from grader.kit.picturing import picture_of  # it needs torch, as what it draws does

    return picture_of(folder, exercise, namespace)


def _page(
    exercise: str,
    title: str,
    points: float,
    said: str,
    shown: Sequence[str],
    colour: str,
    picture: Picture | None = None,
) -> dict[str, str]:
    say = _tongue(Path.cwd())
    worth = say(f"{points:g} point{'' if points == 1 else 's'}")
    title, said, shown = say(title), say(said), [say(text) for text in shown]
    picture = picture.told(say) if picture else None
    mark = {_GREEN: "\u2713", _RED: "\u2717", _GREY: "\u2013"}[colour]
    plain = [f"{mark} {exercise} ({title}, {worth}): {said}", *shown]
    plain += [in_characters(picture, tongue=say)] if picture else []
    drawn = as_html(picture, say) if picture else ""
    page = _template().render(
        colour=colour, mark=mark, exercise=exercise, title=title, worth=worth, said=said, shown=shown, drawn=drawn
    )
    return {"text/html": page, "text/plain": "\n".join(plain)}


@functools.cache
def _tongue(folder: Path) -> Tongue:
    """Return the language of the locale, with the texts of the assignment in this folder."""
    return speak(of_locale(os.environ) or DEFAULT, [folder / "_course" / "locale"])


def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(loader=PackageLoader("grader.handout"), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("check.html.j2")


def _told(
    tests: Path, namespace: dict[str, object], names: tuple[str, ...], exercise: str, wrong: Sequence[VisibleResult]
) -> tuple[str, list[str]]:
    """Return the one thing to say, and the wrong exercises that this one waits for: these, or else its first fault."""
    first = min(wrong, key=lambda result: result.drawn)
    calls = {name: called_by(namespace, name, names) for name in names}
    helpers = _reached(exercise, calls)
    if first.not_written or not helpers:
        return first.text, []
    results = run_visible_tests(tests, tests.stem.removeprefix("test_"), namespace, names, only=helpers)
    failing = {exercise, *(name for result in results if not result.passed for name in result.exercises)}
    roots = waits_for(exercise, [name for name in names if name in failing], calls)
    if not roots:
        return first.text, []
    text = f'{exercise}: waits for {listed(roots)}, which it calls: check("{roots[0]}") says what is wrong there'
    return text, roots


def _reached(exercise: str, calls: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the exercises that one calls, itself or through others."""
    found = [exercise]
    for name in found:
        found += [other for other in calls[name] if other not in found]
    return found[1:]
