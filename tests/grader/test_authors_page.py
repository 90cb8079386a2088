"""docs/authors.md: the tutorial is followed literally, and the table of keys is what the code accepts."""

import itertools

import author_keys
import msgspec
import pytest
from tutorial import follow, shows, steps_of

from grader.authoring.keys import keys_as_markdown
from grader.course.assignment import Limits
from grader.course.description import Description, ExerciseTable

PAGE = author_keys.PAGE.read_text("utf-8")


def test_tutorial_does_what_it_says_and_shows_what_it_prints(tmp_path):
    steps, folder = steps_of(PAGE), tmp_path

    different = []
    for step in steps:
        folder, printed = follow(step, folder)
        if step.kind == "run" and not shows(step.text, printed):
            different.append(f"line {step.line}: $ {step.what}\n{printed}")

    assert different == []
    assert [step.kind for step in steps].count("run") >= 10
    assert {step.what.split("/")[-1] for step in steps if step.kind != "run"} >= {
        *("assignment.toml", "waves.py", "test_waves.py", "teaching.py", "misconceptions.py", "alternatives.py"),
    }


def test_every_block_of_code_of_the_tutorial_is_followed():
    blocks = PAGE.count("\n```toml\n") + PAGE.count("\n```python\n")

    assert sum(step.kind in ("Append to", "Below the first line of") for step in steps_of(PAGE)) == blocks


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n...\n", "a\nb\nc\n", True),
        ("...\nc\n", "a\nb\nc\n", True),
        ("...\nc\n", "a\nb\n", False),
        ("wrote .../x.py\n", "wrote /tmp/x.py\n", True),
        ("a.b\n", "axb\n", False),
        ("", "", True),
        ("", "a\n", False),
    ],
)
def test_what_is_shown_is_compared_line_by_line(shown, printed, same):
    assert shows(shown, printed) is same


def test_keys_are_those_that_are_read():
    assert author_keys.page() == PAGE, "run `make keys`"


def test_every_key_says_what_it_is_for():
    kinds = (Description, ExerciseTable, Limits)
    names = {field.name for field in itertools.chain(*map(msgspec.structs.fields, kinds))}

    rows = [line.strip("| ").split(" | ") for line in keys_as_markdown().splitlines() if line.startswith("| `")]

    assert {row[0].strip("`") for row in rows} == names - {"limits", "exercise"}
    assert all(len(row) == 4 and row[3] for row in rows)
