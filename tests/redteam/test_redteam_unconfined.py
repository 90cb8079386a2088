"""What holds with `--sandbox none`: points, frames, floods, what is told, and that nothing goes on running."""

from __future__ import annotations

import sys

import pytest
from redteam.programs import UNCONFINED
from redteam.vault import (
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

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are Linux's")

CHOSEN = chosen(UNCONFINED, "stays")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Graded:
    return Graded(tmp_path_factory.mktemp("graded"), vault, CHOSEN, "--sandbox=none")


@pytest.mark.parametrize(("name", "attack"), CHOSEN.items(), ids=CHOSEN)
def test_unconfined_module_earns_what_its_honest_work_is_worth(graded: Graded, name: str, attack: Attack):
    assert_earns(graded.reports[name], attack)


def test_unconfined_class_tells_nothing_and_leaves_nothing(graded: Graded, alone: Graded):
    assert_tells_nothing(graded.texts())
    assert_is_plain(graded.texts())
    assert_exits_as_ever(graded, alone)
    assert_honest_work_keeps_its_bytes(graded, alone)
    assert_leaves_nothing(graded)
