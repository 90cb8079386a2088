"""Tell again what was graded of one submission, to those for whom it was written, or to its student."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from grader.classes.results import read_result
from grader.errors import UsageError
from grader.report.report import Audience
from grader.report.view import View, for_student

__all__ = ["retold"]


def retold(path: Path, audience: Audience | None) -> View:
    """Return the view of a result for an audience, without one as it was written.

    Raises UsageError where the file can't be read, or does not hold what this audience may read.
    """
    try:
        seen = read_result(path)
    except ValueError as error:
        raise UsageError(f"{path}: {error}; grade it again") from error
    if audience is None or audience is seen.audience:
        return seen
    (item,) = seen.submissions
    if audience is Audience.STAFF:
        raise UsageError(f"{path}: it was written for its student, and holds no more; grade with --audience staff")
    if item.withheld:
        raise UsageError(f"{path}: this feedback is withheld from its student; --audience staff shows it to you")
    if seen.feedback is None:
        raise UsageError(f"{path}: it does not say what students may read of it; grade it again")
    return replace(seen, audience=audience, feedback=None, submissions=(for_student(item, seen.feedback),))
