"""Make from the installed package what installs it elsewhere: its wheel, and the versions of all that it needs.

Reads the files of the imported package and its metadata, by allow-list, and needs no network and no checkout:
an editable install and a plain one give the same bytes. It holds nothing of a course, since the package does not.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import grader
from grader import version
from grader.errors import GraderError
from grader.packaging.archive import pack

__all__ = ["build_wheel", "pinned_versions"]

_NAME = "chainrule"
_TEMPLATES = (".json", ".j2")
# The wheel is for Linux, wherever it is made.
_LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}


def build_wheel() -> tuple[str, bytes]:
    """Return the wheel of the installed package: its file name, and its bytes, the same each time (PEP 427).

    Raises GraderError where the package is not installed, or is not the one that runs.
    """
    found = _installed()
    stem = f"{_NAME}-{found.version}"
    files = {**_package_files(), **_metadata_files(found, f"{stem}.dist-info")}
    record = f"{stem}.dist-info/RECORD"
    lines = [f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in sorted(files.items())]
    files[record] = "".join([*lines, f"{record},,\n"]).encode()
    return f"{stem}-py3-none-any.whl", pack(files, last=record)


def pinned_versions() -> list[str]:
    """Return a constraint for every package that chainrule needs on Linux, sorted, as it is installed here.

    A local version such as +cpu names one index's build, and is left out. What is not installed here is left open.
    """
    pending: list[tuple[str, frozenset[str]]] = [(_NAME, frozenset())]
    seen: dict[str, frozenset[str]] = {}
    versions: dict[str, str] = {}
    while pending:
        name, extras = pending.pop()
        if name in seen and extras <= seen[name]:
            continue
        seen[name] = seen.get(name, frozenset()) | extras
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        versions[name] = Version(found.version).public
        pending += [
            (canonicalize_name(need.name), frozenset(need.extras))
            for need in map(Requirement, _requirements(found))
            if need.marker is None or any(need.marker.evaluate({**_LINUX, "extra": extra}) for extra in ("", *extras))
        ]
    del versions[_NAME]
    return [f"{name}=={version}" for name, version in sorted(versions.items())]


def _installed() -> importlib.metadata.Distribution:
    try:
        found = importlib.metadata.distribution(_NAME)
    except importlib.metadata.PackageNotFoundError as error:
        raise GraderError(f"{_NAME} is not installed, only on the path; run `pip install .` in its folder") from error
    if found.version != version.__version__:
        text = f"{_NAME} {found.version} is installed, but {version.__version__} runs"
        raise GraderError(f"{text}; run `pip install .` in its folder again")
    return found


def _package_files() -> dict[str, bytes]:
    folder = Path(grader.__file__).parent
    kept: dict[str, bytes] = {}
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        template = "templates" in inside.parts and path.suffix in _TEMPLATES
        if path.is_file() and not path.is_symlink() and (path.suffix == ".py" or path.name == "py.typed" or template):
            kept[f"grader/{inside.as_posix()}"] = path.read_bytes()
    return kept


def _metadata_files(found: importlib.metadata.Distribution, folder: str) -> dict[str, bytes]:
    wheel = f"Wheel-Version: 1.0\nGenerator: {_NAME} {found.version}\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    kept = {f"{folder}/METADATA": _metadata(found).encode(), f"{folder}/WHEEL": wheel.encode()}
    points = found.read_text("entry_points.txt")
    if points:
        kept[f"{folder}/entry_points.txt"] = points.encode()
    for file in found.files or ():
        if len(file.parts) > 2 and file.parts[0].endswith(".dist-info") and file.parts[1] == "licenses":
            kept["/".join((folder, *file.parts[1:]))] = file.read_binary()
    return kept


def _metadata(found: importlib.metadata.Distribution) -> str:
    text = found.read_text("METADATA")
    if text is None:
        raise GraderError(f"the installed {_NAME} has no METADATA; run `pip install .` in its folder again")
    head, blank, description = text.partition("\n\n")
    return "\n".join(line for line in head.splitlines() if not _of_editable(line)) + blank + description


def _requirements(found: importlib.metadata.Distribution) -> list[str]:
    return [need for need in found.requires or () if not _of_editable(f"Requires-Dist: {need}")]


def _of_editable(line: str) -> bool:
    """Say whether the build backend added this line for an editable install alone."""
    return line.startswith("Requires-Dist: editables")


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
