"""Say how a student's work stands: what is done, one failure in plain words, and what comes next.

A student has this file as `_course/kit/reporting.py`. The words of a failure are those of the tests.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from .folder import Folder
from .hinting import STEPS, hint
from .screen import Screen
from .standing import Round, Standing, State
from .waiting import listed

__all__ = ["tell", "tell_one", "tell_right"]

_TABLE = 17  # letters before the names in the table of exercises
_HINT = "hint         "
_MOST_PRINTED = 6  # lines
_STATES = (
    ("not right yet", State.WRONG, "red"),
    ("waits", State.WAITING, ""),
    ("not tested", State.UNKNOWN, "dim"),
    ("not written yet", State.UNWRITTEN, "dim"),
)


def tell(screen: Screen, run: Round, *, command: str, steps: int = 0, ask: str = "", above: str = "") -> None:
    """Tell of a run as a whole, with so many steps of a hint; `ask` says how a hint is asked for.

    `above` is what a test said that stands on the page already, and is not told again.
    """
    if run.loaded is not None:
        screen.say(f"tested: {run.loaded.said}", hanging=2)
    if run.problem:
        screen.message(run.problem)
        if "is not installed" in run.problem:
            screen.say("Install what the tests need:", hanging=2)
            screen.say(f"{sys.executable} -m pip install torch pytest hypothesis", indent=2)
        return
    changed = run.loaded.changed if run.loaded is not None else ()
    current = run.current(changed)
    screen.say()
    _tell_table(screen, run, current)
    told = current.tested.text if current is not None and current.tested is not None else ""
    for lost in run.loaded.lost if run.loaded is not None else ():
        if lost not in told:
            screen.labelled("left out", lost, "yellow", room=_TABLE)
    if current is not None:
        if current.state is not State.UNWRITTEN and told != above:
            screen.say()
            tell_one(screen, current, hints=run.folder.hints)
        if steps:
            screen.say()
            _tell_hints(screen, run, current, steps)
    screen.say()
    _tell_next(screen, run, current, command=command, ask=_asking(command, run, steps, ask))


def _tell_table(screen: Screen, run: Round, current: Standing | None) -> None:
    """Say which exercises are done, which one is next, and how the others are."""
    standings = run.standings()
    right = [item.name for item in standings if item.state is State.RIGHT]
    if right or not run.only:
        share = ", all" if len(right) == len(standings) else f", {len(right)} of {len(standings)}"
        screen.labelled(
            f"done{'' if run.only else share}", ", ".join(right) or "none yet", "green" if right else "", room=_TABLE
        )
    if current is not None:
        screen.labelled(
            "next", f"{current.name}: {run.folder.titles[current.name]}{_so_far(current)}", "bold", room=_TABLE
        )
    for label, state, colour in _STATES:
        found = [item for item in standings if item.state is state and (current is None or item.name != current.name)]
        for waits in dict.fromkeys(tuple(item.waits) for item in found):  # once for all that wait for the same
            names = ", ".join(item.name for item in found if tuple(item.waits) == waits)
            screen.labelled(label, f"{names} (for {listed(waits)})" if waits else names, colour, room=_TABLE)


def _so_far(item: Standing) -> str:
    if item.state is not State.WRONG or item.tested is None or not item.tested.tests:
        return ""
    return f" ({item.tested.passed} of {item.tested.tests} tests pass so far)"


def tell_one(screen: Screen, item: Standing, *, hints: Mapping[str, str]) -> None:
    """Tell what is wrong with one exercise, and what its code printed in the test that fails."""
    assert item.tested is not None
    screen.message(_without_hint(item.tested.text, hints.get(item.name, "")))
    for number, line in enumerate(item.tested.printed.splitlines()[-_MOST_PRINTED:]):
        screen.labelled("" if number else "it printed", line, "dim")


def tell_right(screen: Screen, item: Standing) -> None:
    """Tell that an exercise which has changed is right, or as far as its quick tests see."""
    if item.state is State.RIGHT:
        screen.say(f"{item.name} is right.", "green")
    elif item.tested is not None and not item.tested.text:
        screen.say(f"{item.name}: {item.tested.passed} of {item.tested.tests} tests pass, the long ones come last.")


def _without_hint(text: str, common: str) -> str:
    """Return what a test says without the hint, which is given on request; what it says of this very call stays."""
    lines = []
    for line in text.splitlines():
        if line.startswith(_HINT):
            own = line.removeprefix(_HINT).removesuffix(common).strip()
            lines += [f"{'note':{len(_HINT)}}{own}"] if own else []
        else:
            lines.append(line)
    return "\n".join(lines)


def _tell_hints(screen: Screen, run: Round, item: Standing, steps: int) -> None:
    text = item.tested.text if item.tested is not None else ""
    file = run.loaded.file if run.loaded is not None else ""
    for step in range(1, min(steps, STEPS) + 1):
        for label, said in hint(run.folder, item.name, file, text, step=step, unwritten=item.state is State.UNWRITTEN):
            screen.labelled(label, said, "yellow")


def _asking(command: str, run: Round, steps: int, ask: str) -> str:
    """Say how the next step of a hint is asked for, or ""."""
    if steps >= STEPS:
        return ""
    name = f" {run.only}" if run.only else ""
    typed = f"{command}{name}" + " --hint" * (steps + 1)
    return f"{'A further hint' if steps else 'A hint'}: {ask or typed}"


def _tell_next(screen: Screen, run: Round, current: Standing | None, *, command: str, ask: str) -> None:
    if current is not None:
        do = f"write `{current.name}` in " if current.state is State.UNWRITTEN else f"put `{current.name}` right in "
        file = run.loaded.file if run.loaded is not None else f"{run.folder.name}.py"
        screen.say(f"Next: {do}{file}.", hanging=6)
        if ask:
            screen.say(ask, hanging=2)
    elif run.right and run.only:
        screen.say(f"{run.only} is right. Next: {command} tests all exercises.", hanging=6)
    elif run.right:
        screen.say(f"All exercises of {run.folder.name} are right, as far as these tests see.", "bold", hanging=2)
        screen.say("The points come from further tests on other data.", hanging=2)
        screen.say(_after(run.folder), hanging=6)


def _after(folder: Folder) -> str:
    """Say what comes after the last exercise."""
    if not folder.next:
        return "It was the last assignment."
    place = folder.path.parent / folder.next
    where = f", in the folder {folder.next} beside this one" if (place / "exercises.py").is_file() else ""
    return f"Next: the assignment {folder.next}{where}."
