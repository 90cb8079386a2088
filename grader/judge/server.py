"""The process behind a `CheckerServer`: it collects and records a suite once, and forks a checker for whoever asks.

Started by `exec` with a clean environment, it imports torch, forks the fork server of its zygotes off, and only then
receives what is private (`grader.worker.forkserver`). Wire contract, on the socket that it is started with: first a
`Settings`; then one byte with one end of a socket pair as SCM_RIGHTS, as often as a checker is wanted. On that
socket comes a `Ready`, or the GraderError for which nothing can be graded; then, for each `Found`, a `Progress` for
each exercise as it is checked, and the report. Whoever closes a checker's socket ends that checker, and whoever
closes the server's ends them all.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import NoReturn

from grader.course.assignment import Assignment
from grader.course.reading import load_assignment
from grader.errors import GraderError
from grader.judge.checker import Ready, Settings, end_on_termination
from grader.judge.collecting import with_suite
from grader.judge.driver import Suite
from grader.judge.grading import grade_each
from grader.judge.individual import Owners
from grader.judge.opening import zygotes_for
from grader.judge.store import Store
from grader.report.report import SubmissionReport
from grader.sandbox.forkserver import ForkServer
from grader.sandbox.zygotes import Zygotes
from grader.submissions.found import Found

__all__ = ["serve"]

_ENDING = (signal.SIGTERM, signal.SIGINT)
_END_SECONDS = 4.0  # for a checker to end its zygote and remove its folder


def serve(descriptor: int, fork_server: int, forks: socket.socket) -> NoReturn:
    """Be the process; leave without torch's own teardown, which takes a quarter of its import."""
    end_on_termination()
    sys.dont_write_bytecode = True  # the grader's own modules are imported; nothing is left beside a suite
    control = socket.socket(fileno=descriptor)
    server = _Server(control, ForkServer(fork_server, forks))
    try:
        server.run()
    except (KeyboardInterrupt, EOFError, ConnectionError):
        pass  # whoever asked is gone, or knows
    except BaseException:  # noqa: BLE001 - a fault of ours: nothing after it would show it
        traceback.print_exc()
    finally:
        with contextlib.suppress(KeyboardInterrupt):  # who asked us to end may ask twice
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        server.close()
        _leave()


def _leave() -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


class _Server:
    def __init__(self, control: socket.socket, forks: ForkServer) -> None:
        self._control = control
        self._forks = forks
        self._settings: Settings | None = None
        self._zygotes: Zygotes | None = None  # the first checker's, which warms up while the suite is collected
        self._checkers: set[int] = set()

    def run(self) -> None:
        """Serve whoever asks for checkers."""
        connection = Connection(os.dup(self._control.fileno()))
        settings = self._settings = connection.recv()
        connection.close()
        try:
            assignment = load_assignment(settings.course, settings.name)
            self._zygotes = zygotes_for(assignment, mode=settings.mode, forks=self._forks, kept=settings.kept)
            self._zygotes.start()
            with_suite(
                assignment, lambda suite: self._fork_checkers(assignment, suite), store=Store(folder=settings.kept)
            )
        except GraderError as error:
            for wanted in self._requests():
                wanted.send(error)
                wanted.close()

    def _requests(self) -> Iterator[Connection]:
        """Yield the sockets on which a checker is wanted, until nobody can ask, or nobody has for long."""
        assert self._settings is not None
        last = time.monotonic()
        while True:
            readable, _, _ = select.select([self._control], [], [], self._settings.idle_seconds)
            self._checkers -= {process for process in self._checkers if os.waitpid(process, os.WNOHANG)[0]}
            if not readable:
                if self._checkers or time.monotonic() - last < (self._settings.idle_seconds or 0):
                    continue
                return
            data, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
            if not data:
                return
            last = time.monotonic()
            yield Connection(descriptors[0])

    def _fork_checkers(self, assignment: Assignment, suite: Suite) -> None:
        for wanted in self._requests():
            # Until it is a checker, a fork is ended by nothing: it would end what is the server's.
            signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
            process = os.fork()
            if process == 0:
                try:
                    self._be_checker(wanted, assignment, suite)
                finally:  # also where it is ended twice: what is above it is the server's, and so is what that closes
                    _leave()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
            wanted.close()
            self._checkers.add(process)
            if self._zygotes is not None:
                self._zygotes.leave()
                self._zygotes = None

    def _be_checker(self, connection: Connection, assignment: Assignment, suite: Suite) -> NoReturn:
        """Grade what is asked for on this connection; never return into the server."""
        assert self._settings is not None
        self._control.close()
        self._checkers.clear()
        mode, idle_seconds = self._settings.mode, self._settings.idle_seconds
        forks = self._forks.shared()
        zygotes = self._zygotes
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
            if zygotes is None:
                zygotes = zygotes_for(assignment, mode=mode, forks=forks)
                zygotes.start()
            zygotes.wait_until_ready()
            connection.send(Ready(process=os.getpid(), sandbox=zygotes.description))

            def items() -> Iterator[Found]:
                while connection.poll(idle_seconds):
                    yield connection.recv()

            def each(_: Found, report: SubmissionReport) -> None:
                connection.send(report)

            zygotes = grade_each(
                assignment,
                suite,
                zygotes,
                items(),
                mode=mode,
                forks=forks,
                each=each,
                tell=connection.send,
                store=Store(folder=self._settings.kept),
                owners=Owners(assignment, self._settings.secret),
            )
        except GraderError as error:
            connection.send(error)
        except (KeyboardInterrupt, EOFError, ConnectionError):
            pass
        except BaseException:  # noqa: BLE001 - as above
            traceback.print_exc()
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            if zygotes is not None:
                zygotes.close()
            _leave()

    def close(self) -> None:
        """End every checker, the zygote that none of them had, and the fork server."""
        for process in self._checkers:
            os.kill(process, signal.SIGTERM)
        end = time.monotonic() + _END_SECONDS
        while self._checkers:
            self._checkers -= {process for process in self._checkers if os.waitpid(process, os.WNOHANG)[0]}
            if time.monotonic() > end:
                for process in self._checkers:
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.002)
        if self._zygotes is not None:
            self._zygotes.close()
        self._forks.close()
