"""The fork server: a process that has imported torch and nothing that is private, and forks a zygote for whoever asks.

There are two ways to have one. A process that was started by `exec` with a clean environment calls `divide` first
thing: it imports torch and forks; the child becomes the fork server, and the parent goes on as whatever it is to be,
a checker. So torch is imported once. That fork comes before anything private has been received: what a process has
ever read may stay in its heap, and its first environment and arguments stay on its stack. A process that holds more
already starts one by `python -P -s -m grader.worker.forkserver FD`.

Wire contract: one byte, the tools that a zygote is to lack (`grader.worker.tools.Without`), with one end of a socket
pair as SCM_RIGHTS, asks for a zygote that serves that socket (`grader.worker.zygote`). Several processes may ask on one
socket. The zygotes of each kind are forked by a process of their own, which has lost its tools, or got torch.optim, and
is warm: it is forked when its kind is asked for first, so that torch is in memory once. When all have closed the
socket, and so their zygotes' sockets, the fork server waits for its kinds, these for their zygotes, and all end. One
thread only: a forked child of a process with two OpenMP threads hangs.
"""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import sys
import traceback
from typing import NoReturn

from grader.worker.absent import keep_out, let_in
from grader.worker.descriptors import keep_only
from grader.worker.unused import import_without_unused
from grader.worker.without import Without

__all__ = ["divide", "import_torch", "main"]

_OPTIMIZERS = "torch.optim"


def divide() -> tuple[int, socket.socket]:
    """Import torch and fork a fork server off; return its process and this one's end of its socket."""
    import_torch()
    ours, theirs = socket.socketpair()
    process = os.fork()
    if process == 0:
        _run(theirs)
    theirs.close()
    _let_optimizers_in()
    return process, ours


def main() -> None:
    """Be a fork server, on the socket whose descriptor is the first argument."""
    import_torch()
    _run(socket.socket(fileno=int(sys.argv[1])))


def import_torch() -> None:
    """Import torch without its optimizers, and all that a worker runs, since a worker can't read the package."""
    gc.disable()  # what is imported stays, and looking through it again and again is a twelfth of the time
    keep_out(_OPTIMIZERS)
    import_without_unused()
    import torch

    import grader.worker.zygote  # noqa: F401 - see above

    gc.freeze()  # neither who forks zygotes nor a checker need look at it again
    gc.enable()
    torch.set_num_threads(1)
    for name in ("set_num_threads", "set_num_interop_threads"):
        setattr(torch, name, _one_thread)


def _one_thread(_: int) -> None:
    """Do nothing where a number of threads is set: there is one, and a library that can't start another gives up."""


def _let_optimizers_in() -> None:
    from grader.worker.dynamo import leave_out_dynamo

    let_in(_OPTIMIZERS)
    leave_out_dynamo()


def _run(control: socket.socket) -> None:
    """Serve, and leave without torch's own teardown, which takes a quarter of its import."""
    try:
        sys.dont_write_bytecode = True
        keep_only(control.fileno(), standard=(0, 1))
        os.setsid()  # Ctrl-C is for whoever asks
        os.chdir("/")
        _import_what_students_import()
        _Kinds(control).serve()
    except BaseException:  # noqa: BLE001 - nothing may return into whoever was divided
        traceback.print_exc()
    finally:
        os._exit(0)


def _import_what_students_import() -> None:
    """Import it here, and pay for what it does on first use."""
    from grader.syntax.loading import silence_check

    silence_check()
    with contextlib.suppress(ImportError):
        import numpy.random

        numpy.random.seed(0)  # noqa: NPY002 - a worker begins with chance as it always is


class _Kinds:
    """The processes that fork zygotes, one for each kind that was asked for."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._by_tools: dict[int, socket.socket] = {}
        self._processes: list[int] = []

    def serve(self) -> None:
        """Hand each request to its kind, until nobody can ask."""
        while (request := _received(self._control)) is not None:
            tools, descriptor = request
            with contextlib.suppress(OSError):  # that kind is gone, and whoever asks sees its own socket closed
                socket.send_fds(self._kind(tools), [b"z"], [descriptor])
            os.close(descriptor)
        for kind in self._by_tools.values():
            kind.close()
        for process in self._processes:
            os.waitpid(process, 0)

    def _kind(self, tools: int) -> socket.socket:
        if tools not in self._by_tools:
            ours, theirs = socket.socketpair()
            process = os.fork()
            if process == 0:
                self._control.close()
                for other in (*self._by_tools.values(), ours):
                    other.close()
                _be_kind(theirs, tools)
            theirs.close()
            self._by_tools[tools] = ours
            self._processes.append(process)
        return self._by_tools[tools]


def _be_kind(control: socket.socket, tools: int) -> NoReturn:
    """Lose the tools, warm up, and fork zygotes; never return."""
    from grader.worker.serving import Kind
    from grader.worker.stand_ins import install
    from grader.worker.tools import take_away
    from grader.worker.zygote import run

    try:
        without = Without(tools)
        if not without & Without.OPTIMIZERS:
            _let_optimizers_in()
        take_away(without)
        _warm_up(without)
        install(())
        kind = Kind(without)
        keep_only(control.fileno(), *kind.descriptors)  # from here on a zygote has a file for what it says
        gc.collect()
        gc.freeze()
        zygotes: set[int] = set()
        while (request := _received(control)) is not None:
            zygotes -= {zygote for zygote in zygotes if os.waitpid(zygote, os.WNOHANG)[0]}
            process = os.fork()
            if process == 0:
                control.close()
                run(socket.socket(fileno=request[1]), kind)
            os.close(request[1])
            zygotes.add(process)
        for zygote in zygotes:
            os.waitpid(zygote, 0)
    except BaseException:  # noqa: BLE001 - nothing may return into the fork server
        traceback.print_exc()
    finally:
        os._exit(0)


def _warm_up(without: Without) -> None:
    """Pay here for what torch does on first use, and each worker at its beginning."""
    import torch

    torch.manual_seed(0)
    weight = torch.ones(2, requires_grad=True)
    loss = (weight * 2).sum()
    if not without & Without.AUTOGRAD:
        torch.autograd.backward(loss)
    if not without & Without.OPTIMIZERS:
        torch.optim.SGD([weight], lr=0.1).step()


def _received(control: socket.socket) -> tuple[int, int] | None:
    """Return the byte and the descriptor of a request, or None where nobody can ask any more."""
    data, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    return (data[0], descriptors[0]) if data else None


if __name__ == "__main__":
    main()
