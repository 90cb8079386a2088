"""The sign and the words for each status, the same wherever a person reads one."""

from __future__ import annotations

from grader.outcomes import Status

__all__ = ["MARKS", "WORDS"]

MARKS = {
    Status.PASSED: "✓",
    Status.FAILED: "✗",
    Status.CRASHED: "!",
    Status.TIMED_OUT: "t",
    Status.NOT_ATTEMPTED: "-",
    Status.BROKEN: "?",
}
WORDS = {
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.CRASHED: "crashed",
    Status.TIMED_OUT: "timed out",
    Status.NOT_ATTEMPTED: "not attempted",
    Status.BROKEN: "broken (our fault)",
}
