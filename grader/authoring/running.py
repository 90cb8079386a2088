"""Prove an assignment by running it: its reference, its stub and altered references, as if students had handed them in.

Runs the course's own code alone: the reference and the visible tests in this process, and the rest through the whole
grader. What is told first is a cause: where the reference itself fails a check, nothing is said of what follows.
"""

from __future__ import annotations

import ast
import contextlib
import io
import types
from collections.abc import Iterator
from pathlib import Path

from grader.authoring.findings import Finding, fault, holds
from grader.authoring.individually import individual_findings, made_up
from grader.authoring.scored import teaching_findings
from grader.authoring.written import parsed
from grader.course.assignment import Assignment, Course
from grader.course.individual import read_author
from grader.course.lesson import reference_source
from grader.errors import GraderError
from grader.handout.individual import files_for
from grader.handout.notebook import Variant, notebook
from grader.handout.release import files_of, hand_out, stub, write_files
from grader.handout.visible_run import run_visible_tests
from grader.judge.parallel import grade_all
from grader.kit.results import VisibleResult
from grader.outcomes import Status
from grader.report.report import SubmissionReport
from grader.sandbox.mode import SandboxMode
from grader.submissions.found import Found

__all__ = ["run"]


def run(course: Course, assignment: Assignment, folder: Path) -> Iterator[Finding]:
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
    broken = list(_broken(assignment, reports["reference.py"]))
    yield from broken
    if not broken:
        yield _stub(assignment, [reports["stub.py"], reports["stub.ipynb"]])
        yield _reference(assignment, [reports["reference.py"], reports["reference.ipynb"]])
    right = _visible(assignment, tests, reference)
    yield _visible_tests(assignment, _visible(assignment, tests, stub(assignment)), right)
    if broken or not all(result.passed for result in right):
        return  # what follows would only repeat it in other words
    yield _hidden_checks(assignment, reports["reference.py"])
    for number, (what, source) in enumerate(altered.items()):
        yield _costs(assignment, what, _visible(assignment, tests, source), reports[f"altered{number}.py"])
    yield from teaching_findings(assignment)
    yield from individual_findings(assignment)
    yield from _own_visible_tests(assignment, folder / "own", reference)


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


def _broken(assignment: Assignment, report: SubmissionReport) -> Iterator[Finding]:
    """Say which checks the reference fails: a wrong oracle, or a wrong reference. Nobody can be judged by them."""
    lines = _lines_of(assignment.hidden_suite)
    for item in report.exercises:
        for check in item.checks:
            if check.status is Status.BROKEN:
                where = f"{assignment.hidden_suite}:{lines.get(check.check.partition('[')[0], 1)}"
                said = " ".join(f"{check.summary} {check.text}".split())
                yield fault(f"{where}: {check.check} of {item.exercise}: {said}; mend the check or the reference")


def _lines_of(path: Path) -> dict[str, int]:
    """Return where each test of a file begins."""
    return {node.name: node.lineno for node in parsed(path).body if isinstance(node, ast.FunctionDef)}


def _stub(assignment: Assignment, reports: list[SubmissionReport]) -> Finding:
    for report in reports:
        for item in report.exercises:
            if item.status is not Status.NOT_ATTEMPTED or item.score != 0:
                where = f"{assignment.reference}:{_lines_of(assignment.reference).get(item.exercise, 1)}"
                what = f"the stub of {item.exercise} does something: it is {item.status}, with {item.score} points"
                return fault(f"{where}: {what}; its solution marks must leave nothing but the docstring")
        if report.score != 0:
            return fault(f"{report.submission} is {report.status}: {'; '.join(report.notes)}")
    return holds(f"stub: not attempted everywhere, 0 of {assignment.max_score:g}, .py and .ipynb")


def _reference(assignment: Assignment, reports: list[SubmissionReport]) -> Finding:
    for report in reports:
        for item in report.exercises:
            if item.score != item.max_score:
                wrong = next(check for check in item.checks if check.status is not Status.PASSED)
                said = " ".join(f"{wrong.summary} {wrong.text}".split())
                what = f"{item.exercise} earns {item.score} of {item.max_score:g} in {report.submission}"
                return fault(f"{what}: {wrong.check} ({said}); mend the check or the reference")
        if report.score != assignment.max_score:
            return fault(f"{report.submission} is {report.status}: {'; '.join(report.notes)}")
    return holds(f"reference: {assignment.max_score:g} of {assignment.max_score:g}, .py and .ipynb")


def _visible(assignment: Assignment, tests: Path, source: str) -> list[VisibleResult]:
    """Run the visible tests on a source, in this process: it is the course's own."""
    module = types.ModuleType(assignment.name)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, f"{assignment.name}.py", "exec"), module.__dict__)  # noqa: S102 - the course's own
    except Exception as error:  # whatever the course's own file raises is the author's to mend
        what = f"{assignment.reference}: the stub does not run: {type(error).__name__}: {error}"
        raise GraderError(f"{what}; tag a cell that calls an exercise as a demonstration") from error
    try:
        return run_visible_tests(tests, assignment.name, module.__dict__, assignment.names)
    except GraderError as error:  # it speaks of the copy that was handed out
        raise GraderError(str(error).replace(str(tests), str(assignment.visible_tests))) from error


def _visible_tests(assignment: Assignment, on_stub: list[VisibleResult], right: list[VisibleResult]) -> Finding:
    path = assignment.visible_tests
    lines = _lines_of(path)

    def place(result: VisibleResult) -> str:
        return f"{path}:{lines.get(result.test.partition('[')[0], 1)}"

    for result in right:
        if not result.exercises:
            text = f"{place(result)}: {result.test} is of no exercise; mark it with @pytest.mark.<exercise>"
            return fault(text)
        if not result.passed:
            said = " ".join(result.text.split())
            return fault(f"{place(result)}: {result.test} fails on the reference: {said}; mend one of them")
    for result in on_stub:
        if result.passed:
            text = f"{place(result)}: {result.test} passes on the stub, so it tests nothing; let it call its exercise"
            return fault(text)
    missing = [name for name in assignment.names if not any(name in result.exercises for result in right)]
    if missing:
        text = f"{path}: no test of {', '.join(missing)}; write one, and mark it with @pytest.mark.{missing[0]}"
        return fault(text)
    count = len(right)
    return holds(f"visible tests: all {count} fail on the stub and pass on the reference")


def _own_visible_tests(assignment: Assignment, folder: Path, reference: str) -> Iterator[Finding]:
    """Say which visible tests with a student's own numbers in them the reference fails; nothing where it passes all."""
    author = read_author(assignment)
    if author is None:
        return
    (own,) = made_up(author, 1)
    files = files_for(assignment, author, own, "a student", files_of(assignment))
    write_files(folder, {name: text.encode() for name, text in files.items()})
    for result in _visible(assignment, folder / f"test_{assignment.name}.py", reference):
        if not result.passed:
            said = " ".join(result.text.split())
            text = f"{result.test} with a student's own numbers fails on the reference: {said}"
            yield fault(f"{assignment.own_data}: {text}; give the numbers in the place of each of the lecture's")
            return


def _hidden_checks(assignment: Assignment, report: SubmissionReport) -> Finding:
    for item in report.exercises:
        if all(check.visible for check in item.checks):
            text = f"{assignment.hidden_suite}: {item.exercise} has no check that is hidden; write one"
            return fault(text)
    count = sum(len(item.checks) for item in report.exercises)
    return holds(f"hidden suite: {count} checks, every exercise has some, and visible tests as well")


def _costs(assignment: Assignment, what: str, visible: list[VisibleResult], report: SubmissionReport) -> Finding:
    """Whoever fails a visible test must lose points in an exercise that it tests."""
    lost = {item.exercise for item in report.exercises if item.score is not None and item.score < item.max_score}
    failing = [result for result in visible if not result.passed]
    for result in failing:
        if result.exercises and not lost & set(result.exercises):
            text = f"{result.test} fails with {what}, and {', '.join(result.exercises)} keeps every point; "
            return fault(text + f"add a check of the same to {assignment.hidden_suite}")
    if not failing:
        return fault(f"no visible test fails with {what}; let them compare what comes back")
    return holds(f"with {what}: {len(failing)} visible tests fail, and each of them costs points")


def _applied(assignment: Assignment, function: str) -> str:
    return "".join(f"{name} = {function}({name})\n" for name in assignment.names)


_CHANGED = """

def _changed(value):
    import torch

    if isinstance(value, torch.Tensor):
        if value.dtype == torch.bool:
            return ~value
        return value * 1.5 + 0.25 if value.is_floating_point() else value + 1
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
