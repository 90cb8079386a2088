"""Decode what a student saved as Python or as a notebook, whatever wrote it; or say what it is instead, and what to do.

The grader and the visible tests (`_course/syntax/decoding.py` in a student's folder) read a file alike.
"""

from __future__ import annotations

import codecs
import io
import re
import tokenize

__all__ = ["notebook_text", "python_text"]

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Made for names of hosts, and slow on purpose-made text.
_NO_ENCODINGS_OF_FILES = frozenset({"idna", "punycode"})
_SHOWN_BY_THEIR_BYTES = re.compile(r"utf-(?:16|32)")  # whoever reads a declaration has seen that it is none of these
_HEAD = 4096
_INSTEAD = (
    (
        re.compile(rb"\s*<(?:!doctype\s+html|html|head|\?xml)\b", re.IGNORECASE),
        "it is a web page, and not the file that the page shows: download the file itself, as .py or .ipynb",
    ),
    (
        re.compile(rb"version https://git-lfs\.github\.com/spec/"),
        "it is a pointer of Git LFS, and the work is not there: `git lfs untrack` its name, and commit the file itself",
    ),
    (re.compile(rb"PK\x03\x04"), "it is a zip archive or an office document under another name: hand in what is in it"),
    (re.compile(rb"%PDF-"), "it is a PDF: hand in the .py or .ipynb itself"),
    (re.compile(rb"\{\\rtf"), "it was saved as formatted text (RTF): save it as plain text"),
    (re.compile(rb"(?:\x1f\x8b|Rar!|7z\xbc\xaf|BZh)"), "it is an archive under another name: hand in what is in it"),
)
_MERGE = re.compile(r"^<{7} .*?^={7}$.*?^>{7} ", re.MULTILINE | re.DOTALL)


def python_text(data: bytes) -> str:
    """Return the text of a module; raises ValueError that says what it is instead, or which byte does not fit."""
    _refuse_what_is_something_else(data)
    encoding = _encoding_by_mark(data)
    encoding = _declared(data) if encoding in ("", "utf-8-sig") else encoding
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = f"byte 0x{data[error.start]:02x} in line {line}" if error.start < len(data) else "its end"
        raise ValueError(f"it is no {encoding} text: {found}; save it as UTF-8") from error
    except (LookupError, ValueError) as error:  # such as one that decodes to bytes
        raise ValueError(f"it declares the encoding {encoding}, by which no text is saved; save it as UTF-8") from error
    if "\x00" in text:
        raise ValueError("it holds NUL bytes, so it is no Python source; save it as UTF-8")
    return text.removeprefix("\ufeff")


def notebook_text(data: bytes) -> str:
    """Return the JSON of a notebook; raises ValueError that says what it is instead."""
    _refuse_what_is_something_else(data)
    try:
        text = data.decode(_encoding_by_mark(data) or "utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"it is no notebook: {error}; save it again as a notebook") from error
    marks = _MERGE.search(text)
    if marks is not None:
        line = text.count("\n", 0, marks.start()) + 1
        raise ValueError(
            f"line {line} begins what a merge could not settle (<<<<<<<): keep one of the two versions, delete the "
            "marks, and see that the notebook opens"
        )
    return text.removeprefix("\ufeff")


def _refuse_what_is_something_else(data: bytes) -> None:
    for pattern, said in _INSTEAD:
        if pattern.match(data, 0, _HEAD):
            raise ValueError(said)


def _encoding_by_mark(data: bytes) -> str:
    """Return the encoding that the first bytes say, or that of UTF-16 without a mark shows by its zeros, or ""."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    head = data[:_HEAD]
    half = len(head) // 2
    if half and head[1::2].count(0) > half * 0.4 and not head[::2].count(0):
        return "utf-16-le"
    if half and head[::2].count(0) > half * 0.4 and not head[1::2].count(0):
        return "utf-16-be"
    return ""


def _declared(data: bytes) -> str:
    try:
        said = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        encoding = codecs.lookup(said).name
    except (SyntaxError, LookupError, ValueError) as error:
        raise ValueError(f"it is no Python source: {error}; save it as UTF-8") from error
    if encoding in _NO_ENCODINGS_OF_FILES or _SHOWN_BY_THEIR_BYTES.match(encoding):
        raise ValueError(f"it declares the encoding {encoding}; save it as UTF-8")
    return encoding
