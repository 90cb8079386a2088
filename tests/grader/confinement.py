"""A worker with a module of ours in it, from a zygote that confines it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.forkserver import ForkServer
from grader.sandbox.mode import SandboxMode
from grader.sandbox.worker import Worker, WorkerDied
from grader.sandbox.zygote import Zygote

pytest.importorskip("seccompy", reason="the sandbox is Linux's")

ROOT = Path(__file__).parents[2]
MEMORY = 2 * 2**30
FILE_SIZE = 16 * 2**20

PRELUDE = """
import ctypes, errno, fcntl, gc, glob, json, mmap, os, pathlib, resource, select, shutil, signal, socket, stat
import struct, subprocess, sys, tempfile, threading, time
import torch

LIBC = ctypes.CDLL(None, use_errno=True)

def system_call(number, *arguments):
    words = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    result = LIBC.syscall(ctypes.c_long(number), *words)
    if result == -1:
        raise OSError(ctypes.get_errno(), f"system call {number}")
    return result

def attempt(function, *arguments):
    try:
        return "done", repr(function(*arguments))[:500]
    except OSError as error:
        return "refused", errno.errorcode.get(error.errno, str(error))
    except MemoryError:
        return "refused", "ENOMEM"

def own_socket():
    (found,) = [number for number in range(256) if is_socket(number)]
    return found

def is_socket(number):
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False
"""


class Inside:
    """A worker with a module of ours in it, asked as `grader.backends.session` asks."""

    def __init__(self, zygote: Zygote, source: str, *, prelude: str = PRELUDE) -> None:
        self.worker: Worker = zygote.spawn(cpu_seconds=60)
        self._ask(
            {
                "op": "load",
                "given": "",
                "name": "attack",
                "cells": [("attack.py", prelude + textwrap.dedent(source), False)],
                "exercises": [],
                "skip": [],
                "stubs": [],
                "output": 2**20,
            }
        )

    def call(self, name: str, *args: object, gradients: bool = True) -> object:
        call = {"name": name, "args": list(args), "kwargs": {}, "gradients": gradients}
        answers = self._ask({"op": "call", "calls": [call]})["answers"]
        assert isinstance(answers, list)
        assert "raised" not in answers[0], answers[0]
        return answers[0]["value"]

    def attempt(self, name: str, *args: object) -> tuple[str, str]:
        """Return ("refused", errno) or ("done", value); the death of the worker is a refusal, too."""
        call = {"name": "attempt_" + name, "args": list(args), "kwargs": {}, "gradients": True}
        try:
            answers = self._ask({"op": "call", "calls": [call]})["answers"]
        except WorkerDied as error:
            return "died", error.reason
        assert isinstance(answers, list)
        answer = answers[0]
        return ("raised", answer["raised"]) if "raised" in answer else answer["value"]

    def _ask(self, message: dict[str, object]) -> dict[object, object]:
        answer = self.worker.request(message, cpu_seconds=20, wall_seconds=60, progress=lambda _: (20, 60))
        assert not answer.get("notes"), answer
        return answer


@pytest.fixture(scope="module", name="zygote")
def zygote_fixture(forks: ForkServer) -> Iterator[Zygote]:
    with Zygote(mode=SandboxMode.AUTO, memory=MEMORY, file_size=FILE_SIZE, forks=forks) as zygote:
        yield zygote
