"""Give every parser that meets hostile bytes what was changed at random: each ends in a value or in its own error.

    python benchmarks/fuzz.py [--frames 1000000] [--files 100000] [--seed N]

One line for each parser says how many inputs it read and how many it refused; whatever else came of one is printed
with the input, and the script ends with 1.
"""

import argparse
import io
import json
import random
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import torch

from grader import wire
from grader.channels.git.pushes import read_pushes
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError, Unreadable, WireError
from grader.submissions.found import Found
from grader.submissions.sources import read_sources

__all__ = ["PARSERS", "fuzz", "main"]

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "gradient_descent"


def changed(data, chance):
    """Return bytes with some flipped, cut, doubled, moved or put in."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(6):
            case 0 if at < len(found):
                found[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(found):
                found[at] = chance.choice((0, 1, 127, 128, 255))
            case 2:
                del found[at : at + chance.randrange(1, 9)]
            case 3:
                found[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 4:
                found[at:at] = found[at : at + chance.randrange(1, 65)]
            case _:
                found[at : at + 4] = chance.choice((0, 1, 2**16, 2**31, 2**32 - 1)).to_bytes(4, "little")
    return bytes(found)


def frames():
    """Return frames of every kind of value."""
    values = [
        {"id": 7, "answers": [{"value": torch.ones(3), "printed": "x", "arguments": [1, 2.5, None, True]}]},
        {"id": 2**61, "notes": [{"statement": 1, "raised": "E", "message": "m", "missing": ""}], "defined": ["f"]},
        [torch.zeros(2, 3, dtype=torch.float64), wire.Array(torch.arange(4)), (1, "text", b"bytes")],
        {"id": 1, "question": {"ask": "vjp", "name": "f", "args": [torch.ones(2, requires_grad=True)], "kwargs": {}}},
        10**300,
    ]
    return [wire.encode(value) for value in values]


def strided():
    """Return a frame as the checker sends it."""
    return [wire.encode([torch.arange(12.0).reshape(3, 4)[:, ::2]], strided=True)]


def notebooks():
    """Return notebooks of both formats."""
    new = {"nbformat": 4, "cells": [{"cell_type": "code", "source": ["def model(t_u, w, b):\n", "    return w\n"]}]}
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1"}]}]}
    handed_out = ROOT / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    return [json.dumps(new).encode(), json.dumps(old).encode(), handed_out.read_bytes()]


def modules():
    """Return modules, in some encodings."""
    text = "# -*- coding: latin-1 -*-\ndef model(t_u, w, b):\n    return w * t_u + b  # \xe4\n"
    return [text.encode("latin-1"), text.replace("latin-1", "utf-8").encode(), "x = 1\n".encode("utf-16")]


def archives():
    """Return archives with one and with several files."""
    found = []
    for names in ([f"{ASSIGNMENT}.py"], [f"a/{ASSIGNMENT}.ipynb", f"a/b/{ASSIGNMENT}.py", "__MACOSX/x"]):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, notebooks()[0] if name.endswith("ipynb") else modules()[1])
        found.append(data.getvalue())
    return found


def pushes():
    """Return what git tells a hook."""
    return [b"0" * 40 + b" " + b"a" * 40 + b" refs/heads/main\n" + b"1" * 40 + b" " + b"b" * 40 + b" refs/tags/v1\n"]


def descriptions():
    """Return what authors write."""
    return [find_course(ROOT).toml_of(ASSIGNMENT).read_bytes()]


class Readers:
    """The parsers; those that read files have a folder for them."""

    def __init__(self, folder):
        self.folder = folder
        self.course = folder / "course"
        for part in (f"solutions/{ASSIGNMENT}", "tests/hidden"):
            (self.course / part).mkdir(parents=True)
        (self.course / "tests" / "hidden" / f"test_{ASSIGNMENT}.py").write_text("")
        (self.course / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.py").write_text("")

    def frame(self, data):
        wire.decode(data)

    def strided(self, data):
        wire.decode(data, strided=True)

    def file(self, data, kind):
        path = self.folder / f"{ASSIGNMENT}.{kind}"
        path.write_bytes(data)
        read_sources(Found(given=path.name, path=path), ASSIGNMENT)

    def notebook(self, data):
        self.file(data, "ipynb")

    def module(self, data):
        self.file(data, "py")

    def archive(self, data):
        self.file(data, "zip")

    def push(self, data):
        for found in read_pushes(io.BytesIO(data)):
            assert not set(found.name) & set("\n\r\x1b\x00")

    def description(self, data):
        (self.course / "solutions" / ASSIGNMENT / "assignment.toml").write_bytes(data)
        load_assignment(find_course(self.course), ASSIGNMENT)


PARSERS = {  # what it reads, what it may raise, and whether it counts as a frame or as a file
    "frame": (frames, WireError, "frames"),
    "strided": (strided, WireError, "frames"),
    "notebook": (notebooks, Unreadable, "files"),
    "module": (modules, Unreadable, "files"),
    "archive": (archives, Unreadable, "files"),
    "push": (pushes, (), "frames"),
    "description": (descriptions, CourseError, "files"),
}


def fuzz(name, count, chance, readers):
    """Return how many inputs were read and refused, and the first that ended otherwise."""
    corpus, refusal, _ = PARSERS[name]
    originals, read, counts = corpus(), getattr(readers, name), Counter()
    for _ in range(count):
        data = changed(chance.choice(originals), chance)
        try:
            read(data)
            counts["read"] += 1
        except refusal:
            counts["refused"] += 1
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            return counts, f"{type(error).__name__}: {error}: {data!r}"[:2000]
    return counts, ""


def main(arguments=None):
    """Run all of it; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    shares = {"frames": sum(kind == "frames" for *_, kind in PARSERS.values())}
    shares["files"] = len(PARSERS) - shares["frames"]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        readers = Readers(Path(folder))
        for name, (*_, kind) in PARSERS.items():
            counts, wrong = fuzz(name, getattr(options, kind) // shares[kind], random.Random(options.seed), readers)
            print(f"{name:12} {counts['read']:8} read {counts['refused']:8} refused  {wrong}", flush=True)
            failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
