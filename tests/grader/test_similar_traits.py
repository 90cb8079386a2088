"""What of a submission can be shared: lines whatever the names, names, texts, layout, and a notebook's traces."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import make_check, make_exercise, make_report, make_submission
from similar_works import cell, of_code, of_notebook

from grader.classes.similar.answers import add_answers
from grader.classes.similar.code import add_marks
from grader.classes.similar.lexing import lines_of
from grader.classes.similar.traits import Kind, Traits
from grader.outcomes import Counterexample, Diagnosis, How, Status
from grader.report.report import Audience
from grader.report.view import view

source_text = st.text(st.sampled_from(list("ab1.'\"#\\\n\r ()[]=\t:*é")) | st.characters(), max_size=80)


def keys(traits, kind):
    return {key for key, trait in traits.items() if trait.kind is kind}


def texts(traits, kind):
    return {trait.shown for trait in traits.values() if trait.kind is kind}


def letters(text):
    return Counter(re.sub(r"\s|\\(?=\r?\n)", "", text))


@given(source_text)
def test_lines_hold_all_letters_of_any_text(text):
    lines = list(lines_of(text))

    found = "".join("".join([*line.above, *(token.text for token in line.tokens), line.comment]) for line in lines)
    assert letters(found) == letters(text)
    assert all(line.number <= text.count("\n") + 1 for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1  # one\n\n\ny = 2", [(1, 0, "x = 1", "# one"), (4, 2, "y = 2", "")]),
        ("a = (1,\n     2)\nb", [(1, 0, "a = (1,\n     2)", ""), (3, 0, "b", "")]),
        ("a = b \\\n  + c\nd", [(1, 0, "a = b \\\n  + c", ""), (3, 0, "d", "")]),
        ("s = '''#\n\n'''\nt", [(1, 0, "s = '''#\n\n'''", ""), (4, 0, "t", "")]),
        ('s = \'#\' + "a\\"#"', [(1, 0, 's = \'#\' + "a\\"#"', "")]),
        ("f(1\ndef g():\n  1", [(1, 0, "f(1", ""), (2, 0, "def g():", ""), (3, 0, "1", "")]),
        ("s = 'open\nt", [(1, 0, "s = 'open", ""), (2, 0, "t", "")]),
    ],
)
def test_lines_are_those_that_python_sees(text, expected):
    found = [(line.number, line.blank, line.text, line.comment) for line in lines_of(text)]

    assert found == expected


def test_line_is_the_same_under_other_names_spaces_and_numbers():
    one = of_code("def f(x):\n    acc = x.mean() * 0.3\n")
    other = of_code("def f(values):\n    total=values.mean()*77\n")

    assert keys(one, Kind.CODE) == keys(other, Kind.CODE)
    assert texts(one, Kind.NAME) == {"f", "x", "acc"}
    assert texts(one, Kind.CONSTANT) == {"0.3"}


@pytest.mark.parametrize("other", ["x.sum() * 0.3", "acc.mean() * 0.3", "x.mean() + 0.3", "x.mean() * 2"])
def test_line_is_another_one_where_it_computes_something_else(other):
    one = of_code("def f(x):\n    acc = x.mean() * 0.3\n")

    assert keys(one, Kind.CODE) != keys(of_code(f"def f(x):\n    acc = {other}\n"), Kind.CODE)


def test_line_of_another_exercise_is_another_line():
    one, other = of_code("def f(x):\n    return x.mean()\n"), of_code("def g(x):\n    return x.mean()\n")

    assert not {trait.part for trait in one.values()} & {"g"}
    assert not any("mean" in one[key].shown for key in keys(one, Kind.CODE) & keys(other, Kind.CODE))


def test_layout_is_of_spaces_breaks_blank_lines_and_ends():
    plain = of_code("def f(x):\n    y = g(x, 1)\n    return y\n")
    changed = [
        of_code("def f(x):\n    y = g( x, 1)\n    return y\n"),
        of_code("def f(x):\n    y = g(x,\n      1)\n    return y\n"),
        of_code("def f(x):\n    y = g(x, 1)\n\n    return y\n"),
        of_code("def f(x):\n    y = g(x, 1)  \n    return y\n"),
        of_code("def f(x):\n    y = g(x, 1)  # hm\n    return y\n"),
        of_code("def f(x):\n    y = g(x, 1,)\n    return y\n"),
        of_code("def f(x):\n\ty = g(x, 1)\n\treturn y\n"),
    ]

    assert all(keys(one, Kind.CODE) == keys(plain, Kind.CODE) for one in changed)
    assert all(keys(one, Kind.LAYOUT) != keys(plain, Kind.LAYOUT) for one in changed)


def test_layout_is_of_quotes():
    one, other = of_code("print('a')\n"), of_code('print("a")\n')

    assert keys(one, Kind.CODE) == keys(other, Kind.CODE)
    assert keys(one, Kind.LAYOUT) != keys(other, Kind.LAYOUT)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a\n", set()),
        (b"\xef\xbb\xbfa\n", {"a byte order mark"}),
        (b"a\r\nb\r\n", {"lines that end as on Windows"}),
        (b"a", {"no end of the last line"}),
        (b"a\n\n", {"more than one line's end at the end"}),
    ],
)
def test_bytes_of_a_module_tell_what_saved_it(data, expected):
    traits = Traits()
    add_marks(traits, data)

    assert texts(traits.found, Kind.LAYOUT) == expected


def test_space_before_a_comment_ends_no_line():
    lines = list(lines_of("a = 1  # one\nb = 2 \nc = (3,  # three\n  4)\n"))

    assert [line.spare for line in lines] == [False, True, False]
    assert [token.before for token in lines[2].tokens] == ["", " ", " ", "", "", "\n  ", ""]


def test_comments_and_docstrings_are_texts_by_their_words():
    found = of_code('def f(x):\n    """Gives the mean."""\n    # WHAT a mess!\n    return x  # really?\n')

    assert {"Gives the mean.", "WHAT a mess!", "really?", "mess", "gives"} <= texts(found, Kind.TEXT)
    assert keys(of_code("# what a mess"), Kind.TEXT) <= keys(found, Kind.TEXT)


def test_notebook_has_texts_ids_metadata_and_outputs():
    found = of_notebook(
        cell("I was lost here for hours. Then it worked at last!", "markdown", id="text-1"),
        cell("x", id="a1b2c3d4", metadata={"colab": {"deep": [{"authorship": "ABX9TyM4kQ"}]}, "tags": ["t"]}),
        cell("x", outputs=[{"output_type": "stream", "text": ["<f at 0x7f12ab34cd56>\n", "took 12.345 s\n"]}]),
        cell("x", outputs=[{"data": {"text/plain": "tensor(3.25)", "image/png": "iVBORw0KGgo="}}]),
    )
    certain = {trait.shown for trait in found.values() if not trait.by_chance}

    assert {"I was lost here for hours", "lost"} <= texts(found, Kind.TEXT)
    assert certain == {
        "id of a cell: a1b2c3d4",
        "authorship of a cell: ABX9TyM4kQ",
        "<f at 0x7f12ab34cd56>",
        "took 12.345 s",
    }
    assert "tensor(3.25)" in texts(found, Kind.OUTPUT)
    assert any(text.startswith("a picture ") for text in texts(found, Kind.OUTPUT))


def test_notebook_of_any_json_has_traits_or_none():
    deep = {}
    for _ in range(500):
        deep = {"a": deep}
    odd = [None, 3, "x", [], {"cell_type": 3, "id": 4, "metadata": 5, "outputs": 6}, cell("x", metadata=deep)]
    odd += [cell("x", outputs=[None, {"text": [1, None]}, {"data": [], "traceback": {"a": 1}}])]

    assert of_notebook(*odd) == {}


def answers_of(**changes):
    fields = {"checks": (make_check(told="", summary="", text=""),), **changes}
    seen = view(make_report(make_submission(make_exercise(**fields))), Audience.STAFF)
    traits = Traits()
    add_answers(traits, seen.submissions[0])
    return traits.found


def test_answer_is_a_mistake_and_below_it_its_numbers():
    shown = Counterexample(call="f(1)", how=How.RETURNED, returned="7.25", expected="2")
    same = {"diagnosis": (Diagnosis(misconception="m", text="WHY"),)}

    one = answers_of(**same, counterexample=shown)
    other = answers_of(**same, counterexample=Counterexample(call="f(1)", how=How.RETURNED, returned="9", expected="2"))

    assert texts(one, Kind.ANSWER) == {"WHY", "f(1) returned 7.25"}
    assert [one[key].shown for key in keys(one, Kind.ANSWER) & keys(other, Kind.ANSWER)] == ["WHY"]


@pytest.mark.parametrize("status", [Status.PASSED, Status.NOT_ATTEMPTED, Status.BROKEN])
def test_answer_that_is_right_or_missing_is_no_trait(status):
    assert answers_of(status=status, checks=(make_check(status=status),)) == {}


def test_traits_end_at_a_limit_and_say_so():
    traits = Traits(limit=2)
    for number in range(4):
        traits.add(Kind.NAME, str(number), shown="x" * 10_000, where="")

    assert traits.cut
    assert len(traits.found) == 2
    assert all(len(trait.shown) < 400 for trait in traits.found.values())
