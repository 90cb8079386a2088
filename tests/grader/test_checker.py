"""A checker is a process that grades one submission after another; whoever holds it outlives its deaths."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from evidence import PROOF
from processes import descendants, gone, kill_while_it_grades, parents, until

from grader.course.reading import find_course
from grader.errors import GraderError
from grader.judge.checker import CheckerServer, WarmChecker
from grader.judge.parallel import grade_all
from grader.sandbox.mode import SandboxMode
from grader.submissions.found import Found

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach

RIGHT = """
def double(x):
    return 2 * x

def mean_square(x):
    return (x * x).mean()
"""
HALF = RIGHT.replace("2 * x", "3 * x")
# Slow enough to be killed in the middle, and not an endless loop.
SLOW = RIGHT + "\nimport time\ntime.sleep(1)\n"

long_evidence = pytest.mark.skipif(not PROOF, reason="each starts a checker or two: run by make proof")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """One course for all: starting a checker takes seconds, so that each test goes on with the last one's."""
    from small_course import SmallCourse

    return SmallCourse(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def submissions(course):
    """Return a function that writes a submission into the small course, and gives it as found."""

    def write(name, source):
        return Found(given=name, path=course.write(f"class/{name}/small.py", source))

    return write


@pytest.fixture(scope="module")
def checker(course):
    made = WarmChecker(find_course(course.root), "small", SandboxMode.AUTO)
    yield made
    made.close()


def process_of(checker):
    return checker.pid


def test_warm_checker_grades_one_after_another_in_one_process(checker, submissions):
    first = checker.grade(submissions("anna", RIGHT))
    process = process_of(checker)

    second = checker.grade(submissions("bob", HALF))

    assert (first.submission, first.score) == ("anna", 6.0)
    assert (second.submission, second.score) == ("bob", 2.0)
    assert process_of(checker) == process


def test_making_a_warm_checker_starts_nothing(course):
    before = descendants(os.getpid())

    WarmChecker(find_course(course.root), "small", SandboxMode.AUTO)

    assert descendants(os.getpid()) == before


def test_unreadable_submission_leaves_the_checker_alive(checker, submissions):
    unreadable = checker.grade(submissions("empty", ""))
    process = process_of(checker)

    right = checker.grade(submissions("anna", RIGHT))

    assert (unreadable.status, unreadable.score) == ("unreadable", None)
    assert (right.score, process_of(checker)) == (6.0, process)


@long_evidence
def test_checker_that_was_killed_between_submissions_is_started_anew(checker, submissions):
    checker.grade(submissions("anna", RIGHT))
    process = process_of(checker)
    os.kill(process, signal.SIGKILL)
    assert gone({process})

    report = checker.grade(submissions("bob", HALF))

    assert (report.status, report.score) == ("graded", 2.0)
    assert process_of(checker) != process


def test_checker_that_is_killed_while_it_grades_is_started_anew(checker, submissions):
    checker.grade(submissions("anna", RIGHT))
    process = process_of(checker)

    with kill_while_it_grades(os.getpid(), 1) as helper:
        report = checker.grade(submissions("slow", SLOW))

    assert helper.returncode == 0
    assert (report.status, report.score, report.notes) == ("graded", 6.0, ())
    assert process_of(checker) != process


def test_submission_that_ends_two_checkers_is_broken_and_the_next_is_graded(checker, submissions):
    with kill_while_it_grades(os.getpid(), 2) as helper:
        broken = checker.grade(submissions("slow", SLOW))
    after = checker.grade(submissions("anna", RIGHT))

    assert helper.returncode == 0
    assert (broken.status, broken.score, broken.exercises) == ("broken", None, ())
    assert broken.notes == ("broken on our side: it ended two grading processes",)
    assert after.score == 6.0


def test_error_of_the_author_comes_through_and_goes_when_it_is_mended(course, submissions):
    suite = course.root / "tests/hidden/test_small.py"
    text = suite.read_text("utf-8")
    suite.write_text("import nothing_of_this_name\n", "utf-8")
    anna = submissions("anna", RIGHT)
    checker = WarmChecker(find_course(course.root), "small", SandboxMode.AUTO)

    try:
        with pytest.raises(GraderError, match="nothing_of_this_name"):
            checker.grade(anna)
        suite.write_text(text, "utf-8")
        report = checker.grade(anna)
    finally:
        suite.write_text(text, "utf-8")
        checker.close()

    assert report.score == 6.0


@long_evidence
def test_closed_checker_leaves_no_process_and_grades_again(checker, submissions):
    anna = submissions("anna", RIGHT)
    checker.grade(anna)
    started = descendants(os.getpid())
    assert len(started) >= 4  # the server, its fork server, a zygote and the checker

    checker.close()
    checker.close()

    assert gone(started)
    assert checker.grade(anna).score == 6.0


OWNER = """
import os, sys
from pathlib import Path
from grader.judge.checker import WarmChecker
from grader.course.reading import find_course
from grader.sandbox.mode import SandboxMode
from grader.submissions.found import Found
checker = WarmChecker(find_course(Path(sys.argv[1])), "small", SandboxMode.AUTO)
for path in sys.argv[2:]:
    print(checker.grade(Found(given=path, path=Path(path))).score, flush=True)
sys.stdin.read()
"""


@long_evidence
def test_checker_ends_when_its_owner_goes_away(course, submissions):
    path = submissions("anna", RIGHT).path
    command = [sys.executable, "-c", OWNER, str(course.root), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout.readline() == "6.0\n"
        started = descendants(owner.pid)
        assert len(started) >= 4

        owner.kill()

        assert gone(started)


def test_checker_ends_when_its_owner_goes_away_while_it_grades(course, submissions):
    path = submissions("slow", SLOW).path
    command = [sys.executable, "-c", OWNER, str(course.root), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        # The server, its fork server, a zygote, the checker, and the worker that sleeps.
        assert until(lambda: len(descendants(owner.pid)) >= 5)
        started = descendants(owner.pid)

        owner.kill()

        assert gone(started)


@long_evidence
def test_checker_says_what_confines_them_when_it_is_ready(course, submissions):
    server = CheckerServer(find_course(course.root), "small", SandboxMode.NONE)
    try:
        checker = server.checker()
        assert checker.receive() is None
        checker.connection.send(submissions("anna", RIGHT))

        *told, report = [checker.receive() for _ in range(3)]
    finally:
        server.close()

    assert [item.exercise for item in told] == ["double", "mean_square"]
    assert report.score == 6.0
    assert checker.ready.sandbox == "none"


@long_evidence
def test_asking_while_the_checker_falls_idle_still_grades(course, submissions):
    """A checker that nobody asks ends; it may be asked in the moment in which it does."""
    anna = submissions("anna", RIGHT)
    checker = WarmChecker(find_course(course.root), "small", SandboxMode.AUTO, idle_seconds=0.3)

    found = []
    try:
        for wait in (0.0, 0.305, 0.32):
            time.sleep(wait)
            found.append(checker.grade(anna).score)
    finally:
        checker.close()

    assert found == [6.0] * 3


def test_server_that_is_killed_with_its_checkers_costs_a_class_nothing(course, submissions):
    found = [submissions(name, RIGHT) for name in ("anna", "bob", "carla")]
    scores = {}

    def each(item, report):
        if not scores:
            for process in descendants(os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        scores[item.given] = report.score

    grade_all(find_course(course.root), "small", found, mode=SandboxMode.AUTO, each=each)

    assert scores == {"anna": 6.0, "bob": 6.0, "carla": 6.0}


def test_server_that_ends_for_idleness_is_replaced(course, submissions):
    anna = submissions("anna", RIGHT)
    checker = WarmChecker(find_course(course.root), "small", SandboxMode.AUTO)
    checker.grade(anna)
    (server,) = [one for one, parent in parents().items() if parent == os.getpid() and one in descendants(os.getpid())]
    process = process_of(checker)
    os.kill(process, signal.SIGKILL)
    assert gone({process})
    os.kill(server, signal.SIGSTOP)  # it takes the request, and gives no answer before it ends
    threading.Timer(0.5, os.kill, (server, signal.SIGKILL)).start()

    try:
        report = checker.grade(anna)
    finally:
        checker.close()

    assert (report.status, report.score) == ("graded", 6.0)


def test_workers_of_a_divided_process_hold_nothing_of_the_checker(course, submissions, monkeypatch):
    monkeypatch.setenv("CHAINRULE_TEST_SECRET", "a secret")
    source = f"""{RIGHT}
import os, sys
found = sys.argv, sys.orig_argv[1:], sorted(os.environ), [name for name in sys.modules if name.startswith("grader.")]
raise ValueError(found)
"""
    scores = []

    grade_all(
        find_course(course.root),
        "small",
        [submissions("spy", source)],
        mode=SandboxMode.AUTO,
        each=lambda _, report: scores.append(report),
    )

    (note,) = scores[0].notes
    assert "grader.worker" in note
    assert "CHAINRULE_TEST_SECRET" not in note
    assert str(course.root) not in note
    for room in ("judge", "suite", "backends", "course", "submissions"):
        assert f"grader.{room}" not in note.replace("from grader.judge.server import serve", "")


def test_importing_the_checker_imports_nothing_slow():
    code = (
        "import sys, grader.judge.checker; assert not {'torch', 'hypothesis', 'pytest', 'nbgrader'} & set(sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
