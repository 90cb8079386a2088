"""What is kept between runs: private, checked, and as if it were not there where anything is wrong with it."""

import os
import stat

import pytest
from click.testing import CliRunner

from grader.commands.cli import root
from grader.judge.store import Store, store_folder


@pytest.fixture
def store(tmp_path):
    return Store(folder=tmp_path / "kept")


def only_file(store):
    (path,) = store.folder.iterdir()
    return path


def test_store_returns_what_was_written(store):
    store.write("small-1234", "a" * 64, b"an entry")

    assert store.read("small-1234", "a" * 64) == b"an entry"


def test_store_is_private_to_its_owner(store):
    store.write("small-1234", "a" * 64, b"an entry")

    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(only_file(store).stat().st_mode) == 0o600


def test_store_has_nothing_under_another_key(store):
    store.write("small-1234", "a" * 64, b"an entry")

    assert store.read("small-1234", "b" * 64) is None
    assert store.read("other-1234", "a" * 64) is None


def test_new_entry_takes_the_place_of_the_old_one_of_its_name(store):
    store.write("small-1234", "a" * 64, b"old")
    store.write("other-1234", "a" * 64, b"other")

    store.write("small-1234", "b" * 64, b"new")

    assert store.read("small-1234", "a" * 64) is None
    assert store.read("small-1234", "b" * 64) == b"new"
    assert store.read("other-1234", "a" * 64) == b"other"


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: data[:-1] + b"?", lambda data: b"", bytes.upper]
)
def test_damaged_entry_is_none(store, damage):
    store.write("small-1234", "a" * 64, b"an entry")
    path = only_file(store)
    path.write_bytes(damage(path.read_bytes()))

    assert store.read("small-1234", "a" * 64) is None


def test_entry_that_others_can_read_is_none(store):
    store.write("small-1234", "a" * 64, b"an entry")
    only_file(store).chmod(0o644)

    assert store.read("small-1234", "a" * 64) is None


def test_entry_that_is_a_link_is_none(store, tmp_path):
    store.write("small-1234", "a" * 64, b"an entry")
    path = only_file(store)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")

    assert store.read("small-1234", "a" * 64) is None


def test_folder_that_is_open_to_others_is_not_used_and_says_so(store):
    store.folder.mkdir()
    store.folder.chmod(0o755)

    store.write("small-1234", "a" * 64, b"an entry")

    assert list(store.folder.iterdir()) == []
    assert "chmod 700" in store.problem()


def test_place_that_is_no_folder_keeps_nothing(store):
    store.folder.write_text("a file")

    store.write("small-1234", "a" * 64, b"an entry")

    assert store.read("small-1234", "a" * 64) is None
    assert "no folder" in store.problem()
    assert store.folder.read_text() == "a file"


def test_folder_that_can_not_be_made_says_so(store, monkeypatch):
    assert store.problem() == ""
    monkeypatch.setattr("os.access", lambda path, mode: path != store.folder.parent)

    assert "can't be made" in store.problem()


def test_cache_command_shows_and_clears(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    Store(folder=store_folder()).write("small-1234", "a" * 64, b"an entry")

    shown = CliRunner().invoke(root, ["cache"])
    cleared = CliRunner().invoke(root, ["cache", "--clear"])
    after = CliRunner().invoke(root, ["cache"])

    assert "1 kept" in shown.output
    assert "small-1234" in shown.output
    assert "1 removed" in cleared.output
    assert "nothing is kept" in after.output
    assert os.listdir(store_folder()) == []


def test_cache_command_fills_it_for_a_course(monkeypatch, tmp_path, small_course):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    filled = CliRunner().invoke(root, ["cache", "--fill", "--course", str(small_course.root)])
    both = CliRunner().invoke(root, ["cache", "--fill", "--clear"])

    assert (filled.exit_code, filled.output.splitlines()[1][:8]) == (0, "  small-"), filled.output
    assert "take one of them" in str(both.exception)


def test_cache_command_says_why_nothing_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    store_folder().mkdir(mode=0o755)
    store_folder().chmod(0o755)

    shown = CliRunner().invoke(root, ["cache"])

    assert "not used" in shown.output
    assert "chmod 700" in shown.output
