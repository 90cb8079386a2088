"""The post-receive hook: real pushes to a bare repository, and whatever a student can put into one."""

import json
import os
import subprocess
import sys

import pytest

from grader.course import find_course
from grader.errors import Unreadable, UsageError
from grader.git import Repository
from grader.hook import install

RIGHT = "def double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
WRONG = RIGHT.replace("2 * x", "3 * x")
SLOW_WRONG = RIGHT.replace("2 * x", "4 * x")
IDENTITY = {f"GIT_{who}_{what}": "anna@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
HOSTILE = "$(touch${IFS}pwned)`id`'\";|&<b>\u202e-é"


def git(folder, *arguments, check=True, **options):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment = kept | IDENTITY | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", "-C", folder, *arguments], capture_output=True, check=check, env=environment, timeout=300, **options
    )


@pytest.fixture
def bare(small_course, tmp_path):
    """Make a bare repository with the hook of the small course, and return its folder."""
    folder = tmp_path / "anna.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", folder)
    install(folder, find_course(small_course.root), state=None, student=None)
    return folder


def clone(bare, name="work"):
    folder = bare.parent / name
    git(bare.parent, "init", "--quiet", "--initial-branch=main", folder)
    git(folder, "remote", "add", "origin", bare)
    return folder


def commit(work, **sources):
    for name, source in sources.items():
        (work / f"{name}.py").write_text(source, "utf-8")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--allow-empty", "--message", "work")
    return git(work, "rev-parse", "HEAD").stdout.decode().strip()


def push(work, *refs):
    """Push, and return what the student reads."""
    return git(work, "push", *(refs or ("origin", "main"))).stderr.decode("utf-8")


def stored(bare, commit):
    return json.loads((bare / "grader" / "results" / "anna" / commit / "small.json").read_text("utf-8"))


# --- Pushes ----------------------------------------------------------------------------------------


def test_push_tells_the_student_and_a_force_push_is_graded_again(bare):
    work = clone(bare)
    first = commit(work, small=WRONG)
    told = push(work)
    git(work, "commit", "--quiet", "--amend", "--message", "another history")
    (work / "small.py").write_text(RIGHT, "utf-8")
    second = commit(work)

    again = push(work, "--force", "origin", "main")

    assert "score: 2.00 / 6" in told
    assert "double" in told
    assert "score: 6.00 / 6" in again
    wrong, right = (stored(bare, name)["submissions"][0] for name in (first, second))
    assert (wrong["submission"], wrong["score"], right["score"]) == ("anna", 2.0, 6.0)
    assert any("tensor(" in check["feedback"] for item in wrong["exercises"] for check in item["checks"])
    hidden = [line for line in told.splitlines() if "values" in line]
    assert not any("tensor(" in line for line in hidden)
    assert (bare / "grader" / "errors.log").read_text("utf-8") == ""


def test_two_pushes_at_once_are_both_graded_and_share_the_attempts(bare, small_course):
    small_course.edit("solutions/small/assignment.toml", 'title = "Small"', 'title = "Small"\nattempts = 1')
    works = [clone(bare, name) for name in ("first", "second")]
    commits = [commit(work, small=source) for work, source in zip(works, (WRONG, SLOW_WRONG), strict=True)]
    running = [
        subprocess.Popen(["git", "-C", work, "push", "origin", f"main:{work.name}"], stderr=subprocess.PIPE, text=True)
        for work in works
    ]

    told = [process.communicate(timeout=300)[1] for process in running]

    assert [process.returncode for process in running] == [0, 0]
    assert sorted("withheld" in text for text in told) == [False, True]
    reports = [stored(bare, name)["submissions"][0] for name in commits]
    assert [item["score"] for item in reports] == [2.0, 2.0]
    withheld = next(text for text in told if "withheld" in text)
    assert "told 1 times at most" in withheld
    assert "2.00" not in withheld


def test_hostile_names_and_a_huge_file_harm_nothing(bare, small_course):
    work = clone(bare)
    with (work / "small.py").open("wb") as file:
        file.truncate(200 * 2**20)
    (work / "small_link.py").symlink_to(small_course.root / "solutions" / "small" / "small.py")
    name = commit(work)

    told = push(work, "origin", f"main:refs/heads/{HOSTILE}")

    assert "small_link.py is a symbolic link, which is not followed" in told
    assert stored(bare, name)["submissions"][0]["status"] == "unreadable"
    git(work, "rm", "--quiet", "--cached", "small_link.py")
    (work / "small_link.py").unlink()
    commit(work)
    told = push(work, "origin", "main:refs/heads/-x", "main:refs/heads/main")
    assert "unreadable" in told
    assert f"has {200 * 2**20} bytes; the limit is {16 * 2**20}" in " ".join(told.replace("remote:", "").split())
    assert "-x is not graded: of several branches one is, here main" in told
    assert not list(bare.rglob("pwned"))
    assert not list(work.rglob("pwned"))
    assert (bare / "grader" / "errors.log").read_text("utf-8") == ""


def test_what_is_no_submission_is_said_and_grades_nothing(bare):
    work = clone(bare)
    commit(work, notes="x = 1\n", test_small="x = 1\n")

    told = push(work)
    git(work, "tag", "v1")
    tagged = push(work, "origin", "v1")
    deleted = push(work, "origin", ":refs/tags/v1")

    assert "nothing to grade in this push; hand in small.py" in told
    assert "remote: " not in tagged + deleted
    assert not (bare / "grader" / "results").exists()


def test_what_breaks_on_our_side_is_logged_and_tells_the_student_no_more_than_that(bare, small_course):
    small_course.write("tests/hidden/test_small.py", "raise RuntimeError('SECRET of the suite')")
    work = clone(bare)
    commit(work, small=RIGHT)

    told = push(work)

    assert "small could not be graded, and that is not your fault" in told
    assert "SECRET" not in told
    assert str(small_course.root / "tests") not in told
    assert "Traceback" not in told
    assert "SECRET" in (bare / "grader" / "errors.log").read_text("utf-8")


# --- Installing ------------------------------------------------------------------------------------


def test_install_again_changes_the_settings_and_keeps_the_results(bare, small_course, tmp_path):
    said = install(bare, find_course(small_course.root), state=tmp_path / "all", student="a.b@c-d")

    assert said[1].endswith("all/results/a.b@c-d")
    assert Repository(bare).setting("grader.student") == "a.b@c-d"
    assert os.access(bare / "hooks" / "post-receive", os.X_OK)


def test_install_leaves_another_hook_alone_and_says_what_to_call(bare, small_course):
    path = bare / "hooks" / "post-receive"
    path.write_text("#!/bin/sh\nexit 0\n", "utf-8")

    with pytest.raises(UsageError, match=f"{sys.executable} -P -m grader hook run"):
        install(bare, find_course(small_course.root), state=None, student=None)
    assert path.read_text("utf-8") == "#!/bin/sh\nexit 0\n"


@pytest.mark.parametrize("student", ["../x", "a b", "", ".git", "a/b", "x" * 101])
def test_install_refuses_a_name_that_is_no_folders(bare, small_course, student):
    if not student:
        bare = bare.rename(bare.parent / ".git")

    with pytest.raises(UsageError, match="--student"):
        install(bare, find_course(small_course.root), state=None, student=student or None)


def test_install_refuses_what_is_no_bare_repository(small_course, tmp_path):
    git(tmp_path, "init", "--quiet", "work")

    for folder, said in ((tmp_path / "work", "no bare"), (tmp_path / "nothing", "no bare")):
        with pytest.raises(UsageError, match=said):
            install(folder, find_course(small_course.root), state=None, student=None)


# --- Reading a repository --------------------------------------------------------------------------


def tree(bare, *entries):
    """Write a tree of raw `(mode, name, id)` entries, as only a hostile program does."""
    raw = b"".join(f"{mode} ".encode() + name + b"\0" + bytes.fromhex(key) for mode, name, key in entries)
    done = git(bare, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", input=raw)
    return done.stdout.decode().strip()


def commit_of(bare, key):
    return git(bare, "commit-tree", "-m", "x", key).stdout.decode().strip()


def blob(bare, text=b"x = 1\n"):
    return git(bare, "hash-object", "-w", "--stdin", input=text).stdout.decode().strip()


def test_names_that_lead_out_are_not_read(bare, tmp_path):
    file = blob(bare)
    inner = tree(bare, ("100644", b"small.py", file))
    names = [b"..", b".", b".git"]
    commit = commit_of(bare, tree(bare, *[("40000", name, inner) for name in names], ("100644", b"small.py", file)))
    repository = Repository(bare)

    found = repository.sources(commit)
    repository.write(found, tmp_path / "out")

    assert [item.path for item in found] == ["small.py"]
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["small.py"]


def test_tree_that_holds_itself_many_times_over_ends_at_a_limit(bare):
    key = tree(bare, *[("100644", f"small_{number}.py".encode(), blob(bare)) for number in range(10)])
    for _ in range(9):
        key = tree(bare, *[("40000", f"d{number}".encode(), key) for number in range(10)])

    with pytest.raises(Unreadable, match="more than 5000 files"):
        Repository(bare).sources(commit_of(bare, key))


@pytest.mark.parametrize("name", [b"small\xff.py", "small \u202e\n\t'\".py".encode(), b"small" + b"x" * 300 + b".py"])
def test_any_name_of_a_file_is_read_or_refused(bare, tmp_path, name):
    commit = commit_of(bare, tree(bare, ("100644", name, blob(bare))))
    repository = Repository(bare)
    (found,) = repository.sources(commit)

    if len(name) > 255:
        with pytest.raises(Unreadable, match="no file can have this name here"):
            repository.write([found], tmp_path / "out")
    else:
        repository.write([found], tmp_path / "out")
        assert [os.fsencode(path.name) for path in (tmp_path / "out").iterdir()] == [name]


@pytest.mark.parametrize("commit", ["--help", "HEAD", "refs/heads/main", "0" * 39, ""])
def test_only_the_name_of_an_object_reaches_git(bare, commit):
    with pytest.raises(Unreadable, match="is no commit"):
        Repository(bare).sources(commit)
