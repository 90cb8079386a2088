"""What works without nbgrader, and what the commands for it say where it is not installed."""

import ast
import json

from nbgrader_course import ROOT
from nbgrader_runs import RIGHT, grader

WITHOUT = """
import sys
for name in ("nbgrader", "nbconvert", "nbformat", "traitlets", "nh3"):
    sys.modules[name] = None  # as if it were not installed
"""


def test_commands_for_nbgrader_say_what_to_install_where_it_is_missing(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()

    found = grader(
        ["nbgrader", "init", tmp_path / "course", "--course", ROOT],
        ["nbgrader", "collect", folder],
        ["nbgrader", "export"],
        ["nbgrader", "--help"],
        folder=tmp_path,
        before=WITHOUT,
    )

    for done in found[:3]:
        assert done.code == 2
        assert done.err == (
            "grader: nbgrader is not installed here; install it with: pip install 'chainrule[nbgrader]'\n"
        )
    assert found[3].code == 0
    assert not (tmp_path / "course").exists()


def test_grade_works_where_nbgrader_is_missing(small_course, tmp_path):
    small_course.be_patient()
    module = small_course.write("class/anna/small.py", RIGHT)

    (done,) = grader(
        ["grade", module, "--format", "json", "--course", small_course.root], folder=tmp_path, before=WITHOUT
    )

    assert done.code == 0, done.err
    assert json.loads(done.out)["submissions"][0]["score"] == 6.0


NEED_NBGRADER = {
    f"grader/channels/nbgrader/{name}.py"
    for name in ["configure", "execute", "export", "gradebook", "pages", "regrading", "release_feedback", "submitted"]
}


def test_modules_of_one_folder_import_nbgrader_and_what_comes_with_it():
    extra = {"nbgrader", "nbconvert", "nbformat", "traitlets", "nh3"}
    of_authors = {"grader/handout/notebook.py"}  # it makes notebooks by nbformat, which the extra `author` brings, too
    found = set()
    for path in (ROOT / "grader").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            if extra & {name.partition(".")[0] for name in names}:
                found.add(path.relative_to(ROOT).as_posix())

    assert found - of_authors == NEED_NBGRADER


def test_no_other_module_imports_ours_for_nbgrader_where_it_is_imported():
    """They are imported inside functions, so that everything else works without nbgrader."""
    door = "grader/nbgrader.py"
    needing = {path.removesuffix(".py").replace("/", ".") for path in (*NEED_NBGRADER, door)}
    for path in (ROOT / "grader").rglob("*.py"):
        if path.relative_to(ROOT).as_posix() in (*NEED_NBGRADER, door):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ImportFrom):
                assert node.module not in needing, path
