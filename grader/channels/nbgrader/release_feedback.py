"""Release feedback to the exchange under every name that a notebook was handed in by.

`nbgrader fetch_feedback` looks for a page by the names in the student's own copy of the submission, where
`release_feedback` knows the released name alone. Who had renamed the notebook would never find theirs.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from grader.submissions.names import by_likelihood

__all__ = ["ReleaseFeedback"]

_SECRET = "submission_secret.txt"  # noqa: S105 - the file's name
_MAX_NAMES = 20  # each is a copy of the page: a student may hand in thousands of notebooks


class ReleaseFeedback(ExchangeReleaseFeedback):
    """nbgrader's, and then each page once more for every other name of a notebook that its student handed in."""

    def copy_files(self) -> None:
        """Write the pages to the exchange, whole or not at all, as nbgrader does."""
        super().copy_files()
        excluded = set((self.coursedir.student_id_exclude or "").split(","))
        for student, folder in self._pages():
            if student in excluded:
                continue
            submitted = self._path(self.coursedir.submitted_directory, student)
            page, secret = _page(folder, self.coursedir.assignment_id), (folder / _SECRET).read_text("utf-8")
            if page is None:
                continue
            for name in _other_names(submitted, folder, self.coursedir.assignment_id):
                self._release(page, notebook_hash(secret=secret, notebook_id=name))
                self.log.info("Feedback of %s is released for the notebook %r, too", student, name)

    def _pages(self) -> Iterator[tuple[str, Path]]:
        """Return each student with the folder of their feedback."""
        shape = self.coursedir.format_path(
            self.coursedir.feedback_directory, "(?P<student>.*)", self.coursedir.assignment_id, escape=True
        )
        whose = self.coursedir.student_id or "*"
        pattern = self._path(self.coursedir.feedback_directory, whose)
        for folder in sorted(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor)))):
            found = re.fullmatch(shape, str(folder))
            if found is not None and (folder / _SECRET).is_file():
                yield found["student"], folder

    def _path(self, step: str, student: str) -> Path:
        return Path(self.coursedir.format_path(step, student, self.coursedir.assignment_id)).absolute()

    def _release(self, page: Path, name: str) -> None:
        part = os.path.join(self.dest_path, f"{name}-tmp.html")
        shutil.copy(page, part)
        os.replace(part, os.path.join(self.dest_path, f"{name}.html"))


def _page(folder: Path, assignment: str) -> Path | None:
    """Return the page of a submission: that of the assignment's name, or the only one."""
    pages = sorted(folder.glob("*.html"))
    named = [page for page in pages if page.stem == assignment]
    return next(iter(named or pages), None) if named or len(pages) == 1 else None


def _other_names(submitted: Path, folder: Path, assignment: str) -> list[str]:
    """Return the names of the notebooks that were handed in and have no page of their own, the likeliest first."""
    if submitted.is_symlink() or not submitted.is_dir():
        return []
    plain = [entry.name for entry in os.scandir(submitted) if stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode)]
    named = [name for name in plain if name.endswith(".ipynb") and _is_text(name)]
    likely = [name for _, name in by_likelihood(named, str, assignment, (assignment,))]
    stems = [name.removesuffix(".ipynb") for name in [*likely, *sorted(set(named) - set(likely))]]
    return [stem for stem in stems if not (folder / f"{stem}.html").exists()][:_MAX_NAMES]


def _is_text(name: str) -> bool:
    """Say whether a name is text, as nbgrader's hash needs it; on Linux it may be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
