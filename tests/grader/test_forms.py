"""The forms in which people hand in: which file counts, what is not read, and what is said. No worker is needed."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from submission_files import NAME, NAMES, cell, notebook

from grader.backends.analysis import to_analysis
from grader.course.assignment import FeedbackLevel
from grader.errors import Unreadable
from grader.formats.csv import to_csv
from grader.judge.opening import choose_source
from grader.report.report import Audience, Report
from grader.report.view import view
from grader.submissions.discover import discover
from grader.submissions.found import Found, Wanted
from grader.submissions.sources import read_sources
from grader.syntax.statements import Cell, split
from grader.worker.analysis import analyse

EXERCISES = ("model", "loss_fn")
TODO = '    raise NotImplementedError("write your code here")\n'
STUB = f"import torch\n\ndef model(t_u, w, b):\n{TODO}\ndef loss_fn(t_p, t_c):\n{TODO}"
DONE = STUB.replace(TODO, "    return t_u * w + b\n", 1)
OTHER = STUB.replace(TODO, "    return w * t_u + b\n", 1)
BROKEN = STUB.replace(TODO, "    return t_u * (w + b\n", 1)
MERGED = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n"


def cells(text, **more):
    return notebook(*(cell(part) for part in text.split("\n\n")), **more)


def packed(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


P, N = f"{NAME}.py", f"{NAME}.ipynb"
STUB_P, STUB_N, DONE_N = {P: STUB}, {N: cells(STUB)}, cells(DONE)

# What lies in the folder, and the file that is graded.
GRADED = {
    "a browser's copy": ({**STUB_N, f"{NAME} (1).ipynb": DONE_N}, f"{NAME} (1).ipynb"),
    "a browser's copy without a space": ({**STUB_N, f"{NAME}(2).ipynb": DONE_N}, f"{NAME}(2).ipynb"),
    "the copy is the stub": ({N: DONE_N, f"{NAME} (1).ipynb": cells(STUB)}, N),
    "Jupyter's copy": ({**STUB_N, f"{NAME}-Copy1.ipynb": DONE_N}, f"{NAME}-Copy1.ipynb"),
    "Colab's copy": ({**STUB_N, f"Copy of {NAME}.ipynb": DONE_N}, f"Copy of {NAME}.ipynb"),
    "Colab's copy in German": ({**STUB_N, f"Kopie von {NAME}.ipynb": DONE_N}, f"Kopie von {NAME}.ipynb"),
    "Colab's copy in Spanish, alone": ({f"Copia de {NAME}.ipynb": DONE_N}, f"Copia de {NAME}.ipynb"),
    "Windows' copy": ({**STUB_P, f"{NAME} - Copy.py": DONE}, f"{NAME} - Copy.py"),
    "own name in front": ({**STUB_N, f"anna_berg_{NAME}.ipynb": DONE_N}, f"anna_berg_{NAME}.ipynb"),
    "own name in front, alone": ({f"Berg {NAME}.py": DONE}, f"Berg {NAME}.py"),
    "capitals": ({**STUB_N, "Gradient_Descent.ipynb": DONE_N}, "Gradient_Descent.ipynb"),
    "camels": ({"GradientDescent.py": DONE}, "GradientDescent.py"),
    "spaces": ({**STUB_P, "gradient descent.py": DONE}, "gradient descent.py"),
    "hyphens": ({**STUB_P, "gradient-descent-final-FINAL2.py": DONE}, "gradient-descent-final-FINAL2.py"),
    "capitals of the end": ({"GRADIENT_DESCENT.PY": DONE}, "GRADIENT_DESCENT.PY"),
    "untitled": ({**STUB_N, "Untitled.ipynb": DONE_N}, "Untitled.ipynb"),
    "untitled, alone": ({"Untitled3.ipynb": DONE_N}, "Untitled3.ipynb"),
    "homework": ({**STUB_P, **STUB_N, "homework.py": DONE}, "homework.py"),
    "in a folder": ({**STUB_N, "my work/week 3/Untitled.ipynb": DONE_N}, "my work/week 3/Untitled.ipynb"),
    "in a zip beside the stub": ({**STUB_N, "work.zip": packed(Untitled__ipynb=DONE_N)}, "work.zip/Untitled.ipynb"),
    "a module beside the stub's notebook": ({**STUB_N, P: DONE}, P),
    "a notebook and what was exported of it": ({N: DONE_N, P: f"# In[1]:\n{DONE}"}, N),
    "the same twice": ({N: DONE_N, f"{NAME} (1).ipynb": DONE_N}, N),
    "the same with outputs": ({N: DONE_N, "a.ipynb": cells(DONE, more=1)}, N),
    "another assignment's beside it": ({N: DONE_N, "neuron.py": OTHER}, N),
    "another assignment's folder": ({f"{NAME}/work.py": DONE, "neuron/work.py": OTHER}, f"{NAME}/work.py"),
    "a helper beside it": ({P: DONE, "helpers.py": "def plot(x):\n    return x\n"}, P),
    "an empty package beside it": ({P: DONE, "__init__.py": ""}, P),
    "an environment beside it": ({P: DONE, "venv/lib/model.py": OTHER, "site-packages/m.py": OTHER}, P),
    "a checkpoint beside it": ({N: DONE_N, f".ipynb_checkpoints/{NAME}-checkpoint.ipynb": cells(OTHER)}, N),
    "a work that does not parse": ({**STUB_N, f"{NAME} (1).py": BROKEN}, f"{NAME} (1).py"),
    "only the stub": ({**STUB_N, **STUB_P, "README.md": "read me", "report.pdf": "%PDF-"}, N),
    "UTF-16": ({**STUB_N, P: DONE.encode("utf-16")}, P),
    "UTF-16 of a notebook": ({**STUB_P, N: DONE_N.decode().encode("utf-16")}, N),
    "a declared encoding": ({P: f"# coding: cp1251\n# работа\n{DONE}".encode("cp1251")}, P),
    "the marks of a merge elsewhere": ({P: MERGED + DONE}, P),
}

# What lies in the folder, and all that has to be said of why nothing is graded.
ASKED = {
    "two that differ": ({N: DONE_N, f"{NAME} (1).ipynb": cells(OTHER)}, [N, f"{NAME} (1).ipynb", "ask the student"]),
    "untitled differs": ({P: DONE, "Untitled.ipynb": cells(OTHER)}, [P, "Untitled.ipynb", "ask the student"]),
    "cut short beside the stub": ({**STUB_P, N: DONE_N[:-40]}, [N, "cut short", P, "is the stub"]),
    "damaged untitled": ({**STUB_N, "Untitled.ipynb": b"{"}, ["Untitled.ipynb", "no notebook", "is the stub"]),
    "a web page": ({**STUB_N, f"{NAME} (1).ipynb": "<!DOCTYPE html>"}, ["web page", "download", "is the stub"]),
    "a pointer": ({**STUB_P, N: "version https://git-lfs.github.com/spec/v1\n"}, ["Git LFS", "commit the file"]),
    "marks of a merge": ({**STUB_P, N: '{"cells": [\n' + MERGED + "]}"}, ["line 2", "<<<<<<<", "delete the marks"]),
    "a name of two ends": ({**STUB_N, f"{P}.txt": DONE}, [f"rename it to {P}", "is the stub"]),
    "a name of two ends, alone": ({f"{N}.json": DONE_N}, [f"rename it to {N}"]),
    "printed": ({**STUB_N, f"{NAME}.pdf": "%PDF-"}, [".pdf file is not graded", "is the stub"]),
    "exported as a page": ({**STUB_N, f"{NAME}.html": "<html>"}, [".html file is not graded"]),
    "an archive": ({**STUB_N, "work.rar": "Rar!"}, [".rar archive is not opened", "is the stub"]),
    "a damaged zip": ({**STUB_N, "work.zip": "PK"}, ["work.zip", "no zip archive", "is the stub"]),
    "an empty upload": ({**STUB_N, P: ""}, [P, "empty", "is the stub"]),
    "no Python": ({**STUB_N, P: "I have done it on paper."}, [P, "is no Python", "is the stub"]),
    "nothing of it": ({"notes.py": "x = 1\n"}, ["no file that defines an exercise", "found notes.py"]),
}


def folder_of(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


def look(source):
    return to_analysis(analyse(list(source.cells), list(EXERCISES), {}), {})


def opened(folder):
    wanted = Wanted(assignment=NAME, exercises=EXERCISES, assignments=NAMES)
    source, _, notes = choose_source(read_sources(Found(given="anna", path=folder), wanted), look)
    return source.filename, notes


@pytest.mark.parametrize(("files", "expected"), GRADED.values(), ids=GRADED)
def test_work_is_graded_under_whatever_name(tmp_path, files, expected):
    graded, _ = opened(folder_of(tmp_path / "anna", files))

    assert graded == expected


@pytest.mark.parametrize(("files", "said"), ASKED.values(), ids=ASKED)
def test_what_can_not_be_decided_is_said_with_names_and_what_to_do(tmp_path, files, said):
    with pytest.raises(Unreadable) as caught:
        opened(folder_of(tmp_path / "anna", files))

    assert [part for part in said if part not in str(caught.value)] == []


def test_what_is_not_read_beside_the_work_is_named(tmp_path):
    files = {P: DONE, N: DONE_N[:-40], f"{P}.txt": DONE, "Untitled.ipynb": cells(STUB)}

    graded, notes = opened(folder_of(tmp_path / "anna", files))

    assert graded == P
    assert notes[0] == f"{P} is graded, of 2 candidates; beside it lies Untitled.ipynb"
    assert [note.partition(":")[2].partition(":")[0].strip() for note in notes[1:]] == [f"{P}.txt", N]


def test_stub_behind_an_answer_is_told():
    found = analyse([Cell(filename="a", text=DONE + "\n" + STUB)], list(EXERCISES), {})

    assert found["covered"] == {"model": ["line 3", "line 11"]}
    assert found["tried"] == ["model"]


def test_brightspaces_attempts_are_one_submission(tmp_path):
    names = ["1-9 - Anna - Sep 9, 2026 1130 PM", "1-9 - Anna - Sep 9, 2026 900 AM", "2-9 - Bob - Sep 8, 2026 100 PM"]
    folder_of(tmp_path, {f"{name}/{P}": DONE for name in names})

    found = discover([str(tmp_path)])

    assert [(item.path.name, item.earlier) for item in found] == [(names[0], (names[1],)), (names[2], ())]
    assert [Path(item.given).name for item in found] == ["Anna_1", "Bob_2"]


LINES = "".join(f"x{number} = {number}\n" for number in range(320))
LOST = ["!pip install x", 'print "hello"', "%pip install x", "x = (1,", "def g(:", "}", "exec 'a'", "raise E, 'a'"]


@pytest.mark.parametrize("line", LOST)
@pytest.mark.parametrize("of_notebook", [True, False])
def test_lines_that_can_not_be_read_cost_themselves(line, of_notebook):
    lines = LINES.splitlines()
    for place in range(0, 320, 27):
        lines.insert(place, line)

    found = split([Cell(filename="a", text="\n".join(lines), notebook=of_notebook)])

    assert sum(item.node is not None for item in found) == 320
    assert sum(item.node is None for item in found) == 12


@pytest.mark.parametrize("magic", ["time", "timeit -n 1", "memit", "black", "capture out", "prun", "wandb"])
def test_cell_magic_that_runs_python_keeps_its_cell(magic):
    found = split([Cell(filename="a", text=f"%%{magic}\n{DONE}", notebook=True)])

    assert [item.names for item in found if item.node is not None] == [("torch",), ("model",), ("loss_fn",)]


@pytest.mark.parametrize("magic", ["bash", "html", "writefile a.py", "script python2", "javascript"])
def test_cell_magic_of_something_else_drops_its_cell(magic):
    found = split([Cell(filename="a", text=f"%%{magic}\n{DONE}", notebook=True)])

    assert [item.node for item in found] == [None]


def test_import_of_several_modules_is_as_many_statements():
    found = split([Cell(filename="a", text="import torch, pandas as pd\n")])

    assert [item.names for item in found] == [("torch",), ("pd",)]


def test_marks_of_a_merge_are_told_as_such():
    found = split([Cell(filename="a", text=MERGED)])

    assert ["merge" in item.error for item in found] == [True, False, True, False, True]


@pytest.mark.parametrize("evil", ["(\n", "x = '''\n", "@a\n", "else:\n", "x y\n", "\\\n", "try:\n", "[\n"])
def test_hostile_text_ends(evil):
    assert split([Cell(filename="a", text=evil * 20_000)])


RIGHT = "def double(x):\n    return x + x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
EMPTY = f"def double(x):\n{TODO}\ndef mean_square(x):\n{TODO}"


def test_grade_of_a_class_follows_the_rule_and_its_table_names_what_was_not_read(small_course):
    files = {
        "copied/small.ipynb": cells(EMPTY),
        "copied/small (1).ipynb": cells(RIGHT),
        "copied/small.py.txt": RIGHT,
        "differ/small.py": RIGHT,
        "differ/Untitled.py": RIGHT.replace("x + x", "3 * x"),
        "damaged/small.py": EMPTY,
        "damaged/small.ipynb": cells(RIGHT)[:-30],
        "covered/small.py": RIGHT + EMPTY,
    }
    folder_of(small_course.root / "class", files)

    found = small_course.grade()

    assert {name: report.score for name, report in found.items()} == {
        "copied": 6.0,
        "differ": None,
        "damaged": None,
        "covered": 0.0,
    }
    report = Report(
        assignment="small",
        sandbox="",
        feedback=FeedbackLevel.HINT,
        submissions=tuple(found.values()),
    )
    rows = {
        Path(row["submission"]).name: row["notes"]
        for row in csv.DictReader(to_csv(view(report, Audience.STAFF)).splitlines())
    }
    assert "small (1).ipynb is graded, of 2 candidates; beside it lies small.ipynb" in rows["copied"]
    assert "not read: small.py.txt: its name ends in .txt" in rows["copied"]
    assert "small.py and Untitled.py differ" in rows["differ"]
    assert "small.ipynb: it is no notebook: it was cut short" in rows["damaged"]
    assert "double is answered in line 1, and the stub in line 6 takes the place of that" in rows["covered"]
