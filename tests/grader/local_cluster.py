"""A cluster of worker processes on this machine, in a process apart: what a test talks to, and kills parts of."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from processes import descendants

_CODE = """
import sys


def main():
    import dask
    from distributed import LocalCluster

    number, threads, failures = map(int, sys.argv[1:])
    with dask.config.set({"distributed.scheduler.allowed-failures": failures}):
        cluster = LocalCluster(
            n_workers=number, threads_per_worker=threads, processes=True, dashboard_address="127.0.0.1:0", protocol="tcp://"
        )
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
    cluster.close()


if __name__ == "__main__":
    main()
"""


class LocalCluster:
    """Its `address`; who uses it as a context leaves no process of it."""

    def __init__(self, folder, *, workers=2, threads=1, failures=3, **environment):
        script = Path(folder) / "cluster.py"
        script.write_text(textwrap.dedent(_CODE))
        # No current folder of a course, or of this checkout: a worker finds the course by what it is told.
        self._process = subprocess.Popen(
            [sys.executable, script, *map(str, (workers, threads, failures))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={
                **os.environ,
                "DASK_LOGGING__DISTRIBUTED": "critical",
                "DASK_TEMPORARY_DIRECTORY": str(folder),
                **environment,
            },
        )
        self.address = self._process.stdout.readline().strip()
        assert self.address

    def __enter__(self):
        return self

    def __exit__(self, *_):
        everything = descendants(self._process.pid)
        self._process.stdin.close()
        try:
            self._process.wait(60)
        finally:
            for process in [self._process.pid, *everything]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            self._process.wait()
            self._process.stdout.close()

    def processes(self):
        """Return the process of the cluster, and all below it."""
        return {self._process.pid, *descendants(self._process.pid)}

    def workers(self):
        """Return the processes of workers: each is the child of a nanny, which is a thread of the cluster's."""
        return {process for process in descendants(self._process.pid) if _is(process, b"spawn_main")}

    def checkers(self):
        """Return what workers have started: servers of checkers, checkers, zygotes and workers of submissions."""
        found = {below for worker in self.workers() for below in descendants(worker)}
        return {below for below in found if _is(below, b"grader.judge.server")}

    def kill(self):
        """Kill the scheduler with the nannies."""
        os.kill(self._process.pid, signal.SIGKILL)


def _is(process, word):
    with contextlib.suppress(OSError):
        return word in Path(f"/proc/{process}/cmdline").read_bytes()
    return False
