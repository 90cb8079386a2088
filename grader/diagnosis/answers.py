"""What the reference and each variant of the catalogue answer, kept: a suite asks all submissions nearly the same.

Nothing in it comes of a submission but the questions, so that an answer may be kept from one run to the next as well.
"""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from grader import wire
from grader.backends.reference import Reference, ask_variant
from grader.worker.runtime import Runtime

__all__ = ["Answers"]

_MOST_BYTES = 2**24
_NOTHING = compile("", "nothing", "exec")
_CUT_SHORT = frozenset({"KeyboardInterrupt", "MemoryError", "TooMuch"})
_Answer = dict[object, object]


class Answers:
    """Answers of variants, each under all that the variant was asked until then: it may remember."""

    def __init__(self, reference: Callable[[], Reference], known: Mapping[bytes, bytes]) -> None:
        self._reference = reference
        self._known = dict(known)
        self._bytes = sum(map(len, self._known.values()))
        self.new = False

    @property
    def entries(self) -> Mapping[bytes, bytes]:
        """What is known: digests of what was asked, and the answers as frames."""
        return self._known

    def of_reference(self, questions: Sequence[bytes]) -> list[_Answer]:
        """Return what the reference answers to each request, a frame, by itself."""
        return [next(self.of_variant("", _NOTHING, [question])) for question in questions]

    def of_variant(self, name: str, code: types.CodeType, questions: Sequence[bytes]) -> Iterator[_Answer]:
        """Yield what a variant that begins anew answers to these requests, frames, one after another."""
        runtime: Runtime | None = None
        asked = hashlib.sha256(name.encode())
        for number, question in enumerate(questions):
            asked.update(question)
            key = asked.digest()[:16]
            frame = self._known.get(key)
            if frame is None:
                if runtime is None:
                    runtime = self._reference().with_variant(code)
                    for earlier in questions[:number]:
                        ask_variant(runtime, earlier)
                frame = ask_variant(runtime, question)
                answer = cast("_Answer", wire.decode(frame))
                if not _is_cut_short(answer):
                    self._keep(key, frame)
            else:
                if runtime is not None:
                    ask_variant(runtime, question)
                answer = cast("_Answer", wire.decode(frame))
            yield answer

    def _keep(self, key: bytes, frame: bytes) -> None:
        if self._bytes + len(frame) > _MOST_BYTES:
            self._known.clear()
            self._bytes = 0
        self._known[key] = frame
        self._bytes += len(frame)
        self.new = True


def _is_cut_short(answer: _Answer) -> bool:
    """Say whether a limit of this process ended an answer: that is of the submission at hand, and of no variant."""
    found = answer.get("answers")
    items = found if isinstance(found, list) else []
    return any(isinstance(item, dict) and item.get("raised") in _CUT_SHORT for item in items)
