"""Pushes where `grader serve` runs, where it ran, and where nothing has changed since the last one."""

import json
import os
import subprocess

import pytest
from processes import descendants, gone
from pushes import clone, commit, git, push, stored
from serving import RIGHT, WRONG, Course, environment, start

from grader.channels.git.install import install
from grader.course.reading import find_course
from grader.service.place import socket_paths

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = Course(tmp_path_factory.mktemp("course"))
    yield made
    with pytest.MonkeyPatch.context() as patch:
        for name in [*os.environ.keys() - environment().keys()]:
            patch.delenv(name)
        for path in socket_paths(find_course(made.root)):
            path.with_suffix(".lock").unlink(missing_ok=True)
            path.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def daemon(course):
    process = start(course.root)
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def bare(course, tmp_path):
    """Make a bare repository with the hook of the course, and return its folder."""
    folder = tmp_path / "anna.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", folder)
    install(folder, find_course(course.root), state=None, student=None)
    return folder


def said(text):
    """Return the lines that the hook said, without git's own mark."""
    lines = [line.removeprefix("remote:").strip() for line in text.splitlines() if line.startswith("remote:")]
    return [line for line in lines if line]


def without_seconds(report):
    """Return the text of a report as it was stored, but for the seconds."""
    for item in report["submissions"]:
        del item["seconds"]
    return json.dumps(report)


def test_push_is_told_line_by_line_and_what_has_not_changed_is_answered_from_the_store(bare, course, daemon):
    work = clone(bare)
    first = commit(work, small=WRONG)
    told = said(push(work))
    (work / "notes.txt").write_text("a change that is nobody's submission")
    second = commit(work)

    again = said(push(work))

    assert told[:4] == ["grading small ...", "double: not right", "mean_square: right", "anna (small)"]
    assert again[:2] == ["small: as it was graded before", "anna (small)"]
    assert again[1:] == told[3:]
    assert stored(bare, second) == stored(bare, first)  # seconds included: nothing has run
    assert (bare / "grader" / "errors.log").read_text("utf-8") == ""


def test_other_file_that_has_changed_is_graded_alone(bare, course, daemon):
    work = clone(bare)
    commit(work, small=RIGHT, other=RIGHT)
    push(work)
    commit(work, small=WRONG)

    told = said(push(work))

    assert told[:3] == ["other: as it was graded before", "grading small ...", "double: not right"]
    assert not any(line.endswith("(other)") for line in told)


def test_changed_suite_is_a_reason_to_grade_the_same_files_anew(bare, course, daemon):
    work = clone(bare)
    commit(work, other=WRONG)
    push(work)
    course.edit("tests/hidden/test_other.py", '"values", weight=2', '"values", weight=3')
    commit(work)

    told = said(push(work))

    assert told[0] == "grading other ..."


def test_attempts_are_counted_once_for_the_same_files_and_nothing_is_told_before(bare, course, daemon):
    course.edit("solutions/other/assignment.toml", 'title = "Small"', 'title = "Small"\nattempts = 1')
    work = clone(bare)
    tellings = []
    for source in (WRONG, WRONG, RIGHT, RIGHT):
        commit(work, other=source)
        tellings.append(said(push(work)))

    assert [told[0] for told in tellings] == ["grading other ...", "other: as it was graded before"] * 2
    assert [told[1] for told in tellings] == ["anna (other)"] * 4
    assert ["score: withheld" in told for told in tellings] == [False, False, True, True]


def test_what_ran_out_of_time_is_graded_again(bare, course, daemon):
    work = clone(bare)
    commit(work, small=RIGHT.replace("return 2 * x", "while True: pass"))
    told = [said(push(work))]
    commit(work)

    told.append(said(push(work)))

    assert [lines[0] for lines in told] == ["grading small ..."] * 2


def test_killed_daemon_costs_a_push_only_time_and_the_report_is_the_same(bare, course, daemon, tmp_path):
    work = clone(bare)
    warm = commit(work, small=WRONG)
    told = [said(push(work))]
    served = stored(bare, warm)
    started = descendants(daemon.pid)
    daemon.kill()
    daemon.wait()
    assert gone(started)
    (bare / "grader" / "results" / "anna" / "small.known").unlink()
    cold = commit(work)

    told.append(said(push(work)))

    assert told[0] == told[1]
    assert without_seconds(stored(bare, cold)) == without_seconds(served)


def test_who_pushes_reads_the_first_line_before_the_grade_is_known(bare, course):
    work = clone(bare)
    name = commit(work, small=RIGHT)
    git(work, "push", "--quiet", "origin", "main:refs/tags/objects")  # a tag is not graded; the commit is there
    command = [bare / "hooks" / "post-receive"]

    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as hook:
        hook.stdin.write(f"{'0' * 40} {name} refs/heads/main\n")
        hook.stdin.close()
        line = hook.stdout.readline()
        results = [*(bare / "grader" / "results" / "anna").glob("*.json")]
        hook.stdout.read()

    assert (line, results) == ("grading small ...\n", [])
