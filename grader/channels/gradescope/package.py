"""`grader package gradescope`: pack an assignment as an autograder that an instructor uploads to Gradescope.

Holds the private course of that one assignment, and nothing of another. Same course, same install, same bytes.
Source: "Autograder specifications" in Gradescope's documentation.
"""

from __future__ import annotations

import sys
from pathlib import Path

from grader.course.assignment import Assignment, Course
from grader.course.reading import load_assignment
from grader.course.secret import individual_files, read_secret
from grader.course.suite_files import suite_files
from grader.errors import UsageError
from grader.formats.forms import Visibility
from grader.packaging.archive import pack
from grader.packaging.wheel import build_wheel, pinned_versions
from grader.version import __version__
from grader.whole import write_whole

__all__ = ["advice", "package_gradescope"]

_SCRIPTS = frozenset({"setup.sh", "run_autograder"})
_MINORS = (12, 13, 11, 14)

_SETUP = r"""#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image of this autograder.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
source="$root/source"
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

# Nobody but root reads the solutions and the hidden tests.
chmod -R go-rwx "$source"

# The Python whose packages were pinned comes first.
candidates=(@PYTHONS@)

find_python() {
    local name
    for name in "${candidates[@]}" python3; do
        if command -v "$name" >/dev/null \
            && "$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

if ! python="$(find_python)"; then
    apt-get update
    for name in "${candidates[@]}"; do  # Ubuntu 22.04 has python3.11, 24.04 has python3.12
        apt-get install -y --no-install-recommends "$name" "$name-venv" && break
    done
    if ! python="$(find_python)"; then
        echo "Chainrule needs Python 3.11 or later, and apt has none: choose a newer base image in Gradescope." >&2
        exit 1
    fi
fi
echo "Python: $("$python" --version) at $python"

"$python" -m venv --clear "$root/venv"
pip=("$root/venv/bin/python" -m pip install --quiet --no-cache-dir)
"${pip[@]}" --upgrade pip
# The CPU build of torch is a tenth of the other; where its index fails, the next line takes the other.
"${pip[@]}" --no-deps --constraint "$source/constraints.txt" torch \
    --index-url https://download.pytorch.org/whl/cpu \
    || echo "PyTorch's index for CPUs did not answer; the usual build of torch is installed instead"
"${pip[@]}" --constraint "$source/constraints.txt" "$source"/@WHEEL@

# What students' own data hangs on, where they have any, is for its owner alone.
find "$source/course/solutions" -maxdepth 1 -name "individual.*" -exec chmod 600 {} +

# What this says of the sandbox holds for the machine that builds the image; each run tries it anew.
"$root/venv/bin/python" -I -m grader doctor --course "$source/course" \
    || echo "No submission would get a score on this machine; the lines above say why."

# What is the same for all submissions is computed here, and not by each in a container of its own.
OMP_NUM_THREADS=1 XDG_CACHE_HOME="$source/cache" "$root/venv/bin/python" -I -B -m grader cache --fill \
    --course "$source/course" || echo "Each submission takes some seconds longer; the lines above say why."
"""

_RUN = r"""#!/usr/bin/env bash
# Gradescope runs this, as root, for each submission, and then reads results/results.json.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
python="${AUTOGRADER_PYTHON:-$root/venv/bin/python}"
mkdir -p "$root/results"
rm -rf "$root/results/results.json"  # what stands there later is of this run
if [ ! -x "$python" ]; then
    echo "No score: $python is missing, so setup.sh did not come to its end; see the log of the image's build."
    exit 1
fi
export OMP_NUM_THREADS=1 XDG_CACHE_HOME="$root/source/cache"
cd /  # -I: nothing that was handed in is imported, and no variable adds to the path
exec "$python" -I -B -X utf8 -m grader.channels.gradescope.run --root "$root" --hidden @HIDDEN@
"""


def package_gradescope(course: Course, name: str, path: Path, *, hidden: Visibility = Visibility.VISIBLE) -> list[str]:
    """Write the autograder of one assignment to `path`, readable for its owner; return what to say of it.

    `hidden` is the visibility of hidden checks. Raises UsageError where it can't be written.
    """
    if name not in course.names:
        raise UsageError(f"{name}: there is no such assignment; there is {', '.join(course.names)}")
    assignment = load_assignment(course, name)
    wheel, data = build_wheel()
    files = {wheel: data, "constraints.txt": _constraints().encode(), **_course_files(assignment)}
    files["setup.sh"] = _SETUP.replace("@WHEEL@", wheel).replace("@PYTHONS@", " ".join(_pythons())).encode()
    files["run_autograder"] = _RUN.replace("@HIDDEN@", hidden).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, pack(files, executable=_SCRIPTS), mode=0o600)
    except OSError as error:
        raise UsageError(f"--out {path}: {error.strerror}") from error
    return [f"wrote {path} (chainrule {__version__}, {len(files)} files)", *advice(assignment)]


def advice(assignment: Assignment) -> list[str]:
    """Return what an instructor has to know of the package."""
    return [
        "Keep it private: it holds the solutions and the hidden tests. Upload it as the assignment's autograder.",
        f"Give the assignment {assignment.max_score:g} points in Gradescope.",
        "It is not known whether Gradescope's machines have Landlock: hand in the reference once to see. Where they",
        "have none, no submission gets a score, and what the run prints says what you can do.",
    ]


def _pythons() -> list[str]:
    own = sys.version_info.minor
    return [f"python3.{minor}" for minor in (own, *(other for other in _MINORS if other != own))]


def _constraints() -> str:
    head = f"# The versions beside which this package was made, on Python 3.{sys.version_info.minor}.\n"
    return head + "".join(f"{line}\n" for line in pinned_versions())


def _course_files(assignment: Assignment) -> dict[str, bytes]:
    """Return what grading reads, by its place in the package; never an alternative, and of no other assignment."""
    private = (assignment.misconceptions, assignment.teaching, assignment.pictures)
    authored = (assignment.toml, assignment.reference, *private)
    languages = sorted(assignment.locale.glob("*/LC_MESSAGES/*.mo"))
    paths = [path for path in (*authored, *languages) if path.is_file()] + suite_files(assignment.hidden_suite)
    course = assignment.course
    own: dict[Path, bytes] = {}
    if assignment.individual:
        secret = read_secret(course)
        if secret is None or not course.register.is_file():
            said = "is individual, and no student was given data yet; hand it out by `grader release --for`"
            raise UsageError(f"{assignment.name} {said}")
        own = {course.secret: secret, **{path: path.read_bytes() for path in individual_files(assignment)}}
    files = {**{path: path.read_bytes() for path in paths}, **own}
    return {f"course/{path.relative_to(course.root).as_posix()}": data for path, data in files.items()}
