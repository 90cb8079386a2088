"""The parsers of `fuzz.py` for what a run of the grader keeps for the next one.

`PARSERS` is as in `fuzz_submitted.py`. What may change only by damage, since its owner alone can write it, must do no
harm all the same.
"""

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec
import torch
from fuzz_changes import changed, changed_json, changed_value
from fuzz_reports import class_of, render, report
from fuzz_submitted import ASSIGNMENT, ROOT

from grader import wire
from grader.channels.git.place import Place, known, remember
from grader.channels.git.repository import Blob
from grader.commands.out_folder import OutFolder
from grader.course.reading import find_course, load_assignment
from grader.errors import WireError
from grader.formats.json import to_json
from grader.judge.examples import Examples
from grader.judge.keeping import pack, unpack
from grader.judge.results import Kept, Results
from grader.judge.store import Store
from grader.report.report import Audience
from grader.report.view import view
from grader.sandbox.mode import SandboxMode
from grader.submissions.found import Found
from grader.suite import kept as kept_function
from grader.suite.student import Student

__all__ = ["PARSERS"]

_BLOBS = [Blob(path=f"{ASSIGNMENT}.py", id="a" * 40, size=12, link=False)]
_DRAWN = "node"


@dataclass(frozen=True, eq=False)
class Case:
    """A suite's own value."""

    numbers: torch.Tensor
    name: str = "case"


@kept_function
def doubled(case, times, dtype=torch.float32):
    """Compute what an oracle would."""
    return (times * case.numbers).to(dtype), [1.5, None]


_MODULES = {__name__: {"Case": Case, "doubled": doubled}}


def _kept_folder(folder):
    """Return where one result is kept: its file, what is found there, and the reader of it."""
    submission = folder / "anna.py"
    submission.write_text("x = 1\n")
    found = Found(given="anna.py", path=submission)
    (folder / "cache").mkdir(mode=0o700)
    results = Results(load_assignment(find_course(ROOT), ASSIGNMENT), SandboxMode.AUTO, folder / "cache")
    results.keep(results.fingerprint(found), found, Kept(sandbox="s", report=report()))
    (path,) = (folder / "cache").rglob("*.kept")
    return path, found, results


def entries():
    """Return a file of the store."""
    with tempfile.TemporaryDirectory() as folder:
        path, _, _ = _kept_folder(Path(folder))
        return [path.read_bytes()]


def entry(folder):
    """Read a file of the store: it is as it was, or there is none."""
    path, found, results = _kept_folder(folder)
    whole = path.read_bytes()

    def read(data):
        path.write_bytes(data)
        assert (results.take(found) is None) == (data != whole), "a damaged entry was taken"
        return "read" if data == whole else "refused"

    return read


def kept():
    """Return what is kept of a result."""
    return [msgspec.json.encode(Kept(sandbox="s", report=report()))]


def kept_result(folder):
    """Read a result with a right checksum."""
    path, found, results = _kept_folder(folder)
    name, key = path.name.split(".")[:2]
    store = Store(folder=path.parent)

    def read(data):
        store.write(name, key, data)
        taken = results.take(found)
        if taken is None:
            return "refused"
        render(taken.report)
        return "read"

    return read


def recordings():
    """Return what is kept of a suite: its examples, and what the oracle said of them."""
    case = Case(torch.ones(3))
    doubled(case, 2.0, dtype=torch.float64)
    examples = Examples(drawn={_DRAWN: [{"case": case, "others": (1, [None, "x"])}]})
    return [pack(examples, {"model": ("tuple", ("tensor", "number"))}, _MODULES)]


def recording(data):
    """Read it as a suite that begins does."""
    drawn, containers, fills = unpack(data, _MODULES, Student())
    for fill in fills:
        fill()
    assert all(isinstance(name, str) for name in [*drawn, *containers])
    assert all(isinstance(example, dict) for examples in drawn.values() for example in examples)


def changed_frame(data, chance):
    """Return a frame of another value, or with its bytes changed."""
    if chance.random() < 0.5:
        with contextlib.suppress(WireError, RecursionError):
            return wire.encode(changed_value(wire.decode(data, strided=True), chance), strided=True)
    return changed(data, chance)


def lasts():
    """Return what is remembered of the last push."""
    with tempfile.TemporaryDirectory() as folder:
        place = _place(Path(folder))
        remember(place, _BLOBS, "state", class_of(report()), report())
        return [path.read_bytes() for path in place.results.iterdir()]


def last(folder):
    """Read what is remembered, with the next push of the same files."""
    place = _place(folder)

    def read(data):
        (place.results / f"{ASSIGNMENT}.known").write_bytes(data)
        found = known(place, ASSIGNMENT, _BLOBS, "state")
        if found is None:
            return "refused"
        render(found.report)
        return "read"

    return read


def _place(folder):
    place = Place(state=folder / "state", student="anna")
    place.results.mkdir(parents=True)
    return place


def results():
    """Return a result as the folder of `--out` has it."""
    return [to_json(view(class_of(report()), Audience.STAFF)).encode()]


def result(folder):
    """Look at what an earlier run may have left in the folder of `--out`, and at a stranger's file."""
    out = folder / "results"
    out.mkdir()

    def read(data):
        (out / "stranger.json").write_bytes(data)
        (out / "anna.py.json").write_bytes(data)
        with contextlib.closing(OutFolder(out, ["bo.py"])) as run:
            removed = run.remove_stale(ASSIGNMENT)
        assert (out / "stranger.json").exists(), "another's file was removed"
        return "read" if removed else "refused"

    return read


PARSERS = {
    "entry": (entries, entry, (), changed),
    "kept": (kept, kept_result, (), changed_json),
    "recording": (recordings, lambda _: recording, ValueError, changed_frame),
    "last push": (lasts, last, (), changed_json),
    "result": (results, result, (), changed_json),
}
