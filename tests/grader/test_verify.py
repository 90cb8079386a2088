"""`grader verify`: a right course gives only `ok` lines, and each way of being wrong one line that says what to do."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.commands.proving import prove
from grader.course.reading import find_course
from grader.handout.release import write

ROOT = Path(__file__).parents[2]
TOML, LESSON = "solutions/small/assignment.toml", "solutions/small/small.py"
VISIBLE, SUITE = "solutions/small/test_small.py", "tests/hidden/test_small.py"
README = "assignments/small/README.md"

ASSIGNMENT_TOML = """\
# PRIVATE canary-of-a-test-1f2e
title = "Small"
points = 7

[[exercise]]
name = "double"
points = 4
title = "Twice"
hint = "Add it to itself."

[[exercise]]
name = "mean_square"
points = 2
title = "The mean of the squares"
hint = "Square first."
uses = ["double"]

[[exercise]]
name = "label"
points = 1
title = "A word"
hint = "Say it."
"""
LESSON_TEXT = '''\
# PRIVATE canary-of-a-test-1f2e
# %% [markdown]
# # A lesson
#
# ## `double`: twice as much

# %%
import torch

# %%
def double(x):
    """Return 2 x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% tags=["demonstration"]
print(double(torch.tensor([1.0])))

# %% [markdown]
# ## `mean_square(x)`: the mean of the squares

# %%
def mean_square(x):
    ### BEGIN SOLUTION
    return (x * x).mean()
    ### END SOLUTION

# %% [markdown]
# ## `label`: a word

# %%
def label(x):
    ### BEGIN SOLUTION
    return "positive" if bool((x > 0).all()) else "mixed"
    ### END SOLUTION
'''
VISIBLE_TESTS = """\
import pytest
import torch
from exercises import HINTS, answer, call, load

student = load("small")


@pytest.mark.double
def test_double_of_three():
    answer(student, "double", {"x": torch.tensor([3.0])}, torch.tensor([6.0]), hint=HINTS["double"])


@pytest.mark.mean_square
def test_mean_square_of_three():
    answer(student, "mean_square", {"x": torch.tensor([3.0])}, torch.tensor(9.0))


@pytest.mark.label
def test_label_of_three():
    assert call(student, "label", {"x": torch.tensor([3.0])}) == "positive"
"""
HIDDEN_SUITE = """\
# PRIVATE canary-of-a-test-1f2e
import torch
from grader.suite import Kind, Tolerance, agree, check

TIGHT = Tolerance(float32=1e-6, float64=1e-9, reason="one product")

@check("double", "values")
def test_double_values(student):
    x = torch.tensor([2.0, 5.0])
    agree("double", {"x": x}, student.double(x), 2 * x, tolerance=TIGHT)

@check("double", "the known one", kind=Kind.KNOWN, visible=True)
def test_double_known(student):
    x = torch.tensor([3.0])
    agree("double", {"x": x}, student.double(x), 2 * x, tolerance=TIGHT)

@check("mean_square", "values")
def test_mean_square_values(student):
    x = torch.tensor([2.0, 5.0])
    agree("mean_square", {"x": x}, student.mean_square(x), torch.tensor(14.5), tolerance=TIGHT)

@check("label", "values")
def test_label_values(student):
    assert student.label(torch.tensor([2.0, 5.0])) == "positive"
"""


def make(course):
    course.write(TOML, ASSIGNMENT_TOML)
    course.write(LESSON, LESSON_TEXT)
    course.write(VISIBLE, VISIBLE_TESTS)
    course.write(SUITE, HIDDEN_SUITE)
    return course


@pytest.fixture
def course(small_course):
    return make(small_course)


def first_findings(course, count=3):
    """Return what is found before anything runs: points, lesson, release."""
    return list(itertools.islice(prove(find_course(course.root), "small"), count))


def all_findings(folder, *edits):
    """Return every finding of a course with these mistakes, released as it is."""
    from small_course import SmallCourse

    course = make(SmallCourse(folder))
    for edit in edits:
        course.edit(*edit)
    found = find_course(course.root)
    write(found, "small")
    return list(prove(found, "small"))


def failures(findings):
    return [finding.text for finding in findings if not finding.holds]


def verify(*arguments, cwd):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GRADER_", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "-m", "grader", "verify", *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


# What is found without running anything.


def test_points_without_a_sum_are_named_with_the_sum_to_write(course):
    course.edit(TOML, "points = 7\n", "")

    finding = first_findings(course, 1)[0]

    assert not finding.holds
    assert finding.text == f"{course.root / TOML} does not say the sum of the points; write points = 7 at its top"


def test_points_that_do_not_add_up_end_it_with_file_and_line(course):
    course.edit(TOML, "points = 7\n", "points = 8\n")

    (finding,) = first_findings(course)

    assert not finding.holds
    assert finding.text == f"{course.root / TOML}:3: points = 8, but those of the exercises add up to 7"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# ## `label`: a word", "# ## a word"),
        ("# ## `label`: a word", "# ## label: a word"),
        ("# ## `label`: a word", "# ## `labelled`: another word"),
        ("# %% [markdown]\n# ## `label`: a word\n\n", ""),
    ],
)
def test_exercise_without_a_lesson_is_named_with_its_line(course, old, new):
    course.edit(LESSON, old, new)

    finding = first_findings(course)[1]

    assert not finding.holds
    assert finding.text.startswith(f"{course.root / LESSON}:")
    assert finding.text.endswith(": no lesson before `label`; write a text cell that names it")


def test_lesson_behind_its_exercise_does_not_count(course):
    course.edit(LESSON, "# ## `double`: twice as much", "# ## twice as much")
    course.edit(LESSON, "# ## `mean_square(x)`", "# ## `double`, and now `mean_square(x)`")

    finding = first_findings(course)[1]

    assert "no lesson before `double`" in finding.text


@pytest.mark.parametrize("gone", ['hint = "Square first."\n', 'title = "The mean of the squares"\n'])
def test_exercise_without_a_hint_or_a_title_is_named(course, gone):
    course.edit(TOML, gone, "")

    finding = first_findings(course)[1]

    assert not finding.holds
    assert finding.text == f"{course.root / TOML}: `mean_square` has no hint or no title; write both"


def test_lesson_that_cannot_be_read_ends_it_with_file_and_line(course):
    course.edit(LESSON, "    return 2 * x\n    ### END SOLUTION", "    return 2 * x")

    findings = first_findings(course)

    assert [finding.holds for finding in findings] == [True, False]
    assert findings[1].text == f"{course.root / LESSON}:13: this solution never ends; write ### END SOLUTION after it"


def test_next_assignment_that_is_none_is_named(course):
    course.edit(TOML, 'title = "Small"\n', 'title = "Small"\nnext = "large"\n')

    finding = first_findings(course)[2]

    assert not finding.holds
    assert finding.text == f"{course.root / TOML}: next = 'large' is no other assignment; there is small"


@pytest.mark.parametrize("name", [TOML, LESSON, SUITE])
def test_private_file_without_a_canary_is_named(course, name):
    course.edit(name, "# PRIVATE canary-of-a-test-1f2e\n", "")
    write(find_course(course.root), "small")

    finding = first_findings(course)[2]

    assert not finding.holds
    assert finding.text.startswith(f"{course.root / name} has no line `# PRIVATE <canary>`; begin it with")


@pytest.mark.parametrize(
    ("name", "old", "new", "file"),
    [
        (LESSON, "# # A lesson", "# # A lesson, canary-of-a-test-1f2e", "small.ipynb"),
        (TOML, "Add it to itself.", "canary-of-a-test-1f2e", "exercises.py"),
        (VISIBLE, "import pytest\n", "import pytest  # canary-of-a-test-1f2e\n", "test_small.py"),
    ],
)
def test_canary_in_what_is_released_is_named(course, name, old, new, file):
    course.edit(name, old, new)
    write(find_course(course.root), "small")

    finding = first_findings(course)[2]

    assert not finding.holds
    assert finding.text == f"{file} would carry the canary: text of a private file is in it"


def test_private_line_of_the_visible_tests_is_taken_off(course):
    course.edit(VISIBLE, "import pytest\n", "# PRIVATE canary-of-a-test-1f2e\nimport pytest\n")
    write(find_course(course.root), "small")

    assert failures(first_findings(course)) == []


def test_release_that_was_never_made_is_drift(course):
    finding = first_findings(course)[2]

    assert not finding.holds
    assert finding.text == f"{course.root / README} differs from what solutions/ gives; run `grader release small`"


@pytest.mark.parametrize("file", ["README.md", "small.py", "small.ipynb", "test_small.py", "notes.txt"])
def test_drift_is_named_with_the_command_that_mends_it(course, file):
    write(find_course(course.root), "small")
    course.write(f"assignments/small/{file}", "another text")

    finding = first_findings(course)[2]

    assert not finding.holds
    where = course.root / "assignments" / "small" / file
    assert finding.text == f"{where} differs from what solutions/ gives; run `grader release small`"


def test_missing_visible_tests_are_named(course):
    (course.root / VISIBLE).unlink()

    findings = first_findings(course)

    assert [finding.holds for finding in findings] == [True, True, False]
    assert findings[2].text == f"{course.root / VISIBLE} is missing; every assignment has visible tests"


# What is found by running.


@pytest.fixture(scope="module")
def unmarked_and_lenient(tmp_path_factory):
    """A visible test of no exercise; and `label` has one check alone, which is shown and sees nothing."""
    return all_findings(
        tmp_path_factory.mktemp("course"),
        (VISIBLE, VISIBLE_TESTS, VISIBLE_TESTS + "\n\ndef test_nothing_in_particular():\n    assert student.label\n"),
        (SUITE, '@check("label", "values")', '@check("label", "values", visible=True)'),
        (SUITE, '    assert student.label(torch.tensor([2.0, 5.0])) == "positive"', "    student.label(torch.ones(1))"),
    )


def test_visible_test_of_no_exercise_is_named(unmarked_and_lenient):
    said = "test_small.py: test_nothing_in_particular is of no exercise; mark it with @pytest.mark.<exercise>"

    assert any(text.endswith(said) for text in failures(unmarked_and_lenient))


def test_exercise_whose_checks_are_all_visible_is_named(unmarked_and_lenient):
    said = "tests/hidden/test_small.py: label has no check that is hidden; write one"

    assert any(text.endswith(said) for text in failures(unmarked_and_lenient))


@pytest.mark.parametrize("what", ["the answers changed", "nothing returned"])
def test_visible_test_whose_failure_costs_nothing_is_named(unmarked_and_lenient, what):
    (text,) = [text for text in failures(unmarked_and_lenient) if what in text]

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


def test_check_that_the_reference_fails_is_named_with_the_reason(wrong_reference):
    (text,) = [text for text in failures(wrong_reference) if "reference.py" in text]

    assert text.startswith("mean_square earns None of 2 in reference.py: test_mean_square_values (")
    assert "the reference fails this check" in text
    assert text.endswith("; mend the check or the reference")
    assert "\n" not in text


def test_stub_is_not_said_to_be_right_where_a_check_is_broken(wrong_reference):
    assert any("mean_square is broken" in text and "stub.py" in text for text in failures(wrong_reference))


def test_visible_test_that_the_reference_fails_is_named_with_the_reason(wrong_reference):
    (text,) = [text for text in failures(wrong_reference) if "fails on the reference" in text]

    assert f"{VISIBLE}: test_mean_square_of_three fails on the reference: mean_square: the value is wrong" in text
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
    (text,) = [text for text in failures(leaking_stub) if "stub.py" in text]

    said = "double is crashed with 0.0 points in stub.py; its solution marks must leave nothing but the docstring"
    assert text == said


def test_visible_test_that_passes_on_the_stub_is_named(leaking_stub):
    said = "test_small.py: test_label_of_three passes on the stub, so it tests nothing; let it call its exercise"

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


def test_command_prints_only_ok_lines_for_a_course_that_is_right(course):
    write(find_course(course.root), "small")

    done = verify(cwd=course.root)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "ok    small               points: 3 exercises add up to 7",
        "ok    small               lesson: a text, a title and a hint for every exercise",
        "ok    small               release: no drift, no canary",
        "ok    small               stub: not attempted everywhere, 0 of 7, .py and .ipynb",
        "ok    small               reference: 7 of 7, .py and .ipynb",
        "ok    small               visible tests: all 3 fail on the stub and pass on the reference",
        "ok    small               hidden suite: 4 checks, every exercise has some, and visible tests as well",
        "ok    small               with the answers changed: 3 visible tests fail, and each of them costs points",
        "ok    small               with nothing returned: 3 visible tests fail, and each of them costs points",
    ]
    assert not list((course.root / "solutions").rglob("*.pyc"))


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
