"""Parts of a class that were graded by themselves are put together: the bytes of one run, or a reason why not."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from known_class import KnownClass
from reports import make_report, make_submission, unreadable

from grader.classes.attendance import Attendance, Listed, ListedStatus
from grader.classes.listed_students import to_class_json
from grader.classes.shards import Shard, ShardOf, parse_shard
from grader.commands.cli import root
from grader.commands.options import Out, Whose
from grader.commands.out_folder import OutFolder
from grader.errors import UsageError
from grader.report.report import Audience, Seconds
from grader.report.view import view
from grader.submissions.found import Student

ARRAY = Path(__file__).parents[2] / "examples" / "slurm" / "array.sh"
MADE_OF = {"suite": "0123", "torch": "2.13.0", "machine": "aa"}
NAMES = [
    "class/ada.py",
    "class/bo.py",
    "other/bo.py",
    "class/shard",
    "class/\ufffd",
    "class/\ufffd",
    '=<b>"&\ufffd',  # names in a report are clean
    "z" * 300,
]


def report_of(*submissions, **changes):
    return replace(make_report(*submissions), **{"made_of": MADE_OF, **changes})


def write(folder, submissions, shard=None, audience=Audience.STAFF, **changes):
    """Write a folder of results, or a part of one, as a run does."""
    names = [item.submission for item in submissions]
    part = None
    if shard is not None:
        report = report_of(**changes)
        part = ShardOf(shard=shard, assignment=report.assignment, audience=audience, submissions=tuple(names))
    out = OutFolder(folder, names, part)
    for number, item in enumerate(submissions if shard is None else shard.of(submissions)):
        out.add(number, view(report_of(item, **changes), audience))
    out.finish()
    out.close()
    return folder


def parts(folder, submissions, number, **changes):
    shards = [Shard(number=one, parts=number) for one in range(1, number + 1)]
    return [write(folder / f"part-{shard.number}", submissions, shard, **changes) for shard in shards]


def merge(folder, *parts):
    done = CliRunner().invoke(root, ["merge", *map(str, parts), "--out", str(folder / "merged")])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return files(folder / "merged")


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def a_class():
    made = [make_submission(submission=name, score=float(number)) for number, name in enumerate(NAMES)]
    return [*made, replace(unreadable(), submission="class/zoe.py")]


@pytest.mark.parametrize("number", [1, 2, 4, 30])
@pytest.mark.parametrize("audience", Audience)
def test_merged_parts_are_the_bytes_of_one_run(tmp_path, number, audience):
    whole = files(write(tmp_path / "whole", a_class(), audience=audience))

    merged = merge(tmp_path, *reversed(parts(tmp_path, a_class(), number, audience=audience)))

    assert merged == whole
    assert {"bo.py.json", "bo.py-2.json", "shard-2.json", "_.json", "_-2.json"} < set(merged)


def test_parts_are_of_one_size_and_hold_each_submission_once():
    items = [*range(10)]

    found = [Shard(number=number, parts=4).of(items) for number in (1, 2, 3, 4)]

    assert sorted(item for part in found for item in part) == items
    assert sorted(map(len, found)) == [2, 2, 3, 3]


@pytest.mark.parametrize(
    "text", ["0/4", "5/4", "1", "1/", "/4", "a/b", "1/4/2", "-1/4", "\u00b9/4", "1/0", "1/999999999"]
)
def test_what_is_no_part_is_said(text):
    with pytest.raises(UsageError, match=r"write I/N"):
        parse_shard(text)


def test_missing_part_is_named(tmp_path):
    first, _, third = parts(tmp_path, a_class(), 3)

    with pytest.raises(UsageError, match=r"of 3 parts 1 is missing: 2/3"):
        merge(tmp_path, first, third)


def test_part_that_was_interrupted_is_named_with_what_it_lacks(tmp_path):
    first, second = parts(tmp_path, a_class(), 2)
    (second / "bo.py.json").unlink()
    (second / "shard-2.json").write_text("{")

    with pytest.raises(UsageError, match=r"part-2: part 2/2 lacks 2 of its 4 results: class/bo.py .*run it again"):
        merge(tmp_path, first, second)
    assert not (tmp_path / "merged").exists()


def test_parts_of_two_classes_are_refused(tmp_path):
    first, _ = parts(tmp_path / "a", a_class(), 2)
    _, second = parts(tmp_path / "b", [*a_class(), make_submission(submission="late.py")], 2)

    with pytest.raises(UsageError, match=r"not of one class: only one of them has seen late.py"):
        merge(tmp_path, first, second)


def test_parts_of_two_divisions_are_refused(tmp_path):
    first, _ = parts(tmp_path / "a", a_class(), 2)
    second = parts(tmp_path / "b", a_class(), 3)[1]

    with pytest.raises(UsageError, match=r"are parts 1/2 and 2/3"):
        merge(tmp_path, first, second)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"audience": Audience.STUDENT}, "of the audience staff, .* of student"),
        ({"assignment": "optimizers"}, "of the assignment gradient_descent, .* of optimizers"),
        ({"made_of": {**MADE_OF, "torch": "2.12"}}, r"not graded with the same \(torch: 2.13.0 and 2.12\)"),
        ({"made_of": {}}, r"suite: 0123 and unknown; torch"),
    ],
)
@pytest.mark.parametrize("divided", [True, False])
def test_parts_that_differ_are_refused_with_what_differs(tmp_path, changes, said, divided):
    if divided:
        first, second = parts(tmp_path / "a", a_class(), 2)[0], parts(tmp_path / "b", a_class(), 2, **changes)[1]
    else:
        first = write(tmp_path / "a", a_class()[:2])
        second = write(tmp_path / "b", a_class()[2:], **changes)

    with pytest.raises(UsageError, match=said):
        merge(tmp_path, first, second)


def test_parts_of_different_machines_are_merged_and_each_result_says_of_which(tmp_path):
    first = parts(tmp_path / "a", a_class(), 2)[0]
    second = parts(tmp_path / "b", a_class(), 2, made_of={**MADE_OF, "machine": "bb"})[1]

    merged = merge(tmp_path, first, second)

    assert json.loads(merged["ada.py.json"])["made_of"]["machine"] == "aa"
    assert json.loads(merged["bo.py.json"])["made_of"]["machine"] == "bb"


def test_part_that_is_there_twice_may_differ_in_time_and_in_nothing_else(tmp_path):
    submissions = a_class()
    slower = [replace(item, seconds=Seconds(total=9.0, student=9.0)) for item in submissions]
    first, second = parts(tmp_path / "a", submissions, 2)
    again = parts(tmp_path / "b", slower, 2)[0]
    other = parts(tmp_path / "c", [replace(item, score=1.5) for item in submissions], 2)[0]

    assert merge(tmp_path, first, again, second) == files(write(tmp_path / "whole", submissions))
    with pytest.raises(UsageError, match=r"have different results of class/ada.py"):
        merge(tmp_path, first, second, other)


def test_folders_that_are_no_parts_are_put_one_after_another(tmp_path):
    one, other = a_class()[:3], a_class()[3:]
    late = write(tmp_path / "late", sorted(other, key=lambda item: item.submission))

    merged = merge(tmp_path, late, write(tmp_path / "early", one))

    whole = [*sorted(other, key=lambda item: item.submission), *one]
    assert merged == files(write(tmp_path / "whole", whole))


def test_part_beside_a_folder_that_is_none_is_refused(tmp_path):
    first, _ = parts(tmp_path, a_class(), 2)
    whole = write(tmp_path / "whole", a_class())

    with pytest.raises(UsageError, match=r"whole: there is no shard.json in it"):
        merge(tmp_path, first, whole)


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": "grader/shard/v2"}', "null"])
def test_part_that_can_not_say_what_it_is_is_refused(tmp_path, text):
    first, second = parts(tmp_path, a_class(), 2)
    (second / "shard.json").write_text(text)

    with pytest.raises(UsageError, match=r"shard.json: .*grade that part again"):
        merge(tmp_path, first, second)


def test_folder_of_a_part_is_no_place_for_the_whole(tmp_path):
    first, second = parts(tmp_path, a_class(), 2)
    os.symlink(first, tmp_path / "merged")

    with pytest.raises(UsageError, match=r"that is one of the parts"):
        merge(tmp_path, first, second)


def listed(*students):
    """Return a class.json, and who is absent by it; each student is a name, a status and names of submissions."""
    found = Attendance(
        found=(),
        listed=tuple(
            Listed(student=Student(name=name), status=ListedStatus(status), submissions=tuple(those))
            for name, status, *those in students
        ),
        strangers=("class/shard",),
        unclear=(),
    )
    return to_class_json("gradient_descent", found), found.absent


ROSTER = (("Ada", "handed_in", "class/ada.py"), ("=Eve", "missing"), ("Bo", "unclear", "class/bo.py", "other/bo.py"))


@pytest.mark.parametrize("number", [2, 30])
def test_merged_parts_of_a_roster_are_the_bytes_of_one_run(tmp_path, number):
    text, absent = listed(*ROSTER)
    whole = write(tmp_path / "whole", a_class(), absent=absent)
    folders = parts(tmp_path, a_class(), number, absent=absent)
    for folder in (whole, *folders):
        (folder / "class.json").write_text(text)

    merged = merge(tmp_path, *folders)

    assert merged == files(whole)
    assert merged["grades.csv"].decode().splitlines()[-2:] == [
        '"","\'=Eve","missing","","2","",""',
        '"","Bo","unclear","","2","","could be class/bo.py, other/bo.py"',
    ]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (None, "part-2 has no class.json, as .*part-1 has; grade all parts of one class with the same roster"),
        (listed(*ROSTER[:2])[0], "class.json and .*class.json differ; grade all parts"),
        ("[]", "class.json and .*class.json differ"),
    ],
)
def test_parts_of_different_rosters_are_refused(tmp_path, other, said):
    first, second = parts(tmp_path, a_class(), 2)
    (first / "class.json").write_text(listed(*ROSTER)[0])
    if other is not None:
        (second / "class.json").write_text(other)

    with pytest.raises(UsageError, match=said):
        merge(tmp_path, first, second)


def test_roster_that_can_not_be_read_is_said(tmp_path):
    first, second = parts(tmp_path, a_class(), 2)
    for folder in (first, second):
        (folder / "class.json").write_text("{}")
    with pytest.raises(UsageError, match=r"class.json: it is no grader/class/v1; grade that part again"):
        merge(tmp_path, first, second)

    (second / "class.json").unlink()
    (second / "class.json").symlink_to(first / "class.json")
    with pytest.raises(UsageError, match=r"part-2/class.json: it is no plain file"):
        merge(tmp_path, first, second)


def test_folders_of_two_rosters_are_refused_and_one_goes_along(tmp_path):
    one, other = write(tmp_path / "a", a_class()[:2]), write(tmp_path / "b", a_class()[2:])
    (one / "class.json").write_text(listed(*ROSTER)[0])
    assert merge(tmp_path, one, other)["class.json"].decode() == listed(*ROSTER)[0]
    (other / "class.json").write_text(listed(*ROSTER[:2])[0])

    with pytest.raises(UsageError, match="grade these folders together, or remove one of these two files"):
        merge(tmp_path, one, other)


def test_later_merge_without_a_roster_leaves_no_word_of_an_earlier_one(tmp_path):
    folders = parts(tmp_path, a_class(), 2)
    for folder in folders:
        (folder / "class.json").write_text(listed(*ROSTER)[0])
    merge(tmp_path, *folders)
    for folder in folders:
        (folder / "class.json").unlink()

    assert "class.json" not in merge(tmp_path, *folders)


def test_later_merge_leaves_nothing_of_an_earlier_one(tmp_path):
    merge(tmp_path, *parts(tmp_path / "a", a_class(), 2))

    merged = merge(tmp_path, *parts(tmp_path / "b", a_class()[:3], 2))

    assert set(merged) == {f"{name}.{kind}" for name in ("ada.py", "bo.py", "bo.py-2") for kind in ("json", "md")} | {
        "grades.csv"
    }


def test_run_without_a_part_leaves_a_folder_that_is_none(tmp_path):
    first, _ = parts(tmp_path, a_class(), 2)

    write(first, a_class())

    assert not (first / "shard.json").exists()


def test_array_of_jobs_grades_parts_that_are_merged_to_the_bytes_of_one_run(small_course, tmp_path):
    small_course.edit("solutions/small/assignment.toml", "wall_factor = 3", "wall_factor = 100")
    right = "def double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
    for name, source in {"ada": right, "bo": right.replace("2 *", "3 *")}.items():
        small_course.write(f"class/{name}/small.py", source)
    path = f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"
    variables = {**os.environ, "PATH": path, "XDG_CACHE_HOME": str(tmp_path / "cache"), "SLURM_ARRAY_TASK_COUNT": "3"}

    def run(*command, **more):
        subprocess.run(command, check=True, cwd=tmp_path, env={**variables, **more}, stdout=subprocess.DEVNULL)

    for part in ("1", "2", "3"):
        run("bash", ARRAY, "class", "small", small_course.root, "results", SLURM_ARRAY_TASK_ID=part)
    run("grader", "merge", *(f"results-parts/{part}" for part in (1, 2, 3)), "--out", "merged")
    run("grader", "grade", "class", "--assignment", "small", "--audience", "staff", "--out", "whole")

    assert [len([*tmp_path.glob(f"results-parts/{part}/*.md")]) for part in (1, 2, 3)] == [1, 1, 0]
    assert files(tmp_path / "merged") == files(tmp_path / "whole")


def test_part_without_a_submission_says_who_is_on_the_roster_too(small_course, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    known = KnownClass(small_course, monkeypatch)
    roster = small_course.write("roster.csv", "login\nada\nbo\nzoe\n")
    whose = Whose(roster=roster)
    known.run(out=Out(folder=tmp_path / "whole"), whose=whose)

    for part in range(1, 6):  # of three submissions
        out = Out(folder=tmp_path / str(part), shard=Shard(number=part, parts=5))
        known.run(out=out, whose=whose)
    merged = merge(tmp_path, *(tmp_path / str(part) for part in range(1, 6)))

    assert {"class.json", "shard.json"} == {path.name for path in (tmp_path / "5").iterdir()}
    assert merged == files(tmp_path / "whole")
    assert b'"zoe","missing"' in merged["grades.csv"]
    with pytest.raises(UsageError, match=r"--shard 5/5 with --roster: .* name the class's folder, not its files"):
        known.run(paths=(str(small_course.root / "class/ada/small.py"),), out=out, whose=whose)
