"""Every `grader ...` that README and docs/ show is one that the command line takes: no renamed option stays there."""

import re
import shlex

import click
import pytest
from markdown_it import MarkdownIt

from docs.making.website import ROOT
from grader.commands.cli import root

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SHOWN = re.compile(r"^(?:\$ )?((?:python -m )?grader [a-z].*)$")
IN_TEXT = re.compile(r"^grader [a-z]")


def commands(text):
    """Return the commands of a page: of its blocks whole lines, of its text the names and options."""
    lines, mentioned = [], []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type in {"fence", "code_block"}:
            joined = token.content.replace("\\\n", " ")
            lines += [found[1] for line in joined.splitlines() if (found := SHOWN.match(line.strip()))]
        inline = [child.content for child in token.children or () if child.type == "code_inline"]
        mentioned += [code for code in inline if IN_TEXT.match(code)]
    return lines, mentioned


def command_of(words):
    """Return the command that words begin with, and what is left of them."""
    command, left = root, list(words)
    while isinstance(command, click.Group) and left:
        found = command.get_command(click.Context(command), left[0])
        if found is None:
            raise click.UsageError(f"no command {left[0]!r}")
        command, left = found, left[1:]
    return command, left


def parse(line):
    """Let the command line read a line as it stands, without running it."""
    words = shlex.split(line, comments=True)
    for mark in (">", "|", "&&", "2>&1"):
        words = words[: words.index(mark)] if mark in words else words
    command, left = command_of(words[words.index("grader") + 1 :])
    command.make_context(command.name, left)


def check_options(mentioned):
    """Refuse an option in the text that its command does not have: a text leaves out what a line needs."""
    command, left = command_of(re.sub(r"[\[\]]", " ", mentioned).split()[1:])
    have = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    wrong = {word.partition("=")[0] for word in left if word.startswith("-")} - have - {"--help", "-h"}
    if wrong:
        raise click.UsageError(f"no option {', '.join(sorted(wrong))}")


@pytest.fixture(autouse=True)
def no_file_is_needed(monkeypatch):
    """The files that the docs name are anybody's."""
    monkeypatch.setattr(click.Path, "convert", lambda _self, value, _parameter, _context: value)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_commands_of_a_page_are_what_the_command_line_takes(page):
    lines, mentioned = commands(page.read_text("utf-8"))
    refused = []

    for check, shown in ((parse, lines), (check_options, mentioned)):
        for command in shown:
            try:
                check(command)
            except click.ClickException as error:
                refused.append(f"{command}: {error.format_message()}")

    assert refused == []


def test_commands_are_found_in_blocks_and_in_the_text():
    text = (
        "`grader a --b` and `graders`\n\n    $ grader c \\\n      --d\n    made by grader\n\n```\ngrader e # f\n```\n"
    )

    assert commands(text) == (["grader c    --d", "grader e # f"], ["grader a --b"])


@pytest.mark.parametrize(
    "line",
    [
        "grader grate class/",
        "grader grade class/ --adience staff",
        "grader grade class/ --audience everybody",
        "grader show results/",
        "grader nbgrader initiate course",
    ],
)
def test_a_line_that_the_command_line_refuses_is_found(line):
    with pytest.raises(click.UsageError):
        parse(line)


def test_an_option_in_the_text_that_is_gone_is_found():
    with pytest.raises(click.UsageError, match="no option --adience"):
        check_options("grader grade [CLASS] [--adience NAME] --out DIR")


def test_the_pages_show_more_than_a_few_commands():
    found = [commands(page.read_text("utf-8")) for page in PAGES]

    assert sum(len(lines) for lines, _ in found) > 50
    assert sum(len(mentioned) for _, mentioned in found) > 100
