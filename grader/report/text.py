"""Texts that are safe to print, whoever wrote them.

Takes out what a terminal, a runner of jobs or a comparison of two runs would stumble over; knows no report.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean", "harmless", "in_a_line"]

_MAX_TEXT = 2000
# What GitHub's runner takes as a command: `::` at the beginning of a line, and the older form anywhere.
_COMMAND = re.compile(r"^([^\S\n]*:)(?=:)", re.MULTILINE)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


def clean(text: str) -> str:
    """Make a text safe to print: no control or direction characters, no addresses or commands, limited length."""
    kept = harmless(_ADDRESS.sub("0x...", text.replace("\r\n", "\n"))[: _MAX_TEXT + 1])
    return kept if len(kept) <= _MAX_TEXT else kept[:_MAX_TEXT] + "..."


def in_a_line(text: str) -> str:
    """Make a text safe to print inside a line: a name with a line break would else write lines of its own."""
    return " ".join(clean(text).split())


def harmless(text: str) -> str:
    """Make a text of any length safe to print: no control or direction characters, and no commands.

    What was made of clean texts stays as it is.
    """
    if not text.replace("\n", "").replace("\t", "").isprintable():
        text = "".join(char if char in "\n\t" or _is_harmless(char) else "\ufffd" for char in text)
    return _COMMAND.sub(r"\1 ", text).replace("##[", "## [")


def _is_harmless(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
