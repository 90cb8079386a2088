"""Read a student's repository without a checkout: list the sources of a commit, and write those into a folder.

Everything in it is hostile. Only `git` reads it, by object names and never by what a student named; no
filter, hook, link or submodule comes into play, and listing stops at a limit.
"""

from __future__ import annotations

import errno
import os
import re
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import GraderError, Unreadable, UsageError
from grader.submissions.files import MAX_ARCHIVE_BYTES, MAX_ENTRIES, MAX_SOURCE_BYTES
from grader.submissions.names import is_source
from grader.submissions.sources import MAX_FILES

__all__ = ["SECONDS_TO_LIST", "Blob", "Repository", "blob_of"]

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LINK, _FILES = "120000", ("100644", "100755")
_SECONDS = 120
SECONDS_TO_LIST = 15.0
_BAD_NAMES = frozenset({errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.EILSEQ})


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A file of a commit: its path, the name of its content, its size in bytes, and whether it is a link."""

    path: str
    id: str
    size: int
    link: bool


class Repository:
    """A bare repository on this machine."""

    def __init__(self, folder: Path) -> None:
        """Open it; raises UsageError where it is no bare repository."""
        self.folder = folder.resolve()
        try:
            bare = self._git("rev-parse", "--is-bare-repository").strip()
        except (OSError, subprocess.SubprocessError) as error:
            raise UsageError(f"{folder}: no bare git repository there, or git is not installed") from error
        if bare != b"true":
            raise UsageError(f"{folder} is no bare repository; students push to one that `git init --bare` makes")

    def setting(self, key: str) -> str:
        """Return a setting that holds for the repository, or ""."""
        try:
            return self._git("config", "--get", key).decode("utf-8", "replace").rstrip("\n")
        except subprocess.CalledProcessError:
            return ""

    def set(self, key: str, value: str) -> None:
        """Write a setting into the repository's own configuration."""
        self._git("config", "--local", key, value)

    def head(self) -> bytes:
        """Return the full name of the branch that is the repository's default, or b""."""
        try:
            return self._git("symbolic-ref", "--quiet", "HEAD").strip()
        except subprocess.CalledProcessError:
            return b""

    def sources(self, commit: str, looked_at: Callable[[str], bool] = is_source) -> list[Blob]:
        """Return the files of a commit that are `looked_at` by their names; raises Unreadable.

        A tree may name itself a million times over, with files in it or without, so that time and sources are limited.
        """
        found: list[Blob] = []
        command = self._command("ls-tree", "-r", "-z", "-l", "--full-tree", _checked(commit))
        for line in _lines_of(command):
            blob = blob_of(line)
            if blob is not None and looked_at(blob.path):
                found.append(blob)
            if len(found) > MAX_ENTRIES:
                raise Unreadable(f"more than {MAX_ENTRIES} modules and notebooks in it")
        return sorted(found, key=lambda blob: blob.path)

    def write(self, blobs: Sequence[Blob], folder: Path) -> None:
        """Write files below a folder; raises Unreadable where a path can't be a file's, or they are too many.

        A file that is too large to be judged is written with its size and no content, and a link as one that
        leads nowhere: whoever reads them says why they are refused. Raises GraderError where that is not the student's
        fault.
        """
        size = sum(blob.size for blob in blobs if blob.size <= MAX_SOURCE_BYTES)
        if len(blobs) > MAX_FILES or size > MAX_ARCHIVE_BYTES:
            raise Unreadable(f"{len(blobs)} files in it could be the submission, of {size} bytes; hand in one")
        for blob in blobs:
            path = folder.joinpath(*PurePosixPath(blob.path).parts)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                if blob.link:
                    path.symlink_to("/dev/null/a-link-in-the-repository")
                elif blob.size > MAX_SOURCE_BYTES:
                    with path.open("xb") as file:
                        file.truncate(blob.size)
                else:
                    with path.open("xb") as file:  # of one name there may be two, and the first a link
                        file.write(self._git("cat-file", "blob", _checked(blob.id)))
            except subprocess.SubprocessError as error:
                raise GraderError(f"{blob.path} can't be read: git says that it is missing or damaged") from error
            except ValueError as error:
                raise Unreadable(f"{blob.path}: no file can have this name here: {error}") from error
            except OSError as error:
                if error.errno not in _BAD_NAMES:  # a full disk is not the student's fault
                    raise GraderError(f"{blob.path} can't be written: {error.strerror}") from error
                raise Unreadable(f"{blob.path}: no file can have this name here: {error.strerror}") from error

    def _git(self, *arguments: str) -> bytes:
        done = subprocess.run(
            self._command(*arguments), capture_output=True, check=True, timeout=_SECONDS, env=_environment()
        )
        return done.stdout

    def _command(self, *arguments: str) -> list[str]:
        return ["git", f"--git-dir={self.folder}", *arguments]


def _checked(name: str) -> str:
    """Return an object's name if it is one: a ref could be an option, or a path."""
    if not _ID.fullmatch(name):
        raise Unreadable(f"{name!r} is no commit")
    return name


def _environment() -> dict[str, str]:
    """Return an environment without the variables that tell git what else to read."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def blob_of(line: bytes) -> Blob | None:
    """Read `mode type id size<TAB>path` of `git ls-tree`; None for what is no file, or leads out of the folder."""
    head, _, name = line.partition(b"\t")
    fields = head.decode("ascii", "replace").split()
    path = name.decode("utf-8", "surrogateescape")
    if len(fields) != 4 or fields[0] not in (*_FILES, _LINK) or not fields[3].isdigit():
        return None
    if path.startswith("/") or any(part in ("", ".", "..") for part in path.split("/")):
        return None
    return Blob(path=path, id=fields[2], size=int(fields[3]), link=fields[0] == _LINK)


def _lines_of(command: list[str]) -> Iterator[bytes]:
    """Yield the NUL-ended lines of a command's output as they come; raises Unreadable where it fails or takes long."""
    end = time.monotonic() + SECONDS_TO_LIST
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()) as process:
        assert process.stdout is not None
        try:
            rest = b""
            while True:
                if not select.select([process.stdout], [], [], max(0.0, end - time.monotonic()))[0]:
                    raise Unreadable(f"its files could not be listed within {SECONDS_TO_LIST:g} s")
                chunk = os.read(process.stdout.fileno(), 2**16)
                if not chunk:
                    break
                *whole, rest = (rest + chunk).split(b"\0")
                yield from whole
                if len(rest) > 2**16:
                    raise Unreadable("a file's name in it is too long")
            if process.wait(_SECONDS) != 0:
                raise Unreadable("its files can't be listed: git says that a part of it is missing or damaged")
        finally:
            process.kill()
            process.wait()
