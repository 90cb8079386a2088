"""`nbgrader export` with its own columns; what is not there or not graded is blank, where nbgrader writes 0."""

from __future__ import annotations

import csv

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from grader.channels.nbgrader.gradebook import scores_in
from grader.formats.csv import table_cell
from grader.formats.gradebook import StudentScores

__all__ = ["ScoresExport"]

_EXPORTED = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


class ScoresExport(ExportPlugin):
    """`nbgrader export` with its own columns; what is not there or not graded is blank, where nbgrader writes 0."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the CSV to `--to`, or to grades.csv."""
        chosen = tuple(str(name) for name in self.assignment)
        students = scores_in(gradebook, chosen)
        with open(self.to or "grades.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_EXPORTED)
            for name in [
                assignment.name for assignment in gradebook.assignments if assignment.name in chosen or not chosen
            ]:
                for student in students:
                    if not self.student or student.student in [str(item) for item in self.student]:
                        writer.writerow(_exported(gradebook, name, student))
        self.log.info("Exported the grades to %s", self.to or "grades.csv")


def _exported(gradebook: Gradebook, name: str, student: StudentScores) -> list[str]:
    """Return one row in nbgrader's columns."""
    item = next(one for one in student.submissions if one.assignment == name)
    raw = str(sum(one.score or 0.0 for one in item.exercises)) if item.score is not None else ""
    score = str(item.score) if item.score is not None else ""
    dates = ["", ""]
    dates[0] = str(gradebook.find_assignment(name).duedate or "")
    if item.handed_in:
        dates[1] = str(gradebook.find_submission(name, student.student).timestamp or "")
    texts = [table_cell(text) for text in (student.student, student.last_name, student.first_name, student.email)]
    maximum = str(sum(one.max_score for one in item.exercises))
    return [name, *dates, *texts, raw, str(item.late_penalty), score, maximum]
