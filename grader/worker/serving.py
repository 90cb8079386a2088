"""What a forked worker does: confine itself, and then answer requests on its own socket until that closes.

It first sends {"confined": bool}, or {"error": text} where a layer could not be applied. Whoever forked it ends the
process when `serve` returns.
"""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path
from typing import cast

from grader import wire
from grader.worker import confinement
from grader.worker.descriptors import keep_only
from grader.worker.holding import hold
from grader.worker.runtime import Runtime
from grader.worker.selftest import forbidden_acts_that_succeed
from grader.worker.tools import hidden_folders
from grader.worker.without import Without

__all__ = ["Kind", "Limits", "serve"]

_Message = dict[str, object]


class Kind:
    """The workers that lack the same tools: what confines them is prepared once, and where that fails, why is kept."""

    def __init__(self, without: Without) -> None:
        """Prepare it."""
        self.without = without
        self._confinement: confinement.Confinement | Exception
        try:
            self._confinement = confinement.Confinement(
                readable=confinement.readable_paths(), hidden=hidden_folders(without)
            )
        except Exception as error:  # noqa: BLE001 - whoever asks for confined workers is told, and nobody else
            self._confinement = error

    def confinement(self) -> confinement.Confinement:
        """Return it; raises whatever a layer raised that is missing."""
        if isinstance(self._confinement, Exception):
            raise self._confinement
        return self._confinement

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What the workers of this kind need to have open."""
        return () if isinstance(self._confinement, Exception) else self._confinement.descriptors


class Limits:
    """What confines the workers of one zygote: all layers, or the resource limits alone; sizes are bytes."""

    def __init__(self, kind: Kind, *, confine: bool, memory: int, file_size: int) -> None:
        """Raise what a layer has raised that is missing, where they are to be confined."""
        self._memory = memory
        self._file_size = file_size
        self.without = kind.without
        self.confinement = kind.confinement() if confine else None

    def apply(self, writable: Path | None, cpu_seconds: int) -> None:
        """Limit this process for good."""
        confinement.limit(memory=self._memory, file_size=self._file_size, cpu_seconds=cpu_seconds)
        if self.confinement is not None:
            self.confinement.apply(writable)


def serve(connection: socket.socket, limits: Limits, writable: Path | None, cpu_seconds: int) -> None:
    """Become a worker that may write into one folder, and answer until the checker is gone."""
    try:
        confinement.die_with_parent()
        # An open file that workers share carries its offset and its flags from one submission to the next.
        more = limits.confinement.descriptors if limits.confinement is not None else ()
        keep_only(connection.fileno(), *more)
        if writable is not None:
            os.environ.update(HOME=str(writable), TMPDIR=str(writable))
            tempfile.tempdir = None  # torch has asked for it already, and got the zygote's
            os.chdir(writable)
        else:
            os.chdir("/")
        limits.apply(writable, cpu_seconds)
    except Exception as error:  # noqa: BLE001 - a layer that can't be applied must stop the grading
        _answer(connection, {"error": f"{type(error).__name__}: {error}"})
        return
    _answer(connection, {"confined": limits.confinement is not None})
    _serve_runtime(connection, limits.without)


def _serve_runtime(connection: socket.socket, without: Without) -> None:
    runtime = Runtime()
    runtime.ask_by(lambda message: _asked(connection, message))
    held = not without
    while True:
        try:
            request = _received(connection)
        except (EOFError, OSError):
            return
        if request["op"] == "selftest":
            acts = forbidden_acts_that_succeed(request["secrets"], request["outside"], request["memory"])  # type: ignore[arg-type]  # our own request
            _answer(connection, {"id": request["id"], "acts": acts})
            continue
        if not held and request["op"] == "load":  # the last moment at which nothing of the student's has run
            try:
                hold()
            except Exception as error:  # noqa: BLE001 - a layer that can't be applied must stop the grading
                _answer(connection, {"id": request["id"], "error": f"{type(error).__name__}: {error}"})
                return
            held = True
        answer = runtime.handle(request, lambda message: _answer(connection, message))
        try:
            _answer(connection, answer)
        except Exception as error:  # noqa: BLE001 - the boundary: a subclass of tensor runs its own code here
            _answer(connection, {"id": request["id"], "unsendable": f"{error}"[:300]})


def _asked(connection: socket.socket, message: _Message) -> _Message:
    _answer(connection, message)
    return _received(connection)


def _received(connection: socket.socket) -> _Message:
    message = wire.decode(wire.receive(connection), strided=True)
    assert isinstance(message, dict)
    return cast("_Message", message)  # the checker's own


def _answer(connection: socket.socket, message: _Message) -> None:
    wire.send(connection, wire.encode(message))
