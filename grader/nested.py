"""Run pytest inside another program, so that neither sees more of the other than it must."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["alone"]


@contextmanager
def alone(tests: Path, *, beside: Collection[str] = ("exercises",)) -> Iterator[None]:
    """Keep the caller's variables out of pytest, and what it imports beside `tests` out of the caller.

    A variable must not add options or plug-ins, and two folders may have modules of one name: those that `tests`
    imports from its folder are `beside` it, and so is what a release carries in `_course`. Other files there, such as
    a student's own `random.py`, are nobody's business. What a student's value makes torch warn of is no news of ours.
    """
    variables = dict(os.environ)
    path = list(sys.path)
    own = {tests.stem, *beside}
    kept = {name: module for name, module in sys.modules.items() if _is_of_a_folder(name, own)}
    for name in kept:
        del sys.modules[name]
    modules = set(sys.modules)
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.environ.clear()
        os.environ.update(variables)
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            file = getattr(sys.modules[name], "__file__", None)
            if _is_of_a_folder(name, own) or (file and Path(file).parent == tests.parent):
                del sys.modules[name]
        sys.modules.update(kept)


def _is_of_a_folder(name: str, own: Collection[str]) -> bool:
    """Say whether a module has the name of one that belongs to the tests: another folder may have it as well."""
    return name in own or name.partition(".")[0] == "_course"
