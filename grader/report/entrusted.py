"""What is entrusted to a service that itself keeps back what is withheld from a student, such as Gradescope.

No format but that of such a service takes it: to any other reader goes a `View`, in which nothing withheld is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.report.fingerprint import fingerprint
from grader.report.report import Audience, Report
from grader.report.view import SubmissionView, view_submission

__all__ = ["Entrusted", "EntrustedSubmission", "entrust"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrustedSubmission:
    """One submission as though nothing were withheld, whether it is, and the fingerprint of what its student reads."""

    whole: SubmissionView
    withheld: bool
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrusted:
    """A graded class with its true scores; every text is one that this audience may read, sooner or later."""

    audience: Audience
    submissions: tuple[EntrustedSubmission, ...]


def entrust(report: Report, audience: Audience) -> Entrusted:
    """Return what this audience may read of a report, now or when the service shows it."""
    return Entrusted(
        audience=audience,
        submissions=tuple(
            EntrustedSubmission(
                whole=view_submission(replace(item, withheld=False), report.feedback, audience),
                withheld=item.withheld,
                fingerprint=fingerprint(item, report.feedback),
            )
            for item in report.submissions
        ),
    )
