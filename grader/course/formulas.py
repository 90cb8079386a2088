r"""Formulas of a lesson: one source, plain text in the stub and mathematics in the notebook.

The mathematics stands right behind its plain form, or at the beginning of the next line:

    # The loss is `mean of (t_p[i] - t_c[i])^2`
    # $\frac{1}{N} \sum_i (t_{p,i} - t_{c,i})^2$.

The stub keeps what is between the backticks, and the notebook what is between the dollars. Knows nothing of cells.
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.errors import CourseError

__all__ = ["as_mathematics", "as_plain", "check_formulas"]

_PAIR = re.compile(r"(?P<plain>`[^`\n]+`)(?:\n#? *)?(?P<mathematics>\$(?P<formula>[^$\n]*)\$)")
_BELOW = re.compile(r"(?P<plain>`[^`\n]+`)(?P<start>\n#? *)\$[^$\n]*\$(?P<marks>[.,:;?)]*) *(?=(?P<more>[^\n]?))")
_TOKEN = re.compile(r"\\(?P<word>left|right)(?![a-z])|\\.|(?P<brace>[{}])")


def as_plain(text: str) -> str:
    """Return a text with the plain form of each formula alone; what follows on the next line stays there."""
    above = _BELOW.sub(lambda pair: pair["plain"] + pair["marks"] + (pair["start"] if pair["more"] else ""), text)
    return _PAIR.sub(lambda pair: pair["plain"], above)


def as_mathematics(text: str) -> str:
    """Return a text with the mathematics of each formula that has some."""
    return _PAIR.sub(lambda pair: pair["mathematics"], text)


def check_formulas(path: Path, first: int, text: str) -> None:
    """Raise CourseError unless every dollar belongs to a formula with a plain form, and each formula closes.

    `first` is the number of the file's line at which the text begins.
    """
    for pair in _PAIR.finditer(text):
        wrong = _wrong_in(pair["formula"])
        if wrong:
            line = first + text.count("\n", 0, pair.start("mathematics"))
            raise CourseError(f"{path}:{line}: {pair['mathematics']} {wrong}")
    # What belongs to no formula is still there when they are gone; the lines stay as many.
    rest = _PAIR.sub(lambda pair: "\n" * pair[0].count("\n"), text)
    stray = rest.find("$")
    if stray >= 0:
        line = first + rest.count("\n", 0, stray)
        raise CourseError(
            f"{path}:{line}: a $ that belongs to no formula; write `x^2`$x^2$, first the plain form, each on one line"
        )


def _wrong_in(formula: str) -> str:
    """Say what is wrong in the mathematics between two dollars, or nothing."""
    if not formula or formula != formula.strip():
        return "is empty, or begins or ends with a space; Markdown shows that as it stands"
    depth = open_brackets = 0
    for token in _TOKEN.finditer(formula):
        depth += {"{": 1, "}": -1}.get(token["brace"], 0)
        open_brackets += {"left": 1, "right": -1}.get(token["word"], 0)
        if depth < 0 or open_brackets < 0:
            break
    if depth:
        return "has a brace without its partner"
    return "has a \\left or \\right without its partner" if open_brackets else ""
