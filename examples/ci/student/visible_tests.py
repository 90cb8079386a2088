"""Run the visible tests of every assignment in this repository, and say the results where a forge shows them.

`python visible_tests.py --form github|gitlab --reports DIR`, in the root of the repository. It needs `torch`,
`pytest` and `hypothesis`, as the tests do, and nothing else.

An assignment is a folder with `pytest.ini` and `exercises.py`. Its tests run in a process of their own, without the
variables of the job. Each folder gets a JUnit file in DIR. On GitHub there are remarks on the lines of the student's
functions and a summary, on GitLab `DIR/codequality.json`. Exit code 1 where a test fails; a folder in which nothing
is written yet fails nothing.

What this says is a help and no grade: the student may change the tests, this file, and what it prints.
"""

# ruff: noqa: INP001 - it is copied into the repositories of students
from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SECONDS = 900
MAX_TEXT = 3000
JOB_VARIABLES = ("GITHUB_", "ACTIONS_", "RUNNER_", "INPUT_", "CI_", "GITLAB_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """What the tests say of one exercise; `lines` are those of its definition, None in a notebook."""

    name: str
    passed: int
    tests: int
    begun: bool
    text: str
    file: str
    lines: tuple[int, int] | None

    @property
    def right(self) -> bool:
        """Whether all of its tests pass."""
        return self.passed == self.tests

    @property
    def state(self) -> str:
        """What to say of it in one line."""
        if not self.begun:
            return "not written yet"
        return f"{self.passed} of {self.tests} test{'' if self.tests == 1 else 's'} pass"


def main() -> int:
    """Run everything; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--form", choices=["github", "gitlab"], required=True)
    parser.add_argument("--reports", type=Path, required=True)
    options = parser.parse_args()
    reports = options.reports.resolve()
    reports.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[Exercise]] = {}
    for folder in folders():
        with unread(options.form):
            output = run(folder, reports / f"{folder.name}.xml")
        found[folder.name] = results(folder, reports / f"{folder.name}.xml", output)
    if not found:
        sys.stdout.write("there is no assignment here: no folder with pytest.ini and exercises.py\n")
        return 1
    if options.form == "github":
        sys.stdout.write("".join(map(command, remarks(found))))
        if path := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(summary(found))
    else:
        entries = [quality(item) for item in remarks(found)]
        (reports / "codequality.json").write_text(json.dumps(entries, indent=1) + "\n", "utf-8")
    return 1 if list(remarks(found)) else 0


def folders() -> list[Path]:
    """Return the assignments below the current folder, at most two levels deep."""
    found = [path.parent for depth in ("", "*/", "*/*/") for path in Path().glob(f"{depth}pytest.ini")]
    return sorted(path.resolve() for path in found if (path / "exercises.py").is_file() and "." not in str(path)[:1])


@contextlib.contextmanager
def unread(form: str) -> Iterator[None]:
    """Print what students wrote where GitHub takes no line as a command."""
    mark = secrets.token_hex(16)
    begin, end = (f"::stop-commands::{mark}\n", f"\n::{mark}::\n") if form == "github" else ("", "")
    show(begin)
    try:
        yield
    finally:
        show(end)


def show(text: str) -> None:
    """Print at once, in order with what processes print."""
    sys.stdout.write(text)
    sys.stdout.flush()


def run(folder: Path, junit: Path) -> str:
    """Run the tests of one folder, show what they print, and return it; `junit` is not there where they end early."""
    junit.unlink(missing_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(JOB_VARIABLES)}
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={junit}"],
        cwd=folder,
        env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            data, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            data = process.communicate()[0] + f"\nthe tests took more than {SECONDS} s\n".encode()
    output = data.decode("utf-8", "replace")
    show(output)
    return output


def results(folder: Path, junit: Path, output: str) -> list[Exercise]:
    """Read the JUnit file; where no test ran, the assignment itself is what is not right."""
    cases: dict[str, list[str | None]] = {name: [] for name in constant(folder / "exercises.py", "POINTS")}
    stray = f"no test ran to its end:\n{output[-1000:]}"
    try:
        # The student's own process wrote it, in the student's own job.
        for case in ET.parse(junit).iter("testcase"):  # noqa: S314
            problems = [item.text or item.get("message") or "" for item in case if item.tag in ("failure", "error")]
            marks = [item.get("value", "") for item in case.iter("property") if item.get("name") == "exercise"]
            for name in cases.keys() & set(marks):
                cases[name].append(problems[0] if problems else None)
            if problems and not marks:
                stray = problems[0]
    except (OSError, ET.ParseError):
        pass
    said = re.findall(r"^tested: (\S+\.(?:py|ipynb))", output, re.MULTILINE)
    file = folder / Path(said[-1] if said else f"{folder.name}.py").name
    if not any(cases.values()):
        return [exercise(folder.name, [stray], file)]
    return [exercise(name, problems, file) for name, problems in cases.items() if problems]


def exercise(name: str, problems: list[str | None], file: Path) -> Exercise:
    """Return what the tests of one exercise say."""
    texts = [text for text in problems if text is not None]
    return Exercise(
        name=name,
        passed=len(problems) - len(texts),
        tests=len(problems),
        begun=not texts
        or len(texts) < len(problems)
        or any(f"`{name}` is not written yet" not in text for text in texts),
        text=clean(texts[0]) if texts else "",
        file=file.relative_to(Path.cwd()).as_posix(),
        lines=definition(file, name),
    )


def constant(path: Path, name: str) -> dict[str, float]:
    """Return a constant of a module without running it, or nothing."""
    try:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets):
                return dict(ast.literal_eval(node.value))
    except (OSError, ValueError, SyntaxError, TypeError):
        pass
    return {}


def definition(path: Path, name: str) -> tuple[int, int] | None:
    """Return the first and last line of what counts as `name` in a module: its last definition."""
    try:
        body = ast.parse(path.read_text("utf-8-sig")).body if path.suffix == ".py" else []
    except (OSError, ValueError, SyntaxError, RecursionError):
        return None
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = [node for node in body if isinstance(node, kinds) and node.name == name]
    return (found[-1].lineno, found[-1].end_lineno or found[-1].lineno) if found else None


def clean(text: str) -> str:
    """Return a text without control and direction characters, of limited length."""
    return "".join(
        char if char in "\n\t" or unicodedata.category(char)[0] != "C" else "\ufffd" for char in text[:MAX_TEXT]
    ).strip()


def remarks(found: dict[str, list[Exercise]]) -> Iterator[Exercise]:
    """Return the exercises that are not right, of the assignments that are begun."""
    for exercises in found.values():
        if any(item.begun for item in exercises):
            yield from (item for item in exercises if not item.right)


def command(item: Exercise) -> str:
    """Return a remark as a workflow command: one line, in which nothing ends it."""
    where = {"file": item.file}
    if item.lines is not None:
        where |= {"line": str(item.lines[0]), "endLine": str(item.lines[1])}
    where["title"] = f"{item.name}: {item.state}"
    escaped = ",".join(f"{key}={escape(value).replace(':', '%3A').replace(',', '%2C')}" for key, value in where.items())
    return f"::{'error' if item.begun else 'notice'} {escaped}::{escape(item.text)}\n"


def escape(text: str) -> str:
    """Escape a text as GitHub's runner expects it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def quality(item: Exercise) -> dict[str, object]:
    """Return a remark as an entry of GitLab's code quality report."""
    return {
        "description": f"{item.name}: {item.state}\n{item.text}",
        "check_name": item.name,
        "fingerprint": hashlib.sha256(json.dumps([item.file, item.name]).encode()).hexdigest(),
        "severity": "major" if item.begun else "info",
        "location": {"path": item.file, "lines": {"begin": item.lines[0] if item.lines else 1}},
    }


def summary(found: dict[str, list[Exercise]]) -> str:
    """Return a line for each exercise as Markdown; it holds only names and numbers."""
    lines: list[str] = []
    for name, exercises in found.items():
        width = max((len(item.name) for item in exercises), default=0)
        lines += [f"## `{re.sub('[^A-Za-z0-9_.-]', '_', name)}`", "", "```text"]
        lines += [f"{item.name:{width}}  {item.state}" for item in exercises]
        lines += ["```", ""]
    return "\n".join([*lines, "These are the visible tests; the grade comes from further ones on other data."]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
