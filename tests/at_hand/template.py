"""The process that has torch: it imports it when it is asked first, and ends when its standard input does."""

import contextlib
import json
import os
import selectors
import socket
import sys
import traceback


def main(place):
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(place)
    listening.listen(64)
    print("listens", flush=True)
    loop = selectors.DefaultSelector()
    loop.register(listening, selectors.EVENT_READ, None)
    loop.register(0, selectors.EVENT_READ, None)
    while True:
        for key, _ in loop.select():
            if key.fileobj == 0:
                return
            if key.fileobj is listening:
                begin(listening.accept()[0], loop)
            else:
                end(key, loop)


def begin(asking, loop):
    from grader.worker.forkserver import import_torch

    import_torch()
    data, descriptors = b"", []
    while not data.endswith(b"\n"):
        part, more, _, _ = socket.recv_fds(asking, 65536, 8)
        data, descriptors = data + part, descriptors + more
    process = os.fork()
    if process == 0:
        become(json.loads(data), descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    asking.sendall(b"%d\n" % process)
    loop.register(os.pidfd_open(process), selectors.EVENT_READ, (process, asking))


def end(key, loop):
    process, asking = key.data
    loop.unregister(key.fileobj)
    os.close(key.fileobj)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    with asking, contextlib.suppress(OSError):  # who asked is gone
        asking.sendall(b"%d\n" % code)


def become(asked, descriptors):
    """Be the process that was asked for, with its descriptors where its code has them; never return."""
    try:
        os.setpgid(0, 0)
        high = [os.dup2(one, 1000 + number) for number, one in enumerate(descriptors)]
        os.closerange(3, 1000)
        wanted = [1, 2, *asked["fds"]]
        for one, number in zip(high, wanted, strict=True):
            os.dup2(one, number)
            os.set_inheritable(number, number < 3)
        os.closerange(1000, 1000 + len(high))
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["env"])
        exec(asked["code"], {"__name__": "__main__"})
        os._exit(0)
    except SystemExit as error:
        os._exit(error.code if isinstance(error.code, int) else 1)
    except BaseException:  # noqa: BLE001 - nothing may return into the loop
        traceback.print_exc()
        os._exit(1)


main(sys.argv[1])
