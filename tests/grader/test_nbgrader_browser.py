"""Formgrader and the page of feedback in a real browser, used as an instructor uses them."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess

import pytest
from browsing import need
from nbgrader_course import ROOT, SCRIPTS, NbgraderCourse

from grader.course.reading import find_course, load_assignment
from grader.handout.notebook import Variant, notebook
from grader.judge.parallel import grade_all
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

NAME = "gradient_descent"
SECONDS = 60  # for one thing to appear; far more than an idle machine needs

# Gives full marks by formgrader's own models, with the instructor's cookie, and leaves two traces in the window.
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
<a href="javascript:{FORGERY}">one link</a>

[another link](javascript:window.forged=1)
"""
HOSTILE_CODE = f"""# </pre></script><script>{FORGERY}</script>
def loss_fn(t_p, t_c):
    raise ValueError("</pre><script>{FORGERY}</script>")
"""
GRADES = "SELECT id, auto_score, manual_score, extra_credit FROM grade ORDER BY id"


@pytest.fixture(scope="module", autouse=True)
def installed():
    need("nbgrader")


@pytest.fixture(scope="module")
def course(tmp_path_factory, installed):
    """A course of nbgrader with three submissions, none of which is graded yet."""
    made = NbgraderCourse(tmp_path_factory.mktemp("nbgrader"))
    made.init()
    solved = notebook(load_assignment(find_course(ROOT), NAME), Variant.SOLVED)
    made.put("right", solved)
    made.put("unreadable", "{ this is no notebook")
    made.put("hostile", _hostile(json.loads(solved)))
    return made


def _hostile(book):
    """Write scripts into every place of a notebook that may reach a page."""
    script = {"output_type": "display_data", "metadata": {}, "data": {"text/html": f"<script>{FORGERY}</script>"}}
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [script]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "solution-loss_fn":
            cell["source"] = HOSTILE_CODE
    book["cells"] += [
        {"cell_type": kind, "id": kind, "metadata": {"format": "text/html"}, "source": HOSTILE_TEXT}
        for kind in ("markdown", "raw")
    ]
    book["metadata"]["title"] = f"</title><script>{FORGERY}</script>"
    return book


@pytest.fixture(scope="module")
def browser(tmp_path_factory, installed):
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
        "host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # the pages load MathJax from the net
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
    """The address of formgrader, on a server that runs in the course; the browser is logged in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex()
    folder = course.root.parent
    # Nobody's own settings of Jupyter count, and the commands are this environment's.
    places = {
        name: str(folder / "jupyter") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    log = folder / "server.log"
    with log.open("wb") as file:
        server = subprocess.Popen(
            [
                *(SCRIPTS / "jupyter", "server", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"),
                *("--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"),
            ],
            cwd=course.root,
            env=os.environ | places | {"PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(browser, lambda: _answers(browser, f"{address}/api?token={token}", server, log))
        yield f"{address}/formgrader"
    finally:
        _end(server)


def _answers(browser, address, server, log):
    from selenium.common.exceptions import WebDriverException

    assert server.poll() is None, log.read_text("utf-8", "replace")
    with contextlib.suppress(WebDriverException):
        browser.get(address)
        return True
    return False


def _end(server):
    """End the server and whatever it has started."""
    os.killpg(server.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _wait(browser, condition):
    """Wait until the condition holds; while it looks for what is not there yet, it does not."""
    from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
    from selenium.webdriver.support.ui import WebDriverWait

    early = [NoSuchElementException, StaleElementReferenceException]
    return WebDriverWait(browser, SECONDS, poll_frequency=0.1, ignored_exceptions=early).until(lambda _: condition())


def _one(place, selector):
    return place.find_element("css selector", selector)


def _row(browser, student):
    """Return a student's row in the table of submissions."""
    return browser.find_element("xpath", f"//tr[td[contains(@class, 'student-id') and . = '{student}']]")


def _press(browser, formgrader, student, button):
    """Press one of the buttons in a student's row, and return what formgrader says in the end."""
    browser.get(f"{formgrader}/manage_submissions/{NAME}")
    _wait(browser, lambda: _one(_row(browser, student), f".{button} a")).click()
    return _wait(browser, lambda: _one(browser, "#success-modal, #error-modal").get_attribute("textContent"))


@pytest.fixture(scope="module")
def graded(browser, formgrader):
    """What the page says of each student, status and score, after formgrader's button has graded them."""
    for student in ("hostile", "right", "unreadable"):
        said = _press(browser, formgrader, student, "autograde")
        assert "Successfully autograded" in said
    browser.refresh()
    rows = _wait(browser, lambda: browser.find_elements("css selector", "#main-table tr:has(.status span)"))
    return {_one(row, ".student-id").text: (_one(row, ".status").text, _one(row, ".score").text) for row in rows}


@pytest.fixture(scope="module")
def notebooks(browser, formgrader, graded):
    """Open a student's notebook in Manual Grading, and wait until its scores are there."""

    def open_notebook(student):
        browser.get(f"{formgrader}/manage_students/{student}/{NAME}")
        _wait(browser, lambda: browser.find_element("link text", NAME)).click()
        _wait(browser, lambda: browser.execute_script("return formgrader.grades.loaded && formgrader.comments.loaded"))

    return open_notebook


@pytest.fixture(scope="module")
def pages(browser, course, formgrader, graded):
    """Make a student's page of feedback by formgrader's button, and open it."""

    def open_page(student):
        said = _press(browser, formgrader, student, "generate-feedback")
        assert "Successfully generated feedback" in said
        browser.get((course.root / "feedback" / student / NAME / f"{NAME}.html").as_uri())

    return open_page


def _checked(browser, exercise):
    """Return the text of the cell that says what an exercise has earned."""
    return browser.find_element("xpath", f"//div[contains(@class, 'code_cell')][.//*[@id='{exercise}']]").text


def _follow_links(browser):
    for link in browser.find_elements("partial link text", "link"):
        browser.execute_script("arguments[0].click()", link)


def _traces(browser):
    return browser.execute_script("return [window.forged, document.title === 'forged']")


def test_autograde_button_gives_the_points_of_grader_grade(course, graded):
    reports = {}
    grade_all(
        find_course(course.private),
        NAME,
        discover([str(course.root / "submitted")]),
        mode=SandboxMode.AUTO,
        each=lambda item, report: reports.__setitem__(item.path.name, report),
    )

    expected = {student: ("graded", f"{reports[student].score:g} / 20") for student in ("hostile", "right")}

    assert {student: graded[student] for student in expected} == expected
    assert reports["right"].score == 20
    assert 0 < reports["hostile"].score < 20


def test_autograde_button_leaves_the_unreadable_for_manual_grading(course, graded):
    assert graded["unreadable"] == ("needs manual grading", "0 / 20")
    assert course.rows("SELECT count(*) FROM grade WHERE auto_score IS NULL AND needs_manual_grade") == [(8,)]


def test_manual_grading_shows_points_and_feedback(browser, notebooks):
    notebooks("hostile")

    exercises = ("model", "loss_fn")
    points = [_one(browser, f"#{exercise}").get_attribute("placeholder") for exercise in exercises]
    cells = [_checked(browser, exercise) for exercise in exercises]

    assert points == ["1", "0"]
    assert "model: passed" in cells[0]
    assert "loss_fn: crashed" in cells[1]
    assert "it raised ValueError" in cells[1]


def test_manual_grading_runs_nothing_of_a_student(browser, course, notebooks):
    before = course.rows(GRADES)

    notebooks("hostile")
    _follow_links(browser)

    assert "one link" in _one(browser, "body").text
    assert _traces(browser) == [None, False]
    assert course.rows(GRADES) == before


def test_feedback_page_shows_points_and_a_comment_of_manual_grading(browser, notebooks, pages):
    notebooks("hostile")
    comment = _one(browser, "#solution-loss_fn-comment")
    comment.send_keys("Return the error, do not raise it.")
    browser.execute_script("arguments[0].blur()", comment)
    _wait(browser, lambda: not browser.execute_script("return jQuery.active"))

    pages("hostile")

    assert "loss_fn 0 of 2" in _one(browser, ".summary").text
    assert "Return the error, do not raise it." in _one(browser, "body").text


def test_feedback_page_says_what_is_not_graded(browser, pages):
    pages("unreadable")

    assert "not graded yet, of 20 points" in _one(browser, ".total").text


def test_feedback_page_runs_nothing_of_a_student(browser, pages):
    pages("hostile")
    _follow_links(browser)

    assert "one link" in _one(browser, "body").text
    assert _traces(browser) == [None, False]


def test_hostile_text_would_run_as_it_is(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(HOSTILE_TEXT, "utf-8")

    browser.get(page.as_uri())

    assert _traces(browser) == [1, True]
