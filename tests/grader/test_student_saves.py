"""A save is noticed, by watchfiles and without it, however an editor writes a file."""

import queue
import sys

import pytest

from grader.kit.saves import Saves


@pytest.fixture(params=["watchfiles", "looking"])
def saved(request, tmp_path, monkeypatch):
    """Return a queue of what was saved, of two files that are watched."""
    if request.param == "looking":
        monkeypatch.setitem(sys.modules, "watchfiles", None)
    for name in ("small.py", "small.ipynb"):
        (tmp_path / name).write_text("old")
    found = queue.Queue()
    saves = Saves([tmp_path / "small.py", tmp_path / "small.ipynb"], found.put)
    yield found
    saves.close()


def write(path):
    path.write_text("new text")


def rename(path):
    other = path.with_suffix(".new")
    other.write_text("new text")
    other.replace(path)


def remove_and_write(path):
    path.unlink()
    path.write_text("new text")


@pytest.mark.parametrize("way", [write, rename, remove_and_write])
def test_save_is_noticed_with_its_file(saved, tmp_path, way):
    (tmp_path / "notes.txt").write_text("nobody's business")
    way(tmp_path / "small.py")

    assert saved.get(timeout=60) == [tmp_path / "small.py"]


def test_file_that_is_put_away_is_noticed(saved, tmp_path):
    (tmp_path / "small.ipynb").unlink()

    assert saved.get(timeout=60) == [tmp_path / "small.ipynb"]
