"""The commands in the blocks of README and docs/ are run as they stand, in a small world, and end as they should.

What is not run stands in a list with its reason, and what takes seconds is of the long evidence.
"""

import shutil
import sys

import pytest
from docs_world import World, blocks_of
from evidence import PROOF
from test_docs_commands import PAGES

from docs.making.website import ROOT
from grader.commands.exits import Exit

# A page whose blocks are followed elsewhere, with what they print.
FOLLOWED = {"authors.md": "tests/grader/test_authors_page.py"}

INSTALLS = "it installs, from an index"
ENDLESS = "it runs until it is ended"
ELSEWHERE = "it needs other machines, or a program that is not here"
OURSELVES = "it is what runs this test, or takes minutes"
PARTS = "it leaves a word for the reader to fill in"
SLURM = (
    "sbatch --array=1-8 examples/slurm/array.sh class/gradient_descent gradient_descent /srv/chainrule results",
    "python examples/slurm/dask_cluster.py class/gradient_descent --assignment gradient_descent --out results",
)
TLS = (
    "DASK_DISTRIBUTED__COMM__TLS__CA_FILE=ca.pem DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT=me.pem "
    "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY=me-key.pem grader grade class/ --cluster tls://HOST:8786 --out results"
)
BY_PYTEST = (
    "pytest -p grader.judge.plugin -p grader.judge.local tests/hidden/test_gradient_descent.py --submission FILE"
)
PROFILED = (
    ".venv/bin/python -m cProfile -s cumulative -m pytest -q tests/hidden/test_gradient_descent.py --submission FILE "
    "| head -60"
)
ALONE = ".venv/bin/python -m pytest tests/hidden/test_neuron.py --submission FILE"
# A student's own, in the folder that is handed out: the stub is not right yet, which ends with 1.
AT_WORK = (
    "python -m _course",
    "python -m _course grad_fn",
    "python -m _course --hint",
    "python -m _course grad_fn --hint --hint",
    "python -m _course --lang ko",
    "grader test --lang ko --hint",
    "pytest",
    "pytest -m training_loop",
)
SKIPPED = {
    "pip install -e .": INSTALLS,
    "pip install 'chainrule[cluster]'": INSTALLS,
    "pip install './chainrule[nbgrader]'": INSTALLS,
    "pip install dask-jobqueue": INSTALLS,
    "python3 -m venv .venv": INSTALLS,
    "source .venv/bin/activate": INSTALLS,
    "pip install torch pytest hypothesis": INSTALLS,
    "python -m _course --watch": ENDLESS,
    "grader serve --course chainrule": ENDLESS,
    "jupyter lab": ENDLESS,
    "dask scheduler --no-dashboard": ENDLESS,
    "dask scheduler --protocol tls --tls-ca-file ca.pem --tls-cert scheduler.pem --tls-key scheduler-key.pem": ENDLESS,
    "GRADER_COURSE=/srv/chainrule dask worker tcp://HOST:8786 --nworkers 1 --nthreads 16": ENDLESS,
    "grader grade class/ --cluster tcp://HOST:8786 --out results": ELSEWHERE,
    TLS: ELSEWHERE,
    **dict.fromkeys(SLURM, ELSEWHERE),
    "podman build -t ghcr.io/course-org/chainrule -f docs/Containerfile .": ELSEWHERE,
    "podman push ghcr.io/course-org/chainrule": ELSEWHERE,
    **dict.fromkeys(("make demo", "make test", "make lint", "make docs", "make bench"), OURSELVES),
    ".venv/bin/python -m pytest tests/grader/test_scoring.py": OURSELVES,
    '.venv/bin/python -m pytest tests/grader -k "notebook and empty"': OURSELVES,
    ".venv/bin/python benchmarks/torture.py [--seconds 60] [--hits 0] [--seed N] [--only NAME ...] [--size 20]": PARTS,
    "PYTHONPATH=.:tests python -m proof.foreign [assignment ...]": PARTS,
}
# They take seconds each, or need one that does.
LONG = {
    "grader doctor",
    "grader doctor --course chainrule",
    "grader verify",
    "grader verify gradient_descent",
    "grader nbgrader diff gradient_descent",
    "grader nbgrader init course --course chainrule",
    "cd course",
    "nbgrader generate_assignment gradient_descent",
    "python -m zipfile -c gradient_descent.zip release/gradient_descent/",
    "grader nbgrader collect ../handed_in.zip",
    "nbgrader autograde gradient_descent",
    "nbgrader generate_feedback gradient_descent",
    "nbgrader export --to grades.csv",
    "grader nbgrader export --format canvas --assignment gradient_descent --to canvas.csv",
    "nbgrader autograde gradient_descent --force",
    "nbgrader autograde gradient_descent --force --student Anna",
    "nbgrader generate_feedback gradient_descent --force",
    "grader grade class/ --assignment gradient_descent --audience staff --shard 1/4 --out part-1",
    "grader grade class/ --assignment gradient_descent --audience staff --shard 2/4 --out part-2",
    "grader merge part-1 part-2 part-3 part-4 --out results",
    *AT_WORK,
    "grader translate waves --lang ko",
    "grader grade anna/gradient_descent.ipynb --lang ko",
    "grader grade submissions/ --audience staff --jobs 2 --out results/",
    "grader grade submissions/ --out results/ --audience staff",
    "grader merge results-parts/* --out results",
    "grader package gradescope neuron --hidden after_published --out neuron.zip",
    "grader release gradient_descent --for roster.csv --out handed_out/",
    "grader grade submissions.zip --roster roster.csv --audience staff --out results/",
    "grader similar results/ --format json",
    ALONE,
    BY_PYTEST,
    PROFILED,
}
IN = {
    BY_PYTEST: "chainrule",
    **dict.fromkeys(AT_WORK, "gradient_descent"),
    "nbgrader autograde gradient_descent --force": "course",
    "nbgrader autograde gradient_descent --force --student Anna": "course",
    "grader nbgrader diff gradient_descent": "course",
}
"""Where a line is run, if not in the folder above the course; what CONTRIBUTING shows is run in this project."""
ENDS = dict.fromkeys(AT_WORK, Exit.BROKEN)


def graded_by_nbgrader(world):
    """Have the course of nbgrader as the ten commands leave it."""
    lines = next(block.lines for block in blocks_of(ROOT / "docs" / "instructors.md") if "cd course" in block.lines)
    if not (world.root / "course").exists():
        world.run([line for line in lines if line not in SKIPPED], "")


def results_of_class(world):
    if not (world.root / "results").exists():
        world.run(["grader grade class/ --out results"], "")


def other_parts(world):
    world.run(
        [
            f"grader grade class/ --assignment gradient_descent --audience staff --shard {n}/4 --out part-{n}"
            for n in (3, 4)
        ],
        "",
    )


def handed_out(world):
    shutil.copytree(ROOT / "assignments/gradient_descent", world.root / "gradient_descent", dirs_exist_ok=True)


BEFORE = {
    **dict.fromkeys(AT_WORK, handed_out),
    "grader hook install anna.git --course chainrule": lambda world: world.run(["git init --bare anna.git"], ""),
    "grader diff results/ results-new/": lambda world: shutil.copytree(
        world.root / "results", world.root / "results-new"
    ),
    "grader merge part-1 part-2 part-3 part-4 --out results": other_parts,
    "grader merge results-parts/* --out results": lambda world: world.run(
        ["grader grade class/ --shard 1/1 --out results-parts/1"], ""
    ),
    "grader similar results/": results_of_class,
    "grader similar results/ --format json": results_of_class,
    "grader release gradient_descent --for roster.csv --out handed_out/": World.have_own_data,
    "grader nbgrader diff gradient_descent": graded_by_nbgrader,
    "nbgrader autograde gradient_descent --force": graded_by_nbgrader,
}
"""What a page takes to be there before a line."""


def chosen():
    """Return for each page the blocks that are run now, without the lines that are not."""
    found, run = {}, set()
    for page in PAGES:
        for block in blocks_of(page) if page.name not in FOLLOWED else ():
            lines = [line for line in block.lines if line not in SKIPPED and (PROOF or line not in LONG | run)]
            run.update(lines)  # of two pages with the same line one is enough
            if lines:
                found.setdefault(page.name, []).append(lines)
    return found


RUN = chosen()


@pytest.mark.parametrize("page", RUN)
def test_commands_of_a_page_do_what_they_should(page, tmp_path):
    world, wrong = World(tmp_path), []

    for lines in RUN[page]:
        wrong += failing(world, lines, str(ROOT) if page == "CONTRIBUTING.md" else "")

    assert wrong == []


def failing(world, lines, folder):
    """Run a block, and return what ended otherwise than it should; what has to be there before a line is made then."""
    parts = [[lines[0]]]
    for line in lines[1:]:
        if line in BEFORE or line in IN:
            parts.append([])
        parts[-1].append(line)
    wrong = []
    for part in parts:
        BEFORE.get(part[0], lambda _: None)(world)
        done = world.run([meant(world, line) for line in part], IN.get(part[0], folder))
        assert len(done) == len(part)
        wrong += [
            f"{line}: exit code {code}\n{said}"
            for line, (code, said) in zip(part, done, strict=True)
            if code != ENDS.get(line, Exit.WELL)
        ]
    return wrong


def meant(world, line):
    """Return a line with a file where a page says FILE, and with the Python that runs this test."""
    file = ROOT / "solutions/neuron/neuron.py" if line == ALONE else world.root / "gradient_descent.py"
    return line.replace("FILE", str(file)).replace(".venv/bin/python", sys.executable)


def test_what_is_not_run_or_runs_elsewhere_still_stands_on_a_page():
    shown = {line for page in PAGES for block in blocks_of(page) for line in block.lines}

    assert (SKIPPED.keys() | LONG | IN.keys() | ENDS.keys() | BEFORE.keys()) - shown == set()
    assert FOLLOWED.keys() <= {page.name for page in PAGES}


def test_line_that_fails_is_found(tmp_path):
    world = World(tmp_path)

    (said,) = failing(world, ["grader show results/ anna", "git --version"], "")

    assert said.startswith("grader show results/ anna: exit code 2\n")
