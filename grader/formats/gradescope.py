"""Write a graded submission as Gradescope's results.json.

Each check is a test. Where feedback is withheld from the student, tests of hidden checks are for the staff until
the grades are published, and Gradescope keeps the student's total back as long; the score counts all the same.
What tells of hidden checks goes with them: explanations, and the points of visible checks, which hang on hidden ones.
A pure function. Source: "Autograder specifications" in Gradescope's documentation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from grader.answers.characters import in_characters
from grader.errors import UsageError
from grader.formats.forms import Visibility
from grader.outcomes import Status
from grader.report.entrusted import Entrusted, EntrustedSubmission
from grader.report.report import Audience, SubmissionStatus
from grader.report.view import CheckView, ExerciseView, SubmissionView

__all__ = ["BEFORE_GRADES", "to_gradescope"]


BEFORE_GRADES = (Visibility.VISIBLE, Visibility.AFTER_DUE_DATE)
"""With these a student may read of hidden checks before the grades are published: who may hand in late does."""


def to_gradescope(entrusted: Entrusted, *, hidden: Visibility = Visibility.VISIBLE) -> str:
    """Return results.json of the one submission; `hidden` is the visibility of hidden checks.

    For the student every text is what a student may read, and of a hidden check what `feedback` in assignment.toml
    allows. What is for the staff is hidden as a whole: Gradescope would show it to the student.
    Raises UsageError unless there is one submission, and it has a score: no score is better than a wrong one.
    """
    if len(entrusted.submissions) != 1:
        raise UsageError(f"results.json is of one submission, and there are {len(entrusted.submissions)}")
    (item,) = entrusted.submissions
    whole = item.whole
    unreadable = whole.status is SubmissionStatus.UNREADABLE
    if whole.score is None and not unreadable:
        raise UsageError(f"{whole.submission} was not graded: {'; '.join((*whole.notes, *_broken(whole)))}")
    shown = _shown(item, entrusted.audience, hidden)
    document = _unreadable(whole, shown) if unreadable else _results(item, shown)
    return json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """When Gradescope shows the whole with its visible checks, and when its hidden ones.

    `told` says whether the student reads of hidden checks before the grades are published, for the run after this.
    """

    whole: Visibility
    hidden: Visibility
    told: bool

    @property
    def at_once(self) -> bool:
        """Say whether hidden checks are shown with the rest, so that nothing need be kept apart."""
        return self.hidden is self.whole


def _shown(item: EntrustedSubmission, audience: Audience, hidden: Visibility) -> _Shown:
    if audience is Audience.STAFF:
        return _Shown(whole=Visibility.HIDDEN, hidden=Visibility.HIDDEN, told=False)
    early = hidden in BEFORE_GRADES
    later = Visibility.AFTER_PUBLISHED if item.withheld and early else hidden
    return _Shown(whole=Visibility.VISIBLE, hidden=later, told=not item.withheld and early)


def _results(item: EntrustedSubmission, shown: _Shown) -> dict[str, object]:
    whole = item.whole
    lines = (
        [f"{exercise.exercise}: {whole.tongue(_points(exercise))}" for exercise in whole.exercises]
        if shown.at_once
        else []
    )
    notes = whole.notes if shown.at_once else whole.of_file  # what examples tell is told as hidden checks are
    return {
        "score": whole.score,
        "output": "\n".join([*lines, *(whole.tongue(f"note: {text}") for text in notes)]),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": shown.whole,
        "stdout_visibility": Visibility.HIDDEN,
        "tests": [_test(check, exercise, shown) for exercise in whole.exercises for check in exercise.checks],
        "extra_data": {"grader": {"fingerprint": item.fingerprint, "told": shown.told}},
    }


def _unreadable(item: SubmissionView, shown: _Shown) -> dict[str, object]:
    """Return what a student can mend: 0 points for what can't be read, and the reason."""
    return {
        "score": 0,
        "output": item.tongue("This could not be read, so nothing is graded: {text}").format(
            text="; ".join(item.notes)
        ),
        "output_format": "text",
        "visibility": shown.whole,
        "stdout_visibility": Visibility.HIDDEN,
        "tests": [],
        "extra_data": {"grader": {"told": False}},
    }


def _broken(item: SubmissionView) -> list[str]:
    checks = [check for exercise in item.exercises for check in exercise.checks]
    return [f"{check.check} is broken" for check in checks if check.status is Status.BROKEN]


def _test(check: CheckView, exercise: ExerciseView, shown: _Shown) -> dict[str, object]:
    text = check.feedback
    failing = [one for one in exercise.checks if one.status is not Status.PASSED and (shown.at_once or not one.visible)]
    if failing and check is failing[0]:  # what is said of the exercise stands at the first check that fails
        said = exercise.explanation
        hint = exercise.tongue(f"hint: {said.hint}") if said.hint else ""
        picture = in_characters(said.picture, tongue=exercise.tongue) if said.picture else ""
        text = "\n\n".join(part for part in (*said.diagnosis, said.counterexample, picture, text, hint) if part)
    points = {"score": check.score, "max_score": check.max_score} if shown.at_once or not check.visible else {}
    return {
        "name": f"{exercise.exercise}: {check.title}",
        **points,
        "status": "passed" if check.status is Status.PASSED else "failed",
        "output": text,
        "visibility": shown.whole if check.visible else shown.hidden,
        "tags": [exercise.exercise, check.kind.value],
    }


def _points(exercise: ExerciseView) -> str:
    return f"{'?' if exercise.score is None else f'{exercise.score:g}'} of {exercise.max_score:g}"
