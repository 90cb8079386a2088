"""Grade a submission by the visible tests, for Classroom 50: writes `result.json`, `classroom50/result/v1`.

Put it into the classroom's `autograders/<slug>/`, and beside it what `grader release --out DIR NAME` wrote:
test_NAME.py, exercises.py, conftest.py, pytest.ini and the folder _course. The job has to have
torch, pytest and hypothesis.

This runs in the student's own job, and the student can read all of it: so it holds no hidden test, and its score
is a help that can be forged. The grade is made elsewhere, with `grader grade`, where the student can't write.

Only NAME.py and NAME.ipynb are taken from the checkout, as plain files; everything else is the bundle's. An exercise
has its points where all of its tests pass. Every grading outcome ends with exit code 0, as Classroom 50 asks;
another one says that the bundle or the job is broken.
"""

# ruff: noqa: INP001 - it is copied into a classroom
from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TypedDict

SECONDS = 600
MAX_BYTES = 16 * 2**20
MAX_TEXT = 2000
JOB_VARIABLES = ("GITHUB_", "ACTIONS_", "RUNNER_", "INPUT_", "CLASSROOM")
TAG = re.compile(r"submit/(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z-[0-9a-f]+")


Test = TypedDict("Test", {"test-name": str, "passed": bool, "score": int, "max-score": int, "message": str})


def main() -> None:
    """Run the tests and write result.json into the current folder."""
    checkout = Path.cwd()
    bundle = Path(os.environ.get("CLASSROOM50_BUNDLE_DIR") or Path(__file__).parent)
    names = [path.stem.removeprefix("test_") for path in sorted(bundle.glob("test_*.py"))]
    if len(names) != 1:
        sys.exit(f"{bundle} has to hold one test_NAME.py, and there are {len(names)}")
    (name,) = names
    points = points_of(bundle / "exercises.py")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / name
        folder.mkdir()
        for file in (f"test_{name}.py", "exercises.py", "conftest.py", "pytest.ini"):
            shutil.copyfile(bundle / file, folder / file)
        shutil.copytree(bundle / "_course", folder / "_course")
        handed_in = [file for file in (f"{name}.py", f"{name}.ipynb") if take(checkout, file, folder)]
        junit = Path(temporary) / "junit.xml"
        problem = "" if handed_in else f"there is neither {name}.py nor {name}.ipynb in the repository"
        problem = problem or run(folder, junit)
        texts, stray = read(junit, points)
    tests = [test(item, worth, texts[item], problem or stray) for item, worth in points.items()]
    score = sum(item["score"] for item in tests)
    result = {**identity(), "score": score, "max-score": sum(points.values()), "tests": tests}
    if (checkout / "result.json").is_dir() and not (checkout / "result.json").is_symlink():
        shutil.rmtree(checkout / "result.json")
    (checkout / "result.json").unlink(missing_ok=True)  # it may be a link of the student's
    (checkout / "result.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")


def take(checkout: Path, file: str, folder: Path) -> bool:
    """Copy a file of the student's, from the root of the checkout or the folder of the assignment; no link."""
    for path in (checkout / file, checkout / folder.name / file):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            continue
        with os.fdopen(descriptor, "rb") as source:
            status = os.fstat(descriptor)
            if stat.S_ISREG(status.st_mode) and status.st_size <= MAX_BYTES:
                (folder / file).write_bytes(source.read(MAX_BYTES))
                return True
    return False


def run(folder: Path, junit: Path) -> str:
    """Run the tests; return what to say where they did not come to their end, or ""."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(JOB_VARIABLES)}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={junit}"]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # not into the log: what students print is no command there
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return f"the tests took more than {SECONDS} s"
    return ""


def read(junit: Path, points: dict[str, int]) -> tuple[dict[str, list[str | None]], str]:
    """Return for each exercise what its tests say, None where one passes; and what stopped all of them, or ""."""
    found: dict[str, list[str | None]] = {name: [] for name in points}
    stray = ""
    try:
        # The student's own process wrote it, in the student's own job.
        for case in ET.parse(junit).iter("testcase"):  # noqa: S314
            problems = [item.text or item.get("message") or "" for item in case if item.tag in ("failure", "error")]
            marks = [item.get("value", "") for item in case.iter("property") if item.get("name") == "exercise"]
            for name in found.keys() & set(marks):
                found[name].append(problems[0] if problems else None)
            if problems and not marks:
                stray = problems[0]
    except (OSError, ET.ParseError):
        stray = "the tests ended early: does the code end the process?"
    return found, "" if any(found.values()) else stray


def test(name: str, points: int, texts: list[str | None], problem: str) -> Test:
    """Return what result.json says of one exercise."""
    failed = [text for text in texts if text is not None]
    passed = bool(texts) and not failed and not problem
    said = problem or (failed[0] if failed else "" if texts else "no test of it ran")
    return {
        "test-name": name,
        "passed": passed,
        "score": points if passed else 0,
        "max-score": points,
        "message": f"{len(texts) - len(failed)} of {len(texts)} tests pass\n{said[:MAX_TEXT]}".strip(),
    }


def points_of(path: Path) -> dict[str, int]:
    """Return POINTS of exercises.py, in hundredths where one of them is not whole, since scores are integers."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and [to.id for to in node.targets if isinstance(to, ast.Name)] == ["POINTS"]:
            points = {str(name): float(worth) for name, worth in ast.literal_eval(node.value).items()}
            scale = 1 if all(worth.is_integer() for worth in points.values()) else 100
            return {name: round(scale * worth) for name, worth in points.items()}
    sys.exit(f"there is no POINTS in {path}")


def identity() -> dict[str, str]:
    """Return what Classroom 50's runner says of the submission."""
    variables = ("CLASSROOM", "ASSIGNMENT", "USERNAME", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
    missing = [name for name in variables if not os.environ.get(name)]
    if missing:
        sys.exit(f"{', '.join(missing)} is not set; Classroom 50's runner sets it")
    tag = os.environ["SUBMISSION_TAG"]
    found = TAG.fullmatch(tag)
    if found is None:
        sys.exit(f"SUBMISSION_TAG is {tag!r}; it has to be submit/<time>-<commit>")
    kind = os.environ.get("MODE", "").strip().lower()
    return {
        "schema": "classroom50/result/v1",
        "classroom": os.environ["CLASSROOM"],
        "assignment": os.environ["ASSIGNMENT"],
        "assignment_type": kind if kind in ("individual", "group", "team") else "individual",
        "owner": os.environ["USERNAME"],
        "submission": tag,
        "commit": os.environ["COMMIT_URL"],
        "release": os.environ["RELEASE_URL"],
        "review": os.environ.get("REVIEW_URL") or os.environ["COMMIT_URL"],
        "datetime": f"{found[1]}T{found[2]}:{found[3]}:{found[4]}Z",
    }


if __name__ == "__main__":
    main()
