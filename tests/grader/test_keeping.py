"""What a run keeps for the next: values come back as they were, and grades are the same with it and without."""

import dataclasses
from dataclasses import dataclass

import pytest
import torch

from grader import wire
from grader.course.reading import find_course, load_assignment
from grader.course.suite_files import suite_files
from grader.judge.collecting import with_suite
from grader.judge.examples import Examples
from grader.judge.keeping import key_of, pack, unpack
from grader.judge.state import entry_name
from grader.judge.store import Store, store_folder
from grader.outcomes import Status
from grader.report.report import Seconds
from grader.suite import kept
from grader.suite.student import Student


@dataclass(frozen=True, eq=False)
class Case:
    numbers: torch.Tensor
    name: str = "case"


@dataclass(frozen=True)
class Stranger:
    number: int = 1


@kept
def doubled(case, times, dtype=torch.float32):
    return (times * case.numbers).to(dtype), [1.5, None, float("inf")]


MODULES = {__name__: {"Case": Case, "doubled": doubled}}


def examples(*drawn):
    return Examples(drawn={"node": [{"case": item} for item in drawn]})


def there_and_back(found, containers=None):
    frame = pack(found, containers or {}, MODULES)
    assert frame is not None
    return unpack(frame, MODULES, Student())


@pytest.mark.parametrize(
    "value",
    [None, True, 3, -(10**30), 1.5, "text", (1, "two"), [1, [2]], {"a": (1,), 2: None}, torch.float64],
    ids=lambda value: type(value).__name__,
)
def test_plain_value_comes_back(value):
    drawn, _, _ = there_and_back(examples(value))

    (found,) = drawn["node"]
    assert found == {"case": value}
    assert type(found["case"]) is type(value)


def test_tensor_comes_back_with_its_layout_and_its_need_of_a_gradient():
    wide = torch.arange(10.0)[1::2]
    leaf = torch.ones(2, dtype=torch.float64, requires_grad=True)

    drawn, _, _ = there_and_back(examples([wide, leaf]))

    found_wide, found_leaf = drawn["node"][0]["case"]
    assert torch.equal(found_wide, wide)
    assert found_wide.stride() == wide.stride()
    assert torch.equal(found_leaf, leaf)
    assert found_leaf.dtype == leaf.dtype
    assert found_leaf.requires_grad
    assert found_leaf.is_leaf


def test_one_object_in_two_places_is_one_object_afterwards():
    case = Case(torch.ones(3))

    drawn, _, _ = there_and_back(examples(case, case, Case(case.numbers)))

    first, second, third = (item["case"] for item in drawn["node"])
    assert type(first) is Case
    assert first is second
    assert third is not first
    assert third.numbers is first.numbers


def test_student_of_an_example_is_the_student_at_hand():
    student = Student()
    frame = pack(examples(Student()), {}, MODULES)

    drawn, _, _ = unpack(frame, MODULES, student)

    assert drawn["node"][0]["case"] is student


def test_kept_value_is_filled_for_the_same_object():
    case = Case(torch.ones(3))
    expected = doubled(case, 2, dtype=torch.float64)
    frame = pack(examples(case), {"model": ("tuple", ("tensor", "number"))}, MODULES)
    again = kept(lambda *args, **kwargs: pytest.fail("it was to be kept"))
    again.__module__ = __name__

    drawn, containers, fills = unpack(frame, {__name__: {"Case": Case, "doubled": again}}, Student())
    for fill in fills:
        fill()

    value, rest = again(drawn["node"][0]["case"], 2, dtype=torch.float64)
    assert torch.equal(value, expected[0])
    assert rest == expected[1]
    assert containers == {"model": ("tuple", ("tensor", "number"))}


def test_value_is_kept_for_a_constant_of_the_suite():
    constant = Case(torch.ones(3))
    modules = {__name__: {**MODULES[__name__], "CONSTANT": constant}}
    expected = doubled(constant, 5)
    frame = pack(examples(constant), {}, modules)
    again = kept(lambda *_: pytest.fail("it was to be kept"))
    again.__module__ = __name__
    anew = Case(torch.ones(3))

    drawn, _, fills = unpack(frame, {__name__: {"Case": Case, "doubled": again, "CONSTANT": anew}}, Student())
    for fill in fills:
        fill()

    assert drawn["node"][0]["case"] is anew
    assert torch.equal(again(anew, 5)[0], expected[0])


@pytest.mark.parametrize(
    "value",
    [Stranger(), object(), {1, 2}, b"bytes", torch.Generator(), Status.PASSED, torch.ones(2, requires_grad=True) * 2],
    ids=lambda v: type(v).__name__,
)
def test_nothing_is_kept_where_one_value_can_not_be(value):
    assert pack(examples(value), {}, MODULES) is None


def test_nothing_is_kept_where_the_reference_fails():
    found = dataclasses.replace(examples(1), broken={"other": "the reference fails this check"})

    assert pack(found, {}, MODULES) is None


@pytest.mark.parametrize("frame", [b"", b"N", b"nonsense", pack(examples(Case(torch.ones(1))), {}, MODULES)])
def test_entry_that_does_not_fit_is_refused(frame):
    with pytest.raises(ValueError, match="no entry"):
        unpack(frame, {__name__: {"Case": print}}, Student())


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("drawn", [["node", ["l", [1]]]]),
        ("drawn", [["node", ["d", -1]]]),
        ("drawn", [["node", 1]]),
        ("drawn", [[1, ["l", []]]]),
        ("drawn", [["node", ["l", [["m", [["case", ["y", "save"]]]]]]]]),
        ("drawn", [["node", ["l", [["m", [["case", ["c", __name__, "GONE"]]]]]]]]),
        ("drawn", [["node", ["l", [["m", [["case", ["c", __name__, "Case"]]]]]]]]),
        ("containers", ["l", []]),
        ("kept", [[__name__, "doubled", [[["l", [["u", [["l", []]]], ["u", []]]], 1]]]]),
        ("objects", [[__name__, "Case", [["name", "one field of two"]]]]),
        ("tensors", [1]),
    ],
)
def test_entry_with_a_part_of_another_kind_is_refused(part, value):
    body = wire.decode(pack(examples(Case(torch.ones(1))), {}, MODULES), strided=True)

    with pytest.raises(ValueError, match="no entry"):
        unpack(wire.encode(body | {part: value}, strided=True), MODULES, Student())


# --- with a suite ---------------------------------------------------------------------------------


def assignment_of(small_course):
    return load_assignment(find_course(small_course.root), "small")


def key(assignment):
    return key_of(assignment, suite_files(assignment.hidden_suite))


def test_key_changes_with_the_suite_the_reference_and_the_settings(small_course):
    keys = [key(assignment_of(small_course))]
    for path in ("tests/hidden/test_small.py", "solutions/small/small.py", "solutions/small/assignment.toml"):
        with (small_course.root / path).open("a") as file:
            file.write("\n# another\n")
        keys.append(key(assignment_of(small_course)))

    assert len(set(keys)) == 4


def test_second_run_takes_the_same_examples(small_course, tmp_path):
    assignment, store = assignment_of(small_course), Store(folder=tmp_path / "kept")
    nodes = with_suite(assignment, lambda suite: [test.node for test in suite.tests()], store=store)
    body = store.read(entry_name(assignment), key(assignment))

    again = with_suite(assignment, lambda suite: [test.node for test in suite.tests()], store=store)

    assert body is not None
    assert again == nodes
    assert store.read(entry_name(assignment), key(assignment)) == body


def test_grades_are_the_same_with_what_is_kept_and_without(small_course, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    source = "def double(x):\n    return 3 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
    first = small_course.grade(anna=source)
    assert Store(folder=store_folder()).entries()

    second = small_course.grade(anna=source)

    def timeless(found):
        return dataclasses.replace(found["anna"], seconds=Seconds(total=0, student=0))

    assert timeless(first) == timeless(second)
