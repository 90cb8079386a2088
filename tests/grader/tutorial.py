"""Follow a page literally: write what it says to write, run its commands, and compare what it shows of them.

Three forms of text mean something: a block of code behind "Append to `FILE`:" or "Below the first line of `FILE`,
write:", a sentence "In `FILE`, write `NEW` in place of `OLD`.", and a block `console`, in which `$ ` begins a command
and what follows is what it prints. There `...` stands for any text in a line, and alone for any lines.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_WRITTEN = re.compile(r"(Append to|Below the first line of) `([^`]+)`[^\n]*:\n+\Z")
_CHANGED = re.compile(r"In `([^`]+)`, write `([^`]+)` in place of `([^`]+)`\.")


@dataclass(frozen=True)
class Step:
    """What the page says at a line: a command with what it prints, or a file to write."""

    line: int
    kind: str
    what: str
    text: str
    old: str = ""


def steps_of(page):
    found = [
        (match.start(), Step(_line(page, match), "change", match[1], match[2], match[3]))
        for match in _CHANGED.finditer(page)
    ]
    for match in _BLOCK.finditer(page):
        if match[1] == "console":
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", match[2], re.MULTILINE):
                found.append((match.start(), Step(_line(page, match), "run", command, shown)))
        elif said := _WRITTEN.search(page[: match.start()]):
            found.append((match.start(), Step(_line(page, match), said[1], said[2], match[2])))
    return [step for _, step in sorted(found, key=lambda item: item[0])]


def follow(step, folder):
    """Do what a step says in a folder; return where to go on, and what a command prints."""
    if step.kind == "run":
        return _run(step.what, folder)
    path = folder / step.what
    text = path.read_text("utf-8")
    if step.kind == "change":
        assert text.count(step.old) == 1, step
        text = text.replace(step.old, step.text)
    elif step.kind == "Append to":
        text = f"{text}\n\n{step.text}"
    else:
        text = f"{text.splitlines()[0]}\n{step.text}"
    path.write_text(text, "utf-8")
    return folder, ""


def _run(command, folder):
    words = command.split()
    if words[0] == "mkdir":
        (folder / words[1]).mkdir()
        return folder, ""
    if words[0] == "cd":
        return folder / words[1], ""
    assert words[0] == "grader", command
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GRADER_", "PYTEST"))}
    done = subprocess.run(
        [sys.executable, "-P", "-m", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return folder, done.stdout + done.stderr


def shows(shown, printed):
    """Say whether what a page shows is what was printed."""
    pattern = "".join(
        "(?:.*\n)*?" if line.strip() == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
        for line in shown.rstrip("\n").split("\n")
    )
    return re.fullmatch(pattern if shown else "", printed) is not None


def _line(page, match):
    return page.count("\n", 0, match.start()) + 1
