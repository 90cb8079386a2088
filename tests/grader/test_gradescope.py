"""The package in Gradescope's folders: how it runs there, what a student reads, and when it gives no score."""

import json
import os
import re
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest
from gradescope_files import NAME, ROOT, TIMES, checked, metadata_of, run, unzipped
from submission_files import cell, notebook

import grader
from grader.channels.gradescope.run import main

CLASS = ROOT / "examples" / "class" / "gradient_descent"
RIGHT, WRONG = (CLASS / f"gradient_descent_{name}.py" for name in ("amara", "dmitri"))
NOBODY = 65534


def package_files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".po", ".pot")  # but the compiled
    }


# --- in Gradescope's folders -----------------------------------------------------------------------


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
        toml.write_text(f"attempts = 2\n{toml.read_text('utf-8')}", "utf-8")
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
        self.filled = run(  # as setup.sh does
            *(self.python, "-I", "-B", "-m", "grader", "cache", "--fill", "--course", self.root / "source" / "course"),
            env={
                "PATH": "/usr/bin:/bin",
                "OMP_NUM_THREADS": "1",
                "XDG_CACHE_HOME": str(self.root / "source" / "cache"),
            },
        )
        assert self.filled.returncode == 0, self.filled.stderr

    def python_says(self, code):
        done = run(*self.prefix, self.python, "-I", "-c", code, cwd="/")
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def grade(self, source, metadata, *, prefix=(), beside=None):
        """Run run_autograder as Gradescope does, on a module's text; return what it did, and results.json if any.

        `beside` are further files by their names.
        """
        submission, results = self.root / "submission", self.root / "results" / "results.json"
        shutil.rmtree(submission, ignore_errors=True)
        submission.mkdir()
        (submission / f"{NAME}.py").write_text(source, "utf-8")
        for name, data in (beside or {}).items():
            (submission / name).write_bytes(data)
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


@pytest.fixture(scope="module")
def autograder():
    base = Path(tempfile.mkdtemp(prefix="chainrule-gradescope-"))
    base.chmod(0o755)  # another user has to get to it, which pytest's own folders forbid
    try:
        yield Autograder(base)
    finally:
        shutil.rmtree(base)


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


def test_what_all_submissions_share_is_computed_while_the_image_is_built(autograder, right):
    said = autograder.filled.stdout.splitlines()
    folder = autograder.root / "source" / "cache" / "chainrule"
    (kept,) = (path for path in folder.glob(f"{NAME}-*") if path.name.partition(".")[0] in said[1])

    assert kept.stat().st_mtime < (autograder.root / "results" / "results.json").stat().st_mtime
    assert 'XDG_CACHE_HOME="$root/source/cache"' in (autograder.root / "run_autograder").read_text("utf-8")


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


def test_work_under_another_name_beside_the_stub_is_graded(autograder):
    stub = (ROOT / "assignments" / NAME / f"{NAME}.py").read_text("utf-8")
    beside = {f"Kopie von {NAME}.ipynb": notebook(cell("def model(t_u, w, b):\n    return w * t_u + b"))}

    done, results = autograder.grade(stub, metadata_of(TIMES[3]), beside=beside)

    assert done.returncode == 0, done.stdout + done.stderr
    assert results["score"] >= 1
    assert f"Kopie von {NAME}.ipynb is graded, of 2 candidates; beside it lies {NAME}.py" in results["output"]


def test_unreadable_submission_gets_no_points_and_the_reason(autograder):
    done, results = autograder.grade("def model(t_u, w, b):\x00", metadata_of(TIMES[3]))

    assert done.returncode == 0, done.stdout + done.stderr
    assert results["score"] == 0
    assert results["tests"] == []
    assert results["output"] == (
        "This could not be read, so nothing is graded: "
        "gradient_descent.py: it holds NUL bytes, so it is no Python source; save it as UTF-8"
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
