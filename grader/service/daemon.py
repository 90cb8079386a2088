"""`grader serve`: listen on the socket of a course, and have graded what its owner asks for.

Judges nothing, runs nothing that is sent, and reads no submission: it is told where one lies, and a checker's sandbox
gets it as on any other way. Whoever asks for something else is dropped, and the others go on.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from grader.course.assignment import Course
from grader.errors import CourseError, GraderError, WireError
from grader.judge.state import grader_state
from grader.report.text import clean
from grader.service.messages import (
    Accepted,
    Declined,
    Failed,
    Grade,
    Graded,
    Ping,
    Told,
    Waiting,
    receive_request,
    send,
)
from grader.service.place import listening, peer
from grader.service.pool import Pool
from grader.service.turns import Turns
from grader.submissions.found import Found

__all__ = ["serve"]

_REQUEST_SECONDS = 10.0
_SEND_SECONDS = 30.0
_TEND_SECONDS = 1.0
_END_SECONDS = 3.0
_MAX_CONNECTIONS = 256


def serve(course: Course, *, idle_seconds: float, jobs: int) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; leave no process and no socket.

    Raises UsageError where it can't listen, and GraderError where it ends since the grader has been changed.
    """
    os.umask(0o077)
    with _signals() as ended, listening(course) as (listener, path):
        daemon = _Daemon(Pool(course.root, idle_seconds=idle_seconds), jobs)
        _say(f"serving {course.root} at {path}")
        try:
            daemon.run(listener, ended)
        finally:
            listener.close()
            daemon.close()
            _say("ended")
    if daemon.outdated:
        raise GraderError("the grader's own files have changed; start `grader serve` again")


@contextlib.contextmanager
def _signals() -> Iterator[int]:
    """Have a descriptor that can be read once a signal says to end; none of them interrupts anything."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)

    def stop(*_: object) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(writing, b"x")

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    yield reading  # the process ends with it: nothing is put back


class _Daemon:
    """The connections that are open, each answered by a thread of its own."""

    def __init__(self, pool: Pool, jobs: int) -> None:
        self._pool = pool
        self._turns = Turns(jobs)
        self._state = grader_state()
        self._threads: set[threading.Thread] = set()
        self.outdated = False

    def run(self, listener: socket.socket, ended: int) -> None:
        """Answer whoever connects, until `ended` can be read or the grader's files are others than at the start."""
        while not self.outdated:
            readable, _, _ = select.select([listener.fileno(), ended], [], [], _TEND_SECONDS)
            if ended in readable:
                return
            self._pool.tend()
            self._threads = {thread for thread in self._threads if thread.is_alive()}
            if readable:
                with contextlib.suppress(OSError):  # whoever connected is gone, or descriptors are short for a moment
                    self._take(listener.accept()[0])

    def _take(self, connection: socket.socket) -> None:
        if peer(connection) != os.getuid() or len(self._threads) >= _MAX_CONNECTIONS:
            connection.close()
            return
        thread = threading.Thread(target=self._answer, args=(connection,), daemon=True)
        self._threads.add(thread)
        thread.start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                self._grade(connection)
            except (OSError, EOFError, WireError):
                pass  # it is gone, or has sent what is no request
            except Exception:  # noqa: BLE001 - a fault of ours: the others are served all the same
                traceback.print_exc()

    def _grade(self, connection: socket.socket) -> None:
        request = receive_request(connection, seconds=_REQUEST_SECONDS)
        connection.settimeout(_SEND_SECONDS)
        if isinstance(request, Ping):
            send(connection, Accepted())
            return
        if request.grader != self._state:
            self.outdated = grader_state() != self._state
            send(connection, Declined(text="this is another version of the grader"))
            return
        if not _sees(request):
            send(connection, Declined(text="there is nothing at that path, seen from here"))
            return
        found = Found(given=request.given, path=Path(request.path))
        send(connection, Accepted())
        with self._turns.turn(partial(send, connection, Waiting())):
            if _is_gone(connection):
                return
            start = time.monotonic()
            try:
                report, sandbox = self._pool.grade(
                    request.assignment, found, tell=lambda progress: send(connection, Told(progress=progress))
                )
            except GraderError as error:
                # What is wrong with the course is so everywhere; a sandbox may be built where none can be here.
                kind = Failed if isinstance(error, CourseError) and not self._pool.closed else Declined
                send(connection, kind(text=str(error)))
                _say(f"{clean(request.assignment)} of {clean(request.given)}: not graded: {clean(str(error))}")
                return
            seconds = time.monotonic() - start
        _say(f"{request.assignment} of {clean(request.given)}: {report.status} in {seconds:.1f} s")
        send(connection, Graded(report=report, sandbox=sandbox))

    def close(self) -> None:
        """End everything that grades, and let those who wait for it know."""
        self._pool.close()
        end = time.monotonic() + _END_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))


def _sees(request: Grade) -> bool:
    """Say whether what lies at the path is what the asker sees there: a service may have a /tmp of its own."""
    try:
        there = os.lstat(request.path)
    except (OSError, ValueError):
        return False
    return (there.st_dev, there.st_ino) == (request.device, request.inode)


def _is_gone(connection: socket.socket) -> bool:
    seconds = connection.gettimeout()
    connection.settimeout(0.0)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(seconds)


def _say(text: str) -> None:
    """Say it to whoever looks; nobody has to."""
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
