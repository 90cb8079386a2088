"""Write a report as JUnit XML: a suite for each submission, a case for each check.

The dialect that CI systems read: `testsuites`, `testsuite`, `testcase` with `failure`, `error` or `skipped`,
and properties for the points. A pure function of a report and an audience.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from grader.outcomes import Status
from grader.report.report import (
    Audience,
    CheckReport,
    ExerciseReport,
    Report,
    SubmissionReport,
    SubmissionStatus,
    explanation,
    feedback,
    seen_by,
    title,
)
from grader.report.words import WORDS

__all__ = ["to_junit"]

# What XML 1.0 has no way to write, whatever `report.clean` lets through.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KIND = {Status.BROKEN: "error", Status.CRASHED: "error", Status.NOT_ATTEMPTED: "skipped"}


def to_junit(report: Report, audience: Audience) -> str:
    """Return the report as one XML document; what was not graded is a suite with one case in error."""
    report = seen_by(report, audience)
    root = ET.Element("testsuites", name=_text(report.assignment))
    for item in report.submissions:
        root.append(_suite(item, report, audience))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(item: SubmissionReport, report: Report, audience: Audience) -> ET.Element:
    suite = ET.Element("testsuite", name=_text(item.submission), time=f"{item.seconds_total:.3f}")
    properties = ET.SubElement(suite, "properties")
    _property(properties, "status", item.status)
    _property(properties, "score", "" if item.score is None else f"{item.score:g}")
    _property(properties, "max_score", f"{item.max_score:g}")
    for exercise in item.exercises:
        score = "" if exercise.score is None else f"{exercise.score:g}"
        _property(properties, f"{exercise.exercise}.score", score)
        _property(properties, f"{exercise.exercise}.max_score", f"{exercise.max_score:g}")
    cases = [_case(check, exercise, report, audience) for exercise in item.exercises for check in exercise.checks]
    if item.status is not SubmissionStatus.GRADED:
        case = ET.Element("testcase", classname=_text(report.assignment), name=item.status)
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


def _case(check: CheckReport, exercise: ExerciseReport, report: Report, audience: Audience) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=_text(f"{report.assignment}.{exercise.exercise}"),
        name=_text(f"{check.check}: {title(check, report.feedback, audience)}"),
    )
    if check.status is not Status.PASSED:
        said = explanation(exercise, report.feedback, audience)
        lines = [*said.diagnosis, feedback(check, report.feedback, audience), said.counterexample]
        found = ET.SubElement(case, _KIND.get(check.status, "failure"), message=_text(WORDS[check.status]))
        found.text = _text("\n".join(line for line in lines if line))
    return case


def _property(properties: ET.Element, name: str, value: str) -> None:
    ET.SubElement(properties, "property", name=_text(name), value=_text(value))


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
