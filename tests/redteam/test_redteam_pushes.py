"""Real pushes to bare repositories with the hook, hostile ones among honest ones, and slow ones at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from processes import gone, until
from pushes import clone, commit, git
from redteam.pushed import PUSHES, SLOW, Push
from redteam.vault import (
    EVERY,
    HONEST,
    Vault,
    assert_earns,
    assert_is_plain,
    assert_tells_nothing,
    chosen,
    fingerprints,
    grade_in,
    watched,
)

from grader.channels.git.install import install
from grader.course.reading import find_course

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

CHOSEN = chosen(PUSHES)


class Server:
    """Bare repositories of several students, which share one folder of state."""

    def __init__(self, root: Path) -> None:
        self.root, self.vault = root, Vault(root / "vault")
        self.state = root / "state"
        self.started: set[int] = set()
        self.before = self.untouched()
        self.temporary = self.folders()

    def bare(self, student: str) -> Path:
        folder = self.root / student / f"{student}.git"
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
        install(folder, find_course(self.vault.root), state=self.state, student=student)
        return folder

    def start(self, work: Path, *refs: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["git", "-C", str(work), "push", "--quiet", "origin", *(refs or ("main",))],
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def pushed(self, process: subprocess.Popen[bytes]) -> str:
        """Let a push end, and return what the hook said."""
        (_, error), started = watched(process)
        self.started |= started
        assert process.returncode == 0, error
        lines = [line for line in error.split("\n") if line.startswith("remote:")]
        return "\n".join(line.removeprefix("remote:").strip() for line in lines)

    def honest(self, student: str) -> str:
        """Push honest work of somebody new; return the grade."""
        work = clone(self.bare(student))
        commit(work, small=HONEST)
        self.pushed(self.start(work))
        return grade_in(self.stored(student))

    def stored(self, student: str) -> dict[str, object]:
        (path,) = (self.state / "results" / student).glob("*/small.json")
        (report,) = json.loads(path.read_text("utf-8"))["submissions"]
        return report

    def untouched(self) -> dict[str, str]:
        return fingerprints(self.vault.root)

    def folders(self) -> set[Path]:
        return set(Path(tempfile.gettempdir()).glob("grader-push-*")) | set(Path("/tmp").glob("chainrule-pwned*"))

    def assert_leaves_nothing(self) -> None:
        assert gone(self.started)
        assert until(lambda: self.folders() <= self.temporary)
        assert self.untouched() == self.before
        assert list(self.root.rglob("pwned")) == []
        assert (self.state / "errors.log").read_text("utf-8") == ""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    return Server(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module")
def alone(server: Server) -> str:
    return server.honest("first")


@pytest.mark.parametrize(("name", "attack"), CHOSEN.items(), ids=CHOSEN)
def test_push_earns_what_its_honest_work_is_worth(server: Server, alone: str, name: str, attack: Push):
    bare = server.bare(name)
    own = fingerprints(bare / "hooks", bare / "config", bare / "HEAD")
    work = attack.make(clone(bare), server.vault)

    told = server.pushed(server.start(work, *attack.refs))

    graded = list((server.state / "results" / name).glob("*/small.json"))
    if graded:
        assert_earns(server.stored(name), attack)
    else:
        assert (attack.earns, attack.said) == (None, "")
    assert attack.told in " ".join(told.split())
    assert_tells_nothing({"told": told})
    assert_is_plain({"told": told})
    assert fingerprints(bare / "hooks", bare / "config", bare / "HEAD") == own
    server.assert_leaves_nothing()


def test_honest_push_after_all_of_them_keeps_its_bytes(server: Server, alone: str):
    assert server.honest("last") == alone
    server.assert_leaves_nothing()


@pytest.mark.skipif(EVERY > 1, reason="each slot is held until a limit: run by make proof")
def test_slow_pushes_in_every_slot_let_an_honest_one_have_its_turn(server: Server, alone: str):
    works = [clone(server.bare(f"slow_{number}")) for number in range(max(2, os.cpu_count() or 1))]
    for work in works:
        commit(work, small=SLOW)
    slow = [server.start(work) for work in works]
    assert until(lambda: len(list((server.state / "locks").glob("slow_*"))) == len(slow))
    work = clone(server.bare("patient"))
    commit(work, small=HONEST)

    told = server.pushed(server.start(work))

    for process in slow:
        assert_tells_nothing({"told": server.pushed(process)})
    assert "other pushes are being graded; yours waits for its turn" in told
    assert grade_in(server.stored("patient")) == alone
    assert [server.stored(f"slow_{number}")["score"] for number in range(len(slow))] == [0.0] * len(slow)
    server.assert_leaves_nothing()
