"""Know a page again that `grader report` has written: it ends with a digest of itself.

A folder of pages may be anybody's: what is removed from it is as it was written, to the last byte.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from pathlib import Path

__all__ = ["sealed", "stale_pages"]

_SEAL = re.compile(rb"<!-- a page of grader report, sha256 ([0-9a-f]{64}) -->\n")
_SEAL_BYTES = 110
_MAX_BYTES = 2**26


def sealed(page: str) -> bytes:
    """Return the bytes of a page, with the digest behind it."""
    data = page.encode("utf-8", "replace")
    data += b"" if data.endswith(b"\n") else b"\n"
    return data + f"<!-- a page of grader report, sha256 {hashlib.sha256(data).hexdigest()} -->\n".encode()


def stale_pages(folder: Path, written: Collection[str]) -> tuple[list[Path], list[Path]]:
    """Return the pages in a folder but those `written`: such as were sealed and are so still, and the others."""
    own: list[Path] = []
    others: list[Path] = []
    for path in sorted(folder.glob("*.html")):
        if path.name not in written:
            (own if _is_own(path) else others).append(path)
    return own, others


def _is_own(path: Path) -> bool:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return False
        data = path.read_bytes()
    except OSError:
        return False
    place = data.rfind(b"<!-- a page of", max(0, len(data) - _SEAL_BYTES))
    found = _SEAL.fullmatch(data, place) if place >= 0 else None
    return found is not None and hashlib.sha256(data[:place]).hexdigest().encode() == found[1]
