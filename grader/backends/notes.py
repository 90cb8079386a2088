"""What was left out of a submission and why: notes for its report, and a loss for each name that is missing by it.

What a worker tells of it is data of any kind, since student code may speak for the worker: types are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from grader.backends.analysis import Analysis
from grader.backends.protocol import Loss
from grader.outcomes import Status

__all__ = ["Notes", "Raised", "raised_in"]

_MOST_LINES = 20
_NO_MODULE = re.compile(r"No module named '(?P<module>[\w.]{1,100})'.{0,100}")
_LONGEST = 300  # characters of what a statement raised
_LONGEST_NAME = 40
_MOST_ON_NAMES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What a statement raised while it was loaded; `missing` is the name that was not defined, or ""."""

    statement: int
    raised: str
    message: str
    missing: str

    @property
    def text(self) -> str:
        """Say it in words."""
        absent = _NO_MODULE.fullmatch(self.message) if self.raised == ModuleNotFoundError.__name__ else None
        if absent is not None:
            return f"{absent['module']} is not there when this is graded, and what uses it is lost"
        return f"{self.raised}: {self.message}"[:_LONGEST]


def raised_in(answer: Mapping[object, object]) -> Iterator[Raised]:
    """Yield what the statements raised, of a runtime's answer to `load`."""
    notes = answer.get("notes")
    for note in notes if isinstance(notes, list) else []:
        if isinstance(note, dict) and isinstance(note.get("statement"), int):
            raised, message, missing = (_text(note.get(key)) for key in ("raised", "message", "missing"))
            yield Raised(statement=note["statement"], raised=raised, message=message, missing=missing)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _on_names(analysis: Analysis) -> list[str]:
    """Return a line for each exercise whose arguments have other names than the stub's, or stand in another order."""
    lines: list[str] = []
    for name, pairs in analysis.renamed.items():
        if name not in analysis.attempted or not pairs:
            continue
        own, ours = _listed(one for one, _ in pairs), _listed(our for _, our in pairs)
        if {one for one, _ in pairs} == {our for _, our in pairs}:
            lines.append(
                f"`{name}` has the arguments {own} where the stub has {ours}: they are handed over by position"
            )
        else:
            what = "argument" if len(pairs) == 1 else "arguments"
            lines.append(f"`{name}` calls its {what} {own} where the stub says {ours}: that costs nothing")
    if len(lines) > _MOST_ON_NAMES:
        lines[_MOST_ON_NAMES - 1 :] = [
            f"{len(lines) - _MOST_ON_NAMES + 1} more exercises have other names than the stub's"
        ]
    return lines


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..." for name in names)


class Notes:
    """The notes of one submission, and its losses by name; `unloadable` is why none of its names is there."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._of_file = _on_names(analysis)
        self._left_out: dict[int, str] = {}
        self._needing: dict[str, int] = {}
        self._is_loaded = False
        self.losses: dict[str, Loss] = {}
        self.unloadable: Loss | None = None
        for index, error in enumerate(analysis.errors):
            if error:
                self.lose(index, Status.CRASHED, error)

    @property
    def lines(self) -> list[str]:
        """What there is to say of the file, then what was left out of it and why, in its own order."""
        lines = [self._line(index) for index in sorted(self._left_out)]
        if len(lines) > _MOST_LINES:
            lines[_MOST_LINES:] = [f"and {len(lines) - _MOST_LINES} more notes of this kind"]
        return [*self._of_file, *lines]

    def say(self, *lines: str) -> None:
        """Add what is to be said of the file as a whole."""
        self._of_file += lines

    def say_of_load(self, line: str) -> None:
        """Add what is to be said of how the file was loaded."""
        if not self._is_loaded:
            self.say(line)

    def loaded(self) -> None:
        """Say nothing of later loads: they only lose names."""
        self._is_loaded = True

    def lose(self, index: int, status: Status, why: str) -> None:
        """Note a statement that is no Python, or ended its worker."""
        if not self._is_loaded:
            self._left_out[index] = why
        self._lose_names(index, status, why)

    def lose_raised(self, found: Raised) -> None:
        """Note a statement that raised, unless that follows from what is known: a stub, or a name that was lost."""
        if found.raised == NotImplementedError.__name__:  # a stub is called, as a notebook's demonstrations do
            pass
        elif found.missing in self.losses:  # said already, where that name was lost
            self._needing[found.missing] = self._needing.get(found.missing, 0) + 1
        else:
            self._left_out[found.statement] = found.text
        self._lose_names(found.statement, Status.CRASHED, found.text)

    def _lose_names(self, index: int, status: Status, why: str) -> None:
        for name in self._analysis.names[index]:
            self.losses[name] = Loss(status=status, text=f"{self._analysis.where[index]}: {why}")

    def _line(self, index: int) -> str:
        needing = sum(self._needing.get(name, 0) for name in self._analysis.names[index])
        later = f", with {needing} later statements that need it" if needing > 1 else ""
        later = ", with one later statement that needs it" if needing == 1 else later
        return f"left out {self._analysis.where[index]}{later}: {self._left_out[index]}"
