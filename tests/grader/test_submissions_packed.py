"""Reading a folder or a zip: which file inside is the submission, and what of it is never followed or unpacked."""

import io
import os
import stat
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from submission_files import (
    CODE,
    NAME,
    NAMES,
    cell,
    found,
    notebook,
    read_or_unreadable,
    read_sources,
    reason,
    texts,
    write,
    write_zip,
)

from grader.submissions.discover import infer_assignment
from grader.submissions.files import MAX_ENTRIES, MAX_SOURCE_BYTES

# A folder.


@pytest.mark.parametrize("inner", ["gradient_descent.py", "a/gradient_descent.py", "a/b/c/d/gradient_descent.py"])
def test_candidate_is_found_in_nested_folders(tmp_path, inner):
    write(tmp_path / "ada" / inner)

    (source,) = read_sources(found(tmp_path / "ada"), NAME)

    assert source.filename == inner


def test_folder_named_like_a_module_is_a_folder(tmp_path):
    write(tmp_path / "gradient_descent.py" / "gradient_descent.py")

    assert len(read_sources(found(tmp_path / "gradient_descent.py"), NAME)) == 1


def test_exact_name_comes_before_a_longer_one(tmp_path):
    write(tmp_path / "ada" / "gradient_descent_old.py", b"x = 1\n")
    write(tmp_path / "ada" / "gradient_descent.py")

    sources = read_sources(found(tmp_path / "ada"), NAME)

    assert [source.filename for source in sources] == ["gradient_descent.py", "gradient_descent_old.py"]


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
        "_course/kit/gradient_descent.py",
        "test_gradient_descent.py",
        "gradient_descent.pyc",
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
    write(tmp_path / "ada" / "solution.py", b"x = 1\n")

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

    assert "a zip in a zip is not opened" in reason(write_zip(tmp_path / "ada.zip", [("gradient_descent.zip", inner)]))


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
