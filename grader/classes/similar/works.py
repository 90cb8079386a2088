"""Read the work of a class for comparison: from results, from the files behind them, or from a folder of submissions.

Sources are hostile text. They are split into tokens and cells, and nothing of them is parsed by Python or run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader.classes.results import ClassResults
from grader.classes.similar.answers import add_answers
from grader.classes.similar.code import add_code, add_marks
from grader.classes.similar.notebook import add_notebook
from grader.classes.similar.places import places_of
from grader.classes.similar.traits import Trait, Traits
from grader.errors import Unreadable
from grader.report.text import clean
from grader.report.view import SubmissionView
from grader.submissions.discover import whose
from grader.submissions.found import Found, Source, Wanted
from grader.submissions.sources import read_sources
from grader.syntax.notebooks import code_cells
from grader.syntax.statements import Cell

__all__ = ["MAX_CHARACTERS", "Given", "Work", "Works", "from_found", "from_results", "read_given", "traits_of_code"]

MAX_CHARACTERS = 200_000
"""So much code of a submission is looked at: time grows with it, and no student writes as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is nobody's own: the traits of what was handed out, and those of work that is known to be independent."""

    handed_out: frozenset[int] = frozenset()
    others: tuple[frozenset[int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one submission has, by the keys of its traits."""

    submission: str
    student: str
    traits: Mapping[int, Trait]


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """A class, sorted by submission; `notes` say what of it was not compared, or only in part."""

    assignment: str
    works: tuple[Work, ...]
    given: Given
    notes: tuple[str, ...]


def read_given(files: Mapping[str, bytes], others: Iterable[str], exercises: Iterable[str]) -> Given:
    """Return the traits of the files that students were given, and those of each of the other texts.

    The files are the course's own, by name; raises ValueError for a notebook that is none.
    """
    parts = frozenset(exercises)
    handed_out = Traits(limit=None)
    for name, data in files.items():
        if name.endswith(".ipynb"):
            add_code(handed_out, code_cells(data, name), parts)
            add_notebook(handed_out, data)
        else:
            add_code(handed_out, [Cell(filename=name, text=data.decode())], parts)
    keys = frozenset(handed_out.found)
    given = Given(handed_out=keys)
    return replace(given, others=tuple(frozenset(traits_of_code(text, given, parts)) for text in others))


def traits_of_code(text: str, given: Given, exercises: Iterable[str]) -> Mapping[int, Trait]:
    """Return the traits of one module's text."""
    traits = Traits(given.handed_out)
    add_code(traits, [Cell(filename="", text=text)], frozenset(exercises))
    return traits.found


def from_found(found: Iterable[Found], wanted: Wanted, given: Given) -> Works:
    """Read submissions as they were handed in, all that may be work of each."""
    works: list[Work] = []
    notes: list[str] = []
    for item in found:
        student = clean(whose(item, wanted.assignments))
        try:
            sources = read_sources(item, wanted).sources
        except (Unreadable, OSError) as error:
            notes.append(f"{clean(item.given)} is not compared: {clean(str(error))}")
            continue
        traits = Traits(given.handed_out)
        for source in sources:
            _add_source(traits, source, wanted)
        works.append(_work(item.given, student, traits, notes))
    return _works(wanted.assignment, works, given, notes)


def from_results(results: ClassResults, wanted: Wanted, given: Given, *, sources: Path | None = None) -> Works:
    """Read the wrong answers of a graded class and the files that were judged, where these are still what they were.

    They are looked for where they were, or in the folder or zip `sources` by their names. Of what is gone the
    definitions are compared that the results hold.
    """
    works: list[Work] = []
    notes: list[str] = []
    gone: list[str] = []
    places = places_of([item.submission for item in results.submissions], sources, wanted.assignments)
    for item in results.submissions:
        traits = Traits(given.handed_out)
        add_answers(traits, item)
        source = _judged(item, wanted, places.get(item.submission))
        if source is not None:
            _add_source(traits, source, wanted)
        else:
            cells = [Cell(filename=one.exercise, text=one.code) for one in item.exercises if one.code]
            add_code(traits, cells, frozenset(wanted.exercises))
            if item.exercises:
                gone.append(clean(item.submission))
        works.append(_work(item.submission, clean(item.student or ""), traits, notes))
    if gone:
        some = ", ".join(gone[:3]) + (", ..." if len(gone) > 3 else "")
        what = "of these only wrong answers, and the code of exercises that are not right, are compared"
        what += "; --submissions says where they lie now"
        notes.append(f"{len(gone)} files are not there, or are others than those that were graded ({some}): {what}")
    notes += [f"not read: {clean(text)}" for text in results.unread]
    return _works(results.view.assignment, works, given, notes)


def _judged(item: SubmissionView, wanted: Wanted, place: Found | None) -> Source | None:
    """Return the file that was judged, if it is there and has the same bytes."""
    if place is None:
        return None
    try:
        sources = read_sources(place, wanted).sources
    except (Unreadable, OSError, ValueError):
        return None
    return next((source for source in sources if source.sha256 == item.sha256), None)


def _add_source(traits: Traits, source: Source, wanted: Wanted) -> None:
    left = MAX_CHARACTERS
    cells = []
    for cell in source.cells:
        traits.cut |= len(cell.text) > left
        cells.append(Cell(filename=cell.filename, text=cell.text[:left], notebook=cell.notebook))
        left -= len(cells[-1].text)
    add_code(traits, cells, frozenset(wanted.exercises))
    if any(cell.notebook for cell in source.cells):
        add_notebook(traits, source.data)
    else:
        add_marks(traits, source.data)


def _work(submission: str, student: str, traits: Traits, notes: list[str]) -> Work:
    if traits.cut:
        notes.append(f"{clean(submission)} is compared in part: it is larger than what is looked at of one")
    return Work(submission=clean(submission), student=student, traits=traits.found)


def _works(assignment: str, works: list[Work], given: Given, notes: list[str]) -> Works:
    ordered = tuple(sorted(works, key=lambda work: work.submission))
    return Works(assignment=assignment, works=ordered, given=given, notes=tuple(notes))
