"""Keep catalogues of translations: what is to be said, what is said of it in a language, compiled for those who read.

`babel` reads, updates, writes and compiles them; it belongs to the extra `author`. What a translator wrote is kept as
long as its message is there; what no longer is goes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.answers.plain_words import TABLE
from grader.authoring.course_messages import CourseMessage, of_lesson, private
from grader.course.assignment import Assignment
from grader.course.lesson import PRIVATE_LINE
from grader.errors import UsageError
from grader.handout.catalogues import LESSON
from grader.languages.choosing import DEFAULT, languages, where_messages_are
from grader.languages.tongue import PLACEHOLDER
from grader.whole import write_whole

if TYPE_CHECKING:
    from babel.messages import Catalog
    from babel.messages.catalog import Message

__all__ = [
    "PRIVATE",
    "faults",
    "lacking",
    "read",
    "refresh_course",
    "refresh_engine",
    "template_of_engine",
    "with_names",
]

PRIVATE = "private"
"""The name of an assignment's catalogue that no student may have."""
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # a file says when it was changed by its history
_WIDTH = 116


def read(path: Path, language: str | None = None) -> Catalog:
    """Return the catalogue in a .po or .pot file; raises UsageError where it is none."""
    try:
        from babel.messages.pofile import PoFileError, read_po
    except ModuleNotFoundError as error:
        raise UsageError("babel is not installed here; install it with: pip install 'chainrule[author]'") from error
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error


def template_of_engine() -> Catalog:
    """Return what the grader says: grader.pot as it is written, with what stands in tables of the code."""
    found = read(where_messages_are() / "grader.pot")
    for words in TABLE:
        for text in (words.meaning, words.look):
            found.add(with_names(text), auto_comments=["of an error, in plain words"])
    return found


def with_names(text: str) -> str:
    """Return a text of the table of plain words with its groups as named placeholders."""
    return text.replace("{0}", "{word}").replace("{1}", "{words}")


def refresh_engine(language: str) -> list[Path]:
    """Bring the grader's own catalogue of a language up to date, and compile it; return what was written."""
    template = template_of_engine()
    path = where_messages_are() / language / "LC_MESSAGES" / "grader.po"
    return _refresh(path, template, language, "What the grader says to students.")


def refresh_course(assignment: Assignment, language: str) -> list[Path]:
    """Bring both catalogues of an assignment up to date, and compile them; return what was written.

    Raises UsageError for a language that the grader itself does not speak.
    """
    if language not in languages() or language == DEFAULT:
        raise UsageError(f"--lang {language}: the grader has no catalogue of it; there is {', '.join(languages()[1:])}")
    folder = assignment.locale / language / "LC_MESSAGES"
    canary = PRIVATE_LINE.search(assignment.toml.read_text("utf-8"))
    line = canary[0].strip().removeprefix("# ") if canary else PRIVATE
    lesson = list(of_lesson(assignment))
    known = {message.said for message in lesson}
    others = [message for message in private(assignment) if message.said not in known]
    about = f"What `{assignment.name}` says to students"
    return [
        *_refresh(folder / f"{LESSON}.po", _template(lesson), language, f"{about}, as it is handed out."),
        *_refresh(folder / f"{PRIVATE}.po", _template(others), language, f"{line}\n# {about}; not handed out.", line),
    ]


def _template(messages: Iterable[CourseMessage]) -> Catalog:
    from babel.messages import Catalog

    found = Catalog(fuzzy=False)
    for message in messages:
        found.add(message.said, auto_comments=[message.where])
    return found


def _refresh(path: Path, template: Catalog, language: str, about: str, mark: str = "") -> list[Path]:
    from babel.messages import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import write_po

    before = read(path, language) if path.is_file() else Catalog(locale=language)
    found = Catalog(
        locale=language,
        project="chainrule",
        version=mark or "1",
        header_comment=f"# {about}",
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
        last_translator="",
        language_team="",
        fuzzy=False,
    )
    for message in template:
        if message.id:
            old = before.get(message.id)
            string = old.string if old is not None and not old.fuzzy else ""
            found.add(message.id, string or None, auto_comments=message.auto_comments)
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, found, width=_WIDTH, no_location=True)
    write_mo(compiled, found)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.getvalue())
    write_whole(path.with_suffix(".mo"), compiled.getvalue())
    return [path, path.with_suffix(".mo")]


def lacking(catalogue: Catalog) -> list[str]:
    """Return the messages that are said in English, since nobody has translated them."""
    return [_first(message) for message in catalogue if message.id and not _translated(message)]


def faults(catalogue: Catalog) -> Iterator[str]:
    """Give a line for each translation whose placeholders are not those of its message."""
    for message in catalogue:
        wanted = set(PLACEHOLDER.findall(_first(message)))
        for string in filter(None, _strings(message)):
            found = set(PLACEHOLDER.findall(string))
            if message.id and found != wanted:
                apart = ", ".join(sorted(found ^ wanted))
                yield f"{_first(message)!r}: its placeholders differ from those of {string!r}: {apart}"


def _first(message: Message) -> str:
    """Return a message, of one that has a plural the form of many: it has all placeholders."""
    return str(message.id[-1] if isinstance(message.id, list | tuple) else message.id)


def _translated(message: Message) -> bool:
    return all(_strings(message))


def _strings(message: Message) -> tuple[str, ...]:
    """Return a translation in all its forms, "" where there is none."""
    string = message.string
    return tuple(map(str, string)) if isinstance(string, list | tuple) else (str(string or ""),)
