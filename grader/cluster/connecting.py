"""Reach the scheduler of a cluster, or say why not, before anything is sent.

What a `Client` of dask does of itself where nobody answers is to print and to wait; so it is made only for whoever has
answered as a scheduler.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["connected"]

_CONNECT_SECONDS = 15.0
_TRY_SECONDS = 10.0  # less, so that what is wrong each time is known
_CLOSE_SECONDS = 10.0


@contextlib.contextmanager
def connected(address: str) -> Iterator[Client]:
    """Yield a client of the scheduler at an address; raises UsageError where there is none."""
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        fix = "pip install 'chainrule[cluster]', here and where the workers are"
        raise UsageError(f"--cluster needs dask.distributed, and {error.name} is missing: {fix}") from error
    # What there is to say of lost workers is said here, and submissions are as large as they are.
    for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GiB"}):
        _refuse_other(address)
        try:
            client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except Exception as error:
            raise _nobody(address, error) from error
        try:
            yield client
        finally:
            client.close(timeout=_CLOSE_SECONDS)


def _refuse_other(address: str) -> None:
    """Raise UsageError unless a scheduler answers."""
    try:
        kind = asyncio.run(asyncio.wait_for(_kind(address), _CONNECT_SECONDS))
    except Exception as error:  # whoever answers may be no dask, and what he says anything
        raise _nobody(address, error) from error
    if kind != "Scheduler":
        raise UsageError(f"--cluster {address}: that is a {kind} of dask; name the address that its scheduler prints")


async def _kind(address: str) -> str:
    """Return what kind of server of dask is at an address."""
    from distributed.comm.core import connect
    from distributed.security import Security

    if "://" not in address:
        address = f"tcp://{address}"
    comm = await connect(address, timeout=_TRY_SECONDS, **Security().get_connection_args("client"))
    try:
        await comm.write({"op": "identity", "reply": True})
        answer = await comm.read()
        return str(answer["type"])
    finally:
        comm.abort()


def _nobody(address: str, error: BaseException) -> UsageError:
    cause = error
    while cause.__cause__ is not None:  # a time-out hides what was wrong each time
        cause = cause.__cause__
    said = str(cause) or type(cause).__name__
    if isinstance(cause, MemoryError):
        said = "what answers speaks another protocol"  # of which dask takes the first bytes for a length
    elif isinstance(cause, (TimeoutError, asyncio.CancelledError)):
        said = f"nothing came back in {_CONNECT_SECONDS:g} s"
    fix = "name the address that `dask scheduler` prints, such as tcp://HOST:8786"
    return UsageError(f"--cluster {address}: no scheduler of dask answers there ({said}); {fix}")
