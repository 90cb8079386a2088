"""Give every parser that meets hostile bytes what was changed at random: each ends in a value or in its own error.

    python benchmarks/fuzz.py [--frames 1000000] [--files 100000] [--stored 140000] [--seed N] [--only NAME ...]

One line for each parser says how many inputs it read and how many it refused, in which time, and by how many MiB the
process has grown since the first tenth. Whatever else came of one, a parser that takes long, and memory without end,
is printed with the input, and the script ends with 1.
"""

import argparse
import contextlib
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import fuzz_nbgrader
import fuzz_stored
import fuzz_submitted
import fuzz_told

__all__ = ["KINDS", "PARSERS", "SECONDS", "fuzz", "main"]

PARSERS = fuzz_submitted.PARSERS | fuzz_nbgrader.PARSERS | fuzz_stored.PARSERS | fuzz_told.PARSERS
KINDS = {
    "frames": ("frame", "strided", "push"),
    "files": ("notebook", "module", "archive", "collected", "rebuilt"),
    "stored": ("gradebook", "listed", "tree", "commit", "loose", *fuzz_stored.PARSERS, *fuzz_told.PARSERS),
}
SECONDS = 20.0
"""For one input."""
_ROOM = 2**31  # bytes of address space beside what is there in the beginning
_GROWTH = 64  # MiB that allocators may take for themselves


class _TooLong(BaseException):
    """One input took too long; no Exception, so that no parser takes it for one of its own."""


def fuzz(name, count, chance, folder):
    """Return how many inputs were read and refused, and the first that ended otherwise."""
    corpus, reader, refusal, change = PARSERS[name]
    originals, read, counts = corpus(), reader(folder), Counter()
    before = grown()
    with _alarm():
        for number in range(count):
            if number == count // 10:
                before = grown()
            data = change(chance.choice(originals), chance)
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
            try:
                counts[read(data) or "read"] += 1
            except refusal:
                counts["refused"] += 1
            except (Exception, _TooLong) as error:  # noqa: BLE001 - that is what is looked for
                return counts, f"{type(error).__name__}: {error}: {data!r}"[:2000]
    counts["MiB"] = grown() - before
    return counts, "" if counts["MiB"] < _GROWTH else "it grows"


def grown():
    """Return how many MiB this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 2**20


@contextlib.contextmanager
def _alarm():
    def ring(*_):
        raise _TooLong(f"{SECONDS:g} s is too long")

    before = signal.signal(signal.SIGALRM, ring)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def main(arguments=None):
    """Run all of it; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=1_000_000, help="and lines of pushes")
    parser.add_argument("--files", type=int, default=100_000, help="notebooks, modules, archives")
    parser.add_argument("--stored", type=int, default=140_000, help="objects of git, and what is read again")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", action="append", choices=PARSERS, help="this parser; may be said again")
    options = parser.parse_args(arguments)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + _ROOM, used + _ROOM))
    failed = 0
    for kind, names in KINDS.items():
        for name in names:
            if not getattr(options, kind) or (options.only and name not in options.only):
                continue
            begun, count = time.monotonic(), getattr(options, kind) // len(names)
            with tempfile.TemporaryDirectory() as folder:
                found, wrong = fuzz(name, count, random.Random(options.seed), Path(folder))
            spent = f"{time.monotonic() - begun:6.0f} s {found['MiB']:4} MiB"
            print(f"{name:12} {found['read']:8} read {found['refused']:8} refused {spent}  {wrong}", flush=True)
            failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
