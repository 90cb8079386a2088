"""A clock that jumps for one trial of `torture.py` alone: a Python of its own, whose `time` adds what a file says.

The machine's clock stays as it is, and with it the times of files and the waiting that the kernel does.
"""

import mmap
import struct
import sysconfig
import venv
from pathlib import Path

__all__ = ["JumpingClock"]

_MODULE = '''\
"""Add to both clocks what a file says, which this process and all its children share."""
import mmap
import struct
import time

with open({file!r}, "r+b") as _file:
    _shared = mmap.mmap(_file.fileno(), 16)


def _jumping(now, place, unit):
    return lambda: now() + type(now())(struct.unpack_from("<d", _shared, place)[0] * unit)


time.time, time.time_ns = _jumping(time.time, 0, 1), _jumping(time.time_ns, 0, 10**9)
time.monotonic, time.monotonic_ns = _jumping(time.monotonic, 8, 1), _jumping(time.monotonic_ns, 8, 10**9)
'''


class JumpingClock:
    """A Python in a folder; `jump` what it and all processes that it starts take for the time."""

    def __init__(self, folder):
        venv.create(folder, symlinks=True, with_pip=False)
        self.python = str(folder / "bin" / "python")
        file = folder / "jump"
        file.write_bytes(bytes(16))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), 16)
        (site,) = Path(folder).glob("lib/python*/site-packages")
        (site / "jumping.py").write_text(_MODULE.format(file=str(file)))
        packages = sysconfig.get_path("purelib")
        (site / "jumping.pth").write_text(f"import jumping\nimport site; site.addsitedir({packages!r})\n")

    def jump(self, wall, steady):
        """Let the time of day jump by some seconds, and the steady clock, which sleep lets jump ahead."""
        struct.pack_into("<dd", self._shared, 0, wall, steady)
