"""Write a view as JUnit XML: a suite for each submission, a case for each check.

The dialect that CI systems read: `testsuites`, `testsuite`, `testcase` with `failure`, `error` or `skipped`,
and properties for the points. A pure function of a view.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from grader.outcomes import Status
from grader.report.report import SubmissionStatus
from grader.report.view import CheckView, ExerciseView, SubmissionView, View
from grader.report.words import WORDS

__all__ = ["to_junit"]

# What XML 1.0 has no way to write, whatever `clean` lets through.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KIND = {Status.BROKEN: "error", Status.CRASHED: "error", Status.NOT_ATTEMPTED: "skipped"}


def to_junit(view: View) -> str:
    """Return the view as one XML document; what was not graded is a suite with one case in error."""
    root = ET.Element("testsuites", name=_text(view.assignment))
    for item in view.submissions:
        root.append(_suite(item, view))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(item: SubmissionView, view: View) -> ET.Element:
    suite = ET.Element("testsuite", name=_text(item.submission))
    if item.seconds is not None:
        suite.set("time", f"{item.seconds.total:.3f}")
    properties = ET.SubElement(suite, "properties")
    _property(properties, "status", item.status)
    _property(properties, "score", "" if item.score is None else f"{item.score:g}")
    _property(properties, "max_score", f"{item.max_score:g}")
    for exercise in item.exercises:
        score = "" if exercise.score is None else f"{exercise.score:g}"
        _property(properties, f"{exercise.exercise}.score", score)
        _property(properties, f"{exercise.exercise}.max_score", f"{exercise.max_score:g}")
    cases = [_case(check, exercise, view) for exercise in item.exercises for check in exercise.checks]
    if item.status is not SubmissionStatus.GRADED:
        case = ET.Element("testcase", classname=_text(view.assignment), name=item.status)
        tag = "skipped" if item.status is SubmissionStatus.WITHHELD else "error"
        ET.SubElement(case, tag, message=item.status).text = _text("\n".join(item.notes))
        cases.append(case)
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    if item.notes and item.status is SubmissionStatus.GRADED:
        ET.SubElement(suite, "system-out").text = _text("\n".join(item.notes))
    return suite


def _case(check: CheckView, exercise: ExerciseView, view: View) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=_text(f"{view.assignment}.{exercise.exercise}"),
        name=_text(f"{check.check}: {check.title}"),
    )
    if check.status is not Status.PASSED:
        said = exercise.explanation
        lines = [*said.diagnosis, check.feedback, said.counterexample]
        found = ET.SubElement(
            case, _KIND.get(check.status, "failure"), message=_text(exercise.tongue(WORDS[check.status]))
        )
        found.text = _text("\n".join(line for line in lines if line))
    return case


def _property(properties: ET.Element, name: str, value: str) -> None:
    ET.SubElement(properties, "property", name=_text(name), value=_text(value))


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
