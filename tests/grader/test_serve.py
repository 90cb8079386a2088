"""`grader serve`: a real daemon, several clients, and whatever can happen to either."""

import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from processes import descendants, gone, parents, until
from serving import RIGHT, SLOW, WRONG, Course, environment, serving, start

import grader
from grader.course.reading import find_course
from grader.errors import GraderError
from grader.report.progress import AGAIN
from grader.service.client import ask
from grader.service.messages import MAX_REQUEST
from grader.service.place import connected, socket_paths

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach


@pytest.fixture(scope="module", autouse=True)
def folders_of_the_user():
    """Look for the socket where a process without variables of its own does."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [*os.environ.keys() - environment().keys()]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = Course(tmp_path_factory.mktemp("course"))
    yield made
    for path in socket_paths(find_course(made.root)):
        path.with_suffix(".lock").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def daemon(course):
    with serving(course.root, "--jobs", "2") as process:
        yield process


def is_served(course):
    return course.ask("anna", RIGHT).report.score == 6.0


def raw(course):
    connection = connected(find_course(course.root), seconds=20)
    assert connection is not None
    return connection


# --- One daemon for all ----------------------------------------------------------------------------


def test_clients_at_once_get_their_own_reports_of_two_assignments(course, daemon):
    asked = [("anna", RIGHT, "small"), ("bob", WRONG, "small"), ("carla", WRONG, "other"), ("dora", RIGHT, "other")]

    with ThreadPoolExecutor(len(asked)) as threads:
        answers = list(threads.map(lambda item: course.ask(*item), asked))

    assert [(item.report.submission, item.report.score) for item in answers] == [
        ("anna", 6.0),
        ("bob", 2.0),
        ("carla", 2.0),
        ("dora", 6.0),
    ]


def test_exercises_are_told_in_their_order_and_before_the_report(course, daemon):
    told = []

    answer = course.ask("bob", WRONG, tell=lambda progress: told.append((progress.exercise, progress.verdict.value)))

    assert told == [("double", "not right"), ("mean_square", "right")]
    assert answer.report.score == 2.0


def test_who_is_beyond_the_jobs_waits_and_is_graded(course, daemon):
    waited = []

    with ThreadPoolExecutor(3) as threads:
        answers = list(
            threads.map(
                lambda number: course.ask(f"number{number}", SLOW, waiting=lambda: waited.append(number)), range(3)
            )
        )

    assert [item.report.score for item in answers] == [6.0] * 3
    assert len(waited) == 1


def test_checker_grades_one_submission_and_ends_while_the_next_gets_ready(course, daemon):
    course.ask("anna", RIGHT)
    assert until(lambda: len(warm(daemon)) == 2)  # one that waits, of each assignment
    before = warm(daemon)

    course.ask("bob", WRONG)

    assert until(lambda: len(warm(daemon)) == 2 and len(warm(daemon) & before) == 1)


def warm(daemon):
    """Return the checkers of the first assignment's server: its children but the fork server, which leads a session."""
    servers = [one for one, parent in parents().items() if parent == daemon.pid]
    found = set()
    for one, parent in parents().items():
        with contextlib.suppress(ProcessLookupError):
            if parent in servers and os.getsid(one) != one:
                found.add(one)
    return found


def test_changed_settings_and_shared_files_of_a_suite_are_noticed(course, daemon):
    assert course.ask("anna", WRONG, "other").report.max_score == 6.0

    course.edit("solutions/other/assignment.toml", "points = 4", "points = 5")
    course.edit("tests/hidden/test_other.py", "import torch\n", "import torch\nimport shared\n")
    course.write("tests/hidden/shared.py", "raise RuntimeError('of the author')\n")
    with pytest.raises(GraderError, match="of the author"):
        course.ask("anna", WRONG, "other")
    course.write("tests/hidden/shared.py", "")
    mended = course.ask("anna", WRONG, "other").report

    assert (mended.max_score, mended.score) == (7.0, 2.0)


def test_unknown_assignment_is_an_error_and_the_next_is_served(course, daemon):
    found = course.found("anna", RIGHT)

    with pytest.raises(GraderError, match="no assignment 'nothing'"):
        ask(find_course(course.root), "nothing", found, tell=print, waiting=print)
    assert is_served(course)


def test_killed_checker_costs_the_submission_nothing_but_time(course, daemon):
    course.ask("anna", RIGHT)
    told = []

    def kill_at_first(progress):
        if not told:
            for process in warm(daemon):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        told.append(progress)

    answer = course.ask("slow", SLOW, tell=kill_at_first)

    assert (answer.report.status, answer.report.score, answer.report.notes) == ("graded", 6.0, ())
    assert [item.exercise for item in told] == ["double", "", "double", "mean_square"]
    assert told[1] == AGAIN


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<I", MAX_REQUEST + 1),
        struct.pack("<I", 5) + b"hello",
        struct.pack("<I", 2) + b"{}",
        struct.pack("<I", 12) + b'{"type":"\xff"}',
        struct.pack("<I", 12) + b'{"type":"x"}',
        struct.pack("<I", 40_000) + b"[" * 40_000,
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack("<I", 100) + b"short",
    ],
    ids=["huge", "no JSON", "empty", "no Unicode", "unknown", "deep", "another protocol", "cut off"],
)
def test_malformed_request_is_dropped_without_an_answer(course, daemon, data):
    with raw(course) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)

        with contextlib.suppress(ConnectionResetError):  # it was dropped before all of it was read
            assert connection.recv(1) == b""


def test_endless_request_is_dropped_and_holds_nobody_up(course, daemon):
    with raw(course) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(struct.pack("<I", MAX_REQUEST))
            for _ in range(1000):
                connection.sendall(b"x" * MAX_REQUEST)

        assert is_served(course)


def test_silent_client_holds_nobody_up(course, daemon):
    with raw(course):
        assert is_served(course)


def test_daemon_that_says_nothing_is_waited_for_while_it_lives_and_left_when_it_hangs(course, daemon, monkeypatch):
    monkeypatch.setattr("grader.service.client.PATIENCE_SECONDS", 0.1)
    assert course.ask("slow", SLOW).report.score == 6.0  # it was asked in between whether it is there
    monkeypatch.setattr("grader.service.client.ANSWER_SECONDS", 0.5)
    told = []

    def stop(progress):
        told.append(progress)
        daemon.send_signal(signal.SIGSTOP)

    try:
        answer = course.ask("slow", SLOW, tell=stop)
    finally:
        daemon.send_signal(signal.SIGCONT)

    assert answer is None
    assert told[-1] == AGAIN


def test_another_version_of_the_grader_is_declined(course, daemon, monkeypatch):
    monkeypatch.setattr("grader.service.client.grader_state", lambda: "another")

    assert course.ask("anna", RIGHT) is None


def test_folder_that_the_daemon_sees_otherwise_is_declined(course, daemon, monkeypatch):
    """A service may have a /tmp of its own, and nothing there would be a student's fault."""
    other = course.write("class/elsewhere/small.py", WRONG).parent
    monkeypatch.setattr("pathlib.Path.lstat", lambda _: os.lstat(other))

    assert course.ask("anna", RIGHT) is None


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_another_user_gets_no_answer_even_with_a_way_to_the_socket(course, daemon):
    path = next(path for path in socket_paths(find_course(course.root)) if path.exists())
    code = "import os, socket, sys; os.chdir(sys.argv[1]); os.setgid(65534); os.setuid(65534)\n"
    code += "s = socket.socket(socket.AF_UNIX)\n"
    code += "try: s.connect(sys.argv[2]); print(s.recv(1))\nexcept PermissionError: print('refused')"
    command = [sys.executable, "-c", code, str(path.parent), path.name]

    closed = subprocess.run(command, capture_output=True, text=True, check=True)
    path.parent.chmod(0o711)
    path.chmod(0o666)
    try:
        opened = subprocess.run(command, capture_output=True, text=True, check=True)
    finally:
        path.chmod(0o600)
        path.parent.chmod(0o700)

    assert (closed.stdout, opened.stdout) == ("refused\n", "b''\n")


def test_second_daemon_of_a_course_is_refused(course, daemon):
    command = [sys.executable, "-m", "grader", "serve", "--course", str(course.root)]

    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())

    assert done.returncode == 2
    assert done.stderr.endswith(f"runs already, as process {daemon.pid}\n")
    assert is_served(course)


def test_socket_is_its_owners_alone(course, daemon):
    path = next(path for path in socket_paths(find_course(course.root)) if path.exists())

    assert [path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777] == [0o600, 0o700]
    assert len(os.fsencode(path)) < 108


# --- Daemons that end ------------------------------------------------------------------------------


@pytest.fixture
def own_course(tmp_path):
    made = Course(tmp_path)
    yield made
    for path in socket_paths(find_course(made.root)):
        path.with_suffix(".lock").unlink(missing_ok=True)


def test_killed_daemon_leaves_a_socket_that_the_next_one_replaces_and_which_ends_what_is_idle(own_course):
    first = start(own_course.root)
    assert is_served(own_course)
    started = descendants(first.pid)
    first.kill()
    first.communicate()
    assert gone(started)
    assert own_course.ask("anna", RIGHT) is None

    with serving(own_course.root, "--idle", "1") as second:
        assert is_served(own_course)
        assert until(lambda: not descendants(second.pid))


def test_daemon_that_is_ended_while_it_grades_leaves_nothing_and_the_client_knows(own_course):
    told = []
    started = threading.Event()

    def tell(progress):
        told.append(progress)
        started.set()

    with ThreadPoolExecutor(1) as threads:
        with serving(own_course.root):
            answer = threads.submit(own_course.ask, "slow", SLOW, tell=tell)
            assert started.wait(60)

        assert answer.result(timeout=30) is None
    assert [item.exercise for item in told] == ["double", ""]


def test_daemon_ends_where_the_graders_own_files_have_changed(own_course, tmp_path):
    package = tmp_path / "copy" / "grader"
    shutil.copytree(Path(grader.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    process = start(own_course.root, cwd=package.parent)
    assert own_course.ask("anna", RIGHT) is None  # of another place, and so of another grader
    assert process.poll() is None
    with (package / "version.py").open("a") as file:
        file.write("# changed\n")

    assert own_course.ask("anna", RIGHT) is None

    _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said == "grader: the grader's own files have changed; start `grader serve` again\n"


def test_importing_the_daemon_and_the_client_imports_nothing_slow():
    code = "import sys, grader.service.daemon, grader.service.client, grader.channels.git.hook\n"
    code += "assert not {'torch', 'hypothesis', 'pytest', 'nbgrader', 'numpy'} & set(sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
