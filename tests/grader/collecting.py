"""A class as a folder or a zip, and where each of its files was placed."""

import io
import zipfile

from grader.channels.nbgrader.collect import collect

NAMES = ("autograd", "gradient_descent")
MOODLE = "Anna Åberg_4711_assignsubmission_file"


def folder_of(root, files):
    """Write files by their names inside a folder, and return it."""
    root.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


def packed(files):
    """Return the bytes of a zip; `files` is a dictionary, or pairs where a name comes twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            # By ZipInfo, which leaves a hostile name as it is.
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, data)
    return out.getvalue()


def zip_of(path, files):
    path.write_bytes(packed(files))
    return path


def placed(path):
    """Return the text of what was collected by student and file name, and the problems."""
    found, problems = collect(path, NAMES)
    return {
        f"{item.student.id}/{item.assignment}": {name: data.decode() for name, data in item.files} for item in found
    }, problems


def whose(path):
    """Return (id, name, number) of each student, where nothing is wrong."""
    found, problems = collect(path, NAMES)
    assert problems == []
    return sorted({(item.student.id, item.student.name, item.student.lms_user_id) for item in found})
