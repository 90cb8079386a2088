"""Finding submissions and reading a module: every broken kind is unreadable, and nothing stops the run."""

import hashlib
import os
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from submission_files import CODE, NAME, NAMES, found, read_or_unreadable, read_sources, reason, texts, write, write_zip

from grader.errors import Unreadable, UsageError
from grader.submissions.discover import discover, infer_assignment
from grader.submissions.sources import MAX_CODE_CHARACTERS

# Discovery.


def test_file_is_one_submission(tmp_path):
    path = write(tmp_path / "gradient_descent.py")

    assert discover([str(path)]) == [found(path)]


def test_folder_is_a_class_with_its_children_sorted(tmp_path):
    for name in ("b.py", "a.zip", "c.pdf"):
        write(tmp_path / name)
    (tmp_path / "d").mkdir()

    names = [item.path.name for item in discover([str(tmp_path)])]

    assert names == ["a.zip", "b.py", "c.pdf", "d"]


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        "._a.py",
        ".git",
        "__MACOSX",
        "__pycache__",
        "_course",
        "Thumbs.db",
        "desktop.ini",
        ".ipynb_checkpoints",
    ],
)
def test_debris_in_a_class_is_passed_over(tmp_path, name):
    write(tmp_path / "a.py")
    write(tmp_path / name)

    assert [item.path.name for item in discover([str(tmp_path)])] == ["a.py"]


def test_submission_given_twice_is_found_once_in_order(tmp_path):
    first, second = write(tmp_path / "b.py"), write(tmp_path / "a.py")

    given = [item.given for item in discover([str(first), str(second), str(first)])]

    assert given == [str(first), str(second)]


def test_path_is_kept_as_given(tmp_path, monkeypatch):
    write(tmp_path / "class" / "a.py")
    monkeypatch.chdir(tmp_path)

    assert [item.given for item in discover(["class"])] == ["class/a.py"]
    assert [item.given for item in discover(["./class/a.py"])] == ["./class/a.py"]


def test_missing_path_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.py: no such file"):
        discover([str(tmp_path / "nowhere.py")])


def test_empty_folder_is_a_usage_error(tmp_path):
    write(tmp_path / ".hidden")

    with pytest.raises(UsageError, match="empty"):
        discover([str(tmp_path)])


def test_broken_link_fifo_and_socket_are_found_like_any_other(tmp_path):
    (tmp_path / "a.py").symlink_to("nowhere")
    os.mkfifo(tmp_path / "b.py")
    write(tmp_path / "c.py")

    names = [item.path.name for item in discover([str(tmp_path)])]

    assert names == ["a.py", "b.py", "c.py"]


def test_name_that_is_no_utf8_can_be_printed(tmp_path):
    raw = os.fsencode(tmp_path) + b"/gradient_descent_\xff.py"
    with open(raw, "wb") as file:
        file.write(CODE)

    (item,) = discover([str(tmp_path)])

    assert item.given.endswith("gradient_descent_\\udcff.py")
    assert texts(read_sources(item, NAME)) == [CODE.decode()]


# The assignment.


@pytest.mark.parametrize(
    ("name", "assignment"),
    [
        ("gradient_descent.py", NAME),
        ("gradient_descent_ada.py", NAME),
        ("gradient_descent-2.ipynb", NAME),
        ("gradient_descent", NAME),
        ("autograd.py", "autograd"),
        ("autograd_extra.py", "autograd_extra"),
        ("autograd_extra_ada.zip", "autograd_extra"),
        ("autograd_ext.py", "autograd"),
        ("my_gradient_descent.py", NAME),
        ("Gradient Descent (1).ipynb", NAME),
        ("Gradient.py", None),
        ("a.pdf", None),
    ],
)
def test_assignment_is_the_longest_name_in_the_files_name(tmp_path, name, assignment):
    path = write(tmp_path / name)

    assert infer_assignment(found(path), NAMES) == assignment


@pytest.mark.parametrize("inner", ["neuron.py", "deep/er/neuron_final.ipynb", "ada/neuron.py"])
def test_assignment_is_that_of_a_file_inside(tmp_path, inner):
    folder = tmp_path / "ada"
    write(folder / inner)
    archive = write_zip(tmp_path / "bob.zip", [(inner, CODE)])

    assert infer_assignment(found(folder), NAMES) == "neuron"
    assert infer_assignment(found(archive), NAMES) == "neuron"


def test_own_name_wins_over_a_file_inside(tmp_path):
    folder = tmp_path / "gradient_descent_ada"
    write(folder / "autograd_extra.py")

    assert infer_assignment(found(folder), NAMES) == NAME


def test_visible_tests_and_debris_inside_name_no_assignment(tmp_path):
    folder = tmp_path / "ada"
    write(folder / "test_neuron.py")
    write(folder / "__MACOSX" / "neuron.py")
    write(folder / "neuron.txt")

    assert infer_assignment(found(folder), NAMES) is None


def test_parent_folder_names_the_assignment_last(tmp_path):
    path = write(tmp_path / "gradient_descent" / "ada.py")
    other = write(tmp_path / "gradient_descent" / "neuron.py")

    assert infer_assignment(found(path), NAMES) == NAME
    assert infer_assignment(found(other), NAMES) == "neuron"


def test_archive_that_can_not_be_read_names_no_assignment(tmp_path):
    path = write(tmp_path / "ada.zip", b"no zip")

    assert infer_assignment(found(path), NAMES) is None


# A module.


def test_module_is_one_cell_with_its_hash(tmp_path):
    path = write(tmp_path / "gradient_descent_ada.py", b"x = 1\n")

    (source,) = read_sources(found(path), NAME)

    assert source.filename == "gradient_descent_ada.py"
    assert source.sha256 == hashlib.sha256(b"x = 1\n").hexdigest()
    assert [(item.filename, item.text, item.notebook) for item in source.cells] == [
        ("gradient_descent_ada.py", "x = 1\n", False)
    ]


def test_module_of_any_name_is_read(tmp_path):
    path = write(tmp_path / "homework 3 (final).PY")

    assert texts(read_sources(found(path), NAME)) == [CODE.decode()]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("\ufeffx = 'é'\n".encode(), "x = 'é'\n"),
        ("x = 'é'\n".encode(), "x = 'é'\n"),
        ("# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"), "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        ("# coding: cp1252\nx = '€'\n".encode("cp1252"), "# coding: cp1252\nx = '€'\n"),
        (b"x = 1\r\ny = 2\r\n", "x = 1\r\ny = 2\r\n"),
        (b"x = 1", "x = 1"),
        ("x = 'é'\n".encode("utf-16"), "x = 'é'\n"),
        ("x = 'e'\n".encode("utf-16-le"), "x = 'e'\n"),
        ("x = 'e'\n".encode("utf-16-be"), "x = 'e'\n"),
        ("x = 'é'\n".encode("utf-32"), "x = 'é'\n"),
        ("# coding: koi8-r\nx = 'я'\n".encode("koi8-r"), "# coding: koi8-r\nx = 'я'\n"),
        ("# coding: gb18030\nx = '数'\n".encode("gb18030"), "# coding: gb18030\nx = '数'\n"),
        ("# coding: shift_jis\nx = '数'\n".encode("shift_jis"), "# coding: shift_jis\nx = '数'\n"),
        ("# coding: mac-roman\nx = 'é'\n".encode("mac-roman"), "# coding: mac-roman\nx = 'é'\n"),
        (b"# coding: utf-7\nx = 1\n", "# coding: utf-7\nx = 1\n"),
    ],
)
def test_encodings_of_editors_are_read(tmp_path, data, text):
    path = write(tmp_path / "gradient_descent.py", data)

    assert texts(read_sources(found(path), NAME)) == [text]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n\t\r\n ", "empty"),
        (b"\xef\xbb\xbf", "no code"),
        (b"\xef\xbb\xbf \n", "no code"),
        (b"\x00" * 100, "NUL"),
        (b"x = 1\x00\n", "NUL"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "UTF-8|no Python"),
        (b"x = 1\ny = '\xe9'\n", "byte 0xe9 in line 2"),
        (b"x = '\xff\xff\xff'\n" * 9, "UTF-8|no Python"),
        (b"# coding: no_such_thing\nx = 1\n", "no Python source"),
        (b"# coding: rot13\nk = 1\n", "Python|encoding"),
        (b"# coding: idna\nk = 1\n", "Python|encoding"),
        (b"# coding: zlib\nx = 1\n", "Python|encoding"),
        (b"# coding: utf-16\nx = 1\n", "encoding utf-16"),
        (b"\xef\xbb\xbf# coding: latin-1\nx = 1\n", "no Python source"),
    ],
)
def test_bytes_that_are_no_source_are_unreadable_with_the_reason(tmp_path, data, why):
    path = write(tmp_path / "gradient_descent.py", data)

    with pytest.raises(Unreadable, match=why):
        read_sources(found(path), NAME)


@settings(max_examples=150)
@given(st.binary(max_size=200))
@example(b"# coding: \xff\n")
@example(b"#" * 100 + b"\ncoding: utf8")
def test_any_bytes_are_read_or_unreadable(data):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("gradient_descent.py", "gradient_descent.ipynb", "gradient_descent.zip"):
            read_or_unreadable(write(Path(folder, name), data))


@pytest.mark.parametrize("suffix", [".py", ".ipynb", ".zip"])
def test_file_of_100_mb_is_unreadable_unread(tmp_path, suffix):
    path = tmp_path / f"gradient_descent{suffix}"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)

    assert "104857600 bytes; the limit is" in reason(path)


def test_file_at_the_limit_of_code_is_read_and_one_beyond_it_is_not(tmp_path):
    allowed = write(tmp_path / "a.py", b"#" * MAX_CODE_CHARACTERS)
    refused = write(tmp_path / "b.py", b"#" * (MAX_CODE_CHARACTERS + 1))

    assert len(read_sources(found(allowed), NAME)) == 1
    assert "characters of code" in reason(refused)


@pytest.mark.parametrize(("name", "kind"), [("a.pdf", ".pdf"), ("a.docx", ".docx"), ("a.csv", ".csv"), ("a.c", ".c")])
def test_file_of_another_kind_is_unreadable_and_named(tmp_path, name, kind):
    path = write(tmp_path / name, b"%PDF-1.4")

    assert f"a {kind} file" in reason(path)
    assert "gradient_descent.py" in reason(path)


def test_file_without_suffix_is_unreadable_and_not_called_irregular(tmp_path):
    assert "no regular file" not in reason(write(tmp_path / "gradient_descent"))


@pytest.mark.parametrize(
    ("name", "data", "what_to_do"),
    [
        ("a.py.txt", CODE, "rename it to a.py"),
        ("a.ipynb.json", CODE, "rename it to a.ipynb"),
        ("a.rar", b"Rar!", "hand in the .py or .ipynb itself"),
        ("a.ipynb", b"<!DOCTYPE html>\n<html>", "download the file itself"),
        ("a.py", b"\n<html lang='en'>", "download the file itself"),
        ("a.ipynb", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "commit the file itself"),
        ("a.ipynb", b"PK\x03\x04rest", "hand in what is in it"),
        ("a.py", b"%PDF-1.7", "hand in the .py or .ipynb itself"),
        ("a.py", b"{\\rtf1\\ansi", "save it as plain text"),
        ("a.ipynb", b'{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> other\n]}', "line 2 begins what a merge"),
        ("a.ipynb", b'{"cells": [{"cell_type": "code", "source": "def mod', "it was cut short"),
    ],
)
def test_what_is_something_else_says_what_to_do(tmp_path, name, data, what_to_do):
    assert what_to_do in reason(write(tmp_path / name, data))


def test_notebook_swollen_by_its_output_says_what_to_do(tmp_path):
    path = tmp_path / "gradient_descent.ipynb"
    with path.open("wb") as file:
        file.truncate(17 * 2**20)

    assert "clear the outputs of all cells" in reason(path)


@pytest.mark.parametrize("name", ["gradient_descent.py", "gradient_descent.zip", "gradient_descent"])
def test_fifo_is_unreadable_and_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / name)

    assert "no regular file" in reason(tmp_path / name)


def test_socket_is_unreadable(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the path of a socket has to be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("gradient_descent.py")

        assert "no regular file" in reason("gradient_descent.py")


def test_device_is_unreadable():
    assert "no regular file" in reason("/dev/zero")


@pytest.mark.parametrize("name", ["gradient_descent.py", "gradient_descent.zip", "gradient_descent.ipynb", "ada"])
@pytest.mark.parametrize("target", ["file", "folder", "nowhere"])
def test_symbolic_link_is_not_followed(tmp_path, name, target):
    write(tmp_path / "targets" / "file")
    write(tmp_path / "targets" / "folder" / "gradient_descent.py")
    link = tmp_path / "class" / name
    link.parent.mkdir()
    link.symlink_to(tmp_path / "targets" / target)

    assert "symbolic link" in reason(link)
