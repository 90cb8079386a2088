"""Modules that speak out of turn, flood, or stay: for a course of two exercises, of which one is honest work."""

from __future__ import annotations

from hostile import IMPORTS, SOCKET
from redteam.notebooks import HALF, attack_by
from redteam.vault import Attack, Vault

__all__ = ["EVERYWHERE", "PROGRAMS", "UNCONFINED"]

# What a frame begins with, and what it claims: 4 GiB, less a byte, of which nothing follows.
CLAIM = b"\xff\xff\xff\xff"
LONG = (2**32).to_bytes(8, "little")
NAMED = b"M\x01\x00\x00\x00S\x02\x00\x00\x00id"
FRAMES = {
    "text": b"S" + CLAIM,
    "bytes": b"B" + CLAIM,
    "int": b"I" + CLAIM,
    "list": b"L" + CLAIM,
    "tuple": b"U" + CLAIM,
    "dict": b"M" + CLAIM,
    "object": b"O" + CLAIM,
    "key": b"M\x01\x00\x00\x00S" + CLAIM,
    "tensor": b"X\x00\x00\x01" + LONG + LONG,
    "empty_tensor": b"X\x00\x00\x02" + bytes(8) + LONG + bytes(8),
    "tensor_that_wraps": b"X\x00\x00\x02" + LONG + LONG + bytes(8),
    "nothing": b"",
    "cut_short": b"D\x00",
}
BROKEN = "broke its connection to the grader"
GOAL = "struct.error or MemoryError in the reader of frames"


def module(goal: str, body: str, *, top: str = "", said: str = "") -> Attack:
    """Return an attack that does something where it is asked for what it did not solve."""
    lines = "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
    text = f"{IMPORTS}{SOCKET}\n{top}\n{HALF}\ndef mean_square(x):\n{lines}"
    return attack_by(".py", goal, text, said=said)


def framed(frame: bytes) -> Attack:
    return module(GOAL, f"frame = {frame!r}\nraw(struct.pack('<I', len(frame)) + frame)\ntime.sleep(600)", said=BROKEN)


def after(vault: Vault) -> str:
    """Return what leaves a process behind that writes where it can, once its worker is gone."""
    lines = f"""
import os, subprocess, sys, threading, time
def stay():
    os.setsid()
    for _ in range(200):
        for path in ({str(vault.reference.parent / "pwned")!r}, "pwned", "../pwned", "/tmp/chainrule-pwned"):
            try:
                open(path, "w").write("x")
            except OSError:
                pass
        time.sleep(0.2)
    os._exit(0)
for start in (os.fork, os.forkpty):
    try:
        if start() == 0:
            if os.fork() == 0:
                stay()
            os._exit(0)
    except OSError:
        pass
try:
    subprocess.Popen(["sh", "-c", "sleep 300; touch pwned"], start_new_session=True)
except OSError:
    pass
"""
    return f"{lines}\n{HALF}\ndef mean_square(x):\n    stay()\n"


# What the process itself and the reader of its frames stop, and no sandbox is needed for.
EVERYWHERE = {
    **{f"frame_{name}": framed(frame) for name, frame in FRAMES.items()},
    "frame_of_4_gib": module(GOAL, f"raw({CLAIM!r} + b'S' + {CLAIM!r})\nwhile True:\n    raw(bytes(2**20))"),
    "frame_under_the_limit": module("memory", f"raw({(2**26).to_bytes(4, 'little')!r})\nwhile True: raw(bytes(2**16))"),
    "frame_of_the_right_name": module(
        "points by an answer of one's own",
        "tell({'id': request()['id'], 'value': (x * x).mean(), 'raised': None, 'printed': '', 'score': 6})\n"
        "tell({'id': request()['id'] + 1, 'value': 0.0})",
    ),
    "flood_by_print": module("disk, memory or a page", "while True:\n    print('score: 6/6 ' * 2**16)"),
    "flood_by_lines": module("disk or memory", "for _ in range(10**9):\n    print()"),
    "flood_by_descriptor": module(
        "disk or memory", "while True:\n    os.write(1, bytes(2**20)); os.write(2, bytes(2**20))"
    ),
    "flood_at_load": module("disk or memory", "pass", top="for _ in range(300):\n    print('::error::' + 'x' * 2**20)"),
    "flood_of_errors": module("memory", "raise ValueError('x' * 2**28, *['y' * 2**20] * 99)"),
    "flood_of_warnings": module("memory", "for n in range(10**9): warnings.warn(f'{n} ' * 99)"),
    "leak_by_time": module("a hidden input by the time that it takes", "time.sleep(float(73190 / 10 in x) * 0.3)"),
    "leak_by_exit": module("a hidden input by how a process ends", "os.kill(os.getpid(), 1 + int(x.sum()) % 30)"),
    "leak_by_depth": module("a hidden input by an error", "raise ExceptionGroup(str(x), [KeyError(x.tolist())])"),
}
STAYS = "if os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\ntime.sleep(0.3)\nos._exit(0)"
UNCONFINED = {**EVERYWHERE, "stays": module("a process that outlives its worker", STAYS)}
PROGRAMS = {
    **EVERYWHERE,
    "stays": attack_by(".py", "a process that outlives its worker", after),
    "stays_as_a_thread": module("work after the answer", "threading.Thread(target=time.sleep, args=(600,)).start()"),
}
