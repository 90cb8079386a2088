"""Finding and reading submissions: every broken kind is unreadable with its reason, and nothing stops the run."""

import hashlib
import io
import json
import os
import socket
import stat
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.errors import Unreadable, UsageError
from grader.submissions.discover import (
    MAX_CODE_CHARACTERS,
    MAX_ENTRIES,
    MAX_SOURCE_BYTES,
    Found,
    discover,
    infer_assignment,
    read_sources,
)

NAME = "gradient_descent"
CODE = b"def model(t_u, w, b):\n    return w * t_u + b\n"
NAMES = ("autograd", "autograd_extra", NAME, "neuron")


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
    "name", [".DS_Store", "._a.py", ".git", "__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints"]
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
        ("my_gradient_descent.py", None),
        ("Gradient.py", None),
        ("a.pdf", None),
    ],
)
def test_assignment_is_the_longest_name_that_begins_the_files_name(tmp_path, name, assignment):
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
        ("x = 1\n".encode("utf-16"), "NUL|encoding|Python"),
        ("x = 1\n".encode("utf-32"), "NUL|encoding|Python"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "UTF-8|no Python"),
        (b"x = 1\ny = '\xe9'\n", "byte 0xe9 in line 2"),
        (b"x = '\xff\xff\xff'\n" * 9, "UTF-8|no Python"),
        (b"# coding: no_such_thing\nx = 1\n", "no Python source"),
        (b"# coding: utf-7\nx = 1\n", "encoding utf-7"),
        (b"# coding: rot13\nk = 1\n", "Python|encoding"),
        (b"# coding: idna\nk = 1\n", "Python|encoding"),
        (b"# coding: unicode_escape\nx = 1\n", "encoding"),
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


@pytest.mark.parametrize(
    ("name", "kind"), [("a.pdf", ".pdf"), ("a.docx", ".docx"), ("a.PY.txt", ".txt"), ("a.rar", ".rar")]
)
def test_file_of_another_kind_is_unreadable_and_named(tmp_path, name, kind):
    path = write(tmp_path / name, b"%PDF-1.4")

    assert f"a {kind} file" in reason(path)
    assert "gradient_descent.py" in reason(path)


def test_file_without_suffix_is_unreadable_and_not_called_irregular(tmp_path):
    assert "no regular file" not in reason(write(tmp_path / "gradient_descent"))


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


# A folder.


@pytest.mark.parametrize("inner", ["gradient_descent.py", "a/gradient_descent.py", "a/b/c/d/gradient_descent.py"])
def test_candidate_is_found_in_nested_folders(tmp_path, inner):
    write(tmp_path / "ada" / inner)

    (source,) = read_sources(found(tmp_path / "ada"), NAME)

    assert source.filename == inner


def test_folder_named_like_a_module_is_a_folder(tmp_path):
    write(tmp_path / "gradient_descent.py" / "gradient_descent.py")

    assert len(read_sources(found(tmp_path / "gradient_descent.py"), NAME)) == 1


def test_exact_name_wins_over_a_longer_one(tmp_path):
    write(tmp_path / "ada" / "gradient_descent_old.py", b"x = 1\n")
    write(tmp_path / "ada" / "gradient_descent.py")

    sources = read_sources(found(tmp_path / "ada"), NAME)

    assert [source.filename for source in sources] == ["gradient_descent.py"]


def test_longer_name_serves_where_there_is_no_exact_one(tmp_path):
    write(tmp_path / "ada" / "gradient_descent_ada.py")
    write(tmp_path / "ada" / "helper.py")

    sources = read_sources(found(tmp_path / "ada"), NAME)

    assert [source.filename for source in sources] == ["gradient_descent_ada.py"]


def test_several_candidates_come_back_sorted(tmp_path):
    for number, name in enumerate(["b/gradient_descent.py", "a/gradient_descent.ipynb", "gradient_descent.py"]):
        data = notebook(cell(f"x = {number}")) if name.endswith("ipynb") else f"x = {number}\n".encode()
        write(tmp_path / "ada" / name, data)

    sources = read_sources(found(tmp_path / "ada"), NAME)

    assert [source.filename for source in sources] == [
        "a/gradient_descent.ipynb",
        "b/gradient_descent.py",
        "gradient_descent.py",
    ]


def test_same_file_twice_is_one_candidate(tmp_path):
    write(tmp_path / "ada" / "a" / "gradient_descent.py")
    write(tmp_path / "ada" / "gradient_descent.py")

    assert len(read_sources(found(tmp_path / "ada"), NAME)) == 1


def test_unreadable_candidate_does_not_cost_the_other(tmp_path):
    write(tmp_path / "ada" / "gradient_descent.py")
    write(tmp_path / "ada" / "gradient_descent.ipynb", b"no notebook")

    sources = read_sources(found(tmp_path / "ada"), NAME)

    assert [source.filename for source in sources] == ["gradient_descent.py"]


def test_reasons_of_all_candidates_are_said(tmp_path):
    write(tmp_path / "ada" / "gradient_descent.py", b"\x00")
    write(tmp_path / "ada" / "gradient_descent.ipynb", b"no notebook")

    why = reason(tmp_path / "ada")

    assert "gradient_descent.py: it holds NUL" in why
    assert "gradient_descent.ipynb: it is no notebook" in why


@pytest.mark.parametrize(
    "name",
    [
        "__MACOSX/gradient_descent.py",
        "__MACOSX/._gradient_descent.py",
        "._gradient_descent.py",
        ".ipynb_checkpoints/gradient_descent.ipynb",
        ".git/gradient_descent.py",
        "__pycache__/gradient_descent.py",
        "test_gradient_descent.py",
        "gradient_descent.pyc",
        "gradient_descent.txt",
        "other.py",
    ],
)
def test_debris_is_no_candidate(tmp_path, name):
    write(tmp_path / "ada" / name)
    archive = write_zip(tmp_path / "bob.zip", [(name, CODE)])

    assert "no gradient_descent.py" in reason(tmp_path / "ada")
    assert "no gradient_descent.py" in reason(archive)


def test_checkpoint_of_a_notebook_is_no_second_candidate(tmp_path):
    write(tmp_path / "ada" / "gradient_descent.ipynb", notebook(cell("x = 1")))
    write(tmp_path / "ada" / ".ipynb_checkpoints" / "gradient_descent-checkpoint.ipynb", notebook(cell("x = 0")))

    assert texts(read_sources(found(tmp_path / "ada"), NAME)) == ["x = 1"]


def test_folder_without_a_candidate_says_what_is_in_it(tmp_path):
    write(tmp_path / "ada" / "solution.py")

    assert "found solution.py" in reason(tmp_path / "ada")


def test_empty_folder_without_a_candidate_is_unreadable(tmp_path):
    (tmp_path / "ada").mkdir()

    assert "no .py or .ipynb file" in reason(tmp_path / "ada")


def test_too_many_candidates_are_unreadable(tmp_path):
    for number in range(21):
        write(tmp_path / "ada" / f"gradient_descent_{number}.py", f"x = {number}\n".encode())

    assert "21 files" in reason(tmp_path / "ada")


def test_linked_candidate_in_a_folder_is_not_followed(tmp_path):
    secret = write(tmp_path / "secret.py", b"answer = 42\n")
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "gradient_descent.py").symlink_to(secret)

    assert "symbolic link" in reason(tmp_path / "ada")


def test_linked_folder_in_a_folder_is_not_followed(tmp_path):
    write(tmp_path / "secret" / "gradient_descent.py", b"answer = 42\n")
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "sub").symlink_to(tmp_path / "secret")
    (tmp_path / "ada" / "loop").symlink_to(tmp_path / "ada")

    assert "no gradient_descent.py" in reason(tmp_path / "ada")


def test_fifo_in_a_folder_is_unreadable_and_not_waited_for(tmp_path):
    (tmp_path / "ada").mkdir()
    os.mkfifo(tmp_path / "ada" / "gradient_descent.py")

    assert "no regular file" in reason(tmp_path / "ada")


def test_folder_named_like_the_candidate_is_looked_into(tmp_path):
    write(tmp_path / "ada" / "gradient_descent.py" / "gradient_descent.py")

    sources = read_sources(found(tmp_path / "ada"), NAME)

    assert [source.filename for source in sources] == ["gradient_descent.py/gradient_descent.py"]


def test_folder_too_deep_is_not_followed_to_its_end(tmp_path):
    write(tmp_path / "ada" / "/".join("abcdefghijkl") / "gradient_descent.py")

    assert "no gradient_descent.py" in reason(tmp_path / "ada")


# A zip.


@pytest.mark.parametrize(
    "inner",
    [
        "gradient_descent.py",
        "ada/gradient_descent.py",
        "a/b/c/gradient_descent.py",
        "./gradient_descent.py",
        "ada\\gradient_descent.py",
    ],
)
def test_candidate_is_found_in_a_zip(tmp_path, inner):
    path = write_zip(tmp_path / "ada.zip", [("notes.txt", b"hi"), (inner, CODE)])

    assert texts(read_sources(found(path), NAME)) == [CODE.decode()]


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_of_each_compression_is_read(tmp_path, compression):
    path = write_zip(tmp_path / "ada.ZIP", [("gradient_descent.py", CODE)], compression)

    assert texts(read_sources(found(path), NAME)) == [CODE.decode()]


@pytest.mark.parametrize(
    "name",
    [
        "../gradient_descent.py",
        "a/../../gradient_descent.py",
        "..\\gradient_descent.py",
        "/etc/gradient_descent.py",
        "\\\\server\\gradient_descent.py",
        "C:\\gradient_descent.py",
        "c:gradient_descent.py",
    ],
)
def test_zip_with_a_path_that_leads_out_is_unreadable(tmp_path, name):
    path = write_zip(tmp_path / "ada.zip", [("gradient_descent.py", CODE), (name, CODE)])

    assert "leads out" in reason(path)
    assert list(tmp_path.iterdir()) == [path]


def test_zip_with_a_symbolic_link_is_unreadable(tmp_path):
    link = zipfile.ZipInfo("gradient_descent.py")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert "symbolic link" in reason(write_zip(tmp_path / "ada.zip", [(link, b"/etc/passwd")]))


def test_zip_bomb_of_one_file_is_unreadable(tmp_path):
    path = write_zip(tmp_path / "ada.zip", [("gradient_descent.py", bytes(MAX_SOURCE_BYTES + 1))])

    assert path.stat().st_size < 2**16
    assert "the limit is" in reason(path)


def test_zip_bomb_beside_the_candidate_is_unreadable(tmp_path):
    path = write_zip(tmp_path / "ada.zip", [("gradient_descent.py", CODE), ("data.bin", b"x")])
    data = path.read_bytes()
    size = struct.pack("<I", 1)
    at = data.rindex(b"data.bin") - 46 + 24  # the size in the central directory
    assert data[at : at + 4] == size
    path.write_bytes(data[:at] + struct.pack("<I", 2**32 - 2) + data[at + 4 :])

    assert "would unpack to" in reason(path)


def test_zip_that_lies_about_a_size_is_unreadable(tmp_path):
    path = write_zip(tmp_path / "ada.zip", [("gradient_descent.py", bytes(MAX_SOURCE_BYTES + 1))])
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", MAX_SOURCE_BYTES + 1), struct.pack("<I", 10)))

    assert reason(path)


def test_zip_of_too_many_files_is_unreadable(tmp_path):
    path = write_zip(tmp_path / "ada.zip", [(f"{number}.txt", b"") for number in range(MAX_ENTRIES + 1)])

    assert "the limit is 5000" in reason(path)


def test_encrypted_zip_is_unreadable(tmp_path):
    path = write_zip(tmp_path / "ada.zip", [("gradient_descent.py", CODE)])
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag of the local header, and that of the central directory
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)

    assert "encrypted" in reason(path)


def test_zip_of_an_unknown_compression_is_unreadable(tmp_path):
    path = write_zip(tmp_path / "ada.zip", [("gradient_descent.py", CODE)])
    data = bytearray(path.read_bytes())
    data[8] = 99
    data[data.rindex(b"PK\x01\x02") + 10] = 99
    path.write_bytes(data)

    assert "can't be taken" in reason(path)


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), CODE])
def test_file_that_is_no_zip_is_unreadable(tmp_path, data):
    assert reason(write(tmp_path / "gradient_descent.zip", data))


def test_zip_cut_short_is_unreadable(tmp_path):
    data = write_zip(tmp_path / "ada.zip", [("gradient_descent.py", CODE)]).read_bytes()

    assert "no zip" in reason(write(tmp_path / "bob.zip", data[: len(data) // 2]))


def test_zip_with_damaged_data_is_unreadable(tmp_path):
    path = write_zip(tmp_path / "ada.zip", [("gradient_descent.py", CODE)], zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"return", b"retur!"))

    assert "can't be taken from the archive" in reason(path)


def test_zip_with_a_name_twice_gives_both_candidates(tmp_path):
    entries = [("gradient_descent.py", b"x = 1\n"), ("gradient_descent.py", b"x = 2\n")]
    with pytest.warns(UserWarning, match="Duplicate"):
        path = write_zip(tmp_path / "ada.zip", entries)

    assert sorted(texts(read_sources(found(path), NAME))) == ["x = 1\n", "x = 2\n"]


def test_zip_with_an_empty_name_is_read_or_unreadable(tmp_path):
    path = write_zip(tmp_path / "ada.zip", [("gradient_descent.py", CODE), ("?name.txt", b"")])
    path.write_bytes(path.read_bytes().replace(b"?name.txt", b"\x00name.txt"))  # what follows a NUL is no name

    inferred = infer_assignment(found(path), NAMES)
    read_or_unreadable(path)

    assert inferred in (NAME, None)


def test_zip_inside_a_zip_is_no_candidate(tmp_path):
    inner = write_zip(tmp_path / "inner.zip", [("gradient_descent.py", CODE)]).read_bytes()

    assert "no gradient_descent.py" in reason(write_zip(tmp_path / "ada.zip", [("gradient_descent.zip", inner)]))


@settings(max_examples=250)
@given(
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_damaged_zip_is_read_or_unreadable(compression, damages):
    buffer = io.BytesIO()
    write_zip(buffer, [("gradient_descent.py", CODE), ("é.py", CODE)], compression)
    data = bytearray(buffer.getvalue())
    for position, byte in damages:
        data[int(position * len(data))] = byte

    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder, "gradient_descent.zip"), bytes(data))

        infer_assignment(found(path), NAMES)
        read_or_unreadable(path)


# A notebook.


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
