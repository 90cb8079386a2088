"""The functions and the data of a lesson's reference, to compute with: whatever a picture shows comes from there."""

import contextlib
import io
import sys
import types
from collections.abc import Callable
from functools import cache
from pathlib import Path

import torch

from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment

__all__ = ["ROOT", "described", "quietly", "reference"]

ROOT = Path(__file__).parents[2]


@cache
def reference(name: str) -> types.ModuleType:
    """Return a lesson's module, without its demonstrations, with its data as float64: the same digits everywhere."""
    assignment = load_assignment(find_course(ROOT), name)
    module = types.ModuleType(f"reference_{name}")
    sys.modules[module.__name__] = module  # its classes look for it
    exec(compile(reference_source(assignment), str(assignment.reference), "exec"), module.__dict__)  # noqa: S102 - ours
    for key, value in vars(module).items():
        if isinstance(value, torch.Tensor):
            setattr(module, key, value.double())
    return module


def quietly(function: Callable[..., object], *arguments: object) -> object:
    """Call a function that prints, and print nothing."""
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments)


def described(sentences: str) -> str:
    """Return a description on one line."""
    return " ".join(sentences.split())
