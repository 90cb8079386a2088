"""Measure what one command takes with all its descendants: CPU time, wall time and memory.

CPU time is counted of processes that were left behind as well: they become this process's children
(`adopt_orphans`), and are waited for. Sampling the memory runs in this process, and is in no figure.
"""

import contextlib
import ctypes
import os
import re
import resource
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Run", "adopt_orphans", "measured", "running_seconds"]

SAMPLE_SECONDS = 0.2
SETTLE_SECONDS = 30  # for what a command left running; then it is ended
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one command took: seconds and MiB; `lines` are what it wrote, each with the second in which it came.

    `others` is the CPU time that everything else on the machine used meanwhile, this process included.
    """

    exit_code: int
    wall: float
    cpu: float
    others: float
    peak_mib: float
    lines: tuple[tuple[float, str], ...]

    @property
    def log(self):
        """Return the lines without their times."""
        return [line for _, line in self.lines]


def adopt_orphans():
    """Let processes whose parents have ended become this process's children, so that their CPU time counts."""
    if not sys.platform.startswith("linux") or ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        sys.exit("this benchmark needs Linux: processes that are left behind must come to it")


def measured(command, folder, environment, *, limit=None):
    """Run a command, and wait for whatever it leaves running; after `limit` seconds all of it is ended."""
    before, machine_before = children_seconds(), machine_seconds()
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    memory = Memory(process.pid, begun + limit if limit else float("inf"))
    memory.start()
    lines = [(time.perf_counter() - begun, line) for line in process.stdout]
    code = process.wait()
    wall = time.perf_counter() - begun
    memory.ended.set()
    memory.join()
    settle()
    if memory.unread:
        print(f"the memory of a process could not be read {memory.unread} times", file=sys.stderr)
    cpu = children_seconds() - before
    others = machine_seconds() - machine_before - cpu
    return Run(exit_code=code, wall=wall, cpu=cpu, others=others, peak_mib=memory.peak / 1024, lines=tuple(lines))


class Memory(threading.Thread):
    """Sample the sum of the PSS of all descendants, and reap those that were left to this process.

    `until` is the time of `perf_counter` from which on all descendants are ended.
    """

    def __init__(self, main, until):
        super().__init__(daemon=True)
        self.main = main
        self.until = until
        self.peak = 0
        self.unread = 0
        self.ended = threading.Event()

    def run(self):
        """Sample until the run has ended."""
        while not self.ended.wait(SAMPLE_SECONDS):
            total = 0
            late = time.perf_counter() > self.until
            for process, parent, state in descendants():
                if state == "Z" and parent == os.getpid() and process != self.main:
                    os.waitpid(process, 0)
                elif state != "Z":
                    total += self.pss(process)
                    if late:
                        end(process)
            self.peak = max(self.peak, total)

    def pss(self, process):
        """Return a process's proportional share of memory, in KiB."""
        try:
            text = Path(f"/proc/{process}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return 0  # it has ended
        except PermissionError:
            self.unread += 1
            return 0
        found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
        return int(found[1]) if found else 0


def descendants():
    """Return (process, parent, state) of all processes below this one."""
    table = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            table[int(entry)] = (int(fields[1]), fields[0])
    below, found = [os.getpid()], []
    while below:
        parent = below.pop()
        children = [process for process, (its, _) in table.items() if its == parent]
        found += [(process, *table[process]) for process in children]
        below += children
    return found


def settle():
    """Wait for what was left running, end what does not end, and reap it all, so that its CPU time counts."""
    until = time.monotonic() + SETTLE_SECONDS
    while found := descendants():
        for process, parent, state in found:
            if state == "Z" and parent == os.getpid():
                os.waitpid(process, 0)
            elif time.monotonic() > until:
                end(process)
        time.sleep(SAMPLE_SECONDS)


def end(process):
    with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
        os.kill(process, 9)


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def running_seconds():
    """Return the CPU seconds of all descendants so far: of those that run, and of their children that have ended."""
    ticks = 0
    for process, _, _ in descendants():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def machine_seconds():
    """Return the CPU time that the whole machine has spent, waiting left out."""
    user, nice, system, _, _, irq, softirq, *_ = Path("/proc/stat").read_text().split("\n")[0].split()[1:]
    return sum(map(int, (user, nice, system, irq, softirq))) / os.sysconf("SC_CLK_TCK")
