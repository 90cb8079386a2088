"""Nothing private leaves: not in the wheel, the sdist, the release, a report or a student's terminal."""

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.course.reading import find_course, load_assignment
from grader.handout.release import bytes_of

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach

ROOT = Path(__file__).parents[2]
COURSE = find_course(ROOT)
CANARY = "chainrule-canary-"
PRIVATE_FOLDERS = ("solutions", "tests", "examples", "benchmarks", "docs")


def private_files():
    return [
        path
        for folder in ("solutions", "tests/hidden")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and path.suffix in (".py", ".toml") and not path.name.startswith("test_")
    ] + sorted((ROOT / "tests" / "hidden").glob("test_*.py"))


@pytest.mark.parametrize("path", private_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_private_file_carries_the_canary(path):
    assert CANARY in path.read_text("utf-8")


def test_every_hidden_file_is_a_private_one():
    hidden = set((ROOT / "tests" / "hidden").glob("*.py"))

    assert ROOT / "tests" / "hidden" / "shared.py" in hidden
    assert hidden <= set(private_files())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    contents = {}
    for path in folder.iterdir():
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                contents["wheel"] = {name: wheel.read(name) for name in wheel.namelist()}
        else:
            with tarfile.open(path) as sdist:
                files = [member for member in sdist.getmembers() if member.isfile()]
                contents["sdist"] = {
                    member.name.partition("/")[2]: sdist.extractfile(member).read() for member in files
                }
    return contents


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_distribution_holds_the_engine_and_nothing_private(built, kind):
    names = built[kind]

    allowed = re.compile(
        r"grader/.*\.py|grader/py\.typed|grader/channels/nbgrader/templates/(chainrule_feedback/(conf\.json|index\.html\.j2)|feedback_cell\.html\.j2)|"
        r"grader/handout/templates/check\.html\.j2|"
        r"grader/languages/(grader\.pot|ko/LC_MESSAGES/grader\.[mp]o)|"
        r"grader/authoring/templates/\w+\.(toml|py)\.template|"
        r"grader/classes/templates/(page\.css|report\.js|(report|student)\.html\.j2)|"
        r"chainrule-[^/]*\.dist-info/.*|README\.md|LICENSE|PKG-INFO|pyproject\.toml|\.gitignore"
    )
    assert [name for name in names if not allowed.fullmatch(name)] == []
    assert "grader/commands/cli.py" in names
    assert not any(name.startswith(PRIVATE_FOLDERS) for name in names)


def solutions_of(name):
    reference = load_assignment(COURSE, name).reference.read_text("utf-8")
    return [text.strip() for text in re.findall(r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", reference, re.DOTALL)]


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_distribution_carries_no_canary_and_no_reference(built, kind):
    solutions = [solution for name in COURSE.names for solution in solutions_of(name) if len(solution) > 40]

    for name, data in built[kind].items():
        text = data.decode("utf-8", "replace")
        assert CANARY not in text, name
        assert not any(solution in text for solution in solutions), name


def code_in(name, text):
    """The code of a released file, as a student reads it."""
    if not name.endswith(".ipynb"):
        return text
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")


@pytest.mark.parametrize("assignment_name", COURSE.names)
def test_release_carries_no_canary_no_solution_and_no_hidden_check(assignment_name):
    assignment = load_assignment(COURSE, assignment_name)
    hidden = assignment.hidden_suite.read_text("utf-8")
    checks = re.findall(r"^def (test_\w+)", hidden, re.MULTILINE)

    for name, data in bytes_of(assignment).items():
        text = data.decode("utf-8", "replace")
        code = code_in(name, text)
        assert CANARY not in text, name
        assert "SOLUTION" not in text, name
        assert not any(f"def {check}(" in code for check in checks), name
        if name in (f"{assignment_name}.py", f"{assignment_name}.ipynb"):
            lines = {line.strip() for line in code.splitlines()}
            assert not any(solution in lines for solution in solutions_of(assignment_name)), name
            assert not any(solution in code for solution in solutions_of(assignment_name) if "\n" in solution), name


def test_an_isolated_interpreter_cannot_import_the_course():
    command = [sys.executable, "-P", "-s", "-c", "import grader, solutions"]

    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)

    assert "No module named 'solutions'" in done.stderr
