"""The process that runs the visible tests: it imports what they need, waits for one order, runs it, and ends.

A student has this file as `_course/kit/running.py`. A process runs one order alone, so that nothing of one save is
left at the next, and whatever the student's code does ends this process and no other. It is a program of its own and no
fork, the same on every system.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from .news import Ended, Missing, News, Order, Problem, Ready, read, written

__all__ = ["main"]


def main(*, optimizers: bool) -> None:
    """Serve the one who started this process: its orders come by standard input, news go to standard output.

    With `optimizers` torch's are made ready as well, which takes it a second.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one at the keyboard stops who started it, who stops this one
    orders, news = _taken_over(0, "r"), _taken_over(1, "w")

    def tell(what: News) -> None:
        with contextlib.suppress(BrokenPipeError):
            news.write(written(what))
            news.flush()

    try:
        _make_ready(optimizers=optimizers)
    except ModuleNotFoundError as error:
        tell(Missing(package=error.name or str(error)))
        return
    tell(Ready())
    line = orders.readline()
    order = read(line) if line else None
    if isinstance(order, Order):
        threading.Thread(target=_end_with, args=(orders,), daemon=True).start()
        _run(order, tell)
        tell(Ended())
    os._exit(0)  # torch takes a while to end by itself


def _taken_over(descriptor: int, mode: str) -> IO[str]:
    """Return what is read or written at this descriptor, and let nothing else reach it: a student's code prints."""
    own = os.dup(descriptor)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return open(own, mode, encoding="utf-8")


def _end_with(orders: IO[str]) -> None:
    """End this process when the one that started it has gone, whatever it is doing."""
    orders.read()
    os._exit(1)


def _make_ready(*, optimizers: bool) -> None:
    """Import what the tests need, and do each kind of thing once: the first time takes long."""
    for name in ("torch", "pytest", "hypothesis"):
        importlib.import_module(name)
    import pytest
    import torch
    from hypothesis import given, settings
    from hypothesis import strategies as st

    from .results import QUIETLY

    leaf = torch.ones(2, requires_grad=True)
    (leaf * leaf).mean().backward()  # type: ignore[no-untyped-call]  # torch says no types here
    if optimizers:
        torch.optim.SGD([leaf], lr=0.1).step()
    settings(max_examples=2, database=None, deadline=None)(given(st.lists(st.floats(0, 1)))(lambda _: None))()
    with contextlib.redirect_stderr(io.StringIO()):
        pytest.main([os.devnull, *QUIETLY])  # there is no test in it, and that is what it says


def _run(order: Order, tell: Callable[[News], None]) -> None:
    """Run an order; a first look where nothing can wait, or nothing can be loaded, is left to the whole."""
    import pytest

    from .results import QUIETLY
    from .tested import load
    from .turns import Turns

    os.chdir(order.folder)
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    if not Path(order.tests).is_file():
        tell(Problem(text=f"{Path(order.tests).name} is missing: keep the files together that were handed out"))
        return
    if order.first_look:
        sys.path.insert(0, order.folder)  # as the tests have it
        try:
            name = Path(order.tests).stem.removeprefix("test_")
            module = load(Path(order.folder), name, order.exercises, first_look=True)
        except pytest.fail.Exception:
            return
        if not module.__dict__["__waits__"]:
            return
    arguments = [order.tests, f"--rootdir={order.folder}", "--noconftest", *QUIETLY, "--capture=sys"]
    pytest.main(arguments, plugins=[Turns(order, tell)])
