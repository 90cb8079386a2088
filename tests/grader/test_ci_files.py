"""What the templates of examples/ci say beside their shell: one torch, a cache of pip, and no run for nothing."""

import re

import pytest
import yaml
from forge import CI, ROOT

GITHUB = sorted((CI / "github").glob("*/*.yml"))
GITLAB = sorted((CI / "gitlab").glob("*/.gitlab-ci.yml"))
TORCH = re.search(r"^torch==(.+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)[1]


def loaded(path):
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # `on` is a key there, and not True


def folder_of(path):
    return "/".join(path.parts[-3:-1])


@pytest.mark.parametrize("path", [*GITHUB, *GITLAB, ROOT / "docs" / "Containerfile"], ids=folder_of)
def test_torch_has_the_version_of_the_constraints(path):
    installs = [line for line in path.read_text("utf-8").splitlines() if re.search(r"pip install .*\btorch\b", line)]

    assert installs
    for line in installs:
        assert "-c constraints.txt" in line or f"torch=={TORCH} " in line, line


@pytest.mark.parametrize("path", GITHUB, ids=folder_of)
def test_github_keeps_what_pip_has_loaded_by_the_file_that_names_the_versions(path):
    steps = [step for job in loaded(path)["jobs"].values() for step in job["steps"]]
    pythons = [step["with"] for step in steps if "setup-python" in step.get("uses", "")]
    versions = ".github/workflows/visible-tests.yml" if path.parent.name == "student" else "constraints.txt"

    assert pythons
    assert {(given["cache"], given["cache-dependency-path"]) for given in pythons} == {("pip", versions)}


@pytest.mark.parametrize("path", GITLAB, ids=folder_of)
def test_gitlab_keeps_what_pip_has_loaded_by_the_file_that_names_the_versions(path):
    settings = loaded(path)
    part = next(part for part in settings.values() if "cache" in part)
    variables = {**settings.get("variables", {}), **part.get("variables", {})}
    versions = ".gitlab-ci.yml" if path.parent.name == "student" else "constraints.txt"

    assert part["cache"] == {"key": {"files": [versions]}, "paths": [".cache/pip"]}
    assert variables["PIP_CACHE_DIR"] == "$CI_PROJECT_DIR/.cache/pip"


def test_visible_tests_run_where_an_assignment_has_changed():
    pushed = loaded(CI / "github" / "student" / "visible-tests.yml")["on"]["push"]["paths"]
    (rule,) = loaded(CI / "gitlab" / "student" / ".gitlab-ci.yml")["visible-tests"]["rules"]

    assert pushed == ["**.py", "**.ipynb", "**/pytest.ini", ".github/workflows/visible-tests.yml"]
    assert rule["changes"] == ["**/*.py", "**/*.ipynb", "**/pytest.ini", ".gitlab-ci.yml"]
