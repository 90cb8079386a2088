"""`python -m docs.making`: make the pictures of the lessons, of README and of docs/, or some of them by name.

With `--check`, say which of the lessons' pictures differ from what is there, and change nothing. Those of docs/ show
programs at work, and take minutes; a screen is never quite the same twice.
"""

import argparse
import importlib
import sys
from pathlib import Path

from docs.making.programs import readme
from docs.making.reference import ROOT

LESSONS = ("gradient_descent", "autograd", "optimizers", "neuron", "network")
DOCS = ("grading", "classes", "channels", "notebooks")
README = "readme"


def drawn(lesson: str) -> dict[Path, str]:
    """Return the text of each picture of a lesson, by its file."""
    functions = importlib.import_module(f"docs.making.lessons.{lesson}").PICTURES
    return {ROOT / "solutions" / lesson / "pictures" / f"{name}.svg": draw() for name, draw in functions.items()}


def main() -> int:
    """Write the files that differ; with `--check` name them, change nothing, and return 1 where there are any."""
    everything = (*LESSONS, README, *DOCS)
    parser = argparse.ArgumentParser(prog="python -m docs.making", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(everything))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if unknown := set(options.names) - set(everything):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there is {', '.join(everything)}")
    names = options.names or (LESSONS if options.check else everything)
    differing = 0
    for lesson in [name for name in names if name in LESSONS]:
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
