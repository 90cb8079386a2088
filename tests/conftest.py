"""Load the plug-in that judges hidden suites, whichever folder of tests pytest is called with."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

AT_HAND = Path(__file__).parent / "at_hand"
sys.path.append(str(AT_HAND))

import forked  # noqa: E402 - it is in that folder

pytest_plugins = ["grader.judge.plugin", "grader.judge.local"]


def pytest_configure(config):
    """Give the tests a cache of their own, and a process that has torch; the processes of one run share both."""
    forked.install()
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    folder = tempfile.TemporaryDirectory(prefix="chainrule-tests-")
    config.add_cleanup(folder.cleanup)
    os.environ["XDG_CACHE_HOME"] = folder.name
    os.environ["LC_ALL"] = "C.UTF-8"  # what students read is English, whoever runs the tests
    os.environ[forked.PLACE] = str(Path(folder.name) / "torch")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(AT_HAND), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [sys.executable, "-P", "-s", AT_HAND / "template.py", os.environ[forked.PLACE]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PATH": os.defpath, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "TMPDIR": tempfile.gettempdir()},
    )
    config.add_cleanup(lambda: (process.stdin.close(), process.stdout.close(), process.wait()))
    assert process.stdout.readline() == b"listens\n"


@pytest.fixture(autouse=True, scope="module")
def _started_by(request):
    """Have what grades started by `exec` where a module says so, and in all attacks."""
    with pytest.MonkeyPatch.context() as patch:
        if getattr(request.module, "STARTED_BY_EXEC", False) or request.path.parent.name == "redteam":
            patch.delenv(forked.PLACE)
        yield
