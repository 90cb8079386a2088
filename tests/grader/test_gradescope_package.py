"""The package for Gradescope and the wheel in it: what is there, and nothing private."""

import base64
import csv
import hashlib
import importlib.metadata
import io
import os
import re
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from gradescope_files import COURSE, NAME, run, unzipped

import grader
import grader.version
from grader.channels.gradescope.package import package_gradescope
from grader.course.reading import find_course, load_assignment
from grader.errors import GraderError, UsageError
from grader.packaging.archive import pack
from grader.packaging.wheel import build_wheel, pinned_versions

# --- the package -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    path = tmp_path_factory.mktemp("package") / "new" / "autograder.zip"
    said = package_gradescope(COURSE, NAME, path)
    return path, said


def test_package_holds_what_grading_reads_and_nothing_else(package):
    with zipfile.ZipFile(package[0]) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}

    authored = [f"{NAME}.py", "assignment.toml", "misconceptions.py", "pictures.py", "teaching.py"]
    course = {f"course/solutions/{NAME}/{name}" for name in authored}
    course |= {f"course/solutions/{NAME}/locale/ko/LC_MESSAGES/{name}.mo" for name in ("lesson", "private")}
    course |= {f"course/tests/hidden/{name}.py" for name in (f"test_{NAME}", "shared")}
    wheel = f"chainrule-{grader.__version__}-py3-none-any.whl"
    assert set(entries) == {"setup.sh", "run_autograder", "constraints.txt", wheel, *course}
    modes = {name: entry.external_attr >> 16 for name, entry in entries.items()}
    assert {name for name, mode in modes.items() if mode == 0o100755} == {"setup.sh", "run_autograder"}
    assert {mode for name, mode in modes.items() if not name.endswith((".sh", "autograder"))} == {0o100644}
    assert {entry.date_time for entry in entries.values()} == {(1980, 1, 1, 0, 0, 0)}


def test_package_is_for_its_owner_and_says_so(package):
    path, said = package

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = "\n".join(said)
    for words in (str(path), "Keep it private", "20 points", "not known whether Gradescope's machines have Landlock"):
        assert words in text


def test_packaged_scripts_are_whole_and_parse(package, tmp_path):
    files = unzipped(package[0].read_bytes())

    for name in ("setup.sh", "run_autograder"):
        (tmp_path / name).write_bytes(files[name])
        assert not re.search(rb"@[A-Z]+@", files[name])
        done = subprocess.run(["bash", "-n", str(tmp_path / name)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    (wheel,) = (name for name in files if name.endswith(".whl"))
    assert f'"$source"/{wheel}\n'.encode() in files["setup.sh"]
    assert f"candidates=(python3.{sys.version_info.minor} ".encode() in files["setup.sh"]


def test_package_brings_what_the_suite_imports_from_beside_it(small_course, tmp_path):
    suite = (small_course.root / "tests" / "hidden" / "test_small.py").read_text("utf-8")
    small_course.write("tests/hidden/test_small.py", f"from shared import x\n{suite}")
    small_course.write("tests/hidden/shared.py", "import deeper")
    for name in ("deeper", "conftest", "other", "test_other"):
        small_course.write(f"tests/hidden/{name}.py", "")

    package_gradescope(find_course(small_course.root), "small", tmp_path / "out.zip")

    names = unzipped((tmp_path / "out.zip").read_bytes())
    hidden = {Path(name).name for name in names if name.startswith("course/tests/hidden/")}
    assert hidden == {"test_small.py", "shared.py", "deeper.py", "conftest.py"}


def test_package_of_an_unknown_assignment_is_a_wrong_use(tmp_path):
    with pytest.raises(UsageError, match="knitting: there is no such assignment; there is autograd, "):
        package_gradescope(COURSE, "knitting", tmp_path / "out.zip")

    assert list(tmp_path.iterdir()) == []


def test_package_that_cannot_be_written_is_a_wrong_use(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError, match="--out"):
        package_gradescope(COURSE, NAME, tmp_path / "file" / "out.zip")


def test_versions_are_those_of_all_that_the_engine_needs():
    pinned = dict(line.split("==") for line in pinned_versions())

    assert {"torch", "pytest", "hypothesis", "landlockpy", "seccompy", "numpy", "sympy", "pluggy"} <= set(pinned)
    assert not {"chainrule", "editables", "nbgrader", "ruff", "jsonschema"} & set(pinned)
    for name, version in pinned.items():
        assert importlib.metadata.version(name).split("+")[0] == version


# --- the wheel -------------------------------------------------------------------------------------


def test_wheel_has_a_record_of_every_file():
    name, data = build_wheel()
    files = unzipped(data)

    *rows, (record, *nothing) = csv.reader(io.StringIO(files[list(files)[-1]].decode()))
    assert name == f"chainrule-{grader.__version__}-py3-none-any.whl"
    assert (record, nothing) == (list(files)[-1], ["", ""])
    assert {row[0] for row in rows} | {record} == set(files)
    for path, digest, size in rows:
        expected = base64.urlsafe_b64encode(hashlib.sha256(files[path]).digest()).decode().rstrip("=")
        assert (digest, int(size)) == (f"sha256={expected}", len(files[path]))


def test_wheel_holds_the_engine_and_nothing_private():
    files = unzipped(build_wheel()[1])

    allowed = re.compile(
        r"grader/.*\.py|grader/py\.typed|grader/channels/nbgrader/templates/(chainrule_feedback/(conf\.json|index\.html\.j2)|feedback_cell\.html\.j2)|"
        r"grader/handout/templates/check\.html\.j2|grader/authoring/templates/\w+\.(toml|py)\.template|"
        r"grader/classes/templates/(page\.css|report\.js|(report|student)\.html\.j2)|"
        r"grader/languages/ko/LC_MESSAGES/grader\.mo|"
        r"chainrule-[^/]*\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE)"
    )
    assert [name for name in files if not allowed.fullmatch(name)] == []
    reference = load_assignment(COURSE, NAME).reference.read_text("utf-8")
    solutions = re.findall(r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", reference, re.DOTALL)
    private = ["chainrule-canary-", *(text.strip() for text in solutions if len(text.strip()) > 40)]
    assert len(private) > 1
    for name, data in files.items():
        assert not any(text.encode() in data for text in private), name


def test_wheel_is_the_same_bytes_whenever_and_by_whomever_it_is_made(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    one = build_wheel()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    before = os.umask(0o077)
    try:
        other = build_wheel()
    finally:
        os.umask(before)

    assert one == other
    with zipfile.ZipFile(io.BytesIO(one[1])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_wheel_without_its_tool_says_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", {"wheel": None}.get)

    with pytest.raises(UsageError, match=r"wheel is not installed here; install it with: pip install 'chainrule"):
        build_wheel()


def test_wheel_of_another_version_than_runs_is_refused(monkeypatch):
    monkeypatch.setattr(grader.version, "__version__", "99")

    with pytest.raises(GraderError, match="is installed, but 99 runs; run `pip install"):
        build_wheel()


def test_zip_keeps_modes_and_order():
    data = pack({"b": b"2", "a": b"1", "c": b"3"}, executable=frozenset({"b"}))

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = [(entry.filename, oct(entry.external_attr >> 16)) for entry in archive.infolist()]
    assert found == [("a", "0o100644"), ("b", "0o100755"), ("c", "0o100644")]


# --- in Gradescope's folders -----------------------------------------------------------------------


def test_run_without_an_environment_gives_no_score_and_says_so(package, tmp_path):
    script = tmp_path / "run_autograder"
    script.write_bytes(unzipped(package[0].read_bytes())["run_autograder"])
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "results.json").write_text('{"score": 20}')

    done = run("bash", script, env={"PATH": "/usr/bin:/bin", "AUTOGRADER_ROOT": str(tmp_path)})

    assert done.returncode == 1
    assert "setup.sh did not come to its end" in done.stdout
    assert list((tmp_path / "results").iterdir()) == []
