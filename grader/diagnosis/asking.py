"""Ask the examples of an author: a student's code, the reference, or a reference with something changed in it."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from grader.answers.elsewhere import in_float64
from grader.answers.explain import as_numbers
from grader.answers.laws import Arguments, Ask, Case, numbers_of
from grader.answers.rounding import ROUNDING, is_near
from grader.backends.protocol import Backend
from grader.backends.reference import Reference, Variant
from grader.course.teaching import Teaching
from grader.diagnosis.near_reference import Near
from grader.suite.student import Observation, Student, StudentRaised, Untransferable, bind
from grader.wire import Value

__all__ = ["all_parts", "asking", "asking_near", "exactly", "flat", "observe", "parts_of"]


def observe(teaching: Teaching, backend: Backend, arguments: Arguments) -> Observation | StudentRaised | Untransferable:
    """Ask one example, as it was written; return what came back, or what was raised."""
    student = Student()
    bind(student, backend)
    try:
        if teaching.probe is None:
            return student.observe(teaching.exercise, *arguments.values())
        return Observation(value=student.probe(teaching.probe, *arguments.values()), printed="", arguments=())
    except (StudentRaised, Untransferable) as error:
        return error


def asking_near(teaching: Teaching, reference: Backend, key: str, near: Near) -> Ask:
    """Return what asks a reference with something changed."""
    assert isinstance(reference, Reference)
    return asking(teaching, Variant(reference, compile(near.source, "near", "exec")), key)


def flat(got: torch.Tensor, want: torch.Tensor) -> torch.Tensor:
    """Return what came back in the shape of what is expected, where it has as many numbers."""
    got = got.to(torch.float64)
    return got.reshape(want.shape) if got.numel() == want.numel() else got


def exactly(example: Arguments, ask: Ask, right: Ask) -> Case | None:
    """Ask the same in float64, in which less is left to rounding; None where that can't be asked, or is no other."""
    wide = in_float64(example)
    got, want = numbers_of(ask, wide), numbers_of(right, wide)
    if got is None or want is None or not bool(got.isfinite().all()) or is_near(flat(got, want), want, ROUNDING):
        return None
    return wide, flat(got, want), want


def all_parts(teaching: Teaching, backend: Backend, arguments: Arguments) -> Mapping[str, torch.Tensor] | None:
    """Return the numbers of all parts of an answer, None where it has others, or none."""
    found = observe(teaching, backend, teaching.consistent(arguments))
    return parts_of(found.value) if isinstance(found, Observation) else None


def asking(teaching: Teaching, backend: Backend, key: str) -> Ask:
    """Return what asks for one part of the answer, and raises LookupError where there is none."""

    def ask(arguments: Arguments) -> object:
        found = observe(teaching, backend, teaching.consistent(arguments))
        parts = parts_of(found.value) if isinstance(found, Observation) else None
        if parts is None or key not in parts:
            raise LookupError(key)
        return parts[key]

    return ask


def parts_of(value: Value) -> dict[str, torch.Tensor] | None:
    """Return the numbers of an answer, or of each part of it by its index; None where it has no numbers."""
    whole = as_numbers(value)
    if whole is not None:
        return {"": whole.detach()}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    found = {key if isinstance(key, str) else f"[{key!r}]": as_numbers(item) for key, item in items}
    if not found or None in found.values():
        return None
    return {key: part.detach() for key, part in found.items() if part is not None}
