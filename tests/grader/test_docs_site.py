"""The docs hang together: each page is in the navigation, each link leads somewhere, and the site is built strictly."""

import importlib.util
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from docs.making import website
from docs.making.website import ROOT

PAGES = [
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").rglob("*.md"))),
    *website.outside_pages(),
]
MARKDOWN = MarkdownIt("commonmark").enable("table")


class _Settings(yaml.SafeLoader):
    """mkdocs.yml, but for what it has the site's builder call."""


_Settings.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)


def navigation():
    """Return the navigation in mkdocs.yml, with what is put in when the site is built."""
    return website.filled(yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader=_Settings)["nav"])


def pages_in(entries):
    """Return the pages of a part of the navigation."""
    values = [value for entry in entries for value in (entry.values() if isinstance(entry, dict) else [entry])]
    return [page for value in values for page in (pages_in(value) if isinstance(value, list) else [value])]


def anchors(text):
    """Return the anchors that a forge gives to the headings of a page."""
    tokens, found = MARKDOWN.parse(text), []
    for opening, inside in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            said = "".join(child.content for child in inside.children)
            plain = re.sub(r"[^\w\- ]", "", said.lower()).replace(" ", "-")
            found.append(plain if plain not in found else f"{plain}-{found.count(plain)}")
    return found


def links(text):
    """Return where the links and pictures of a page lead, code left out."""
    children = [child for token in MARKDOWN.parse(text) for child in token.children or ()]
    return [str(child.attrs[name]) for child in children for name in ("href", "src") if name in child.attrs]


def read(name):
    """Return the text of a file, nothing of a folder, and None where there is neither."""
    path = ROOT / name
    if path.suffix == ".md" and path.is_file():
        return path.read_text("utf-8")
    return "" if path.exists() else None


def broken_links(text, page):
    """Return the links of a page that lead to no file, or to no heading of it."""
    wrong = []
    for link in links(text):
        fragment = link.partition("#")[2]
        target = page if link.startswith("#") else website.target_of(link, page)
        if target is None:
            wrong += [] if link.startswith(("https://", "http://", "mailto:")) else [link]
            continue
        there = text if target == page else read(target)
        if there is None or (fragment and fragment not in anchors(there)):
            wrong.append(link)
    return wrong


def test_every_page_is_in_the_navigation_once():
    pages = [website.in_site(page) for page in PAGES]

    assert sorted(pages_in(navigation())) == sorted([*pages, website.DECISIONS])


def test_each_reader_has_a_path():
    titles = [title for entry in navigation() for title in entry]

    assert titles[2:] == ["Student", "Instructor", "CI", "Author", "Contributor", "Security"]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page):
    assert broken_links((ROOT / page).read_text("utf-8"), page) == []


def test_a_link_that_leads_nowhere_is_found():
    text = "# A b\n[1](grading.md) [2](nothing.md) [3](grading.md#no-such) [4](#a-b) [5](#b) [6](/grading.md) `](x.md)`"

    assert broken_links(text, "docs/page.md") == ["nothing.md", "grading.md#no-such", "#b", "/grading.md"]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("README.md", "overview.md"),
        ("docs/grading.md", "grading.md"),
        ("docs/decisions", website.DECISIONS),
        ("docs/pictures/class.png", "pictures/class.png"),
        ("assignments/gradient_descent/pictures/a.svg", "assignments/gradient_descent/pictures/a.svg"),
        ("tests/house.py", "files/tests/house.py.md"),
        ("docs/Containerfile", "files/docs/Containerfile.md"),
    ],
)
def test_file_of_the_repository_has_its_place_in_the_site(name, uri):
    assert website.in_site(name) == uri


# --- the site itself -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if importlib.util.find_spec("material") is None:
        end = pytest.fail if os.environ.get("CHAINRULE_SKIP_NOTHING") == "1" else pytest.skip
        end("not installed: mkdocs-material; `make docs` installs it")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def shown(site, page):
    """Return the article of a page of the site."""
    path = Path(website.in_site(page)).with_suffix(".html")
    html = (site / (path.with_name("index.html") if path.stem == "README" else path)).read_text("utf-8")
    return html[html.index("<article") : html.index("</article")]


def test_site_asks_nobody_else(site):
    pages = sorted(site.rglob("*.html"))
    asking = re.compile(
        r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"?(?:https?:)?//|<link\b[^>]*\bhref=\"?(?:https?:)?//"
    )

    assert len(pages) > len(PAGES)
    assert [path.name for path in pages if asking.search(path.read_text("utf-8"))] == []
    assert (site / "search" / "search_index.js").stat().st_size > 100_000
    assert "assets/iframe-worker.js" in (site / "index.html").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_site_shows_what_the_forge_shows(site, page):
    """Two readers of Markdown: the site's takes a list right below a paragraph for a part of it."""
    here, there = shown(site, page), MARKDOWN.render((ROOT / page).read_text("utf-8"))
    parts = ("h2", "h3", "li", "pre", "tr", "img")

    def counted(html):
        return {part: len(re.findall(rf"<{part}[ >]", html)) for part in parts}

    assert counted(here) == counted(there)


def test_nothing_private_is_in_the_site(site):
    names = {path.relative_to(site).as_posix() for path in site.rglob("*")}

    assert [name for name in sorted(names) if "solutions" in name or "tests/hidden" in name or "making" in name] == []
