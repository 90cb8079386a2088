"""Find the submissions behind results again: files and folders by their names, and parts of what a platform hands out.

What lies there may be another one by now; whoever reads it compares the bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath

from grader.classes.telling_apart import told_apart
from grader.errors import UsageError
from grader.report.text import clean
from grader.submissions.discover import discover
from grader.submissions.found import Found

__all__ = ["places_of"]


def places_of(names: Iterable[str], folder: Path | None, assignments: tuple[str, ...]) -> dict[str, Found]:
    """Return where submissions lie, by their names in the results; those that are nowhere are left out.

    They are looked for where they were, or in `folder`, the class as it lies now. A class is a folder or a zip.
    """
    places: dict[str, Found] = {}
    classes: dict[Path, Mapping[str, Found]] = {}
    for name in names:
        path = Path(name) if folder is None else folder / PurePath(name).name
        if os.path.lexists(path):
            places[name] = Found(given=name, path=path)
            continue
        root = path.parent
        if root not in classes:
            classes[root] = _parts(root, assignments)
        if path.name in classes[root]:
            places[name] = classes[root][path.name]
    return places


def _parts(root: Path, assignments: tuple[str, ...]) -> dict[str, Found]:
    """Return the submissions of a class as a platform hands it out, by the last part of their names in a report."""
    try:
        found = told_apart(discover([str(root)], assignments)) if os.path.lexists(root) else []
    except UsageError:
        return {}
    return {PurePath(clean(item.given)).name: item for item in found}
