"""A notebook is rebuilt from the gradebook's cells and the student's text, and nothing else of the student's."""

import copy
import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.channels.nbgrader.rebuild import MasterCell, read_cells, rebuild
from grader.syntax.notebooks import parse_notebook


def master(grade_id, source, *, kind="code", locked=False, points=None, task=False):
    metadata = {
        "cell_type": kind,
        "checksum": f"checksum of {grade_id}",
        "grade": points is not None and not task,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": not locked,
        "task": task,
    }
    if points is not None:
        metadata["points"] = points
    return MasterCell(
        grade_id=grade_id, kind=kind, source=source, locked=locked, grade=points is not None, metadata=metadata
    )


INTRO = master("intro", "# Read this", kind="markdown", locked=True)
SOLUTION = master("solution-model", "def model(x):\n    raise NotImplementedError")
CHECK = master("model", 'check("model")', locked=True, points=4)
SECOND = master("solution-loss", "def loss(x):\n    raise NotImplementedError")
SECOND_CHECK = master("loss", 'check("loss")', locked=True, points=6)
ESSAY = master("essay", "Write here", kind="markdown", points=2)
MASTERS = (INTRO, SOLUTION, CHECK, SECOND, SECOND_CHECK, ESSAY)
MODEL = "def model(x):\n    return 2 * x"
LOSS = "def loss(x):\n    return x.mean()"


def cell(text, grade_id=None, *, kind="code", **more):
    raw = {"cell_type": kind, "source": text, "metadata": {}, **more}
    if grade_id is not None:
        raw["metadata"] = {"nbgrader": {"grade_id": grade_id}}
    return kind, text, raw


def as_released():
    return [
        cell("# Read this", "intro", kind="markdown"),
        cell(MODEL, "solution-model"),
        cell('check("model")', "model"),
        cell(LOSS, "solution-loss"),
        cell('check("loss")', "loss"),
        cell("my essay", "essay", kind="markdown"),
    ]


def shown(book):
    """Return (grade_id or None, source) of each cell."""
    return [(one["metadata"].get("nbgrader", {}).get("grade_id"), one["source"]) for one in book["cells"]]


def ids(book):
    return [grade_id for grade_id, _ in shown(book)]


def assert_whole(book, masters=MASTERS):
    """Assert what holds of every rebuilt notebook, whatever was handed in."""
    nbformat.validate(nbformat.from_dict(copy.deepcopy(book)))
    metadata = {one.grade_id: one.metadata for one in masters}
    seen = []
    for one in book["cells"]:
        assert set(one["metadata"]) <= {"nbgrader"}
        assert one.get("outputs", []) == []
        assert one.get("execution_count") is None
        assert one["cell_type"] in ("code", "markdown")
        assert "attachments" not in one
        if one["metadata"]:
            grade_id = one["metadata"]["nbgrader"]["grade_id"]
            seen.append(grade_id)
            assert one["metadata"]["nbgrader"] == metadata[grade_id]
    assert len(seen) == len(set(seen))
    assert {one.grade_id for one in masters if one.locked or one.grade} <= set(seen)
    sources = dict(shown(book))
    assert all(sources[one.grade_id] == one.source for one in masters if one.locked)
    assert len({one["id"] for one in book["cells"]}) == len(book["cells"])
    assert set(book["metadata"]) == {"language_info"}


def test_notebook_as_released_keeps_its_cells_and_order():
    book = rebuild(as_released(), MASTERS)

    assert_whole(book)
    assert shown(book) == [
        ("intro", "# Read this"),
        ("solution-model", MODEL),
        ("model", 'check("model")'),
        ("solution-loss", LOSS),
        ("loss", 'check("loss")'),
        ("essay", "my essay"),
    ]


def test_own_text_of_the_course_stays_as_it_is_and_a_changed_one_does_not():
    own = f"A formula $x^2$ and\n\n![a picture](pictures/a.svg)\n{'long ' * 2000}"
    cells = [cell(own, kind="markdown"), cell(f"{own} <b>", kind="markdown")]

    book = rebuild(cells, (), own=frozenset({own}))

    texts = [one["source"] for one in book["cells"]]
    assert texts[0] == own
    assert texts[1].startswith("    A formula $x^2$ and\n    \n    ![a picture](pictures/a.svg)\n")
    assert "(cut here" in texts[1]


def test_rebuilding_changes_neither_the_cells_nor_the_masters():
    cells, masters = as_released(), copy.deepcopy(MASTERS)

    book = rebuild(cells, masters)
    for one in book["cells"]:
        one["metadata"].get("nbgrader", {})["grade_id"] = "changed"

    assert cells == as_released()
    assert masters == MASTERS


def test_no_cells_give_the_locked_and_graded_ones():
    book = rebuild([], MASTERS)

    assert_whole(book)
    assert ids(book) == ["intro", "model", "loss", "essay"]


def test_no_masters_give_the_students_cells():
    book = rebuild(as_released(), ())

    assert_whole(book, ())
    assert [text for _, text in shown(book)] == [text for _, text, _ in as_released()]


def test_missing_check_comes_back_behind_its_solution():
    cells = [one for number, one in enumerate(as_released()) if number != 2]

    book = rebuild(cells, MASTERS)

    assert_whole(book)
    assert ids(book) == ["intro", "solution-model", "model", "solution-loss", "loss", "essay"]


def test_missing_check_comes_back_behind_its_solution_wherever_that_stands():
    cells = [cell(LOSS, "solution-loss"), cell(MODEL, "solution-model")]

    book = rebuild(cells, MASTERS)

    assert_whole(book)
    found = ids(book)
    assert found[found.index("solution-model") + 1] == "model"
    assert found[found.index("solution-loss") + 1] == "loss"


def test_missing_solution_is_not_put_back():
    cells = [one for number, one in enumerate(as_released()) if number != 1]

    book = rebuild(cells, MASTERS)

    assert_whole(book)
    assert "solution-model" not in ids(book)


def test_solution_is_known_by_what_it_defines():
    book = rebuild([cell(LOSS), cell(MODEL)], MASTERS)

    assert_whole(book)
    assert ("solution-loss", LOSS) in shown(book)
    assert ("solution-model", MODEL) in shown(book)


def test_solution_with_a_syntax_error_is_known_by_its_first_line():
    text = "def model(x):\n    return 2 *"

    book = rebuild([cell(text)], MASTERS)

    assert ("solution-model", text) in shown(book)


def test_last_of_several_solutions_is_the_one_that_counts():
    cells = [cell("def model(x): return 1", "solution-model"), cell(MODEL, "solution-model")]

    book = rebuild(cells, MASTERS)

    assert_whole(book)
    assert (None, "def model(x): return 1") in shown(book)
    assert ("solution-model", MODEL) in shown(book)


def test_first_of_several_locked_cells_stays():
    cells = [*as_released(), cell('check("model")', "model"), cell('check("model")')]

    book = rebuild(cells, MASTERS)

    assert_whole(book)
    assert ids(book) == ["intro", "solution-model", "model", "solution-loss", "loss", "essay"]


def test_text_in_a_locked_cell_stands_before_it():
    cells = [cell("print('mine')", "model")]

    book = rebuild(cells, MASTERS)

    assert_whole(book)
    found = shown(book)
    assert found[found.index(("model", 'check("model")')) - 1] == (None, "print('mine')")


def test_locked_cell_is_known_by_its_text_whatever_it_claims():
    cells = [cell('check("model")', "loss"), cell('check("loss")\n', "model")]

    book = rebuild(cells, MASTERS)

    assert_whole(book)
    assert [one for one in shown(book) if one[0] is None] == []


def test_claim_of_another_kind_is_not_believed():
    book = rebuild([cell("print('mine')", "essay"), cell("text", "solution-model", kind="markdown")], MASTERS)

    assert_whole(book)
    assert (None, "print('mine')") in shown(book)
    assert (None, "text") in shown(book)


@pytest.mark.parametrize(
    "nbgrader",
    [
        {"grade_id": "model", "points": 1000, "grade": True, "locked": False, "solution": True},
        {"grade_id": "other", "points": 1000, "grade": True},
        {"grade_id": ["model"]},
        {"grade_id": None},
        {"grade_id": {"model": 1}},
        [],
        "model",
        None,
    ],
    ids=repr,
)
def test_metadata_of_a_student_is_never_kept(nbgrader):
    raw = {
        "cell_type": "code",
        "source": "x = 1",
        "metadata": {"nbgrader": nbgrader, "tags": ["skip-execution"], "deletable": False},
        "outputs": [{"output_type": "execute_result", "data": {"text/plain": "4"}}],
        "execution_count": 7,
        "attachments": {"a.png": {}},
        "id": "../../x",
    }

    book = rebuild([("code", "x = 1", raw)], MASTERS)

    assert_whole(book)
    assert "x = 1" in [text for _, text in shown(book)]


@pytest.mark.parametrize("kind", ["raw", "heading", "", "html", "CODE"])
def test_cell_of_another_kind_becomes_text(kind):
    book = rebuild([(kind, "<script>alert(1)</script>", {"cell_type": kind})], MASTERS)

    assert_whole(book)
    found = next(one for one in book["cells"] if "<script>" in one["source"])
    assert found["cell_type"] == "markdown"
    if kind != "heading":  # format 3's, which is Markdown
        assert found["source"] == "    <script>alert(1)</script>\n"


def test_endless_cell_is_cut():
    book = rebuild([cell("x = 1\n" * 10**6)], MASTERS)

    assert_whole(book)
    assert max(len(text) for _, text in shown(book)) < 250_000


def test_masters_of_one_text_are_each_there():
    twins = (master("one", "assert True", locked=True, points=1), master("two", "assert True", locked=True, points=1))

    book = rebuild([cell("assert True", "one"), cell("assert True", "two")], twins)

    assert_whole(book, twins)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b'{"cells": 3}'])
def test_cells_of_what_is_no_notebook_are_none(tmp_path, data):
    path = tmp_path / "gradient_descent.ipynb"
    path.write_bytes(data)

    assert read_cells(path) == []


def test_cells_of_a_link_or_a_folder_are_none(tmp_path):
    (tmp_path / "secret.ipynb").write_text(json.dumps({"cells": [cell("secret")[2]]}))
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (tmp_path / "folder.ipynb").mkdir()

    assert read_cells(tmp_path / "secret.ipynb") != []
    assert read_cells(tmp_path / "link.ipynb") == []
    assert read_cells(tmp_path / "folder.ipynb") == []


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
grade_ids = st.sampled_from([one.grade_id for one in MASTERS]) | anything
sources = st.one_of(
    st.sampled_from([one.source for one in MASTERS]),
    st.sampled_from([MODEL, LOSS, f"{MODEL}\n{LOSS}", "", "  \n", "x = 1", 'check("model")\n', "class model: pass"]),
    st.text(max_size=30),
)
nbgrader = st.fixed_dictionaries(
    {},
    optional={
        "grade_id": grade_ids,
        "points": anything,
        "grade": anything,
        "locked": anything,
        "solution": anything,
        "schema_version": anything,
    },
)
cells_of_students = st.one_of(
    anything,
    st.fixed_dictionaries(
        {},
        optional={
            "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | anything,
            "source": st.one_of(sources, st.lists(sources, max_size=3), anything),
            "input": sources,
            "metadata": st.one_of(
                anything,
                st.fixed_dictionaries({"nbgrader": nbgrader | anything}, optional={"tags": anything}),
            ),
            "outputs": anything,
            "execution_count": anything,
            "attachments": anything,
            "id": anything,
        },
    ),
    st.builds(
        lambda text, grade_id: cell(text, grade_id)[2], sources, st.sampled_from([one.grade_id for one in MASTERS])
    ),
)
chosen_masters = st.lists(st.sampled_from(MASTERS), unique_by=lambda one: one.grade_id).map(tuple)


def words(text):
    """Return a text's lines without the blanks around them, since a raw cell is indented."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@settings(max_examples=200, deadline=None)
@given(book=st.fixed_dictionaries({"cells": st.lists(cells_of_students, max_size=8)}), masters=chosen_masters)
def test_any_notebook_is_rebuilt_whole(book, masters):
    cells = parse_notebook(json.dumps(book).encode())

    found = rebuild(cells, masters)

    assert_whole(found, masters)
    locked = {one.source.strip() for one in masters if one.locked}
    there = [text for _, text in shown(found)]
    for kind, text, _ in cells:
        if text.strip() not in locked | {""}:
            assert text in there if kind in ("code", "markdown", "heading") else words(text) in map(words, there)
