"""The page of what students read: twenty failures of each assignment, short, current, and without an answer."""

import re
from pathlib import Path

import pytest

from docs.making.gallery import COMMON, MOST_WORDS, PAGE, entries, section, words
from grader.course.catalogue import read_catalogue
from grader.course.reading import find_course, load_assignment

COURSE = find_course(Path(__file__).parents[2])
TEXT = PAGE.read_text("utf-8")
PARTS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE))


def catalogue(name):
    return {item.id: item for item in read_catalogue(load_assignment(COURSE, name))}


def test_page_has_a_part_for_each_assignment():
    assert list(PARTS) == list(COMMON)
    assert sorted(COMMON) == sorted(COURSE.names)


@pytest.mark.parametrize("name", COMMON)
def test_twenty_failures_of_each_assignment_are_there(name):
    items = catalogue(name)

    assert len(set(COMMON[name])) == 20
    assert re.findall(r"^### `(\w+)` (.*)$", PARTS[name], re.MULTILINE) == [
        (items[key].exercise, items[key].name) for key in COMMON[name]
    ]


@pytest.mark.parametrize("name", COMMON)
def test_messages_are_short(name):
    messages = re.findall(r"```text\n(.*?)\n```", PARTS[name], re.DOTALL)

    assert len(messages) == 40
    assert [message for message in messages if words(message) > MOST_WORDS] == []


@pytest.mark.parametrize("name", COMMON)
def test_no_line_of_a_misconception_or_of_the_solution_is_told(name):
    """A line of its own, so long that nobody writes it by chance; a traceback quotes the student's."""
    assignment = load_assignment(COURSE, name)
    sources = [item.source for item in catalogue(name).values()] + [assignment.reference.read_text("utf-8")]
    lines = {line.strip() for source in sources for line in source.splitlines() if not line.startswith("#")}
    code = {line for line in lines if len(line) > 30 and re.search(r"[=(].*[)\]]", line)}
    told = [line for line in PARTS[name].splitlines() if not re.match(r"  \w+, line \d+: ", line)]

    assert code
    assert [line for line in told if any(part in line for part in code)] == []


def test_page_says_what_is_said_today():
    (entry,) = entries(COURSE, "gradient_descent", ("M016",))

    assert section(entry) in TEXT
