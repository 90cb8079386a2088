"""Formgrader and the page of feedback in a real browser, as an instructor uses them."""

import contextlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course import find_course, load_assignment
from grader.grading import grade_all
from grader.notebook import notebook
from grader.submissions import discover

MAIN = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
NAME = "gradient_descent"
ROUNDS_OF_WAITING = 60  # seconds for one thing to appear; far more than an idle machine needs

# Would give full marks through formgrader's own models, with the instructor's cookie, and leave two traces.
FORGERY = (
    "window.forged = 1; document.title = 'forged';"
    "setInterval(() => formgrader.grades.each(grade => grade.save('manual_score', grade.get('max_score'))), 50)"
)
HOSTILE_TEXT = f"""
<script>{FORGERY}</script>
<img src="missing.png" onerror="{FORGERY}">
<svg onload="{FORGERY}"></svg>
<iframe srcdoc="<script>parent.forged = 1</script>"></iframe>
<style>body {{ display: none }}</style>
<a href="javascript:{FORGERY}">first link</a> and [second link](<javascript:{FORGERY}>)
"""
HOSTILE_CODE = f"""# </pre></script><script>{FORGERY}</script>
def loss_fn(t_p, t_c):
    raise ValueError("<script>{FORGERY}</script>")
"""


def _missing():
    modules = [name for name in ("nbgrader", "jupyter_server", "selenium") if importlib.util.find_spec(name) is None]
    return modules + [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]


@pytest.fixture(scope="module", autouse=True)
def needs():
    if _missing():
        # CI sets the variable, so that nobody takes a skipped test there for a passed one.
        end = pytest.fail if os.environ.get("CHAINRULE_BROWSER") == "1" else pytest.skip
        end(f"not installed: {', '.join(_missing())}")


def _text_cell(kind, text):
    return {"cell_type": kind, "id": secrets.token_hex(4), "metadata": {"format": "text/html"}, "source": text}


def _hostile(released):
    book = json.loads(released)
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": f"<script>{FORGERY}</script>"}}
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [output]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "solution-loss_fn":
            cell["source"] = HOSTILE_CODE
    book["cells"] += [_text_cell("markdown", HOSTILE_TEXT), _text_cell("raw", HOSTILE_TEXT)]
    book["metadata"]["title"] = f"<script>{FORGERY}</script>"
    return json.dumps(book)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of nbgrader with four submissions, none of them graded yet."""
    folder = tmp_path_factory.mktemp("nbgrader") / "course"
    _run(folder.parent, "grader", "nbgrader", "init", folder.name, "--course", MAIN)
    _run(folder, "nbgrader", "generate_assignment", NAME)
    solved = notebook(load_assignment(find_course(MAIN), NAME), "solved")
    for student, text in {
        "right": solved,
        "wrong": solved.replace(".mean()", ".sum()"),
        "unreadable": "{ this is no notebook",
        "hostile": _hostile((folder / "release" / NAME / f"{NAME}.ipynb").read_text("utf-8")),
    }.items():
        path = folder / "submitted" / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    return folder


def _run(folder, program, *arguments):
    subprocess.run(
        [str(BIN / program), *map(str, arguments)], cwd=folder, env=_environment(folder), check=True, capture_output=True
    )


def _environment(folder):
    """No settings of whoever runs the tests, and the programs of this environment first."""
    place = str(folder / ".jupyter")
    return os.environ | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": place,
        "JUPYTER_DATA_DIR": place,
        "JUPYTER_RUNTIME_DIR": place,
        "JUPYTER_NO_CONFIG": "",
    }


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in (
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-dev-shm-usage",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        "no-first-run",
        "no-proxy-server",
        "host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # formulas are typeset by a script from the net
        "window-size=1200,1600",
        f"user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(f"--{flag}")
    driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="module")
def formgrader(course, browser):
    """The address of formgrader on a server that runs in the course, with the browser logged in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex()
    log = course.parent / "server.log"
    with log.open("wb") as file:
        server = subprocess.Popen(
            [
                *(str(BIN / "jupyter"), "server", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"),
                *("--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"),
            ],
            cwd=course,
            env=_environment(course),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(browser, lambda: _opens(browser, f"{address}/api/me?token={token}", server, log))
        yield f"{address}/formgrader"
    finally:
        _end(server)


def _opens(browser, address, server, log):
    from selenium.common.exceptions import WebDriverException

    if server.poll() is not None:
        pytest.fail(f"jupyter server ended:\n{log.read_text('utf-8', 'replace')}")
    with contextlib.suppress(WebDriverException):
        browser.get(address)
        return True
    return False


def _end(server):
    os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _wait(browser, condition):
    from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
    from selenium.webdriver.support.ui import WebDriverWait

    passing = [NoSuchElementException, StaleElementReferenceException]
    wait = WebDriverWait(browser, ROUNDS_OF_WAITING, poll_frequency=0.1, ignored_exceptions=passing)
    return wait.until(lambda _: condition())


def _find(browser, selector):
    return browser.find_element("css selector", selector)


def _texts(browser, selector):
    return [element.text for element in browser.find_elements("css selector", selector)]


def _row(browser, student):
    """Return the row of a student in formgrader's table of submissions."""
    return browser.find_element("xpath", f"//tr[td[contains(@class, 'student-id') and . = '{student}']]")


def _click(browser, formgrader, student, button):
    """Click one of formgrader's buttons, and return what it says when it is done."""
    browser.get(f"{formgrader}/manage_submissions/{NAME}")
    _wait(browser, lambda: _row(browser, student).find_element("css selector", f".{button} a")).click()
    return _wait(browser, lambda: _find(browser, ".modal.in .modal-body").text)


@pytest.fixture(scope="module")
def graded(course, browser, formgrader):
    """What formgrader says of each student after its autograde button was clicked for each: status and score."""
    students = sorted(path.name for path in (course / "submitted").iterdir())
    for student in students:
        said = _click(browser, formgrader, student, "autograde")
        assert "Successfully autograded" in said
    browser.refresh()
    rows = {student: _wait(browser, lambda student=student: _row(browser, student)) for student in students}
    return {
        student: tuple(row.find_element("css selector", f".{column}").text for column in ("status", "score"))
        for student, row in rows.items()
    }


@pytest.fixture(scope="module")
def reports(course):
    """What `grader grade` makes of the same files."""
    found = {}
    grade_all(
        find_course(MAIN),
        NAME,
        discover([str(course / "submitted")]),
        mode="auto",
        each=lambda item, report: found.__setitem__(item.path.name, report),
    )
    return found


def _open_submission(browser, formgrader, student):
    """Go to a student's notebook as an instructor does, through the list of Manual Grading."""
    from selenium.webdriver.support.ui import Select

    browser.get(f"{formgrader}/manage_students/{student}/{NAME}")
    _wait(browser, lambda: browser.find_element("link text", NAME)).click()
    _wait(browser, lambda: _find(browser, "#loss_fn").get_attribute("value") is not None)
    assert Select  # noqa


def _grades(course):
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as database:
        return database.execute("select auto_score, manual_score, extra_credit from grade order by id").fetchall()


def test_autograde_button_gives_the_scores_of_grader_grade(graded, reports):
    shown = {student: graded[student] for student in ("right", "wrong", "hostile")}

    assert shown == {student: ("graded", f"{reports[student].score:g} / 20") for student in shown}
    assert reports["right"].score == 20
    assert 0 < reports["wrong"].score < 20
