"""A folder of results read back: the same views as it was written from, and nothing else for a result."""

import json
from dataclasses import replace

import pytest
from class_folders import written
from reports import make_submission, unreadable

from grader.classes.results import read_results
from grader.classes.rows import rows_of
from grader.errors import UsageError
from grader.formats.json import to_json
from grader.report.report import Audience


@pytest.mark.parametrize("audience", Audience)
def test_results_are_the_views_that_were_written(tmp_path, audience):
    made_of = {"suite": "0123", "torch": "2.13.0"}
    seen = written(
        tmp_path, make_submission(submission="b.py", student="Bo"), unreadable(), audience=audience, made_of=made_of
    )

    found = read_results(tmp_path)

    assert {to_json(replace(seen, submissions=(item,))) for item in seen.submissions} == {
        to_json(replace(found.view, submissions=(item,), made_of=found.made_of[item.submission]))
        for item in found.submissions
    }
    assert [item.submission for item in found.submissions] == sorted(item.submission for item in seen.submissions)
    assert all((tmp_path / f"{name}.md").is_file() for name in found.files.values())


def test_what_is_no_result_is_named_and_passed_over(tmp_path):
    written(tmp_path, make_submission(submission="b.py"))
    one = json.loads((tmp_path / "b.py.json").read_text())
    (tmp_path / "half.json").write_text("{")
    (tmp_path / "other.json").write_text("[]")
    (tmp_path / "score.json").write_text(json.dumps({**one, "submissions": [{**one["submissions"][0], "score": "20"}]}))
    (tmp_path / "link.json").symlink_to(tmp_path / "b.py.json")

    found = read_results(tmp_path)

    assert [item.submission for item in found.submissions] == ["b.py"]
    assert [text.partition(":")[0] for text in found.unread] == ["half.json", "link.json", "other.json", "score.json"]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("made_of",), {"torch": 2}),
        (("made_of",), None),
        (("sandbox",), None),
        (("assignment",), True),
        (("submissions", 0), "20"),
        (("submissions",), []),
        (("submissions", 0, "max_score"), float("inf")),
        (("submissions", 0, "score"), float("nan")),
    ],
)
def test_damaged_result_is_named_wherever_the_damage_is(tmp_path, place, value):
    written(tmp_path, make_submission(submission="b.py"))
    one = json.loads((tmp_path / "b.py.json").read_text())
    inside = one
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    (tmp_path / "damaged.json").write_text(json.dumps(one))

    found = read_results(tmp_path)

    assert [text.partition(":")[0] for text in found.unread] == ["damaged.json"]


def test_texts_that_others_have_written_into_a_folder_are_safe_to_print(tmp_path):
    hostile = "\x1b[31m\u202e\n::error::x" + "9" * 5000
    seen = written(tmp_path, make_submission(submission="b.py", student="Bo"), made_of={"torch": "2"})
    text = to_json(replace(seen, made_of={"torch": "2"}))
    (tmp_path / "b.py.json").write_text(text.replace('"Bo"', json.dumps(hostile)).replace('"2"', json.dumps(hostile)))

    found = read_results(tmp_path)

    safe = "\ufffd[31m\ufffd\n: :error::x" + "9" * 5000
    assert found.submissions[0].student == safe
    assert found.made_of["b.py"] == {"torch": safe}
    assert rows_of(found, None)[0].name == safe


def test_second_result_of_one_name_is_named_and_stands_in_nobodys_place(tmp_path):
    written(tmp_path, make_submission(submission="b.py", score=2.0))
    one = json.loads((tmp_path / "b.py.json").read_text())
    one["submissions"][0]["score"] = 0.0
    (tmp_path / "copy of b.json").write_text(json.dumps(one))

    found = read_results(tmp_path)

    assert [(item.score, found.files[item.submission]) for item in found.submissions] == [(2.0, "b.py")]
    assert found.unread == ("copy of b.json: it is of b.py, as b.py.json is; remove one, or grade again",)


def test_no_folder_no_results_and_several_assignments_are_said(tmp_path):
    with pytest.raises(UsageError, match="no such folder"):
        read_results(tmp_path / "none")
    with pytest.raises(UsageError, match="no results in it"):
        read_results(tmp_path)
    written(tmp_path, make_submission(submission="b.py"))
    one = json.loads((tmp_path / "b.py.json").read_text())
    (tmp_path / "c.json").write_text(json.dumps({**one, "assignment": "another"}))

    with pytest.raises(UsageError, match="several assignments"):
        read_results(tmp_path)
