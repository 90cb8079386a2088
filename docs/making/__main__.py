"""`python -m docs.making`: make the pictures of the lessons, of README and of docs/, or some of them by name.

`lessons` are those of all lessons, which are the modules of `docs/making/lessons/`.

With `--check`, say which of the lessons' pictures differ from what is there, and change nothing. Those of docs/ show
programs at work, and take minutes; a screen is never quite the same twice.
"""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

from docs.making import lessons
from docs.making.programs import readme
from docs.making.reference import ROOT

LESSONS = tuple(sorted(module.name for module in pkgutil.iter_modules(lessons.__path__)))
ALL_LESSONS = "lessons"
DOCS = ("grading", "classes", "channels", "notebooks")
README = "readme"


def drawn(lesson: str) -> dict[Path, str]:
    """Return the text of each picture of a lesson, by its file."""
    functions = importlib.import_module(f"docs.making.lessons.{lesson}").PICTURES
    return {ROOT / "solutions" / lesson / "pictures" / f"{name}.svg": draw() for name, draw in functions.items()}


def main() -> int:
    """Write the files that differ; with `--check` name them, change nothing, and return 1 where there are any."""
    everything = (*LESSONS, README, *DOCS)
    known = (ALL_LESSONS, *everything)
    parser = argparse.ArgumentParser(prog="python -m docs.making", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if unknown := set(options.names) - set(known):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there is {', '.join(known)}")
    names = options.names or (LESSONS if options.check else everything)
    differing = 0
    for lesson in LESSONS if ALL_LESSONS in names else [name for name in names if name in LESSONS]:
        for path, text in drawn(lesson).items():
            differing += _put(path, text.encode(), check=options.check)
    if README in names:
        differing += _put(readme.README, readme.current(readme.README.read_text("utf-8")).encode(), check=options.check)
    for group in [name for name in names if name in DOCS and not options.check]:
        for file, take in importlib.import_module(f"docs.making.programs.{group}").PICTURES.items():
            _put(ROOT / file, take(), check=False)
    return 1 if options.check and differing else 0


def _put(path: Path, data: bytes, *, check: bool) -> bool:
    """Write a file that differs, unless it is only to be named; say whether it does."""
    if path.is_file() and path.read_bytes() == data:
        return False
    if not check:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    print(f"{path.relative_to(ROOT)} {'differs; run `make pictures`' if check else 'is made'}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
