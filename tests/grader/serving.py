"""A course of two tiny assignments, and a real `grader serve` of it."""

import os
import subprocess
import sys
from contextlib import contextmanager

from processes import descendants, gone
from small_course import SmallCourse

from grader.course.reading import find_course
from grader.service.client import ask
from grader.service.place import socket_paths
from grader.submissions.found import Found

RIGHT = "def double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
WRONG = RIGHT.replace("2 * x", "3 * x")
# mean_square takes long enough for something to be done meanwhile.
SLOW = RIGHT.replace("    return (x", "    if not slept:\n        slept.append(time.sleep(0.8))\n    return (x")
SLOW = f"import time\nslept = []\n{SLOW}"


class Course(SmallCourse):
    """The small course, and `other` beside `small`, which is the same by another name."""

    def __init__(self, root):
        super().__init__(root)
        for folder in ("solutions/small", "tests/hidden"):
            for path in sorted((root / folder).iterdir()):
                name = f"{folder}/{path.name}".replace("small", "other")
                self.write(name, path.read_text("utf-8"))

    def found(self, name, source, assignment="small"):
        return Found(given=name, path=self.write(f"class/{name}/{assignment}.py", source).parent)

    def ask(self, name, source, assignment="small", tell=lambda _: None, waiting=lambda: None):
        """Ask whoever serves for a submission; return the answer, or None."""
        found = self.found(name, source, assignment)
        return ask(find_course(self.root), assignment, found, tell=tell, waiting=waiting)


def environment():
    """Return the environment with only such folders of the user as the hook knows, to whom nobody tells of others."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GRADER_", "PYTEST", "XDG_")) and name != "HOME"
    }


def start(root, *options, cwd=None):
    """Start `grader serve` in a process, and wait until it says that it serves."""
    command = [sys.executable, "-m", "grader", "serve", "--course", str(root), *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), cwd=cwd
    )
    assert process.stdout.readline().startswith(f"serving {root} at ")
    return process


@contextmanager
def serving(root, *options):
    """Have `grader serve` run; at the end look that it leaves no process and no socket."""
    process = start(root, *options)
    try:
        yield process
    finally:
        started = descendants(process.pid)
        process.terminate()
        process.communicate(timeout=30)
        sockets = [path for path in socket_paths(find_course(root)) if path.exists()]
    assert gone(started)
    assert (process.returncode, sockets) == (0, [])
