"""Examine this machine: what it has for grading, what is missing, and what to do about it.

Looks and tries; changes nothing. The zygote's own self-test decides, so that what is printed here is
what `grader grade` will do.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from pathlib import Path

from grader.course.reading import find_course
from grader.errors import CourseError, GraderError
from grader.sandbox.mode import SandboxMode

__all__ = ["examine"]

_VERSIONS = (
    "chainrule",
    "torch",
    "pytest",
    "hypothesis",
    "numpy",
    "jinja2",
    "msgspec",
    "platformdirs",
    "landlockpy",
    "seccompy",
    "nbgrader",
    "nh3",
    "nbformat",
    "wheel",
    "matplotlib",
)
_ADVICE = {
    "platform": (
        "grading needs Linux with Landlock and seccomp; the local tests (`grader test` in an assignment's folder)\n"
        "    run everywhere. On macOS grade in a Linux container (docs/Containerfile) or a virtual machine,\n"
        "    on Windows in WSL2."
    ),
    "landlock": (
        "the kernel has no Landlock: it came with Linux 5.13 and has to be in the boot parameter lsm=.\n"
        "    Grade on another host or in a virtual machine with a newer kernel (docs/Containerfile says how);\n"
        "    a container has its host's kernel. gVisor has none. On Windows update WSL2: `wsl --update`."
    ),
    "seccomp": "the kernel or the container forbids seccomp filters; allow them, or grade in a virtual machine.",
    "namespaces": (
        "not required. Without them submissions have no writable folder at all, and filters alone keep them\n"
        "    from the network. Ubuntu 24.04 forbids them by AppArmor, and containers need CAP_SYS_ADMIN."
    ),
}


def examine(course: Path | None) -> tuple[list[str], bool]:
    """Return what is to be printed, and whether `grader grade` can grade here."""
    lines = [f"platform    {platform.system()} {platform.release()} on {platform.machine()}, {os.cpu_count()} cores"]
    lines += [f"python      {platform.python_version()} at {sys.executable}", *_versions()]
    if sys.platform != "linux":
        return [*lines, "", f"✗ no sandbox on this platform: {_ADVICE['platform']}"], False
    lines += ["", *_layers(), _kept()]
    verdict, able = _try(course)
    return [*lines, "", *verdict], able


def _versions() -> list[str]:
    lines: list[str] = []
    for name in _VERSIONS:
        try:
            lines.append(f"{name:<12}{importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            lines.append(f"{name:<12}not installed")
    return lines


def _layers() -> list[str]:
    try:
        import landlockpy
        import seccompy
    except ImportError as error:
        return [f"✗ {error.name} is not installed; `pip install chainrule` installs it on Linux"]
    abi = landlockpy.abi_version()
    landlock = f"✓ landlock    ABI {abi}" if abi else f"✗ landlock    missing: {_ADVICE['landlock']}"
    if 0 < abi < 3:
        landlock += " (below 3 it can't see truncation; the seccomp filter refuses it instead)"
    seccomp = "✓ seccomp     available" if seccompy.supported() else f"✗ seccomp     missing: {_ADVICE['seccomp']}"
    return [landlock, seccomp]


def _kept() -> str:
    """Say whether anything can be kept between runs; nothing depends on it but time."""
    from grader.judge.store import Store, store_folder

    store = Store(folder=store_folder())
    problem = store.problem()
    return (
        f"- cache       not used: {problem}" if problem else f"✓ cache       {store.folder} (`grader cache` shows it)"
    )


def _try(explicit: Path | None) -> tuple[list[str], bool]:
    """Build the sandbox for real, against the course that is here, and let it attack itself."""
    from grader.sandbox.zygote import Zygote

    secrets: tuple[Path, ...] = ()
    try:
        course = find_course(explicit)
        secrets = (course.root, course.solutions, course.hidden_tests)
        lines = [f"✓ course      {course.root}: {', '.join(course.names)}"]
    except CourseError as error:
        lines = [f"- course      {error}"]
    try:
        with Zygote(mode=SandboxMode.AUTO, memory=2**31, file_size=2**24, secret_paths=secrets) as zygote:
            namespaces = zygote.layers["namespaces"]
    except GraderError as error:
        return [*lines, f"✗ {error}", "", "`grader grade` refuses to grade here."], False
    if namespaces == "yes":
        lines.append("✓ namespaces  mounts, network and IPC of its own; a private tmpfs of 64 MiB for each submission")
    else:
        lines.append(f"- namespaces  none ({namespaces}): {_ADVICE['namespaces']}")
    lines.append("✓ self-test   every forbidden act that was tried from inside was refused")
    if not secrets:
        return [*lines, "", "This machine can grade; name the course by --course DIR or GRADER_COURSE."], False
    return [*lines, "", "`grader grade` can grade here."], True
