"""What an address of no scheduler is told as, and that whoever hangs on the other side can be left."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time

import pytest
from click.testing import CliRunner

from grader.cluster.asking import asked
from grader.cluster.connecting import connected
from grader.commands.cli import root
from grader.errors import UsageError


@contextlib.contextmanager
def server(greeting):
    """Serve nothing but a greeting, or with None end each connection at once; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept = []

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    kept.append(connection)
                    if greeting is None:
                        connection.close()
                    else:
                        connection.sendall(greeting)

        threading.Thread(target=serve, daemon=True).start()
        yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        for connection in kept:
            connection.close()


@pytest.mark.parametrize(
    ("greeting", "said"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\nthis is the dashboard", "speaks another protocol"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "speaks another protocol"),
        (b"\xff" * 4096, ""),
        (None, "Connection reset|Stream is closed"),
    ],
)
def test_whoever_answers_and_is_no_scheduler_is_said_to_be_none(greeting, said):
    with (
        server(greeting) as address,
        pytest.raises(
            UsageError, match=rf"{address}: no scheduler of dask answers there \(.*({said}).*tcp://HOST:8786"
        ),
        connected(address),
    ):
        pass


@pytest.mark.parametrize(
    "address", ["", "localhost", "http://127.0.0.1:1", "inproc://x", "tls://127.0.0.1:1", "\x1b[31m"]
)
def test_what_is_no_address_is_said_without_a_try(address):
    with pytest.raises(UsageError, match="no scheduler of dask answers there"), connected(address):
        pass


def test_command_says_it_in_a_line_and_waits_for_nothing(small_course):
    small_course.write("class/small.py", "")
    command = [sys.executable, "-m", "grader", "grade", small_course.root / "class", "--course", small_course.root]

    with server(None) as address:
        done = subprocess.run([*command, "--cluster", address], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_worker_is_no_scheduler(tmp_path):
    pytest.importorskip("distributed")
    code = (
        "import asyncio\nfrom distributed.core import Server\n\n"
        "class Worker(Server):\n    def __init__(self):\n        super().__init__({'identity': self.identity})\n\n"
        "async def main():\n    one = Worker()\n    await one.listen('tcp://127.0.0.1:0')\n"
        "    print(one.address, flush=True)\n    await asyncio.sleep(100)\n\nasyncio.run(main())\n"
    )
    environment = {**os.environ, "DASK_LOGGING__DISTRIBUTED": "critical"}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment) as run:
        try:
            address = run.stdout.readline().strip()

            with (
                pytest.raises(UsageError, match=f"{address}: that is a Worker of dask; name the address"),
                connected(address),
            ):
                pass
        finally:
            run.kill()


def test_question_is_answered_or_raises_where_it_was_asked():
    def wrong():
        raise KeyError("x")

    assert asked(lambda: 4, 60, pytest.fail) == 4
    with pytest.raises(KeyError, match="x"):
        asked(wrong, 60, pytest.fail)


def test_whoever_asks_what_hangs_is_told_and_can_leave():
    told = []
    hanging = threading.Event()

    def waiting():
        told.append(time.monotonic())
        if len(told) == 3:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        asked(hanging.wait, 0.01, waiting)

    assert len(told) == 3
    hanging.set()


def test_jobs_beside_a_cluster_are_refused_before_anybody_is_asked():
    found = CliRunner().invoke(root, ["grade", "nowhere.py", "--cluster", "tcp://127.0.0.1:1", "--jobs", "2"])

    assert isinstance(found.exception, UsageError)
    assert "as many are graded at a time as its workers have threads" in str(found.exception)
