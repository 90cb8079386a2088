"""The rooms of `grader/`, from the ground up, and who imports whom, read from the code itself.

Run by `make house`, it draws docs/house.svg; tests/grader/test_rooms.py keeps the rule, and looks whether the drawing
is what the code gives.
"""

import ast
import html
from pathlib import Path

GRADER = Path(__file__).parents[1] / "grader"
PICTURE = GRADER.parent / "docs" / "house.svg"

# A room imports only rooms that stand above it, itself, and what is everybody's.
ROOMS = (
    "languages",
    "answers",
    "syntax",
    "kit",
    "course",
    "submissions",
    "packaging",
    "worker",
    "sandbox",
    "backends",
    "report",
    "formats",
    "classes",
    "suite",
    "diagnosis",
    "handout",
    "judge",
    "authoring",
    "service",
    "cluster",
    "channels",
    "commands",
    "doors",
)
EVERYBODYS = ("errors", "nested", "outcomes", "version", "whole", "wire")
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


def purpose_of(room):
    """Return the first sentence of a room's docstring."""
    text = ast.get_docstring(ast.parse((GRADER / room / "__init__.py").read_text("utf-8")))
    return text.partition("\n\n")[0].replace("\n", " ").rstrip(".")


def uses():
    """Return for each room how many of its modules import from each other room; what is everybody's is left out."""
    known = modules()
    found = {room: {} for room in ROOMS}
    for module in known:
        room = room_of(module)
        if room == "everybody's":
            continue
        for other in {room_of(target) for target in imported(module, known)} - {room, "everybody's"}:
            found[room][other] = found[room].get(other, 0) + 1
    return found


_ROW, _COLUMN, _LEFT, _TOP = 26, 26, 118, 116
_LETTER = 6.2  # the width of one, on average, in the wider of the fonts that systems have
_LEGEND = (
    "A number: so many modules of this row\u2019s room import from that column\u2019s. "
    "Nothing stands right of the stairs: a room imports only rooms above it."
)
_STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }
    .room { font-weight: 600; } .purpose { fill: #57606a; font-size: 12px; } .count { fill: #fff; font-size: 11px; }
    .dot { fill: #0969da; } .own { fill: #d0d7de; } .line { stroke: #d0d7de; stroke-width: 1; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; } .purpose { fill: #9198a1; } .own, .line { fill: #3d444d; stroke: #3d444d; }
      .count { fill: #0d1117; } .dot { fill: #4493f8; }
    }
"""


def picture():
    """Return the house as SVG: a row for each room, and in it a mark below each room that it imports from."""
    found, rooms = uses(), ROOMS[:-1]
    ends = [_LEFT + _COLUMN * number + 46 + _LETTER * len(purpose_of(room)) for number, room in enumerate(rooms)]
    width, height = round(max(ends)), _TOP + _ROW * len(rooms) + 34
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
        "  <title>The rooms of grader/, and which of them each one imports from</title>",
        f"  <desc>{html.escape(_in_words(found))}</desc>",
        f"  <style>{_STYLE}  </style>",
        f'  <text x="8" y="18" class="purpose">{_LEGEND}</text>',
    ]
    for number, room in enumerate(rooms):
        x, y = _LEFT + _COLUMN * number + 16, _TOP + _ROW * number
        lines.append(f'  <text class="purpose" transform="translate({x} {_TOP - 8}) rotate(-55)">{room}</text>')
        lines.append(f'  <line class="line" x1="8" x2="{width - 8}" y1="{y}" y2="{y}"/>')
        lines.append(f'  <text class="room" x="8" y="{y + 18}">{room}/</text>')
        for column, other in enumerate(rooms):
            x = _LEFT + _COLUMN * column
            if other == room:
                lines.append(
                    f'  <rect class="own" x="{x}" y="{y + 2}" width="{_COLUMN - 2}" height="{_ROW - 4}" rx="3"/>'
                )
            elif other in found[room]:
                lines.append(f'  <circle class="dot" cx="{x + 12}" cy="{y + 13}" r="9.5"/>')
                lines.append(
                    f'  <text class="count" x="{x + 12}" y="{y + 17}" text-anchor="middle">{found[room][other]}</text>'
                )
        x = _LEFT + _COLUMN * (number + 1) + 10
        lines.append(f'  <text class="purpose" x="{x}" y="{y + 17}">{html.escape(purpose_of(room))}</text>')
    everybodys = ", ".join(EVERYBODYS)
    y = _TOP + _ROW * len(rooms)
    lines.append(f'  <line class="line" x1="8" x2="{width - 8}" y1="{y}" y2="{y}"/>')
    lines.append(
        f'  <text class="purpose" x="8" y="{y + 20}">Everybody\u2019s: {everybodys}. They import no room.</text>'
    )
    return "\n".join([*lines, "</svg>", ""])


def _in_words(found):
    said = [
        f"{room} imports from {', '.join(r for r in ROOMS if r in others) or 'no room'}"
        for room, others in found.items()
    ]
    return "; ".join(said) + "."


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
