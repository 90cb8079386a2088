"""What README shows of today: a failing test's message, and what a lesson's picture says."""

import html
import re
import shutil
import sys
import tempfile
from pathlib import Path

from pictures.docs.terminal import printed
from pictures.reference import ROOT

__all__ = ["README", "current", "sample"]

README = ROOT / "README.md"
_SHOWN = re.compile(r"!\[[^\]]*\]\((assignments/\w+/pictures/\w+\.svg)\)")
_PLACE = re.compile(r"(<!-- The sample is made by `make pictures`. -->\n\n)(?:    .*\n)+")


def sample() -> str:
    """Return the message of `pytest -m grad_fn`, indented as Markdown wants code."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "gradient_descent"
        shutil.copytree(ROOT / "assignments" / "gradient_descent", place)
        wrong = ROOT / "examples" / "class" / "gradient_descent" / "gradient_descent_dmitri.py"
        shutil.copy(wrong, place / "gradient_descent.py")
        command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no", "-m", "grad_fn")
        text = printed(*command, folder=place, columns=100)
    message = re.search(r"^_+ grad_fn _+\n(.*?)\n\n", text, re.DOTALL | re.MULTILINE)
    if message is None:
        raise ValueError(text)
    return "".join(f"    {line}\n" for line in message[1].split("\n"))


def current(readme: str) -> str:
    """Return README with the sample of today, and with the description of each lesson's picture that it shows."""
    readme, text = _SHOWN.sub(_described, readme), sample()
    return _PLACE.sub(lambda found: found[1] + text, readme, count=1)


def _described(found: re.Match[str]) -> str:
    picture = (ROOT / found[1]).read_text("utf-8")
    said = re.search(r"<desc[^>]*>(.*?)</desc>", picture, re.DOTALL)
    return f"![{html.unescape(said[1]) if said else ''}]({found[1]})"
