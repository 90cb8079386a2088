"""Prove a course: each finding is one line that holds, or that says what to do.

Runs the course's own code alone: its reference and its visible tests in this process, and stub,
reference and altered references through the whole grader, as if students had handed them in.
"""

from __future__ import annotations

import re
import tempfile
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment, Course
from grader.course.lesson import PRIVATE_LINE, CellKind, read_lesson, reference_source
from grader.course.reading import load_assignment, next_of
from grader.course.suite_files import suite_files
from grader.errors import GraderError
from grader.handout.notebook import Variant, notebook
from grader.handout.release import drift, files_of, hand_out, stub
from grader.handout.visible_run import run_visible_tests
from grader.judge.parallel import grade_all
from grader.kit.results import VisibleResult
from grader.outcomes import Status
from grader.report.report import SubmissionReport
from grader.sandbox.mode import SandboxMode
from grader.submissions.found import Found

__all__ = ["Finding", "prove"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was proved, or what is wrong with it and what to do."""

    holds: bool
    text: str


def prove(course: Course, name: str) -> Iterator[Finding]:
    """Yield what holds of an assignment and what does not; a file that can't be read ends it."""
    try:
        assignment = load_assignment(course, name)
        yield _points(assignment)
        yield _lesson(assignment)
        yield _release(course, assignment)
        with tempfile.TemporaryDirectory() as folder:
            yield from _run(course, assignment, Path(folder))
    except GraderError as error:
        yield Finding(holds=False, text=str(error))


def _points(assignment: Assignment) -> Finding:
    """Demand that the sum is written down; where it is, the reader of the file has compared it."""
    total = f"{assignment.max_score:g}"
    head = assignment.toml.read_text("utf-8").partition("[[exercise]]")[0]
    if not any(line.partition("=")[0].strip() == "points" for line in head.splitlines()):
        text = f"{assignment.toml} does not say the sum of the points; write points = {total} at its top"
        return Finding(holds=False, text=text)
    return Finding(holds=True, text=f"points: {len(assignment.names)} exercises add up to {total}")


def _lesson(assignment: Assignment) -> Finding:
    cells = read_lesson(assignment)
    for exercise in assignment.exercises:
        said = [cell.text for cell in cells if cell.kind is CellKind.TEXT and cell.exercise == exercise.name]
        if not any(re.search(rf"`{exercise.name}\b", text) for text in said):
            where = f"{assignment.reference}:{_line_of(assignment, exercise.name)}"
            text = f"{where}: no lesson before `{exercise.name}`; write a text cell that names it"
            return Finding(holds=False, text=text)
        if not exercise.hint or exercise.title == exercise.name:
            return Finding(
                holds=False, text=f"{assignment.toml}: `{exercise.name}` has no hint or no title; write both"
            )
    return Finding(holds=True, text="lesson: a text, a title and a hint for every exercise")


def _line_of(assignment: Assignment, exercise: str) -> int:
    return next(cell.first for cell in read_lesson(assignment) if cell.exercise == exercise)


def _release(course: Course, assignment: Assignment) -> Finding:
    canaries = {line for path in _private(assignment) for line in PRIVATE_LINE.findall(path.read_text("utf-8"))}
    for path in _private(assignment):
        if not PRIVATE_LINE.search(path.read_text("utf-8")):
            return Finding(
                holds=False, text=f"{path} has no line `# PRIVATE <canary>`; begin it with that of the others"
            )
    words = {line.split()[2] for line in canaries}
    for file, text in files_of(assignment).items():
        if any(word in text for word in words):
            return Finding(holds=False, text=f"{file} would carry the canary: text of a private file is in it")
    following = next_of(assignment)
    if following and following not in set(course.names) - {assignment.name}:
        text = f"{assignment.toml}: next = {following!r} is no other assignment; there is {', '.join(course.names)}"
        return Finding(holds=False, text=text)
    differing = drift(course, assignment.name)
    if differing:
        text = f"{differing[0]} differs from what solutions/ gives; run `grader release {assignment.name}`"
        return Finding(holds=False, text=text)
    return Finding(holds=True, text="release: no drift, no canary")


def _private(assignment: Assignment) -> list[Path]:
    return [assignment.reference, assignment.toml, *suite_files(assignment.hidden_suite)]


def _run(course: Course, assignment: Assignment, folder: Path) -> Iterator[Finding]:
    """Grade stub, reference and altered references, and run the visible tests on each."""
    name = assignment.name
    handed_out = folder / "handed_out"
    hand_out(course, [name], handed_out)
    tests = handed_out / name / f"test_{name}.py"
    reference = reference_source(assignment)
    altered = {
        "the answers changed": reference + _CHANGED + _applied(assignment, "_changed_all"),
        "nothing returned": reference + _NOTHING + _applied(assignment, "_nothing_of"),
    }
    sources = {
        "stub.py": stub(assignment),
        "stub.ipynb": notebook(assignment),
        "reference.py": reference,
        "reference.ipynb": notebook(assignment, Variant.SOLVED),
        **{f"altered{number}.py": source for number, source in enumerate(altered.values())},
    }
    reports = _grade(course, assignment, folder / "class", sources)
    yield _stub(assignment, [reports["stub.py"], reports["stub.ipynb"]])
    yield _reference(assignment, [reports["reference.py"], reports["reference.ipynb"]])
    on_stub = _visible(assignment, tests, stub(assignment))
    yield _visible_tests(assignment, on_stub, _visible(assignment, tests, reference))
    yield _hidden_checks(assignment, reports["reference.py"])
    for number, (what, source) in enumerate(altered.items()):
        yield _costs(assignment, what, _visible(assignment, tests, source), reports[f"altered{number}.py"])


def _grade(
    course: Course, assignment: Assignment, folder: Path, sources: dict[str, str]
) -> dict[str, SubmissionReport]:
    reports: dict[str, SubmissionReport] = {}
    found: list[Found] = []
    folder.mkdir()
    for file, text in sources.items():
        path = folder / file
        path.write_text(text, "utf-8")
        found.append(Found(given=file, path=path))
    grade_all(
        course,
        assignment.name,
        found,
        mode=SandboxMode.AUTO,
        each=lambda item, report: reports.__setitem__(item.given, report),
    )
    return reports


def _stub(assignment: Assignment, reports: list[SubmissionReport]) -> Finding:
    for report in reports:
        for item in report.exercises:
            if item.status is not Status.NOT_ATTEMPTED or item.score != 0:
                what = f"{item.exercise} is {item.status} with {item.score} points in {report.submission}"
                text = f"{what}; its solution marks must leave nothing but the docstring"
                return Finding(holds=False, text=text)
        if report.score != 0:
            return Finding(holds=False, text=f"{report.submission} is {report.status}: {'; '.join(report.notes)}")
    return Finding(holds=True, text=f"stub: not attempted everywhere, 0 of {assignment.max_score:g}, .py and .ipynb")


def _reference(assignment: Assignment, reports: list[SubmissionReport]) -> Finding:
    for report in reports:
        for item in report.exercises:
            if item.score != item.max_score:
                wrong = next(check for check in item.checks if check.status is not Status.PASSED)
                said = " ".join(f"{wrong.summary} {wrong.text}".split())
                what = f"{item.exercise} earns {item.score} of {item.max_score:g} in {report.submission}"
                return Finding(holds=False, text=f"{what}: {wrong.check} ({said}); mend the check or the reference")
        if report.score != assignment.max_score:
            return Finding(holds=False, text=f"{report.submission} is {report.status}: {'; '.join(report.notes)}")
    return Finding(holds=True, text=f"reference: {assignment.max_score:g} of {assignment.max_score:g}, .py and .ipynb")


def _visible(assignment: Assignment, tests: Path, source: str) -> list[VisibleResult]:
    """Run the visible tests on a source, in this process: it is the course's own."""
    module = types.ModuleType(assignment.name)
    try:
        exec(compile(source, f"{assignment.name}.py", "exec"), module.__dict__)  # noqa: S102 - the course's own code
    except Exception as error:  # whatever the course's own file raises is the author's to mend
        what = f"{assignment.reference}: the stub does not run: {type(error).__name__}: {error}"
        raise GraderError(f"{what}; tag a cell that calls an exercise as a demonstration") from error
    return run_visible_tests(tests, assignment.name, module.__dict__, assignment.names)


def _visible_tests(assignment: Assignment, on_stub: list[VisibleResult], right: list[VisibleResult]) -> Finding:
    path = assignment.visible_tests
    for result in right:
        if not result.exercises:
            text = f"{path}: {result.test} is of no exercise; mark it with @pytest.mark.<exercise>"
            return Finding(holds=False, text=text)
        if not result.passed:
            said = " ".join(result.text.split())
            return Finding(holds=False, text=f"{path}: {result.test} fails on the reference: {said}; mend one of them")
    for result in on_stub:
        if result.passed:
            text = f"{path}: {result.test} passes on the stub, so it tests nothing; let it call its exercise"
            return Finding(holds=False, text=text)
    missing = [name for name in assignment.names if not any(name in result.exercises for result in right)]
    if missing:
        text = f"{path}: no test of {', '.join(missing)}; write one, and mark it with @pytest.mark.{missing[0]}"
        return Finding(holds=False, text=text)
    count = len(right)
    return Finding(holds=True, text=f"visible tests: all {count} fail on the stub and pass on the reference")


def _hidden_checks(assignment: Assignment, report: SubmissionReport) -> Finding:
    for item in report.exercises:
        if all(check.visible for check in item.checks):
            text = f"{assignment.hidden_suite}: {item.exercise} has no check that is hidden; write one"
            return Finding(holds=False, text=text)
    count = sum(len(item.checks) for item in report.exercises)
    return Finding(holds=True, text=f"hidden suite: {count} checks, every exercise has some, and visible tests as well")


def _costs(assignment: Assignment, what: str, visible: list[VisibleResult], report: SubmissionReport) -> Finding:
    """Whoever fails a visible test must lose points in an exercise that it tests."""
    lost = {item.exercise for item in report.exercises if item.score is not None and item.score < item.max_score}
    failing = [result for result in visible if not result.passed]
    for result in failing:
        if not lost & set(result.exercises):
            text = f"{result.test} fails with {what}, and {', '.join(result.exercises)} keeps every point; "
            return Finding(holds=False, text=text + f"add a check of the same to {assignment.hidden_suite}")
    if not failing:
        return Finding(holds=False, text=f"no visible test fails with {what}; let them compare what comes back")
    return Finding(holds=True, text=f"with {what}: {len(failing)} visible tests fail, and each of them costs points")


def _applied(assignment: Assignment, function: str) -> str:
    return "".join(f"{name} = {function}({name})\n" for name in assignment.names)


_CHANGED = """

def _changed(value):
    import torch

    if isinstance(value, torch.Tensor):
        return value * 1.5 + 0.25 if value.is_floating_point() else value
    if isinstance(value, str):
        return value + "?"
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, tuple | list):
        return type(value)(_changed(item) for item in value)
    return {key: _changed(item) for key, item in value.items()} if isinstance(value, dict) else value


def _changed_all(thing):
    if isinstance(thing, type):
        for name, method in list(vars(thing).items()):
            if callable(method) and name != "__init__":
                setattr(thing, name, _changed_all(method))
        return thing
    return lambda *args, **kwargs: _changed(thing(*args, **kwargs))


"""

_NOTHING = """

def _nothing_of(thing):
    if isinstance(thing, type):
        for name, method in list(vars(thing).items()):
            if callable(method) and name != "__init__":
                setattr(thing, name, lambda *args, **kwargs: None)
        return thing
    return lambda *args, **kwargs: None


"""
