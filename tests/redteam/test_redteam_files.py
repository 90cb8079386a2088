"""Notebooks, zips, folders and names that attack: none earns, tells, is obeyed, or touches another's."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from redteam.notebooks import NOTEBOOKS
from redteam.packed import FOLDERS, NAMES, ZIPS
from redteam.programs import PROGRAMS
from redteam.vault import (
    CANARY,
    Attack,
    Graded,
    Vault,
    assert_earns,
    assert_exits_as_ever,
    assert_honest_work_keeps_its_bytes,
    assert_is_plain,
    assert_leaves_nothing,
    assert_tells_nothing,
    chosen,
)

from grader.errors import Unreadable
from grader.submissions.files import read_entry, walk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

FORMS = {"notebook": NOTEBOOKS, "zip": ZIPS, "folder": FOLDERS, "name": NAMES, "module": PROGRAMS}
CHOSEN = chosen({f"{form}_{name}": attack for form, found in FORMS.items() for name, attack in found.items()})


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Graded:
    return Graded(tmp_path_factory.mktemp("graded"), vault, CHOSEN)


@pytest.mark.parametrize(("name", "attack"), CHOSEN.items(), ids=CHOSEN)
def test_file_earns_what_its_honest_work_is_worth(graded: Graded, name: str, attack: Attack):
    assert_earns(graded.reports[name], attack)


def test_no_text_tells_anything_private(graded: Graded):
    assert_tells_nothing(graded.texts())


def test_no_text_is_obeyed(graded: Graded):
    assert_is_plain(graded.texts())


def test_exit_code_and_errors_say_nothing(graded: Graded, alone: Graded):
    assert_exits_as_ever(graded, alone)


def test_honest_work_beside_attacks_keeps_the_bytes_that_it_has_alone(graded: Graded, alone: Graded):
    assert_honest_work_keeps_its_bytes(graded, alone)


def test_nothing_is_left(graded: Graded):
    assert_leaves_nothing(graded)


@pytest.mark.parametrize("swapped", ["", "a", "a/b", "a/b/small.py"])
def test_link_that_takes_a_files_place_while_it_is_read_is_not_followed(vault: Vault, tmp_path: Path, swapped: str):
    folder = tmp_path / "submission"
    below = folder / "a" / "b"
    below.mkdir(parents=True)
    (below / "small.py").write_text("def double(x):\n    return 0\n")
    secret = tmp_path / "secret" / "a" / "b"
    secret.mkdir(parents=True)
    shutil.copy(vault.reference, secret / "small.py")
    ((name, entry),) = walk(folder)
    honest = read_entry(folder, name, entry)

    (folder / swapped).rename(tmp_path / "away")
    (folder / swapped).symlink_to(tmp_path / "secret" / swapped)

    assert honest == b"def double(x):\n    return 0\n"
    assert CANARY in (folder / "a" / "b" / "small.py").read_text()
    with pytest.raises(Unreadable, match="can't be opened"):
        read_entry(folder, name, entry)
