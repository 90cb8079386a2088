"""Make the virtual environments of `peers.py`, one for each tool, with pinned versions.

An environment is made once and used again as long as what it should hold stays the same. Packages come from
wherever pip or uv is set up to take them.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["PeerError", "environment_of", "variables", "versions"]

ROOT = Path(__file__).parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
INSTALL_SECONDS = 1800
# numpy is in all of them, so that `import torch` is the same work everywhere.
COMMON = ("torch==2.13.0", "numpy==2.4.6")
REQUIREMENTS = {
    "chainrule": ("-e", str(ROOT)),
    "nbgrader": ("nbgrader==0.9.6", "ipykernel==7.4.0"),
    "gradescope-utils": ("gradescope-utils==0.5.0",),
    # otter-grader needs a kernel, and does not ask for one.
    "otter-grader": ("otter-grader==7.0.0", "ipykernel==7.4.0", "nbconvert==7.17.2", "pandas==3.1.1", "dill==0.4.1"),
    "pytest": ("pytest==9.2.0",),
}
_OF_OTHERS = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "GRADER_COURSE")
_VERSIONS = """\
import importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))"""


class PeerError(Exception):
    """A tool can't be installed or run here; the message says why."""


def environment_of(tool, folder):
    """Return the folder of a tool's environment, which is made if it is not there as it should be."""
    place = folder.resolve() / tool
    ready = place / "ready"
    wanted = "\n".join((*COMMON, *REQUIREMENTS[tool], "", CONSTRAINTS.read_text()))
    if not ready.is_file() or ready.read_text() != wanted:
        print(f"making the environment of {tool} in {place}", file=sys.stderr)
        shutil.rmtree(place, ignore_errors=True)
        _install(place, [*COMMON, *REQUIREMENTS[tool]])
        ready.write_text(wanted)
    return place


def _install(place, requirements):
    python = str(place / "bin" / "python")
    given = ["--constraint", str(CONSTRAINTS), *requirements]
    if uv := shutil.which("uv"):
        _do([uv, "venv", "--quiet", "--python", sys.executable, str(place)])
        _do([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *given])
    else:
        _do([sys.executable, "-m", "venv", str(place)])
        _do([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *given])


def _do(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerError(f"{' '.join(command[:4])} ...: {error}") from error
    if done.returncode:
        said = [line.strip() for line in done.stderr.splitlines() if line.strip() and "WARNING" not in line]
        raise PeerError(f"can't be installed: {(said or ['no reason was given'])[-1]}")


def variables(place, folder):
    """Return the variables for a tool's processes: its own programs first, one thread, and no user's settings.

    What the tool keeps between runs goes below `folder`.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _OF_OTHERS}
    return {
        **kept,
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter" / "config"),
        "JUPYTER_DATA_DIR": str(folder / "jupyter" / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "jupyter" / "runtime"),
        "OMP_NUM_THREADS": "1",
        "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "VIRTUAL_ENV": str(place),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }


def versions(place, names):
    """Return the versions of those of these packages that an environment has."""
    command = [place / "bin" / "python", "-c", _VERSIONS, *names]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
