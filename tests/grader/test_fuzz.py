"""A short run of benchmarks/fuzz.py: what is changed at random gives a value or the parser's own error."""

import random
import time
import warnings
from pathlib import Path

import pytest

with pytest.MonkeyPatch.context() as patch:
    patch.syspath_prepend(Path(__file__).resolve().parents[2] / "benchmarks")
    import fuzz

FEW = {"tree": 60, "commit": 60, "loose": 60, "gradebook": 40}  # an input takes several processes, or a database


def run(name, count, folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch, which is given a buffer that can't be written
        return fuzz.fuzz(name, count, random.Random(1), folder)


def of_reader(monkeypatch, name, read):
    corpus, _, refusal, change = fuzz.PARSERS[name]
    monkeypatch.setitem(fuzz.PARSERS, name, (corpus, lambda _: read, refusal, change))


@pytest.mark.parametrize("name", fuzz.PARSERS)
def test_changed_input_is_read_or_refused(tmp_path, name):
    count = FEW.get(name, 400)

    counts, wrong = run(name, count, tmp_path)

    assert wrong == ""
    assert counts["read"] + counts["refused"] == count
    assert counts["read"] > 0


def test_every_parser_has_a_share_of_a_long_run():
    names = [name for names in fuzz.KINDS.values() for name in names]

    assert sorted(names) == sorted(fuzz.PARSERS)


def test_other_error_of_a_parser_is_found(tmp_path, monkeypatch):
    of_reader(monkeypatch, "frame", lambda data: {}["missing"])

    _, wrong = run("frame", 10, tmp_path)

    assert wrong.startswith("KeyError")


def test_parser_that_does_not_end_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(fuzz, "SECONDS", 0.05)
    of_reader(monkeypatch, "frame", lambda data: time.sleep(60))

    _, wrong = run("frame", 10, tmp_path)

    assert "too long" in wrong


def test_parser_that_keeps_what_it_reads_is_found(tmp_path, monkeypatch):
    held = []
    of_reader(monkeypatch, "frame", lambda data: held.append(b"x" * 2**20))

    _, wrong = run("frame", 100, tmp_path)

    assert wrong == "it grows"
