"""Say a view in another language: what stands in it in English, by the catalogues of the grader and of the course.

Reports, results that are kept and fingerprints are English always; this is the last step before a format, and only
students read what it makes. What is compared (statuses, kinds, names, numbers, code) stays as it is.
"""

from __future__ import annotations

from dataclasses import replace

from grader.languages.tongue import ENGLISH, Tongue
from grader.outcomes import Counterexample
from grader.report.entrusted import Entrusted
from grader.report.view import CheckView, ExerciseView, SubmissionView, View

__all__ = ["entrusted_in_language", "in_language", "submission_in_language"]


def in_language(seen: View, tongue: Tongue) -> View:
    """Return a view as it reads in this language; formats say their own words by its `tongue`."""
    if tongue is ENGLISH:
        return seen
    submissions = tuple(submission_in_language(item, tongue) for item in seen.submissions)
    return replace(seen, submissions=submissions, tongue=tongue)


def entrusted_in_language(entrusted: Entrusted, tongue: Tongue) -> Entrusted:
    """Return what is entrusted to a service as it reads in this language."""
    submissions = tuple(
        replace(item, whole=submission_in_language(item.whole, tongue)) for item in entrusted.submissions
    )
    return replace(entrusted, submissions=submissions)


def submission_in_language(item: SubmissionView, tongue: Tongue) -> SubmissionView:
    """Return one submission as it reads in this language."""
    return replace(
        item,
        of_file=tuple(map(tongue, item.of_file)),
        examples=tuple(map(tongue, item.examples)),
        exercises=tuple(_exercise(exercise, tongue) for exercise in item.exercises),
        tongue=tongue,
    )


def _exercise(item: ExerciseView, tongue: Tongue) -> ExerciseView:
    return replace(
        item,
        title=tongue(item.title),
        hint=tongue(item.hint),
        diagnosis=tuple(replace(found, title=tongue(found.title), text=tongue(found.text)) for found in item.diagnosis),
        counterexample=_counterexample(item.counterexample, tongue) if item.counterexample else None,
        picture=item.picture.told(tongue) if item.picture else None,
        checks=tuple(_check(check, tongue) for check in item.checks),
        tongue=tongue,
    )


def _check(item: CheckView, tongue: Tongue) -> CheckView:
    return replace(item, title=tongue(item.title), feedback=tongue(item.feedback), told=tongue(item.told))


def _counterexample(shown: Counterexample, tongue: Tongue) -> Counterexample:
    return replace(shown, call=tongue(shown.call), returned=tongue(shown.returned))
