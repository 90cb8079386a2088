"""How pairs are ranked: by what few have, and not by what was handed out, is common, or follows from something else."""

from pathlib import Path

import pytest
from similar_works import cell, compared, given_of, of_code, of_notebook, ranked, shown

from grader.classes.similar.pairs import MAX_SUBMISSIONS, Rarity, rank_pairs
from grader.classes.similar.traits import Kind, Trait
from grader.course.reading import find_course, load_assignment
from grader.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]

with pytest.MonkeyPatch.context() as patch:
    patch.syspath_prepend(ROOT / "benchmarks")
    import similar
    from similar_class import planted_class

PLAIN = "def f(x):\n    return (x * x).mean()\n"
ODD = "def f(x):\n    acc = x.flatten()\n    return acc.dot(acc) / acc.numel()\n"


def everybody(count, text=PLAIN):
    """Return so many who write the same, each under a name of their own."""
    return [of_code(f"{text}\nown_{number} = {number}.5\n") for number in range(count)]


def test_what_many_write_counts_for_nothing_and_what_two_write_counts():
    works = [*everybody(8), of_code(ODD), of_code(ODD.replace("acc", "flat"))]

    assert ranked(*works) == [(8, 9)]


def test_what_was_handed_out_counts_for_nothing():
    works = [of_code(ODD, given_of(ODD)), of_code(ODD, given_of(ODD)), *everybody(5)]

    assert ranked(*works) == []


def test_what_is_written_in_the_right_alternatives_counts_for_less():
    works = [of_code(ODD), of_code(ODD), *everybody(6), *(of_code("odd_name = 3\n") for _ in range(2))]
    others = given_of("", [ODD] * 8).others

    assert ranked(*works)[0] == (0, 1)
    assert ranked(*works, others=others)[0] == (8, 9)


def test_a_line_set_oddly_counts_once_for_its_line_and_once_for_its_setting():
    key, of = 1, 2
    line = Trait(kind=Kind.CODE, shown="x", where="")
    setting = Trait(kind=Kind.LAYOUT, shown="x", where="", parent=key)
    works = [{key: line, of: setting}] * 2 + [{key: line}] * 2 + [{}] * 12
    rarity = Rarity(works)

    together = rarity.bits(key, line) + rarity.bits(of, setting)

    assert together == pytest.approx(rarity.bits(of, Trait(kind=Kind.LAYOUT, shown="x", where="")))


def test_the_same_random_id_outweighs_a_rare_line():
    plain = [of_notebook(cell("x", id=f"0a1b2c3{number}")) for number in range(6)]
    same = [of_notebook(cell("y", id="9f8e7d6c")), of_notebook(cell("z", id="9f8e7d6c"))]
    found = compared(*plain, *same, *(of_code("rare = 3\n") for _ in range(2)))

    assert found.pairs[0].names == ("g", "h")
    assert [item.certain for item in found.pairs[0].shared] == [True]


def test_pairs_are_as_many_as_asked_the_same_each_time():
    works = [*everybody(9), *(of_code(ODD) for _ in range(4))]

    assert len(ranked(*works, top=2)) == 2
    assert ranked(*works, top=50) == ranked(*works, top=50)
    assert len(ranked(*works, top=50)) == 6


@pytest.mark.parametrize("count", [0, 1])
def test_a_class_of_none_or_one_has_no_pairs(count):
    assert compared(*everybody(count)).pairs == ()


def test_more_than_can_be_compared_is_refused():
    works = [{}] * (MAX_SUBMISSIONS + 1)

    with pytest.raises(UsageError, match="at most 3000"):
        rank_pairs(works, Rarity(works), top=1)


def test_evidence_shows_passages_side_by_side_with_how_many_others_have_each_line():
    other = ODD.replace("acc", "flat")
    found = compared(of_code(ODD), of_code(other), of_code("def f(x):\n    acc = x.flatten()\n"), *everybody(9))
    (passage,) = [item for item in found.pairs[0].shared if item.kind is Kind.CODE]

    assert [(row.first.strip(), row.second.strip(), row.others) for row in passage.rows] == [
        ("acc = x.flatten()", "flat = x.flatten()", 1),
        ("return acc.dot(acc) / acc.numel()", "return flat.dot(flat) / flat.numel()", 0),
    ]
    assert (passage.first_where, passage.others) == ("line 2 in f", 0)


def test_evidence_names_what_two_share_of_each_kind():
    text = "def f(x):\n    # no idea why\n    strangely = 0.123\n    return strangely\n"

    found = compared(of_code(text), of_code(text), *everybody(8))

    assert "strangely" in shown(found, Kind.NAME)
    assert "0.123" in shown(found, Kind.CONSTANT)
    assert "no idea why" in shown(found, Kind.TEXT)


def test_two_of_one_name_are_told_apart():
    found = compared(of_code(ODD), of_code(ODD), *everybody(6), students=["Ann", "Ann", *"cdefgh"])

    assert found.pairs[0].names == ("Ann (class/000.py)", "Ann (class/001.py)")


@pytest.mark.parametrize(("alike", "least"), [(0, 8 / 9), (similar.ALIKE, 0.4)])
def test_planted_copies_stand_above_honest_pairs(alike, least):
    """One class of each sort of benchmarks/similar.py, by its seed: what is planted is found, and more than by MOSS."""
    assignment = load_assignment(find_course(ROOT), "gradient_descent")

    found = similar.measured(assignment, 100, alike)

    assert len(planted_class(assignment, 100, alike=alike).pairs) == 9
    assert found["ours"]["precision"] >= least - 1e-9
    assert found["ours"]["auc"] >= 0.95
    assert found["ours"]["auc"] > found["winnowing"]["auc"]
