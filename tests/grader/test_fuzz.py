"""A short run of benchmarks/fuzz.py: what is changed at random gives a value or the parser's own error."""

import importlib.util
import random
import warnings
from pathlib import Path

import pytest

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "fuzz.py"
SPEC = importlib.util.spec_from_file_location("fuzz", PATH)
fuzz = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(fuzz)


@pytest.mark.parametrize("name", fuzz.PARSERS)
def test_changed_input_is_read_or_refused(tmp_path, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch, which is given a buffer that can't be written
        counts, wrong = fuzz.fuzz(name, 400, random.Random(1), fuzz.Readers(tmp_path))

    assert wrong == ""
    assert counts.total() == 400
    assert counts["read"] > 0


def test_other_error_of_a_parser_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(fuzz.Readers, "frame", lambda self, data: {}["missing"])

    _, wrong = fuzz.fuzz("frame", 10, random.Random(1), fuzz.Readers(tmp_path))

    assert wrong.startswith("KeyError")
