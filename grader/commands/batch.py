"""Grade a batch: from the options of `grader grade` to its report, which is handed over, and its exit code.

Puts discovery and grading together; judges, draws and writes nothing itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

from grader.classes.attendance import Attendance, attendance, told
from grader.classes.listed_students import to_class_json
from grader.classes.roster import read_roster
from grader.classes.shards import ShardOf
from grader.classes.telling_apart import told_apart
from grader.commands.against import earlier_results, print_against
from grader.commands.exits import Exit
from grader.commands.grading import Grading
from grader.commands.lang_option import tongue_of
from grader.commands.options import Options
from grader.commands.out_folder import OutFolder
from grader.commands.results import hand_over
from grader.course.assignment import Assignment, Course
from grader.course.reading import find_course, load_assignment
from grader.errors import UsageError
from grader.formats.forms import OF_ONE, Form
from grader.judge.checker import end_on_termination
from grader.report.attempts import Ledger, without_ledger
from grader.report.report import Audience, SubmissionReport, SubmissionStatus
from grader.report.text import clean, in_a_line
from grader.report.view import View, view
from grader.submissions.discover import discover, is_class, is_of_others, the_assignment, whose
from grader.submissions.found import Found
from grader.submissions.names import student_of

__all__ = ["run"]


def run(options: Options) -> Exit:
    """Grade and print; return the exit code. Raises GraderError where nothing can be graded."""
    end_on_termination()
    course = find_course(options.course)
    found = _named(told_apart(discover(list(options.paths), course.names)), options)
    name = the_assignment(options.assignment, found, course.names)
    assignment = load_assignment(course, name)
    found = _of_assignment(found, name, course)
    old = earlier_results(options, name)
    with _out_folder(found, options, assignment) as out:
        _refuse(found, options, course)
        count = _counting(assignment, found, options)
        listed = None if options.whose.roster is None else _listed(found, options.whose.roster, course)
        part = _part(found if listed is None else list(listed.found), options)
        if out is not None and not part:
            return _nothing(out, name, listed)
        report = Grading(assignment, part, options, count, out, attendance=listed).report()
        hand_over(report, options, out, partial(tongue_of, assignment, said=options.whose.language))
    whole = len(part) == len(found) and is_class(options.paths, found)
    print_against(old, report, options, whole=whole)
    return _exit_code(view(report, options.audience), options.fail_under)


def _out_folder(
    found: list[Found], options: Options, assignment: Assignment
) -> AbstractContextManager[OutFolder | None]:
    """Take the folder before the grading: what can't be written would be lost.

    Raises UsageError for one in the class itself, where results would be submissions of the next run.
    """
    if options.out is None:
        return nullcontext()
    whole = Path(os.path.realpath(options.out.folder))
    for path in filter(os.path.isdir, options.paths):
        if whole.is_relative_to(os.path.realpath(path)):
            said = f"{path}, where each file and folder is a submission; name a folder outside of it"
            raise UsageError(f"--out {options.out.folder}: that is in the class {said}")
    names, shard = [clean(item.given) for item in found], options.out.shard
    tongue = tongue_of(assignment, options.audience, options.whose.language)
    if shard is None:
        return closing(OutFolder(options.out.folder, names, tongue=tongue))
    part = ShardOf(shard=shard, assignment=assignment.name, audience=options.audience, submissions=tuple(names))
    return closing(OutFolder(options.out.folder, names, part, tongue=tongue))


def _part(found: list[Found], options: Options) -> list[Found]:
    """Return the submissions of the part that is graded: all, but for --shard."""
    return found if options.out is None or options.out.shard is None else options.out.shard.of(found)


def _nothing(out: OutFolder, assignment: str, listed: Attendance | None) -> Exit:
    """Leave the folder of a part that has no submission, since there are more parts than submissions."""
    out.write_class(None if listed is None else to_class_json(assignment, listed))
    out.remove_stale(assignment)
    out.finish()
    sys.stderr.write("grader: no submission in this part\n")
    return Exit.WELL


def _named(found: list[Found], options: Options) -> list[Found]:
    """Return the submissions under the name that is said for the one, or as they are."""
    if options.whose.student is None:
        return found
    if len(found) != 1:
        raise UsageError(f"--student {options.whose.student}: that names one submission, and there are {len(found)}")
    return [replace(found[0], given=options.whose.student, student=options.whose.student, students=())]


def _of_assignment(found: list[Found], name: str, course: Course) -> list[Found]:
    """Return the submissions without the folders of students who have handed in other assignments alone."""
    others = {item.given for item in found if is_of_others(item, name, course.names)}
    if len(others) in (0, len(found)):
        return found
    sys.stderr.write(f"grader: {len(others)} have handed in nothing for {name}, but other assignments\n")
    return [item for item in found if item.given not in others]


def _listed(found: list[Found], path: Path, course: Course) -> Attendance:
    """Find the students of the roster, and say on standard error who is not there, and what is nobody's."""
    listed = attendance(found, read_roster(path), course.names)
    for line in told(listed):
        sys.stderr.write(f"grader: {in_a_line(path.name)}: {line}\n")
    return listed


def _refuse(found: list[Found], options: Options, course: Course) -> None:
    """Raise UsageError before the grading for what would fail, or destroy something, after it."""
    part = None if options.out is None else options.out.shard
    if part is not None and options.whose.roster is not None and not is_class(options.paths, found):
        lost = "who has handed in nothing would be lost when the parts are put together"
        raise UsageError(f"--shard {part} with --roster: {lost}; name the class's folder, not its files")
    forms = [*(copy.form for copy in options.copies), *([options.form] if options.form else [])]
    for form in forms:
        if form in OF_ONE and len(found) != 1:
            raise UsageError(f"{form} is of one submission, and there are {len(found)}")
    if Form.CLASSROOM50 in forms:
        from grader.formats.classroom50 import submission_from

        submission_from(os.environ)
    if options.whose.attempts is not None:
        students = [clean(whose(item, course.names)) for item in found]
        twice = sorted({name for name in students if students.count(name) > 1})
        if twice:
            raise UsageError(
                f"--attempts: several submissions of {', '.join(map(in_a_line, twice))}; a name says whose one is"
            )
    taken = {os.path.realpath(item.path): "the submission" for item in found}
    if options.whose.attempts is not None:
        taken[os.path.realpath(options.whose.attempts)] = "the file of --attempts"
    for copy in options.copies:
        said, path = f"--write {copy.form}={copy.path}", os.path.realpath(copy.path)
        if path in taken:
            raise UsageError(f"{said}: that is {taken[path]}; name another file")
        taken[path] = "written already"
        special = copy.path.exists() and not copy.path.is_file()
        if special or not (copy.path.parent.is_dir() and os.access(copy.path.parent, os.W_OK)):
            raise UsageError(f"{said}: name a plain file in a folder that is there and can be written")


def _counting(
    assignment: Assignment, found: list[Found], options: Options
) -> Callable[[Found, SubmissionReport], SubmissionReport]:
    """Return what marks the reports whose students are not told of hidden checks this time.

    A student is counted by what the submissions say by themselves: a roster that comes later starts no new count.
    """
    if options.whose.attempts is None:
        warning = without_ledger(assignment)
        if warning and Audience.STUDENT in (options.audience, *(copy.audience for copy in options.copies)):
            sys.stderr.write(f"grader: {warning}\n")
        return lambda _, report: report
    ledger = Ledger(options.whose.attempts)
    names = assignment.course.names
    students = {item.given: clean(whose(item, names)) for item in found}
    formerly = {item.given: _formerly(item, names) for item in found}
    return lambda item, report: ledger.apply(assignment, students[item.given], report, formerly=formerly[item.given])


def _formerly(item: Found, names: tuple[str, ...]) -> str | None:
    """Return what a student was called in a ledger while they were called as their whole file or folder."""
    if item.files:
        return None
    given = str(item.path) if item.students else item.given
    stem = student_of(given, ())
    return clean(student_of(given, names) if stem in names else stem)


def _exit_code(seen: View, fail_under: float | None) -> Exit:
    if any(item.status is SubmissionStatus.BROKEN for item in seen.submissions):
        return Exit.BROKEN
    if fail_under is not None:
        for item in seen.submissions:
            if item.status is SubmissionStatus.WITHHELD:
                continue  # the gate may say nothing of it, either
            # What can't be read has no score, and a gate must not let it through.
            if item.score is None or 100 * item.score < fail_under * item.max_score - 1e-9:
                return Exit.UNDER
    return Exit.WELL
