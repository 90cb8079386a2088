"""Submissions written for a test, and what became of reading them."""

import json
import zipfile
from pathlib import Path

import pytest

from grader.errors import Unreadable
from grader.submissions.found import Found, Wanted
from grader.submissions.sources import read_sources as read

NAME = "gradient_descent"
CODE = b"def model(t_u, w, b):\n    return w * t_u + b\n"
NAMES = ("autograd", "autograd_extra", NAME, "neuron")


EXERCISES = ("model", "loss_fn", "training_loop")


def read_sources(item, name=NAME):
    """What is read of a submission to an assignment."""
    return list(read(item, Wanted(assignment=name, exercises=EXERCISES, assignments=NAMES)).sources)


def found(path):
    return Found(given=str(path), path=Path(path))


def write(path, data=CODE):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def write_zip(path, entries, compression=zipfile.ZIP_DEFLATED):
    """Write a zip of names (or ZipInfo) and bytes."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def texts(sources):
    return [cell.text for source in sources for cell in source.cells]


def cell(source, kind="code", key="source"):
    return {"cell_type": kind, key: source, "metadata": {}, "outputs": []}


def notebook(*cells, **more):
    return json.dumps({"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": {}, **more}).encode()


def reason(path):
    """Why a submission is unreadable; fails where it is not."""
    with pytest.raises(Unreadable) as caught:
        read_sources(found(path), NAME)
    return str(caught.value)


def read_or_unreadable(path):
    """Read; anything else than sources or Unreadable fails the test."""
    try:
        return read_sources(found(path), NAME)
    except Unreadable as error:
        return error
