"""The parsers of `fuzz.py` for what nbgrader's channel takes in: zips of a class, and notebooks to be rebuilt.

`PARSERS` is as in `fuzz_submitted.py`.
"""

import io
import json
import zipfile

from fuzz_changes import changed, changed_json
from fuzz_submitted import ASSIGNMENT, modules, notebooks

from grader.channels.nbgrader.collect import collect
from grader.channels.nbgrader.rebuild import MasterCell, read_cells, rebuild
from grader.errors import UsageError

__all__ = ["PARSERS"]

_MASTERS = [
    MasterCell(grade_id=name, kind="code", source=f"# {name}", locked=locked, grade=True, metadata={"grade_id": name})
    for name, locked in (("a", True), ("b", False))
]


def classes():
    """Return zips of a class as platforms write them."""
    names = [
        f"anna/{ASSIGNMENT}.py",
        f"Bo Li_123_assignsubmission_file_{ASSIGNMENT}.py",
        f"cy_LATE_4_5_{ASSIGNMENT}.ipynb",
    ]
    found = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", method) as archive:
            for name in names:
                archive.writestr(name, modules()[1])
        found.append(data.getvalue())
    return found


def _collected(folder):
    path = folder / "class.zip"

    def read(data):
        path.write_bytes(data)
        found, problems = collect(path, (ASSIGNMENT,))
        assert not any({"/", "\0"} & set(item.student.id) or item.student.id in ("", ".", "..") for item in found)
        "".join(problems).encode()

    return read


def _rebuilt(folder):
    path = folder / f"{ASSIGNMENT}.ipynb"

    def read(data):
        path.write_bytes(data)
        cells = read_cells(path)
        shown = rebuild(cells, _MASTERS)
        json.dumps(shown, ensure_ascii=False).encode()  # as it is written
        made = [cell["metadata"]["nbgrader"]["grade_id"] for cell in shown["cells"] if cell["metadata"]]
        assert sorted(made) == ["a", "b"], "a graded cell is missing, or there twice"
        return "read" if cells else "refused"

    return read


PARSERS = {
    "collected": (classes, _collected, UsageError, changed),
    "rebuilt": (notebooks, _rebuilt, (), changed_json),
}
