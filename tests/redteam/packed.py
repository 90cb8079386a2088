"""Zips, folders and names of files that lead elsewhere, or that somebody obeys who prints or unpacks them."""

from __future__ import annotations

import io
import os
import socket
import stat
import struct
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from redteam.notebooks import HALF
from redteam.vault import RIGHT, Attack, Vault

__all__ = ["FOLDERS", "NAMES", "ZIPS"]

BESIDE = {  # what would run, or would be taken for the course's own, where anything looked
    "conftest.py": "raise SystemExit('run')",
    "sitecustomize.py": "raise SystemExit('run')",
    "torch.py": "raise SystemExit('run')",
    "grader/__init__.py": "raise SystemExit('run')",
    "pytest.ini": "[pytest]\naddopts = -p evil\n",
    "assignment.toml": 'title = "Small"\n[[exercise]]\nname = "double"\npoints = 600\n',
    "_course/kit.py": "raise SystemExit('run')",
    "test_small.py": RIGHT,
    "tests/hidden/test_small.py": "",
    ".git/config": "[core]\nfsmonitor = touch pwned\n",
}

# --- zips --------------------------------------------------------------------------------------------

Entry = tuple[str | zipfile.ZipInfo, str | bytes]


def zipped(*entries: Entry, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for name, text in entries:
            archive.writestr(name, text)
    return data.getvalue()


def by_zip(goal: str, data: bytes | Callable[[], bytes], earns: float | None = None, said: str = "") -> Attack:
    def make(place: Path, _: Vault) -> Path:
        path = place.with_suffix(".zip")
        path.write_bytes(data() if callable(data) else data)
        return path

    return Attack(goal, make, earns, said)


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


def repeated() -> bytes:
    """Return a zip of a few kilobytes, of which each of a thousand entries is the same sixteen megabytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("small.py", bytes(2**24))
        archive.filelist *= 1000
    return data.getvalue()


def changed(offset: int, put: bytes, entries: Iterable[Entry] = (("small.py", HALF),), **more: int) -> bytes:
    """Return a zip with other bytes in the central directory's entry, which is the one that is believed."""
    data = bytearray(zipped(*entries, **more))
    at = data.rindex(b"PK\x01\x02") + offset
    data[at : at + len(put)] = put
    return bytes(data)


def encrypted() -> bytes:
    data = bytearray(changed(8, b"\x01\x00"))
    data[6:8] = b"\x01\x00"
    return bytes(data)


def of_a_bad_field() -> bytes:
    """Return a zip whose entry claims more than 4 GiB, and a field for the size that is cut short."""
    info = zipfile.ZipInfo("small.py")
    info.extra = struct.pack("<HH", 0x5455, 5) + b"\x01" * 5
    data = bytearray(changed(20, b"\xff" * 8, [(info, HALF)]))
    at = data.rindex(b"\x55\x54\x05\x00")
    data[at : at + 4] = b"\x01\x00\x05\x00"
    return bytes(data)


def of_a_wide_window() -> bytes:
    """Return a zip whose LZMA wants a dictionary of 4 GiB."""
    data = bytearray(zipped(("small.py", HALF), compression=zipfile.ZIP_LZMA))
    at = 30 + len("small.py") + 4 + 1
    data[at : at + 4] = b"\xff" * 4
    return bytes(data)


def nested() -> bytes:
    data = zipped(("small.py", RIGHT))
    for _ in range(50):
        data = zipped(("small.zip", data), ("small.py.zip", data[:100]))
    return data


def twice() -> bytes:
    """Return a zip with a name twice, and once more in other letters."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("small.py", HALF)
        archive.writestr("SMALL.PY", RIGHT.replace("2 *", "3 *"))
        archive.writestr("a/small.py", "")
        archive.filelist += archive.filelist[:1]
    return data.getvalue()


DEVICES = [(name, "x = 1") for name in ("CON.py", "nul", "aux.py", "small.py:stream", "COM1/lpt1.py", "small.py.", "~")]
OBEYED = (
    "small\n::set-output name=score::6\n",
    "small\x1b[2J\u202e",
    "small<script>alert(1)",
    "small=cmd|' '!A0",
    "small\r",
)
OUT = "a file outside of the folder"

ZIPS = {
    "leads_out": by_zip(OUT, zipped(("../../small.py", HALF)), said="leads out of it"),
    "absolute": by_zip(OUT, zipped(("/tmp/chainrule-pwned/small.py", HALF)), said="leads out of it"),
    "drive": by_zip(OUT, zipped(("C:\\small.py", HALF)), said="leads out of it"),
    "backslashes": by_zip(OUT, zipped(("a\\..\\..\\small.py", HALF)), said="leads out of it"),
    "linked": by_zip("another's file", zipped((link("small.py"), "../000_honest.py")), said="a symbolic link"),
    "linked_folder": by_zip("another's file", zipped((link("d"), "/"), ("d/small.py", HALF)), said="a symbolic link"),
    "bomb": by_zip("memory", lambda: zipped(("small.py", bytes(2**24 + 1))), said="the limit is"),
    "bomb_of_one_file_for_all": by_zip("memory", repeated, said="would unpack to"),
    "bomb_that_lies": by_zip("memory", changed(24, b"\x01\x00\x00\x00"), said="can't be taken"),
    "nested": by_zip("time by zips in zips", nested, said="a zip in a zip is not opened"),
    "of_thousands": by_zip("time", lambda: zipped(*[(f"{n}.py", "") for n in range(5001)]), said="the limit is 5000"),
    "twice": by_zip("the better of two by one name", twice, said="ask the student which one counts"),
    "encrypted": by_zip("an error of the reader", encrypted, said="encrypted"),
    "of_a_bad_field": by_zip("struct.error in the reader", of_a_bad_field),
    "of_a_wide_window": by_zip("MemoryError in the reader", of_a_wide_window, 4.0),
    "of_4_gib": by_zip("MemoryError in the reader", changed(20, b"\xfe\xff\xff\xff" * 2), said="would unpack to"),
    "elsewhere": by_zip("bytes before the file", changed(42, b"\xfe\xff\xff\x7f"), said="can't be"),
    "devices": by_zip("a device of another system", zipped(("small.py", HALF), *DEVICES), 4.0),
    "obeyed": by_zip("a command by a name", zipped(*[(f"{name}.py", HALF) for name in OBEYED]), 4.0),
    "obeyed_one": by_zip("a command by a name", zipped((f"{OBEYED[0]}.py", HALF)), 4.0),
    "obeyed_in_a_refusal": by_zip("a command by a name", zipped((f"../{OBEYED[0]}{OBEYED[1]}", ""))),
    "polyglot": by_zip("a script for one reader", b"#!/bin/sh\ntouch pwned\n" + zipped(("small.py", HALF)), 4.0),
    "beside": by_zip("code of one's own in the checker", zipped(("small.py", HALF), *BESIDE.items()), 4.0),
}

# --- folders -----------------------------------------------------------------------------------------


def by_folder(goal: str, fill: Callable[[Path, Vault], object], earns: float | None = None, said: str = "") -> Attack:
    def make(place: Path, vault: Vault) -> Path:
        folder = place / "small"
        folder.mkdir(parents=True)
        fill(folder, vault)
        return folder

    return Attack(goal, make, earns, said)


def linking(goal: str, target: Callable[[Vault], object], name: str = "small.py") -> Attack:
    return by_folder(goal, lambda folder, vault: (folder / name).symlink_to(str(target(vault))), said="link")


def the_link_itself(place: Path, vault: Vault) -> Path:
    place.mkdir()
    (place / "small").symlink_to(vault.reference.parent)
    return place / "small"


def a_socket(folder: Path, _: Vault) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = os.open(folder, os.O_PATH)
        made.bind(f"/proc/self/fd/{here}/small.py")  # whose own path may be too long for a socket
        os.close(here)


def sparse(folder: Path, _: Vault) -> None:
    with (folder / "small.py").open("wb") as file:
        file.truncate(2**40)


def closed(folder: Path, _: Vault) -> None:
    (folder / "small.py").write_text(HALF)
    (folder / "small.py").chmod(0)


def deep(folder: Path, _: Vault) -> None:
    (folder / "small.py").write_text(HALF)
    below = folder.joinpath(*["d"] * 200)
    below.mkdir(parents=True)
    (below / "small.py").symlink_to("/")


def beside(folder: Path, _: Vault) -> None:
    for name, text in {"small.py": HALF, **BESIDE}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "small.py").chmod(0o6755)


def obeyed(folder: Path, _: Vault) -> None:
    for name in OBEYED:
        (folder / f"{name.replace('/', '')}.py").write_text(HALF)
    (folder / f"small{OBEYED[0]}.ipynb").symlink_to("\x1b[2J\n::error::x")


THEIRS = "another's work"
FOLDERS = {
    "link_to_another": linking(THEIRS, lambda _: "../../000_honest.py"),
    "link_to_the_reference": linking("points by the reference", lambda vault: vault.reference),
    "link_to_the_system": linking("a file of the machine", lambda _: "/etc/passwd"),
    "link_to_a_device": linking("memory without an end", lambda _: "/dev/zero"),
    "link_to_itself": linking("a reader in a circle", lambda _: "small.py"),
    "link_to_a_process": linking("what the checker holds", lambda _: "/proc/self/environ"),
    "linked_folder": by_folder(
        "points by the reference",
        lambda folder, vault: (folder / "a").symlink_to(vault.reference.parent),
        said="no small.py",
    ),
    "the_link_itself": Attack("points by the reference", the_link_itself, None, "a symbolic link"),
    "pipe": by_folder("a reader that waits", lambda folder, _: os.mkfifo(folder / "small.py"), said="no regular file"),
    "socket": by_folder("a reader that waits", a_socket, said="can't be opened"),
    "hard_link": by_folder(
        "what a private file says",
        lambda folder, vault: os.link(vault.reference.with_name("assignment.toml"), folder / "small.py"),
        0.0,
    ),
    "sparse": by_folder("memory", sparse, said="the limit is"),
    "closed": by_folder("an error of the reader", closed, None if os.geteuid() else 4.0),
    "deep": by_folder("a reader that walks for ever", deep, 4.0),
    "beside": by_folder("code of one's own in the checker", beside, 4.0),
    "obeyed": by_folder("a command by a name", obeyed, said="a symbolic link"),
}

# --- names of files ----------------------------------------------------------------------------------


def by_name(goal: str, name: str | bytes) -> Attack:
    def make(place: Path, _: Vault) -> Path:
        path = place.parent / os.fsdecode(name)
        path.write_text(HALF)
        return path

    return Attack(goal, make, 4.0)


RUNNER = "a command for a runner of jobs"
NAMES = {
    "set_output": by_name(RUNNER, "::set-output name=score::6.py"),
    "set_output_later": by_name(RUNNER, "x\r\n  ::set-output name=score::6.py"),
    "old_command": by_name(RUNNER, "x##[set-output name=score]6.py"),
    "error": by_name(RUNNER, "::error file=small.py,line=1::hacked%0A::add-mask::6.py"),
    "folded": by_name(RUNNER, f"{'x' * 60} {' '.join(['::stop-commands::x'] * 8)}.py"),
    "formula": by_name("a formula in a table of scores", "=cmd|' C calc'!A0.py"),
    "formula_by_at": by_name("a formula in a table of scores", "@SUM(1+1)*cmd.py"),
    "wide_formula": by_name("a formula in a table of scores", "\uff1d1+1.py"),
    "option": by_name("an option of the command", "--sandbox=none.py"),
    "markup": by_name("a script for who reads", "<script>alert(1)<b><img src=x onerror=alert(1)>.py"),
    "linked": by_name("a link for who reads", "[score](javascript:alert(1)) ![x](http:x) `x` |6|.py"),
    "terminal": by_name("a terminal that obeys", "\x1b]0;x\x07\x1b[2J\x1b[31m\x9b1m\x08.py"),
    "direction": by_name("a name that reads otherwise", "x\u202eyp.\u2066\u200b.py"),
    "bytes": by_name("an error of whoever encodes", b"\xff\xfe\x80.py"),
    "long": by_name("a name longer than a line", "x" * 252 + ".py"),
}
