"""What a confined worker can't do to files, the network, processes and the kernel, each act tried from inside one."""

from __future__ import annotations

import os
import platform
import re
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from confinement import FILE_SIZE, MEMORY, ROOT, Inside, zygote_fixture  # noqa: F401 - a fixture

from grader.course.reading import find_course, load_assignment
from grader.sandbox.mode import SandboxMode
from grader.sandbox.zygote import Zygote

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach

seccompy = pytest.importorskip("seccompy", reason="the sandbox is Linux's")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

# EPERM is seccomp's answer, EACCES Landlock's, EROFS that of mounts, ENOSYS what glibc is told of clone3. Any other
# error, such as EINVAL or ENOENT, would mean that the kernel went as far as looking at the arguments.
REFUSALS = {"EPERM", "EACCES", "ENOSYS", "EROFS"}


@dataclass(frozen=True)
class Places:
    outside: Path
    full: Path
    paths: dict[str, object]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Files of the grader's user, which that user may read and write, and a worker must not."""
    assignment = load_assignment(find_course(ROOT), "gradient_descent")
    outside = tmp_path / "outside"
    outside.mkdir()
    full = outside / "full"
    full.write_text("full")
    (outside / "folder").mkdir()
    sibling = tmp_path / "gradient_descent_sibling.py"
    sibling.write_text("secret = 1")
    paths: dict[str, object] = {
        "outside": str(outside),
        "full": str(full),
        "folder": str(outside / "folder"),
        "sibling": str(sibling),
        "course": str(ROOT),
        "checkout": str(ROOT / "grader" / "backends" / "session.py"),
        "hidden": str(assignment.hidden_suite),
        "reference": str(assignment.reference),
        "toml": str(assignment.toml),
        "checker": os.getpid(),
    }
    return Places(outside, full, paths)


def state_of(folder: Path) -> list[tuple[object, ...]]:
    """Everything about a folder that an attack could change."""
    found = []
    for path in sorted([folder, *folder.rglob("*")]):
        info = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(info.st_mode) else b""
        found.append((path, info.st_mode, info.st_uid, info.st_nlink, info.st_mtime_ns, content))
    return found


# --- files ----------------------------------------------------------------------------------------

READS = {
    "passwd": "open('/etc/passwd').read()",
    "shadow": "open('/etc/shadow').read()",
    "hosts": "open('/etc/hosts').read()",
    "hidden suite": "open(p['hidden']).read()",
    "reference": "open(p['reference']).read()",
    "assignment.toml": "open(p['toml']).read()",
    "sibling submission": "open(p['sibling']).read()",
    "checkout": "open(p['checkout']).read()",
    "course folder": "os.listdir(p['course'])",
    "hidden folder": "os.listdir(os.path.dirname(p['hidden']))",
    "sibling folder": "os.listdir(os.path.dirname(p['sibling']))",
    "root folder": "os.listdir('/')",
    "home folder": "os.listdir('/root' if os.getuid() == 0 else '/home')",
    "tmp folder": "os.listdir('/tmp')",
    "etc folder": "os.listdir('/etc')",
    "dev folder": "os.listdir('/dev')",
    "dev shm folder": "os.listdir('/dev/shm')",
    "run folder": "os.listdir('/run')",
    "sys folder": "os.listdir('/sys')",
    "parent of its folder": "os.listdir('..')",
    "root by chdir": "(os.chdir('/'), os.listdir('.'))",
    "course by chdir": "(os.chdir(p['course']), open('grader/backends/session.py').read())",
    "course by an O_PATH descriptor": "os.open('README.md', os.O_RDONLY, dir_fd=os.open(p['course'], os.O_PATH))",
    "file by an O_PATH descriptor": "open('/proc/self/fd/%d' % os.open(p['hidden'], os.O_PATH)).read()",
    "proc folder": "os.listdir('/proc')",
    "proc self status": "open('/proc/self/status').read()",
    "proc self maps": "open('/proc/self/maps').read()",
    "proc self mem": "os.open('/proc/self/mem', os.O_RDWR)",
    "proc self environ": "open('/proc/self/environ', 'rb').read()",
    "proc self fd folder": "os.listdir('/proc/self/fd')",
    "proc self root": "os.listdir('/proc/self/root/etc')",
    "proc parent mem": "os.open('/proc/%d/mem' % os.getppid(), os.O_RDONLY)",
    "proc parent environ": "open('/proc/%d/environ' % os.getppid(), 'rb').read()",
    "proc parent cmdline": "open('/proc/%d/cmdline' % os.getppid(), 'rb').read()",
    "proc parent folder": "os.listdir('/proc/%d/cwd' % os.getppid())",
    "proc parent descriptor": "open('/proc/%d/fd/0' % os.getppid(), 'rb')",
    "proc checker mem": "os.open('/proc/%d/mem' % p['checker'], os.O_RDONLY)",
    "proc checker environ": "open('/proc/%d/environ' % p['checker'], 'rb').read()",
    "proc checker link": "os.readlink('/proc/%d/cwd' % p['checker'])",
    "proc 1 status": "open('/proc/1/status').read()",
    "proc sysrq": "os.open('/proc/sysrq-trigger', os.O_WRONLY)",
    "dev mem": "os.open('/dev/mem', os.O_RDONLY)",
    "dev kmsg": "os.open('/dev/kmsg', os.O_RDONLY)",
    "dev tty": "os.open('/dev/tty', os.O_RDWR)",
    "dev ptmx": "os.open('/dev/ptmx', os.O_RDWR)",
    "loading a library of its own": "ctypes.CDLL(p['full'])",
}

WRITES = {
    "a new file": "os.open(p['outside'] + '/new', os.O_CREAT | os.O_WRONLY)",
    "an unnamed file": "os.open(p['outside'], os.O_TMPFILE | os.O_WRONLY)",
    "a file": "os.open(p['full'], os.O_WRONLY)",
    "appending to a file": "os.open(p['full'], os.O_WRONLY | os.O_APPEND)",
    "emptying a file by O_TRUNC": "os.open(p['full'], os.O_RDONLY | os.O_TRUNC)",
    "emptying a file by O_WRONLY and O_TRUNC": "os.open(p['full'], os.O_WRONLY | os.O_TRUNC)",
    "access mode 3": "os.open(p['full'], 3)",
    "access mode 3 and O_TRUNC": "os.open(p['full'], 3 | os.O_TRUNC)",
    "emptying by open, the system call": "system_call(NR['open'], p['full'].encode(), os.O_TRUNC)",
    "access mode 3 by open, the system call": "system_call(NR['open'], p['full'].encode(), 3)",
    "openat2": "system_call(NR['openat2'], -100, p['full'].encode(), bytes(24), 24)",
    "creat": "system_call(NR['creat'], (p['outside'] + '/new').encode(), 0o600)",
    "truncate": "os.truncate(p['full'], 0)",
    "rename inside": "os.rename(p['full'], p['outside'] + '/other')",
    "rename into its folder": "os.rename(p['full'], 'mine')",
    "rename out of its folder": "(open('mine', 'w').close(), os.rename('mine', p['full']))",
    "link": "os.link(p['full'], p['outside'] + '/link')",
    "link into its folder": "os.link(p['full'], 'link')",
    "symbolic link": "os.symlink(p['full'], p['outside'] + '/link')",
    "unlink": "os.unlink(p['full'])",
    "rmdir": "os.rmdir(p['folder'])",
    "mkdir": "os.mkdir(p['outside'] + '/new')",
    "fifo": "os.mkfifo(p['outside'] + '/fifo')",
    "fifo in its folder": "os.mkfifo('fifo')",
    "chown": "os.chown(p['full'], 12345, 12345)",
    "extended attribute": "os.setxattr(p['full'], 'user.x', b'1')",
    "file handle": "system_call(NR['open_by_handle_at'], -100, bytes(128), 0)",
    "inotify": "system_call(NR['inotify_init1'], 0)",
    "fanotify": "system_call(NR['fanotify_init'], 0, 0)",
}

# shutil.copy sets modes and times, so these are answered that all went well, and nothing is done.
SILENT = {
    "chmod": "os.chmod(p['full'], 0o777)",
    "fchmodat": "os.chmod(p['full'], 0o4777, follow_symlinks=True)",
    "utime": "os.utime(p['full'], (1, 1))",
}


# --- processes, sockets, the kernel ---------------------------------------------------------------

FAMILIES = {
    "unix": 1, "inet": 2, "ax25": 3, "ipx": 4, "appletalk": 5, "inet6": 10, "key": 15, "netlink": 16, "packet": 17,
    "rds": 21, "can": 29, "tipc": 30, "bluetooth": 31, "alg": 38, "nfc": 39, "vsock": 40, "kcm": 41, "qipcrtr": 42,
    "smc": 43, "xdp": 44,
}  # fmt: skip
SOCKETS = {
    f"socket {name} {kind}": f"system_call(NR['socket'], {family}, {number}, 0)"
    for name, family in FAMILIES.items()
    for kind, number in (("stream", 1), ("datagram", 2), ("raw", 3))
    if name in ("unix", "inet", "netlink") or number != 2
} | {
    "socketpair": "socket.socketpair()",
    "name look-up": "socket.getaddrinfo('example.org', 80)",
    "connect": "system_call(NR['connect'], own_socket(), bytes(16), 16)",
    "bind": "system_call(NR['bind'], own_socket(), bytes(16), 16)",
    "listen": "system_call(NR['listen'], own_socket(), 1)",
    "accept": "system_call(NR['accept4'], own_socket(), 0, 0, 0)",
    "passing a descriptor": "system_call(NR['sendmsg'], own_socket(), bytes(56), 0)",
    "taking a descriptor": "system_call(NR['recvmsg'], own_socket(), bytes(56), 64)",
    "io_uring": "system_call(NR['io_uring_setup'], 1, bytes(120))",
    "aio": "system_call(NR['io_setup'], 1, bytes(8))",
}

PROCESSES = {
    "fork": "os.fork()",
    "fork, the system call": "system_call(NR['fork'])",
    "vfork": "system_call(NR['vfork'])",
    "forkpty": "os.forkpty()",
    "clone without a thread": "system_call(NR['clone'], signal.SIGCHLD, 0, 0, 0, 0)",
    "clone with new namespaces": "system_call(NR['clone'], 0x7E020000 | signal.SIGCHLD, 0, 0, 0, 0)",
    "clone with high bits": "system_call(NR['clone'], (0x10000 << 32) | signal.SIGCHLD, 0, 0, 0, 0)",
    "clone3": "system_call(NR['clone3'], bytes(88), 88)",
    "execv": "os.execv('/bin/true', ['true'])",
    "execv of what is not there": "os.execv('/nowhere/at-all', ['nothing'])",
    "execveat": "system_call(NR['execveat'], -100, b'/bin/true', 0, 0, 0)",
    "posix_spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "posix_spawn of python": "os.posix_spawn(sys.executable, ['python', '-c', ''], {})",
    "system": "_checked(LIBC.system(b'true'))",
    "os.system": "_checked(os.system('true'))",
    "subprocess": "subprocess.run(['/bin/true'])",
    "popen": "os.popen('true')",
    "multiprocessing": "_multiprocessing('fork')",
    "multiprocessing spawn": "_multiprocessing('spawn')",
    "pipe": "os.pipe()",
    "ptrace the parent": "system_call(NR['ptrace'], 16, os.getppid(), 0, 0)",
    "ptrace me": "system_call(NR['ptrace'], 0, 0, 0, 0)",
    "process_vm_readv": "system_call(NR['process_vm_readv'], os.getppid(), 0, 0, 0, 0, 0)",
    "process_vm_writev": "system_call(NR['process_vm_writev'], os.getpid(), 0, 0, 0, 0, 0)",
    "process_madvise": "system_call(NR['process_madvise'], 0, 0, 0, 0, 0)",
    "pidfd_open": "system_call(NR['pidfd_open'], os.getppid(), 0)",
    "pidfd_getfd": "system_call(NR['pidfd_getfd'], 0, 0, 0)",
    "kcmp": "system_call(NR['kcmp'], os.getpid(), os.getppid(), 0, 0, 0)",
    "kill the parent": "os.kill(os.getppid(), 0)",
    "kill the parent with SIGKILL": "os.kill(os.getppid(), signal.SIGKILL)",
    "kill the checker": "os.kill(p['checker'], 0)",
    "kill everything": "os.kill(-1, 0)",
    "kill its group": "os.kill(0, 0)",
    "kill itself": "os.kill(os.getpid(), 0)",
    "kill by a pid with high bits": "system_call(NR['kill'], os.getppid() | 2**32, 0)",
    "tgkill": "system_call(NR['tgkill'], os.getppid(), os.getppid(), 0)",
    "tkill": "system_call(NR['tkill'], os.getppid(), 0)",
    "queue a signal": "system_call(NR['rt_sigqueueinfo'], os.getppid(), 9, bytes(128))",
    "signal another by its socket: F_SETOWN": "fcntl.fcntl(own_socket(), fcntl.F_SETOWN, p['checker'])",
    "signal another by its socket: F_SETOWN_EX": "fcntl.fcntl(own_socket(), 15, struct.pack('ii', 1, p['checker']))",
    "signal another by its socket: F_SETSIG": "fcntl.fcntl(own_socket(), 10, signal.SIGKILL)",
    "raise a limit": "system_call(NR['setrlimit'], resource.RLIMIT_AS, bytes(16))",
    "limit the parent": "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (1, 1))",
    "raise a limit by prlimit": "resource.prlimit(0, resource.RLIMIT_CPU, (10000, 10000))",
    "limit by a pointer with high bits": "system_call(NR['prlimit64'], 0, 9, 2**32, 0)",
    "priority": "os.setpriority(os.PRIO_PROCESS, 0, -20)",
    "scheduler": "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))",
    "affinity": "os.sched_setaffinity(0, {0})",
    "affinity of the parent": "os.sched_setaffinity(os.getppid(), {0})",
    "session": "os.setsid()",
    "group": "os.setpgid(0, 0)",
    "uid": "os.setuid(0)",
    "gid": "os.setgid(0)",
    "groups": "os.setgroups([0])",
    "capset": "system_call(NR['capset'], bytes(8), bytes(24))",
}

KERNEL = {
    "mount": "system_call(NR['mount'], b'none', b'/', 0, 0x44000, 0)",
    "umount": "system_call(NR['umount2'], os.getcwd().encode(), 2)",
    "open_tree": "system_call(NR['open_tree'], -100, b'/', 0)",
    "fsopen": "system_call(NR['fsopen'], b'tmpfs', 0)",
    "pivot_root": "system_call(NR['pivot_root'], b'.', b'.')",
    "chroot": "os.chroot('.')",
    "unshare": "system_call(NR['unshare'], 0x10000000)",
    "setns": "system_call(NR['setns'], 0, 0)",
    "bpf": "system_call(NR['bpf'], 0, bytes(120), 120)",
    "userfaultfd": "system_call(NR['userfaultfd'], 1)",
    "memfd_create": "os.memfd_create('x')",
    "memfd_secret": "system_call(NR['memfd_secret'], 0)",
    "shm_open": "_shared_memory()",
    "shmget": "system_call(NR['shmget'], 0, 4096, 0o1600)",
    "semget": "system_call(NR['semget'], 0, 1, 0o1600)",
    "msgget": "system_call(NR['msgget'], 0, 0o1600)",
    "mq_open": "system_call(NR['mq_open'], b'x', os.O_CREAT | os.O_RDWR, 0o600, 0)",
    "keyctl": "system_call(NR['keyctl'], 0, -3, 0)",
    "add_key": "system_call(NR['add_key'], b'user', b'x', b'y', 1, -3)",
    "perf_event_open": "system_call(NR['perf_event_open'], bytes(128), 0, -1, -1, 0)",
    "personality": "system_call(NR['personality'], 0x0040000)",
    "seccomp": "system_call(NR['seccomp'], 1, 0, bytes(16))",
    "landlock": "system_call(NR['landlock_create_ruleset'], 0, 0, 1)",
    "prctl dumpable": "system_call(NR['prctl'], 4, 1, 0, 0, 0)",
    "prctl parent's death": "system_call(NR['prctl'], 1, 0, 0, 0, 0)",
    "prctl with high bits": "system_call(NR['prctl'], 4 | (15 << 32), 0, 0, 0, 0)",
    "terminal input": "fcntl.ioctl(0, 0x5412, b'x')",
    "socket ioctl": "fcntl.ioctl(own_socket(), 0x8901, struct.pack('i', os.getppid()))",
    "sethostname": "socket.sethostname('x')",
    "reboot": "system_call(NR['reboot'], 0, 0, 0, 0)",
    "kexec_load": "system_call(NR['kexec_load'], 0, 0, 0, 0)",
    "init_module": "system_call(NR['init_module'], 0, 0, b'')",
    "swapon": "system_call(NR['swapon'], b'/', 0)",
    "settimeofday": "system_call(NR['settimeofday'], bytes(16), 0)",
    "clock_settime": "time.clock_settime(time.CLOCK_REALTIME, 0.0)",
    "syslog": "system_call(NR['syslog'], 2, bytes(8), 8)",
    "quotactl": "system_call(NR['quotactl'], 0, 0, 0, 0)",
    "mlockall": "system_call(NR['mlockall'], 3)",
    "vmsplice": "system_call(NR['vmsplice'], 0, 0, 0, 0)",
    "name_to_handle_at": "system_call(NR['name_to_handle_at'], -100, b'.', bytes(200), bytes(8), 0)",
    "iopl": "system_call(NR['iopl'], 3)",
    "modify_ldt": "system_call(NR['modify_ldt'], 0, 0, 0)",
}

HELPERS = """
def _checked(status):
    if status != 0:
        raise PermissionError(errno.EPERM, "it did not run")

def _multiprocessing(method):
    import multiprocessing
    process = multiprocessing.get_context(method).Process(target=print)
    process.start()
    process.join()

def _shared_memory():
    import multiprocessing.shared_memory
    return multiprocessing.shared_memory.SharedMemory(create=True, size=4096)
"""


def numbers_in(source: str) -> dict[str, int]:
    """Return the numbers of the system calls that a source names; one that this machine lacks skips the test."""
    found = {}
    for name in re.findall(r"NR\['(\w+)'\]", source):
        try:
            found[name] = seccompy.syscall_nr(name)
        except (KeyError, ValueError):
            pytest.skip(f"no system call {name} on {platform.machine()}")
    return found


def attempt(zygote: Zygote, expression: str, places: Places) -> tuple[str, str]:
    source = f"NR = {numbers_in(expression)!r}\n{HELPERS}\ndef act(p):\n    return {expression}\n"
    inside = Inside(zygote, source + "\ndef attempt_act(p):\n    return attempt(act, p)\n")
    try:
        return inside.attempt("act", places.paths)
    finally:
        inside.worker.close()


def assert_refused(outcome: tuple[str, str]) -> None:
    kind, detail = outcome
    assert kind == "refused", f"it was {kind}: {detail}"
    assert detail in REFUSALS, detail


@pytest.mark.parametrize("act", READS.values(), ids=READS)
def test_worker_cannot_read(zygote: Zygote, places: Places, act: str):
    kind, detail = attempt(zygote, act, places)

    assert kind == "refused", f"it was {kind}: {detail}"
    # a library's loader tells no errno; what is not on this machine, or in this namespace, is not there to read
    assert (
        detail in REFUSALS
        or "cannot open shared object" in detail
        or (detail == "ENOENT" and ("/dev/" in act or "sysrq" in act))
    )


@pytest.mark.parametrize("act", WRITES.values(), ids=WRITES)
def test_worker_cannot_write(zygote: Zygote, places: Places, act: str):
    before = state_of(places.outside)

    kind, detail = attempt(zygote, act, places)

    assert state_of(places.outside) == before
    assert kind == "refused", f"it was {kind}: {detail}"
    assert detail in REFUSALS | {"EXDEV"}  # a move between mounts is no move


@pytest.mark.parametrize("act", SILENT.values(), ids=SILENT)
def test_worker_changes_no_mode_or_time(zygote: Zygote, places: Places, act: str):
    before = state_of(places.outside)

    attempt(zygote, act, places)

    assert state_of(places.outside) == before


@pytest.mark.parametrize("act", SOCKETS.values(), ids=SOCKETS)
def test_worker_reaches_no_network(zygote: Zygote, places: Places, act: str):
    kind, detail = attempt(zygote, act, places)

    assert kind in ("refused", "raised"), f"it was {kind}: {detail}"
    assert kind == "raised" or detail in REFUSALS or "name resolution" in detail or "not known" in detail


@pytest.mark.parametrize("act", PROCESSES.values(), ids=PROCESSES)
def test_worker_touches_no_process(zygote: Zygote, places: Places, act: str):
    assert_refused(attempt(zygote, act, places))


@pytest.mark.parametrize("act", KERNEL.values(), ids=KERNEL)
def test_worker_changes_nothing_of_the_kernel(zygote: Zygote, places: Places, act: str):
    assert_refused(attempt(zygote, act, places))


@pytest.mark.skipif(platform.machine() != "x86_64", reason="machine code for x86-64")
@pytest.mark.parametrize(
    "code",
    [
        # fork as the 32-bit call number 2, and as number 57 of the x32 interface
        pytest.param("b8 02 00 00 00 cd 80 48 98 c3", id="int 0x80"),
        pytest.param("b8 39 00 00 40 0f 05 c3", id="x32"),
    ],
)
def test_worker_has_no_other_system_call_table(zygote: Zygote, places: Places, code: str):
    source = f"""
        def attempt_act(p):
            memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
            memory.write(bytes.fromhex("{code}"))
            address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
            parent = os.getpid()
            result = ctypes.CFUNCTYPE(ctypes.c_long)(address)()
            if os.getpid() != parent:
                os._exit(0)
            return ("refused", errno.errorcode.get(-result)) if result < 0 else ("done", str(result))
    """
    inside = Inside(zygote, source)

    kind, detail = inside.attempt("act", places.paths)

    inside.worker.close()
    assert kind == "died" or (kind == "refused" and detail in REFUSALS), (kind, detail)


# --- memory ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root may read a worker's memory")
def test_no_canary_in_a_worker_or_the_zygote(places: Places):
    from grader.backends.reference import Reference

    assignment = load_assignment(find_course(ROOT), "gradient_descent")
    reference = Reference(assignment)  # so that this process holds what a fork would inherit
    suite = assignment.hidden_suite.read_bytes()
    needle = b"chainrule-" + b"canary"
    assert needle in suite
    assert needle in memory_of(os.getpid())

    with Zygote(
        mode=SandboxMode.AUTO, memory=MEMORY, file_size=FILE_SIZE, secret_paths=(assignment.hidden_suite,)
    ) as own:
        inside = Inside(own, "def double(x):\n    return 2 * x\n")
        assert inside.call("double", 21) == 42
        in_worker = needle in memory_of(inside.worker.pid)
        assert own.pid is not None
        in_zygote = needle in memory_of(own.pid)
        inside.worker.close()

    assert reference.defined
    assert not in_worker
    assert not in_zygote


def memory_of(pid: int) -> bytes:
    """Return the writable memory of a process, without its largest maps (stacks and arenas that are empty)."""
    parts = []
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, permissions, *_ = line.split()
            start, end = (int(part, 16) for part in span.split("-"))
            if not permissions.startswith("rw") or end - start > 2**28:
                continue
            try:
                memory.seek(start)
                parts.append(memory.read(end - start))
            except OSError:  # [vvar] and the like
                continue
    return b"\0".join(parts)


# --- how it is seen that nothing changed ----------------------------------------------------------


def test_state_of_sees_every_change(places: Places):
    before = state_of(places.outside)

    shutil.copy(places.full, places.outside / "new")

    assert state_of(places.outside) != before
