"""What a grade depends on, apart from the submission: the files of an assignment and of the grader, and versions.

Stamps are cheap, and of this machine alone; digests are of contents, and last.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.secret import individual_files, read_secret
from grader.course.suite_files import suite_files
from grader.errors import CourseError
from grader.version import __version__

__all__ = [
    "Stamps",
    "State",
    "data_files",
    "digest_of",
    "entry_name",
    "grader_files",
    "grader_state",
    "parts_of",
    "stamps_of",
    "state_of",
    "versions",
    "whole_state_of",
]

_Read = Callable[[Path], bytes]
_PACKAGES = ("hypothesis", "numpy", "pytest", "torch")
Stamps = tuple[tuple[str, int, int, int], ...]
"""Of each file its path, inode, size in bytes, and the time of its last change in ns."""


def entry_name(assignment: Assignment) -> str:
    """Return whose entry it is: this course's, of this assignment."""
    place = hashlib.sha256(str(assignment.course.root).encode()).hexdigest()[:8]
    return f"{assignment.name}-{place}"


def stamps_of(assignment: Assignment) -> Stamps:
    """Return what changes when an author changes an assignment, so that no warm checker grades by the old one."""
    secret = [assignment.course.secret] if assignment.individual and assignment.course.secret.is_file() else []
    return _stamps([*_files(assignment), *secret])


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that an assignment's grades depend on: one digest, of this folder alone, and each thing by itself.

    `parts` has by name a digest or version, the same in any folder: the suite, the settings, the reference, what
    explains (catalogue, teaching examples, pictures), the grader, each package, Python and the machine.
    """

    digest: str
    parts: dict[str, str]


def whole_state_of(assignment: Assignment) -> State:
    """Return both, each file read once; raises OSError where one is gone."""
    files, own = _files(assignment), grader_files()
    read = {path: path.read_bytes() for path in {*files, *own}}.__getitem__
    packages = _packages()
    more = [*_versions(packages), *_machine(), *_secret(assignment)]
    return State(
        digest=digest_of([*files, *own], more, read=read),
        parts=_parts(assignment, files, own, packages, read),
    )


def state_of(assignment: Assignment) -> str:
    """Return a digest of all that an assignment's grades depend on; raises OSError where a file is gone."""
    return digest_of([*_files(assignment), *grader_files()], [*versions(), *_machine(), *_secret(assignment)])


def parts_of(assignment: Assignment) -> dict[str, str]:
    """Return the parts of an assignment's state; raises OSError where a file is gone."""
    return _parts(assignment, _files(assignment), grader_files(), _packages(), Path.read_bytes)


def _parts(
    assignment: Assignment, files: Iterable[Path], own: Iterable[Path], packages: Mapping[str, str], read: _Read
) -> dict[str, str]:
    root, toml = assignment.course.root, assignment.folder / "assignment.toml"
    kinds: dict[str, list[Path]] = {"suite": [], "settings": [], "reference": [], "explanations": []}
    individual = set(individual_files(assignment))
    for path in files:
        if path in individual:
            kinds.setdefault("individual", []).append(path)
            continue
        alone = "settings" if path == toml else "reference" if path == assignment.reference else "explanations"
        kinds[alone if path.is_relative_to(assignment.folder) else "suite"].append(path)
    return {
        **{kind: _relative(those, root, read) for kind, those in kinds.items()},
        "grader": f"{__version__} {_relative(own, Path(__file__).parents[1], read)}",
        **packages,
        "python": platform.python_version(),
        "machine": digest_of([], _machine())[:16],
    }


def _relative(files: Iterable[Path], root: Path, read: _Read) -> str:
    """Return a short digest of files by their place below a folder, wherever that is."""
    digest = hashlib.sha256()
    for path in sorted(files):
        data = read(path)
        digest.update(f"{os.path.relpath(path, root)} {len(data)}\n".encode() + data)
    return digest.hexdigest()[:16]


def grader_state() -> str:
    """Return a digest of the grader itself: two processes of the same one understand each other."""
    return digest_of(grader_files(), versions())


def grader_files() -> list[Path]:
    """Return the modules of the grader."""
    return [*Path(__file__).parents[1].rglob("*.py")]


def versions() -> list[str]:
    """Return the versions of Python and of what a grade depends on."""
    return _versions(_packages())


def _packages() -> dict[str, str]:
    return {name: _version(name) for name in _PACKAGES}


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:  # on a worker of a cluster; what needs it says so by itself
        return "none"


def _versions(packages: Mapping[str, str]) -> list[str]:
    return [*(f"{name} {version}" for name, version in packages.items()), sys.version]


def _machine() -> list[str]:
    """Return what rounding, and what confines, may hang on besides."""
    flags = ""
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        flags = next((line for line in file if line.startswith(("flags", "Features"))), "")
    return [platform.machine(), platform.release(), flags]


def digest_of(files: Iterable[Path], more: Sequence[str], *, read: _Read = Path.read_bytes) -> str:
    """Return a digest of the paths and contents of files, and of these texts; raises OSError."""
    digest = hashlib.sha256()
    for path in sorted(files):
        data = read(path)
        digest.update(f"{path} {len(data)}\n".encode() + data)
    digest.update("\n".join(more).encode())
    return digest.hexdigest()


def _secret(assignment: Assignment) -> list[str]:
    """Return a digest of the secret of individual data, which stands in no part: a report tells those."""
    try:
        secret = read_secret(assignment.course) if assignment.individual else None
    except CourseError:  # whoever grades says it
        return []
    return [] if secret is None else [hashlib.sha256(b"state" + secret).hexdigest()]


def _files(assignment: Assignment) -> list[Path]:
    """Return the files of an assignment and of its suite."""
    suite = assignment.hidden_suite
    beside = [*suite.parent.glob("*.py")]
    try:
        found = suite_files(suite)
    except CourseError:  # whoever collects the suite says it
        found = beside
    # Other suites' modules apart, anything may be read by this one.
    more = [path for folder in (assignment.folder, suite.parent) for path in folder.rglob("*") if path not in beside]
    return [path for path in {*found, *more, *individual_files(assignment)} if path.is_file() and not _is_debris(path)]


def data_files(assignment: Assignment) -> list[Path]:
    """Return what a suite may read beside its own modules: all that lies deeper, and what is no module.

    Of the assignment's own folder, that is what stands in it beside modules and settings.
    """
    suite = assignment.hidden_suite
    below = [path for path in suite.parent.rglob("*") if path.parent != suite.parent or path.suffix != ".py"]
    beside = [path for path in assignment.folder.iterdir() if path.suffix not in (".py", ".toml")]
    return [path for path in (*below, *beside) if path.is_file() and not _is_debris(path)]


def _is_debris(path: Path) -> bool:
    return path.name.startswith(".") or path.suffix == ".pyc" or path.name.endswith("~")


def _stamps(files: Iterable[Path]) -> Stamps:
    found = [(str(path), path.stat()) for path in files]
    return tuple(sorted((path, stat.st_ino, stat.st_size, stat.st_mtime_ns) for path, stat in found))
