"""`grader verify` before anything runs: what the text of a course says, a mistake in it by file, line and remedy."""

import itertools
import subprocess
import sys

import pytest
from proved_course import LESSON, README, SUITE, TOML, VISIBLE, failures, first_findings, make

from grader.authoring.proving import prove
from grader.course.reading import find_course
from grader.handout.release import write


@pytest.fixture
def course(small_course):
    return make(small_course)


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
    what = gone.partition(" ")[0]
    assert finding.text == f"{course.root / TOML}:11: `mean_square` has no {what}; students read it, so write it there"


def test_lesson_that_cannot_be_read_ends_it_with_file_and_line(course):
    course.edit(LESSON, "    return 2 * x\n    ### END SOLUTION", "    return 2 * x")

    findings = first_findings(course)

    assert [finding.holds for finding in findings] == [True, False]
    assert findings[1].text == f"{course.root / LESSON}:13: this solution never ends; write ### END SOLUTION after it"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "kind=Kind.KNOWN",
            "weight=1.5, kind=Kind.EDGE",
            "the ordinary checks of double weigh 1 of 2.5; they need half",
        ),
        ('"values")', '"values", kind=Kind.KNOWN)', "double has no check of kind VALUE, so nobody could earn a point"),
        ('"values")', '"values", weight=0)', "test_double_values has weight 0.0; give it more than 0"),
    ],
)
def test_weights_that_break_a_rule_are_told_with_file_and_line(course, old, new, said):
    text = (course.root / SUITE).read_text("utf-8")
    (course.root / SUITE).write_text(text.replace(old, new, 1), "utf-8")

    finding = first_findings(course)[-1]

    assert not finding.holds
    assert finding.text.startswith(f"{course.root / SUITE}:7: {said}")


def test_weights_of_checks_that_are_several_are_left_to_running(course):
    text = (course.root / SUITE).read_text("utf-8")
    many = '\ntwice = pytest.mark.parametrize(\'times\', [1, 2])\n\n@twice\n@check("double", "values")'
    text = text.replace("import torch\n", "import pytest\nimport torch\n", 1).replace(
        '@check("double", "values")', many
    )
    text = text.replace("test_double_values(student)", "test_double_values(student, times)")
    (course.root / SUITE).write_text(text.replace("kind=Kind.KNOWN", "weight=1.5, kind=Kind.EDGE", 1), "utf-8")

    assert [finding.text for finding in first_findings(course) if " weigh " in finding.text] == []


def test_next_assignment_that_is_none_is_named(course):
    course.edit(TOML, 'title = "Small"\n', 'title = "Small"\nnext = "large"\n')

    finding = first_findings(course)[2]

    assert not finding.holds
    assert finding.text == f"{course.root / TOML}:3: next = 'large' is no other assignment; there is no other"


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


def test_canary_of_another_assignment_is_named_too(course):
    course.write("solutions/other/assignment.toml", "# PRIVATE canary-of-a-test-99aa\n")
    course.edit(LESSON, "# # A lesson", "# # A lesson, canary-of-a-test-99aa")
    write(find_course(course.root), "small")

    finding = first_findings(course)[2]

    assert finding.text == "small.ipynb would carry the canary: text of a private file is in it"


def test_private_line_of_the_visible_tests_is_taken_off(course):
    course.edit(VISIBLE, "import pytest\n", "# PRIVATE canary-of-a-test-1f2e\nimport pytest\n")
    write(find_course(course.root), "small")

    assert failures(first_findings(course)) == []


def test_release_that_was_never_made_is_drift(course):
    finding = first_findings(course)[2]

    assert not finding.holds
    said = "is not there: nothing was released yet; run `grader release small`"
    assert finding.text == f"{(course.root / README).parent} {said}"


@pytest.mark.parametrize("file", ["README.md", "small.py", "small.ipynb", "test_small.py"])
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


def test_file_that_is_no_part_of_a_release_is_to_be_taken_away(course):
    write(find_course(course.root), "small")
    path = course.write("assignments/small/notes.txt", "another text")

    finding = first_findings(course)[2]

    assert finding.text == f"{path} is no file of a release; take it away from there"


def test_file_that_was_never_released_is_not_said_to_differ(course):
    write(find_course(course.root), "small")
    (course.root / README).unlink()

    finding = first_findings(course)[2]

    assert finding.text == f"{course.root / README} is not released yet; run `grader release small`"


# Names: whatever runs after them would only tell of what follows.


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said"),
    [
        (SUITE, '@check("label"', '@check("lable"', 22, "'lable' is no exercise; did you mean label?"),
        (SUITE, "student.label(", "student.lable(", 24, "student.lable: the lesson has none; did you mean label?"),
        (SUITE, '@check("label", "values")\n', "", 22, "test_label_values has no @check, so it would never count"),
        (
            VISIBLE,
            "@pytest.mark.label",
            "@pytest.mark.lable",
            19,
            "test_label_of_three is marked @pytest.mark.lable, which is no exercise; did you mean label?",
        ),
        (
            VISIBLE,
            "@pytest.mark.label\n",
            "",
            18,
            "test_label_of_three is of no exercise; mark it with @pytest.mark.<exercise>",
        ),
        (VISIBLE, 'HINTS["double"]', 'HINTS["duoble"]', 10, "'duoble' is no exercise; did you mean double?"),
        (VISIBLE, 'call(student, "label"', 'call(student, "lable"', 20, "'lable' is no exercise; did you mean label?"),
        (
            TOML,
            'name = "label"',
            'name = "lable"',
            None,
            "`lable` is not defined; assignment.toml lists it, so it stands",
        ),
    ],
)
def test_misspelt_name_ends_it_with_file_line_and_what_was_meant(course, file, old, new, line, said):
    course.edit(file, old, new)

    last = list(prove(find_course(course.root), "small"))[-1]

    assert not last.holds
    assert said in last.text
    if line is not None:
        assert last.text.startswith(f"{course.root / file}:{line}: ")
    else:
        assert "did you mean `label`" in last.text


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("teaching.py", "from grader.course.teaching import teaching\nTEACHING = [teaching('lable', {'x': 2})]\n", 2),
        ("misconceptions.py", "@misconception('M1', name='n', explanation='e')\ndef lable(x):\n    return x\n", 2),
        ("pictures.py", "PICTURES = {\n    'lable': {},\n}\n", 2),
    ],
)
def test_misspelt_exercise_beside_the_lesson_is_named(course, file, text, line):
    path = course.write(f"solutions/small/{file}", text)

    last = list(prove(find_course(course.root), "small"))[-1]

    assert last.text == f"{path}:{line}: 'lable' is no exercise; did you mean label?"


def test_alternative_that_is_no_python_is_named_with_its_line(course):
    path = course.write(
        "solutions/small/alternatives.py", "ALTERNATIVES: dict[str, str] = {'odd': 'x = 1\\ndef f(:\\n'}\n"
    )

    (text,) = failures(prove(find_course(course.root), "small"))

    todo = "a right submission in another style has to be a whole module, as a student may hand it in"
    assert text == f"{path}: line 2 of 'odd': invalid syntax; {todo}"


def test_all_wrong_names_are_told_at_once(course):
    course.edit(SUITE, '@check("label"', '@check("lable"')
    course.edit(VISIBLE, "@pytest.mark.label", "@pytest.mark.lable")

    assert len(failures(prove(find_course(course.root), "small"))) == 2


def test_exercise_without_a_check_is_named(course):
    course.edit(SUITE, '@check("label", "values")', '@check("double", "values")')

    (text,) = failures(prove(find_course(course.root), "small"))

    assert text.endswith('tests/hidden/test_small.py: no check of label; write some, marked @check("label", "...")')


def test_exercise_with_one_check_alone_is_warned_of(course):
    texts = warnings(course)

    assert [text.partition(": ")[2].split()[0] for text in texts] == ["mean_square", "label"]
    assert texts[0].startswith(f"{course.root / SUITE}:17: mean_square has one check alone; add one of another kind")


@pytest.mark.parametrize(
    ("uses", "body", "said"),
    [
        ('uses = ["double"]', "(x * x).mean()", ["neither the reference nor an alternative calls double"]),
        ('uses = ["double"]', "(double(x) * x).mean() / 2", []),
        ('uses = ["double"]', "halved(x)", []),
        ("", "(double(x) * x).mean() / 2", ["the reference calls double, which is not named there"]),
        ("", "halved(x)", ["the reference calls double, which is not named there"]),
    ],
)
def test_untrue_uses_are_warned_of(course, uses, body, said):
    course.edit(TOML, 'hint = "Square first."\n', f'hint = "Square first."\n{uses}\n')
    course.edit(LESSON, "return (x * x).mean()", f"return {body}")
    course.edit(LESSON, "import torch\n", "import torch\n\ndef halved(x):\n    return (double(x) * x).mean() / 2\n")

    found = [text for text in warnings(course) if "uses of" in text]

    assert [text.partition("untrue: ")[2] for text in found] == said
    assert all(text.startswith(f"{course.root / TOML}:") for text in found)


def test_misspelt_uses_are_named_with_what_was_meant(course):
    course.edit(TOML, 'hint = "Square first."\n', 'hint = "Square first."\nuses = ["duoble"]\n')

    (text,) = failures(prove(find_course(course.root), "small"))

    assert (
        text
        == f"{course.root / TOML}:16: mean_square uses 'duoble', which is no other exercise of it; did you mean double?"
    )


def test_misspelt_tool_is_warned_of_since_it_would_be_there(course):
    course.edit(TOML, "points = 7\n", 'points = 7\nnot_allowed = ["torch.autogard", "torch.optim", "numpy.linalg"]\n')

    (text,) = [text for text in warnings(course) if "not_allowed" in text]

    assert text.endswith("not_allowed holds 'torch.autogard'; did you mean torch.autograd?")


def test_misspelt_assignment_is_named_with_what_was_meant(course):
    (finding,) = prove(find_course(course.root), "smal")

    assert finding.text.endswith("; did you mean small?")


def test_mistake_in_the_text_is_told_before_torch_is_imported(course):
    course.edit(SUITE, '@check("label"', '@check("lable"')
    code = (
        "import sys\nfrom pathlib import Path\nfrom grader.authoring.proving import prove\n"
        "from grader.course.reading import find_course\n"
        f"found = list(prove(find_course(Path({str(course.root)!r})), 'small'))\n"
        "print(found[-1].text, 'torch' in sys.modules, 'pytest' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.endswith("did you mean label? False False\n")


def warnings(course):
    """Return what warns before anything runs."""
    write(find_course(course.root), "small")
    findings = prove(find_course(course.root), "small")
    found = itertools.takewhile(lambda finding: not finding.text.startswith("release"), findings)
    return [finding.text for finding in found if finding.level == "warn"]
