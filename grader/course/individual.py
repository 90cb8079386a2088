"""Data of one's own: `solutions/<name>/individual.py`, the secret behind it, and what a student's numbers are.

The author's file has `readings(chance)`, which draws what stands in a lesson as `name = torch.tensor([...])`, and
`numbers(reference, **readings)`, which computes what the lecture's numbers become: under each text of the lecture's,
as the visible tests write it, what stands there for these readings. The draw hangs on the secret of the course, the
assignment and the student alone, so that nothing has to be kept, and nothing can be guessed.
"""

from __future__ import annotations

import contextlib
import hmac
import importlib.util
import io
import re
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import ModuleType

import torch

from grader.course.assignment import Assignment, Course
from grader.course.lesson import CellKind, read_lesson, reference_source
from grader.course.secret import VARIABLE, read_secret
from grader.errors import CourseError
from grader.whole import write_whole

__all__ = ["Author", "Individual", "decimals_in", "floats_in", "new_secret", "read_author", "written_like"]

_NUMBER = re.compile(r"[-+]?\d+\.?\d*(?:[eE][-+]?\d+)?")
_LINE = r"^{name} = torch\.tensor\((?P<written>\[[^\]\n]*\])\)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Individual:
    """One student's data: the readings by name, and by each text of the lecture's what takes its place."""

    readings: Mapping[str, tuple[float, ...]]
    texts: Mapping[str, str]

    @property
    def numbers(self) -> dict[tuple[float, ...], tuple[float, ...]]:
        """The numbers that take the place of the lecture's, as they are written for the student."""
        return {floats_in(text): floats_in(own) for text, own in self.texts.items()}


def new_secret(course: Course) -> bytes:
    """Return the secret of the course; where there is none, make one that its owner alone can read.

    Raises CourseError where it can't be read or written.
    """
    found = read_secret(course)
    if found is not None:
        return found
    made = secrets.token_hex(32)
    try:
        write_whole(course.secret, f"{made}\n".encode(), mode=0o600)
    except OSError as error:
        raise CourseError(f"{course.secret}: {error.strerror}; or set {VARIABLE}") from error
    return made.encode()


class Author:
    """What the author wrote of an assignment's own data; the lecture's readings are those of the lesson."""

    def __init__(self, assignment: Assignment, module: ModuleType) -> None:
        """Take the loaded file. Raises CourseError where the lesson does not have what it draws."""
        self._assignment = assignment
        self._module = module
        self._reference: ModuleType | None = None
        self.written = self._in_lesson()

    def readings(self, secret: bytes, student: str) -> dict[str, tuple[float, ...]]:
        """Return the readings of the student of this key; raises CourseError where the author's function fails."""
        return self._drawn(secret, student)

    def individual(self, readings: Mapping[str, tuple[float, ...]]) -> Individual:
        """Return all that takes the place of the lecture's, computed by the reference.

        Raises CourseError where the author's function raises, or gives other numbers than their text has.
        """
        texts = {self.written[name]: written_like(self.written[name], values) for name, values in readings.items()}
        return Individual(readings=readings, texts={**texts, **self._numbers(readings)})

    @property
    def lectures(self) -> dict[str, tuple[float, ...]]:
        """The readings that stand in the lesson."""
        return {name: floats_in(text) for name, text in self.written.items()}

    def _drawn(self, secret: bytes, student: str) -> dict[str, tuple[float, ...]]:
        message = f"{self._assignment.name}\0{student}".encode()
        chance = Random(int.from_bytes(hmac.digest(secret, message, "sha256")))  # noqa: S311 - seeded by what is secret
        try:
            found = self._module.readings(chance)
            return {name: tuple(map(float, values)) for name, values in found.items()}
        except Exception as error:
            raise self._fault("readings", error) from error

    def _numbers(self, readings: Mapping[str, tuple[float, ...]]) -> dict[str, str]:
        reference = self._reference = self._reference or _loaded_reference(self._assignment)
        data = {name: torch.tensor(values, dtype=torch.float64) for name, values in readings.items()}
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                found = self._module.numbers(reference, **data)
            return {text: written_like(text, _flat(values)) for text, values in found.items()}
        except Exception as error:
            raise self._fault("numbers", error) from error

    def _fault(self, function: str, error: Exception) -> CourseError:
        return CourseError(f"{self._assignment.own_data}: {function} raises {type(error).__name__}: {error}")

    def _in_lesson(self) -> dict[str, str]:
        """Return how the lesson writes each reading that the author's function draws."""
        path = self._assignment.own_data
        code = [cell.text for cell in read_lesson(self._assignment) if cell.kind is CellKind.CODE]
        written: dict[str, str] = {}
        for name, values in self._drawn(b"", "").items():
            found = [
                match["written"] for text in code for match in re.finditer(_LINE.format(name=name), text, re.MULTILINE)
            ]
            if len(found) != 1 or len(floats_in(found[0])) != len(values):
                wanted = f"`{name} = torch.tensor([...])` with {len(values)} numbers"
                raise CourseError(f"{path}: it draws {name}, and {self._assignment.reference} has no one line {wanted}")
            written[name] = found[0]
        return written


def read_author(assignment: Assignment) -> Author | None:
    """Return what the author wrote of own data, None where there is no such file; raises CourseError.

    The file may import modules that lie in `solutions/` itself.
    """
    path = assignment.own_data
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location(f"individual_of_{assignment.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        with _importing_from(assignment.course.solutions):
            spec.loader.exec_module(module)
    except Exception as error:
        raise CourseError(f"{path} does not load: {type(error).__name__}: {error}") from error
    for needed in ("readings", "numbers"):
        if not callable(getattr(module, needed, None)):
            raise CourseError(f"{path}: it has no function {needed}; docs/authors.md says what it takes")
    return Author(assignment, module)


def written_like(text: str, values: Sequence[float]) -> str:
    """Return a text in which other numbers stand, each with as many decimals, and a power of ten where that has one.

    Raises ValueError where it has not as many numbers.
    """
    if len(_NUMBER.findall(text)) != len(values):
        raise ValueError(f"{text!r} has {len(_NUMBER.findall(text))} numbers, and there are {len(values)} for it")
    left = iter(values)
    return _NUMBER.sub(lambda found: _like(found[0], next(left)), text)


def floats_in(text: str) -> tuple[float, ...]:
    """Return the numbers of a text, in their order."""
    return tuple(float(number) for number in _NUMBER.findall(text))


def decimals_in(text: str) -> tuple[int, ...]:
    """Return how many decimals each number of a text has, fewer than none where a power of ten makes it large."""
    parts = [number.lower().partition("e") for number in _NUMBER.findall(text)]
    return tuple(len(mantissa.partition(".")[2]) - int(power or 0) for mantissa, _, power in parts)


def _like(written: str, value: float) -> str:
    mantissa, power, _ = written.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    if power:
        return f"{value:.{decimals}e}"
    shown = f"{value:.{decimals}f}"
    return shown.removeprefix("-") if not float(shown) else shown


def _flat(values: object) -> list[float]:
    if isinstance(values, torch.Tensor):
        return [float(value) for value in values.detach().flatten().tolist()]
    if isinstance(values, list | tuple):
        return [number for value in values for number in _flat(value)]
    return [float(values)]  # type: ignore[arg-type]  # anything else raises, and that is told


def _loaded_reference(assignment: Assignment) -> ModuleType:
    module = ModuleType(f"reference_of_{assignment.name}")
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(reference_source(assignment), f"{assignment.name}.py", "exec"), module.__dict__)  # noqa: S102
    return module


@contextlib.contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    """Let modules of this folder be imported, and leave none of them behind: another course may have its own."""
    path, before = list(sys.path), set(sys.modules)
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path[:] = path
        sys.dont_write_bytecode = writes
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).parent == folder:
                del sys.modules[name]
