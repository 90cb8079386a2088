"""The parsers of `fuzz.py` for what students hand in: frames of their processes, files, and objects of their commits.

`PARSERS` has of each what it reads originally, what makes its reader for a folder, what that may raise, and how an
original is changed. A reader gets bytes, and may return "refused".
"""

import contextlib
import hashlib
import io
import json
import os
import subprocess
import zipfile
import zlib
from functools import partial
from pathlib import Path
from shutil import rmtree

import torch
from fuzz_changes import changed, changed_json

from grader import wire
from grader.channels.git.pushes import chosen, read_pushes
from grader.channels.git.repository import Repository, blob_of
from grader.errors import GraderError, Unreadable, WireError
from grader.submissions.found import Found, Wanted
from grader.submissions.names import may_hold_work
from grader.submissions.sources import read_sources

__all__ = ["ASSIGNMENT", "PARSERS", "ROOT", "modules", "notebooks"]

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "gradient_descent"
WANTED = Wanted(assignment=ASSIGNMENT, exercises=("model", "loss_fn"), assignments=(ASSIGNMENT, "neuron"))
_NAMES = (f"{ASSIGNMENT}.py", f"{ASSIGNMENT}.ipynb", f"{ASSIGNMENT}-2.py", "a", "b.py", "..", ".", "", ".git", "a/b.py")
_MORE_NAMES = (
    "../x.py",
    "/x.py",
    "x\n.py",
    "\x1b[2J.py",
    "\u202e.py",
    "n" * 300 + ".py",
    "\ud800.py",
)
_MODES = ("100644", "100755", "120000", "160000", "40000", "040000", "100664", "0", "", "999999", "37777777777")
_HEAD = "tree {tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nm\n"


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


def entries():
    """Return lines of `git ls-tree`."""
    files = [f"100644 blob {'a' * 40}      12\ta/{ASSIGNMENT}.py", f"120000 blob {'b' * 40}       3\tx\ny.py"]
    return [line.encode() for line in (*files, f"160000 commit {'c' * 40}       -\tmodule.py")]


def trees():
    """Return bodies of trees whose entries are in `Objects.whole`."""
    return [b"".join(_entry(*entry) for entry in (("100644", f"{ASSIGNMENT}.py", "blob"), ("40000", "sub", "tree")))]


def commits():
    """Return the body of a commit."""
    return [_HEAD.format(tree=_id("tree", _SUBTREE)).encode()]


def loose():
    """Return files of git's that hold a tree and a blob."""
    return [zlib.compress(_whole("tree", trees()[0])), zlib.compress(_whole("blob", modules()[1]))]


def changed_tree(data, chance):
    """Return a tree of other entries, or with its bytes changed."""
    if chance.random() < 0.3:
        return changed(data, chance)
    modes, names = _MODES[:5] * 3 + _MODES, _NAMES * 3 + _MORE_NAMES
    ids = ("blob", "tree") * 4 + ("commit", "link", "missing")
    made = [
        _entry(chance.choice(modes), chance.choice(names), chance.choice(ids))
        for _ in range(chance.choice((0, 1, 2, 4, 9, 40)))
    ]
    return b"".join(made) if chance.random() < 0.8 else changed(b"".join(made), chance)


def _entry(mode, name, which):
    return f"{mode} {name}\0".encode("utf-8", "surrogatepass") + bytes.fromhex(_IDS[which])


def _whole(kind, body):
    return f"{kind} {len(body)}\0".encode() + body


def _id(kind, body):
    return hashlib.sha1(_whole(kind, body), usedforsecurity=False).hexdigest()


_SUBTREE = f"100644 {ASSIGNMENT}.py\0".encode() + bytes.fromhex(_id("blob", modules()[1]))
_OBJECTS = {
    "blob": ("blob", modules()[1]),
    "link": ("blob", b"/etc/passwd"),
    "tree": ("tree", _SUBTREE),
    "commit": ("commit", commits()[0]),
}
_IDS = {name: _id(*found) for name, found in _OBJECTS.items()} | {"missing": "0" * 39 + "1"}


class Objects:
    """A bare repository, in which one commit after the other is made, read and written out, as the hook does."""

    def __init__(self, folder):
        self._bare, self._out = folder / "bare.git", folder / "out"
        subprocess.run(["git", "init", "-q", "--bare", self._bare], check=True, env={**os.environ, "GIT_DIR": ""})
        for kind, body in _OBJECTS.values():
            self._put(kind, body)
        self._repository = Repository(self._bare)

    def tree(self, data):
        made = self._put("tree", data)
        self._read(self._put("commit", _HEAD.format(tree=made).encode()))

    def commit(self, data):
        self._read(self._put("commit", data))

    def loose(self, data):
        """Have a file in the place of a tree's, and in that of a blob's."""
        whole = [self._put("blob", modules()[1]), self._put("tree", trees()[0])]
        head = self._put("commit", _HEAD.format(tree=whole[1]).encode())
        read = 0
        for name in whole:
            before = self._path(name).read_bytes()
            self._path(name).write_bytes(data)
            with contextlib.suppress(Unreadable, GraderError):
                self._read(head)
                read += 1
            self._path(name).write_bytes(before)
        return "read" if read else "refused"

    def _read(self, commit):
        blobs = self._repository.sources(commit, may_hold_work)
        rmtree(self._out, ignore_errors=True)
        inner = self._out / "inner"
        inner.mkdir(parents=True)
        try:
            self._repository.write(blobs, inner)
            read_sources(Found(given="pushed", path=inner), WANTED)
        finally:
            assert os.listdir(self._out) == ["inner"], "something was written beside the folder"
            links = [path for path in inner.rglob("*") if path.is_symlink()]
            assert not any(path.exists() for path in links), "a link leads somewhere"

    def _path(self, name):
        return self._bare / "objects" / name[:2] / name[2:]

    def _put(self, kind, body):
        name = _id(kind, body)
        self._path(name).parent.mkdir(exist_ok=True)
        self._path(name).write_bytes(zlib.compress(_whole(kind, body), 1))
        return name


def _file(folder, kind):
    path = folder / f"{ASSIGNMENT}.{kind}"

    def read(data):
        path.write_bytes(data)
        read_sources(Found(given=path.name, path=path), WANTED)

    return read


def _frame(data, *, strided=False):
    wire.decode(data, strided=strided)


def _push(data):
    found = list(read_pushes(io.BytesIO(data)))
    for push in found:
        assert not set(push.name) & set("\n\r\x1b\x00")
    if found:
        chosen(found, b"refs/heads/main")


def _listed(data):
    found = blob_of(data)
    if found is None:
        return "refused"
    assert not {"", ".", ".."} & set(found.path.split("/"))
    return "read"


PARSERS = {
    "frame": (frames, lambda _: _frame, WireError, changed),
    "strided": (strided, lambda _: partial(_frame, strided=True), WireError, changed),
    "push": (pushes, lambda _: _push, (), changed),
    "notebook": (notebooks, partial(_file, kind="ipynb"), Unreadable, changed_json),
    "module": (modules, partial(_file, kind="py"), Unreadable, changed),
    "archive": (archives, partial(_file, kind="zip"), Unreadable, changed),
    "listed": (entries, lambda _: _listed, (), changed),
    "tree": (trees, lambda folder: Objects(folder).tree, (Unreadable, GraderError), changed_tree),
    "commit": (commits, lambda folder: Objects(folder).commit, Unreadable, changed),
    "loose": (loose, lambda folder: Objects(folder).loose, (), changed),
}
