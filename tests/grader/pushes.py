"""Real pushes to a bare repository with the hook, and what was stored of them."""

import json
import os
import subprocess

IDENTITY = {f"GIT_{who}_{what}": "anna@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder, *arguments, check=True, variables=None, **options):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment = kept | IDENTITY | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | (variables or {})
    return subprocess.run(
        ["git", "-C", folder, *arguments], capture_output=True, check=check, env=environment, timeout=300, **options
    )


def clone(bare, name="work"):
    folder = bare.parent / name
    git(bare.parent, "init", "--quiet", "--initial-branch=main", folder)
    git(folder, "remote", "add", "origin", bare)
    git(folder, "config", "core.compression", "1")
    return folder


def commit(work, **sources):
    for name, source in sources.items():
        (work / f"{name}.py").write_text(source, "utf-8")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--allow-empty", "--message", "work")
    return git(work, "rev-parse", "HEAD").stdout.decode().strip()


def push(work, *refs):
    """Push, and return what the student reads."""
    return git(work, "push", *(refs or ("origin", "main"))).stderr.decode("utf-8")


def stored(bare, commit):
    return json.loads((bare / "grader" / "results" / "anna" / commit / "small.json").read_text("utf-8"))
