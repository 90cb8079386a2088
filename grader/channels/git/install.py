"""Put the hook into a bare repository: the script that git runs, and the settings that it reads.

Run by the instructor. What is wrong with the course or the repository is said here, and not to a student.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

from grader.channels.git.place import Place
from grader.channels.git.repository import Repository
from grader.course.assignment import Course
from grader.course.reading import load_assignment
from grader.errors import UsageError
from grader.report.attempts import Ledger
from grader.whole import write_whole

__all__ = ["install"]

_MARK = "written by `grader hook install`"
_SCRIPT = """\
#!/bin/sh
# This file is {mark}, and written anew by it.
# -i and -I: nothing in the environment of who pushes says what runs here, or how.
exec env -i PATH={path}{runtime} {command}
"""


def install(folder: Path, course: Course, *, state: Path | None, student: str | None) -> list[str]:
    """Put the hook into a bare repository and its settings into the repository's configuration; say what was done.

    Raises UsageError where there is no bare repository, or another hook.
    """
    repository = Repository(folder)
    for name in course.names:
        load_assignment(course, name)  # what is wrong with the course is said now, and not to a student
    name = student or repository.folder.name.removesuffix(".git")
    if not re.fullmatch(r"[\w.@+-]{1,100}", name) or name.startswith("."):
        raise UsageError(f"--student {name!r}: write a name of letters, digits and . _ - @ +")
    elsewhere = repository.setting("core.hooksPath")
    if elsewhere:
        raise UsageError(f"git looks for the hooks of {repository.folder} in {elsewhere} (core.hooksPath); unset that")
    path = repository.folder / "hooks" / "post-receive"
    words = [sys.executable, "-I", "-X", "utf8", "-m", "grader", "hook", "run", str(repository.folder)]
    command = " ".join(map(shlex.quote, words))
    if path.is_dir() or (path.exists() and _MARK not in path.read_text("utf-8", "replace")):
        raise UsageError(f"{path} is not of this hook; call `{command}` in it, with the same standard input")
    place = Place(state=(state or repository.folder / "grader").resolve(), student=name)
    before = os.umask(0o077)
    try:
        place.results.mkdir(parents=True, exist_ok=True)
        owner = place.results / "repository"
        mine = f"{repository.folder}\n".encode("utf-8", "surrogateescape")
        if owner.exists() and owner.read_bytes() != mine:
            raise UsageError(f"{owner} names another repository; say --student NAME, or remove that file")
        write_whole(owner, mine, mode=0o600)
        Ledger(place.attempts)
        path.parent.mkdir(exist_ok=True)
        path_word = shlex.quote(_search_path())
        text = _SCRIPT.format(mark=_MARK, path=path_word, runtime=_runtime(), command=command)
        # git runs it as the user who receives pushes
        write_whole(path, text.encode("utf-8", "surrogateescape"), mode=0o700)
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error
    finally:
        os.umask(before)
    for key, value in (("course", str(course.root)), ("state", str(place.state)), ("student", name)):
        repository.set(f"grader.{key}", value)
    said = [f"wrote {path}", f"results of {name} go to {place.results}"]
    if place.state.stat().st_mode & 0o077:
        said.append(f"others may look into {place.state}; `chmod 700` keeps even the names of students from them")
    return said


def _runtime() -> str:
    """Return where a `grader serve` of this environment would have its socket, if not where everybody looks."""
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    usual = ("", f"/run/user/{os.getuid()}")
    return "" if folder in usual else f" XDG_RUNTIME_DIR={shlex.quote(folder)}"


def _search_path() -> str:
    """Return where git is found without the environment of who pushes."""
    folders = [os.path.dirname(shutil.which("git") or ""), "/usr/local/bin", "/usr/bin", "/bin"]
    return ":".join(dict.fromkeys(folder for folder in folders if folder))
