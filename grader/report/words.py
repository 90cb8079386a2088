"""The signs and the words of a report, the same wherever a person reads one."""

from __future__ import annotations

from grader.outcomes import Counterexample, How, Status

__all__ = ["MARKS", "WORDS", "call_in_lines"]

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
_CAME = {How.RETURNED: "it returned ", How.RAISED: "it raised   ", How.CHANGED: "afterwards  "}


def call_in_lines(shown: Counterexample) -> str:
    """Return a small call that goes wrong as three lines: the call, what came of it, what should have."""
    return f"you called   {shown.call}\n{_CAME[shown.how]} {shown.returned}\nexpected     {shown.expected}"
