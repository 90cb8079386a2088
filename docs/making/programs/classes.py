"""The page of a class, in a browser: how it begins, and one of the common mistakes."""

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from docs.making.programs.browser import browser, shot
from docs.making.programs.grading import CLASS, compare
from docs.making.programs.terminal import BIN, printed
from docs.making.reference import ROOT

__all__ = ["PICTURES"]

_WIDTH = 1000


@cache
def _page() -> str:
    """Return the page of an example class; what is graded there is kept, so that a second time is quick."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        graded = ("--out", place / "results", "--write", f"staff:json={place / 'report.json'}")
        command = (BIN / "grader", "grade", CLASS.relative_to(ROOT), "--audience", "staff", *graded)
        printed(*command, folder=ROOT, columns=100)
        compare(json.loads((place / "report.json").read_text("utf-8")))
        printed(BIN / "grader", "report", place / "results", folder=ROOT, columns=100)
        return (place / "results" / "report.html").read_text("utf-8")


def _shown(driver: Any, fragment: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_text(_page(), "utf-8")
        driver.get(page.as_uri() + fragment)


def beginning() -> bytes:
    """Show what to say in the lecture, how the scores lie, and how each exercise went."""
    with browser(_WIDTH) as driver:
        _shown(driver)
        last = "return Math.ceil(document.getElementById('mistakes').getBoundingClientRect().top) - 12"
        return shot(driver, _WIDTH, driver.execute_script(last))


def mistake() -> bytes:
    """Show the commonest mistake of the class that has code and what it answers."""
    with browser(_WIDTH) as driver:
        _shown(driver)
        shot(driver, _WIDTH)  # the whole page is laid out, and nothing has to be scrolled to
        chosen = (
            "return [...document.querySelectorAll('article')].find(one => one.querySelectorAll('figure').length === 2)"
        )
        return bytes(driver.execute_script(chosen).screenshot_as_png)


PICTURES = {"docs/pictures/class.png": beginning, "docs/pictures/class-mistake.png": mistake}
