"""The words for how the grades of a class differ, the same on a terminal and in a table of a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.classes.changes import Change, CheckChange, Difference, Differences, Reason, Standing
from grader.outcomes import Status
from grader.report.report import SubmissionStatus
from grader.report.words import WORDS

__all__ = ["CHANGES", "UNKNOWN", "Cause", "causes", "name_of", "reason_words", "standing_words", "why"]

CHANGES = {
    Change.HIGHER: "higher",
    Change.LOWER: "lower",
    Change.STATUS: "of another status",
    Change.NEW: "new",
    Change.GONE: "no longer there",
    Change.CHECKS: "the same grade by other checks",
    Change.SAME: "the same",
}
UNKNOWN = "nothing that is known has changed: a time limit, or how busy the machine was, may have decided"
_NAMES = {
    "submission": "what was handed in",
    "suite": "the hidden suite",
    "settings": "assignment.toml",
    "reference": "the reference",
    "explanations": "what explains (catalogue, teaching examples, pictures)",
    "grader": "the grader",
    "python": "Python",
    "machine": "the machine",
    "sandbox": "the sandbox",
}
_DIGESTS = ("submission", "suite", "settings", "reference", "explanations", "machine")
_MAX_SHOWN = 40  # characters of a version


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that makes a grade another one, in a line, and how many points more it earns."""

    words: str
    points: float


def name_of(item: Difference) -> str:
    """Return the name of a submission without the folders that it lies in, and its student's where that says more."""
    name = item.submission.rstrip("/").rpartition("/")[2] or item.submission
    return name if item.student is None or item.student in name else f"{name} ({item.student})"


def standing_words(item: Standing | None, of: float | None = None) -> str:
    """Return the points, or in a word why there are none; with the maximum where that is not `of`."""
    if item is None:
        return "-"
    if item.score is None:
        return item.status
    return f"{item.score:g}" if item.max_score == of else f"{item.score:g}/{item.max_score:g}"


def causes(item: Difference) -> list[Cause]:
    """Return each check that ended otherwise, and each exercise whose points no check explains."""
    found = []
    for exercise in item.exercises:
        found += [
            Cause(words=f"{exercise.exercise}, {check.title}: {_turn(check)}", points=check.gain)
            for check in exercise.checks
        ]
        if not exercise.checks:
            words = f"{exercise.exercise}: {_from_to(exercise.before, exercise.now)}"
            found.append(Cause(words=words, points=_gain(exercise.before, exercise.now)))
    return found


def _turn(check: CheckChange) -> str:
    """Say what a check ended as before and now, with what it earned; of how much, where that is another now."""
    before, now = check.before, check.now
    if before is None or now is None:
        shown = before or now
        assert shown is not None  # a check of neither is no change
        return f"{'a new check' if before is None else 'no longer a check'}, {_ended(shown, None)}"
    if before.status == now.status:
        return f"{_word(now)}, {_from_to(before, now)}"
    of = before.max_score if before.max_score == now.max_score else None
    return f"{_ended(before, of)} → {_ended(now, of)}"


def _ended(item: Standing, of: float | None) -> str:
    return _word(item) if item.score is None else f"{_word(item)} {standing_words(item, of)}"


def _word(item: Standing) -> str:
    return WORDS[Status(item.status)]


def _from_to(before: Standing | None, now: Standing | None) -> str:
    of = now.max_score if before is not None and now is not None and before.max_score == now.max_score else None
    return f"{standing_words(before, of)} → {standing_words(now, of)}"


def _gain(before: Standing | None, now: Standing | None) -> float:
    before_score, now_score = (0.0 if one is None or one.score is None else one.score for one in (before, now))
    return now_score - before_score


def reason_words(reason: Reason) -> str:
    """Say what has changed, and from which version to which."""
    name = _NAMES.get(reason.what, reason.what)
    if reason.what == "submission" and None in (reason.before, reason.now):
        return f"perhaps {name}: one of the two could not be read"
    return f"{name} ({_short(reason, reason.before)} → {_short(reason, reason.now)})"


def why(item: Difference, whole: Differences, common: Sequence[Reason] = ()) -> str:
    """Say in a line why a grade may be another one, but for what is the same of all.

    "" where that says it, or where one of the two does not say what it was graded with.
    """
    if item.change in (Change.NEW, Change.GONE):
        return ""
    words = [
        _NAMES.get(reason.what, reason.what) if reason.what in _DIGESTS and reason.before else reason_words(reason)
        for reason in item.reasons
        if reason not in common
    ]
    if words or item.reasons:
        return ", ".join(words)
    if SubmissionStatus.WITHHELD in (getattr(item.before, "status", ""), getattr(item.now, "status", "")):
        return "its student is not told of hidden checks in one of the two"
    return "" if whole.silent else UNKNOWN


def _short(reason: Reason, text: str | None) -> str:
    if text is None:
        return "not known"
    if reason.what in _DIGESTS:
        return text[:8]
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}..."
