"""Reports made by hand, with marks in every text that not everyone may read."""

from dataclasses import replace

from hypothesis import strategies as st

from grader.course.assignment import FeedbackLevel
from grader.outcomes import Diagnosis, Kind, Status
from grader.report.report import CheckReport, ExerciseReport, Report, Seconds, SubmissionReport, SubmissionStatus

EVIDENCE, SUMMARY, DIAGNOSIS = "EVIDENCE-with-scored-inputs", "SUMMARY-of-the-fault", "DIAGNOSIS-of-the-fault"
TITLE, HINT, NOTE = "TITLE-of-the-check", "HINT-of-the-exercise", "NOTE-on-the-file"

any_text = st.text(st.characters(), max_size=60)


def make_check(**changes):
    fields = {
        "check": "test_f",
        "title": TITLE,
        "kind": Kind.VALUE,
        "visible": False,
        "status": Status.FAILED,
        "score": 0.0,
        "max_score": 2.0,
        "told": SUMMARY,
        "summary": SUMMARY,
        "text": EVIDENCE,
    }
    return CheckReport(**(fields | changes))


def make_exercise(*checks, **changes):
    fields = {
        "exercise": "f",
        "title": "The function",
        "hint": HINT,
        "status": Status.FAILED,
        "score": 0.0,
        "max_score": 2.0,
        "follow_through": False,
        "diagnosis": (Diagnosis(misconception="m", text=DIAGNOSIS),),
        "checks": checks or (make_check(status=changes.get("status", Status.FAILED)),),
    }
    return ExerciseReport(**(fields | changes))


def make_submission(*exercises, **changes):
    fields = {
        "submission": "class/gradient_descent_ada.py",
        "sha256": "ab" * 32,
        "status": SubmissionStatus.GRADED,
        "score": 0.0,
        "max_score": 2.0,
        "notes": (NOTE,),
        "seconds": Seconds(total=0.9, student=0.8),
        "exercises": exercises or (make_exercise(),),
    }
    return SubmissionReport(**(fields | changes))


def make_report(*submissions, level="hint"):
    return Report(
        assignment="gradient_descent",
        sandbox="landlock",
        feedback=FeedbackLevel(level),
        submissions=submissions or (make_submission(),),
    )


def unreadable(name="gradient_descent_bob.py"):
    item = make_submission(
        submission=name, sha256=None, status=SubmissionStatus.UNREADABLE, score=None, notes=("it is empty",)
    )
    return replace(item, exercises=())
