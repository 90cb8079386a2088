"""The image of docs/Containerfile, as far as a machine without an engine can build it, and who runs in it.

Its base and what apt installs are not there; the rest is done as it says: what is copied is copied, and nothing else,
the grader is installed from that, the cache is filled, and the command is run.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "Containerfile").read_text("utf-8")
CI = ROOT / "examples" / "ci"
INSTRUCTIONS = {"FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "CMD"}


def steps():
    """Return the instructions in order, a continued line as one, as (word, rest)."""
    text = re.sub(r"\\\n\s*", "", "\n".join(line for line in TEXT.splitlines() if not line.startswith("#")))
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line]


def run(*words, **more):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """Return the folder /course of the image, its environment, and what each RUN of the grader has said."""
    folder, packages = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("packages")
    environment = {"PATH": os.defpath, "HOME": str(tmp_path_factory.mktemp("home")), "PYTHONPATH": str(packages)}
    shared = "".join(f"{path}\n" for path in sys.path if path.endswith("site-packages"))
    said = {}
    for word, rest in steps():
        if word == "COPY":
            *sources, target = rest.split()
            for source in sources:
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(ROOT / source, folder / target)
        elif word == "ENV":
            environment |= {key: value.replace("/home/grader", environment["HOME"]) for key, value in pairs(rest)}
        elif word == "RUN" and "pip install" in rest:
            offline = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--target", packages)
            run(sys.executable, "-m", "pip", "install", *offline, ".", cwd=folder)
            (packages / "sitecustomize.py").write_text(f"import sys\nsys.path += {shared.splitlines()!r}\n", "utf-8")
        elif word == "RUN" and rest.startswith("grader"):
            for path in (folder / "solutions").iterdir():  # one assignment shows it, and takes less long
                if path.is_dir() and path.name != "gradient_descent":
                    shutil.rmtree(path)
            words = shlex.split(rest)[1:]
            said[rest] = run(sys.executable, "-m", "grader", *words, cwd=folder, env=environment)
    return folder, environment, said


def pairs(text):
    return [tuple(part.split("=", 1)) for part in shlex.split(text)]


def test_every_instruction_is_one_that_is_known_and_every_file_is_there():
    assert {word for word, _ in steps()} <= INSTRUCTIONS
    for word, rest in steps():
        if word == "COPY":
            assert all((ROOT / source).exists() for source in rest.split()[:-1]), rest
        if word == "RUN":
            run("bash", "-n", "-c", rest)


def test_nothing_is_run_as_root_once_it_is_built():
    words = [word for word, _ in steps()]

    assert words.index("USER") < words.index("CMD")
    assert dict(steps())["USER"] == "grader"


def test_grader_of_the_image_is_the_installed_one_and_has_its_cache_filled(image):
    folder, environment, said = image

    where = run(sys.executable, "-P", "-c", "import grader; print(grader.__file__)", cwd=folder, env=environment)

    assert where.startswith(environment["PYTHONPATH"])
    assert "gradient_descent-" in said["grader cache --fill"]


def test_submission_is_graded_in_it(image, tmp_path):
    folder, environment, _ = image
    path = tmp_path / "gradient_descent.py"
    shutil.copy(ROOT / "assignments" / "gradient_descent" / path.name, path)

    words = ("-P", "-m", "grader", "grade", path, "--course", folder, "--format", "json")
    done = run(sys.executable, *words, cwd=tmp_path, env=environment)

    assert '"status": "graded"' in done


@pytest.mark.parametrize("name", ["class/grade-class.yml", "instructor/grade.yml"])
def test_job_of_github_installs_nothing_where_it_has_the_image(name):
    path = CI / "github" / name
    for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
        assert job["container"]["image"] == "${{ vars.GRADER_IMAGE }}"
        assert job["permissions"]["packages"] == "read"
        installs = [step for step in job["steps"] if "setup-python" in str(step) or "pip install" in str(step)]
        assert [step["if"] for step in installs] == ["vars.GRADER_IMAGE == ''"] * 2


@pytest.mark.parametrize("name", ["class", "instructor"])
def test_job_of_gitlab_installs_nothing_where_the_image_has_it(name, tmp_path):
    settings = yaml.safe_load((CI / "gitlab" / name / ".gitlab-ci.yml").read_text("utf-8"))
    part = next(part for part in settings.values() if "before_script" in part)
    for tool in ("grader", "jq"):
        (tmp_path / tool).write_text("#!/bin/sh\n", "utf-8")
        (tmp_path / tool).chmod(0o755)

    lines = [line for line in part["before_script"] if not line.startswith("grader")]

    assert part["image"] == "$IMAGE"
    run("/bin/bash", "-e", "-c", "\n".join(lines), env={"PATH": str(tmp_path)})
