"""Put a definition of an exercise into a whole submission, and grade submissions of the course's own as a class."""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from grader.course.assignment import Course
from grader.errors import GraderError
from grader.judge.parallel import grade_all
from grader.report.report import SubmissionReport
from grader.sandbox.mode import SandboxMode
from grader.submissions.found import Found

__all__ = ["Grades", "Progress", "grade", "right_definition", "transplanted"]

Grades = dict[str, SubmissionReport]
Progress = Callable[[int, int], None]
"""Is told how many are graded, and of how many."""


def transplanted(host: str, exercise: str, definition: str, reference: str) -> str:
    """Return a host whose `exercise` is this definition, where the host's own stood.

    Data of the stub that the definition reads, such as `t_un`, comes along: every real submission has it.
    """
    tree = ast.parse(host)
    new = ast.parse(definition).body
    new = [*_data_for(new, tree, ast.parse(reference)), *new]
    places = [index for index, node in enumerate(tree.body) if _binds(node, exercise)]
    if places:
        tree.body[places[-1] : places[-1] + 1] = new
    else:
        tree.body += new
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _binds(node: ast.stmt, name: str) -> bool:
    """Say whether a statement binds this name and nothing else."""
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets] == [name]
    return getattr(node, "name", None) == name


def _data_for(definition: list[ast.stmt], host: ast.Module, reference: ast.Module) -> list[ast.stmt]:
    """Return the assignments of the reference that bind what the definition reads and the host lacks."""
    bound = {name for node in host.body for name in _bound(node)}
    given = [node for node in reference.body if isinstance(node, ast.Assign)]
    wanted = _read(definition) - bound
    chosen: list[ast.stmt] = []
    for node in reversed(given):
        if wanted & _bound(node):
            wanted |= _read([node]) - bound
            chosen.insert(0, node)
    return chosen


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    names = {item.asname or item.name for item in getattr(node, "names", ()) if isinstance(item, ast.alias)}
    return names | {
        item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    }


def _read(nodes: Iterable[ast.stmt]) -> set[str]:
    return {item.id for node in nodes for item in ast.walk(node) if isinstance(item, ast.Name)}


def right_definition(reference: str, exercise: str) -> str:
    """Return the reference's own definition of an exercise, behind its imports."""
    tree = ast.parse(reference)
    kept = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom) or _binds(node, exercise)]
    return "\n".join(ast.unparse(node) for node in kept if getattr(node, "module", "") != "__future__")


def grade(
    course: Course,
    name: str,
    sources: Mapping[str, str],
    *,
    jobs: int = 1,
    progress: Progress = lambda _done, _total: None,
) -> Grades:
    """Grade whole sources as one class, in the sandbox; return their reports by the sources' names.

    Raises GraderError where one can't be graded.
    """
    reports: Grades = {}

    def each(item: Found, report: SubmissionReport) -> None:
        if report.status != "graded":
            raise GraderError(f"{item.given} can't be graded: {'; '.join(report.notes)}")
        reports[item.given] = report
        progress(len(reports), len(sources))

    with tempfile.TemporaryDirectory() as folder:
        found: list[Found] = []
        for number, (key, source) in enumerate(sources.items()):  # a key need be no file's name
            path = Path(folder) / f"{name}_{number}.py"
            path.write_text(source, "utf-8")
            found.append(Found(given=key, path=path))
        if found:
            progress(0, len(found))
            grade_all(course, name, found, mode=SandboxMode.AUTO, jobs=jobs, each=each)
    return {key: reports[key] for key in sources}
