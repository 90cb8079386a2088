"""What a worker answers: the reports of a batch, or why it grades nothing. It travels as JSON of a fixed shape."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import msgspec

from grader.report.reading import read_json
from grader.report.report import SubmissionReport
from grader.report.text import clean

__all__ = ["Answer", "Graded", "answers", "read_answer", "write_answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """The report of the submission of this name, and what confined it."""

    given: str
    sandbox: str
    report: SubmissionReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The reports of a batch, in any order, and a digest of the machine; or a refusal that says why there are none."""

    machine: str = ""
    graded: tuple[Graded, ...] = ()
    refusal: str = ""


def answers(answer: Answer, given: Collection[str]) -> bool:
    """Say whether it has one report of each of these submissions, and of nothing else."""
    own = all(one.report.submission == clean(one.given) for one in answer.graded)
    return own and sorted(one.given for one in answer.graded) == sorted(given)


def write_answer(answer: Answer) -> bytes:
    """Return an answer as JSON."""
    return msgspec.json.encode(answer)


def read_answer(data: bytes) -> Answer:
    """Return the answer that some bytes are; raises ValueError for whatever else they are."""
    answer: Answer = read_json(data, Answer)
    return answer
