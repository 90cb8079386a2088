"""The scripts of examples/ci/course by themselves: what they fetch, where a token goes, and what they post."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from forge import CI, NAME, Forge, course_in, environment_of, git, programs_are_needed, serving

pytestmark = programs_are_needed


def script(name, *arguments, cwd, **variables):
    command = ["bash", str(CI / "course" / name), *arguments]
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, check=False)


def test_a_repository_that_is_too_large_stops_nobody_else(tmp_path):
    forge = Forge(tmp_path / "forge")
    course_in(tmp_path / "course", "student,repository\nbig,org/big\nempty,org/empty\nsmall,org/small\n")
    forge.repository("org/big", {f"{NAME}.py": "", "data.bin": os.urandom(3 * 2**20)})
    close = {f"{NAME};touch pwned;.py": "", f"{NAME}\n::error::gotcha.py": "", f"{NAME}_link.py": Path("/etc/passwd")}
    forge.repository("org/small", {**close, "other.py": "", f"{NAME}.txt": ""})
    git("init", "--quiet", "--bare", str(forge.root / "org" / "empty.git"))
    variables = environment_of(tmp_path / "home", GIT_SERVER=f"file://{forge.root}", GIT_TOKEN="", FETCH_MIB="1")

    done = script("fetch.sh", cwd=tmp_path / "course", WORK=str(tmp_path / "work"), **variables)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "work" / "problems.txt").read_text("utf-8").splitlines() == [
        "big: org/big can't be fetched, or is empty",
        "empty: org/empty can't be fetched, or is empty",
    ]
    taken = [str(path.relative_to(tmp_path / "work" / "class")) for path in (tmp_path / "work" / "class").rglob("*.py")]
    assert sorted(taken) == [f"{NAME}/small/{NAME}\n::error::gotcha.py", f"{NAME}/small/{NAME};touch pwned;.py"]
    assert not list(tmp_path.rglob("pwned"))
    assert (tmp_path / "work" / "broken.txt").read_text("utf-8") == ""


def test_choices_and_what_can_not_be_fetched_at_all(tmp_path):
    forge = Forge(tmp_path / "forge")
    course_in(tmp_path / "course", "student,repository\nanna,org/anna\nben,org/ben\n")
    for name in ("anna", "ben"):
        forge.repository(f"org/{name}", {f"{NAME}.py": "x = 1\n", "autograd.py": "x = 1\n"})
    variables = environment_of(tmp_path / "home", GIT_SERVER=f"file://{forge.root}", GIT_TOKEN="")

    def fetch(work, **chosen):
        done = script("fetch.sh", cwd=tmp_path / "course", **variables, WORK=str(tmp_path / work), **chosen)
        children = sorted(
            str(path.relative_to(tmp_path / work / "class")) for path in (tmp_path / work).glob("class/*/*")
        )
        return done.returncode, children

    assert fetch("one", STUDENT="ben", ASSIGNMENT="autograd") == (0, ["autograd/ben"])
    assert fetch("two", STUDENT="anna ben", ASSIGNMENT=f"{NAME} optimizers") == (0, [f"{NAME}/anna", f"{NAME}/ben"])
    assert fetch("none", STUDENT="nobody") == (0, [])
    assert "no repository could be fetched" in (tmp_path / "none" / "broken.txt").read_text("utf-8")
    assert fetch("wrong", ASSIGNMENT="calculus")[0] == 1


def test_a_state_that_can_not_be_read_is_not_begun_anew(tmp_path):
    variables = environment_of(
        tmp_path / "home", GIT_SERVER=f"file://{tmp_path}", GIT_TOKEN="", COURSE_REPOSITORY="gone"
    )

    done = script("state.sh", "load", cwd=tmp_path, WORK=str(tmp_path / "work"), **variables)

    assert done.returncode == 1
    assert "the state can't be read" in done.stderr


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("Username for 'https://forge.test': ", "x-access-token"),
        ("Password for 'https://x-access-token@forge.test': ", "secret"),
        ("Password for 'https://x-access-token@forge.test.evil': ", ""),
        ("Username for 'https://evil/forge.test': ", ""),
        ("Are you sure (yes/no)? ", ""),
    ],
)
def test_a_token_is_for_one_server(tmp_path, prompt, answer):
    variables = environment_of(tmp_path / "home", GIT_SERVER="https://forge.test", GIT_TOKEN="secret")

    done = script("askpass.sh", prompt, cwd=tmp_path, **variables)

    assert done.stdout.strip() == answer


def told(folder, status, score):
    """Lay out a state in which one result waits to be posted."""
    state, work = folder / "state", folder
    for part in ("graded", "told", "posted"):
        (state / part / NAME).mkdir(parents=True)
    for part in ("repositories", f"fetched/{NAME}"):
        (work / part).mkdir(parents=True)
    (state / "graded" / NAME / "anna").write_text(f"c1 f1 {status}\n", "utf-8")
    (work / "fetched" / NAME / "anna").write_text("c1 f1\n", "utf-8")
    (work / "repositories" / "anna").write_text("org/anna\n", "utf-8")
    document = {"assignment": NAME, "submissions": [{"status": status, "score": score, "max_score": 20}]}
    (state / "told" / NAME / "anna.json").write_text(json.dumps(document), "utf-8")
    (state / "told" / NAME / "anna.md").write_text("## points\n\n### `f`\n" + "x" * 70000, "utf-8")


@pytest.mark.parametrize(
    ("status", "score", "under", "state", "description", "comments"),
    [
        ("graded", 17.5, "", "success", "17.5 / 20", 1),
        ("graded", 0, "", "success", "0 / 20", 1),
        ("graded", 9.5, "50", "failure", "9.5 / 20", 1),
        ("withheld", None, "50", "success", "graded; hidden checks are told later", 1),
        ("unreadable", None, "", "failure", "it can not be read: see the comment", 1),
        ("broken", None, "", "error", "grading failed on our side, and is tried again", 0),
    ],
)
def test_status_of_a_commit(tmp_path, status, score, under, state, description, comments):
    told(tmp_path / "work", status, score)
    with serving(tmp_path / "forge", "org/course", "x-access-token") as forge:
        variables = environment_of(tmp_path / "home", API_URL=f"{forge.url}/api", API_TOKEN="secret", FAIL_UNDER=under)

        done = script("post.sh", "github", cwd=tmp_path, WORK=str(tmp_path / "work"), **variables)

    assert done.returncode == 0, done.stderr
    first, *rest = forge.posts
    assert first["body"] == {"state": state, "context": f"chainrule/{NAME}", "description": description}
    assert [post["body"]["body"].splitlines()[-1] for post in rest] == [
        "The rest is too long for a comment."
    ] * comments


@pytest.mark.parametrize(
    ("answer", "posts", "kept"),
    [
        (b'{"message": "Cannot transition status via :succeed from :success"}', 2, True),
        (b'{"message": "state is missing"}', 1, False),
    ],
)
def test_gitlab_refusing_a_status_that_is_there_is_no_failure(tmp_path, answer, posts, kept):
    told(tmp_path / "work", "graded", 20)
    with serving(tmp_path / "forge", "org/course", "oauth2") as forge:
        forge.refuse, forge.refusal = "/statuses/", (400, answer)
        variables = environment_of(tmp_path / "home", API_URL=f"{forge.url}/api", API_TOKEN="secret")

        done = script("post.sh", "gitlab", cwd=tmp_path, WORK=str(tmp_path / "work"), **variables)

    assert done.returncode == 0, done.stderr
    assert len(forge.posts) == posts
    assert (tmp_path / "work" / "state" / "posted" / NAME / "anna").exists() == kept
    assert ("answered by 400" in done.stderr) != kept
