"""Hold a submission's module and answer the checker's requests about it.

The wire contract (each request and answer is a dict, paired by `id`, a random 64-bit number):

    {"id", "op": "analyse", "cells", "exercises", "not_allowed"}  -> {"id", "analysis"}
    {"id", "op": "bears out", "cells", "exercise", "exercises", "patterns"}  -> {"id", "found"}
    {"id", "op": "load", "name", "cells", "given", "exercises", "skip", "output", "stubs"[, "stand_ins"]}
        -> {"id", "statement": n} before each statement, then {"id", "notes", "defined", "untouched"}
        a note is what a statement raised: {"statement": n, "raised": type name, "message", "missing"},
        where "missing" is the undefined name of a NameError, or ""; "stand_ins" are names beside those of
        `grader.worker.stand_ins`, and left out where nothing is stood in for
    {"id", "op": "call", "calls": [{"name", "args", "kwargs", "gradients"}]}  -> {"id", "answers"}
    {"id", "op": "probe", "source", "function", "args", "gradients"}          -> {"id", "answers"}
    {"id", "op": "help", and what a `grader.worker.answering.Question` has}   -> {"id", "answers"}

Before any answer a stub may ask the checker: {"id", "question": {"ask", "name", "args", "kwargs", "grads"}}
-> {"value"} or {"raised", "message"}.

An answer is {"value", "printed", "arguments"} or {"raised", "message", "frames", "printed"}; `frames`
are (line, function, text, filename) of the student's own code, outermost first.

Runs in a worker, and in the checker for the reference alone (the same code, without a socket).
Whatever it says of itself can be forged by the code that it runs: points hang on returned values.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import linecache
import random
import sys
import types
from collections.abc import Callable, Collection, Iterator
from typing import cast

import torch

from grader.syntax.loading import Loading, Raised, message_of, new_module, remember_lines
from grader.syntax.statements import Cell, Statement, split
from grader.wire import Value
from grader.worker.analysis import analyse
from grader.worker.answering import Question, the_answer
from grader.worker.output import Output
from grader.worker.patterns import bears_out
from grader.worker.stand_ins import Nothing, install
from grader.worker.stubs import Stub, as_numpy, make_stub
from grader.worker.untouched import is_untouched

__all__ = ["Runtime"]

_Message = dict[str, object]
_MAX_NOTES = 1000
_NAMED_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Runtime:
    """One loaded submission; `handle` answers requests."""

    def __init__(self) -> None:
        self._module = types.ModuleType("submission")
        self._filenames: set[str] = set()
        self._output = Output(2**20)
        self._ask: Callable[[_Message], _Message] | None = None
        self._request: object = None

    def ask_by(self, ask: Callable[[_Message], _Message]) -> None:
        """Let stubs ask the checker: `ask` sends one message and returns what comes back."""
        self._ask = ask

    def _question(self, question: _Message) -> _Message:
        """Ask the checker for a stub, and raise what it says that the helper raised."""
        if self._ask is None:
            raise RuntimeError("nobody can be asked here")
        answer = self._ask({"id": self._request, "question": question})
        if "raised" in answer:
            kind = getattr(builtins, str(answer["raised"]), RuntimeError)
            raise kind(answer["message"])
        return {"value": as_numpy(cast("Value", answer["value"]))}

    def handle(self, request: _Message, progress: Callable[[_Message], None]) -> _Message:
        """Answer one request; `progress` sends a message ahead of the answer."""
        self._request = request["id"]
        match request["op"]:
            case "analyse":
                return self._analyse(request)
            case "bears out":
                return self._bears_out(request)
            case "load":
                return self._load(request, progress)
            case "call":
                calls = cast("list[_Message]", request["calls"])
                return {"id": request["id"], "answers": [self._call(call) for call in calls]}
            case "probe":
                return {"id": request["id"], "answers": [self._probe(request)]}
            case "help":
                question = cast("Question", request)
                helped = self._answer(lambda: the_answer(self._module, question), gradients=True, arguments=[])
                return {"id": request["id"], "answers": [helped]}
        raise ValueError(f"no operation {request['op']!r}")

    def _analyse(self, request: _Message) -> _Message:
        exercises = cast("list[str]", request["exercises"])
        not_allowed = cast("dict[str, list[str]]", request["not_allowed"])
        return {"id": request["id"], "analysis": analyse(_cells(request), exercises, not_allowed)}

    def _bears_out(self, request: _Message) -> _Message:
        patterns = cast("list[list[str]]", request["patterns"])
        exercise, others = cast("str", request["exercise"]), cast("list[str]", request["exercises"])
        statements = split(_cells(request))
        return {"id": request["id"], "found": [bears_out(statements, exercise, others, item) for item in patterns]}

    def _load(self, request: _Message, progress: Callable[[_Message], None]) -> _Message:
        """Run the top-level statements one by one; what raises is noted and left out."""
        names = cast("list[str]", request["exercises"])
        stubs = {item["name"]: make_stub(item, self._question) for item in cast("list[Stub]", request["stubs"])}
        cells = _cells(request)
        self._output = Output(cast("int", request["output"]))
        self._begin(cast("str", request["name"]), cells, cast("str", request["given"]))
        namespace = self._module.__dict__
        stand_ins = cast("list[str] | None", request.get("stand_ins"))
        if stand_ins is not None:
            install(stand_ins)
            namespace["get_ipython"] = Nothing("get_ipython")
        namespace.update(stubs)
        # The boundary: SystemExit and the like stop one statement.
        loading = Loading(namespace, catching=(BaseException,))
        notes: list[_Message] = []
        definitions: dict[str, Statement] = {}
        skip = set(cast("list[int]", request["skip"]))
        for index, statement in _wanted(split(cells), skip, stubs):
            if isinstance(statement.node, _NAMED_DEFINITIONS):
                definitions[statement.node.name] = statement
            progress({"id": request["id"], "statement": index})
            with self._output.captured():
                raised = loading.run(statement)
            self._output.take()
            if raised is not None:
                notes.append(_note(index, raised))
            namespace.update(stubs)
        defined = [name for name in names if callable(namespace.get(name))]
        untouched = [
            name for name in defined if name in definitions and is_untouched(namespace[name], definitions[name])
        ]
        return {
            "id": request["id"],
            "notes": notes[:_MAX_NOTES],
            "defined": defined,
            "untouched": untouched,
        }

    def _begin(self, name: str, cells: list[Cell], given: str) -> None:
        """Begin a module with what the course gives, which may use torch, and with chance as it always is."""
        self._module = new_module(name, cells[0].filename)
        self._module.__dict__["torch"] = torch
        exec(compile(given, "<given>", "exec"), self._module.__dict__)  # noqa: S102 - ours
        del self._module.__dict__["torch"]
        sys.modules[name] = self._module
        self._filenames.update(cell.filename for cell in cells)
        remember_lines(cells)
        _seed()

    def with_variant(self, code: types.CodeType) -> Runtime:
        """Return a runtime whose module has what `code` defines in the place of its own; for the checker's reference.

        Its tensors are its own, and chance begins anew, so that no variant leaves anything behind.
        """
        runtime = Runtime()
        kept = {
            name: value.clone() if isinstance(value, torch.Tensor) else value
            for name, value in self._module.__dict__.items()
        }
        runtime._module.__dict__.update(kept)
        _seed()
        exec(code, runtime._module.__dict__)  # noqa: S102 - the course's own
        return runtime

    def _call(self, call: _Message) -> _Message:
        name = cast("str", call["name"])
        args = cast("list[Value]", call["args"])
        kwargs = cast("dict[str, Value]", call["kwargs"])
        return self._answer(
            lambda: getattr(self._module, name)(*args, **kwargs),
            gradients=bool(call["gradients"]),
            arguments=[*args, *kwargs.values()],
        )

    def _probe(self, request: _Message) -> _Message:
        """Run a suite's own function with the module as its first argument."""
        namespace: dict[str, object] = {"torch": torch, "importlib": importlib}
        exec(compile(cast("str", request["source"]), "<probe>", "exec"), namespace)  # noqa: S102 - the suite's code
        function = cast("Callable[..., object]", namespace[cast("str", request["function"])])
        args = cast("list[Value]", request["args"])
        return self._answer(lambda: function(self._module, *args), gradients=bool(request["gradients"]), arguments=[])

    def _answer(self, run: Callable[[], object], *, gradients: bool, arguments: list[Value]) -> _Message:
        try:
            with self._output.captured(), torch.set_grad_enabled(gradients):
                value = run()
        except BaseException as error:  # noqa: BLE001 - the boundary: SystemExit and the like end one call
            return {
                "raised": type(error).__name__,
                "message": message_of(error),
                "frames": self._frames(error),
                "printed": self._output.take(),
            }
        return {"value": value, "printed": self._output.take(), "arguments": arguments}

    def _frames(self, error: BaseException) -> list[tuple[int, str, str, str]]:
        frames: list[tuple[int, str, str, str]] = []
        traceback = error.__traceback__
        while traceback is not None and len(frames) < 1000:
            code = traceback.tb_frame.f_code
            if code.co_filename in self._filenames:
                line = traceback.tb_lineno
                text = linecache.getline(code.co_filename, line).strip()[:200]
                frames.append((line, code.co_name, text, code.co_filename))
            traceback = traceback.tb_next
        return [*frames[:3], *frames[-3:]] if len(frames) > 6 else frames


def _cells(request: _Message) -> list[Cell]:
    return [
        Cell(filename=cast("str", filename), text=cast("str", text), notebook=bool(notebook))
        for filename, text, notebook in cast("list[tuple[Value, Value, Value]]", request["cells"])
    ]


def _wanted(statements: list[Statement], skip: set[int], stubs: Collection[str]) -> Iterator[tuple[int, Statement]]:
    """Yield the statements that are to be run, each with its number."""
    for index, statement in enumerate(statements):
        node = statement.node
        if node is None or index in skip:
            continue
        if isinstance(node, _NAMED_DEFINITIONS) and node.name in stubs:
            continue  # what is bound to that name, a default argument or an alias, is bound to the stub
        yield index, statement


def _note(index: int, raised: Raised) -> _Message:
    return {"statement": index, "raised": raised.kind, "message": raised.message, "missing": raised.missing}


def _seed() -> None:
    """Start each submission from the same random state, whatever was graded before it."""
    random.seed(0)
    torch.manual_seed(0)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(0)
