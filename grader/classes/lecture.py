"""What to say of a class in its lecture: a sentence on each common mistake, and one submission that shows it.

Pure functions of what an audience may see. An example is shown without its student's name: it may be projected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.classes.summary import ExerciseFigures, Mistake, Summary, hardest_exercises
from grader.report.view import ExerciseView, SubmissionView
from grader.report.words import call_in_lines

__all__ = ["Lesson", "lessons_of", "opening", "ratio"]

_RATIO = ((0.9, "nearly all"), (0.6, "more than half of those"), (0.4, "about half of those"))
_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One mistake of a class: a sentence for the lecture, `code` as one of them wrote it, and what that answers.

    Code and counterexample are "" where there is none. `attempted` is how many of the class worked at the exercise.
    """

    mistake: Mistake
    attempted: int
    sentence: str
    code: str
    counterexample: str


def lessons_of(submissions: Sequence[SubmissionView], summary: Summary) -> tuple[Lesson, ...]:
    """Return a lesson for each mistake of a class, the commonest first."""
    figures = {item.exercise: item for item in summary.exercises}
    by_name = {item.submission: item for item in submissions}
    return tuple(_lesson(mistake, by_name, figures[mistake.exercise]) for mistake in summary.mistakes)


def opening(summary: Summary) -> list[str]:
    """Return what to begin with: how the class did, what was hardest, and what most of them have wrong."""
    said = []
    number = len(summary.distribution.scores) if summary.distribution else 0
    if summary.distribution is not None:
        spread = summary.distribution
        whole = sum(score >= spread.max_score for score in spread.scores)
        right = f"{whole or 'Nobody'} of {number} {'has' if whole < 2 else 'have'} everything right"
        mean = f"the mean is {spread.mean:.1f} of {spread.max_score:g} points, the median {spread.median:.1f}"
        said.append(f"{right}; {mean}.")
    hardest = hardest_exercises(summary.exercises, 1)
    if hardest:
        (one,) = hardest
        said.append(f"The hardest exercise was `{one.exercise}`: {one.passed} of {one.number} have it right.")
    if summary.mistakes:
        most = summary.mistakes[0]
        said.append(f"The commonest mistake is in `{most.exercise}`, {most.count} of {number}: {most.words}")
    return said


def ratio(count: int, number: int) -> str:
    """Return a share as one says it: "about one in 4 who tried it"; a few are counted, and so is a small class."""
    if count <= _FEW or number < 2 * _FEW:
        return f"{count} of the {number} who tried it"
    share = count / number
    words = next((words for least, words in _RATIO if share >= least), "")
    return f"{words or f'about one in {round(1 / share)}'} who tried it"


def _lesson(mistake: Mistake, by_name: Mapping[str, SubmissionView], figures: ExerciseFigures) -> Lesson:
    cases = [_exercise_of(by_name[name], mistake.exercise) for name in mistake.submissions]
    shown = _example(cases)
    attempted = figures.number - figures.not_attempted
    text = next((found.text for found in shown.diagnosis if found.misconception == mistake.misconception), "")
    who = ratio(mistake.count, max(attempted, mistake.count))
    return Lesson(
        mistake=mistake,
        attempted=attempted,
        sentence=f"In `{mistake.exercise}`, {who}: {text or mistake.words}",
        code=shown.code,
        counterexample=call_in_lines(shown.counterexample) if shown.counterexample else "",
    )


def _exercise_of(item: SubmissionView, name: str) -> ExerciseView:
    return next(one for one in item.exercises if one.exercise == name)


def _example(cases: Iterable[ExerciseView]) -> ExerciseView:
    """Return the one that shows most in the fewest lines: with its code and a counterexample where there is one."""
    return min(cases, key=lambda one: (not one.code, one.counterexample is None, one.code.count("\n"), len(one.code)))
