"""What keeps a worker without its tools: nothing of Python's own gives them back."""

import sys
from collections.abc import Iterator

import pytest
from confinement import FILE_SIZE, MEMORY, Inside

from grader.sandbox.forkserver import ForkServer
from grader.sandbox.mode import SandboxMode
from grader.sandbox.zygote import Zygote
from grader.worker.without import Without

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")


@pytest.fixture(scope="module", name="without")
def without_fixture(forks: ForkServer) -> Iterator[Zygote]:
    tools = Without.AUTOGRAD | Without.OPTIMIZERS
    with Zygote(mode=SandboxMode.AUTO, memory=MEMORY, file_size=FILE_SIZE, forks=forks, without=tools) as zygote:
        yield zygote


REFUSED = {
    "all objects": "gc.get_objects()",
    "who refers to an object": "gc.get_referrers(torch)",
    "what an object refers to": "gc.get_referents(torch)",
    "the code of a function": "setattr(f, '__code__', g.__code__)",
    "code that is changed": "f.__code__.replace(co_name='x')",
    "a tracer": "sys.settrace(print)",
    "a library": "ctypes.CDLL(None)",
    "a function pointer": "ctypes.CFUNCTYPE(ctypes.c_int)(4096)",
    "a function of Python's": "ctypes.pythonapi.Py_IncRef(ctypes.py_object(f))",
    "memory by its address": "ctypes.c_int.from_address(id(f))",
    "memory as a text": "ctypes.string_at(id(f))",
    "another interpreter": "__import__('_xxsubinterpreters')",
    "an extension of its own": "importlib.machinery.ExtensionFileLoader('own', own()).load_module()",
    "the source of the optimizers": "open(folder('optim') + '/sgd.py').read()",
    "the source of derivatives": "open(folder('_decomp') + '/decompositions.py').read()",
    "what the optimizers were compiled to": "open(glob.glob(folder('optim') + '/__pycache__/*')[0], 'rb').read()",
}
SOURCE = """
    import ctypes, gc, glob, importlib.machinery, os, shutil, sys
    import torch
    def g():
        pass
    def folder(name):
        return os.path.join(os.path.dirname(torch.__file__), name)
    def own():
        import _json
        return shutil.copy(_json.__file__, os.environ["TMPDIR"])
    def f():
        try:
            {act}
        except (PermissionError, TypeError, AttributeError, ImportError, OSError) as error:
            return type(error).__name__
        return "done"
"""


@pytest.mark.parametrize("act", REFUSED.values(), ids=REFUSED)
def test_worker_that_lacks_tools_is_refused(without: Zygote, act: str):
    inside = Inside(without, SOURCE.format(act=act), prelude="")

    assert inside.call("f") in ("PermissionError", "TypeError", "AttributeError", "ImportError")
    inside.worker.close()


ALLOWED = {
    "the source of torch": "open(folder('nn') + '/functional.py').read()",
    "a collection": "gc.collect()",
    "an extension of Python's": "__import__('_decimal')",
    "a dataclass": "__import__('dataclasses').make_dataclass('A', ['b'])(1)",
    "a file that is saved": "torch.save(torch.ones(2), 'saved') or torch.load('saved')",
    "numpy": "torch.ones(2).numpy().sum()",
    "a number of threads": "torch.set_num_threads(4)",
}


@pytest.mark.parametrize("act", ALLOWED.values(), ids=ALLOWED)
def test_worker_that_lacks_tools_may_do_all_else(without: Zygote, act: str):
    inside = Inside(without, SOURCE.format(act=act), prelude="")

    assert inside.call("f") == "done"
    inside.worker.close()


def test_worker_that_lacks_nothing_is_not_held(forks: ForkServer):
    with Zygote(mode=SandboxMode.AUTO, memory=MEMORY, file_size=FILE_SIZE, forks=forks) as zygote:
        inside = Inside(zygote, SOURCE.format(act="gc.get_objects() and ctypes.CDLL(None).getpid()"))

        assert inside.call("f") == "done"
        inside.worker.close()
