"""Make from the installed package what installs it elsewhere: its wheel, and the versions of all that it needs.

Reads the files of the imported package and its metadata, by allow-list, and needs no network and no checkout:
an editable install and a plain one give the same bytes. It holds nothing of a course, since the package does not.
The wheel itself is written by the tool `wheel` of the extra `author`.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from grader import version
from grader.errors import GraderError, UsageError

__all__ = ["build_wheel", "pinned_versions"]

_NAME = "chainrule"
_TEMPLATES = (".json", ".j2", ".css", ".js", ".template")
_COPIED = ("WHEEL", "entry_points.txt")
_1980 = "315532800"  # the first second that a zip can name
# The wheel is for Linux, wherever it is made.
_LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}


def build_wheel() -> tuple[str, bytes]:
    """Return the wheel of the installed package: its file name, and its bytes, the same each time.

    Raises GraderError where the package is not installed, or is not the one that runs, and UsageError without `wheel`.
    """
    found = _installed()
    if importlib.util.find_spec("wheel") is None:
        raise UsageError("wheel is not installed here; install it with: pip install 'chainrule[author]'")
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder, "unpacked")
        for name, data in {**_package_files(), **_metadata_files(found)}.items():
            path = unpacked / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(0o644)
        return _packed(unpacked, Path(folder))


def _packed(unpacked: Path, folder: Path) -> tuple[str, bytes]:
    """Pack the files of a wheel by `wheel pack`: a library it is not, and promises no interface but this one."""
    command = [sys.executable, "-I", "-m", "wheel", "pack", str(unpacked), "--dest-dir", str(folder)]
    done = subprocess.run(
        command, env={**os.environ, "SOURCE_DATE_EPOCH": _1980}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise GraderError(f"`wheel pack` failed: {done.stderr.strip() or done.stdout.strip()}")
    (path,) = folder.glob("*.whl")
    return path.name, path.read_bytes()


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
    folder = Path(version.__file__).parent
    kept: dict[str, bytes] = {}
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        template = "templates" in inside.parts and path.suffix in _TEMPLATES
        catalogue = "languages" in inside.parts and path.suffix == ".mo"
        kept_too = path.name == "py.typed" or template or catalogue
        if path.is_file() and not path.is_symlink() and (path.suffix == ".py" or kept_too):
            kept[f"grader/{inside.as_posix()}"] = path.read_bytes()
    return kept


def _metadata_files(found: importlib.metadata.Distribution) -> dict[str, bytes]:
    """Return the metadata of the installation; `wheel pack` adds the record."""
    folder = f"{_NAME}-{found.version}.dist-info"
    kept = {f"{folder}/METADATA": _metadata(found).encode()}
    for file in found.files or ():
        inside = "/".join(file.parts[1:])
        if file.parts[0] == folder and (inside in _COPIED or inside.startswith("licenses/")):
            kept[file.as_posix()] = file.read_binary()
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
