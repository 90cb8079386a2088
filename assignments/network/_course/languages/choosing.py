"""Which languages there are, and which one a reader wants: as said, else as the locale says.

Reads names of folders and variables of the environment, and no catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["DEFAULT", "languages", "of_locale", "where_messages_are"]

DEFAULT = "en"
"""What the sources say: what a catalogue lacks is said so."""
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides, as POSIX has it


def where_messages_are() -> Path:
    """Return the folder with the catalogues of what the grader itself says: `<language>/LC_MESSAGES/grader.mo`."""
    return Path(__file__).parent


def languages() -> tuple[str, ...]:
    """Return the languages that the grader speaks: English, and those that have a catalogue."""
    found = where_messages_are().glob("*/LC_MESSAGES/grader.mo")
    return (DEFAULT, *sorted(path.parent.parent.name for path in found))


def of_locale(environment: Mapping[str, str]) -> str:
    """Return the language that the locale names, as in `ko_KR.UTF-8`; "" where it names none of those there are."""
    said = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    language = said.partition(".")[0].partition("@")[0].partition("_")[0].lower()
    return language if language in languages() else ""
