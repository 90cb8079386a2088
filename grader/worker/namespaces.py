"""Give the zygote namespaces of its own and a size-limited tmpfs, where the host allows it.

An extra and never a requirement: hosted runners and containers often refuse. Without the tmpfs a
worker has no writable folder at all. Called before torch is imported, while there is one thread.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

__all__ = ["isolate", "mount_private", "unmount"]

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x4000, 1 << 18
_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _RDONLY = 442, -100, 0x8000, 1  # the same number on every architecture
_MNT_DETACH = 2
_TMPFS_BYTES = 64 * 2**20


def isolate(private: Path) -> str:
    """Unshare mounts, network and IPC, and put a tmpfs on `private`; everything else can only be read.

    What a worker reads could be told by the time at which it was read, which no worker changes where a mount is
    read-only. Return "" where that worked, else what the kernel said.
    """
    try:
        _unshare(_NEWNS | _NEWNET | _NEWIPC | _NEWUTS)
        _mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
        _read_only(b"/")
        mount_private(private)
    except OSError as error:
        return f"{error.strerror} ({error.filename})"
    return ""


def mount_private(folder: Path) -> None:
    """Mount an empty tmpfs of 64 MiB on `folder`; raises OSError."""
    options = f"size={_TMPFS_BYTES},nr_inodes=4096,mode=0700".encode()
    _mount(b"tmpfs", os.fsencode(folder), b"tmpfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, options)


def _read_only(folder: bytes) -> None:
    """Let nothing be written below a folder, on any mount that there is; raises OSError."""
    attributes = (ctypes.c_uint64 * 4)(_RDONLY, 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    call = _libc().syscall
    if call(_MOUNT_SETATTR, _AT_FDCWD, folder, _AT_RECURSIVE, ctypes.byref(attributes), size) != 0:
        raise _error("mount_setattr")


def unmount(folder: Path) -> None:
    """Take a tmpfs away with all that is in it, however deep and whoever holds it; raises OSError."""
    if _libc().umount2(os.fsencode(folder), _MNT_DETACH) != 0:
        raise _error("umount2")


def _unshare(flags: int) -> None:
    """Unshare, with a user namespace where this process may not do it as it is."""
    uid, gid = os.getuid(), os.getgid()
    if _libc().unshare(flags) == 0:
        return
    if _libc().unshare(flags | _NEWUSER) != 0:
        raise _error("unshare")
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    except OSError as error:
        raise OSError(error.errno, error.strerror, "uid_map") from error


def _mount(source: bytes, target: bytes, kind: bytes | None, flags: int, options: bytes | None) -> None:
    if _libc().mount(source, target, kind, ctypes.c_ulong(flags), options) != 0:
        raise _error("mount")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _error(call: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), call)
