"""The points of a cell in the gradebook, made of the points of its exercise."""

from __future__ import annotations

from grader.report.report import SubmissionReport, SubmissionStatus

__all__ = ["cell_points"]


def cell_points(score: float | None, of: float, maximum: float, report: SubmissionReport) -> float | None:
    """Return the points as the gradebook counts them: the exercise's own, unless its author gave the cell others."""
    if score is None or report.status is not SubmissionStatus.GRADED:
        return None
    points = score if of == maximum else round(score * maximum / of, 2)
    return min(max(points, 0.0), float(maximum))
