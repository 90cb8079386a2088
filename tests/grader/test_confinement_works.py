"""What student code has to be able to do in a confined worker."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator

import pytest
from confinement import Inside, zygote_fixture  # noqa: F401 - a fixture

from grader.sandbox.zygote import Zygote

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

WORKS = {
    "torch": """
        a = torch.randn(64, 64)
        return bool(torch.allclose(a @ torch.linalg.inv(a) @ a, a, atol=1e-1)) and torch.tensor([3.0]).sqrt().item() > 1
    """,
    "autograd": """
        x = torch.tensor(3.0, requires_grad=True)
        (x ** 2).backward()
        return x.grad.item() == 6.0
    """,
    "torch.func": """
        return torch.func.grad(lambda x: (x ** 3).sum())(torch.tensor([2.0])).item() == 12.0
    """,
    "torch.func.vmap": """
        return torch.func.vmap(torch.dot)(torch.ones(3, 2), torch.ones(3, 2)).tolist() == [2.0] * 3
    """,
    "optimizers": """
        for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop):
            p = torch.ones(2, requires_grad=True)
            optimizer = kind([p], lr=0.1)
            (p ** 2).sum().backward()
            optimizer.step()
            optimizer.zero_grad()
        return float(p.sum()) < 2
    """,
    "a network": """
        network = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
        network(torch.randn(5, 3)).sum().backward()
        return all(p.grad is not None for p in network.parameters())
    """,
    "numpy": """
        import numpy
        return float(numpy.linalg.norm(numpy.random.default_rng(0).normal(size=100))) > 1
    """,
    "torch and numpy": """
        import numpy
        return float(torch.from_numpy(numpy.arange(3.0)).numpy().sum()) == 3.0
    """,
    "dataclasses": """
        import dataclasses
        @dataclasses.dataclass
        class Point:
            x: float
            y: float = 2.0
        return dataclasses.asdict(Point(1.0)) == {"x": 1.0, "y": 2.0}
    """,
    "random": """
        import random
        random.seed(3)
        first = random.random()
        random.seed(3)
        return first == random.random() and random.SystemRandom().random() < 1 and len(os.urandom(8)) == 8
    """,
    "seeds": """
        g = torch.Generator().manual_seed(1)
        return torch.randperm(10, generator=g).sort().values.tolist() == list(range(10))
    """,
    "time": """
        import datetime
        start = time.perf_counter()
        time.sleep(0.01)
        return time.perf_counter() > start and datetime.datetime.now().year > 2000 and bool(time.localtime())
    """,
    "generators": """
        def count():
            received = yield 1
            yield received
        g = count()
        return next(g) + g.send(2) == 3
    """,
    "async": """
        import asyncio
        async def double(x):
            return 2 * x
        c = double(4)
        try:
            c.send(None)
        except StopIteration as end:
            return end.value == 8
    """,
    "DataLoader without workers": """
        from torch.utils.data import DataLoader, TensorDataset
        data = TensorDataset(torch.arange(10.0), torch.arange(10.0))
        return sum(float(x.sum()) for x, _ in DataLoader(data, batch_size=3, shuffle=True)) == 45.0
    """,
    "standard library": """
        import collections, copy, csv, decimal, enum, fractions, functools, heapq, html, inspect, io, itertools, json
        import logging, math, operator, pathlib, pprint, re, statistics, string, textwrap, typing, uuid, warnings
        return math.isclose(statistics.mean([1, 2]), 1.5) and fractions.Fraction(1, 2) == 0.5
    """,
    "a lazy import": """
        import xml.etree.ElementTree
        import sqlite3
        return xml.etree.ElementTree.fromstring("<a/>").tag == "a"
    """,
    "exceptions": """
        try:
            {}["missing"]
        except KeyError as error:
            import traceback
            return "missing" in traceback.format_exc()
    """,
    "deep recursion": """
        def depth(n):
            return 0 if n == 0 else 1 + depth(n - 1)
        return depth(500) == 500
    """,
    "garbage collection": """
        import weakref
        class Node:
            pass
        node = Node()
        node.self = node
        found = weakref.ref(node)
        del node
        gc.collect()
        return found() is None
    """,
    "pickle": """
        import copy, pickle
        return copy.deepcopy(pickle.loads(pickle.dumps({"a": torch.ones(2)})))["a"].sum().item() == 2.0
    """,
    "no_grad": """
        with torch.no_grad():
            x = torch.ones(2, requires_grad=True) * 2
        return not x.requires_grad
    """,
    "half a GiB": """
        return torch.ones(2**27).sum().item() == 2**27
    """,
    "processor count": """
        return (os.cpu_count() or 1) >= 1 and torch.get_num_threads() >= 1
    """,
    "repr of tensors": """
        return repr(torch.tensor([1.0, 2.0])) == "tensor([1., 2.])"
    """,
    "warnings": """
        import warnings
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            warnings.warn("x")
        return len(caught) == 1
    """,
}

WORKS_WITH_FILES = {
    "a file in its folder": """
        with open("notes.txt", "w") as file:
            file.write("hello")
        with open("notes.txt", "a") as file:
            file.write(" world")
        os.rename("notes.txt", "other.txt")
        return pathlib.Path("other.txt").read_text() == "hello world" and os.listdir(".") == ["other.txt"]
    """,
    "tempfile": """
        with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile(dir=folder) as file:
            file.write(b"x")
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
        return tempfile.gettempdir() == os.getcwd()
    """,
    "torch.save and torch.load": """
        torch.save({"w": torch.ones(3)}, "weights.pt")
        return torch.load("weights.pt")["w"].sum().item() == 3.0
    """,
    "numpy files": """
        import numpy
        numpy.savez("a.npz", x=numpy.ones(3))
        return float(numpy.load("a.npz")["x"].sum()) == 3.0
    """,
    "csv": """
        import csv
        with open("a.csv", "w", newline="") as file:
            csv.writer(file).writerows([[1, 2], [3, 4]])
        with open("a.csv") as file:
            return [row for row in csv.reader(file)] == [["1", "2"], ["3", "4"]]
    """,
    "copies and folders": """
        os.makedirs("a/b")
        pathlib.Path("a/b/c").write_text("x")
        shutil.copy("a/b/c", "a/d")
        shutil.copytree("a", "e")
        shutil.move("a/d", "f")
        shutil.rmtree("a")
        return pathlib.Path("f").read_text() == "x" and pathlib.Path("e/b/c").read_text() == "x"
    """,
    "expanduser": """
        return os.path.expanduser("~") == os.getcwd()
    """,
}


@pytest.fixture(scope="module")
def workbench(zygote: Zygote) -> Iterator[Inside]:
    """One worker for all that has to work, since a submission too does it all in one."""
    bodies = [textwrap.indent(textwrap.dedent(body), "    ") for body in WORKS.values()]
    source = "".join(f"def f{index}():\n{body}\n" for index, body in enumerate(bodies))
    inside = Inside(zygote, source)
    yield inside
    inside.worker.close()


@pytest.mark.parametrize("name", WORKS)
def test_student_code_works(workbench: Inside, name: str):
    assert workbench.call(f"f{list(WORKS).index(name)}") is True


@pytest.mark.parametrize("name", WORKS_WITH_FILES)
def test_student_code_works_with_files(zygote: Zygote, name: str):
    if zygote.layers["namespaces"] != "yes":
        pytest.skip("no mount namespace on this host: a worker has no writable folder at all")
    body = textwrap.indent(textwrap.dedent(WORKS_WITH_FILES[name]), "    ")
    inside = Inside(zygote, f"def f():\n{body}\n")

    works = inside.call("f")

    inside.worker.close()
    assert works is True
