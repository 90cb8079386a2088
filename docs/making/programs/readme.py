"""What README shows of today: a run at work, and what a lesson's picture says."""

import html
import re
import shutil
import sys
import tempfile
from pathlib import Path

from rich.text import Text

from docs.making.programs.terminal import printed
from docs.making.reference import ROOT

__all__ = ["README", "current", "sample"]

README = ROOT / "README.md"
_SHOWN = re.compile(r"!\[[^\]]*\]\((assignments/\w+/pictures/\w+\.svg)\)")
_PLACE = re.compile(r"(<!-- The sample is made by `make pictures`. -->\n\n)(?:(?:    .*)?\n)+(?=\S)")


def sample() -> str:
    """Return what `python -m _course` says of a file with one fault and one exercise left, indented as code."""
    name = "gradient_descent"
    text = (ROOT / "solutions" / name / f"{name}.py").read_text("utf-8")
    text = re.sub(r"(in_w = .*)\.sum\(\)", r"\1.mean()", text)
    before, _, loop = text.partition("def training_loop")
    loop = re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", "raise NotImplementedError", loop, flags=re.DOTALL)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / name
        shutil.copytree(ROOT / "assignments" / name, place)
        (place / f"{name}.py").write_text(f"{before}def training_loop{loop}", "utf-8")
        said = Text.from_ansi(printed(sys.executable, "-m", "_course", folder=place, columns=90)).plain
    lines = [line.rstrip() for line in said.strip("\n").split("\n")]
    return "".join(f"    {line}".rstrip() + "\n" for line in lines)


def current(readme: str) -> str:
    """Return README with the sample of today, and with the description of each lesson's picture that it shows."""
    readme, text = _SHOWN.sub(_described, readme), sample()
    return _PLACE.sub(lambda found: f"{found[1]}{text}\n", readme, count=1)


def _described(found: re.Match[str]) -> str:
    picture = (ROOT / found[1]).read_text("utf-8")
    said = re.search(r"<desc[^>]*>(.*?)</desc>", picture, re.DOTALL)
    return f"![{html.unescape(said[1]) if said else ''}]({found[1]})"
