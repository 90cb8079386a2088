"""Notice that a file was saved: by watchfiles where it is installed, else by looking (`_course/kit/saves.py`).

Only some files are looked at, and what a notebook or Python itself writes beside them is no save.
"""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

__all__ = ["Saves"]

_LOOK = 0.1  # seconds from look to look
_SETTLED = 0.03  # seconds in which a file that is being written does not change
_REPLACED = 0.2  # seconds in which an editor that saves by renaming has put the new file in the old one's place

State = tuple[int, int] | None


class Saves:
    """Calls `saved` with the files that have changed, from a thread of its own, until it is closed."""

    def __init__(self, files: Iterable[Path], saved: Callable[[list[Path]], None]) -> None:
        """Begin: what changes from now on counts."""
        self._files = list(files)
        self._saved = saved
        self._closed = threading.Event()
        self._states = self._look()
        threading.Thread(target=self._watch, daemon=True).start()

    def close(self) -> None:
        """Stop looking."""
        self._closed.set()

    def _watch(self) -> None:
        for _ in self._occasions():
            while (states := self._look()) != self._states:
                gone = any(state is None and self._states[file] is not None for file, state in states.items())
                time.sleep(_REPLACED if gone else _SETTLED)
                if states != self._look():
                    continue  # it is still being written
                changed = [file for file in self._files if states[file] != self._states[file]]
                self._states = states
                self._saved(changed)

    def _occasions(self) -> Iterator[object]:
        """Give whenever it is worth a look."""
        try:
            watchfiles = importlib.import_module("watchfiles")
        except ImportError:
            while not self._closed.wait(_LOOK):
                yield None
            return
        folders: Sequence[Path] = sorted({file.parent for file in self._files})
        yield from watchfiles.watch(
            *folders,
            recursive=False,
            debounce=50,
            step=10,
            rust_timeout=1000,
            yield_on_timeout=True,  # a drive on the network may tell of no change
            stop_event=self._closed,
            watch_filter=None,
        )

    def _look(self) -> dict[Path, State]:
        return {file: _state(file) for file in self._files}


def _state(file: Path) -> State:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
