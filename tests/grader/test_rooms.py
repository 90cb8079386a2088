"""The house is one of rooms, each imports only what stands above it, and no part of it is large."""

import ast
import re

import house
import pytest

MODULES = house.modules()
MAX_LINES, MAX_CLASS_LINES, MAX_ATTRIBUTES = 300, 200, 12


def test_every_package_is_a_room_and_every_room_a_package():
    packages = {path.parent.name for path in house.GRADER.glob("*/__init__.py")} - set(house.EVERYBODYS)

    assert packages == set(house.ROOMS) - {"doors"}
    assert {house.room_of(module) for module in MODULES} == {*house.ROOMS, "everybody's"}


def test_a_room_imports_only_rooms_above_it():
    assert house.wrong_imports() == []


def test_worker_imports_only_wire_errors_and_syntax():
    rooms = {
        target
        for module in MODULES
        if house.room_of(module) == "worker"
        for target in house.imported(module, MODULES)
        if house.room_of(target) != "worker"
    }

    assert {target.partition(".")[0] for target in rooms} <= {"wire", "errors", "syntax"}


def test_no_modules_import_one_another_in_a_circle():
    assert house.circles() == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_module_is_small_and_says_what_it_is_for(module):
    text = MODULES[module].read_text("utf-8")
    tree = ast.parse(text)

    assert len(text.splitlines()) <= MAX_LINES
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            assert (node.end_lineno or 0) - node.lineno < MAX_CLASS_LINES, node.name
            assert len(attributes(node)) <= MAX_ATTRIBUTES, node.name


def attributes(node):
    """Return what a class keeps: its fields, and whatever its methods set on `self`."""
    fields = {item.target.id for item in node.body if isinstance(item, ast.AnnAssign)}
    return fields | {
        item.attr
        for item in ast.walk(node)
        if isinstance(item, ast.Attribute)
        and isinstance(item.ctx, ast.Store)
        and isinstance(item.value, ast.Name)
        and item.value.id == "self"
    }


def test_picture_of_the_house_is_what_the_imports_give():
    assert house.PICTURE.read_text("utf-8") == house.picture(), "run `make house`"


def test_page_of_the_house_names_only_what_is_there():
    text = (house.PICTURE.parent / "architecture.md").read_text("utf-8")
    root = house.GRADER.parent
    named = set(re.findall(r"`(\w+(?:/\w+)+\.(?:py|md|toml))`", text))

    assert len(named) > 40
    assert [name for name in sorted(named) if not (root / name).exists() and not (house.GRADER / name).exists()] == []
    assert [room for room in house.ROOMS[:-1] if f"`{room}/" not in text and f"/{room}/" not in text] == []


TESTS = sorted((house.GRADER.parent / "tests").rglob("*.py"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_tests_import_no_private_name_of_the_grader(path):
    """That they reach for none through a module or a value is ruff's to say, by SLF."""
    found = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    names = [alias.name for node in found if (node.module or "").startswith("grader") for alias in node.names]

    assert [name for name in names if name.startswith("_")] == []


@pytest.mark.parametrize("path", [path for path in TESTS if path.parent.name != "hidden"], ids=lambda path: path.name)
def test_file_of_tests_is_of_one_subject(path):
    """Hidden suites and visible tests are one file an assignment, whatever it needs."""
    assert len(path.read_text("utf-8").splitlines()) <= 500
