"""A catalogue as gettext compiles it: its messages, and what stands for each in the language.

`gettext` of the standard library gives the translations; it does not tell which messages there are, so these are read
from the table at the beginning of the file. Source: "The Format of GNU MO Files" in the manual of GNU gettext.
"""

from __future__ import annotations

import gettext
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Catalogue", "Message", "read_catalogue"]

_MAGIC = 0x950412DE
_LARGEST = 16 * 2**20  # bytes; a student may have put anything there


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is translated; `plural` is "" where its form hangs on no number."""

    said: str
    plural: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages of one file, and what translates them."""

    messages: tuple[Message, ...]
    translations: gettext.NullTranslations

    def translated(self, message: Message, number: int = 1) -> str:
        """Return what stands for a message, in the form that goes with the number."""
        if message.plural:
            return self.translations.ngettext(message.said, message.plural, number)
        return self.translations.gettext(message.said)


def read_catalogue(path: Path) -> Catalogue | None:
    """Return the catalogue in a file, or None where it can't be read: then what it would say is said in English."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        data = path.read_bytes()
        return Catalogue(tuple(_messages(data)), gettext.GNUTranslations(io.BytesIO(data)))
    except (OSError, ValueError, LookupError, struct.error, AssertionError, TypeError, RecursionError):
        return None


def _messages(data: bytes) -> Iterator[Message]:
    """Give the messages; raises ValueError or struct.error where the bytes are no catalogue."""
    order = "<" if struct.unpack_from("<I", data)[0] == _MAGIC else ">"
    _, _, count, table, translations = struct.unpack_from(f"{order}5I", data)
    for start in (table, translations):
        if sum(struct.unpack_from(f"{order}{2 * count}I", data, start)[::2]) > len(data):
            raise ValueError("its texts lie over one another, so that they would take more than the file")
    for number in range(count):
        length, place = struct.unpack_from(f"{order}2I", data, table + 8 * number)
        said, _, plural = data[place : place + length].decode("utf-8").partition("\0")
        if said:  # "" has the head of the file
            yield Message(said, plural)
