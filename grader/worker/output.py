"""Keep what a submission prints, up to a limit, in the place of the streams; shows and judges nothing."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator

__all__ = ["Output", "OutputLimit"]


class OutputLimit(BaseException):
    """Raised inside the student's print when the limit is passed; no `except Exception` stops it."""


class Output(io.TextIOBase):
    """A text stream that keeps what is written, up to a limit; stands in for stdout and stderr."""

    def __init__(self, limit: int) -> None:
        """Begin empty; `limit` counts characters."""
        self._limit = limit
        self._parts: list[str] = []
        self._size = 0

    def write(self, text: str) -> int:
        """Keep a text, or raise OutputLimit."""
        self._size += len(text)
        if self._size > self._limit:
            raise OutputLimit(f"more than {self._limit / 2**20:g} MiB printed")
        self._parts.append(str.__str__(text))
        return len(text)

    def writable(self) -> bool:
        """Say yes."""
        return True

    def take(self) -> str:
        """Return what was written since the last time."""
        text, self._parts, self._size = "".join(self._parts), [], 0
        return text

    @contextlib.contextmanager
    def captured(self) -> Iterator[None]:
        """Put this stream in the place of stdout, and drop what goes to stderr."""
        before = sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__
        sys.stdout = sys.__stdout__ = self  # type: ignore[misc,assignment]  # a student may print to either
        sys.stderr = sys.__stderr__ = io.StringIO()  # type: ignore[misc,assignment]
        try:
            yield
        finally:
            sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__ = before  # type: ignore[misc]
