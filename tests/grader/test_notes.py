"""What is left out of a submission, by what a worker tells of it: the notes for the report, and the losses by name."""

import pytest
import torch

from grader.backends.analysis import Analysis, Work
from grader.backends.notes import Notes, Raised, raised_in
from grader.outcomes import Status


def notes_of(*names, errors=(), renamed=None):
    """Return the notes of a file whose statements bind these names."""
    count = len(names)
    return Notes(
        Analysis(
            where=tuple(f"line {number}" for number in range(1, count + 1)),
            names=tuple(names),
            errors=tuple(errors) or ("",) * count,
            definitions=(True,) * count,
            independent=(False,) * count,
            stub_left=frozenset(),
            attempted=frozenset(renamed or {}),
            work=Work(tried=frozenset(), covered={}, code=""),
            reached={},
            written={},
            renamed=renamed or {},
            is_python=True,
        )
    )


def raised(statement, kind, message="", missing=""):
    return Raised(statement=statement, raised=kind, message=message, missing=missing)


def test_statement_that_raised_is_a_note_and_a_loss():
    notes = notes_of(("double",), ())

    notes.lose_raised(raised(0, "ValueError", "no"))

    assert notes.lines == ["left out line 1: ValueError: no"]
    assert notes.losses["double"].status is Status.CRASHED
    assert notes.losses["double"].text == "line 1: ValueError: no"


def test_statement_that_is_no_python_is_a_note_from_the_start():
    notes = notes_of(("double",), errors=["SyntaxError: expected ':'"])

    assert notes.lines == ["left out line 1: SyntaxError: expected ':'"]
    assert notes.losses["double"].status is Status.CRASHED


def test_call_of_a_stub_is_a_loss_and_no_note():
    notes = notes_of(("value",))

    notes.lose_raised(raised(0, "NotImplementedError"))

    assert notes.lines == []
    assert "value" in notes.losses


def test_class_of_a_similar_name_is_no_stub():
    notes = notes_of(())

    notes.lose_raised(raised(0, "NotImplementedErrorOfMine"))

    assert notes.lines == ["left out line 1: NotImplementedErrorOfMine: "]


@pytest.mark.parametrize(
    ("later", "said"), [(1, "with one later statement that needs it"), (2, "with 2 later statements that need it")]
)
def test_what_needs_a_lost_name_is_counted_where_that_was_lost(later, said):
    notes = notes_of(("data",), ("fit",), ("loss",))

    notes.lose(0, Status.TIMED_OUT, "it took more than 1 s of CPU time")
    for index in range(1, later + 1):
        notes.lose_raised(raised(index, "NameError", "name 'data' is not defined", "data"))

    assert notes.lines == [f"left out line 1, {said}: it took more than 1 s of CPU time"]
    assert notes.losses["fit"].text == "line 2: NameError: name 'data' is not defined"


def test_name_that_nothing_lost_is_a_note_of_its_own():
    notes = notes_of(("fit",))

    notes.lose_raised(raised(0, "NameError", "name 'data' is not defined", "data"))

    assert notes.lines == ["left out line 1: NameError: name 'data' is not defined"]


def test_notes_stand_in_the_order_of_the_file_after_what_is_said_of_it():
    notes = notes_of((), ())

    notes.lose_raised(raised(1, "ValueError", "second"))
    notes.lose_raised(raised(0, "ValueError", "first"))
    notes.say("of the file")

    assert notes.lines == [
        "of the file",
        "left out line 1: ValueError: first",
        "left out line 2: ValueError: second",
    ]


def test_many_notes_are_cut():
    notes = notes_of(*[()] * 30)

    for index in range(30):
        notes.lose_raised(raised(index, "ValueError"))

    assert len(notes.lines) == 21
    assert notes.lines[-1] == "and 10 more notes of this kind"


def test_what_is_raised_is_cut():
    assert len(raised(0, "ValueError", "x" * 2000).text) == 300


@pytest.mark.parametrize(
    "notes",
    [
        None,
        "no list",
        ["no dict", 1, None],
        [{}],
        [{"statement": "0", "raised": "ValueError"}],
        [{"statement": torch.zeros(2)}],
        {"statement": 0},
    ],
)
def test_notes_of_another_form_say_nothing(notes):
    assert list(raised_in({"notes": notes})) == []


def test_parts_of_a_note_that_are_no_text_are_empty():
    note = {"statement": 2, "raised": ["ValueError"], "message": torch.ones(2), "missing": None}

    (found,) = raised_in({"notes": [note]})

    assert found == raised(2, "")


def test_other_names_of_arguments_are_a_note_and_cost_nothing():
    notes = notes_of(renamed={"double": (("value", "x"), ("long" * 20, "y")), "half": ()})

    assert notes.lines == [
        f"`double` calls its arguments value, {'long' * 10}... where the stub says x, y: that costs nothing"
    ]


def test_arguments_in_another_order_are_a_note_that_says_how_they_come():
    notes = notes_of(renamed={"double": (("y", "x"), ("x", "y"))})

    assert notes.lines == ["`double` has the arguments y, x where the stub has x, y: they are handed over by position"]


def test_one_other_name_is_one_argument():
    notes = notes_of(renamed={"double": (("value", "x"),)})

    assert notes.lines == ["`double` calls its argument value where the stub says x: that costs nothing"]


def test_other_names_in_many_exercises_are_counted():
    notes = notes_of(renamed={f"f{number}": (("value", "x"),) for number in range(20)})

    assert len(notes.lines) == 4
    assert notes.lines[-1] == "17 more exercises have other names than the stub's"
