"""Keep from one run to the next that the reference passes, which examples were drawn, and what the oracle said of them.

An entry is one frame of plain values and tensors, in which a suite's own values stand as the name of their class and
their fields. Whatever a frame can't hold is a reason to keep nothing: it is only ever a way to be faster.
"""

from __future__ import annotations

import dataclasses
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from grader import wire
from grader.backends.containers import Container
from grader.backends.reference import Reference
from grader.course.assignment import Assignment
from grader.course.suite_files import suite_files
from grader.errors import WireError
from grader.judge.examples import Examples
from grader.judge.state import data_files, digest_of, entry_name, grader_files, versions
from grader.judge.store import Store
from grader.suite.kept import Kept
from grader.suite.student import Student

__all__ = ["Keeping", "key_of", "pack", "unpack"]

_Modules = Mapping[str, Mapping[str, object]]


class _NotKeptError(Exception):
    """A value that no frame can hold."""


class Keeping:
    """What is kept of one assignment whose suite is collected."""

    def __init__(self, assignment: Assignment, store: Store) -> None:
        self._store = store
        self._name = entry_name(assignment)
        files = suite_files(assignment.hidden_suite)
        self._key = key_of(assignment, files)
        names = [path.stem for path in files]
        self._modules = {name: vars(sys.modules[name]) for name in names if name in sys.modules}

    def take(self, examples: Examples, reference: Reference, student: Student) -> bool:
        """Take what an earlier run has kept; say no where there is nothing, or it does not fit."""
        frame = self._store.read(self._name, self._key)
        if frame is None:
            return False
        try:
            drawn, containers, fills = unpack(frame, self._modules, student)
        except ValueError:
            return False
        examples.drawn.update(drawn)
        reference.containers.update(containers)
        for fill in fills:
            fill()
        return True

    def keep(self, examples: Examples, reference: Reference) -> None:
        """Keep what this run has recorded, where all of it can be."""
        frame = pack(examples, reference.containers, self._modules)
        if frame is not None:
            self._store.write(self._name, self._key, frame)


def key_of(assignment: Assignment, suite: Sequence[Path]) -> str:
    """Return a digest of all that an entry depends on: the suite's files, the reference, the grader, the machine."""
    machine = [platform.machine(), torch.backends.cpu.get_cpu_capability()]
    files = [*suite, *data_files(assignment), assignment.reference, assignment.toml, *grader_files()]
    return digest_of(files, [*versions(), *machine])


def pack(examples: Examples, containers: Mapping[str, Container], modules: _Modules) -> bytes | None:
    """Return what is to be kept as a frame, or None where a value can't be, or the reference fails a check."""
    packer = _Packer(modules)
    if examples.broken:
        return None
    try:
        body = {
            "drawn": [[node, packer.pack(drawn)] for node, drawn in examples.drawn.items()],
            "kept": [
                [module, name, [[packer.pack(list(key)), packer.pack(value)] for key, value in found.entries()]]
                for module, name, found in _kept(modules)
            ],
            "containers": packer.pack(dict(containers)),
        }
        return wire.encode({**body, "objects": packer.objects, "tensors": packer.tensors}, strided=True)
    except (_NotKeptError, WireError, RecursionError):
        return None


def unpack(
    frame: bytes, modules: _Modules, student: Student
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, Container], list[Callable[[], None]]]:
    """Return the examples, the containers, and what fills the suite's own functions; raises ValueError for no entry."""
    try:
        body: Any = wire.decode(frame, strided=True)
        values = _Unpacker(body["objects"], body["tensors"], modules, student)
        drawn = {node: values.unpack(examples) for node, examples in body["drawn"]}
        functions = {(module, name): found for module, name, found in _kept(modules)}
        fills: list[Callable[[], None]] = []
        for module, name, entries in body["kept"]:
            function = functions[module, name]
            for key, value in entries:
                args, kwargs = values.unpack(key)
                hash((args, kwargs))  # raises TypeError here, and not where it is filled in
                fills.append(_filling(function, (args, kwargs), values.unpack(value)))
        containers = values.unpack(body["containers"])
        _check_kinds(drawn, containers)
        return drawn, containers, fills
    except (WireError, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ValueError(f"this is no entry of this suite: {error}") from error


def _check_kinds(drawn: Mapping[object, object], containers: object) -> None:
    """Raise ValueError unless tests have lists of examples, and functions containers."""
    examples = [example for found in drawn.values() for example in (found if isinstance(found, list) else [None])]
    named = isinstance(containers, dict) and all(isinstance(name, str) for name in (*drawn, *containers))
    if not named or not all(isinstance(example, dict) for example in examples):
        raise ValueError("a test has no list of examples, or something has no name")


def _filling(function: Kept[..., object], key: Any, value: object) -> Callable[[], None]:  # noqa: ANN401 - as it was
    return lambda: function.fill(key, value)


def _kept(modules: _Modules) -> list[tuple[str, str, Kept[..., Any]]]:
    """Return the functions whose values are kept, each where it is defined."""
    found = [
        (module, name, value)
        for module, names in modules.items()
        for name, value in names.items()
        if isinstance(value, Kept) and value.__module__ == module
    ]
    return sorted(found, key=lambda item: item[:2])


def _is_object(value: object) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


class _Packer:
    """Turn values into plain ones; an object that stands in several places is one object afterwards, too."""

    def __init__(self, modules: _Modules) -> None:
        self._modules = modules
        self._constants = {
            id(value): [module, name]
            for module, names in modules.items()
            for name, value in names.items()
            if _is_object(value)
        }
        self._numbers: dict[int, int] = {}
        self._alive: list[object] = []
        self.objects: list[object] = []
        self.tensors: list[torch.Tensor] = []

    def pack(self, value: object) -> object:
        if value is None or type(value) in (bool, int, float, str):  # not of a kind of their own: it would be lost
            return value
        match value:
            case torch.Tensor():
                return ["t", self._number(value, self._tensor)]
            case torch.dtype():
                return ["y", str(value).removeprefix("torch.")]
            case Student():
                return ["s"]
            case list() if type(value) is list:
                return ["l", [self.pack(item) for item in value]]
            case tuple() if type(value) is tuple:
                return ["u", [self.pack(item) for item in value]]
            case dict() if type(value) is dict:
                return ["m", [[self.pack(key), self.pack(item)] for key, item in value.items()]]
        if id(value) in self._constants:  # of the suite's modules, which are told apart as objects, too
            return ["c", *self._constants[id(value)]]
        if _is_object(value):
            return ["d", self._number(value, self._object)]
        raise _NotKeptError(type(value).__name__)

    def _number(self, value: Any, add: Callable[[Any], int]) -> int:  # noqa: ANN401 - a tensor, or an object
        if id(value) not in self._numbers:
            self._alive.append(value)
            self._numbers[id(value)] = add(value)
        return self._numbers[id(value)]

    def _tensor(self, value: torch.Tensor) -> int:
        if type(value) is not torch.Tensor or not value.is_leaf or value.grad is not None:
            raise _NotKeptError("a tensor of a kind of its own, or one that remembers how it was computed")
        self.tensors.append(value.detach().requires_grad_(value.requires_grad))
        return len(self.tensors) - 1

    def _object(self, value: Any) -> int:  # noqa: ANN401 - a dataclass's
        kind = type(value)
        if self._modules.get(kind.__module__, {}).get(kind.__qualname__) is not kind:
            raise _NotKeptError(f"{kind.__qualname__} is not defined by the suite")
        fields = [[field.name, self.pack(getattr(value, field.name))] for field in dataclasses.fields(kind)]
        self.objects.append([kind.__module__, kind.__qualname__, fields])
        return len(self.objects) - 1


class _Unpacker:
    """Turn them back; an object is made of the class of that name, without its own checks."""

    def __init__(
        self, objects: Sequence[Any], tensors: Sequence[torch.Tensor], modules: _Modules, student: Student
    ) -> None:
        if not all(isinstance(tensor, torch.Tensor) for tensor in tensors):
            raise ValueError("a tensor of a dtype or layout that no frame holds")
        self._modules = modules
        self._tensors = tensors
        self._student = student
        self._objects: list[object] = []
        for module, name, fields in objects:  # each after those that it holds
            kind = modules[module][name]
            if not isinstance(kind, type) or not dataclasses.is_dataclass(kind):
                raise ValueError(f"{name} is no class of values")
            if [field for field, _ in fields] != [field.name for field in dataclasses.fields(kind)]:
                raise ValueError(f"{name} has other fields")
            made = object.__new__(kind)
            for field, value in fields:
                object.__setattr__(made, field, self.unpack(value))
            self._objects.append(made)

    def unpack(self, value: Any) -> Any:  # noqa: ANN401 - whatever was packed
        if not isinstance(value, list):
            return value
        match value:
            case ["t", int(number)] if number >= 0:
                return self._tensors[number]
            case ["d", int(number)] if number >= 0:
                return self._objects[number]
            case ["c", str(module), str(name)] if _is_object(self._modules[module][name]):
                return self._modules[module][name]
            case ["y", str(name)] if isinstance(getattr(torch, name), torch.dtype):
                return getattr(torch, name)
            case ["s"]:
                return self._student
            case ["l", list(items)]:
                return [self.unpack(item) for item in items]
            case ["u", list(items)]:
                return tuple(self.unpack(item) for item in items)
            case ["m", list(pairs)]:
                return {self.unpack(key): self.unpack(item) for key, item in pairs}
        raise ValueError("a value of no known kind")
