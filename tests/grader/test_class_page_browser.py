"""The page of a class of 300 in a real browser: sorted, searched, by keyboard, in both schemes, narrow, and printed."""

import base64
import re
import time
from pathlib import Path

import pytest
from browsing import need
from class_pages import class_of_300, write_results

from docs.making.programs.browser import browser
from grader.commands.reporting import write_report

SECONDS = 30  # for one thing to happen; far more than an idle machine needs
SCHEMES = ("light", "dark")
NONE = "\u2013"  # what stands where there is no score


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A folder with the page of a class as one file, and with a page for each student beside another one."""
    need()
    folder = tmp_path_factory.mktemp("class")
    write_results(folder / "results", *class_of_300())
    write_report(folder / "results", folder / "one.html", students=False, course=None)
    write_report(folder / "results", folder / "many.html", students=True, course=None)
    return folder


@pytest.fixture(scope="module")
def driver(pages):
    with browser(1400) as found:
        yield found


class Opened:
    """A page in the browser, and what one does there."""

    def __init__(self, driver, path):
        self.driver, self.path = driver, path

    def open(self, *, width=1400, scheme="light", media="screen"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get("about:blank")
        self.driver.get(Path(self.path).as_uri())
        return self

    def run(self, script, *arguments):
        return self.driver.execute_script(f"return {script}", *arguments)

    def find(self, selector):
        return self.driver.find_element("css selector", selector)

    def column(self, number):
        """Return the texts of a column of the table of students, as they stand, of the rows that are shown."""
        rows = "[...document.querySelectorAll('#of-students tbody tr')].filter(row => !row.hidden)"
        return self.run(f"{rows}.map(row => row.cells[{number}].innerText.trim())")

    def press(self, *keys):
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()

    def wait(self, condition):
        end = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.fixture
def page(driver, pages):
    return Opened(driver, pages / "one.html").open()


def test_page_of_300_opens_without_an_error_and_loads_and_runs_nothing_of_anybody(page):
    assert page.run("performance.getEntriesByType('resource').length") == 0
    assert page.run("window.forged") is None
    assert len(page.column(0)) == 300
    assert [entry["message"] for entry in page.driver.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_click_sorts_by_score_and_another_one_the_other_way_with_those_without_one_last(page):
    page.find("#of-students th:nth-child(2) button").click()
    up = page.column(1)
    page.find("#of-students th:nth-child(2) button").click()
    down = page.column(1)

    assert up == ["0.00", *["2.00"] * up.count("2.00"), *["4.00"] * up.count("4.00"), NONE, NONE]
    assert down == [*reversed(up[:-2]), NONE, NONE]
    heads = page.run(
        "[...document.querySelectorAll('#of-students th[scope=col]')].map(c => c.getAttribute('aria-sort'))"
    )
    assert heads == ["none", "descending", "none", "none"]


def test_names_are_sorted_as_people_do(page):
    page.find("#of-students th:first-child button").click()

    found = [name for name in page.column(0) if re.fullmatch(r"Student \d+", name)]
    assert found == [f"Student {number}" for number in range(len(found))]


def test_search_finds_words_in_any_order_without_accents_and_escape_brings_everybody_back(page):
    field = page.find("#search")

    field.send_keys("NULL zoe")
    zoe = page.column(0), page.find("#shown").text
    field.clear()
    field.send_keys("triples student 4")
    triples = page.column(0)
    page.press("\ue00c")

    assert zoe == (["Zoë Null"], "1 of 300 shown")
    assert triples
    assert all(re.fullmatch(r"Student \d*4\d*", name) for name in triples)
    assert len(page.column(0)) == 300


def test_search_for_what_nobody_has_says_so(page):
    page.find("#search").send_keys("<script>nobody")

    assert page.column(0) == []
    assert page.find("#shown").text == "0 of 300 shown"
    assert page.find("#shown").get_attribute("role") == "status"


def test_everything_is_reached_by_keyboard(page):
    page.press("\ue004")
    first = page.run("document.activeElement.innerText")
    page.press("\ue007")
    stops = []
    while "score" not in stops and len(stops) < 40:
        page.press("\ue004")
        stops.append(page.run("document.activeElement.innerText || document.activeElement.id"))
    page.press("\ue007")

    assert first == "To the students"
    assert [stops[0], *stops[-2:]] == ["search", "name", "score"]  # between them the table itself, to scroll it
    assert page.run("document.activeElement.parentNode.getAttribute('aria-sort')") == "ascending"
    assert page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_name_leads_to_the_feedback_in_the_page(page):
    page.find("#search").send_keys("student 8 triples")
    page.find("#of-students tbody tr:not([hidden]) a").click()

    page.wait(lambda: page.run("document.querySelectorAll('details.feedback[open]').length") == 1)
    opened = page.find("details.feedback[open]")
    assert opened.find_element("css selector", "summary").text.startswith("Student 8")
    assert "You triple it." in opened.text
    assert page.run("document.activeElement.tagName") == "SUMMARY"


def test_name_leads_to_the_student_s_own_page_and_that_back(driver, pages):
    page = Opened(driver, pages / "many.html").open()

    page.find("#search").send_keys("100%25")
    page.find("#of-students tbody tr:not([hidden]) a").click()
    heading = page.find("h1").text
    page.find("nav a").click()

    assert heading == "100%25 #1?x=/..: 2.00 of 4 points"
    assert page.find("h1").text == "gradient_descent: 300 submissions"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_is_legible(page, scheme):
    page.open(scheme=scheme)

    found = page.run(CONTRASTS)

    assert (luminance(found["page"]) > 0.5) == (scheme == "light")
    for name, (text, ground) in found["texts"].items():
        bright, dark = sorted((luminance(text), luminance(ground)), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, name


CONTRASTS = """(() => {
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
  };
  const texts = {};
  for (const one of ["h1", "p", ".soft", "a", "code", "pre", ".box p", ".passed", ".failed", ".not_attempted", ".title",
                     ".timed_out", "th button", "td.n", "summary", "figcaption", "caption", "input"]) {
    for (const node of [...document.querySelectorAll(one)].slice(0, 20)) {
      texts[`${one} in ${ground(node)}`] = [getComputedStyle(node).color, ground(node)];
    }
  }
  return {page: getComputedStyle(document.body).backgroundColor, texts};
})()"""


def luminance(colour):
    """Return the relative luminance of a colour, as the guidelines for accessible pages define it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("width", [360, 800, 1400])
@pytest.mark.parametrize("name", ["one.html", "many.html"])
def test_page_is_never_wider_than_the_screen(driver, pages, width, name):
    page = Opened(driver, pages / name).open(width=width)
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    assert page.run("document.documentElement.scrollWidth") <= width


def test_on_a_phone_a_row_is_a_card_and_is_still_sorted(page):
    page.open(width=360)

    page.find("#of-students th:nth-child(2) button").click()

    assert page.column(1)[0] == "0.00"
    assert page.run("document.querySelector('#of-students').scrollWidth") <= 360


def test_print_is_light_shows_everybody_and_nothing_to_click(page):
    page.open(scheme="dark", media="print")
    hidden = page.run("[...document.querySelectorAll('nav, .search, .skip')].every((one) => !one.offsetParent)")

    printed = page.driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})

    assert hidden
    assert len(page.column(0)) == 300
    assert luminance(page.run("getComputedStyle(document.body).color")) < 0.1
    pages = len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed["data"])))
    assert 8 <= pages <= 40
