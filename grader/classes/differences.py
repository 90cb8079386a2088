"""Compare two gradings of a class: whose grade is another one, by which check, and what has changed between them.

A pure function of results that were read; what is drawn or written of it is made in modules of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

from grader.classes.changes import (
    Change,
    CheckChange,
    Difference,
    Differences,
    ExerciseChange,
    Reason,
    Standing,
    change_of,
    is_close,
)
from grader.classes.results import ClassResults
from grader.errors import UsageError
from grader.report.view import CheckView, ExerciseView, SubmissionView

__all__ = ["differences"]

_SHOWN = 5  # of what can't be read
_Pair = tuple[SubmissionView | None, SubmissionView | None]


def differences(old: ClassResults, new: ClassResults, *, whole: bool = True) -> Differences:
    """Compare two gradings of a class; without `whole`, who is not in the new one is passed over.

    A submission is found again by its name, else by its student, else by the last part of its name, where only one
    of each side has it. Raises UsageError where they are of two assignments.
    """
    if old.view.assignment != new.view.assignment:
        raise UsageError(
            f"{old.folder} has results of {old.view.assignment}, and {new.folder} of {new.view.assignment}; "
            "name two gradings of one assignment"
        )
    sandboxes = (old.view.sandbox, new.view.sandbox)
    found = [_difference(before, now, old, new, sandboxes) for before, now in _pairs(old.submissions, new.submissions)]
    items = [item for item in found if whole or item.now is not None]
    remarks = [f"{one.folder}: passed over {text}" for one in (old, new) for text in _some(one.unread)]
    silent = [one.folder for one in (old, new) if any(not parts for parts in one.made_of.values())]
    remarks += [
        f"{folder} does not say what it was graded with, so that not all reasons are known" for folder in silent
    ]
    if old.view.audience is not new.view.audience:
        remarks.append(
            f"{old.folder} is as the {old.view.audience} may see it, and {new.folder} as the {new.view.audience}: "
            "what is withheld from students differs by that alone"
        )
    return Differences(
        assignment=new.view.assignment,
        old=str(old.folder),
        new=str(new.folder),
        items=tuple(sorted(items, key=lambda item: (item.submission, item.now is None))),
        remarks=tuple(remarks),
        silent=bool(silent),
    )


def _some(texts: Sequence[str]) -> list[str]:
    """Return the first texts, and how many more there are."""
    return [*texts[:_SHOWN], *([f"{len(texts) - _SHOWN} more"] if len(texts) > _SHOWN else [])]


def _pairs(old: Sequence[SubmissionView], new: Sequence[SubmissionView]) -> list[_Pair]:
    """Return each submission of either side with the one of the other that is the same one's."""
    keys: tuple[Callable[[SubmissionView], str | None], ...] = (
        lambda item: item.submission,
        lambda item: item.student,
        lambda item: PurePath(item.submission).name,
    )
    pairs: list[_Pair] = []
    left, right = list(old), list(new)
    for key in keys:
        known, others = _by(key, old, left), _by(key, new, right)
        both = known.keys() & others.keys()
        pairs += [(known[name], others[name]) for name in sorted(both)]
        left = [item for item in left if key(item) not in both]
        right = [item for item in right if key(item) not in both]
    return [*pairs, *((item, None) for item in left), *((None, item) for item in right)]


def _by(
    key: Callable[[SubmissionView], str | None], all_items: Sequence[SubmissionView], left: Sequence[SubmissionView]
) -> dict[str, SubmissionView]:
    """Return those that are left by their key, where no other one of all has it: it could be the other's grade."""
    times = Counter(key(item) for item in all_items)
    return {name: item for item in left if (name := key(item)) and times[name] == 1}


def _difference(
    before: SubmissionView | None,
    now: SubmissionView | None,
    old: ClassResults,
    new: ClassResults,
    sandboxes: tuple[str, str],
) -> Difference:
    shown = now or before
    assert shown is not None  # of a pair
    if before is None or now is None:
        return Difference(
            submission=shown.submission, student=shown.student, before=_standing(before), now=_standing(now)
        )
    parts = old.made_of.get(before.submission, {}), new.made_of.get(now.submission, {})
    return Difference(
        submission=shown.submission,
        student=shown.student,
        before=_standing(before),
        now=_standing(now),
        exercises=_exercises(before.exercises, now.exercises),
        reasons=(*_submission_reason(before, now), *_reasons(*parts), *_sandbox_reason(*sandboxes)),
    )


def _standing(item: SubmissionView | ExerciseView | CheckView | None) -> Standing | None:
    if item is None:
        return None
    return Standing(status=item.status.value, score=item.score, max_score=item.max_score)


def _exercises(old: Sequence[ExerciseView], new: Sequence[ExerciseView]) -> tuple[ExerciseChange, ...]:
    """Return the exercises that differ, those of now first; none where one side was not judged at all."""
    if not old or not new:
        return ()
    before, now = {item.exercise: item for item in old}, {item.exercise: item for item in new}
    found = []
    for name in dict.fromkeys([*now, *before]):
        was, is_ = before.get(name), now.get(name)
        checks = _checks(was.checks if was else (), is_.checks if is_ else ())
        same = change_of(_standing(was), _standing(is_)) is Change.SAME
        if same:  # what its checks cost is of no consequence
            checks = tuple(check for check in checks if check.otherwise)
        if checks or not same:
            found.append(ExerciseChange(exercise=name, before=_standing(was), now=_standing(is_), checks=checks))
    return tuple(found)


def _checks(old: Sequence[CheckView], new: Sequence[CheckView]) -> tuple[CheckChange, ...]:
    before, now = {item.check: item for item in old}, {item.check: item for item in new}
    titles = Counter(item.title for item in {**before, **now}.values())
    found = []
    for name in dict.fromkeys([*now, *before]):
        title = (now.get(name) or before[name]).title
        title = title if titles[title] == 1 else f"{title} ({name})"  # whoever may not read it reads one for all
        check = CheckChange(check=name, title=title, before=_standing(before.get(name)), now=_standing(now.get(name)))
        if check.otherwise or not is_close(check.gain, 0.0):
            found.append(check)
    return tuple(found)


def _submission_reason(before: SubmissionView, now: SubmissionView) -> tuple[Reason, ...]:
    """Say that the student's bytes are others, or that they may be: of some that were not judged there is no digest."""
    if before.sha256 == now.sha256:
        return ()
    return (Reason(what="submission", before=before.sha256, now=now.sha256),)


def _reasons(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Reason, ...]:
    if not old or not new:
        return ()
    names = dict.fromkeys([*old, *new])
    return tuple(
        Reason(what=name, before=old.get(name), now=new.get(name)) for name in names if old.get(name) != new.get(name)
    )


def _sandbox_reason(old: str, new: str) -> tuple[Reason, ...]:
    return (Reason(what="sandbox", before=old, now=new),) if old != new else ()
