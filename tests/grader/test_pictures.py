"""The lessons' pictures are what the code draws, legible for everybody, and handed out with their descriptions."""

import importlib
import json
import re
import xml.etree.ElementTree as ET

import pytest
from lessons import GIVEN, LESSON, lesson_in, replaced
from small_course import SmallCourse

from docs.making.__main__ import DOCS, LESSONS, drawn
from docs.making.programs import readme
from docs.making.reference import ROOT
from docs.making.svg import Picture
from grader.course.reading import find_course
from grader.errors import CourseError
from grader.handout.notebook import Variant, notebook
from grader.handout.release import files_of, stub

FILES = sorted((ROOT / "solutions").glob("*/pictures/*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
DESCRIBED = (
    '<svg xmlns="http://www.w3.org/2000/svg"><title>Loss</title><desc>The loss falls\n from 3 to 1.</desc></svg>'
)


@pytest.mark.parametrize("lesson", LESSONS)
def test_committed_pictures_are_what_is_drawn(lesson):
    found = {path: path.read_text("utf-8") for path in FILES if path.parts[-3] == lesson}

    assert drawn(lesson) == found


def test_every_assignment_has_a_module_of_pictures():
    assert set(LESSONS) == set(find_course(ROOT).names)
    assert all(importlib.import_module(f"docs.making.lessons.{name}").PICTURES for name in LESSONS)


@pytest.mark.parametrize("lesson", LESSONS)
def test_lesson_that_shows_pictures_shows_all_of_them(lesson):
    text = (ROOT / "solutions" / lesson / f"{lesson}.py").read_text("utf-8")
    shown = re.findall(r"^# !\[\w+\]\(pictures/(\w+)\.svg\)$", text, re.MULTILINE)

    assert sorted(shown) in ([], [path.stem for path in FILES if path.parts[-3] == lesson])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_picture_is_small_named_described_and_refers_to_nothing_outside(path):
    text = path.read_text("utf-8")
    tree = ET.fromstring(text)

    assert len(text) < 60_000
    assert tree.find(f"{SVG}title").text
    assert len(tree.find(f"{SVG}desc").text) > 100
    assert "prefers-color-scheme:dark" in text
    assert {node.tag.removeprefix(SVG) for node in tree.iter()} <= {
        *("svg", "title", "desc", "style", "rect", "line", "path", "circle", "text", "g", "clipPath"),
    }
    assert re.findall(r"https?://[^\s\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert set(re.findall(r"url\(([^)]*)\)", text)) <= {"#c1", "#c2", "#c3", "#c4", "#c5", "#c6"}


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "box"])
def test_every_colour_of_a_text_stands_out_from_its_ground(scheme, ground):
    style = re.search(r"<style>(.*?)</style>", Picture(1, 1, "").render("")).group(1)
    light, dark = style.split("@media")
    colours = dict(re.findall(r"\.f-(\w+)\{fill:(#\w{6})\}", light if scheme == "light" else dark))

    for name in set(colours) - {"paper", "box", "grid"}:  # WCAG's contrast for a text, level AA
        brighter, darker = sorted((luminance(colours[name]), luminance(colours[ground])), reverse=True)
        assert (brighter + 0.05) / (darker + 0.05) >= 4.5, name


def shown_in(tmp_path, line, picture=DESCRIBED):
    course = SmallCourse(tmp_path)
    if picture is not None:
        course.write("solutions/small/pictures/loss.svg", picture)
    return lesson_in(course, replaced("# # A lesson\n", f"# # A lesson\n#\n{line}\n#\n", LESSON), GIVEN)


def test_description_takes_the_place_of_a_name(tmp_path):
    assignment = shown_in(tmp_path, "# ![loss](pictures/loss.svg)")

    files = files_of(assignment)

    assert files["pictures/loss.svg"] == DESCRIBED
    assert "# ![The loss falls from 3 to 1.](pictures/loss.svg)\n" in stub(assignment)
    for variant in Variant:
        first = json.loads(notebook(assignment, variant))["cells"][0]
        assert "![The loss falls from 3 to 1.](pictures/loss.svg)" in "".join(first["source"])


def test_long_description_is_wrapped_so_that_no_line_begins_a_list(tmp_path):
    long = "word " * 18 + "- 17 + 3 * 4 # 1. " + "word " * 30
    assignment = shown_in(tmp_path, "# ![loss](pictures/loss.svg)", DESCRIBED.replace("3 to 1", f"{long} to 1"))

    lines = re.search(r"# !\[The.*?\.svg\)", stub(assignment), re.DOTALL)[0].split("\n")

    assert len(lines) > 2
    assert all(re.match(r"# [A-Za-z(!]", line) for line in lines)
    assert max(map(len, lines)) <= 100
    assert " ".join(line.removeprefix("# ") for line in lines).count("word") == 48


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        pytest.param(None, r"small\.py:\d+: there is no .*pictures/loss\.svg", id="no file"),
        pytest.param("<svg", r"loss\.svg: .*it is no SVG", id="no SVG"),
        pytest.param('<svg xmlns="http://www.w3.org/2000/svg"/>', r"loss\.svg: it has no <desc>", id="no description"),
        pytest.param(DESCRIBED.replace("from 3", "[3]"), r"loss\.svg: its <desc> becomes Markdown", id="brackets"),
    ],
)
def test_picture_that_cannot_be_shown_is_the_authors_mistake(tmp_path, picture, said):
    assignment = shown_in(tmp_path, "# ![loss](pictures/loss.svg)", picture)

    with pytest.raises(CourseError, match=said):
        files_of(assignment)


def test_only_pictures_of_the_folder_are_handed_out(tmp_path):
    assignment = shown_in(tmp_path, "#")
    assignment.folder.joinpath("pictures/notes.txt").write_text("mine")

    assert [name for name in files_of(assignment) if name.startswith("pictures/")] == ["pictures/loss.svg"]


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
ELSEWHERE = {"docs/house.svg"}  # tests/house.py draws it, and test_rooms.py compares


def shown_on_pages():
    """The pictures that README and docs/ show, by their paths in the repository."""
    return {
        (page.parent / link).resolve().relative_to(ROOT).as_posix()
        for page in PAGES
        for link in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", page.read_text("utf-8")))
    }


def test_every_picture_of_the_docs_has_code_that_makes_it_and_is_shown():
    made = {file for group in DOCS for file in importlib.import_module(f"docs.making.programs.{group}").PICTURES}
    handed_out = {path.relative_to(ROOT).as_posix() for path in (ROOT / "assignments").glob("*/pictures/*.svg")}
    shown = shown_on_pages()

    assert shown - handed_out == made | ELSEWHERE
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.[ps][nv]g")} == made | ELSEWHERE
    assert all((ROOT / file).is_file() for file in shown)


@pytest.mark.parametrize("file", ["docs/demo.svg", "docs/pictures/push.svg"])
def test_terminal_is_drawn_whole_and_fetches_nothing(file):
    text = (ROOT / file).read_text("utf-8")

    assert ET.fromstring(text).tag == f"{SVG}svg"
    assert re.findall(r"https?://[^\s\"]+", text) == ["http://www.w3.org/2000/svg"]


def test_readme_shows_what_the_program_prints():
    text = readme.README.read_text("utf-8")

    assert readme.current(text) == text
    assert "    grad_fn: " in text
