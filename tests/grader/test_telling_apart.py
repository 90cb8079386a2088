"""Students choose how their files are called, and no two submissions of a class are one."""

from pathlib import Path

import pytest

from grader.classes.telling_apart import told_apart
from grader.report.text import clean
from grader.submissions.discover import discover


def names_in(folder, *names):
    folder.mkdir()
    for name in names:
        (folder / name).write_text(f"# {name!a}")
    return [Path(item.given).name for item in told_apart(discover([str(folder)]))]


def test_names_that_tell_submissions_apart_stay_as_they_are(tmp_path):
    names = ["an\u200cna.py", "anna.py", "bo\x1b.py"]

    assert sorted(names_in(tmp_path / "class", *names)) == sorted(names)


def test_what_can_not_be_seen_is_spelled_out_where_it_alone_tells_two_apart(tmp_path):
    found = names_in(tmp_path / "class", "an\u200cna.py", "an\u200dna.py", "an\ufffdna.py", "bo.py")

    assert sorted(found) == ["an\\u200cna.py", "an\\u200dna.py", "an\ufffdna.py", "bo.py"]


def test_name_that_is_written_as_another_is_spelled_takes_nobodys_place(tmp_path):
    found = names_in(tmp_path / "class", "an\u200cna.py", "an\u200dna.py", "an\\u200cna.py")

    assert sorted(found) == ["an\\u200cna (2).py", "an\\u200cna.py", "an\\u200dna.py"]


@pytest.mark.parametrize("forged", ["j\\udcfcrg.py", "j\ufffdrg.py"])
def test_submission_whose_name_is_no_text_is_not_pushed_out_by_one_that_is_printed_alike(tmp_path, forged):
    found = names_in(tmp_path / "class", "j\udcfcrg.py", forged)

    assert len({clean(name) for name in found}) == 2
