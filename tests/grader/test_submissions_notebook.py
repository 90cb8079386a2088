"""Reading a notebook: its code cells in order, of whatever format, and what is none is unreadable."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from submission_files import CODE, NAME, cell, found, notebook, read_or_unreadable, read_sources, texts, write

from grader.errors import Unreadable
from grader.submissions.files import MAX_ENTRIES
from grader.submissions.sources import MAX_CODE_CHARACTERS


def test_notebook_is_its_code_cells_in_order(tmp_path):
    data = notebook(cell("a = 1"), cell("# Title", "markdown"), cell(["b = 2\n", "c = 3"]), cell("x", "raw"))
    path = write(tmp_path / "gradient_descent.ipynb", data)

    (source,) = read_sources(found(path), NAME)

    assert [item.text for item in source.cells] == ["a = 1", "", "b = 2\nc = 3", ""]
    assert source.cells[2].filename == "gradient_descent.ipynb, cell 3"
    assert all(item.notebook for item in source.cells)


def test_notebook_of_version_3_is_read_from_its_worksheets(tmp_path):
    sheets = [{"cells": [cell("a = 1", key="input")]}, {"cells": [cell(["b = 2"], key="input")]}]
    path = write(tmp_path / "gradient_descent.ipynb", json.dumps({"nbformat": 3, "worksheets": sheets}).encode())

    assert texts(read_sources(found(path), NAME)) == ["a = 1", "b = 2"]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + notebook(cell("x = 1")),
        json.dumps({"cells": [cell("x = 1")]}).encode(),
        json.dumps({"cells": [cell("x = 1"), None, 5, [], {}, {"cell_type": "code"}, cell(None), cell(7)]}).encode(),
        json.dumps({"cells": [cell(["x = 1", None, 5])]}).encode(),
        json.dumps({"cells": [cell("x = 1")], "nbformat": "four", "metadata": []}).encode(),
    ],
)
def test_odd_notebook_is_read_where_it_holds_code(tmp_path, data):
    path = write(tmp_path / "gradient_descent.ipynb", data)

    assert texts(read_sources(found(path), NAME))[0] == "x = 1"


def test_notebook_with_a_lone_surrogate_and_a_nul_is_read(tmp_path):
    data = b'{"cells": [{"cell_type": "code", "source": "a\\ud800\\u0000 = 1"}]}'
    path = write(tmp_path / "gradient_descent.ipynb", data)

    (text,) = texts(read_sources(found(path), NAME))

    assert "\x00" not in text
    assert text.encode().decode() == text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"no json", "no notebook"),
        (b'{"cells": [', "no notebook"),
        (b"\xff\xfe{}", "no notebook"),
        (b"{}", "no list of cells"),
        (b"[]", "no list of cells"),
        (b"null", "no list of cells"),
        (b"5", "no list of cells"),
        (b'"text"', "no list of cells"),
        (b'{"cells": null}', "no list of cells"),
        (b'{"cells": {}}', "no list of cells"),
        (b'{"cells": "abc"}', "no list of cells"),
        (b'{"cells": 5}', "no list of cells"),
        (b'{"worksheets": {}}', "no list of cells"),
        (b'{"worksheets": []}', "no code"),
        (b'{"worksheets": [5, null, {}]}', "no code"),
        (b'{"worksheets": [{"cells": null}]}', "no code"),
        (b'{"worksheets": [{"cells": 5}]}', "no "),
        (b'{"worksheets": [{"cells": true}]}', "no "),
        (b'{"worksheets": [{"cells": "abc"}]}', "no "),
        (b'{"worksheets": [{"cells": {"a": 1}}]}', "no "),
        (b'{"cells": []}', "no code"),
        (notebook(cell("# Title", "markdown")), "no code"),
        (notebook(cell("  \n")), "no code"),
        (b"[" * 200_000, "no notebook"),
        (b'{"cells":' * 100_000, "no notebook"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "no notebook"),
        (json.dumps({"cells": [cell("x")] * (MAX_ENTRIES + 1)}).encode(), "5001 cells"),
        (notebook(cell("#" * (MAX_CODE_CHARACTERS + 1))), "characters of code"),
        (CODE, "no notebook"),
    ],
    ids=lambda value: value[:30] if isinstance(value, bytes) else "",
)
def test_notebook_that_is_none_is_unreadable_with_the_reason(tmp_path, data, why):
    path = write(tmp_path / "gradient_descent.ipynb", data)

    with pytest.raises(Unreadable, match=why):
        read_sources(found(path), NAME)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["cells", "worksheets", "cell_type", "source", "input"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(["cells", "worksheets"]), json_values, min_size=1))
def test_any_json_is_read_or_unreadable(document):
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder, "gradient_descent.ipynb"), json.dumps(document).encode())

        read_or_unreadable(path)
