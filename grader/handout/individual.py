"""What each student gets where an assignment is individual: the release, with data of their own in it.

Lesson, notebook and visible tests are those of everybody, in which other numbers stand; whose they are says a line at
the data. Texts and pictures speak of the lecture's data, and that line says so, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.classes.register import key_of
from grader.course.assignment import Assignment
from grader.course.individual import Author, Individual, new_secret, read_author
from grader.course.locale import tongue_for
from grader.errors import CourseError, UsageError
from grader.handout.release import bytes_of, files_of
from grader.report.text import in_a_line
from grader.submissions.found import Student
from grader.submissions.names import named

__all__ = ["Handout", "files_for", "folders_of", "handouts"]

_MARK = "The data of {text} alone. The numbers in texts and pictures are of the lecture's data, and so are others."
_MARK_OF_TESTS = "The tests of {text}: where others have the lecture's numbers, they have those of this data."
_OTHERS = re.compile(r"[^\w.@+-]+")
_LONGEST = 60  # letters of a folder's name, of which each may take four bytes of the 255 that a name may have


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """What one student gets: the files of each assignment, by their place in the student's folder."""

    folder: str
    files: Mapping[str, bytes]


def handouts(assignments: Iterable[Assignment], students: Iterable[Student], said: Path) -> Iterator[Handout]:
    """Yield what each student gets of these assignments; those that are not individual are everybody's.

    Makes the secret of the course where there is none. Raises UsageError where two students would get one folder, and
    CourseError where an assignment's own data does not fit.
    """
    chosen = list(assignments)
    everybodys = {item.name: bytes_of(item) for item in chosen}
    authors = {item.name: read_author(item) for item in chosen if item.individual}
    for student, folder in folders_of(students, [item.name for item in chosen], said).items():
        files: dict[str, bytes] = {}
        for item in chosen:
            author, everything = authors.get(item.name), everybodys[item.name]
            if author is not None:
                own = author.individual(author.readings(new_secret(item.course), key_of(student)))
                texts = files_for(item, author, own, student.name or student.shown, files_of(item))
                everything = everything | {file: text.encode() for file, text in texts.items()}
            files |= {f"{item.name}/{file}": data for file, data in everything.items()}
        yield Handout(folder=folder, files=files)


def files_for(
    assignment: Assignment, author: Author, own: Individual, shown: str, texts: Mapping[str, str]
) -> dict[str, str]:
    """Return the files of a release with a student's data in them, who is `shown` by this name.

    Raises CourseError where the data does not stand in them as it does in the lesson.
    """
    lesson, tests, book = (name.format(assignment.name) for name in ("{}.py", "test_{}.py", "{}.ipynb"))
    last, _, first_name = shown.partition(", ")
    who = in_a_line(f"{first_name} {last}" if first_name else shown)
    data = {author.written[name]: own.texts[author.written[name]] for name in author.written}
    tongue = tongue_for(assignment)  # as the assignment sets it: nobody knows where a student will read it
    mark, of_tests = (f"# {tongue(said.format(text=who))}" for said in (_MARK, _MARK_OF_TESTS))
    first = min(author.written, key=lambda name: texts[lesson].find(f"{name} = torch.tensor("))
    begins = re.compile(rf"^(?={first} = torch\.tensor\()", re.MULTILINE)

    def marked(text: str) -> str:
        return begins.sub(lambda _: f"{mark}\n", _replaced(text, data))  # a name may be what a template obeys

    found = json.loads(texts[book])
    for cell in found["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = marked("".join(cell["source"])).splitlines(keepends=True)
    files = {
        **texts,
        lesson: marked(texts[lesson]),
        book: json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n",
        tests: f"{of_tests}\n" + _replaced(texts[tests], own.texts),
    }
    for file in (lesson, tests, book):
        if not all(own.texts[text] in files[file] for text in author.written.values()):
            raise CourseError(f"{assignment.own_data}: the lesson's data does not stand in {file} as it does there")
    return files


def folders_of(students: Iterable[Student], assignments: Iterable[str], said: Path) -> dict[Student, str]:
    """Return a folder's name for each student, which no other has and which says no assignment; raises UsageError."""
    names, folders, taken = tuple(assignments), dict[Student, str](), dict[str, Student]()
    for student in students:
        known = student.login or student.name or student.sid or student.email or student.number
        folder = _OTHERS.sub("_", known)[:_LONGEST].strip("._-") or student.sid or student.number
        if not folder or named(folder, names):
            raise UsageError(f"--for {said}: {student.shown!r} can be no folder's name; give the roster a column login")
        other = taken.setdefault(folder.casefold(), student)
        if other is not student:
            both = f"{other.shown} and {student.shown}"
            raise UsageError(f"--for {said}: {both} would get one folder, {folder}; give the roster a column login")
        folders[student] = folder
    return folders


def _replaced(text: str, texts: Mapping[str, str]) -> str:
    """Return a text in which other numbers stand, all at once and only where no longer number begins or ends."""
    longest = sorted(texts, key=len, reverse=True)
    pattern = "|".join(rf"(?<![\w.\-]){re.escape(each)}(?!\w|\.\d)" for each in longest)
    return re.sub(pattern, lambda found: texts[found[0]], text)
