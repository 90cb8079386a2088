"""The fork server: a process that has imported torch and nothing that is private, and forks a zygote for whoever asks.

There are two ways to have one. A process that was started by `exec` with a clean environment calls `divide` first
thing: it imports torch and forks; the child becomes the fork server, and the parent goes on as whatever it is to be,
a checker. So torch is imported once. That fork comes before anything private has been received: what a process has
ever read may stay in its heap, and its first environment and arguments stay on its stack. A process that holds more
already starts one by `python -P -s -m grader.worker.forkserver FD`.

Wire contract: one byte, with one end of a socket pair as SCM_RIGHTS, asks for a zygote that serves that socket
(`grader.worker.zygote`). Several processes may ask on one socket. When all of them have closed it, and so their
zygotes' sockets, the fork server waits for its zygotes and ends. One thread only: a forked child of a process with
two OpenMP threads hangs.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import traceback

from grader.worker.descriptors import keep_only

__all__ = ["divide", "main"]


def divide() -> tuple[int, socket.socket]:
    """Import torch and fork a fork server off; return its process and this one's end of its socket."""
    _import()
    ours, theirs = socket.socketpair()
    process = os.fork()
    if process == 0:
        _run(theirs)
    theirs.close()
    return process, ours


def main() -> None:
    """Be a fork server, on the socket whose descriptor is the first argument."""
    _import()
    _run(socket.socket(fileno=int(sys.argv[1])))


def _import() -> None:
    """Import torch, and all that a worker runs of the grader's, since a worker can't read the package."""
    import torch

    import grader.worker.zygote  # noqa: F401 - see above
    from grader.worker.dynamo import leave_out_dynamo

    torch.set_num_threads(1)
    leave_out_dynamo()


def _run(control: socket.socket) -> None:
    """Serve, and leave without torch's own teardown, which takes a quarter of its import."""
    try:
        sys.dont_write_bytecode = True
        keep_only(control.fileno(), standard=(0, 1))
        os.setsid()  # Ctrl-C is for whoever asks
        os.chdir("/")
        _warm_up()
        keep_only(control.fileno())  # from here on a zygote has a file for what it says
        _serve(control)
    except BaseException:  # noqa: BLE001 - nothing may return into whoever was divided
        traceback.print_exc()
    finally:
        os._exit(0)


def _warm_up() -> None:
    """Import what students import, and pay here for what it does on first use."""
    from grader.syntax.loading import silence_check

    silence_check()
    with contextlib.suppress(Exception):  # a plotting library is welcome and never needed
        import matplotlib as mpl

        mpl.use("Agg")
        import matplotlib.pyplot as plt  # noqa: F401 - 0.45 s in every worker that plots, else


def _serve(control: socket.socket) -> None:
    from grader.worker.zygote import run

    zygotes: set[int] = set()
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        zygotes -= {zygote for zygote in zygotes if os.waitpid(zygote, os.WNOHANG)[0]}
        if not data:
            break
        process = os.fork()
        if process == 0:
            control.close()
            run(socket.socket(fileno=descriptors[0]))
        os.close(descriptors[0])
        zygotes.add(process)
    for zygote in zygotes:
        os.waitpid(zygote, 0)


if __name__ == "__main__":
    main()
