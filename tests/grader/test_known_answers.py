"""What the reference and the variants of a catalogue answer, kept in a checker and from one run to the next."""

import dataclasses

import pytest

from grader import wire
from grader.course.reading import find_course, load_assignment
from grader.diagnosis.answers import Answers
from grader.judge.bounds import bounded
from grader.judge.known_answers import KnownAnswers
from grader.judge.store import Store, store_folder
from grader.report.report import Seconds
from grader.worker.runtime import Runtime

MISCONCEPTIONS = '''"""Misconceptions."""

from grader.course.catalogue import misconception


@misconception("Z1", name="adds one", explanation="You add one. Call it with 0: it says 1.")
def double(x):
    return 2 * x + 1
'''
COUNTS = compile("calls = []\ndef double(x):\n    calls.append(x)\n    return x + len(calls)\n", "counts", "exec")


class Course:
    """A reference that counts how many variants begin."""

    def __init__(self):
        self.begun = 0

    def with_variant(self, code):
        self.begun += 1
        return Runtime().with_variant(code)


def question(x):
    return wire.encode({"op": "call", "calls": [{"name": "double", "args": [x], "kwargs": {}, "gradients": True}]})


def values(answers, questions, name="counts", code=COUNTS):
    return [answer["answers"][0]["value"] for answer in answers.of_variant(name, code, questions)]


def test_variant_is_asked_once_and_remembers_as_it_would():
    course = Course()
    answers = Answers(lambda: course, {})

    first = values(answers, [question(10), question(10)])
    again = values(answers, [question(10), question(10)])
    longer = values(answers, [question(10), question(10), question(10)])

    assert first == again == [11, 12]
    assert longer == [11, 12, 13]
    assert course.begun == 2


def test_answer_that_a_limit_of_the_checker_cut_short_is_not_kept_for_the_next_submission():
    endless = compile("def double(x):\n    while True:\n        pass\n", "endless", "exec")
    answers = Answers(Course, {})

    with bounded(seconds=0.05):
        (cut,) = answers.of_variant("endless", endless, [question(1)])

    assert cut["answers"][0]["raised"] == "TooMuch"
    assert answers.entries == {}


def test_what_was_kept_is_not_asked_again():
    answers = Answers(Course, {})
    first = values(answers, [question(1), question(2)])

    later = Answers(lambda: pytest.fail("asked"), answers.entries)

    assert values(later, [question(1), question(2)]) == first
    assert answers.new
    assert not later.new


def test_two_variants_do_not_share_what_they_answer():
    answers = Answers(Course, {})
    twice = compile("def double(x): return 2 * x", "twice", "exec")

    assert values(answers, [question(10)]) == [11]
    assert values(answers, [question(10)], "twice", twice) == [20]


@pytest.fixture
def course(small_course, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (small_course.root / "solutions/small/misconceptions.py").write_text(MISCONCEPTIONS)
    return small_course


WRONG = "def double(x):\n    return 2 * x + 1\n\ndef mean_square(x):\n    return (x * x).mean()\n"


def graded(course):
    report = course.grade(anna=WRONG)["anna"]
    return dataclasses.replace(report, seconds=Seconds(total=0, student=0))


def entries(course):
    known = KnownAnswers(load_assignment(find_course(course.root), "small"), Store(folder=store_folder()))
    return known.read()


def test_grades_are_the_same_with_what_is_kept_and_without(course):
    first = graded(course)
    kept = entries(course)

    assert kept
    assert first.exercises[0].diagnosis[0].misconception == "Z1"
    assert graded(course) == first
    assert entries(course) == kept


def test_other_catalogue_has_answers_of_its_own(course):
    graded(course)
    path = course.root / "solutions/small/misconceptions.py"
    path.write_text(MISCONCEPTIONS.replace("2 * x + 1", "2 * x + 2"))

    assert entries(course) == {}
    assert not any(item.misconception == "Z1" for item in graded(course).exercises[0].diagnosis)


@pytest.mark.parametrize("frame", [b"", b"junk", wire.encode([b"key"]), wire.encode([1, 2]), wire.encode({"a": 1})])
def test_entry_that_is_none_is_as_if_it_were_not_there(course, frame):
    store = Store(folder=store_folder())
    known = KnownAnswers(load_assignment(find_course(course.root), "small"), store)
    known.read()
    known.write({b"key": b"answer"})
    path = next(store.folder.glob("*-answers.*"))
    name, key, _ = path.name.split(".")
    body = store.read(name, key)
    assert known.read() == {b"key": b"answer"}

    store.write(name, key, frame)

    assert body is not None
    assert known.read() == {}
