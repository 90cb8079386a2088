"""The zygotes of one checker: one for each set of tools that its exercises lack, started when it is needed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from grader.sandbox.forkserver import ForkServer
from grader.sandbox.mode import SandboxMode
from grader.sandbox.worker import Worker
from grader.sandbox.zygote import Zygote
from grader.worker.without import Without

__all__ = ["Zygotes"]


class Zygotes:
    """Workers of every kind; start it, and close it.

    `forks` is who forks them; without one they have a fork server of their own, which ends with them. The first, which
    lacks nothing, is started at once, since every submission is read and loaded by its workers.
    """

    def __init__(
        self,
        *,
        mode: SandboxMode,
        memory: int,
        file_size: int,
        secret_paths: tuple[Path, ...],
        forks: ForkServer | None = None,
    ) -> None:
        self._forks = forks
        self._own: ForkServer | None = None
        self._new = partial(Zygote, mode=mode, memory=memory, file_size=file_size, secret_paths=secret_paths)
        self._kinds: dict[Without, Zygote] = {}

    def start(self) -> None:
        """Start the first; it gets ready while the caller goes on."""
        if self._forks is None:
            self._forks = self._own = ForkServer.start()
        self._start(Without.NOTHING)

    def wait_until_ready(self) -> None:
        """Wait for the first, and try its sandbox. Raises SandboxError where a layer is missing or does not hold."""
        self._kinds[Without.NOTHING].wait_until_ready()

    @property
    def description(self) -> str:
        """Say in one line what confines a worker, for the report."""
        return self._kinds[Without.NOTHING].description

    def spawn(self, *, cpu_seconds: int, without: Without = Without.NOTHING) -> Worker:
        """Fork one worker that lacks some tools; `cpu_seconds` is the kernel's limit for its whole life."""
        if without not in self._kinds:
            self._start(without).wait_until_ready()
        return self._kinds[without].spawn(cpu_seconds=cpu_seconds)

    def _start(self, without: Without) -> Zygote:
        zygote = self._kinds[without] = self._new(forks=self._forks, without=without)
        zygote.start()
        return zygote

    def close(self) -> None:
        """End them, and with them every worker; safe to call twice."""
        for zygote in self._kinds.values():
            zygote.close()
        self._kinds.clear()
        if self._own is not None:
            self._own.close()
            self._own = None

    def leave(self) -> None:
        """Let a fork of this process have them: close this end, and end nothing."""
        for zygote in self._kinds.values():
            zygote.leave()
        self._kinds.clear()
