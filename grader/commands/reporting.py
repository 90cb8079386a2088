"""What `grader report` does: read results, find what the course knows of its checks, and write the pages."""

from __future__ import annotations

import time
from pathlib import Path

from grader.classes.kills import Kills, read_kills
from grader.classes.own_pages import sealed, stale_pages
from grader.classes.page import class_page, student_pages
from grader.classes.results import ClassResults, read_results
from grader.course.reading import find_course
from grader.errors import CourseNotFound, UsageError
from grader.report.text import in_a_line
from grader.report.words import counted
from grader.whole import remove_halves, write_whole

__all__ = ["write_report"]

_PAGE = b"<!DOCTYPE html>"
_MOST_LEFT = 5  # pages of others that are named


def write_report(folder: Path, out: Path, *, students: bool, course: Path | None) -> list[str]:
    """Write the page of a class, and with `students` one for each; return what to say of it.

    Raises UsageError where there are no results, or something can't be written.
    """
    results = read_results(folder)
    _refuse_other(out)
    kills = _kills(results.view.assignment, course)
    folder = out.with_name(f"{out.stem}-students")
    beside = folder if students else None
    pages = {out: class_page(results, graded=_when(results), kills=kills, students=beside.name if beside else None)}
    if beside is not None:
        pages |= {beside / name: text for name, text in student_pages(results, f"../{out.name}").items()}
    _write({path: text.encode("utf-8", "replace") if path == out else sealed(text) for path, text in pages.items()})
    said = [f"{out}: {counted(len(results.submissions), 'submission')}"]
    if beside is not None:
        said += [f"{beside}: a page for each", *_tidied(beside, {path.name for path in pages})]
    elif stale_pages(folder, ())[0]:
        said.append(f"{folder}: pages of an earlier run, left as they are; --students writes them anew")
    return [*said, *(f"not read: {text}" for text in results.unread)]


def _tidied(folder: Path, written: set[str]) -> list[str]:
    """Remove the pages that an earlier run wrote and this one did not; return what to say of it."""
    own, others = stale_pages(folder, written)
    removed, left = 0, [in_a_line(f"{path}: left as it is; this command did not write it so") for path in others]
    for path in own:
        try:
            path.unlink()
        except OSError as error:
            left.append(in_a_line(f"{path}: of an earlier run, and can't be removed: {error.strerror}"))
        else:
            removed += 1
    more = [f"and {len(left) - _MOST_LEFT} more"] if len(left) > _MOST_LEFT else []
    return [*([f"{counted(removed, 'page')} of an earlier run removed"] if removed else []), *left[:_MOST_LEFT], *more]


def _refuse_other(out: Path) -> None:
    """Raise UsageError where the file of a page is there already and no page: it may be a result, or a table."""
    try:
        with out.open("rb") as file:
            is_page = file.read(len(_PAGE)) == _PAGE
    except OSError:  # not there, or no file: writing it says so
        return
    if not is_page:
        raise UsageError(f"--out {out}: what is there is no page, and would be written over; name another file")


def _kills(assignment: str, course: Path | None) -> Kills | None:
    """Return what the course knows of its checks; without a course, and where none was named, nothing."""
    try:
        found = find_course(course)
    except CourseNotFound:
        if course is not None:
            raise
        return None
    return read_kills(found.kills_of(assignment)) if assignment in found.names else None


def _when(results: ClassResults) -> str:
    """Return the day and time of the newest result, as the clock of this machine has it."""
    times = [(results.folder / f"{name}.json").stat().st_mtime for name in results.files.values()]
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(max(times)))


def _write(pages: dict[Path, bytes]) -> None:
    path = Path()
    try:
        for path in {page.parent for page in pages}:
            path.mkdir(parents=True, exist_ok=True)
            remove_halves(path)
        for path, data in pages.items():
            write_whole(path, data)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name another file with --out") from error
