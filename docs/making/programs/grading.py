"""A class on a terminal, and the answer to a push."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from docs.making.programs.terminal import BIN, drawn, environment, printed, title_of
from docs.making.reference import ROOT

__all__ = ["CLASS", "PICTURES", "compare"]

CLASS = ROOT / "examples" / "class" / "gradient_descent"
SHOWN = ("amara", "bjorn", "chiara", "dmitri", "kevin", "lucia", "mateo", "mele", "oliver", "priya", "tane")
_COLUMNS = 118


def demo() -> bytes:
    """Draw eleven submissions, graded."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "class"
        place.mkdir()
        for name in SHOWN:
            (found,) = CLASS.glob(f"*_{name}.*")
            shutil.copy(found, place / found.name)
        command = ("grade", "class", "--audience", "staff", "--course", str(ROOT), "--write", "staff:json=report.json")
        text = printed(BIN / "grader", *command, folder=Path(folder), columns=_COLUMNS)
        compare(json.loads(Path(folder, "report.json").read_text("utf-8")))
    return drawn(title_of("grader grade class/ --audience staff") + text, "grader grade", _COLUMNS)


def compare(report: dict[str, Any]) -> None:
    """Raise unless every score is the one that the tests expect: on a busy machine what is right may time out."""
    golden = json.loads((ROOT / "tests" / "grader" / "cases" / "gradient_descent.json").read_text("utf-8"))
    for submission in report["submissions"]:
        name = Path(submission["submission"]).name
        if submission["score"] != golden[name]["score"]:
            raise ValueError(f"{name} has {submission['score']}, not {golden[name]['score']}; is the machine busy?")


def _git(folder: Path, *arguments: str) -> str:
    """Run git as anna, with nobody's own settings, and return what it says."""
    who = {f"GIT_{role}_{what}": "anna" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", "-C", folder, *arguments], env=environment() | who | alone, capture_output=True, text=True, check=True
    )
    return done.stderr


def push() -> bytes:
    """Draw what `git push` answers to one wrong gradient."""
    with tempfile.TemporaryDirectory() as folder:
        bare, work = Path(folder) / "anna.git", Path(folder) / "work"
        _git(Path(folder), "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
        printed(BIN / "grader", "hook", "install", str(bare), "--course", str(ROOT), folder=Path(folder), columns=80)
        _git(Path(folder), "init", "--quiet", "--initial-branch=main", str(work))
        shutil.copytree(ROOT / "assignments" / "gradient_descent", work / "gradient_descent")
        shutil.copy(CLASS / "gradient_descent_dmitri.py", work / "gradient_descent" / "gradient_descent.py")
        _git(work, "add", "--all")
        _git(work, "commit", "--quiet", "--message", "work")
        _git(work, "remote", "add", "origin", str(bare))
        said = _git(work, "push", "origin", "main")
    lines = [line.rstrip() for line in said.replace("\x1b[K", "").split("\n")]
    remote = [line for line in lines if line.startswith("remote:")]
    return drawn(title_of("git push") + "\n".join(remote), "git push", 84)


PICTURES = {"docs/demo.svg": demo, "docs/pictures/push.svg": push}
