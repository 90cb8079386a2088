"""What is checked before a commit is what `make lint` checks."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def lint_commands():
    """Return the commands of `make lint`, as hooks would call them: without the files that make names."""
    recipe = re.search(r"(?m)^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"))[1]
    lines = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe.splitlines()]
    return {re.sub(r" (\.|\$\(wildcard .*\))$", "", line) for line in lines}


def test_hooks_are_the_commands_of_make_lint():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]

    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    assert {hook["entry"].removesuffix(" --force-exclude") for hook in hooks} == lint_commands()
    assert {hook["language"] for hook in hooks} == {"system"}
