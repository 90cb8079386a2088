"""What a student pushes who wants more than a grade, as commits in a repository of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pushes import git
from redteam.notebooks import HALF
from redteam.packed import BESIDE, OBEYED
from redteam.vault import RIGHT, Attack, Vault

__all__ = ["PUSHES", "SLOW", "Push"]

SHELL = "$(touch${IFS}pwned)`id`'\";|&<b>\u202e-x"
SLOW = "import time\n" + HALF.replace("    return", "    time.sleep(60)\n    return")


@dataclass(frozen=True)
class Push(Attack):
    """A push: `make` commits in a work tree, and `refs` are pushed; `told` is a part of what the student reads."""

    refs: tuple[str, ...] = field(default=("main",), kw_only=True)
    told: str = field(default="", kw_only=True)


def said(work: Path, *words: str, given: bytes = b"") -> str:
    return git(work, *words, input=given).stdout.decode().strip()


def stored(work: Path, text: str) -> str:
    return said(work, "hash-object", "-w", "--stdin", given=text.encode())


def saved(work: Path, *words: str) -> Path:
    git(work, *words, "commit", "--quiet", "--allow-empty", "--message", "work")
    return work


def by_files(
    goal: str, files: dict[str, str] | Callable[[], dict[str, str]], earns: float | None = 4.0, **more: object
) -> Push:
    def make(work: Path, _: Vault) -> Path:
        for name, text in (files() if callable(files) else files).items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(text, "utf-8")
        git(work, "add", "--all", "--force")
        return saved(work)

    return Push(goal, make, earns, **more)  # type: ignore[arg-type]


def by_tree(goal: str, lines: Callable[[Path, str], list[str]], earns: float | None = 4.0, **more: object) -> Push:
    """Return a push of a tree that no work tree could hold: `lines` are what `git ls-tree` would say of it."""

    def make(work: Path, _: Vault) -> Path:
        blob = stored(work, HALF)
        tree = written(work, lines(work, blob))
        commit = said(work, "commit-tree", tree, "-m", "work")
        git(work, "update-ref", "refs/heads/main", commit)
        return work

    return Push(goal, make, earns, **more)  # type: ignore[arg-type]


def written(work: Path, lines: list[str]) -> str:
    """Write a tree whose names git itself would refuse."""
    entries = [line.split(" ", 2) for line in lines]
    data = b"".join(
        f"{mode} {name}".encode("utf-8", "surrogateescape") + b"\0" + bytes.fromhex(key) for mode, key, name in entries
    )
    return said(work, "hash-object", "-t", "tree", "--literally", "-w", "--stdin", given=data)


def many_trees(work: Path, blob: str) -> list[str]:
    below = [f"100644 {blob} small_{number:02}.py" for number in range(20)]
    for _ in range(9):
        tree = written(work, below)
        below = [f"40000 {tree} d{number:02}" for number in range(20)]
    return below


def leading_out(work: Path, blob: str) -> list[str]:
    inner = written(work, [f"100755 {blob} post-receive", f"100644 {blob} small.py"])
    files = [f"100644 {blob} {name}" for name in ("../small.py", "/tmp/chainrule-pwned.py", ".git/small.py")]
    folders = [f"40000 {inner} {name}" for name in ("..", ".", ".git", "hooks")]
    return [*files, *folders, f"100644 {blob} small.py"]


def filtered(work: Path, blob: str) -> list[str]:
    return [f"100644 {stored(work, ATTRIBUTES)} .gitattributes", f"100644 {blob} small.py"]


def with_a_module(work: Path, blob: str) -> list[str]:
    inner = written(work, [f"100644 {blob} small.py"])
    return [f"100644 {stored(work, SUBMODULE)} .gitmodules", f"40000 {inner} a", f"160000 {blob} small.py"]


def obeyed(_: Path, blob: str) -> list[str]:
    return [f"100644 {blob} {name}.py" for name in sorted(OBEYED)]


def replaced(work: Path, _: Vault) -> Path:
    (work / "small.py").write_text(HALF)
    git(work, "add", "--all")
    old, new = (stored(work, text) for text in (HALF, RIGHT))
    git(work, "update-ref", f"refs/replace/{old}", new)
    return saved(work)


def authored(work: Path, _: Vault) -> Path:
    (work / "small.py").write_text(HALF)
    git(work, "add", "--all")
    name = "\x1b[2J\u202e::set-output name=score::6 $(touch pwned)"
    message = "::error::x\n\x1b]0;x\x07" * 9999
    author = {"GIT_AUTHOR_NAME": name, "GIT_COMMITTER_NAME": name}
    git(work, "commit", "--quiet", "--file", "-", input=message.encode(), variables=author)
    return work


def linked(work: Path, vault: Vault) -> Path:
    (work / "small.py").symlink_to(vault.reference)
    git(work, "add", "--all")
    return saved(work)


def linked_folder(work: Path, vault: Vault) -> Path:
    (work / "small").symlink_to(vault.reference.parent)
    (work / "a").symlink_to(vault.reference.parent)
    git(work, "add", "--all")
    return saved(work)


SUBMODULE = '[submodule "small.py"]\n\tpath = small.py\n\turl = ext::sh -c touch% pwned\n\tupdate = !touch pwned\n'
ATTRIBUTES = "*.py filter=evil diff=evil merge=evil ident export-subst working-tree-encoding=UTF-16 eol=crlf text\n"
REPOSITORY = {
    "hooks/post-receive": "#!/bin/sh\ntouch pwned\n",
    "config": "[core]\n\thooksPath = hooks\n[grader]\n\tcourse = /\n",
    "HEAD": "ref: refs/heads/main\n",
    ".github/workflows/grade.yml": "on: push\njobs: {}\n",
    "solutions/small/assignment.toml": BESIDE["assignment.toml"],
}
BESIDE_OF_GIT = {name: text for name, text in BESIDE.items() if not name.startswith(".git/")}  # which git never adds
PUSHES = {
    "branches": by_files(
        "a command or an option by a branch",
        {"small.py": HALF},
        refs=("main", f"main:refs/heads/{SHELL}", "main:refs/heads/-x", "main:refs/heads/--git-dir=x", "main:refs/x/y"),
        told="is not graded: of several branches",
    ),
    "branch_alone": by_files("a command by a branch", {"small.py": HALF}, refs=("main:refs/heads/-x/`id`;$x",)),
    "no_branch": by_files("a grade by another ref", {"small.py": RIGHT}, None, refs=("main:refs/notes/x",)),
    "replaced": Push("other files for git than for who reads", replaced, 4.0, refs=("main", "refs/replace/*")),
    "submodule": by_tree("a program by a submodule", with_a_module),
    "linked": Push("points by the reference", linked, None, "a symbolic link"),
    "linked_folder": Push("points by the reference", linked_folder, None, told="nothing to grade"),
    "attributes": by_tree("a program by a filter", filtered),
    "leading_out": by_tree("a file outside of the folder", leading_out),
    "of_a_huge_file": by_files("memory", lambda: {"small.py": "#" * (2**24 + 1)}, None, said="the limit is"),
    "of_many_files": by_files(
        "time", lambda: {f"d{n % 9}/m{n}.py": "x" for n in range(5001)}, None, told="more than 5000 modules"
    ),
    "of_many_candidates": by_files(
        "time", lambda: {f"{number}/small.py": f"# {number}\n{HALF}" for number in range(21)}, None, said="hand in one"
    ),
    "of_endless_folders": by_tree("time", many_trees, None, told="this push is not graded"),
    "changes_the_tests": by_files("the course's own files", {"small.py": HALF, **BESIDE_OF_GIT, **REPOSITORY}),
    "obeyed": by_tree("a command by a name", obeyed),
    "authored": Push("a command by who wrote it", authored, 4.0),
}
