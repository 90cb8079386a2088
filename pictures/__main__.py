"""`python -m pictures`: make the pictures of the lessons, or say with `--check` which differ from what is there."""

import argparse
import importlib
import sys
from pathlib import Path

from pictures.reference import ROOT

LESSONS = ("gradient_descent", "autograd", "optimizers", "neuron")


def drawn(lesson: str) -> dict[Path, str]:
    """Return the text of each picture of a lesson, by its file."""
    functions = importlib.import_module(f"pictures.lessons.{lesson}").PICTURES
    return {ROOT / "solutions" / lesson / "pictures" / f"{name}.svg": draw() for name, draw in functions.items()}


def main() -> int:
    """Write the files that differ; with `--check` name them, change nothing, and return 1 where there are any."""
    parser = argparse.ArgumentParser(prog="python -m pictures", description=__doc__)
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help=", ".join(LESSONS))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    differing = []
    for lesson in options.lessons or LESSONS:
        for path, text in drawn(lesson).items():
            if not path.is_file() or path.read_bytes() != text.encode():
                differing.append(path)
                if not options.check:
                    path.parent.mkdir(exist_ok=True)
                    path.write_bytes(text.encode())
    for path in differing:
        print(f"{path.relative_to(ROOT)} {'differs; run `make pictures`' if options.check else 'is drawn'}")
    return 1 if options.check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
