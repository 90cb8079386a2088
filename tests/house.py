"""The rooms of `grader/`, from the ground up, and who imports whom, read from the code itself."""

import ast
from pathlib import Path

GRADER = Path(__file__).parents[1] / "grader"

# A room imports only rooms that stand above it, itself, and what is everybody's.
ROOMS = (
    "answers",
    "syntax",
    "course",
    "submissions",
    "packaging",
    "worker",
    "sandbox",
    "backends",
    "report",
    "formats",
    "suite",
    "diagnosis",
    "handout",
    "judge",
    "channels",
    "commands",
    "doors",
)
EVERYBODYS = ("errors", "outcomes", "version", "whole", "wire")
DOORS = ("", "__main__", "nbgrader")  # what a user imports or runs; nobody inside does


def modules():
    """Return the path of every module by its name below `grader`; that of a package is the package's own."""
    paths = sorted(GRADER.rglob("*.py"))
    return {
        ".".join(part for part in path.relative_to(GRADER).with_suffix("").parts if part != "__init__"): path
        for path in paths
    }


def room_of(module):
    """Return the room that a module stands in, or "everybody's"."""
    if module in DOORS:
        return "doors"
    first = module.partition(".")[0]
    return "everybody's" if first in EVERYBODYS else first


def imported(module, known):
    """Return the modules of `grader` that one imports, wherever in it and for whatever: types count as well."""
    path = known[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.removeprefix("grader").removeprefix(".") for alias in node.names if _ours(alias.name)}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                outer = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join(["grader", *outer, *([node.module] if node.module else [])])
            if _ours(base):
                base = base.removeprefix("grader").removeprefix(".")
                inner = {f"{base}.{alias.name}".removeprefix(".") for alias in node.names}
                found |= {name if name in known else base for name in inner}
    return found - {module}


def _ours(name):
    return name == "grader" or name.startswith("grader.")


def wrong_imports():
    """Return a line for each import that breaks the rule of rooms."""
    known = modules()
    place = {room: number for number, room in enumerate(ROOMS)}
    lines = []
    for module in known:
        room = room_of(module)
        for target in sorted(imported(module, known)):
            other = room_of(target)
            if other != "everybody's" and (room == "everybody's" or place[other] > place[room]):
                lines.append(f"{module} of {room} imports {target} of {other}")
    return lines


def circles():
    """Return each circle of modules that import one another, wherever the imports stand."""
    known = modules()
    graph = {module: imported(module, known) for module in known}
    found, done = [], set()

    def walk(module, way):
        if module in way:
            found.append(" -> ".join([*way[way.index(module) :], module]))
        elif module not in done:
            for target in sorted(graph[module]):
                walk(target, [*way, module])
            done.add(module)

    for module in sorted(graph):
        walk(module, [])
    return found
