"""The mistakes of a lesson: what each is called, and the line that it is in."""

from functools import partial

import pytest
from lessons import ASSIGNMENT, GIVEN, LESSON, lesson_in, line_of, replaced

from grader.course.lesson import read_lesson
from grader.errors import CourseError

SCALE = LESSON[LESSON.index("class Scale") : LESSON.index("# %% [markdown]\n# The end")]


@pytest.fixture
def lesson(small_course):
    """Return a function that puts a lesson into the course, and returns its assignment."""
    return partial(lesson_in, small_course)


SOLUTION = "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n"


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        pytest.param("    ### END SOLUTION\n\n\n", "\n", "### BEGIN", "this solution never ends", id="unclosed"),
        pytest.param(
            "        squared = helper(x)\n",
            "        ### BEGIN SOLUTION  \n        squared = helper(x)\n",
            "### BEGIN SOLUTION  ",
            "begins inside the one of line",
            id="nested",
        ),
        pytest.param(
            SOLUTION,
            "    return 2 * x\n    ### END SOLUTION\n",
            "### END",
            "without a ### BEGIN SOLUTION",
            id="stray end",
        ),
        pytest.param("### BEGIN SOLUTION", "### BEGIN SOLUTIONS", "### BEGIN", "is no mark", id="plural"),
        pytest.param("### BEGIN SOLUTION", "###BEGIN SOLUTION", "###BEGIN", "is no mark", id="no space"),
        pytest.param("### END SOLUTION", "### end solution", "### end", "is no mark", id="small letters"),
        pytest.param("### END SOLUTION", "#### END SOLUTION", "#### END", "is no mark", id="four hashes"),
        pytest.param("### BEGIN SOLUTION", "### BEGIN SOLUTION, long", "### BEGIN", "is no mark", id="words behind"),
    ],
)
def test_wrong_mark_is_named_with_its_line(lesson, old, new, at, said):
    text = replaced(old, new)

    with pytest.raises(CourseError, match=said) as caught:
        read_lesson(lesson(text))

    assert f"solutions/small/small.py:{line_of(at, text)}: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nested_mark_names_the_line_of_the_outer_one(lesson):
    text = replaced("        self.factor = factor\n        ### END SOLUTION\n", "        self.factor = factor\n")
    outer = line_of("self.factor = factor", text) - 1

    with pytest.raises(CourseError, match=f"inside the one of line {outer};"):
        read_lesson(lesson(text))


def test_pair_of_misspelt_marks_hands_out_no_solution(lesson):
    text = replaced("        ### BEGIN SOLUTION\n        self", "        ## BEGIN SOLUTION\n        self")
    text = replaced("= factor\n        ### END SOLUTION\n", "= factor\n        ## END SOLUTION\n", text)

    with pytest.raises(CourseError, match="is no mark") as caught:
        read_lesson(lesson(text))

    assert f"small.py:{line_of('        ## BEGIN', text)}: " in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        pytest.param(SOLUTION, SOLUTION + "    return x\n", "    return x", id="in a function"),
        pytest.param(SOLUTION, SOLUTION + "\n\n    return x\n", "    return x", id="behind blank lines"),
        pytest.param(SOLUTION, SOLUTION + "    # a comment\n", "    # a comment", id="a comment"),
        pytest.param(
            "        ### END SOLUTION\n\n    def __call__",
            "        ### END SOLUTION\n        x = 1\n\n    def __call__",
            "        x = 1",
            id="in a method",
        ),
        pytest.param(
            "self.factor\n        ### END SOLUTION\n",
            "self.factor\n        ### END SOLUTION\n\n        x = 1\n",
            "        x = 1",
            id="in the last method",
        ),
        pytest.param(
            SOLUTION,
            "    ### BEGIN SOLUTION\n    y = 2 * x\n### END SOLUTION\n    return y\n",
            "    return y",
            id="behind an end without indent",
        ),
        pytest.param(
            SOLUTION,
            "    ### BEGIN SOLUTION\n    for _ in x:\n        y = x\n        ### END SOLUTION\n    return y\n",
            "    return y",
            id="behind an end with more indent",
        ),
    ],
)
def test_code_behind_a_solution_is_refused_with_its_line(lesson, old, new, at):
    text = replaced(old, new)

    with pytest.raises(CourseError, match="would never be reached") as caught:
        read_lesson(lesson(text))

    assert f"small.py:{line_of(at, text)}: " in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        pytest.param("# %% [markdown]\n# # A", "import os\n\n# %%\n# # A", "import os", "before the first", id="code"),
        pytest.param("# %% [markdown]\n# # A", "# words\n# %%\n# # A", "# words", "before the first", id="comment"),
        pytest.param("# %%\nimport", "# %% code\nimport", "# %% code", "no header of a cell", id="a title"),
        pytest.param("# %%\nimport", "# %% [raw]\nimport", "# %% [raw]", "no header of a cell", id="raw"),
        pytest.param("# %%\nimport", "#%%\nimport", "#%%", "no header of a cell", id="no space"),
        pytest.param("# %%\nimport", "# %%time\nimport", "# %%time", "no header of a cell", id="magic"),
        pytest.param(
            'tags=["demonstration"]', 'tags=["demo"]', 'tags=["demo"]', "no header of a cell", id="unknown tag"
        ),
        pytest.param(
            "    return x * x\n", "    # %%\n    return x\n", "    # %%", "at the beginning of", id="indented"
        ),
        pytest.param("#     indented", "indented = 1", "indented = 1", "code in a text cell", id="code in text"),
        pytest.param("#     indented", "    # comment", "    # comment", "code in a text cell", id="indented text"),
        pytest.param("    return x * x", "    return x *", "    return x *", "invalid syntax", id="syntax"),
        pytest.param("print(double(", "print(double((", "print(double((", "was never closed", id="open bracket"),
        pytest.param("def double(x):", "def double(x)", "def double(x)", "expected ':'", id="no colon"),
        pytest.param(
            "# %%\nclass Scale",
            "# %%\nimport os\nclass Scale",
            "import os",
            "holds that exercise alone",
            id="an import",
        ),
        pytest.param(
            "# %%\nclass Scale",
            '# %% tags=["demonstration"]\nclass Scale',
            "class Scale",
            "no demonstration",
            id="shown",
        ),
        pytest.param(
            '\n\n# %% tags=["demonstration"]\nprint(double(torch.tensor([1.0])))\n',
            "\n",
            "def double",
            "holds that exercise alone",
            id="demonstration below it",
        ),
        pytest.param(
            "    return x * x\n",
            "    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION\n",
            "def helper",
            "a solution in no exercise's cell",
            id="solution of a helper",
        ),
        pytest.param(
            "shown = double",
            "if shown:\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\nshown = double",
            "print(double",
            "a solution in no exercise's cell",
            id="solution in a demonstration",
        ),
        pytest.param(SOLUTION, "    return 2 * x\n", "def double", "`double` has no solution", id="no solution"),
    ],
)
def test_wrong_cell_is_named_with_its_line(lesson, old, new, at, said):
    text = replaced(old, new)

    with pytest.raises(CourseError) as caught:
        read_lesson(lesson(text))

    assert said in str(caught.value)
    assert f"solutions/small/small.py:{line_of(at, text)}: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_exercises_in_a_cell_are_refused(lesson):
    text = replaced("# %%\ndef double", f"# %%\n{SCALE}\n\ndef double", LESSON.replace(f"# %%\n{SCALE}", ""))

    with pytest.raises(CourseError, match="holds that exercise alone") as caught:
        read_lesson(lesson(text))

    assert f"small.py:{line_of('class Scale', text)}: " in str(caught.value)


@pytest.mark.parametrize(
    ("toml", "text", "said"),
    [
        pytest.param(ASSIGNMENT, replaced("def double", "def dubble"), "`double` is not defined", id="missing"),
        pytest.param(
            ASSIGNMENT, replaced("class Scale", "scale = 1\nclass Other"), "`Scale` is not", id="missing class"
        ),
        pytest.param(
            ASSIGNMENT, replaced("def double", "async def double"), "`double` is not defined", id="no plain function"
        ),
        pytest.param(ASSIGNMENT, LESSON + f"\n# %%\n{SCALE}", "`Scale` is defined in two cells", id="twice"),
        pytest.param(GIVEN, replaced("def helper", "def held"), "`helper` is not defined", id="given is missing"),
        pytest.param(
            GIVEN, LESSON + "\n# %%\ndef helper(x):\n    pass\n", "`helper` is defined in two cells", id="given twice"
        ),
    ],
)
def test_name_that_is_not_defined_once_is_named(lesson, toml, text, said):
    with pytest.raises(CourseError) as caught:
        read_lesson(lesson(text, toml))

    assert said in str(caught.value)
    assert "solutions/small/small.py:1: " in str(caught.value)


def test_exercises_in_another_order_are_refused(lesson):
    toml = '[[exercise]]\nname = "Scale"\npoints = 1\n[[exercise]]\nname = "double"\npoints = 1\n'

    with pytest.raises(CourseError, match=r"small\.py:1: .*in the order double, Scale; keep that of assignment"):
        read_lesson(lesson(toml=toml))


@pytest.mark.parametrize("text", ["", "\n\n", "# PRIVATE canary-of-a-test\n"])
def test_lesson_without_a_cell_says_how_to_begin_one(lesson, text):
    with pytest.raises(CourseError, match=r"small\.py:1: there is no cell in it; begin each with"):
        read_lesson(lesson(text))


def test_solution_around_the_whole_function_is_refused(lesson):
    text = replaced("def double(x):", "### BEGIN SOLUTION\ndef double(x):")
    text = replaced('    """Return 2 x."""\n    ### BEGIN SOLUTION\n', "", text)
    text = replaced("    ### END SOLUTION", "### END SOLUTION", text)

    with pytest.raises(CourseError, match=r"in the exercise's body") as caught:
        read_lesson(lesson(text))

    assert "small.py:" in str(caught.value)


def test_lesson_that_is_no_utf8_is_named(lesson):
    assignment = lesson()
    assignment.reference.write_bytes(LESSON.encode() + b"# \xff\n")

    with pytest.raises(CourseError, match=r"small\.py"):
        read_lesson(assignment)


def test_given_function_of_a_demonstration_is_refused(lesson):
    text = replaced("# %%\ndef helper", '# %% tags=["demonstration"]\ndef helper')

    with pytest.raises(CourseError, match="helper"):
        read_lesson(lesson(text, GIVEN))
