"""A notebook in JupyterLab, and a course of nbgrader: formgrader and the page of feedback, used as people use them."""

import json
import re
import shutil
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

from docs.making.programs.browser import browser, jupyter, shot, wait
from docs.making.programs.terminal import BIN, environment
from docs.making.reference import ROOT
from grader.course.reading import find_course, load_assignment
from grader.handout.notebook import Variant, notebook

__all__ = ["PICTURES"]

NAME = "gradient_descent"
_WIDTH = 1000
_SUM = "    errors = t_p - t_c\n    return (errors**2).sum()"
_COMMENT = "Almost: the mean has one more step than the sum. Compare with the formula in the lesson."
_STUB = re.compile(r"    raise NotImplementedError\(.*\)")


def _book(variant, **bodies):
    """Return a notebook in which some exercises have other bodies, None for the stub."""
    assignment = load_assignment(find_course(ROOT), NAME)
    book, released = (json.loads(notebook(assignment, which)) for which in (variant, Variant.RELEASED))
    for cell, stub in zip(book["cells"], released["cells"], strict=True):
        exercise = cell["id"].removeprefix("exercise-")
        if exercise in bodies:
            text = "".join(stub["source"])
            cell["source"] = text if bodies[exercise] is None else _STUB.sub(bodies[exercise], text)
    return json.dumps(book)


def _students():
    """Return what each student hands in."""
    return {
        "Anna Ahlers_101": _book(Variant.SOLVED),
        "Ben Bauer_102": _book(Variant.SOLVED, loss_fn=_SUM),
        "Chloe Claes_103": _book(Variant.SOLVED, training_loop=None),
        "David Diaz_104": "{ this is no notebook",
        "Emil Eriksen_105": _book(Variant.RELEASED),
    }


def _run(folder, *command):
    subprocess.run(
        [BIN / command[0], *command[1:]], cwd=folder, env=environment(), stdin=subprocess.DEVNULL,
        capture_output=True, check=True,
    )  # fmt: skip


def check() -> bytes:
    """Show what `check` says of a loss that is not divided by N, in JupyterLab."""
    from selenium.webdriver import ActionChains, Keys

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "student"
        shutil.copytree(ROOT / "assignments" / NAME, folder)
        path = folder / f"{NAME}.ipynb"
        path.write_text(_executed(_book(Variant.RELEASED, model="    return w * t_u + b", loss_fn=_SUM), folder))
        with browser(_WIDTH) as driver, jupyter(folder, driver) as address:
            data = Path(place) / "jupyter"
            subprocess.run(
                [BIN / "jupyter", "trust", path], env=environment() | {"JUPYTER_DATA_DIR": str(data)},
                capture_output=True, check=True,
            )  # fmt: skip
            shot(driver, _WIDTH, 720)
            driver.get(f"{address}/lab/tree/{NAME}.ipynb?reset")
            wait(lambda: driver.execute_script(_SCROLLED, "def loss_fn"))
            ActionChains(driver).key_down(Keys.CONTROL).send_keys("b").key_up(
                Keys.CONTROL
            ).perform()  # no list of files
            time.sleep(3)
            wait(lambda: driver.execute_script(_SCROLLED, "def loss_fn"))
            return shot(driver, _WIDTH, 720)


# Scrolls until the cell of a function is drawn, and stands at the top.
_SCROLLED = """
    const panel = document.querySelector('.jp-WindowedPanel-outer');
    const cell = [...document.querySelectorAll('.jp-CodeCell')].find(one => one.innerText.includes(arguments[0]));
    if (!cell) { if (panel) panel.scrollTop += 400; return false; }
    const away = cell.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    panel.scrollTop += away;
    return Math.abs(away) < 3;
"""


def _executed(book, folder):
    """Return a notebook as it is after its cells were run, up to the check of `loss_fn`."""
    import nbclient
    import nbformat

    found = nbformat.reads(book, as_version=4)
    last = next(place for place, cell in enumerate(found.cells) if cell["id"] == "check-loss_fn")
    rest, found.cells = found.cells[last + 1 :], found.cells[: last + 1]
    resources = {"metadata": {"path": str(folder)}}
    nbclient.NotebookClient(found, timeout=120, allow_errors=True, kernel_name="python3", resources=resources).execute()
    found.cells += rest
    return nbformat.writes(found)


@cache
def _course() -> dict[str, bytes]:
    """Take the pictures of one course, from `init` to feedback."""
    taken = {}
    with tempfile.TemporaryDirectory() as place:
        folder, handed_in = Path(place) / "course", Path(place) / "handed_in"
        for student, book in _students().items():
            target = handed_in / f"{student}_assignsubmission_file"
            target.mkdir(parents=True)
            (target / f"{NAME}.ipynb").write_text(book, "utf-8")
        shutil.make_archive(str(handed_in), "zip", handed_in)
        _run(Path(place), "grader", "nbgrader", "init", "course", "--course", str(ROOT))
        _run(folder, "nbgrader", "generate_assignment", NAME)
        _run(folder, "grader", "nbgrader", "collect", f"{handed_in}.zip", "--assignment", NAME)
        _run(folder, "nbgrader", "autograde", NAME)
        with browser(_WIDTH) as driver, jupyter(folder, driver) as address:
            shot(driver, _WIDTH, 620)
            driver.get(f"{address}/formgrader/manage_submissions/{NAME}")
            wait(lambda: len(driver.find_elements("css selector", "#main-table .status span")) == len(_students()))
            taken["formgrader-submissions"] = shot(driver, _WIDTH, 620)
            _comment(driver, address)
            driver.execute_script(_AT, "#solution-loss_fn-comment", 350)
            taken["formgrader-cell"] = shot(driver, _WIDTH, 925)
        _run(folder, "nbgrader", "generate_feedback", NAME)
        with browser(_WIDTH) as driver:
            shot(driver, _WIDTH, 810)
            driver.get((folder / "feedback" / "Ben_Bauer_102" / NAME / f"{NAME}.html").as_uri())
            taken["feedback-points"] = shot(driver, _WIDTH, 310)
            driver.execute_script(_AT, "#loss_fn", 340)
            taken["feedback"] = shot(driver, _WIDTH, 810)
    return taken


# Scrolls so that what is looked for stands so many pixels below the top.
_AT = """
    const found = document.querySelector(arguments[0]);
    window.scrollTo(0, window.scrollY + found.getBoundingClientRect().top - arguments[1]);
"""


def _comment(driver, address):
    """Open Ben's notebook in Manual Grading, and write a comment there, as an instructor does."""
    driver.get(f"{address}/formgrader/manage_students/Ben_Bauer_102/{NAME}")
    wait(lambda: driver.find_element("link text", NAME)).click()
    wait(lambda: driver.execute_script("return formgrader.grades.loaded && formgrader.comments.loaded"))
    field = driver.find_element("css selector", "#solution-loss_fn-comment")
    field.send_keys(_COMMENT)
    driver.execute_script("arguments[0].blur()", field)
    time.sleep(1)
    wait(lambda: not driver.execute_script("return jQuery.active"))


PICTURES = {
    "docs/pictures/check.png": check,
    "docs/pictures/formgrader-submissions.png": lambda: _course()["formgrader-submissions"],
    "docs/pictures/formgrader-cell.png": lambda: _course()["formgrader-cell"],
    "docs/pictures/feedback-points.png": lambda: _course()["feedback-points"],
    "docs/pictures/feedback.png": lambda: _course()["feedback"],
}
