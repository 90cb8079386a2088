"""Splitting cells into statements: what is broken costs itself, and every statement knows its place."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.syntax.statements import Cell, bound_names, split

GOOD = "def good(x):\n    return x + 1\n"
TRIPLE = '"""'


def module(text):
    return split([Cell(filename="m.py", text=text)])


def notebook(*texts):
    return split([Cell(filename=f"m.ipynb, cell {i}", text=text, notebook=True) for i, text in enumerate(texts, 1)])


def parsed(statements):
    return [statement for statement in statements if statement.node is not None]


def lost(statements):
    return [statement for statement in statements if statement.node is None]


def names(statements):
    """The names that what is left binds, in order."""
    return [name for statement in parsed(statements) for name in statement.names]


def run(statements):
    """Execute what is left, as the worker does; only for texts written here."""
    namespace = {}
    for statement in parsed(statements):
        exec(compile(ast.Module(body=[statement.node], type_ignores=[]), "m.py", "exec"), namespace)
    return namespace


# Whole files.


def test_empty_cell_has_no_statements():
    assert module("") == []
    assert module("# only a comment\n\n") == []


def test_statements_come_in_order_with_their_lines():
    statements = module("import torch\n\nx = 1\n\n\ndef f():\n    return x\n")

    assert [(item.first, item.last, item.where) for item in statements] == [
        (1, 1, "line 1"),
        (3, 3, "line 3"),
        (6, 7, "line 6"),
    ]
    assert [item.names for item in statements] == [("torch",), ("x",), ("f",)]
    assert [item.error for item in statements] == ["", "", ""]


def test_statements_on_one_line_are_split():
    statements = module("a = 1; b = 2; c = 3")

    assert names(statements) == ["a", "b", "c"]


def test_decorator_belongs_to_its_function():
    text = "import functools\n\n@functools.cache\n@functools.lru_cache(\n    maxsize=3)\ndef f():\n    pass\n"

    statements = module(text)

    assert statements[1].first == 3
    assert statements[1].last == 7
    assert statements[1].names == ("f",)


def test_cells_are_numbered_and_lines_count_from_each_cell():
    statements = notebook("a = 1\nb = 2", "", "c = 3")

    assert [(item.filename, item.where) for item in statements] == [
        ("m.ipynb, cell 1", "cell 1, line 1"),
        ("m.ipynb, cell 1", "cell 1, line 2"),
        ("m.ipynb, cell 3", "cell 3, line 1"),
    ]


def test_splitting_twice_gives_the_same():
    text = GOOD + "def bad(:\n    pass\n" + "x = 1\n"

    first, second = module(text), module(text)

    assert [(item.where, item.error, item.names) for item in first] == [
        (item.where, item.error, item.names) for item in second
    ]


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_line_endings_of_all_systems_are_read(newline):
    statements = module((GOOD + "y = good(1)\n").replace("\n", newline))

    assert [(item.first, item.last) for item in statements] == [(1, 2), (3, 3)]
    assert run(statements)["y"] == 2


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_endings_of_other_systems_survive_salvage(newline):
    statements = module((GOOD + "def bad(:\n    pass\n\nz = 3\n").replace("\n", newline))

    assert names(statements) == ["good", "z"]


def test_byte_order_mark_is_passed_over():
    statements = module("\ufeff" + GOOD)

    assert names(statements) == ["good"]


def test_form_feed_on_a_line_of_its_own_is_blank():
    statements = module("a = 1\n\f\n" + GOOD)

    assert [(item.names, item.first) for item in statements] == [(("a",), 1), (("good",), 3)]


def test_form_feed_before_a_function_is_blank():
    statements = module("a = 1\n\f" + GOOD)

    assert names(statements) == ["a", "good"]


def test_tabs_indent():
    statements = module("def f(x):\n\tif x:\n\t\treturn 1\n\treturn 2\n")

    assert run(statements)["f"](0) == 2


def test_tabs_mixed_with_spaces_cost_their_function_only():
    statements = module("def f(x):\n    if x:\n\treturn 1\n    return 2\n" + GOOD)

    assert names(statements) == ["good"]
    assert "TabError" in lost(statements)[0].error or "Indentation" in lost(statements)[0].error


# Text that does not parse.

BROKEN = {
    "missing parenthesis": "def bad(x):\n    return (x + 1\n",
    "missing colon": "def bad(x)\n    return x\n",
    "missing body": "def bad(x):\n",
    "bad indentation": "def bad(x):\n    a = 1\n      b = 2\n    return a\n",
    "dedent to nowhere": "def bad(x):\n        a = 1\n    return a\n",
    "unclosed text": "def bad(x):\n    return 'x\n",
    "unclosed long text": f"def bad(x):\n    {TRIPLE}Never closed.\n    return x\n",
    "unclosed bracket": "def bad(x):\n    a = [1, 2\n    return a\n",
    "closing too often": "def bad(x):\n    return x)\n",
    "python 2 print": "def bad(x):\n    print x\n    return x\n",
    "python 2 raise": "def bad(x):\n    raise ValueError, 'no'\n",
    "python 2 except": "def bad(x):\n    try:\n        pass\n    except ValueError, e:\n        pass\n",
    "assignment in a condition": "def bad(x):\n    if x = 1:\n        return 2\n",
    "left out": "def bad(x):\n    return ...x...\n",
    "merge conflict": "def bad(x):\n<<<<<<< HEAD\n    return x\n=======\n    return 2\n>>>>>>> main\n",
    "typographic quotes": "def bad(x):\n    return \u201cx\u201d\n",
    "non-breaking space": "def bad(x):\n    return\u00a0x\n",
    "arrow": "def bad(x):\n    return x \u2192 1\n",
    "leading zero": "def bad(x):\n    return 007\n",
    "keyword as name": "def bad(lambda):\n    return lambda\n",
    "decorated": "@property\ndef bad(x:\n    return x\n",
    "class": "class Bad:\n    def f(self:\n        return 1\n\n    def g(self):\n        return 2\n",
    "nonlocal at the top": "def bad(x):\n    nonlocal y\n    y = 1\n",
    "break outside a loop": "def bad(x):\n    break\n",
    "await outside async": "def bad(x):\n    await x\n",
    "nothing but a tail": "    return x\n",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_broken_statement_costs_itself_only(broken):
    after = "def after(x):\n    return math.floor(x)\n\ny = after(2.5)\n"

    statements = module(f"import math\n\n\n{GOOD}\n\n{broken}\n\n{after}")

    assert run(statements)["y"] == 2
    assert {"math", "good", "after", "y"} <= set(names(statements))
    assert not {"bad", "Bad"} & set(names(statements))


@pytest.mark.parametrize("broken", [text for text in BROKEN.values() if "def bad" in text], ids=lambda text: text[:25])
def test_broken_function_is_named_with_its_error_and_line(broken):
    first = 4 + broken.startswith("@")

    statements = module(f"a = 1\n\n\n{broken}\n\n{GOOD}")

    named = [item for item in lost(statements) if "bad" in item.names]
    assert len(named) == 1
    assert "Error" in named[0].error
    assert named[0].first == first


@pytest.mark.parametrize("line", ["return 1", "x = (1", "yield", "print 'a'", "this is no Python", "def", "1 +"])
def test_broken_line_at_the_top_costs_itself_only(line):
    statements = module(f"{GOOD}\n{line}\nx = good(1)\n")

    assert run(statements)["x"] == 2


@pytest.mark.parametrize("line", [")", "]", "}", "else:", "except ValueError:", "finally:", "elif x:", "case 1:"])
def test_stray_continuation_does_not_cost_the_statement_above_it(line):
    statements = module(f"{GOOD}\n{line}\nx = good(1)\n")

    assert "good" in names(statements)


def test_every_broken_function_among_good_ones_is_lost_alone():
    good = [f"def good{i}():\n    return {i}\n" for i in range(30)]
    bad = [f"def bad{i}(:\n    return {i}\n" for i in range(30)]

    statements = module("\n".join(text for pair in zip(good, bad, strict=True) for text in pair))

    assert names(statements) == [f"good{i}" for i in range(30)]
    assert [item.names for item in lost(statements)] == [(f"bad{i}",) for i in range(30)]


@pytest.mark.parametrize(
    "kept",
    [
        f"x = {TRIPLE}\nat column zero\ndef g(:\n{TRIPLE}\n",
        f"def kept():\n    {TRIPLE}Doc.\nat column zero\n    {TRIPLE}\n    return 1\n",
        "x = [\n1,\n2,\n]\n",
        "x = dict(\na=1,\nb=2\n)\n",
        "if True:\n    x = 1\nelif False:\n    x = 2\nelse:\n    x = 3\n",
        "try:\n    x = 1\nexcept ValueError:\n    x = 2\nelse:\n    x = 3\nfinally:\n    pass\n",
        "for i in range(2):\n    x = i\nelse:\n    x = 5\n",
        "while False:\n    pass\nelse:\n    x = 5\n",
        "def kept():\n    a = 1\n# a comment at column 0\n    return a\n",
        "if True:\n    x = 1\n# a comment between\nelse:\n    x = 2\n",
        "@staticmethod\n# why\ndef kept():\n    return 1\n",
        "x = 1 + \\\n2\n",
        "x = (1\n+ 2)\n",
        "match 1:\n    case 1:\n        x = 2\n",
        "async def kept():\n    return 1\n",
        "x = 'a' 'b'\ncase = 3\nmatch = 4\n",
    ],
)
def test_statement_over_several_chunks_is_kept_whole_beside_a_broken_one(kept):
    broken = "def bad(:\n    pass\n"

    statements = module(f"{broken}\n{kept}\n{broken}\n{GOOD}")

    assert names(statements)[:-1] == names(module(kept))
    assert len(parsed(statements)) == len(module(kept)) + 1
    assert [item.names for item in lost(statements)] == [("bad",), ("bad",)]


def test_long_text_at_column_zero_costs_nothing_beside_a_broken_function():
    notes = "\n".join(f"line {i} of the notes" for i in range(60))
    documented = f"def f(x):\n    {TRIPLE}Doc.{TRIPLE}\n    return x\n"

    statements = module(f"{TRIPLE}\n{notes}\n{TRIPLE}\n\n{documented}\ndef bad(:\n    pass\n\n{GOOD}")

    assert [name for name in names(statements) if name in ("f", "good")] == ["f", "good"]


def test_function_between_long_texts_is_not_swallowed_beside_a_broken_one():
    notes = "\n".join(f"line {i} of the notes" for i in range(60))
    block = f"{TRIPLE}\n{notes}\n{TRIPLE}\n"

    statements = module(f"{block}\n{GOOD}\n{block}\ndef bad(:\n    pass\n")

    assert "good" in names(statements)


def test_lines_of_salvaged_statements_are_those_of_the_file():
    statements = module(f"def bad(:\n    pass\n\n\n{GOOD}\n@staticmethod\ndef more():\n    pass\n")

    assert [(item.first, item.last) for item in parsed(statements)] == [(5, 6), (8, 10)]
    assert parsed(statements)[0].node.body[0].lineno == 6


def test_future_import_beside_a_broken_function_is_kept():
    statements = module("from __future__ import annotations\n\ndef bad(:\n    pass\n" + GOOD)

    assert names(statements) == ["annotations", "good"]


def test_deeply_nested_text_costs_itself_only():
    statements = module(f"{GOOD}\nx = {'(' * 10_000}\ny = {'-' * 10_000}1\nz = good(1)\n")

    assert names(statements) == ["good", "z"]


def test_text_that_is_no_python_at_all_gives_lost_statements():
    statements = module("Dear staff,\nI could not finish.\nSorry!\n")

    assert parsed(statements) == []
    assert all(item.error for item in statements)


@settings(max_examples=150)
@given(st.text(st.sampled_from("def f(x):\n \t'\"#@=[]{}\\%!?\rprint;λ\f\x0b"), max_size=80), st.booleans())
def test_any_text_is_split_without_an_error(text, is_notebook):
    statements = split([Cell(filename="m", text=text, notebook=is_notebook)])

    assert all((item.node is None) == bool(item.error) for item in statements)


@settings(max_examples=80)
@given(st.lists(st.sampled_from(["good", "bad"]), min_size=1, max_size=12))
def test_good_functions_are_kept_in_any_mixture(kinds):
    texts = [f"def {kind}{i}({':' if kind == 'bad' else '):'}\n    return {i}\n" for i, kind in enumerate(kinds)]

    statements = module("\n".join(texts))

    assert names(statements) == [f"good{i}" for i, kind in enumerate(kinds) if kind == "good"]


# Notebooks: magics, shell lines, cells.


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "%load_ext autoreload",
        "!pip install torch",
        "!ls -l | grep x",
        "files = !ls",
        "out = %timeit -o good(1)",
        "?good",
        "good?",
        "good??",
        "torch.nn.Linear?",
        "%%time",
        "%cd ..",
    ],
)
def test_magic_line_is_dropped_with_a_note(line):
    statements = notebook(f"{line}\n{GOOD}\ny = good(1)")

    assert run(statements)["y"] == 2
    assert [item.where for item in lost(statements)] == ["cell 1, line 1"]
    assert line in lost(statements)[0].error


def test_magic_in_a_body_leaves_the_body():
    statements = notebook("if True:\n    !pip install torch\nx = 1")

    assert run(statements)["x"] == 1
    assert len(lost(statements)) == 1


def test_magic_keeps_the_numbers_of_the_lines_below():
    statements = notebook("%matplotlib inline\n\n" + GOOD)

    assert parsed(statements)[0].first == 3


@pytest.mark.parametrize("name", ["bash", "html", "writefile x.py", "javascript", "latex", "sh"])
def test_cell_of_another_language_is_dropped_whole(name):
    statements = notebook(f"%%{name}\necho x = 1\nx = 1", "y = 2")

    assert names(statements) == ["y"]
    assert name.split()[0] in lost(statements)[0].error


@pytest.mark.parametrize("name", ["time", "timeit", "capture out", "prun"])
def test_cell_with_a_harmless_magic_keeps_its_code(name):
    statements = notebook(f"%%{name}\n{GOOD}")

    assert names(statements) == ["good"]


def test_magic_in_a_module_is_a_syntax_error_of_one_line():
    statements = module("%matplotlib inline\n" + GOOD)

    assert names(statements) == ["good"]
    assert len(lost(statements)) == 1


def test_remainder_operator_is_no_magic():
    statements = notebook("x = (7\n     % 4)\ny = 7 % 4")

    assert run(statements)["x"] == 3
    assert lost(statements) == []


@pytest.mark.parametrize(
    ("beside", "body"),
    [
        ("%matplotlib inline", "    return ('%d of %d'\n            % (x, x))"),
        ("%matplotlib inline", "    return (x\n            % 3)"),
        ("%matplotlib inline", "    return (x\n            != 3)"),
        ("def bad(:", "    return ('%d'\n            % x)"),
    ],
)
def test_operator_that_begins_a_line_is_no_magic_beside_one(beside, body):
    statements = notebook(f"{beside}\n\ndef f(x):\n{body}\n")

    assert "f" in names(statements)


def test_text_that_looks_like_a_magic_is_kept_beside_one():
    statements = notebook(f"!ls\nx = {TRIPLE}\n%d epochs\n{TRIPLE}\n")

    assert run(statements)["x"] == "\n%d epochs\n"


def test_broken_cell_does_not_stop_the_others():
    statements = notebook("a = 1", "def bad(:\n    pass", "b = 2")

    assert names(statements) == ["a", "b"]
    assert lost(statements)[0].where == "cell 2, line 1"


def test_dropped_lines_stand_in_order_with_the_rest():
    statements = notebook("a = 1\n!ls\nb = 2\n%time\nc = 3")

    assert [item.first for item in statements] == [1, 2, 3, 4, 5]


# Names.


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("def f():\n    inner = 1", ["f"]),
        ("async def f(): pass", ["f"]),
        ("class A:\n    x = 1\n    def m(self): pass", ["A"]),
        ("a = b = 1", ["a", "b"]),
        ("a, (b, *c) = 1, (2, 3)", ["a", "b", "c"]),
        ("a: int = 1", ["a"]),
        ("a += 1", ["a"]),
        ("x.y = 1", []),
        ("x[0] = 1", []),
        ("import torch.nn.functional", ["torch"]),
        ("import torch.nn.functional as F, math", ["F", "math"]),
        ("from torch import nn as n, optim", ["n", "optim"]),
        ("for i, (j, k) in []:\n    m = i", ["i", "j", "k", "m"]),
        ("with open('x') as f, g as (h, i):\n    pass", ["f", "h", "i"]),
        ("try:\n    a = 1\nexcept ValueError as e:\n    b = 2", ["a", "b", "e"]),
        ("if True:\n    a = 1\nelse:\n    def f(): pass", ["a", "f"]),
        ("while (n := 1):\n    pass", ["n"]),
        ("x = [i for i in range(3)]", ["x"]),
        ("x = lambda y: (z := y)", ["x"]),
        ("print(1)", []),
        ("del x", []),
        ("match p:\n    case [a, *b]: pass\n    case {'k': c, **d} as e: pass", ["a", "b", "c", "d", "e"]),
    ],
)
def test_bound_names_are_those_that_a_statement_binds(text, bound):
    (statement,) = ast.parse(text).body

    assert list(bound_names(statement)) == bound


def test_names_of_a_lost_statement_are_guessed_from_its_lines():
    statements = module("def bad(:\n    inner = 1\n\nclass Bad(\n    pass\n\nvalue = (1\n")

    assert {name for item in lost(statements) for name in item.names} == {"bad", "Bad", "value"}
