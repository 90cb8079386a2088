"""What a lesson keeps to its reader: code on the first screen, questions before answers, and where to read on."""

import re
from pathlib import Path

import pytest

from grader.course.lesson import CellKind, read_lesson
from grader.course.reading import find_course, load_assignment
from grader.handout.release import stub

COURSE = find_course(Path(__file__).parents[2])
NAMES = ("gradient_descent", "autograd", "optimizers", "neuron", "network")
SCREEN = 25


def cells_of(name):
    return read_lesson(load_assignment(COURSE, name))


@pytest.mark.parametrize("name", NAMES)
def test_first_code_is_on_the_first_screen(name):
    lines = stub(load_assignment(COURSE, name)).split("\n")

    assert "# %%" in lines[:SCREEN]


@pytest.mark.parametrize("name", NAMES)
def test_question_is_answered_by_the_next_demonstration_and_the_text_after_it(name):
    cells = cells_of(name)
    asked = [
        number
        for number, cell in enumerate(cells)
        if cell.kind is CellKind.TEXT and cell.text.startswith("**Predict.**")
    ]

    assert len(asked) >= 2
    for number in asked:
        assert "?" in cells[number].text
        assert cells[number + 1].kind is CellKind.DEMONSTRATION
        assert cells[number + 2].text.startswith("**Answer.**")
    assert sum(cell.text.count("**Answer.**") for cell in cells) == len(asked)


@pytest.mark.parametrize("name", NAMES)
def test_numbers_by_hand_have_no_mathematics_since_a_hint_shows_them_in_a_terminal(name):
    by_hand = [
        part
        for cell in cells_of(name)
        for part in re.findall(r"\*\*By hand\.\*\*\s+(.+?)(?:\n\s*\n|\Z)", cell.text, re.DOTALL)
    ]

    assert len(by_hand) >= 5
    assert [part for part in by_hand if "$" in part] == []


@pytest.mark.parametrize("name", NAMES)
def test_lesson_ends_with_what_was_learned_and_where_to_read_on(name):
    last = cells_of(name)[-1].text

    assert re.match(r"##? What you have learned\n", last)
    assert "**Where to read on.**" in last
    assert len(set(re.findall(r"\]\((https?://[^)\s]+)\)", last))) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_a_lesson_has_words(name):
    text = "\n".join(cell.text for cell in cells_of(name))

    assert len(re.findall(r"https?://", text)) == len(re.findall(r"(?<!!)\[[^\]]+\]\(https?://[^)\s]+\)", text))


def test_unit_is_told_after_the_students_own_line():
    cells = cells_of("gradient_descent")
    told = [number for number, cell in enumerate(cells) if "Fahrenheit" in cell.text]
    trained = [number for number, cell in enumerate(cells) if "training_loop(5000, 1e-2" in cell.text]

    assert told
    assert min(told) > max(trained)


@pytest.mark.parametrize("name", ["autograd", "optimizers", "neuron", "network"])
def test_unit_is_told_in_no_other_lesson(name):
    assert "Fahrenheit" not in "\n".join(cell.text for cell in cells_of(name))
