"""A class of quick submissions for `torture.py`: right, wrong, slow, untouched and unreadable ones."""

import ast
import shutil
from pathlib import Path

__all__ = ["ASSIGNMENT", "ROOT", "change", "make_class"]

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "gradient_descent"
EXAMPLES = ROOT / "examples" / "class" / ASSIGNMENT
QUICK = ("model", "dmodel_dw", "dmodel_db", "dloss_fn")
WRONG = {"w * t_u + b": "w * t_u - b", "return t_u": "return -t_u", "2 * (": "3 * ("}
UNREADABLE = {"torn.py": b"def model(:\n    \x00", "empty.zip": b"PK\x05\x06" + bytes(18), "torn.ipynb": b'{"cells": ['}


def make_class(folder, size=20):
    """Write a class of this size; every kind is among the first ones."""
    folder.mkdir(parents=True)
    makers = (_right, _slow, _untouched, _unreadable, _wrong, _right, _wrong, _right)
    for number in range(size):
        makers[number % len(makers)](folder, number)
    return folder


def change(path, chance):
    """Do to a submission what a student may do while it is graded; return what that was."""
    kind = chance.choice(("deleted", "cut short", "made another's", "made a folder"))
    if kind == "cut short":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        return kind
    path.unlink()
    if kind == "made another's":
        path.write_text(_source(QUICK[:1]).replace("w * t_u", "w + t_u"))
    elif kind == "made a folder":
        path.mkdir()
        (path / f"{ASSIGNMENT}.py").write_text(_source(QUICK[:1]))
    return kind


def _right(folder, number):
    names = QUICK[number % 3 :][:2]
    _path(folder, number, "right.py").write_text(f"# {number}\n" + _source(names))


def _slow(folder, number):
    """Wait in each call, so that there is a worker to be met."""
    text = _source(QUICK[:1]).replace("return", "time.sleep(0.1)\n    return")
    _path(folder, number, "slow.py").write_text(f"# {number}\nimport time\n" + text)


def _wrong(folder, number):
    text = _source(QUICK[number % 3 :][:2])
    for right, wrong in WRONG.items():
        text = text.replace(right, wrong)
    _path(folder, number, "wrong.py").write_text(f"# {number}\n" + text)


def _untouched(folder, number):
    shutil.copyfile(ROOT / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.py", _path(folder, number, "untouched.py"))


def _unreadable(folder, number):
    name = list(UNREADABLE)[number // 8 % len(UNREADABLE)]
    _path(folder, number, name).write_bytes(UNREADABLE[name])


def _path(folder, number, name):
    return folder / f"{ASSIGNMENT}_{number:02}_{name}"


def _source(names):
    """Return these functions of a right example."""
    text = (EXAMPLES / f"{ASSIGNMENT}_amara.py").read_text()
    wanted = [
        ast.get_source_segment(text, node)
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name in names
    ]
    return "\n\n".join(["import torch\n", *wanted]) + "\n"
