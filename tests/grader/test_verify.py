"""`grader verify`: a right course gives only `ok` lines, and each way of being wrong one line that says what to do."""

import itertools
import os
import signal
import subprocess
import sys

import pytest
from proved_course import LESSON, ROOT, SUITE, TOML, VISIBLE, VISIBLE_TESTS, all_findings, failures, make, verify
from small_course import SmallCourse

from grader.authoring.drafts import drafts_of
from grader.authoring.proving import prove
from grader.course.catalogue import read_catalogue
from grader.course.reading import find_course, load_assignment
from grader.handout.release import write


@pytest.fixture
def course(small_course):
    return make(small_course)


# What is found by running.


@pytest.fixture(scope="module")
def lenient(tmp_path_factory):
    """`label` has one check alone, which is shown and sees nothing."""
    return all_findings(
        tmp_path_factory.mktemp("course"),
        (SUITE, '@check("label", "values")', '@check("label", "values", visible=True)'),
        (SUITE, '    assert student.label(torch.tensor([2.0, 5.0])) == "positive"', "    student.label(torch.ones(1))"),
    )


def test_exercise_whose_checks_are_all_visible_is_named(lenient):
    said = "tests/hidden/test_small.py: label has no check that is hidden; write one"

    assert any(text.endswith(said) for text in failures(lenient))


@pytest.mark.parametrize("what", ["the answers changed", "nothing returned"])
def test_visible_test_whose_failure_costs_nothing_is_named(lenient, what):
    (text,) = [text for text in failures(lenient) if what in text]

    assert text.startswith(f"test_label_of_three fails with {what}, and label keeps every point; add a check of the")
    assert text.endswith("tests/hidden/test_small.py")


@pytest.fixture(scope="module")
def wrong_reference(tmp_path_factory):
    """The reference fails a hidden check, and a visible test that says in many lines why."""
    return all_findings(
        tmp_path_factory.mktemp("course"),
        (LESSON, "    return (x * x).mean()", "    return (x * x).sum()"),
        (VISIBLE, "torch.tensor(9.0))", "torch.tensor(8.0), hint='Why?')"),
    )


def test_check_that_the_reference_fails_is_named_with_the_reason_and_nothing_that_follows(wrong_reference):
    text, other = failures(wrong_reference)

    assert f"{SUITE}:18: test_mean_square_values of mean_square: the reference fails this check: Mismatch:" in text
    assert "returned tensor(29)" in text
    assert text.endswith("; mend the check or the reference")
    assert "\n" not in text
    assert "fails on the reference" in other


def test_visible_test_that_the_reference_fails_is_named_with_the_reason(wrong_reference):
    (text,) = [text for text in failures(wrong_reference) if "fails on the reference" in text]

    assert f"{VISIBLE}:14: test_mean_square_of_three fails on the reference: mean_square: the value is wrong" in text
    assert "expected tensor(8)" in text
    assert text.endswith("; mend one of them")
    assert "\n" not in text


@pytest.fixture(scope="module")
def leaking_stub(tmp_path_factory):
    """A line of the solution stands before its mark, and a visible test calls nothing."""
    return all_findings(
        tmp_path_factory.mktemp("course"),
        (
            LESSON,
            "    ### BEGIN SOLUTION\n    return 2 * x\n",
            "    x = 1 * x\n    ### BEGIN SOLUTION\n    return 2 * x\n",
        ),
        (VISIBLE, '    assert call(student, "label", {"x": torch.tensor([3.0])}) == "positive"', "    assert student"),
    )


def test_stub_that_is_no_stub_is_named(leaking_stub):
    (text,) = [text for text in failures(leaking_stub) if "stub of" in text]

    said = f"{LESSON}:11: the stub of double does something: it is crashed, with 0.0 points"
    assert text.endswith(f"{said}; its solution marks must leave nothing but the docstring")


def test_visible_test_that_passes_on_the_stub_is_named(leaking_stub):
    said = "test_small.py:19: test_label_of_three passes on the stub, so it tests nothing; let it call its exercise"

    assert any(text.endswith(said) for text in failures(leaking_stub))


@pytest.fixture(scope="module")
def untested(tmp_path_factory):
    """One visible test alone, which calls its exercise and compares nothing."""
    begin = VISIBLE_TESTS.index("@pytest.mark.double")
    end = VISIBLE_TESTS.index("@pytest.mark.label")
    return all_findings(
        tmp_path_factory.mktemp("course"),
        (VISIBLE, VISIBLE_TESTS[begin:end], ""),
        (VISIBLE, ' == "positive"', " != 'negative'"),
    )


def test_exercises_without_a_visible_test_are_named(untested):
    said = "test_small.py: no test of double, mean_square; write one, and mark it with @pytest.mark.double"

    assert any(text.endswith(said) for text in failures(untested))


@pytest.mark.parametrize("what", ["the answers changed", "nothing returned"])
def test_visible_tests_that_compare_nothing_are_named(untested, what):
    assert f"no visible test fails with {what}; let them compare what comes back" in failures(untested)


def test_cell_of_code_that_calls_an_exercise_is_named_and_crashes_nothing(tmp_path):
    findings = all_findings(tmp_path, (LESSON, '# %% tags=["demonstration"]\n', "# %%\n"))

    assert any("small.py" in text and "demonstration" in text for text in failures(findings))


# The command.


def test_command_prints_no_failure_for_a_course_that_is_right(course):
    write(find_course(course.root), "small")

    done = verify(cwd=course.root)

    assert (done.returncode, done.stderr) == (0, "")
    other = "add one of another kind (Kind.EDGE, Kind.FORM), or other data"
    assert done.stdout.splitlines() == [
        "ok    small               points: 3 exercises add up to 7",
        "ok    small               lesson: a text, a title and a hint for every exercise",
        f"warn  small               {SUITE}:17: mean_square has one check alone; {other}",
        f"warn  small               {SUITE}:22: label has one check alone; {other}",
        "ok    small               release: no drift, no canary",
        "ok    small               stub: not attempted everywhere, 0 of 7, .py and .ipynb",
        "ok    small               reference: 7 of 7, .py and .ipynb",
        "ok    small               visible tests: all 3 fail on the stub and pass on the reference",
        "ok    small               hidden suite: 4 checks, every exercise has some, and visible tests as well",
        "ok    small               with the answers changed: 3 visible tests fail, and each of them costs points",
        "ok    small               with nothing returned: 3 visible tests fail, and each of them costs points",
    ]
    assert not [path for name in ("*.pyc", ".hypothesis") for path in course.root.rglob(name)]


def test_command_fails_with_one_line_for_each_fault_and_goes_on_with_the_next_assignment(course):
    course.edit(TOML, "points = 7\n", "points = 8\n")
    course.write("solutions/another/assignment.toml", "nonsense")

    done = verify("small", "another", "calculus", "--course", course.root, cwd=ROOT / "docs")

    assert done.returncode == 1
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert [line[:26].split() for line in lines] == [["FAIL", "small"], ["FAIL", "another"], ["FAIL", "calculus"]]
    assert "but those of the exercises add up to 7" in lines[0]
    assert "assignment.toml" in lines[1]
    assert "there is another, small" in lines[2]


def test_command_without_a_course_is_wrong_usage(tmp_path):
    done = verify("--course", tmp_path, cwd=tmp_path)

    assert done.returncode == 2
    assert "no course there" in done.stderr
    assert "Traceback" not in done.stderr


def test_watch_proves_again_at_a_save_and_ends_what_goes_on(course):
    write(find_course(course.root), "small")
    command = [sys.executable, "-P", "-m", "grader", "verify", "--watch"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    options = {"cwd": course.root, "env": environment, "stdout": subprocess.PIPE, "text": True}
    options["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background ignores it
    with subprocess.Popen(command, **options) as process:
        assert "points: 3 exercises" in process.stdout.readline()
        course.edit(TOML, "points = 7\n", "points = 8\n")
        lines = list(itertools.takewhile(lambda line: "waiting for the next save" not in line, process.stdout))
        process.send_signal(signal.SIGINT)

    assert "saved: assignment.toml\n" in lines
    assert lines[-1].endswith("points = 8, but those of the exercises add up to 7\n")
    assert process.returncode == 130


# What the suite sees.


@pytest.fixture(scope="module")
def weak(tmp_path_factory):
    """`label` is asked of positive numbers alone, a teaching example is scored, and the catalogue has mistakes."""
    course = make(SmallCourse(tmp_path_factory.mktemp("course")))
    course.write(
        "solutions/small/misconceptions.py",
        """\
        from grader.course.catalogue import misconception

        @misconception("Q1", name="three times", explanation="e")
        def double(x):
            return 3 * x

        @misconception("Q2", name="always positive", explanation="e")
        def label(x):
            return "positive"
        """,
    )
    course.write(
        "solutions/small/alternatives.py",
        "ALTERNATIVES: dict[str, str] = {'odd': 'def double(x):\\n    return x\\ndef label(x):\\n    return 1\\n'}\n",
    )
    write(find_course(course.root), "small")
    return course


def test_mutants_that_keep_every_point_are_listed_with_their_place(weak):
    found = [item for item in prove(find_course(weak.root), "small", mutants=True) if item.level == "warn"]

    kept = [item.text.removeprefix(str(weak.root)) for item in found if "keeps every point" in item.text]
    assert f"/{LESSON}:35:51: label keeps every point with `''` for `'mixed'` (small/label:1:50:constant:empty)" in kept
    assert not any("double keeps" in text for text in kept)


def test_mutant_that_is_listed_as_right_is_no_survivor_and_a_wrong_listing_is_named(weak):
    path = weak.write(
        "solutions/small/equivalent.toml",
        """\
        [[equivalent]]
        reason = "It is a test of lists."
        mutants = ["small/label:1:50:constant:empty", "small/double:1:12:arithmetic:+", "small/half:1:1:sign:-"]
        """,
    )

    found = list(prove(find_course(weak.root), "small", mutants=True))
    path.unlink()

    assert failures(found) == [
        f"{path}: small/double:1:12:arithmetic:+ costs points; take it out",
        f"{path}: small/half:1:1:sign:- is no mutant of the reference; take it out",
    ]
    assert any("1 right as well" in item.text for item in found)
    assert not any("'mixed'" in item.text for item in found)


def test_place_that_is_listed_stands_for_its_changes_and_is_named_where_all_of_them_cost_points(weak):
    path = weak.write(
        "solutions/small/equivalent.toml",
        """\
        [[equivalent]]
        reason = "It is a test of places."
        places = ["small/label:1:50", "small/double:1:12", "small/half:1:1"]
        """,
    )

    found = list(prove(find_course(weak.root), "small", mutants=True))
    path.unlink()

    assert failures(found) == [
        f"{path}: small/double:1:12 costs points; take it out",
        f"{path}: small/half:1:1 is no mutant of the reference; take it out",
    ]
    assert not any("small/label:1:50:" in item.text for item in found)


def test_variant_that_counts_its_calls_is_named_by_the_general_signature(tmp_path):
    course = make(SmallCourse(tmp_path))
    course.write(
        "solutions/small/misconceptions.py",
        """\
        from grader.course.catalogue import misconception

        @misconception("M1", name="adds up from call to call", explanation="e")
        def double(x, seen=[]):
            seen.append(x)
            return 2 * x + len(seen)
        """,
    )
    write(find_course(course.root), "small")
    graded = []

    proved = prove(find_course(course.root), "small", catalogue=True, progress=lambda *so_far: graded.append(so_far))

    found = list(proved)

    assert [item.text for item in found if item.text.startswith("misconceptions:")] == [
        "misconceptions: each of 1 costs its exercise alone, and is named"
    ]
    assert not any("M1" in item.text for item in found)
    assert graded == [(0, 1), (1, 1)]


def test_misconception_that_costs_nothing_and_alternative_that_does_are_named(weak):
    found = failures(prove(find_course(weak.root), "small", catalogue=True))

    assert (
        f"{weak.root / 'solutions/small/misconceptions.py'}:7: Q2 of label keeps every point; write a check" in found[0]
    )
    assert all("alternatives.py: 'odd': " in text for text in found[1:])
    assert [text.partition("'odd': ")[2].split()[0] for text in found[1:]] == ["double", "mean_square", "label"]


def test_drafts_are_python_that_the_catalogue_takes(weak):
    text = drafts_of(find_course(weak.root), "small")
    path = weak.root / "solutions/small/misconceptions.py"
    before = path.read_text("utf-8")

    path.write_text(f"{before}\n\n{text}\n", "utf-8")

    drafts = read_catalogue(load_assignment(find_course(weak.root), "small"))[2:]
    path.write_text(before, "utf-8")
    assert [item.id for item in drafts] == [f"Q{number:03}" for number in range(3, 3 + len(drafts))]
    assert {item.exercise for item in drafts} == {"double", "mean_square", "label"}
    assert "return 3 * x" not in [line.strip() for line in text.splitlines()]


def test_teaching_example_that_is_scored_is_named(tmp_path):
    course = make(SmallCourse(tmp_path))
    course.write(
        "solutions/small/teaching.py",
        """\
        import torch
        from grader.course.teaching import teaching
        TEACHING = [teaching("double", {"x": torch.tensor([4.0])}, {"x": torch.tensor([2.0, 5.0])})]
        """,
    )
    write(find_course(course.root), "small")

    (text,) = failures(prove(find_course(course.root), "small"))

    assert "teaching.py: double(tensor([2., 5.])) is asked by the hidden suite as well, and would be shown" in text
