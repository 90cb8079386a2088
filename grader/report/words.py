"""The signs and the words of a report, the same wherever a person reads one."""

from __future__ import annotations

import re

from grader.outcomes import Counterexample, Diagnosis, How, Status

__all__ = ["MARKS", "WORDS", "call_in_lines", "counted", "few_words", "shortened"]

MARKS = {
    Status.PASSED: "✓",
    Status.FAILED: "✗",
    Status.CRASHED: "!",
    Status.TIMED_OUT: "t",
    Status.NOT_ATTEMPTED: "-",
    Status.BROKEN: "?",
    Status.WITHHELD: "~",
}
WORDS = {
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.CRASHED: "crashed",
    Status.TIMED_OUT: "timed out",
    Status.NOT_ATTEMPTED: "not attempted",
    Status.BROKEN: "broken (our fault)",
    Status.WITHHELD: "withheld",
}
_FEW = 72
_SENTENCE = re.compile(r"(.+?)(?:[.!?](?=\s|$)|$)")
_CAME = {How.RETURNED: "it returned ", How.RAISED: "it raised   ", How.CHANGED: "afterwards  "}


def call_in_lines(shown: Counterexample) -> str:
    """Return a small call that goes wrong as three lines: the call, what came of it, what should have."""
    return f"you called   {shown.call}\n{_CAME[shown.how]} {shown.returned}\nexpected     {shown.expected}"


def counted(number: int, noun: str) -> str:
    """Return a number and what there is so many of, which takes an s where it is not one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def few_words(found: Diagnosis) -> str:
    """Return a diagnosis in one short line, as a row of a table has room for: its title, else its first sentence."""
    return shortened(found.title or found.text)


def shortened(text: str) -> str:
    """Return the first sentence of a text's first line, without its full stop, cut after a word where it is long."""
    line = " ".join(text.strip().partition("\n")[0].split())
    sentence = _SENTENCE.match(line)
    line = sentence[1] if sentence else line
    if len(line) <= _FEW:
        return line
    kept = line[:_FEW].rpartition(" ")[0].rstrip(" ,:;(") or line[: _FEW - 1]
    return f"{kept} \u2026"
