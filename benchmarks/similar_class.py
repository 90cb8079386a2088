"""Classes with copies planted in them: the example class and the right alternatives, and more who write alike.

Everybody in them is ours. The texts are read and never run, so a function may stand in a module without its imports.
"""

import ast
import random
from dataclasses import dataclass

from similar_copies import (
    NAMES,
    disguised,
    functions_in,
    part_of,
    renamed,
    reordered,
    retyped,
    reworded,
    with_function_of,
)

from grader.course.catalogue import read_alternatives
from grader.errors import Unreadable
from grader.submissions.discover import discover
from grader.submissions.found import Wanted
from grader.submissions.sources import read_sources

CHANGES = {
    "renamed": renamed,
    "reordered": reordered,
    "reworded": reworded,
    "all three": disguised,
    "typed anew": retyped,
}
GIVEN_NAMES = ("t_c", "t_u", "t_un", "X", "y")
MOST_LINES, LEAST_LINES, LEAST_OF_FUNCTION, PLAIN = 350, 25, 6, 5
COMMENTS = """
# average over all samples|# forward|# backward|# chain rule|# update the parameters|# mean squared error|# prediction
# gradient descent step|# derivative of the loss|# one value per sample|# shape (N,)|# sum over the samples|# see slides
# times the inner derivative|# start|# loop over the epochs|# print sometimes|# difference|# both partial derivatives
# stop if it explodes|# just the input|# constant|# use the helper from above|# don't change the argument|# 2 of it
# TODO check|# works|# same as before|# first w then b|# numerically|# central difference|# the line|# from the lecture
"""
WORDS = """
apparently banana because carefully chaos confusing coffee double finally forgot funny hopefully honestly hours isn't
luckily magic maybe messy midnight monday obviously odd otherwise painful probably question really remember robust sadly
simply slow somehow sorry strange suddenly surely thanks tidy tired tricky twice ugly understand unsure weird works wow
"""


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A class: its texts, and how each pair of numbers was made of which one is a copy of the other."""

    texts: list
    pairs: dict


def honest(assignment):
    """Return the texts of the example class and the right alternatives by name, where Python can read them."""
    course = assignment.course
    wanted = Wanted(assignment=assignment.name, exercises=assignment.names, assignments=course.names)
    found = {}
    for item in discover([str(course.root / "examples" / "class" / assignment.name)]):
        try:
            sources = read_sources(item, wanted).sources
        except Unreadable:
            continue
        text = "\n\n".join(cell.text for cell in sources[0].cells).lstrip("\ufeff").replace("\r\n", "\n")
        if len(sources) == 1 and len(text.splitlines()) <= MOST_LINES and is_python(text):
            found[item.path.name] = text
    return found | read_alternatives(assignment)


def is_python(text):
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def planted_class(assignment, seed, *, alike=0):
    """Return the honest texts, so many more who write alike, and a copy of each kind.

    One stands for a class: a copy of one in each way, three of whom the second copied the first and the third the
    second, and one who took a single function.
    """
    rng = random.Random(f"{assignment.name} {seed} {alike}")
    pool = honest(assignment)
    kept = {*assignment.names, *assignment.given, *GIVEN_NAMES}
    texts = list(pool.values())
    ways = plain_ways(assignment) if alike else {}
    texts += [written_alike(ways, kept, rng) for _ in range(alike)]
    able = [number for number, text in enumerate(texts) if len(text.splitlines()) >= LEAST_LINES]
    able = able[-alike:] if alike else able
    rng.shuffle(able)
    pairs = {}
    for kind, change in CHANGES.items():
        source = able.pop()
        pairs[source, add(texts, change(texts[source], kept, rng))] = kind
    first = able.pop()
    second = add(texts, disguised(texts[first], kept, rng))
    third = add(texts, disguised(texts[second], kept, rng))
    pairs |= dict.fromkeys([(first, second), (second, third), (first, third)], "chain of three")
    pairs[take_function(assignment, texts, able, kept, rng)] = "one function"
    return Planted(texts=texts, pairs=pairs)


def add(texts, text):
    texts.append(text)
    return len(texts) - 1


def take_function(assignment, texts, able, kept, rng):
    """Give one a function of another, in the place of its own; return the two."""
    while True:
        source, target = able.pop(), able.pop()
        have = functions_in(texts[target])
        long = [name for name, lines in functions_in(texts[source]).items() if lines >= LEAST_OF_FUNCTION]
        both = sorted(name for name in long if name in have and name in assignment.names)
        if both:
            texts[target] = with_function_of(texts[target], texts[source], rng.choice(both), kept, rng)
            return min(source, target), max(source, target)


def plain_ways(assignment):
    """Return the shortest ways in which right alternatives write the exercises, without layout and comments."""
    found = {name: set() for name in assignment.names}
    for text in read_alternatives(assignment).values():
        for name in assignment.names:
            found[name].add(part_of(text, name).strip())
    return {
        name: [
            ast.unparse(ast.parse(way)) + "\n" for way in sorted(ways - {""}, key=lambda way: (len(way), way))[:PLAIN]
        ]
        for name, ways in found.items()
    }


def written_alike(ways, kept, rng):
    """Return the work of one who writes each exercise in one of the plainest ways, as many do, by habits of their own.

    Names, comments, blank lines and spaces are drawn for this one; a comment in seven is their very own.
    """
    parts = ["import torch\n", *(rng.choice(found) for found in ways.values())]
    mine = [name for name in NAMES.split() if rng.random() < 0.3]
    gap, blank, share = rng.choice([1, 1, 2, 2, 2, 3]), rng.random() < 0.4, rng.random() * 0.5
    tight = rng.random() < 0.3
    text = renamed(("\n" * gap).join(parts), kept, rng, pool=mine)
    lines = []
    for line in text.splitlines():
        in_tight = tight and '"' not in line and "'" not in line
        code = line.replace(" * ", "*").replace(" ** ", "**") if in_tight else line
        said = f"  {comment(rng)}" if line.startswith("    ") and rng.random() < share else ""
        if blank and line.strip().startswith("return") and rng.random() < 0.5:
            lines.append("")
        lines.append(code + said)
    return "\n".join(lines) + "\n"


def comment(rng):
    if rng.random() < 1 / 7:
        return "# " + " ".join(rng.sample(WORDS.split(), rng.randint(2, 4)))
    return rng.choice([item for line in COMMENTS.strip().splitlines() for item in line.split("|")])
