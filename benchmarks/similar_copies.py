"""Copies of a submission as students make them who want them to look like their own; the same for the same seed.

The sources are ours, so Python's own parser reads them, as the grader never reads a student's.
"""

import ast
import io
import re
import tokenize
from functools import cache
from itertools import pairwise

NAMES = """
a1 a2 acc ans arr aux avg back batch_loss calc change coef comp count cur cur_loss current delta_b delta_w deriv diff
diff_b diff_w div dl dp err error_sum ep estimate factor final first fn forward g g_b g_w gb gradient_b gradient_w gw
helper higher i idx item j k left length line loss_val lower lst m middle my_fn new_b new_w next_w num number old out p
part pred prev q r residual res result right s scale second size slope slope_b slope_w start step sum_err sq temp tmp
total tot u up upper v val value values var w_new x x1 x2 y y1 y2 z zz
"""
SYNONYMS = {
    "average": "mean", "backward": "back", "calculate": "get", "compute": "work out", "derivative": "slope",
    "divide": "split", "first": "at first", "forward": "going forward", "gradient": "derivative", "here": "now",
    "loss": "error", "mean": "average", "model": "line", "number": "amount", "params": "weights", "pass": "step",
    "sum": "total", "take": "use", "update": "change", "use": "take", "with": "using",
}  # fmt: skip
SMALL_WORDS = "a an and are as at be by for from in is it its of on so that the this to we"
GENERIC = ("# as in the lecture", "# see the text above", "# this is the important line", "# now the result", "# done")


def renamed(text, kept, rng, pool=None):
    """Give every name that its author chose another one, of `pool` first; `kept` are those of the assignment."""
    names = _own_names(ast.parse(text), kept)
    taken = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)} | set(kept)
    pool = [name for name in pool or NAMES.split() if name not in taken]
    rng.shuffle(pool)
    fresh = {name: pool[n] if n < len(pool) else f"{name}_{n}" for n, name in enumerate(sorted(names))}

    def change(token, before):
        if token.type == tokenize.NAME and before != ".":
            return fresh.get(token.string, token.string)
        if token.type == tokenize.STRING and "f" in re.match(r"[a-zA-Z]*", token.string)[0].lower():
            inner = re.compile(r"(?<![\w.!:])(" + "|".join(map(re.escape, fresh)) + r")\b") if fresh else None
            fields = re.compile(r"\{[^{}]*\}")
            return fields.sub(lambda f: inner.sub(lambda n: fresh[n[0]], f[0]), token.string) if inner else token.string
        return token.string

    return _changed(text, change)


def _own_names(tree, kept):
    """Return the names that the text gives and no argument has: another name for an argument may be a keyword's."""
    given = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    given |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg | ast.keyword)}
    methods = {
        item.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.FunctionDef)
    }
    named = {name for node in ast.walk(tree) if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}
    return given - arguments - methods - named - set(kept)


def reworded(text, _kept, rng):
    """Say every comment in other words, leave out some, and put in what says nothing."""

    def change(token, _before):
        if token.type != tokenize.COMMENT:
            return token.string
        words = token.string.lstrip("# ").split()
        new = [SYNONYMS.get(word.lower(), word) for word in words if word.lower() not in SMALL_WORDS.split()]
        if len(new) > 3:
            new.pop(rng.randrange(len(new)))
        return "# " + " ".join(new) if new and rng.random() < 0.7 else "#"

    lines = _changed(text, change).splitlines()
    for _ in range(3):
        place = rng.randrange(len(lines))
        if lines[place].strip().startswith(("return", "for", "if")):
            indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
            lines[place] = f"{indent}{rng.choice(GENERIC)}\n{lines[place]}"
    text = "\n".join(line for line in lines if line.strip() != "#")
    return re.sub(r"[ \t]*#$", "", text, flags=re.MULTILINE) + "\n"


def reordered(text, _kept, rng):
    """Put the functions and classes into another order, with the comments above them."""
    parts = _parts(text)
    movable = [number for number, (node, _) in enumerate(parts) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    moved = list(movable)
    rng.shuffle(moved)
    order = dict(zip(movable, moved, strict=True))
    return "".join(parts[order.get(number, number)][1] for number in range(len(parts)))


def retyped(text, kept, rng):
    """Type it anew: other names and order, no comment, and the layout of whoever types."""
    plain = ast.unparse(ast.parse(text)) + "\n"
    return reordered(renamed(plain, kept, rng), kept, rng)


def disguised(text, kept, rng):
    """Do all that changes no code: names, order and comments."""
    return reordered(reworded(renamed(text, kept, rng), kept, rng), kept, rng)


def with_function_of(text, other, exercise, kept, rng):
    """Return `text` with the function `exercise` as the other one has it, under other names half of the time."""
    if rng.random() < 0.5:
        other = renamed(other, kept, rng)
    theirs = dict(_functions(other))[exercise]
    return "".join(theirs if getattr(node, "name", None) == exercise else part for node, part in _parts(text))


def functions_in(text):
    """Return the names of the functions and classes at the top of a text, with the lines that each takes."""
    return {name: len([line for line in part.splitlines() if line.strip()]) for name, part in _functions(text)}


def part_of(text, name):
    """Return the function or class of this name at the top of a text, "" where there is none."""
    return dict(_functions(text)).get(name, "")


@cache
def _functions(text):
    return [(node.name, part) for node, part in _parts(text) if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def _parts(text):
    """Return the statements at the top with their text, which begins with the blank lines and comments above."""
    lines = text.splitlines(keepends=True)
    nodes = ast.parse(text).body
    ends = [0, *(node.end_lineno for node in nodes[:-1]), len(lines)]
    return [(node, "".join(lines[start:end])) for node, (start, end) in zip(nodes, pairwise(ends), strict=True)]


def _changed(text, change):
    """Return the text with each token as `change` gives it, and all between them as it is."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    out, at, before = [], 0, ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.NAME, tokenize.STRING, tokenize.COMMENT, tokenize.OP):
            start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
            out += [text[at:start], change(token, before)]
            at, before = end, token.string
    return "".join([*out, text[at:]])
