"""Folders of results for tests of a class's page: of any submissions, and of 300, hostile ones among them."""

from dataclasses import replace

from reports import make_check, make_exercise, make_report, make_submission, unreadable

from grader.commands.out_folder import OutFolder
from grader.outcomes import Counterexample, Diagnosis, How, Status
from grader.report.report import Audience, SubmissionStatus
from grader.report.view import view

FORGERY = "window.forged = 1"
HOSTILE = f"</pre></script><script>{FORGERY}</script><img src=x onerror='{FORGERY}'>{{{{ 7 * 7 }}}}"
HOSTILE_NAMES = (
    HOSTILE,
    f'"><svg onload="{FORGERY}">',
    f"javascript:{FORGERY}",
    "=HYPERLINK(1)",
    "A" * 300,
    "עדה לאבלייס",
    "100%25 #1?x=/..",
    "-",
)
MADE_OF = {"suite": "0123", "reference": "4567", "torch": "2.13.0"}


def write_results(folder, *submissions, audience=Audience.STAFF, made_of=MADE_OF):
    """Fill a folder as `grader grade --out` does."""
    seen = view(replace(make_report(*submissions), made_of=made_of), audience)
    out = OutFolder(folder, [item.submission for item in seen.submissions])
    for number, item in enumerate(seen.submissions):
        out.add(number, replace(seen, submissions=(item,)))
    out.finish()
    out.close()


def right_one(name, **changes):
    """Return a submission with two exercises, both of them right."""
    exercises = [
        make_exercise(
            make_check(check=f"test_{exercise}", title=f"{exercise} on values", status=Status.PASSED, score=2.0),
            exercise=exercise,
            status=Status.PASSED,
            score=2.0,
            diagnosis=(),
        )
        for exercise in ("f", "g")
    ]
    return make_submission(*exercises, submission=f"{name}.py", student=name, score=4.0, max_score=4.0, **changes)


def wrong_one(name, *, code="def f(x):\n    return 3 * x", said="You triple it. Double it.", title="triples"):
    """Return a submission whose first exercise is wrong."""
    right = right_one(name)
    wrong = make_exercise(
        make_check(check="test_f", title="f on values", score=0.0),
        exercise="f",
        code=code,
        diagnosis=(Diagnosis(misconception="M1", text=said, title=title),),
        counterexample=Counterexample(call="f(2.)", how=How.RETURNED, returned="6.", expected="4."),
    )
    return replace(right, exercises=(wrong, right.exercises[1]), score=2.0, notes=())


def untouched_one(name):
    """Return a submission that is as it was handed out."""
    stubs = tuple(
        replace(
            one,
            status=Status.NOT_ATTEMPTED,
            score=0.0,
            checks=tuple(replace(check, status=Status.NOT_ATTEMPTED, score=0.0) for check in one.checks),
        )
        for one in right_one(name).exercises
    )
    return replace(right_one(name), exercises=stubs, score=0.0)


def hostile_one(name):
    """Return a submission with a script in whatever its student may have written."""
    return replace(wrong_one(name, code=HOSTILE, said=HOSTILE, title=HOSTILE), notes=(HOSTILE,))


def class_of_300():
    """Return a class of 300 in which a quarter is wrong, one is not touched, one not readable, and some are hostile."""
    items = [hostile_one(name) for name in HOSTILE_NAMES]
    items += [replace(right_one("Ada Lovelace"), submission=f"{place}/f.py") for place in ("a", "b")]
    items += [untouched_one("Zoë Null"), replace(unreadable("none.py"), student="Ünal"), ungraded("Broken")]
    others = range(300 - len(items))
    return items + [(right_one if number % 4 else wrong_one)(f"Student {number}") for number in others]


def ungraded(name):
    """Return a submission that broke on our side."""
    return replace(right_one(name), status=SubmissionStatus.BROKEN, score=None, exercises=())
