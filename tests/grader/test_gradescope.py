"""The package for Gradescope: what is in it, how it runs there, what a student reads, and when it gives no score."""

import base64
import csv
import hashlib
import importlib.metadata
import io
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from test_formats import NASTY, report_of
from test_report import any_text, make_check, make_exercise, make_report, make_submission, unreadable

import grader
import grader.version
from grader.channels.gradescope.package import package_gradescope
from grader.channels.gradescope.run import Metadata, limited, main, read_metadata
from grader.course.assignment import FeedbackLevel
from grader.course.reading import find_course, load_assignment
from grader.errors import GraderError, UsageError
from grader.formats.gradescope import VISIBILITIES, to_gradescope
from grader.outcomes import Status
from grader.packaging.archive import pack
from grader.packaging.wheel import build_wheel, pinned_versions
from grader.report.attempts import Told, fingerprint
from grader.report.report import SubmissionStatus

ROOT = Path(__file__).parents[2]
COURSE = find_course(ROOT)
CLASS = ROOT / "examples" / "class" / "gradient_descent"
RIGHT, WRONG = (CLASS / f"gradient_descent_{name}.py" for name in ("amara", "dmitri"))
NAME = "gradient_descent"
NOBODY = 65534

# What Gradescope's documentation says of results.json, and no other key: it would be a misspelt one.
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
RESULTS = jsonschema.Draft202012Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["score", "tests", "stdout_visibility", "extra_data"],
        "properties": {
            "score": {"type": "number", "minimum": 0},
            "execution_time": {"type": "integer", "minimum": 0},
            "output": {"type": "string"},
            "output_format": FORMAT,
            "test_output_format": FORMAT,
            "test_name_format": FORMAT,
            "visibility": VISIBILITY,
            "stdout_visibility": VISIBILITY,
            "extra_data": {"type": "object"},
            "tests": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["name", "status", "visibility"],
                    "dependentRequired": {"score": ["max_score"], "max_score": ["score"]},
                    "properties": {
                        "score": {"type": "number", "minimum": 0},
                        "max_score": {"type": "number", "minimum": 0},
                        "status": {"enum": ["passed", "failed"]},
                        "name": {"type": "string"},
                        "name_format": FORMAT,
                        "number": {"type": "string"},
                        "output": {"type": "string"},
                        "output_format": FORMAT,
                        "tags": {"type": "array", "items": {"type": "string"}},
                        "visibility": VISIBILITY,
                        "extra_data": {"type": "object"},
                    },
                },
            },
        },
    }
)


def checked(text):
    found = json.loads(text)
    RESULTS.validate(found)
    return found


def unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- the package -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    path = tmp_path_factory.mktemp("package") / "new" / "autograder.zip"
    said = package_gradescope(COURSE, NAME, path)
    return path, said


def test_package_holds_what_grading_reads_and_nothing_else(package):
    with zipfile.ZipFile(package[0]) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}

    authored = [f"{NAME}.py", "assignment.toml", "misconceptions.py", "teaching.py"]
    course = {f"course/solutions/{NAME}/{name}" for name in authored} | {f"course/tests/hidden/test_{NAME}.py"}
    wheel = f"chainrule-{grader.__version__}-py3-none-any.whl"
    assert set(entries) == {"setup.sh", "run_autograder", "constraints.txt", wheel, *course}
    modes = {name: entry.external_attr >> 16 for name, entry in entries.items()}
    assert {name for name, mode in modes.items() if mode == 0o100755} == {"setup.sh", "run_autograder"}
    assert {mode for name, mode in modes.items() if not name.endswith((".sh", "autograder"))} == {0o100644}
    assert {entry.date_time for entry in entries.values()} == {(1980, 1, 1, 0, 0, 0)}


def test_package_is_for_its_owner_and_says_so(package):
    path, said = package

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = "\n".join(said)
    for words in (str(path), "Keep it private", "20 points", "not known whether Gradescope's machines have Landlock"):
        assert words in text


def test_packaged_scripts_are_whole_and_parse(package, tmp_path):
    files = unzipped(package[0].read_bytes())

    for name in ("setup.sh", "run_autograder"):
        (tmp_path / name).write_bytes(files[name])
        assert not re.search(rb"@[A-Z]+@", files[name])
        done = subprocess.run(["bash", "-n", str(tmp_path / name)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    (wheel,) = (name for name in files if name.endswith(".whl"))
    assert f'"$source"/{wheel}\n'.encode() in files["setup.sh"]
    assert f"candidates=(python3.{sys.version_info.minor} ".encode() in files["setup.sh"]


def test_package_brings_what_the_suite_imports_from_beside_it(small_course, tmp_path):
    suite = (small_course.root / "tests" / "hidden" / "test_small.py").read_text("utf-8")
    small_course.write("tests/hidden/test_small.py", f"from shared import x\n{suite}")
    small_course.write("tests/hidden/shared.py", "import deeper")
    for name in ("deeper", "conftest", "other", "test_other"):
        small_course.write(f"tests/hidden/{name}.py", "")

    package_gradescope(find_course(small_course.root), "small", tmp_path / "out.zip")

    names = unzipped((tmp_path / "out.zip").read_bytes())
    hidden = {Path(name).name for name in names if name.startswith("course/tests/hidden/")}
    assert hidden == {"test_small.py", "shared.py", "deeper.py", "conftest.py"}


def test_package_of_an_unknown_assignment_is_a_wrong_use(tmp_path):
    with pytest.raises(UsageError, match="knitting: there is no such assignment; there is autograd, "):
        package_gradescope(COURSE, "knitting", tmp_path / "out.zip")

    assert list(tmp_path.iterdir()) == []


def test_package_that_cannot_be_written_is_a_wrong_use(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError, match="--out"):
        package_gradescope(COURSE, NAME, tmp_path / "file" / "out.zip")


def test_versions_are_those_of_all_that_the_engine_needs():
    pinned = dict(line.split("==") for line in pinned_versions())

    assert {"torch", "pytest", "hypothesis", "landlockpy", "seccompy", "numpy", "sympy", "pluggy"} <= set(pinned)
    assert not {"chainrule", "editables", "nbgrader", "ruff", "jsonschema"} & set(pinned)
    for name, version in pinned.items():
        assert importlib.metadata.version(name).split("+")[0] == version


# --- the wheel -------------------------------------------------------------------------------------


def package_files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_wheel_has_a_record_of_every_file():
    name, data = build_wheel()
    files = unzipped(data)

    *rows, (record, *nothing) = csv.reader(io.StringIO(files[list(files)[-1]].decode()))
    assert name == f"chainrule-{grader.__version__}-py3-none-any.whl"
    assert (record, nothing) == (list(files)[-1], ["", ""])
    assert {row[0] for row in rows} | {record} == set(files)
    for path, digest, size in rows:
        expected = base64.urlsafe_b64encode(hashlib.sha256(files[path]).digest()).decode().rstrip("=")
        assert (digest, int(size)) == (f"sha256={expected}", len(files[path]))


def test_wheel_holds_the_engine_and_nothing_private():
    files = unzipped(build_wheel()[1])

    allowed = re.compile(
        r"grader/.*\.py|grader/templates/chainrule_feedback/(conf\.json|index\.html\.j2)|"
        r"chainrule-[^/]*\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE)"
    )
    assert [name for name in files if not allowed.fullmatch(name)] == []
    reference = load_assignment(COURSE, NAME).reference.read_text("utf-8")
    solutions = re.findall(r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", reference, re.DOTALL)
    private = ["chainrule-canary-", *(text.strip() for text in solutions if len(text.strip()) > 40)]
    assert len(private) > 1
    for name, data in files.items():
        assert not any(text in data.decode() for text in private), name


def test_wheel_of_another_version_than_runs_is_refused(monkeypatch):
    monkeypatch.setattr(grader.version, "__version__", "99")

    with pytest.raises(GraderError, match="is installed, but 99 runs; run `pip install"):
        build_wheel()


def test_zip_keeps_modes_and_order():
    data = pack({"b": b"2", "a": b"1", "c": b"3"}, executable=frozenset({"b"}), last="a")

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = [(entry.filename, oct(entry.external_attr >> 16)) for entry in archive.infolist()]
    assert found == [("b", "0o100755"), ("c", "0o100644"), ("a", "0o100644")]


# --- in Gradescope's folders -----------------------------------------------------------------------


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **more)


def unprivileged():
    """Return a prefix that takes every privilege away, and a Python that can run behind it.

    Another user than root, where that one can reach an interpreter and its packages; else root without capabilities.
    """
    own = os.path.realpath(sys.executable)
    if os.geteuid() != 0:
        return [], own
    # By way of env: setpriv itself may still pass through folders of root's.
    nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs", "env"]
    system = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/local/bin:/usr/bin")
    for python in filter(None, (own, system)):
        if run(*nobody, python, "-c", "import sys; open(sys.argv[1])", pytest.__file__).returncode == 0:
            return nobody, python
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "env"], own


class Autograder:
    """The package in Gradescope's layout, in an environment that has its wheel, and no other `grader`."""

    def __init__(self, base):
        self.course, self.root, self.package = base / "course", base / "autograder", base / "package.zip"
        for name in (NAME, "autograd"):
            shutil.copytree(ROOT / "solutions" / name, self.course / "solutions" / name)
            shutil.copytree(ROOT / "tests" / "hidden", self.course / "tests" / "hidden", dirs_exist_ok=True)
        toml = self.course / "solutions" / NAME / "assignment.toml"
        toml.write_text(toml.read_text("utf-8").replace("order = 1\n", "order = 1\nattempts = 2\n"), "utf-8")
        self.made = run(
            *(sys.executable, "-m", "grader", "package", "gradescope", NAME),
            *("--course", self.course, "--out", self.package),
            cwd=ROOT,
        )
        assert self.made.returncode == 0, self.made.stderr
        self.prefix, base_python = unprivileged()
        self._unpack()
        self._install(base_python)
        if f"--reuid={NOBODY}" in self.prefix:
            assert run("chown", "-R", "-h", f"{NOBODY}:{NOBODY}", self.root).returncode == 0
        assert run("chmod", "-R", "go-rwx", self.root / "source").returncode == 0  # as setup.sh does

    def _unpack(self):
        for name, data in unzipped(self.package.read_bytes()).items():
            path = self.root / "source" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        shutil.copy(self.root / "source" / "run_autograder", self.root)

    def _install(self, base_python):
        self.python = self.root / "venv" / "bin" / "python"
        assert run(base_python, "-m", "venv", "--without-pip", self.root / "venv").returncode == 0
        (self.packages,) = (self.root / "venv").glob("lib/python3.*/site-packages")
        (wheel,) = (self.root / "source").glob("*.whl")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
        done = run(*pip, "--target", self.packages, wheel)
        assert done.returncode == 0, done.stderr
        # torch and the like come from where these tests have them: what pip would install there.
        shared = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
        (self.packages / "shared.pth").write_text("".join(f"{path}\n" for path in shared))

    def python_says(self, code):
        done = run(*self.prefix, self.python, "-I", "-c", code, cwd="/")
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def grade(self, source, metadata, *, prefix=()):
        """Run run_autograder as Gradescope does, on a module's text; return what it did, and results.json if any."""
        submission, results = self.root / "submission", self.root / "results" / "results.json"
        shutil.rmtree(submission, ignore_errors=True)
        submission.mkdir()
        (submission / f"{NAME}.py").write_text(source, "utf-8")
        (submission / "torch.py").write_text("raise SystemExit('the student is imported')")
        (self.root / "submission_metadata.json").write_text(json.dumps(metadata), "utf-8")
        done = run(
            *(*self.prefix, *prefix, shutil.which("bash"), self.root / "run_autograder"),
            cwd=submission,
            env={
                "PATH": "/usr/bin:/bin",
                "AUTOGRADER_ROOT": str(self.root),
                "PYTHONPATH": f"{ROOT}:{submission}",
                "PYTEST_ADDOPTS": "--collect-only",
                "GRADER_COURSE": str(self.course),
            },
        )
        return done, checked(results.read_text("utf-8")) if results.exists() else None


def metadata_of(created_at, *previous, **more):
    """Write what Gradescope would, with the results that it kept of earlier submissions."""
    entries = [{"submission_time": time, "score": 1.0, "results": results} for time, results in previous]
    users = [{"email": "ada@example.org", "id": 1, "name": "Ada"}, {"email": "", "id": 2, "name": "Bo\x1b[31m,\nB"}]
    return {"id": 7, "created_at": created_at, "users": users, "previous_submissions": entries, **more}


@pytest.fixture(scope="module")
def autograder():
    base = Path(tempfile.mkdtemp(prefix="chainrule-gradescope-"))
    base.chmod(0o755)  # another user has to get to it, which pytest's own folders forbid
    try:
        yield Autograder(base)
    finally:
        shutil.rmtree(base)


TIMES = [f"2026-09-0{day}T10:00:00.000000-07:00" for day in (1, 2, 3, 4)]


@pytest.fixture(scope="module")
def wrong(autograder):
    return autograder.grade(WRONG.read_text("utf-8"), metadata_of(TIMES[0]))


@pytest.fixture(scope="module")
def right(autograder, wrong):
    """Grade what is handed in as the third, of which two were told."""
    second = json.loads(json.dumps(wrong[1]).replace(wrong[1]["extra_data"]["grader"]["fingerprint"], "cd" * 32))
    metadata = metadata_of(TIMES[2], (TIMES[0], wrong[1]), (TIMES[1], second))
    return autograder.grade(RIGHT.read_text("utf-8"), metadata)


def test_package_runs_unprivileged_and_imports_its_own_wheel(autograder):
    code = (
        "import grader.sandbox.zygote, sys\n"
        "print(grader.__file__, *sys.path, open('/proc/self/status').read(), sep='\\n')"
    )

    file, *lines = autograder.python_says(code)

    assert Path(file) == autograder.packages / "grader" / "__init__.py"
    assert str(ROOT) not in lines
    (capabilities,) = (line.split()[1] for line in lines if line.startswith("CapEff:"))
    assert int(capabilities, 16) == 0


def test_wheel_installs_the_package_byte_for_byte(autograder):
    assert package_files(autograder.packages / "grader") == package_files(Path(grader.__file__).parent)
    code = (
        "from importlib.metadata import distribution; found = distribution('chainrule');"
        "print(found.version, [point.value for point in found.entry_points], 'editables' in str(found.requires))"
    )
    assert autograder.python_says(code) == [f"{grader.__version__} ['grader.commands.cli:main'] False"]


def test_package_is_the_same_from_an_editable_and_a_plain_install(autograder, tmp_path):
    tmp_path.chmod(0o755)
    again = run(
        *(autograder.python, "-I", "-m", "grader", "package", "gradescope", NAME),
        *("--course", autograder.course, "--out", tmp_path / "again.zip"),
    )

    assert again.returncode == 0, again.stderr
    one, other = (unzipped(path.read_bytes()) for path in (autograder.package, tmp_path / "again.zip"))
    assert [name for name in one if one[name] != other[name]] == []
    assert autograder.package.read_bytes() == (tmp_path / "again.zip").read_bytes()


def test_command_says_that_the_package_is_private(autograder):
    assert f"wrote {autograder.package}" in autograder.made.stdout
    assert "Keep it private: it holds the solutions and the hidden tests." in autograder.made.stdout


def test_right_submission_gets_every_point(right):
    done, results = right

    assert done.returncode == 0, done.stdout + done.stderr
    assert results["score"] == 20
    assert {test["status"] for test in results["tests"]} == {"passed"}


def test_wrong_submission_is_explained_without_a_scored_input(wrong):
    done, results = wrong
    failed = [test for test in results["tests"] if test["status"] == "failed"]

    assert done.returncode == 0, done.stdout + done.stderr
    assert results["score"] == 16
    assert sum(test["score"] for test in results["tests"]) == pytest.approx(16)
    assert {test["visibility"] for test in results["tests"]} == {"visible"}
    assert {test["name"].partition(":")[0] for test in failed} == {"grad_fn"}
    assert "Your gradient is exactly 1/N of what it should be" in failed[0]["output"]
    assert "grad_fn: 0 of 4" in results["output"]
    assert "hidden checks are told 2 times at most; this is time 1" in results["output"]
    inputs = re.findall(r"t_u=tensor\(\[[^\]]*\]\)", " ".join(done.stdout.split()))
    text = " ".join(json.dumps(results).split())
    assert len([found for found in inputs if found not in text]) >= 2  # the staff read of inputs that nobody else does


def test_staff_read_the_whole_report_in_what_is_printed(wrong):
    done, results = wrong

    assert results["stdout_visibility"] == "hidden"
    assert "ada@example.org, Bo\ufffd[31m, B (gradient_descent)" in done.stdout
    assert "score: 16.00 / 20" in done.stdout


def test_third_attempt_keeps_its_score_and_is_told_of_no_hidden_check(right):
    _, results = right

    assert results["score"] == 20
    assert results["extra_data"]["grader"]["told"] is False
    assert results["output"].startswith("note: hidden checks are told 2 times at most, and have been")
    shown = [test for test in results["tests"] if test["visibility"] == "visible"]
    assert 0 < len(shown) < len(results["tests"])
    assert {test["visibility"] for test in results["tests"]} == {"visible", "after_published"}
    assert not any("score" in test for test in shown)


def test_unreadable_submission_gets_no_points_and_the_reason(autograder):
    done, results = autograder.grade("def model(t_u, w, b):\x00", metadata_of(TIMES[3]))

    assert done.returncode == 0, done.stdout + done.stderr
    assert results["score"] == 0
    assert results["tests"] == []
    assert (
        results["output"]
        == "This could not be read, so nothing is graded: it holds NUL bytes, so it is no Python source"
    )


# A kernel without Landlock answers its first system call so; seccomp's filter stays over exec.
WITHOUT_LANDLOCK = """
import errno, os, sys
from seccompy import Action, Filter
rules = Filter(default=Action.ALLOW)
rules.errno("landlock_create_ruleset", errno.ENOSYS)
rules.load()
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_machine_without_landlock_gives_no_score_and_says_what_to_do(autograder, right):
    stale = autograder.root / "results" / "results.json"
    assert stale.exists()  # of the submissions before

    done, results = autograder.grade(
        RIGHT.read_text("utf-8"), metadata_of(TIMES[0]), prefix=(autograder.python, "-I", "-c", WITHOUT_LANDLOCK)
    )

    assert done.returncode == 1
    assert results is None
    for said in ("No score: ", "this kernel has no Landlock", "Export Submissions", f"--assignment {NAME}"):
        assert said in done.stdout
    assert "20.00 / 20" not in done.stdout
    assert list(stale.parent.iterdir()) == []


def test_run_without_an_environment_gives_no_score_and_says_so(package, tmp_path):
    script = tmp_path / "run_autograder"
    script.write_bytes(unzipped(package[0].read_bytes())["run_autograder"])
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "results.json").write_text('{"score": 20}')

    done = run("bash", script, env={"PATH": "/usr/bin:/bin", "AUTOGRADER_ROOT": str(tmp_path)})

    assert done.returncode == 1
    assert "setup.sh did not come to its end" in done.stdout
    assert list((tmp_path / "results").iterdir()) == []


# --- what fails on our side ------------------------------------------------------------------------


@pytest.fixture
def runs_here():
    """Keep the signal handler that `main` sets out of the other tests."""
    before = signal.getsignal(signal.SIGTERM)
    yield lambda root: main(["--root", str(root)])
    signal.signal(signal.SIGTERM, before)


def layout(root, course=None):
    (root / "results").mkdir()
    (root / "results" / "results.json").write_text('{"score": 20}')
    (root / "submission").mkdir()
    (root / "submission" / "small.py").write_text("def double(x):\n    return 2 * x\n")
    (root / "submission_metadata.json").write_text(json.dumps(metadata_of(TIMES[0])))
    for part in ("solutions", "tests") if course is not None else ():
        shutil.copytree(course / part, root / "source" / "course" / part)
    return root


def test_missing_course_leaves_no_result_and_says_so(runs_here, tmp_path, capsys):
    code = runs_here(layout(tmp_path))

    assert code == 1
    assert list((tmp_path / "results").iterdir()) == []
    said = capsys.readouterr().out
    assert "No score: " in said
    assert "the fault is on the grader's side" in said


def test_broken_check_leaves_no_result_and_is_named(small_course, runs_here, tmp_path, capsys):
    small_course.edit("tests/hidden/test_small.py", "student.double(x), 2 * x,", "student.double(x), 1 / 0 * x,")
    root = tmp_path / "root"
    root.mkdir()

    code = runs_here(layout(root, small_course.root))

    assert code == 1
    assert list((root / "results").iterdir()) == []
    assert "test_double_values is broken" in capsys.readouterr().out


# --- what Gradescope says of a submission ----------------------------------------------------------

NOW = 1788282000.0  # 2026-09-01T10:00:00-07:00
SHA = "ab" * 32


def read(tmp_path, document):
    path = tmp_path / "submission_metadata.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return read_metadata(path)


def results_with(told, key=SHA):
    return {"score": 1, "extra_data": {"grader": {"fingerprint": key, "told": told}}}


@pytest.mark.parametrize(
    "document",
    [
        "",
        "no JSON",
        "[" * 100_000,
        "[]",
        "null",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        {},
        {"created_at": 5, "previous_submissions": []},
        {"created_at": "yesterday", "previous_submissions": []},
        {"created_at": TIMES[0], "previous_submissions": "none"},
        {"created_at": "0001-01-01T00:00:00+23:59", "previous_submissions": {}},
        {"created_at": "9" * 5000, "users": [{"email": ["x"]}, 5, None, {"name": "\u202e\x00"}]},
    ],
)
def test_odd_metadata_stops_nothing_and_is_said(tmp_path, document):
    found = read(tmp_path, document)

    assert found.problem.startswith("submission_metadata.json")
    assert found.history == ()
    assert found.student


def test_missing_metadata_stops_nothing_and_is_said(tmp_path):
    assert "No such file" in read_metadata(tmp_path / "submission_metadata.json").problem


def test_student_is_named_by_address_else_by_name_without_what_a_terminal_obeys(tmp_path):
    users = [{"email": "a@x.org", "name": "A"}, {"name": "B\x1b]0;t\x07\n\u202eC"}, {"email": 5}, {"name": "D" * 500}]

    found = read(tmp_path, metadata_of(TIMES[0], users=users))

    assert found.student.startswith("a@x.org, B\ufffd]0;t\ufffd \ufffdC, DDD")
    assert len(found.student) == 200


def test_history_is_what_earlier_results_say_was_told(tmp_path):
    previous = [
        {"submission_time": "2026-08-30T17:00:00Z", "results": results_with(told=True)},
        {"submission_time": "2026-08-31T17:00:00", "results": results_with(told=False)},
        {"submission_time": "2026-08-31T17:00:00Z", "results": {"score": 0}},
        {"submission_time": None, "results": results_with(told=True, key="cd" * 32)},
        {"submission_time": TIMES[1], "results": results_with(told=True, key="ef" * 32)},
        {"submission_time": "2026-08-31T17:00:00Z", "results": results_with(told="yes")},
        {"submission_time": "2026-08-31T17:00:00Z", "results": {"extra_data": [{"grader": 5}]}},
        "odd",
        None,
    ]

    found = read(tmp_path, metadata_of(TIMES[0], previous_submissions=previous))

    assert found.now == NOW
    assert found.problem == ""
    assert found.history == (Told(fingerprint=SHA, at=NOW - 2 * 86400), Told(fingerprint="cd" * 32, at=0.0))


def test_submission_that_may_still_run_counts_as_told_for_an_hour(tmp_path):
    previous = [
        {"submission_time": time, "results": results}
        for time in ("2026-09-01T16:59:59Z", "2026-09-01T15:00:00Z", TIMES[0])
        for results in ({}, None)
    ]

    found = read(tmp_path, metadata_of(TIMES[0], previous_submissions=previous))

    assert [told.at for told in found.history] == [NOW - 1, NOW - 1]
    assert len({told.fingerprint for told in found.history}) == 2


def known(*told, now=NOW, problem=""):
    return Metadata(student="ada", now=now, history=told, problem=problem)


def assignment_with(**changes):
    return replace(load_assignment(COURSE, NAME), **changes)


def test_feedback_every_counts_by_the_clock_of_gradescope():
    every = assignment_with(feedback_every=3600.0)
    before = Told(fingerprint="cd" * 32, at=NOW - 3000)

    assert limited(every, make_submission(), known(before)).withheld
    assert not limited(every, make_submission(), known(before, now=NOW + 600)).withheld
    same = Told(fingerprint=fingerprint(make_submission(), every.feedback), at=NOW - 3000)
    assert not limited(every, make_submission(), known(same)).withheld


def test_limit_that_cannot_be_counted_withholds_and_no_limit_does_not():
    problem = known(problem="submission_metadata.json: it is odd")

    item = limited(assignment_with(attempts=5), make_submission(), problem)

    assert item.withheld
    assert "attempts can't be counted (submission_metadata.json: it is odd)" in item.notes[-1]
    assert limited(assignment_with(), make_submission(), problem) == make_submission()
    assert not limited(assignment_with(attempts=5), unreadable(), problem).withheld


# --- results.json of any report --------------------------------------------------------------------


@pytest.mark.parametrize("hidden", VISIBILITIES)
@pytest.mark.parametrize("level", ["score", "hint", "full"])
@pytest.mark.parametrize("text", NASTY)
def test_results_fit_the_schema_and_are_plain_text(text, level, hidden):
    report = report_of(text, level=level)
    (item,) = report.submissions

    for withheld in (False, True):
        one = replace(report, submissions=(replace(item, withheld=withheld),))
        results = checked(to_gradescope(one, hidden=hidden))
        assert {results[key] for key in ("output_format", "test_output_format", "test_name_format")} == {"text"}
        assert results["extra_data"]["grader"]["told"] == (not withheld and hidden in ("visible", "after_due_date"))


@settings(max_examples=60)
@given(any_text)
def test_results_of_any_text_fit_the_schema(text):
    checked(to_gradescope(report_of(text)))
    checked(to_gradescope(make_report(replace(unreadable(), notes=(text,)))))


@pytest.mark.parametrize(
    ("hidden", "withheld", "expected"),
    [
        ("visible", False, "visible"),
        ("visible", True, "after_published"),
        ("after_due_date", False, "after_due_date"),
        ("after_due_date", True, "after_published"),  # who hands in late would read it at once
        ("after_published", True, "after_published"),
        ("hidden", True, "hidden"),
    ],
)
def test_hidden_check_is_seen_when_it_may_be(hidden, withheld, expected):
    shown = make_check(check="test_shown", visible=True, title="shown")
    report = make_report(make_submission(make_exercise(shown, make_check()), withheld=withheld))

    tests = checked(to_gradescope(report, hidden=hidden))["tests"]

    assert [test["visibility"] for test in tests] == ["visible", expected]


def test_visible_check_tells_nothing_of_hidden_ones_while_these_are_not_shown():
    shown = make_check(check="test_shown", visible=True, title="shown", summary="its summary", text="")
    report = make_report(make_submission(make_exercise(shown, make_check(), hint="the hint"), notes=()))

    told = checked(to_gradescope(report))
    withheld = checked(to_gradescope(report, hidden="after_published"))

    assert "the hint" in told["tests"][0]["output"]
    assert told["tests"][0]["score"] == 0
    assert told["output"] == "f: 0 of 2"
    assert withheld["tests"][0]["output"] == "its summary"
    assert "score" not in withheld["tests"][0]
    assert withheld["output"] == ""
    assert "the hint" in withheld["tests"][1]["output"]
    assert withheld["score"] == told["score"]


def test_results_show_no_evidence_of_a_hidden_check():
    report = make_report(make_submission(make_exercise(make_check(text="the scored input is 4711", title="its title"))))

    assert "4711" not in to_gradescope(report)
    assert "its title" not in to_gradescope(replace(report, feedback=FeedbackLevel.SCORE))


def test_broken_submission_has_no_results():
    check = make_check(status=Status.BROKEN, score=None)
    item = make_submission(make_exercise(check, score=None), status=SubmissionStatus.BROKEN, score=None, notes=())

    with pytest.raises(UsageError, match="was not graded: test_f is broken"):
        to_gradescope(make_report(item))


def test_class_has_no_results():
    with pytest.raises(UsageError, match="there are 2"):
        to_gradescope(make_report(make_submission(), unreadable()))
