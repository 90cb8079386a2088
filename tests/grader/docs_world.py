"""A small world in which the commands of the docs can be run as they stand: a course, a class, and what pages name."""

import os
import re
import subprocess
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import individual_course
from markdown_it import MarkdownIt
from proved_course import ASSIGNMENT_TOML, HIDDEN_SUITE, LESSON_TEXT, VISIBLE_TESTS

from grader.course.reading import find_course
from grader.handout.release import write

SCRIPTS = Path(sysconfig.get_path("scripts"))
PROGRAMS = "grader|python3?|source|pytest|pip|make|git|nbgrader|jupyter|dask|sbatch|podman|cd|mkdir"
LINE = re.compile(rf"^(?:\$ )?((?:[A-Z_]+=\S+ +)*(?:{PROGRAMS}|\.venv/bin/\S+)(?: .*)?)$")
MARK = "@@ "
RIGHT = "import torch\n\ndef double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n\n"
RIGHT += 'def label(x):\n    return "positive" if bool((x > 0).all()) else "mixed"\n'
CLASS = {
    "anna": RIGHT,
    "ben": RIGHT.replace("2 * x", "3 * x"),
    "cara": RIGHT.replace("(x * x).mean()", "(x * x).sum()"),
}
ROSTER = "name,login\n" + "".join(f"{name.title()},{name}\n" for name in (*CLASS, "dag"))


@dataclass(frozen=True)
class Block:
    """The commands of one block of a page, in their order, as lines of a shell."""

    page: str
    lines: tuple[str, ...]


def blocks_of(path):
    """Return the blocks of a page that hold commands."""
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text("utf-8")):
        if token.type in {"fence", "code_block"}:
            joined = re.sub(r" *\\\n *", " ", token.content)
            lines = [match[1] for line in joined.splitlines() if (match := LINE.match(line.strip()))]
            found += [Block(path.name, tuple(re.sub(r"\s+# .*$", "", line) for line in lines))] if lines else []
    return found


class World:
    """A folder with what the pages name: `chainrule/`, the course, and the class, once as it is and once packed."""

    def __init__(self, root):
        self.root = root
        for name in ("gradient_descent", "neuron", "waves"):
            self._assignment(name)
        for name, source in CLASS.items():
            for folder in ("class", "submissions", "handed_in"):
                self.put(f"{folder}/{name}/gradient_descent.py", source)
        notebook = self.root / "chainrule/assignments/gradient_descent/gradient_descent.ipynb"
        self.put("anna/gradient_descent.ipynb", notebook.read_text("utf-8"))
        self.put("gradient_descent.py", CLASS["anna"])
        self.put("roster.csv", ROSTER)
        with zipfile.ZipFile(root / "submissions.zip", "w") as one, zipfile.ZipFile(root / "handed_in.zip", "w") as two:
            for number, (name, source) in enumerate(CLASS.items(), 4711):
                one.writestr(f"{name.title()}_{number}_assignsubmission_file_/gradient_descent.py", source)
                two.writestr(f"{name.title()}/gradient_descent.py", source)

    def _assignment(self, name):
        texts = {
            f"chainrule/solutions/{name}/assignment.toml": ASSIGNMENT_TOML,
            f"chainrule/solutions/{name}/{name}.py": LESSON_TEXT,
            f"chainrule/solutions/{name}/test_{name}.py": VISIBLE_TESTS.replace('load("small")', f'load("{name}")'),
            f"chainrule/tests/hidden/test_{name}.py": HIDDEN_SUITE,
        }
        for path, text in texts.items():
            self.put(path, text)
        write(find_course(self.root / "chainrule"), name)

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def have_own_data(self):
        """Make the assignment one whose students have data of their own."""
        at = "chainrule/solutions/gradient_descent/"
        self.put(f"{at}assignment.toml", individual_course.ASSIGNMENT)
        self.put(f"{at}gradient_descent.py", individual_course.LESSON)
        self.put(f"{at}individual.py", individual_course.OWN_DATA)
        visible = individual_course.VISIBLE.replace('"small"', '"gradient_descent"')
        self.put(f"{at}test_gradient_descent.py", visible)
        self.put("chainrule/tests/hidden/test_gradient_descent.py", individual_course.SUITE)

    def run(self, lines, folder):
        """Run lines in one shell, one after another; return for each its exit code and what it printed."""
        script = "\n".join(f"{line}\necho '{MARK}'$?" for line in lines)
        outer = {name: value for name, value in os.environ.items() if not name.startswith(("GRADER_", "PYTEST"))}
        own = {
            "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}",
            "OMP_NUM_THREADS": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        done = subprocess.run(
            ["bash", "-c", f"exec 2>&1\n{script}"],
            cwd=self.root / folder,
            env=outer | own | ({} if Path(folder).is_absolute() else {"GRADER_COURSE": str(self.root / "chainrule")}),
            capture_output=True,
            text=True,
            check=False,
        )
        said = re.findall(rf"(.*?)^{MARK}(\d+)$\n", done.stdout, re.MULTILINE | re.DOTALL)
        return [(int(code), printed) for printed, code in said]
