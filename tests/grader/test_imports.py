"""The data goes one way, and so do the imports: no module imports one of a later stage."""

import ast
from pathlib import Path

import pytest

GRADER = Path(__file__).parents[2] / "grader"

# Each stage may import itself and what stands above it.
STAGES = [
    {"", "errors", "whole", "archive"},
    {"outcomes", "explain", "words", "worker.namespaces", "worker"},
    {"course", "wire", "wheel"},
    {"worker.statements", "worker.confinement", "worker.selftest", "lesson"},
    {"worker.definitions", "worker.stubs", "containers", "catalogue", "notebook"},
    {"worker.analysis", "signatures"},
    {"worker.runtime", "visible", "submissions", "release"},
    {"git"},
    {"worker.zygote", "sandbox"},
    {"session", "student"},
    {"exchanges"},
    {"suite", "suite.settings", "suite.checks", "suite.nested", "suite.stand_ins", "reference", "teaching"},
    {"visible_run", "counterexample"},
    {"checking"},
    {"suite.run", "suite.repeats", "suite.printed", "scoring", "helpers"},
    {"suite.plugin", "report"},
    {"suite.driver"},
    {"follow_through", "nearness"},
    {"diagnosis"},
    {"grading", "table", "feedback_cell", "junit", "markdown", "annotations", "attempts", "rebuild", "collect"},
    {"files", "github", "gitlab", "gradescope", "classroom50"},
    {"checker", "gradebook", "suite.local", "doctor"},
    {"parallel", "nbgrader", "formats"},
    {"command_grade", "command_nbgrader", "verify", "hook", "package", "gradescope_run"},
    {"cli"},
    {"__main__"},
]
STAGE_OF = {name: number for number, stage in enumerate(STAGES) for name in stage}
# The plug-in's default judge is found lazily, when nobody drives; it is the one import that looks forward.
# So is the package's own `check`, which nothing imports until a notebook asks for it.
LAZY = {("suite.plugin", "suite.local"), ("suite.plugin", "suite.run"), ("", "checking")}


def module_name(path):
    parts = path.relative_to(GRADER).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("grader.") for alias in node.names if alias.name.startswith("grader."))
        elif isinstance(node, ast.ImportFrom) and node.module and (node.module + ".").startswith("grader."):
            base = node.module.removeprefix("grader").removeprefix(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}".removeprefix(".")
                yield inner if inner in STAGE_OF else base


MODULES = {module_name(path): path for path in GRADER.rglob("*.py")}


def test_every_module_has_a_stage():
    assert set(MODULES) == set(STAGE_OF)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_module_imports_nothing_of_a_later_stage(name):
    backwards = {
        target for target in imported(MODULES[name]) if STAGE_OF[target] > STAGE_OF[name] and (name, target) not in LAZY
    }

    assert not backwards


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.startswith("worker")))
def test_worker_imports_neither_suite_nor_reference(name):
    allowed = {"", "errors", "wire", "worker"}

    assert all(target in allowed or target.startswith("worker.") for target in imported(MODULES[name]))
