"""Take away from a worker everything that a student's functions do not need.

`Confinement` is prepared in the zygote, where nothing is forbidden yet, and applied in the forked
worker before the first line of the submission runs. Layers: rlimits, NO_NEW_PRIVS, Landlock (files,
TCP, signals, abstract sockets) and a seccomp allow-list. It raises rather than leave a layer out.

What a submission may do beyond computing: read the interpreter, its libraries and their data; write
below its private folder if that is a size-limited tmpfs. No process, no thread, no lock. Sources: `landlock(7)`,
`seccomp(2)`. Both filters answer with an error, never a kill, so that a student reads what happened.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import resource
import signal
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import landlockpy
import seccompy
from seccompy import Action, CmpOp, Filter

__all__ = ["Confinement", "die_with_parent", "limit", "readable_paths"]

_READ = landlockpy.AccessFS.READ_FILE | landlockpy.AccessFS.READ_DIR
_WRITE = (
    landlockpy.AccessFS.WRITE_FILE
    | landlockpy.AccessFS.READ_FILE
    | landlockpy.AccessFS.READ_DIR
    | landlockpy.AccessFS.REMOVE_DIR
    | landlockpy.AccessFS.REMOVE_FILE
    | landlockpy.AccessFS.MAKE_DIR
    | landlockpy.AccessFS.MAKE_REG
    | landlockpy.AccessFS.REFER
    | landlockpy.AccessFS.TRUNCATE
)
_INT = 0xFFFFFFFF
_CLONE_THREAD = 0x10000
_PR_SET_PDEATHSIG = 1
_PR_SET_NAME, _PR_GET_NAME = 15, 16
_FCNTL = (0, 1, 2, 3, 4, 1030)  # F_DUPFD, flags, F_DUPFD_CLOEXEC; by a lock two submissions could speak
_TCGETS, _FIOCLEX, _FIONCLEX = 0x5401, 0x5451, 0x5450

# Names that one architecture lacks are passed over: seccompy knows which ones it has.
_ALLOWED = """
read write readv writev pread64 pwrite64 close close_range lseek fstat stat lstat newfstatat statx access
faccessat faccessat2 readlink readlinkat getdents64 getcwd chdir fchdir statfs fstatfs dup dup2 dup3 fsync
fdatasync ftruncate fallocate fadvise64 sendfile copy_file_range rename renameat renameat2 mkdir mkdirat rmdir
unlink unlinkat mmap munmap mprotect mremap madvise brk membarrier rt_sigaction rt_sigprocmask rt_sigreturn
sigaltstack futex futex_waitv set_robust_list get_robust_list set_tid_address rseq exit exit_group sched_yield
sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min getpid gettid
getppid getuid geteuid getgid getegid getgroups getrusage getrlimit getpriority times time uname sysinfo umask
gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep restart_syscall select pselect6 poll ppoll
sendto recvfrom getrandom setitimer getitimer alarm
""".split()  # noqa: SIM905 - a paragraph is easier to compare with a manual than 120 lines


class Confinement:
    """The layers that a worker gets, compiled once and the same for every worker."""

    def __init__(self, *, readable: list[Path], hidden: list[Path]) -> None:
        """Prepare; nothing in `hidden` can be read, although it lies in a readable folder.

        Raises OSError or a library's error where a layer is missing.
        """
        if not landlockpy.supported():
            raise OSError(errno.ENOSYS, "this kernel has no Landlock")
        if not seccompy.supported():
            raise OSError(errno.ENOSYS, "this kernel has no seccomp filters")
        self._readable = [path for path in readable if path.exists()]
        self._hiding = _all_but(hidden) if hidden else None
        self._filter = _system_calls()
        _ = self._filter.program  # compile here: it costs a millisecond, and the filter is the same for all

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What `apply` needs, and then closes."""
        return (self._hiding.fileno(),) if self._hiding is not None else ()

    def apply(self, private: Path | None) -> None:
        """Confine this process for good; `private` is the one folder that it may write to."""
        if self._hiding is not None:
            with self._hiding:
                self._hiding.restrict()
        with landlockpy.Ruleset(scoped=landlockpy.Scope.SIGNAL | landlockpy.Scope.ABSTRACT_UNIX_SOCKET) as rules:
            for path in self._readable:
                rules.allow_path(path, _READ if path.is_dir() else landlockpy.AccessFS.READ_FILE)
            rules.allow_path("/dev/null", landlockpy.AccessFS.READ_FILE | landlockpy.AccessFS.WRITE_FILE)
            if private is not None:
                rules.allow_path(private, _WRITE)
            rules.restrict()
        self._filter.load()


def readable_paths() -> list[Path]:
    """Return what an interpreter with torch reads: its own library folders and the system's.

    Not a whole prefix: `/usr` or `/opt` may hold anything, a course among others.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    own = {Path(path) for name in names if (path := sysconfig.get_path(name))}
    own |= {Path(path) for path in sys.path if path.endswith(("site-packages", "dist-packages", "lib-dynload"))}
    system = {Path(path) for path in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")}
    shared = {Path(sys.base_prefix) / "lib" / name for name in _shared_libraries()}
    files = {Path(path) for path in ("/etc/ld.so.cache", "/dev/urandom", "/usr/share/zoneinfo", "/etc/localtime")}
    return sorted(own | system | shared | files)


def _all_but(hidden: list[Path]) -> landlockpy.Ruleset:
    """Return a layer of its own, by which some folders can't be read, and everything else can.

    A rule can only allow, so that all that lies beside them is allowed one by one: once, since the layer is the same
    for every worker.
    """
    rules = landlockpy.Ruleset(handled_fs=landlockpy.AccessFS.READ_FILE)
    for path in _beside(Path("/"), hidden):
        with contextlib.suppress(OSError):  # it is gone, or may not be reached, and so not be read
            rules.allow_path(path, landlockpy.AccessFS.READ_FILE)
    return rules


def _beside(folder: Path, hidden: list[Path]) -> Iterator[Path]:
    """Yield what lies in a folder, or in one in it, without what is hidden, and without links, which may lead there."""
    with contextlib.suppress(PermissionError):
        for path in folder.iterdir():
            if any(path in item.parents for item in hidden):
                yield from _beside(path, hidden)
            elif path not in hidden and not path.is_symlink():
                yield path


def _shared_libraries() -> list[str]:
    folder = Path(sys.base_prefix) / "lib"
    return [path.name for path in folder.glob("*.so*")] if folder.is_dir() else []


def limit(*, memory: int, file_size: int, cpu_seconds: int) -> None:
    """Set the resource limits of this process; they are the one layer that every Unix has.

    `memory` is what it may map beside what is mapped already: a torch with CUDA maps some GiB by itself.
    """
    memory += _mapped()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file past its limit is an OSError, not a death


def _mapped() -> int:
    """Return the bytes of address space that this process has; 0 where the kernel does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError):
        return 0
    return pages * resource.getpagesize()


def _system_calls() -> Filter:
    rules = Filter(default=Action.ERRNO | errno.EPERM)
    for name in _ALLOWED:
        _allow(rules, name)
    # Access mode 3 and O_RDONLY|O_TRUNC slip past Landlock's first two ABIs, and empty a file.
    for name, position in (("open", 1), ("openat", 2)):
        if _known(name):
            for bits in (3, os.O_TRUNC | 3):
                value = 3 if bits == 3 else os.O_TRUNC
                rules.errno(name, errno.EPERM, args=[(position, CmpOp.MASKED_EQ, value, bits)])
            rules.allow(name)
    # No process, and no thread: EAGAIN is what a thread too many gets, and every library knows it. clone3 keeps its
    # flags in memory, so glibc is sent back to clone.
    rules.errno("clone", errno.EAGAIN, args=[(0, CmpOp.MASKED_EQ, _CLONE_THREAD, _CLONE_THREAD)])
    rules.errno("clone3", errno.ENOSYS)
    rules.allow("prlimit64", args=[(2, CmpOp.EQ, 0)])
    for option in (_PR_SET_NAME, _PR_GET_NAME):
        rules.allow("prctl", args=[(0, CmpOp.MASKED_EQ, option, _INT)])
    # Not F_SETOWN and its kin: by them a socket sends signals to any process of this user.
    for command in _FCNTL:
        rules.allow("fcntl", args=[(1, CmpOp.MASKED_EQ, command, _INT)])
    for request in (_TCGETS, _FIOCLEX, _FIONCLEX):
        rules.allow("ioctl", args=[(1, CmpOp.MASKED_EQ, request, _INT)])
    # shutil.copy sets modes and times: it is answered that all went well, and nothing is done.
    for name in ("chmod", "fchmod", "fchmodat", "utimensat", "utime", "utimes"):
        if _known(name):
            rules.errno(name, 0)
    for name in ("listxattr", "llistxattr", "flistxattr", "getxattr", "lgetxattr", "fgetxattr"):
        rules.errno(name, errno.ENOTSUP)  # what a file system without them answers; shutil.copytree asks
    return rules


def _known(name: str) -> bool:
    try:
        seccompy.syscall_nr(name)
    except (KeyError, ValueError):
        return False
    return True


def _allow(rules: Filter, name: str) -> None:
    if _known(name):
        rules.allow(name)


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent thread ends (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
