"""The page of a class: what it says, what it escapes, and that the same results give the same bytes."""

import base64
import hashlib
import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from class_pages import (
    HOSTILE_NAMES,
    MADE_OF,
    class_of_300,
    hostile_one,
    right_one,
    ungraded,
    untouched_one,
    write_results,
    wrong_one,
)
from click.testing import CliRunner
from reports import make_check, make_exercise, make_submission, unreadable

from grader.classes.kills import KillCounts, Kills, kills_as_text
from grader.classes.lecture import ratio
from grader.classes.listed_students import CLASS_SCHEMA
from grader.commands.cli import root
from grader.errors import CourseNotFound, UsageError
from grader.outcomes import Status
from grader.report.report import Audience


class Page(HTMLParser):
    """What a browser would make of a page: its tags, its words, and the text of its scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.words = ""
        self.raw = {"script": "", "style": ""}
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._in = tag if tag in self.raw else ""

    def handle_endtag(self, tag):
        self._in = ""

    def handle_data(self, data):
        if self._in:
            self.raw[self._in] += data
        else:
            self.words += " " + data

    def said(self):
        return " ".join(self.words.split())

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A folder that is in no course."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    return tmp_path


@pytest.fixture
def page_of(nowhere):
    """Return what writes the results of some submissions and reads the page that is made of them."""

    def made(*submissions, options=(), **changes):
        write_results(nowhere / "results", *submissions, **changes)
        run(nowhere / "results", *options)
        return Page((nowhere / "results" / "report.html").read_text("utf-8"))

    return made


def run(*arguments):
    done = CliRunner().invoke(root, ["report", *map(str, arguments)])
    if done.exception is not None:
        raise done.exception
    return done.output


# What it says.


def test_page_begins_with_what_to_say_in_the_lecture(page_of):
    page = page_of(*(wrong_one(f"w{n}") for n in range(6)), *(right_one(f"r{n}") for n in range(14)), unreadable())

    assert "gradient_descent: 21 submissions 20 graded, 1 can't be read" in page.said()
    assert "14 of 20 have everything right; the mean is 3.4 of 4 points, the median 4.0." in page.said()
    assert "The hardest exercise was f : 14 of 20 have it right." in page.said()
    assert "The commonest mistake is in f , 6 of 20: triples" in page.said()


def test_mistake_has_its_count_a_sentence_and_the_shortest_example_without_a_name(page_of):
    long, short = wrong_one("Long", code="def f(x):\n    y = 3\n    return y * x"), wrong_one("Short")

    said = page_of(long, short, *(right_one(f"r{n}") for n in range(8)), untouched_one("stub")).said()

    article = said[said.index("The commonest mistakes") :]
    assert (
        "triples 2 of 10 who attempted f For the lecture: In f , 2 of the 10 who tried it: You triple it. Double it."
        in article
    )
    assert "as one of them wrote it def f(x): return 3 * x what it answers you called f(2.) it returned 6." in article
    assert "y = 3" not in article.partition(" Who ")[0]
    assert article.partition(" Who ")[2].split()[:2] == ["Long", "Short"]


def test_mistake_of_one_student_is_no_matter_for_the_lecture_beside_commoner_ones(page_of):
    one = wrong_one("C", said="You halve it.", title="halves")
    (first, *others) = one.exercises
    diagnosis = replace(first.diagnosis[0], misconception="M2")
    alone = replace(one, exercises=(replace(first, diagnosis=(diagnosis,)), *others))

    single = page_of(alone).said()
    both = page_of(wrong_one("A"), wrong_one("B"), alone).said()

    assert both.index("triples 2 of 3") < both.index("1 rarer one 1 in f : halves")
    assert "halves 1 of 3" not in both
    assert "halves 1 of 1 who attempted" in single
    assert "rarer" not in single


@pytest.mark.parametrize(
    ("count", "number", "said"),
    [
        (1, 1, "1 of the 1 who tried it"),
        (3, 300, "3 of the 300 who tried it"),
        (5, 5, "5 of the 5 who tried it"),
        (20, 300, "about one in 15 who tried it"),
        (90, 300, "about one in 3 who tried it"),
        (150, 300, "about half of those who tried it"),
        (200, 300, "more than half of those who tried it"),
        (290, 300, "nearly all who tried it"),
    ],
)
def test_share_is_said_as_people_do(count, number, said):
    assert ratio(count, number) == said


def test_exercises_have_their_rate_and_what_the_items_are_worth(page_of):
    page = page_of(*(wrong_one(f"w{n}") for n in range(10)), *(right_one(f"r{n}") for n in range(30)))

    assert "f The function 75% 30 of 40 0 0.75 all alike" in page.said()
    assert "g The function 100% 40 of 40 0 1.00 all alike" in page.said()


def test_check_that_the_better_fail_is_asked_about(page_of):
    def submission(number):
        unfair = number % 4 == 0
        marks = [not unfair, unfair or number % 3 == 0, unfair or number % 3 == 0]
        exercises = [
            make_exercise(
                make_check(
                    check=f"t{n}", title=f"asks {n}", status=Status.PASSED if mark else Status.FAILED, score=2 * mark
                ),
                exercise=f"f{n}",
                status=Status.PASSED if mark else Status.FAILED,
                score=2.0 * mark,
            )
            for n, mark in enumerate(marks)
        ]
        return make_submission(*exercises, submission=f"{number}.py", score=2.0 * sum(marks), max_score=6.0)

    said = page_of(*map(submission, range(60))).said()

    assert "Is this fair? The check “asks 0” of f0 is failed by 15 of 60, and those are otherwise the better" in said
    assert "“asks 1”" not in said


def test_few_students_are_said_to_tell_little(page_of):
    said = page_of(wrong_one("a"), right_one("b")).said()

    assert "No check looks unfair" in said
    assert "but with 2 scores that could hardly be seen" in said


def test_class_without_a_score_is_told_as_well(page_of):
    said = page_of(unreadable(), ungraded("a")).said()

    assert "1 can't be read, 1 broken on our side" in said
    assert "There is no score." in said
    assert "unreadable: it is empty" in said


def test_who_needs_a_word_is_named_with_the_reason(page_of):
    low = [replace(wrong_one(name), score=1.0) for name in ("Low", "Lower")]

    said = page_of(*low, wrong_one("Half"), untouched_one("Stub"), ungraded("Broken"), right_one("Right")).said()

    words = (
        "1 without a grade Broken 1 with nothing attempted Stub 2 with less than half of the points Low Lower Search"
    )
    assert f"Who needs a word {words}" in said


def write_roster(folder, *listed):
    """Write class.json as a run with a roster does; each student has a name, a status, and names of submissions."""
    students = [
        {"student": name, "id": "", "name": name, "status": status, "submissions": those}
        for name, status, those in listed
    ]
    document = {"schema": CLASS_SCHEMA, "assignment": "gradient_descent", "students": students, "not_on_roster": []}
    (folder / "class.json").write_text(json.dumps(document))


def test_who_of_the_roster_handed_in_nothing_is_named(nowhere):
    write_results(nowhere / "results", right_one("Ada"))
    write_roster(nowhere / "results", ("Ada", "handed_in", ["Ada.py"]), ("<b>Bo</b>", "missing", []))

    run(nowhere / "results")

    said = Page((nowhere / "results" / "report.html").read_text("utf-8")).said()
    assert "1 graded, 1 of the roster without a submission" in said
    assert "Who needs a word 1 without a submission <b>Bo</b> Search" in said


def test_submissions_of_nobody_on_the_roster_are_named_beside_who_is_missing(nowhere):
    write_results(nowhere / "results", right_one("Ada"), right_one("bo"), right_one("cy"))
    write_roster(nowhere / "results", ("Ada", "handed_in", ["Ada.py"]), ("Bo", "missing", []))

    run(nowhere / "results")

    said = Page((nowhere / "results" / "report.html").read_text("utf-8")).said()
    words = "2 submissions are of nobody on the roster: look whether one is of whoever is without bo cy Search"
    assert f"1 without a submission Bo {words}" in said


@pytest.mark.parametrize("options", [(), ("--students",)])
def test_who_of_the_roster_could_have_several_submissions_is_named_with_these(nowhere, options):
    write_results(nowhere / "results", right_one("Ada"), right_one("ada"))
    cy = ("<i>Cy</i>", "unclear", ["Ada.py", "ada.py", "c/gone<b>.py"])
    write_roster(nowhere / "results", cy, ("Di", "unclear", ["ada.py"]))

    run(nowhere / "results", *options)

    page = Page((nowhere / "results" / "report.html").read_text("utf-8"))
    assert "2 graded, 2 of the roster whose submission is unclear" in page.said()
    assert "<i>Cy</i> could be Ada.py , ada.py , gone<b>.py Di could be ada.py Search" in page.said()
    start = page.words.index("could be another")
    assert "without a submission" not in page.words[start - 60 :]
    links = [unquote(item["href"]) for item in page.all("a")]
    for file, number in (("Ada.py", 1), ("ada.py-2", 2)):
        href = f"report-students/{file}.html" if options else f"#feedback-{number}"
        assert links.count(href) == (2 if number == 1 else 3)  # in the table, and for each whose it could be


def test_names_that_are_not_known_are_what_tells_the_files_apart(page_of):
    files = [replace(right_one(""), submission=f"class/{name}/f.py", student=None) for name in ("anna", "bo")]

    page = page_of(*files)

    assert "anna 4.00" in page.said()
    assert "f.py" not in page.said()


def test_two_of_one_name_are_told_apart_by_their_files(page_of):
    page = page_of(
        *(replace(right_one("Ada"), submission=f"{place}/f.py") for place in ("one", "two")), right_one("Bo")
    )

    assert "Ada one/f.py 4.00" in page.said()
    assert "Ada two/f.py 4.00" in page.said()
    assert "Bo 4.00" in page.said()


def test_what_it_was_graded_with_is_said_and_where_that_was_not_one(nowhere):
    write_results(nowhere / "results", right_one("a"))
    write_results(nowhere / "more", right_one("b"), made_of={**MADE_OF, "torch": "2.14.0"})
    (nowhere / "more" / "b.py.json").rename(nowhere / "results" / "b.py.json")

    run(nowhere / "results")

    said = Page((nowhere / "results" / "report.html").read_text("utf-8")).said()
    assert "suite 0123 reference 4567 torch 2.13.0, 2.14.0 (not all by the same)" in said


# What each check finds alone.

COUNTS = {"mutants": 9, "variants": 4}
KILLS = Kills(
    assignment="gradient_descent",
    date="2026-11-30",
    made_of={"suite": "0123", "reference": "4567"},
    checks={
        "test_f": KillCounts(**COUNTS, mutants_alone=5, variants_alone=1),
        "test_g": KillCounts(**COUNTS, mutants_alone=0, variants_alone=0),
    },
)


@pytest.fixture
def course(small_course):
    """A course that has an assignment of the reports' name."""
    for old, new in (("solutions/small/assignment.toml",) * 2, ("tests/hidden/test_small.py",) * 2):
        text = (small_course.root / old).read_text("utf-8")
        small_course.write(new.replace("small", "gradient_descent"), text)
    return small_course


def test_what_a_check_finds_alone_stands_beside_what_the_class_did_with_it(page_of, course):
    course.write("tests/kills/gradient_descent.json", kills_as_text(KILLS))

    said = page_of(wrong_one("w"), *(right_one(f"r{n}") for n in range(39)), options=["--course", course.root]).said()

    assert "f on values f 39 of 40 0.97 all alike 5 + 1" in said
    assert "1 check looks idle: passed by all who attempted it" in said
    assert "measured on" not in said


def test_what_was_found_of_another_suite_is_said_to_be(page_of, course):
    course.write("tests/kills/gradient_descent.json", kills_as_text(KILLS))

    said = page_of(right_one("a"), options=["--course", course.root], made_of={"suite": "other"}).said()

    assert "measured on 2026-11-30, with another suite or reference" in said


def test_without_a_course_it_is_not_known_what_a_check_finds_alone(page_of):
    said = page_of(wrong_one("a"), right_one("b")).said()

    assert "What each check finds alone is not known here" in said
    assert "idle" not in said


# What may not happen.


def test_nothing_of_a_submission_is_a_part_of_the_page(page_of):
    page = page_of(*map(hostile_one, HOSTILE_NAMES), replace(unreadable("<b>.py"), notes=("<script>1</script>",)))

    assert len(page.all("script")) == 1
    assert "forged" not in page.raw["script"] + page.raw["style"]
    assert {tag for tag, _ in page.tags}.isdisjoint({"img", "iframe", "object", "link", "base", "form"})
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "src"]
    assert all(attributes["href"].startswith("#") for attributes in page.all("a"))
    assert "49" not in re.findall(r"\{\{ (\d+) \}\}", page.said())
    assert "{{ 7 * 7 }}" in page.said()


def test_policy_names_the_one_script_and_the_one_style_sheet_and_lets_nothing_else_in(page_of):
    page = page_of(right_one("a"))

    policy = next(item["content"] for item in page.all("meta") if item.get("http-equiv") == "Content-Security-Policy")
    allowed = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert allowed["default-src"] == allowed["base-uri"] == allowed["form-action"] == "'none'"
    assert allowed["script-src"] == hashed(page.raw["script"])
    assert allowed["style-src-elem"] == hashed(page.raw["style"])


def hashed(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_same_results_give_the_same_bytes(nowhere):
    write_results(nowhere / "results", *class_of_300())

    run(nowhere / "results", "--out", "one.html")
    run(nowhere / "results", "--out", "two.html")

    assert Path("one.html").read_bytes() == Path("two.html").read_bytes()
    assert len(Path("one.html").read_bytes()) < 2_000_000


def test_every_student_has_a_page_that_the_table_leads_to_and_that_leads_back(nowhere):
    write_results(nowhere / "results", *class_of_300())

    said = run(nowhere / "results", "--out", "a page#1.html", "--students")

    assert said.splitlines() == ["a page#1.html: 300 submissions", "a page#1-students: a page for each"]
    table = Page(Path("a page#1.html").read_text("utf-8"))
    links = [unquote(item["href"]) for item in table.all("a") if item.get("class") == "name"]
    assert sorted(links) == sorted(str(path) for path in Path("a page#1-students").glob("*.html"))
    assert len(set(links)) == 300
    for link in links[:30]:
        page = Page(Path(link).read_text("utf-8"))
        assert page.all("script") == []
        assert unquote(page.all("a")[0]["href"]) == "../a page#1.html"
    assert "feedback" not in [item.get("id") for item in table.all("h2")]


def test_pages_of_students_go_on_in_the_order_of_the_table(nowhere):
    write_results(nowhere / "results", right_one("Bo"), right_one("Ada"), wrong_one("cy"))

    run(nowhere / "results", "--students")

    pages = {path.stem: Page(path.read_text("utf-8")) for path in (nowhere / "results/report-students").iterdir()}
    ways = {name: [(item.get("rel"), item["href"]) for item in page.all("a")][1:] for name, page in pages.items()}
    assert ways == {
        "Ada.py": [("next", "Bo.py.html")],
        "Bo.py": [("prev", "Ada.py.html"), ("next", "cy.py.html")],
        "cy.py": [("prev", "Bo.py.html")],
    }


def test_page_that_a_student_may_read_names_nobody_else(nowhere):
    write_results(nowhere / "results", right_one("ada"), wrong_one("bo"), right_one("cy"), audience=Audience.STUDENT)

    run(nowhere / "results", "--students")

    page = (nowhere / "results" / "report-students" / "bo.py.html").read_text("utf-8")
    assert "bo" in page
    assert not re.search(r"\b(ada|cy)\b", page)
    assert "href" not in page


def test_page_of_who_is_no_longer_there_goes_and_nothing_else(nowhere):
    results, pages = nowhere / "results", nowhere / "results" / "report-students"
    write_results(results, *map(right_one, ("ada", "bo", "cy", "di", "eve", "fay")))
    run(results, "--students")
    (pages / "bo.py.html").write_text((pages / "bo.py.html").read_text("utf-8").replace("points", "points, see me"))
    (pages / "di.py.html").write_bytes((pages / "di.py.html").read_bytes() + b"\n")
    (pages / "eve.py.html").rename(nowhere / "eve.html")
    (pages / "eve.py.html").symlink_to(nowhere / "eve.html")
    (pages / "notes.txt").write_bytes((pages / "cy.py.html").read_bytes())
    (pages / "mine.html").write_text("<!DOCTYPE html>my own")
    (pages / "a folder.html").mkdir()
    for name in ("bo", "cy", "di", "eve", "fay"):
        (results / f"{name}.py.json").unlink()

    said = run(results, "--students").splitlines()

    left = {"ada.py.html", "bo.py.html", "di.py.html", "eve.py.html", "notes.txt", "mine.html", "a folder.html"}
    assert {path.name for path in pages.iterdir()} == left
    assert said[2] == "2 pages of an earlier run removed"
    assert said[3] == f"{pages}/a folder.html: left as it is; this command did not write it so"
    assert len(said) == 3 + 5
    assert len(run(results, "--students").splitlines()) == 2 + 5


def test_pages_of_students_that_are_not_written_anew_are_said_to_be_old(nowhere):
    write_results(nowhere / "results", right_one("ada"))
    run(nowhere / "results", "--students")

    said = run(nowhere / "results").splitlines()

    folder = nowhere / "results" / "report-students"
    assert said[1:] == [f"{folder}: pages of an earlier run, left as they are; --students writes them anew"]
    assert (folder / "ada.py.html").exists()


def test_page_for_the_staff_says_so(nowhere):
    write_results(nowhere / "results", wrong_one("bo"))

    run(nowhere / "results", "--students")

    assert "For the staff" in (nowhere / "results" / "report-students" / "bo.py.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["grades.csv", "a.py.json"])
def test_page_is_written_over_no_result(nowhere, name):
    write_results(nowhere / "results", right_one("a"))
    before = (nowhere / "results" / name).read_bytes()

    with pytest.raises(UsageError, match="no page"):
        run(nowhere / "results", "--out", nowhere / "results" / name)

    assert (nowhere / "results" / name).read_bytes() == before


def test_wrong_use_is_told(nowhere):
    write_results(nowhere / "results", right_one("a"))
    (nowhere / "file").write_text("")

    with pytest.raises(UsageError, match="no such folder"):
        run(nowhere / "none")
    with pytest.raises(UsageError, match="file"):
        run(nowhere / "results", "--out", nowhere / "file" / "report.html")
    with pytest.raises(CourseNotFound, match="no course there"):
        run(nowhere / "results", "--course", nowhere)


def test_page_can_be_walked_by_ear(page_of):
    page = page_of(*class_of_300()[:20])

    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert all("scope" in item for item in page.all("th"))
    assert all(
        (item.get("role") == "img" and item["aria-label"]) or item.get("aria-hidden") for item in page.all("svg")
    )
    ids = [item["id"] for _, item in page.tags if "id" in item]
    assert len(ids) == len(set(ids))
    assert {item["href"][1:] for item in page.all("a")} <= set(ids)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
