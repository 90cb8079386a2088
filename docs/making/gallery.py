"""Write docs/gallery.md: what a student reads of the commonest failures of each assignment.

Each is a right submission with one misconception in it. It goes through the visible tests, as at work (terminal and
notebook say the same), and through the grader, as in every channel's feedback. The page holds names and messages, and
no line of a misconception.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docs.making.reference import ROOT
from grader.course.assignment import Assignment, Course
from grader.course.catalogue import Misconception, read_catalogue
from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.judge.parallel import grade_all
from grader.report.report import Audience, SubmissionReport
from grader.report.view import ExerciseView, view_submission
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

__all__ = ["COMMON", "MOST_WORDS", "Told", "entries", "main", "section", "told", "words"]

COMMON = {
    "gradient_descent": (
        *("M012", "M019-model", "M016", "M017", "M020", "M021", "M074", "M070", "M031", "M033", "M034", "M044"),
        *("M048", "M056", "M057", "M059", "M078", "M079", "M081", "M086"),
    ),
    "quadratic": (
        *("Q001", "Q002", "Q005", "Q010", "Q011", "Q018", "M048", "Q030", "M057", "M056", "M078", "M080", "Q040"),
        *("M086", "Q055", "Q059", "Q053", "Q070", "Q074", "Q080"),
    ),
    "autograd": (
        *("M093", "M106", "M103", "M021", "M032", "M109", "M093-training_loop", "M095", "M096", "M097", "M101"),
        *("M102", "M108", "M078", "M081", "M086", "M095-descend", "M016-intermediate_gradients"),
        *("M106-detached_gradient", "M043"),
    ),
    "optimizers": (
        *("M112", "M113", "M114", "M116", "M086", "M159", "M119", "M103", "M080", "M118", "M101"),
        *("M119-training_loop", "M116-SGD", "M078-SGD", "M096", "M126", "M128", "M108"),
        *("M116-minibatch_training_loop", "M080-minibatch_training_loop"),
    ),
    "neuron": (
        *("M145", "M011", "M012", "M014", "M016", "M023-rmse_loss", "M067", "M074", "M148", "M151", "M131", "M132"),
        *("M140", "M134", "M135", "M139", "M078", "M093", "M101", "M112"),
    ),
    "network": (
        *("N001", "N013", "N016", "N031", "N033", "N044", "N047", "N055", "N062", "N067", "N069", "N078", "N082"),
        *("N085", "N089", "N102", "N110", "N118", "N129", "N133"),
    ),
}
"""Twenty of each, out of what is seen most often in courses and forums."""
MOST_WORDS = 120
PASSED = "all visible tests of it pass: they don't show this mistake"
PAGE = ROOT / "docs" / "gallery.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of one failure, at work and in the feedback."""

    item: Misconception
    at_work: str
    feedback: str


def words(text: str) -> int:
    """Count the words of a message: numbers, brackets and code are what it shows, and not what one has to read."""
    return sum(word.strip(".,:;()`'\"").isalpha() for word in text.split())


def wrong_in(assignment: Assignment, item: Misconception) -> str:
    """Return the reference with this misconception behind it, which takes the place of the right one."""
    return f"{reference_source(assignment)}\n\n{item.source}\n"


def entries(course: Course, name: str, ids: tuple[str, ...]) -> Iterator[Told]:
    """Yield what is told of these misconceptions."""
    assignment = load_assignment(course, name)
    items = {item.id: item for item in read_catalogue(assignment)}
    with tempfile.TemporaryDirectory() as folder:
        reports = _graded(course, assignment, [items[key] for key in ids], Path(folder))
        for key in ids:
            work = _at_work(course, assignment, items[key], Path(folder) / "work" / key)
            yield Told(item=items[key], at_work=work, feedback=_feedback(assignment, reports[key], items[key].exercise))


def _graded(
    course: Course, assignment: Assignment, items: list[Misconception], folder: Path
) -> dict[str, SubmissionReport]:
    for item in items:
        path = folder / "class" / item.id / f"{assignment.name}.py"
        path.parent.mkdir(parents=True)
        path.write_text(wrong_in(assignment, item), "utf-8")
    found: dict[str, SubmissionReport] = {}
    grade_all(
        course,
        assignment.name,
        discover([str(folder / "class")]),
        mode=SandboxMode.AUTO,
        each=lambda handed_in, report: found.__setitem__(handed_in.path.name, report),
    )
    return found


def _feedback(assignment: Assignment, report: SubmissionReport, exercise: str) -> str:
    seen = view_submission(report, assignment.feedback, Audience.STUDENT)
    return "\n".join(_lines(next(item for item in seen.exercises if item.exercise == exercise)))


def _lines(item: ExerciseView) -> Iterator[str]:
    said = item.explanation
    yield from said.diagnosis
    if said.counterexample:
        yield said.counterexample
    if said.hint:
        yield f"hint: {said.hint}"


def _at_work(course: Course, assignment: Assignment, item: Misconception, folder: Path) -> str:
    """Run the visible tests of the released folder as a student does, and return what they say of this exercise."""
    shutil.copytree(course.root / "assignments" / assignment.name, folder)
    (folder / f"{assignment.name}.py").write_text(wrong_in(assignment, item), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-m", item.exercise, "-p", "no:cacheprovider"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "110"}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return told(run.stdout, item.exercise)


def told(output: str, exercise: str) -> str:
    """Return the message of an exercise out of what a run of the visible tests prints, or that they pass."""
    lines = output.splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith("___")]
    for head in heads:
        if lines[head].strip("_ ") == exercise:
            rest = lines[head + 1 :]
            end = next((number for number, line in enumerate(rest) if not line.strip() or line.startswith("___")), None)
            return "\n".join(rest[:end])
    if not any(line.startswith(f"  {exercise} ") and "pass" in line for line in lines):
        raise ValueError(f"the visible tests say nothing of {exercise}:\n{output}")
    return PASSED


def section(entry: Told) -> str:
    """Return the part of the page for one failure."""
    feedback = entry.feedback or "(nothing)"
    return (
        f"### `{entry.item.exercise}` {entry.item.name}\n\nAt work:\n\n```text\n{entry.at_work}\n```\n\n"
        f"In the feedback:\n\n```text\n{feedback}\n```\n"
    )


def main() -> None:
    """Write the page, or the parts of some assignments anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignments", nargs="*", default=list(COMMON))
    options = parser.parse_args()
    course = find_course(ROOT)
    before = dict(re.findall(r"^## (\w+)\n\n?(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE))
    parts = [__doc__.split("\n\n")[1].replace("\n", " ")]
    for name, ids in COMMON.items():
        if name not in options.assignments and name in before:
            parts += [f"## {name}", before[name]]
            continue
        found = [*entries(course, name, ids)]
        parts += [f"## {name}", *(section(entry) for entry in found)]
        for entry in found:
            if most := [kind for kind in ("at_work", "feedback") if words(getattr(entry, kind)) > MOST_WORDS]:
                print(f"{name} {entry.item.id}: more than {MOST_WORDS} words in {', '.join(most)}", file=sys.stderr)
    head = "<!-- Made by `make gallery`; do not edit. -->\n# What a student reads\n"
    PAGE.write_text(head + "\n" + "\n".join(f"{part.rstrip()}\n" for part in parts), "utf-8")


if __name__ == "__main__":
    main()
