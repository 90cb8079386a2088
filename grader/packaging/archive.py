"""Make a zip that is the same bytes each time: sorted, dated 1980, with modes as on Unix."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.errors import UsageError
from grader.whole import write_whole

__all__ = ["pack", "pack_all", "write_zip"]


def pack(files: Mapping[str, bytes], *, executable: frozenset[str] = frozenset()) -> bytes:
    """Return a zip of these files, sorted, with no clock in it: the same bytes each time."""
    return pack_all([files], executable=executable)


def pack_all(parts: Iterable[Mapping[str, bytes]], *, executable: frozenset[str] = frozenset()) -> bytes:
    """Return a zip of files that come part by part, each sorted: no more than one is held as it is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for files in parts:
            for name in sorted(files):
                entry = zipfile.ZipInfo(name)  # dated 1980
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3  # Unix, wherever it is made: else the modes mean nothing
                entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
                archive.writestr(entry, files[name])
    return buffer.getvalue()


def write_zip(path: Path, parts: Iterable[Mapping[str, bytes]]) -> None:
    """Write files that come part by part into the zip of `--zip`; raises UsageError where that can't be written."""
    data = pack_all(parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise UsageError(f"--zip {path}: {error.strerror}") from error
