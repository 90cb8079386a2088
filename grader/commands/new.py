"""`grader new`: begin an assignment."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import click

from grader.commands.course_option import course_option
from grader.errors import UsageError

__all__ = ["new"]

_WHAT = {
    "assignment.toml": "title, points, what uses what",
    "teaching.py": "small calls that are shown where an exercise fails",
    "misconceptions.py": "wrong variants, named and explained",
    "alternatives.py": "right submissions in other styles",
    "equivalent.toml": "changes of the reference that are right as well",
}


@click.command(short_help="Begin an assignment.")
@click.argument("name")
@course_option
def new(name: str, *, course: Path | None) -> None:
    """Write a small assignment that works, NAME, for you to change: each TODO says what.

    In a course, or in an empty folder, which becomes one. It is released to assignments/ as well, so `grader verify`
    holds at once. No file that is there is changed.
    """
    from grader.authoring.scaffold import begin, place_of

    if importlib.util.find_spec("nbformat") is None:
        raise UsageError("nbformat is not installed here; install it with: pip install 'chainrule[author]'")
    root = place_of(course)
    paths = begin(root, name)
    from grader.course.reading import find_course
    from grader.handout.release import write

    write(find_course(root), name)
    what = {
        **_WHAT,
        f"{name}.py": "the lesson, and the reference in it",
        f"test_{name}.py": "the visible tests, which students get",
    }
    hidden = "the hidden suite, which gives the points"
    lines = {
        path.relative_to(root).as_posix(): hidden if path.parent.name == "hidden" else what[path.name] for path in paths
    }
    lines[f"assignments/{name}/"] = "what students get, made of these by `grader release`"
    if root != Path.cwd():
        click.echo(f"in {root}:")
    width = max(map(len, lines))
    for file, said in lines.items():
        click.echo(f"{file:{width}}  {said}")
    click.echo(f"\nProve it with `grader verify {name}`; then change it, where it says TODO.")
