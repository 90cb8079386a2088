"""Damaged notebooks, and the points that each is worth."""

import json

from evidence import PROOF
from nbgrader_notebooks import (
    ALL,
    BUT_LOSS,
    RIGHT,
    SVG,
    WRONG,
    cell_at,
    checks_say,
    code,
    each,
    format_3,
    in_format,
    is_check,
    is_solution,
    joined,
    loss_twice,
    nested,
    no_id,
    printing,
    result,
    right,
    swapped,
    tagged,
    text_cell,
    with_cells,
    with_kinds,
    without,
)

STRANGE_ID = "../../gradebook.db\u202e'); DROP TABLE grade; --\n<b>"

# name: (the notebook, points of THREE or None)
DAMAGE = {
    # deleted
    "checks_deleted": (with_cells(lambda cells: [cell for cell in cells if not is_check(cell)]), ALL),
    "solution_deleted": (
        with_cells(lambda cells: [cell for cell in cells if cell["id"] != "exercise-loss_fn"]),
        BUT_LOSS,
    ),
    "all_but_solutions_deleted": (with_cells(lambda cells: [cell for cell in cells if is_solution(cell)]), ALL),
    "text_deleted": (with_cells(lambda cells: [cell for cell in cells if cell["cell_type"] == "code"]), ALL),
    # duplicated
    "checks_duplicated": (with_cells(lambda cells: [*cells, *filter(is_check, cells), *filter(is_check, cells)]), ALL),
    "wrong_then_right": (loss_twice(WRONG, RIGHT["loss_fn"]), ALL),
    "right_then_wrong": (loss_twice(RIGHT["loss_fn"], WRONG), BUT_LOSS),
    # reordered
    "all_reversed": (with_cells(lambda cells: cells[::-1]), ALL),
    "checks_first": (with_cells(lambda cells: sorted(cells, key=is_check, reverse=True)), ALL),
    "checks_last_and_reversed": (
        with_cells(
            lambda cells: [*(cell for cell in cells if not is_check(cell)), *list(filter(is_check, cells))[::-1]]
        ),
        ALL,
    ),
    # renamed
    "renamed": (
        each(
            lambda cell: {
                **cell,
                "metadata": {"nbgrader": {**cell["metadata"]["nbgrader"], "grade_id": f"q-{cell['id']}"}},
            },
            lambda cell: is_check(cell) or is_solution(cell),
        ),
        ALL,
    ),
    "one_name_for_all": (checks_say({"grade_id": "dloss_fn"}), ALL),
    "names_swapped": (swapped(), ALL),
    "names_strange": (checks_say({"grade_id": STRANGE_ID}, {"grade_id": "\ud800"}, {"grade_id": ""}), ALL),
    "names_no_texts": (checks_say({"grade_id": 7}, {"grade_id": ["model"]}, {"grade_id": None}), ALL),
    # metadata changed
    "points_changed": (checks_say({"points": 1000}, {"points": -1}, {"points": "6"}), ALL),
    "points_no_numbers": (checks_say({"points": float("nan")}, {"points": None}, {"points": [20]}), ALL),
    "flags_changed": (
        checks_say(
            {"locked": False, "solution": True, "grade": False},
            {"task": True, "grade": False},
            {"locked": False, "solution": True},
        ),
        ALL,
    ),
    "checks_unlocked": (checks_say({"locked": False}), ALL),
    "schemas_old": (checks_say({"schema_version": 1}, {"schema_version": 2}, {"schema_version": 0}), ALL),
    "schemas_strange": (checks_say({"schema_version": 99}, {"schema_version": "x"}, {"schema_version": None}), ALL),
    "checksum_forged": (checks_say({"checksum": "0" * 32, "cell_type": "markdown"}), ALL),
    # stripped
    "nbgrader_stripped": (each(lambda cell: {**cell, "metadata": {}}), ALL),
    "metadata_strange": (
        each(lambda cell: {**cell, "metadata": [1] if is_check(cell) else {"nbgrader": "grade"}}),
        ALL,
    ),
    "only_types_and_sources": (
        {"cells": [{"cell_type": cell["cell_type"], "source": cell["source"]} for cell in right()["cells"]]},
        ALL,
    ),
    # tags
    "tagged_checks": (
        tagged("skip-execution", "remove-cell", "remove_output", "hide-input", "raises-exception", "demonstration"),
        ALL,
    ),
    "tagged_solutions": (tagged("skip-execution", "remove-cell", "demonstration", kind=is_solution), ALL),
    # kinds of cells
    "checks_of_other_kinds": (with_kinds("markdown", "raw", "widget"), ALL),
    "solution_markdown": (
        each(lambda cell: {**cell, "cell_type": "markdown"}, lambda cell: cell["id"] == "exercise-loss_fn"),
        BUT_LOSS,
    ),
    "solution_raw": (
        each(lambda cell: {**cell, "cell_type": "raw"}, lambda cell: cell["id"] == "exercise-loss_fn"),
        BUT_LOSS,
    ),
    # formats
    "format_3": (format_3(), ALL),
    "format_4_0": (in_format(0, ids=False), ALL),
    "format_4_1_with_ids": (in_format(1, ids=True), ALL),
    "format_99": ({**right(), "nbformat": 99, "nbformat_minor": 99}, ALL),
    "format_missing": (without("nbformat", "nbformat_minor"), ALL),
    # the kernel
    "kernel_unknown": (
        {
            **right(),
            "metadata": {
                "kernelspec": {"name": "fortran", "display_name": "F", "language": "fortran"},
                "language_info": {"name": "R"},
            },
        },
        ALL,
    ),
    "notebook_metadata_missing": (without("metadata"), ALL),
    # cell ids
    "ids_missing": (each(no_id), ALL),
    "ids_equal": (each(lambda cell: {**cell, "id": "check-model"}), ALL),
    "ids_invalid": (each(lambda cell: {**cell, "id": 3 if is_check(cell) else "ä b/" * 100}), ALL),
    # outputs
    "outputs_forged": (
        printing(
            result("20"),
            {"output_type": "error", "ename": "E", "evalue": "", "traceback": []},
            {"output_type": "stream", "name": "stderr", "text": "no"},
        ),
        ALL,
    ),
    "outputs_strange": (
        each(
            lambda cell: {
                **cell,
                "outputs": "20" if is_check(cell) else [{"output_type": "prize"}, 7],
                "execution_count": "x",
            }
        ),
        ALL,
    ),
    "outputs_huge": (printing({"output_type": "stream", "name": "stdout", "text": "x" * 10**6}), ALL),
    # text
    "text_hostile": (
        cell_at(
            0,
            text_cell("![x](attachment:x.svg)", attachments=SVG),
            text_cell("word " * 10**5),
            text_cell("\ud800 \x00\x1b[2J\x07"),
            code("# \udfff \x00\x1b]0;title\x07\nanswer = 1"),
        ),
        ALL,
    ),
    "sources_of_letters": (
        each(
            lambda cell: {
                **cell,
                "source": list("".join(cell["source"])) if is_check(cell) else "".join(cell["source"]),
            }
        ),
        ALL,
    ),
    "byte_order_mark": (b"\xef\xbb\xbf" + json.dumps(right()).encode(), ALL),
    "source_none": (cell_at(1, code(None), code(7), code({"a": 1}), code([None, 7, ["x"]]), code(True)), ALL),
    "lines_by_windows": (joined("\r\n"), ALL),
    # the file
    "cells_no_dicts": (with_cells(lambda cells: [None, 7, "def model(): ...", [], *cells, {}]), ALL),
    "cells_5001": (with_cells(lambda cells: [*cells, *[code("")] * 5000]), None),
    "cells_none": ({**right(), "cells": []}, None),
    "cells_dict": ({**right(), "cells": {"0": right()["cells"]}}, None),
    "cells_text_only": (with_cells(lambda cells: [text_cell("I have nothing.")]), None),
    "keys_twice": ('{"cells": [], "nbformat": 3, ' + json.dumps(right())[1:], ALL),
    "nested_900": (nested(900), ALL),
    "nested_100000": (nested(100_000), None),
    "number_of_5000_digits": (json.dumps(right()).replace('"nbformat": 4', f'"nbformat": {"4" * 5000}'), None),
    "truncated": (json.dumps(right())[:-200], None),
    "empty": ("", None),
    "binary": (bytes(range(256)) * 40, None),
    "utf_16": (json.dumps(right()).encode("utf-16"), None),
    "a_list": ("[1, 2]", None),
    "another_json": ('{"name": "course", "dependencies": {"cells": "1"}}', None),
    # code
    "cells_fail": (
        cell_at(1, code("def later(:\n  pass"), code("(((("), code("undefined_name + 1"), code("raise SystemExit")),
        ALL,
    ),
    "magics": (
        cell_at(
            1,
            code("%matplotlib inline\n!pip install magic\nx = !ls\n?print"),
            code("%%bash\nrm -r /"),
            code("%load_ext autoreload\n%autoreload 2"),
        ),
        ALL,
    ),
    "syntax_error": (right(loss_fn="def loss_fn(t_p, t_c:\n    return 1"), BUT_LOSS),
    "helpers": (
        {
            **right(loss_fn="def loss_fn(t_p, t_c):\n    return mean_of(square(t_p - t_c))"),
            "cells": [
                code("def square(x):\n    return x * x\n\n\ndef mean_of(x):\n    return x.mean()"),
                *right(loss_fn="def loss_fn(t_p, t_c):\n    return mean_of(square(t_p - t_c))")["cells"],
            ],
        },
        ALL,
    ),
    "code_in_a_check_cell": (
        each(
            lambda cell: (
                {**cell, "source": RIGHT["loss_fn"]}
                if cell["id"] == "check-model"
                else {**cell, "source": "pass"}
                if cell["id"] == "exercise-loss_fn"
                else cell
            )
        ),
        ALL,
    ),
}

# A fixed sample of it in `make test`; the whole with CHAINRULE_PROOF=1.
if not PROOF:
    DAMAGE = {name: item for number, (name, item) in enumerate(DAMAGE.items()) if number % 8 in (0, 3, 5)}
