"""A `grader test --watch` that runs, what is saved before it, and what it says."""

import os
import queue
import subprocess
import sys
import threading
import time

ENVIRONMENT = {**os.environ, "COLUMNS": "80", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
COMMAND = [sys.executable, "-m", "grader", "test"]


class Watch:
    """A `--watch` that runs in the root of a release, and what it says."""

    def __init__(self, root):
        self.folder = root / "small"
        self.process = subprocess.Popen(
            [*COMMAND, "--watch"],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=ENVIRONMENT,
        )
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        with self.process.stdout as lines:
            for line in lines:
                self.lines.put(line)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()

    def save(self, text, file="small.py"):
        """Write a file as an editor does, by renaming."""
        new = self.folder / "~new"
        new.write_text(text, "utf-8")
        new.replace(self.folder / file)

    def until(self, *ends):
        """Return what is said up to a line that begins so; how long it takes is not looked at, but for two minutes."""
        said, limit = [], time.monotonic() + 120
        while not said or not said[-1].startswith(ends):
            said.append(self.lines.get(timeout=max(0, limit - time.monotonic())))
        return "".join(said)

    def whole(self):
        """Return what is said up to its end, of an assignment that nothing comes behind."""
        return self.until("A hint", "It was the last")

    def answer(self):
        """Return what is said of the whole, to its end."""
        return self.until("tested: ").splitlines(keepends=True)[-1] + self.until("A hint", "Next: the assignment")
