"""The roster of a class: a table of its students, as a learning platform exports it, read with care for what it says.

Columns are found by their usual headers, and by nothing else.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.errors import Unreadable, UsageError
from grader.report.text import clean, harmless
from grader.submissions.files import read_regular_file
from grader.submissions.found import Student

__all__ = ["names_of", "read_roster"]

_MAX_BYTES = 16 * 2**20
_HEADERS = {
    "name": "name student fullname studentname displayname vollständigername vollername",
    "last": "lastname surname familyname nachname last",
    "first": "firstname givenname vorname first",
    "number": "identifier identifikator canvasid lmsuserid userid benutzerid",
    "sid": "id sid sisuserid studentid studentnumber studentno orgdefinedid idnumber idnummer matrikelnummer matrikel",
    "login": "login username loginid sisloginid anmeldename benutzername netid",
    "email": "email emailaddress emailadresse mail",
    "role": "role",
}
_STAFF = frozenset({"instructor", "teacher", "ta", "teachingassistant", "teacherassistant", "reader", "observer"})
_WIDE = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"}  # as many logins write them
_BARE = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "ħ": "h"}


def read_roster(path: Path) -> list[Student]:
    """Return the students of a CSV file, each once, in its order.

    Comma, semicolon or tab part the columns, as the header shows. Raises UsageError where it can't be read, where
    no header says a name, a login, a number or an address, and where it has no students.
    """
    text = _text(path)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise UsageError(f"--roster {path}: it is no CSV: {error}") from error
    header = rows[0] if rows else []
    columns = _columns(header)
    if not columns.keys() - {"role", "first"}:
        there = ", ".join(repr(clean(cell).strip()) for cell in header if cell.strip()) or "none"
        raise UsageError(
            f"--roster {path}: no column of it is known; its headers are {there}; "
            "name one of them name, last name, first name, id, login or email"
        )
    found: dict[Student, None] = {}
    for row in rows[1:]:
        cells = {field: _in_a_line(row[place]) for field, place in columns.items() if place < len(row)}
        if (student := _student(cells)) is not None:
            found[student] = None
    if not found:
        raise UsageError(f"--roster {path}: no student is in it below its headers")
    return list(found)


def _in_a_line(text: str) -> str:
    """Return a cell without what breaks a line or can't be seen: students choose what they are called."""
    return " ".join(harmless(text).split())


def _text(path: Path) -> str:
    try:
        data = read_regular_file(Path(path).resolve(), _MAX_BYTES)
    except Unreadable as error:
        raise UsageError(f"--roster {path}: {error}") from error
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError(f"--roster {path}: it is no text; save it as CSV in UTF-8")


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Return the place of each column that is known; of two that say the same the first."""
    titles = ["".join(sign for sign in title.casefold() if sign.isalnum()) for title in header]
    known = {title: field for field, names in _HEADERS.items() for title in names.split()}
    if "sisloginid" in titles or "sisuserid" in titles:
        known["id"] = "number"  # Canvas's own
    if "lastname" in titles:
        known["student"] = "login"  # as in nbgrader's tables, and ours
    places: dict[str, int] = {}
    for place, title in enumerate(titles):
        if title in known:
            places.setdefault(known[title], place)
    return places


def _student(cells: Mapping[str, str]) -> Student | None:
    """Return the student of a row; None for one that is no student's, as Canvas's row of possible points."""
    role = "".join(sign for sign in cells.get("role", "").casefold() if sign.isalpha())
    name = cells.get("name", "")
    if role in _STAFF or name in ("Points Possible", "Student, Test"):
        return None
    last, first = cells.get("last", ""), cells.get("first", "")
    number = re.sub(r"^\D+(?=\d+$)", "", cells.get("number", ""))  # `Participant 4711`
    sid, login, email = (cells.get(field, "").lstrip("#") for field in ("sid", "login", "email"))  # Brightspace's mark
    student = Student(
        name=name or ", ".join(part for part in (last, first) if part),
        number=number,
        sid=sid,
        login=login,
        email=email,
    )
    return student if student.shown else None


def names_of(name: str) -> frozenset[str]:
    """Return the forms in which platforms write a name: without signs and capitals, and either part of it first.

    An accent or a stroke may be left out, and an umlaut written with an e.
    """
    last, comma, first = name.partition(",")
    parts = [last, first] if comma else name.rsplit(maxsplit=1)
    found: set[str] = set()
    for text in {"".join(parts), "".join(reversed(parts))}:
        small = unicodedata.normalize("NFC", text).casefold()
        wide = "".join(_WIDE.get(sign, sign) for sign in small)
        plain = "".join(_BARE.get(sign, sign) for sign in small)
        bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
        found |= {"".join(sign for sign in form if sign.isalnum()) for form in (small, wide, bare)}
    return frozenset(found - {""})
