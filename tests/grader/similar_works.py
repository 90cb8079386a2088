"""Works made by hand, for tests of what submissions share."""

import json

from grader.classes.similar.comparing import compare
from grader.classes.similar.notebook import add_notebook
from grader.classes.similar.pairs import Rarity, rank_pairs
from grader.classes.similar.traits import Traits
from grader.classes.similar.works import Given, Work, Works, read_given, traits_of_code

EXERCISES = ("f", "g")
NOTHING = Given()


def of_code(text, given=NOTHING):
    return traits_of_code(text, given, EXERCISES)


def given_of(text="", others=()):
    return read_given({"a.py": text.encode()}, others, EXERCISES)


def of_notebook(*cells, given=NOTHING):
    traits = Traits(given.handed_out)
    add_notebook(traits, json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode())
    return traits.found


def cell(source="", kind="code", **more):
    return {"cell_type": kind, "metadata": {}, "source": source, **({"outputs": []} if kind == "code" else {}), **more}


def ranked(*works, others=(), top=3):
    """Return the pairs of numbers that share most."""
    return [(pair.first, pair.second) for pair in rank_pairs(works, Rarity(works, others), top=top).pairs]


def compared(*works, given=NOTHING, students=None, top=3):
    """Return the comparison of these traits, whose students are called a, b, c, ... if nothing else is said."""
    names = students or [chr(ord("a") + number) for number in range(len(works))]
    items = [
        Work(submission=f"class/{number:03}.py", student=name, traits=traits)
        for number, (name, traits) in enumerate(zip(names, works, strict=True))
    ]
    return compare(Works(assignment="small", works=tuple(items), given=given, notes=()), top=top)


def shown(comparison, kind):
    """Return the texts of this kind that the first pair shares, as the first of the two wrote them."""
    return [row.first for item in comparison.pairs[0].shared if item.kind == kind for row in item.rows]
