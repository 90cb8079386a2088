"""A small course that holds secrets, hostile submissions to it in any form, and what each of them is proved by."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from evidence import PROOF
from markdown_it import MarkdownIt
from processes import descendants, gone
from small_course import SmallCourse

__all__ = ["CANARY", "HONEST", "RIGHT", "Attack", "Graded", "Vault", "chosen"]

# No student's file holds these: the canary stands in all that is private, the numbers are scored inputs and answers.
CANARY = "chainrule-canary-of-the-vault"
SECRETS = (CANARY, "7319.0", "7319, ", "14638", "53567761")
FORMS = ("json", "jsonl", "junit", "markdown", "csv", "canvas", "moodle", "github", "codequality")
EVERY = 1 if PROOF else 12  # of the attacks; `make proof` tries them all
SECONDS = 540  # in which any run has to end; most take ten

RIGHT = "def double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
IDENTITY = ("submission", "student", "file", "seconds")
HONEST = RIGHT.replace("(x * x).mean()", "(x * x).sum()")
CHECKS = f'''
# {CANARY}

@check("double", "a scored input", kind=Kind.KNOWN)
def test_double_secret(student):
    """{CANARY}"""
    x = torch.tensor([7319.0], dtype=torch.float64)
    agree("double", {{"x": x}}, student.double(x), 2 * x, tolerance=TIGHT)
'''


@dataclass(frozen=True)
class Attack:
    """What somebody hands in.

    `make` gets a path in the folder of the class, and returns what it wrote: a file beside that path, or what is to be
    the only child of a folder there. It may ask the course where what it wants lies. `earns` are the points of the
    honest work in it, None where there is none that can be read; `said` is a part of what its staff reads.
    """

    goal: str
    make: Callable[[Path, Vault], Path]
    earns: float | None
    said: str = ""


class Vault(SmallCourse):
    """The small course with a canary in each private file, and one scored input that nobody guesses."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        suite = root / "tests" / "hidden" / "test_small.py"
        suite.write_text(suite.read_text("utf-8") + CHECKS, "utf-8")
        self.edit("solutions/small/small.py", "    ### END", f"    # {CANARY}\n    ### END")
        self.edit("solutions/small/assignment.toml", "[limits]", f"# {CANARY}\n[limits]")

    @property
    def reference(self) -> Path:
        return self.root / "solutions" / "small" / "small.py"


def chosen(attacks: dict[str, Attack], *always: str) -> dict[str, Attack]:
    """Return every attack for the long evidence, else every twelfth and those that are tried always."""
    return {name: item for number, (name, item) in enumerate(attacks.items()) if number % EVERY == 0 or name in always}


def fingerprints(*folders: Path) -> dict[str, str]:
    """Return of each file below the folders what it is, and the hash of what is in it; links are not followed."""
    found = {}
    for path in (path for folder in folders for path in [folder, *sorted(folder.rglob("*"))]):
        mode = path.lstat().st_mode
        if "__pycache__" not in path.parts:
            small = stat.S_ISREG(mode) and path.stat().st_size < 2**27 and os.access(path, os.R_OK)
            found[str(path)] = f"{mode} {hashlib.sha256(path.read_bytes()).hexdigest() if small else ''}"
    return found


class Run(Protocol):
    """A run that is over: what it left in its temporary folder, what it changed, and what it started."""

    left: list[str]
    changed: set[tuple[str, str]]
    started: set[int]


def watched(process: subprocess.Popen[bytes]) -> tuple[tuple[str, str], set[int]]:
    """Let a process end in time; return what it printed, and all processes that it started."""
    started: set[int] = set()

    def watch() -> None:
        while process.poll() is None:
            started.update(descendants(process.pid))
            time.sleep(0.05)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        out, error = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
        watching.join()
    return (out.decode("utf-8"), error.decode("utf-8")), started


class Graded:
    """A class as `grader grade` graded it in a process of its own: all that it said, and all that it left."""

    def __init__(self, folder: Path, vault: Vault, attacks: dict[str, Attack], *options: str) -> None:
        self.attacks, self.vault = attacks, vault
        self.handed_in, self.told = folder / "class", folder / "told"
        self.temporary = folder / "temporary"
        for path in (self.handed_in, self.told, self.temporary):
            path.mkdir(parents=True)
        made: list[tuple[str, str]] = []  # what is graded, and what it is here
        for number, (name, attack) in enumerate(attacks.items()):
            if number % 8 == 0:
                made.append((self._honest(f"{number:03}_honest.py"), f"honest_{number}"))
            path = attack.make(self.handed_in / f"{number:03}_{name}", vault)
            made.append((path.relative_to(self.handed_in).parts[0], name))
        made.append((self._honest("999_honest.py"), "honest_last"))
        before = fingerprints(self.handed_in, vault.root)
        self._run([path for path, _ in made], options)
        self.changed = before.items() ^ fingerprints(self.handed_in, vault.root).items()
        self.left = sorted(path.name for path in self.temporary.iterdir())
        found = json.loads((self.told / "staff.json").read_text("utf-8"))["submissions"]
        self.reports = dict(zip([name for _, name in made], found, strict=True))

    def _honest(self, name: str) -> str:
        (self.handed_in / name).write_text(HONEST, "utf-8")
        return name

    def _run(self, paths: list[str], options: tuple[str, ...]) -> None:
        written = [f"--write=student:{form}={self.told / form}" for form in FORMS]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GRADER_", "GITHUB_"))}
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "grader", "grade", "--course", str(self.vault.root), "--assignment", "small"),
                *(*written, f"--write=staff:json={self.told / 'staff.json'}", *options, "--"),
                *paths,
            ],
            cwd=self.handed_in,
            env={**kept, "TMPDIR": str(self.temporary), "CHAINRULE_TEST_SECRET": CANARY, "COLUMNS": "100"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        (self.out, self.error), self.started = watched(process)
        self.code = process.returncode
        assert (self.told / "staff.json").exists(), self.error

    def document(self, name: str) -> str:
        return grade_in(self.reports[name])

    @property
    def honest(self) -> list[str]:
        return [name for name in self.reports if name.startswith("honest")]

    def texts(self) -> dict[str, str]:
        """Return all that a student could come to see, by where it is."""
        return {"out": self.out, "error": self.error} | {form: (self.told / form).read_text("utf-8") for form in FORMS}


def grade_in(report: dict[str, object]) -> str:
    """Return the grade of a submission as bytes, but for its name and what the clock says."""
    return json.dumps({key: value for key, value in report.items() if key not in IDENTITY}, sort_keys=True)


# --- what is proved of each --------------------------------------------------------------------------


def assert_earns(report: dict[str, object], attack: Attack) -> None:
    assert report["score"] == attack.earns, (attack.goal, report["notes"])
    assert report["status"] == ("unreadable" if attack.earns is None else "graded"), attack.goal
    assert attack.said in json.dumps(report, ensure_ascii=False), (attack.goal, report["notes"])


def assert_tells_nothing(texts: dict[str, str]) -> None:
    for place, text in texts.items():
        assert [text[max(0, at - 200) : at + 200] for secret in SECRETS if (at := text.find(secret)) >= 0] == [], place


def assert_is_plain(texts: dict[str, str]) -> None:
    """No text is obeyed: not by a terminal, a runner of jobs, a spreadsheet or a page."""
    for place, text in texts.items():
        assert not re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text), place
        begun = {line.split()[0] for line in text.splitlines() if line.lstrip().startswith("::") or "##[" in line}
        assert begun <= ({"::error", "::warning", "::notice"} if place == "github" else set()), place
    for form in ("csv", "canvas", "moodle"):
        for row in csv.reader(io.StringIO(texts.get(form, ""))):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))], form
    page = MarkdownIt("commonmark").enable("table").render(texts.get("markdown", ""))
    assert not re.search(r"<(script|img|svg|iframe|a)\b", page)


def assert_exits_as_ever(graded: Graded, alone: Graded) -> None:
    assert (graded.code, alone.code) == (0, 0)
    assert {line for line in graded.error.splitlines() if not re.search(r" (min|s) left$", line)} == set()


def assert_honest_work_keeps_its_bytes(graded: Graded, alone: Graded) -> None:
    assert len(graded.honest) >= 2
    assert {graded.document(name) for name in graded.honest} == {alone.document("honest_last")}


def assert_leaves_nothing(run: Run) -> None:
    assert run.left == []
    assert run.changed == set()
    assert gone(run.started)
