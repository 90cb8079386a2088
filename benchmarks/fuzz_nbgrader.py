"""The parsers of `fuzz.py` for what nbgrader's channel takes in: zips of a class, notebooks to be rebuilt, gradebooks.

`PARSERS` is as in `fuzz_submitted.py`.
"""

import contextlib
import csv
import datetime as dt
import functools
import io
import json
import sqlite3
import tempfile
import zipfile
from pathlib import Path

from fuzz_changes import ODD, changed, changed_json
from fuzz_submitted import ASSIGNMENT, ROOT, modules, notebooks

from grader.channels.nbgrader.collect import collect
from grader.channels.nbgrader.rebuild import MasterCell, read_cells, rebuild
from grader.errors import UsageError
from grader.formats.forms import ScoreTable
from grader.formats.gradebook import to_table, ungraded

__all__ = ["PARSERS"]

_MASTERS = [
    MasterCell(grade_id=name, kind="code", source=f"# {name}", locked=locked, grade=True, metadata={"grade_id": name})
    for name, locked in (("a", True), ("b", False))
]


def classes():
    """Return zips of a class as platforms write them."""
    names = [
        f"anna/{ASSIGNMENT}.py",
        f"Bo Li_123_assignsubmission_file_{ASSIGNMENT}.py",
        f"cy_LATE_4_5_{ASSIGNMENT}.ipynb",
    ]
    found = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", method) as archive:
            for name in names:
                archive.writestr(name, modules()[1])
        found.append(data.getvalue())
    return found


def _collected(folder):
    path = folder / "class.zip"

    def read(data):
        path.write_bytes(data)
        found, problems = collect(path, (ASSIGNMENT,))
        assert not any({"/", "\0"} & set(item.student.id) or item.student.id in ("", ".", "..") for item in found)
        "".join(problems).encode()

    return read


def _rebuilt(folder):
    path = folder / f"{ASSIGNMENT}.ipynb"

    def read(data):
        path.write_bytes(data)
        cells = read_cells(path)
        shown = rebuild(cells, _MASTERS)
        json.dumps(shown, ensure_ascii=False).encode()  # as it is written
        made = [cell["metadata"]["nbgrader"]["grade_id"] for cell in shown["cells"] if cell["metadata"]]
        assert sorted(made) == ["a", "b"], "a graded cell is missing, or there twice"
        return "read" if cells else "refused"

    return read


@functools.cache
def gradebooks():
    """Return a gradebook of three students, of whom one has handed nothing in and one was graded by hand."""
    from nbgrader.api import Gradebook  # nothing else here needs nbgrader, which takes seconds

    from grader.channels.nbgrader.gradebook import find_own_scripts

    find_own_scripts()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gradebook.db")
        with contextlib.closing(Gradebook(f"sqlite:///{path}")) as gradebook:
            gradebook.add_assignment(ASSIGNMENT, duedate=dt.datetime(2026, 11, 30, tzinfo=dt.UTC))
            gradebook.add_notebook(ASSIGNMENT, ASSIGNMENT)
            for name in ("model", "loss_fn"):
                gradebook.add_grade_cell(name, ASSIGNMENT, ASSIGNMENT, max_score=4, cell_type="code")
            for student in ("anna", "bo", "cy"):
                gradebook.add_student(student, first_name="A", last_name="Li", email="a@b.c", lms_user_id="47")
            for student, by_hand in (("anna", None), ("bo", 2.5)):
                (notebook,) = gradebook.add_submission(ASSIGNMENT, student).notebooks
                notebook.late_submission_penalty = by_hand
                for grade in notebook.grades:
                    grade.auto_score, grade.manual_score, grade.extra_credit = 1.5, by_hand, by_hand
            gradebook.db.commit()
        return [path.read_bytes()]


def _gradebook(folder):
    from grader.channels.nbgrader.gradebook import read_scores
    from grader.channels.nbgrader.regrading import Regrading

    (folder / "nbgrader_config.py").write_text(f"c = get_config()\nc.SandboxExecute.course = {str(ROOT)!r}\n")
    notebook = folder / "submitted" / "anna" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_bytes(notebooks()[0])

    def read(data):
        (folder / "gradebook.db").write_bytes(data)
        students = read_scores(folder, ())
        "".join(ungraded(students)).encode()
        for form in ScoreTable:
            rows = list(csv.reader(io.StringIO(to_table(students, form), newline="")))
            cells = [cell for row in rows[1:] for cell in row]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))], "a cell is a formula"
        Regrading(folder, ASSIGNMENT).compared({})

    return read


def changed_rows(data, chance):
    """Return a gradebook with other values in some rows, or with its bytes changed."""
    if chance.random() < 0.4:
        return changed(data, chance)
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for _ in range(chance.choice((1, 1, 2, 4))):
            table = chance.choice(tables)
            column = chance.choice([row[1] for row in database.execute(f"PRAGMA table_info({table})")])
            value = chance.choice((*ODD, "=1+1", b"\xff\x00", "2026-13-45"))
            every = "" if chance.random() < 0.2 else f"WHERE rowid = (SELECT min(rowid) FROM {table})"
            with contextlib.suppress(sqlite3.Error, OverflowError, UnicodeEncodeError):  # what the table refuses
                database.execute(f"UPDATE {table} SET {column} = ? {every}", (value,))
        database.commit()
        return database.serialize()


PARSERS = {
    "gradebook": (gradebooks, _gradebook, UsageError, changed_rows),
    "collected": (classes, _collected, UsageError, changed),
    "rebuilt": (notebooks, _rebuilt, (), changed_json),
}
