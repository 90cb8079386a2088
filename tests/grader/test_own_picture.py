"""The picture of a student's loop: what it shows of each misconception, how it is drawn, and who may see it."""

import functools
import itertools
import json
import math
import re
import warnings
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from evidence import PROOF, sample
from reports import make_exercise, make_report, make_submission
from small_course import SmallCourse

from grader.answers.characters import in_characters
from grader.answers.drawing import as_html
from grader.answers.pictures import Curve, compare
from grader.backends.reference import Reference, ask_here
from grader.course.catalogue import read_alternatives, read_catalogue
from grader.course.lesson import reference_source
from grader.course.pictures import read_pictures
from grader.course.reading import find_course, load_assignment
from grader.diagnosis.own_picture import Pictures
from grader.formats.forms import Form, render
from grader.kit.picturing import picture_of
from grader.outcomes import Status
from grader.report.fingerprint import fingerprint
from grader.report.report import Audience
from grader.report.view import view

COURSE = find_course(Path(__file__).parents[2])
ASSIGNMENTS = {name: load_assignment(COURSE, name) for name in COURSE.names}
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
COLUMNS, ROWS = 60, 20
FEWEST_CELLS = 6

# What no picture of numbers can show, by assignment and exercise: these print something else, or nothing.
PRINTS = {
    ("autograd", "training_loop"): ["M086", "X018", "X019", "X020", "X021", "X060", "X061"],
    ("gradient_descent", "training_loop"): [
        *("X021-training_loop", "M086", "X052", "X053", "X054", "X055", "X056", "X057", "X064")
    ],
    ("quadratic", "training_loop"): ["M086", "X052", "X053", "X056", "Q044", "Q045"],
    ("optimizers", "training_loop"): ["M086-training_loop", "X102", "X103", "X104", "X105", "X111", "X112"],
}
# They raise; of these two only in calls that no picture makes: for no step, and with weights in two dimensions.
RAISE_ELSEWHERE = {("autograd", "descend"): ["M111-descend", "X030"]}


class Variant:
    """The reference with one exercise written in another way, as a backend."""

    def __init__(self, reference, source):
        self._runtime = reference.with_variant(compile(source, "<variant>", "exec"))
        self.gradients = reference.gradients

    def request(self, message):
        with warnings.catch_warnings(action="ignore"):  # as in a worker; here they would be errors
            return ask_here(self._runtime, message)


@pytest.fixture(scope="module")
def pictures():
    """Return a function that draws a variant of an exercise, first without what takes long."""
    pictures = {name: Pictures(assignment) for name, assignment in ASSIGNMENTS.items()}
    reference = functools.cache(lambda name: Reference(ASSIGNMENTS[name]))

    def drawn(name, exercise, source, *, late=False):
        own = reference(name)
        own.begin(exercise)
        return pictures[name].draw(exercise, Variant(own, source), own, late=late)

    return drawn


def cells(line):
    """Return the cells of a coarse raster over the whole drawing that a line of an SVG passes through."""
    points = [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]
    found = set()
    for (x, y), (u, v) in itertools.pairwise(points):
        for step in range(33):
            part = step / 32
            column, row = (x + part * (u - x)) / 250 * COLUMNS, (y + part * (v - y)) / 152 * ROWS
            found.add((math.floor(column), math.floor(row)))
    return found


def drawings(picture):
    """Return for each quantity the cells of the student's line, and of the expected one, as they are drawn."""
    for text in re.findall(r"<svg xmlns.*?</svg>", as_html(picture)):
        lines = list(ET.fromstring(text).iter("{http://www.w3.org/2000/svg}polyline"))
        found = {kind: [cells(line) for line in lines if line.get("class") == kind] for kind in ("yours", "expected")}
        yield tuple(set().union(*found[kind]) for kind in ("yours", "expected"))


def rows(picture):
    """Return the rows of characters of a quantity, expected and own."""
    text = in_characters(picture)
    found = {kind: re.findall(rf"^.*\b{kind} +(\S+)  .*$", text, re.MULTILINE) for kind in ("expected", "yours")}
    return list(zip(found["expected"], found["yours"], strict=True))


@pytest.mark.parametrize("name", COURSE.names)
def test_each_misconception_of_a_loop_is_seen_raises_or_prints(name, pictures):
    loops = read_pictures(ASSIGNMENTS[name])
    for item in read_catalogue(ASSIGNMENTS[name])[:: 1 if PROOF else 4]:
        if item.exercise not in loops or item.id in PRINTS.get((name, item.exercise), ()):
            continue
        picture = pictures(name, item.exercise, item.source)
        if picture is not None and not picture.curves:
            picture = pictures(name, item.exercise, item.source, late=True)
        if item.id in RAISE_ELSEWHERE.get((name, item.exercise), ()):
            assert picture.curves == ()
            continue
        if picture is None:  # it raises, and what it raises is told
            assert re.search("crash|t_un|loader for a list", item.name), (item.id, item.name)
            continue
        assert picture.said, item.id
        assert max(len(own ^ expected) for own, expected in drawings(picture)) >= FEWEST_CELLS, (item.id, item.name)
        assert any(expected != own for expected, own in rows(picture)), (item.id, in_characters(picture))


@pytest.mark.parametrize(("name", "exercise"), PRINTS)
def test_loop_that_prints_something_else_has_no_curves_and_says_so(name, exercise, pictures):
    known = {item.id: item for item in read_catalogue(ASSIGNMENTS[name]) if item.exercise == exercise}

    for key in PRINTS[name, exercise]:
        picture = pictures(name, exercise, known[key].source)

        assert picture.curves == ()
        assert "shows elsewhere" in in_characters(picture)


@pytest.mark.parametrize("name", sample(COURSE.names, "autograd"))
def test_right_loop_lies_on_the_expected_one(name, pictures):
    right = read_alternatives(ASSIGNMENTS[name])
    for exercise in read_pictures(ASSIGNMENTS[name]):
        for source in right.values():
            assert pictures(name, exercise, source).curves == ()


@pytest.mark.parametrize(
    ("name", "exercise", "key"),
    [
        ("gradient_descent", "training_loop", "M079"),
        ("neuron", "learn", "M085"),
        ("optimizers", "training_loop", "M080"),
        ("network", "train", "N130"),
        ("network", "train", "N133"),
    ],
)
def test_students_own_machine_draws_the_same(name, exercise, key, pictures):
    known = {item.id: item.source for item in read_catalogue(ASSIGNMENTS[name]) if item.exercise == exercise}
    namespace = {}
    for source in (reference_source(ASSIGNMENTS[name]), known[key]):
        exec(compile(source, "<student>", "exec"), namespace)

    own = picture_of(COURSE.released(name), exercise, namespace)

    theirs = pictures(name, exercise, known[key])
    assert (own.case, own.said, rows(own)) == (theirs.case, theirs.said, rows(theirs))


# --- what a loop gives back -----------------------------------------------------------------------------

STRANGE = {
    "a nan": "torch.tensor([float('nan'), 2.0])",
    "an infinity": "torch.tensor([1.5, float('inf')])",
    "very much": "torch.tensor([1e300, -1e300], dtype=torch.float64) * n_epochs",
    "a text": "'abc'",
    "nothing": "None",
    "one number": "1.5",
    "too many": "torch.zeros(100_000)",
    "a matrix": "torch.zeros(2, 2)",
    "nested": "[[[[1.0]]], 2.0]",
    "complex": "torch.ones(2, dtype=torch.complex64)",
    "integers": "(10 ** 400, 1)",
    "no entries": "[]",
    "other each time": "torch.zeros(n_epochs)",
}


@pytest.mark.parametrize("what", STRANGE)
def test_strange_answer_is_drawn_as_far_as_it_goes(what, pictures):
    source = (
        f"def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):\n    return {STRANGE[what]}"
    )

    picture = pictures("gradient_descent", "training_loop", source)

    page = ET.fromstring(as_html(picture))
    numbers = [float(found) for line in page.iter() for found in re.findall(r"[-\d.e+]+", line.get("points", ""))]
    assert numbers
    assert all(0 <= found <= 250 for found in numbers)
    assert picture.said
    assert not re.search("nan|inf", " ".join(re.findall('points="[^"]*"', as_html(picture))))
    json.dumps([[curve.own, curve.expected] for curve in picture.curves], allow_nan=False)


def test_loop_that_raises_is_not_drawn(pictures):
    source = "def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):\n    raise SystemExit"

    assert pictures("gradient_descent", "training_loop", source) is None


def test_values_that_run_away_are_cut_and_said():
    expected = (4.0, 3.0, 2.0, 1.0)
    curve = Curve(name="w", own=(4.0, 5e9, -3e30, None), expected=expected)

    picture = compare("a case", "epoch", range(4), [curve], [None] * 4)

    assert picture.said == (
        "One sees it at epoch 1: your w is 5e+09, and 3 is expected.",
        "Your w leaves the picture; its last value is -3e+30.",
        "From epoch 3 on your w is infinite or nan.",
    )
    assert rows(picture)[0][1][1:] == "↑↓·"
    assert "(↑ far above, ↓ far below, · no finite number)" in in_characters(picture)


def test_quantities_of_several_words_do_not_run_together():
    names = "total training loss", "last loss"
    curves = [Curve(name=name, own=(4.0, 5e9, None), expected=(4.0, 3.0, 2.0)) for name in names]
    one = compare("a case", "epoch", range(3), curves[:1], [None] * 3)
    both = compare("a case", "epoch", range(3), curves, [None] * 3)

    assert one.said[2] == "From epoch 2 on your total training loss is infinite or nan."
    assert both.said[1:] == (
        "Your total training loss and last loss leave the picture; the last values are 5e+09 and 5e+09.",
        "From epoch 2 on your total training loss and last loss are infinite or nan.",
    )


def test_curve_is_of_ascii_where_the_terminal_has_nothing_else():
    curve = Curve(name="w", own=(4.0, 4.0, 1e9, None), expected=(4.0, 3.0, 2.0, 1.0))
    picture = compare("a case", "epoch", range(4), [curve], [None] * 4)

    for encoding in ("ascii", "cp1252", None, "no-such-encoding"):
        text = in_characters(picture, encoding)

        assert text.isascii()
        assert len({line.index("  4") for line in text.splitlines() if "expected  " in line}) == 1


def test_curves_that_cannot_be_told_apart_are_no_picture():
    curve = Curve(name="w", own=(4.0, 3.0, 1.02), expected=(4.0, 3.0, 1.0))

    assert compare("a case", "epoch", range(3), [curve], [None] * 3) is None


# --- in a report ----------------------------------------------------------------------------------------

OWN = compare(
    "<b>a case</b>", "epoch", range(3), [Curve(name="w<i>", own=(1.0, 2.0, None), expected=(1.0, 0.5, 0.0))], [None] * 3
)


def test_page_escapes_and_says_in_words_what_it_shows():
    (drawing,) = re.findall(r"<svg xmlns.*?</svg>", as_html(OWN))
    root = ET.fromstring(drawing)
    texts = {kind: root.find(f"{{http://www.w3.org/2000/svg}}{kind}").text for kind in ("title", "desc")}

    assert texts["title"] == "w<i> over the epochs"
    assert texts["desc"] == "At the epochs 0, 1, 2: yours 1, 2, none; expected 1, 0.5, 0."
    assert "<b>a case" not in as_html(OWN)
    assert "<script" not in as_html(OWN)
    assert "http" not in as_html(OWN).replace('xmlns="http://www.w3.org/2000/svg"', "")


@pytest.mark.parametrize("form", [Form.JSON, Form.MARKDOWN, Form.GITHUB, Form.HTML])
def test_form_shows_the_picture_to_whoever_may_read_words(form):
    exercise = make_exercise(picture=OWN)
    sign = {Form.JSON: '"picture"', Form.HTML: "<polyline"}.get(form, "\u2581")

    shown = render(view(make_report(make_submission(exercise)), Audience.STUDENT), form)
    withheld = render(view(make_report(make_submission(exercise, withheld=True)), Audience.STUDENT), form)
    without = render(view(make_report(make_submission(exercise), level="score"), Audience.STUDENT), form)

    assert sign in shown
    assert sign not in withheld
    assert sign not in without


def test_json_with_a_picture_fits_the_schema_and_without_one_has_no_such_key():
    schema = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "report-v1.json").read_text("utf-8")))

    found = json.loads(
        render(view(make_report(make_submission(make_exercise(picture=OWN))), Audience.STUDENT), Form.JSON)
    )
    plain = json.loads(render(view(make_report(), Audience.STUDENT), Form.JSON))

    schema.validate(found)
    (exercise,) = found["submissions"][0]["exercises"]
    assert exercise["picture"]["curves"] == [{"name": "w<i>", "own": [1.0, 2.0, None], "expected": [1.0, 0.5, 0.0]}]
    assert "picture" not in plain["submissions"][0]["exercises"][0]


def test_report_counts_as_the_same_with_and_without_its_picture():
    report = make_report(make_submission(make_exercise(picture=OWN)))
    (item,) = report.submissions
    bare = replace(item, exercises=tuple(replace(one, picture=None) for one in item.exercises))

    assert fingerprint(item, report.feedback) == fingerprint(bare, report.feedback)


# --- graded ---------------------------------------------------------------------------------------------

PICTURES = """
import torch

def doubled(module, epochs, x):
    return {"back": [module.double(x + n) for n in epochs]}

PICTURES = {
    "double": {
        "axis": "step",
        "names": ("y",),
        "views": {"back": ""},
        "cases": (
            {"said": "a start", "epochs": (0, 1, 2), "ask": doubled, "arguments": {"x": torch.tensor([3.5])}},
        ),
    },
}
"""
RIGHT = "def mean_square(x):\n    return (x * x).mean()\n"


def test_graded_loop_is_drawn_where_it_fails_and_does_not_raise(tmp_path):
    course = SmallCourse(tmp_path)
    course.write("solutions/small/pictures.py", PICTURES)

    found = course.grade(
        right="def double(x):\n    return 2 * x\n" + RIGHT,
        wrong="def double(x):\n    return 3 * x\n" + RIGHT,
        raises="def double(x):\n    return 3 * y\n" + RIGHT,
        first="seen = []\ndef double(x):\n    seen.append(x)\n    return len(seen) + 0 * x\n" + RIGHT,
    )

    pictures = {name: report.exercises[0].picture for name, report in found.items()}
    assert found["right"].exercises[0].status is Status.PASSED
    assert (pictures["right"], pictures["raises"]) == (None, None)
    (curve,) = pictures["wrong"].curves
    assert (curve.own, curve.expected) == ((10.5, 13.5, 16.5), (7.0, 9.0, 11.0))
    assert pictures["first"].curves[0].own == (1.0, 2.0, 3.0)  # nothing scored came before
