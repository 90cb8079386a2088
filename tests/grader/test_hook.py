"""The post-receive hook: real pushes to a bare repository, and whatever a student can put into one."""

import os
import subprocess
import sys

import pytest
from pushes import clone, commit, git, push, stored
from submission_files import cell, notebook

from grader.channels.git.install import install
from grader.channels.git.place import Place, known, log
from grader.channels.git.repository import Blob, Repository
from grader.course.reading import find_course
from grader.errors import GraderError, Unreadable, UsageError

RIGHT = "def double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
WRONG = RIGHT.replace("2 * x", "3 * x")
SLOW_WRONG = RIGHT.replace("2 * x", "4 * x")
HOSTILE = "$(touch${IFS}pwned)`id`'\";|&<b>\u202e-é"

STUB = "def double(x):\n    raise NotImplementedError\n\ndef mean_square(x):\n    raise NotImplementedError\n"


@pytest.fixture
def bare(small_course, tmp_path):
    """Make a bare repository with the hook of the small course, and return its folder."""
    folder = tmp_path / "anna.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", folder)
    install(folder, find_course(small_course.root), state=None, student=None)
    return folder


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


def test_push_of_work_under_another_name_beside_the_stub_is_graded(bare):
    work = clone(bare)
    commit(work, small=STUB)
    (work / "Untitled.ipynb").write_bytes(notebook(cell(RIGHT)))
    (work / "notes.md").write_text("small things", "utf-8")
    (work / "small.pdf").write_bytes(b"%PDF-")
    name = commit(work)

    told = " ".join(push(work).replace("remote:", "").split())

    assert "score: 6.00 / 6" in told
    assert "Untitled.ipynb is graded, of 2 candidates; beside it lies small.py" in told
    assert "not read: small.pdf: a .pdf file is not graded" in told
    assert stored(bare, name)["submissions"][0]["file"] == "Untitled.ipynb"


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
    commit(work, conftest="x = 1\n", test_small="x = 1\n")

    told = push(work)
    git(work, "tag", "v1")
    tagged = push(work, "origin", "v1")
    deleted = push(work, "origin", ":refs/tags/v1")

    assert "nothing to grade in this push; hand in small.py" in told
    assert "remote: " not in tagged + deleted
    assert not list((bare / "grader" / "results").rglob("*.json"))


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


def test_who_pushes_has_no_say_in_what_runs(bare, tmp_path):
    (tmp_path / "evil").mkdir()
    (tmp_path / "evil" / "sitecustomize.py").write_text(f"open({str(tmp_path / 'pwned')!r}, 'w')\n", "utf-8")
    work = clone(bare)
    commit(work, small=RIGHT)
    hostile = {"PYTHONPATH": str(tmp_path / "evil"), "PYTHONHOME": "/nonexistent", "FORCE_COLOR": "1", "COLUMNS": "9"}

    told = git(work, "push", "origin", "main", variables=hostile).stderr.decode("utf-8")

    assert "score: 6.00 / 6" in told
    assert "\x1b" not in told
    assert not (tmp_path / "pwned").exists()


def test_unusable_state_loses_no_grade_and_shows_no_error(bare, small_course):
    small_course.edit("solutions/small/assignment.toml", 'title = "Small"', 'title = "Small"\nattempts = 3')
    (bare / "grader" / "attempts.db").write_text("no database, but long enough to be taken for one" * 20, "utf-8")
    work = clone(bare)
    name = commit(work, small=WRONG)

    told = push(work)

    assert "withheld" in told
    assert "attempts can't be counted (tell your instructor)" in " ".join(told.replace("remote:", "").split())
    assert stored(bare, name)["submissions"][0]["score"] == 2.0
    assert "attempts.db" in (bare / "grader" / "errors.log").read_text("utf-8")


def test_log_that_can_not_be_written_shows_nothing_to_who_pushes(bare):
    (bare / "grader" / "errors.log").mkdir()
    work = clone(bare)
    commit(work, small=RIGHT)

    told = push(work)

    assert "this push could not be graded, and that is not your fault" in told
    assert "Traceback" not in told
    assert "errors.log" not in told


def test_who_hangs_up_is_graded_all_the_same(bare):
    work = clone(bare)
    name = commit(work, small=RIGHT)
    line = f"{'0' * 40} {name} refs/heads/main\n"
    git(work, "push", "--quiet", "origin", "main:refs/tags/objects")  # a tag is not graded; the commit is there
    hook = subprocess.Popen([bare / "hooks" / "post-receive"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    hook.stdout.close()
    hook.stdin.write(line.encode())
    hook.stdin.close()

    assert hook.wait(timeout=300) == 0
    assert stored(bare, name)["submissions"][0]["score"] == 6.0


# --- Installing ------------------------------------------------------------------------------------


def test_install_again_changes_the_settings_and_keeps_the_results(bare, small_course, tmp_path):
    said = install(bare, find_course(small_course.root), state=tmp_path / "all", student="a.b@c-d")

    assert said[1].endswith("all/results/a.b@c-d")
    assert Repository(bare).setting("grader.student") == "a.b@c-d"
    assert os.access(bare / "hooks" / "post-receive", os.X_OK)


def test_install_tells_the_hook_of_an_unusual_runtime_folder_alone(bare, small_course, tmp_path, monkeypatch):
    texts = []

    for folder in ("", f"/run/user/{os.getuid()}", str(tmp_path / "my run")):
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        install(bare, find_course(small_course.root), state=None, student=None)
        texts.append((bare / "hooks" / "post-receive").read_text("utf-8"))

    assert ["XDG_RUNTIME_DIR" in text for text in texts] == [False, False, True]
    assert f" XDG_RUNTIME_DIR='{tmp_path}/my run' " in texts[2]


def test_install_says_that_others_may_look_into_the_state(bare, small_course, tmp_path):
    (tmp_path / "all").mkdir(mode=0o755)

    said = install(bare, find_course(small_course.root), state=tmp_path / "all", student=None)

    assert "others may look into" in said[-1]
    assert len(install(bare, find_course(small_course.root), state=None, student=None)) == 2


def test_install_leaves_another_hook_alone_and_says_what_to_call(bare, small_course):
    path = bare / "hooks" / "post-receive"
    path.write_text("#!/bin/sh\nexit 0\n", "utf-8")

    with pytest.raises(UsageError, match=f"{sys.executable} -I -X utf8 -m grader hook run"):
        install(bare, find_course(small_course.root), state=None, student=None)
    assert path.read_text("utf-8") == "#!/bin/sh\nexit 0\n"


@pytest.mark.parametrize("student", ["../x", "a b", "", ".git", "a/b", "x" * 101])
def test_install_refuses_a_name_that_is_no_folders(bare, small_course, student):
    if not student:
        bare = bare.rename(bare.parent / ".git")

    with pytest.raises(UsageError, match="--student"):
        install(bare, find_course(small_course.root), state=None, student=student or None)


def test_install_refuses_a_student_who_has_another_repository(bare, small_course, tmp_path):
    other = tmp_path / "other" / "anna.git"
    git(tmp_path, "init", "--quiet", "--bare", other)

    with pytest.raises(UsageError, match="names another repository; say --student"):
        install(other, find_course(small_course.root), state=bare / "grader", student=None)


def test_install_refuses_where_git_looks_for_hooks_elsewhere(bare, small_course):
    git(bare, "config", "core.hooksPath", "/elsewhere")

    with pytest.raises(UsageError, match=r"core\.hooksPath"):
        install(bare, find_course(small_course.root), state=None, student=None)


def test_what_is_stored_is_for_its_owner_alone(bare):
    open_to_others = [path for path in (bare / "grader").rglob("*") if path.stat().st_mode & 0o077]

    assert (bare / "grader" / "attempts.db").exists()
    assert open_to_others == []


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


def test_tree_of_files_many_times_over_ends_at_a_limit(bare):
    files = [("100644", f"small_{number}.py".encode(), blob(bare)) for number in range(10)]

    with pytest.raises(Unreadable, match="more than 5000 modules and notebooks"):
        Repository(bare).sources(commit_of(bare, nested(bare, files)))


def test_tree_of_nothing_many_times_over_ends_in_time(bare, monkeypatch):
    monkeypatch.setattr("grader.channels.git.repository.SECONDS_TO_LIST", 0.5)

    with pytest.raises(Unreadable, match=r"could not be listed within 0\.5 s"):
        Repository(bare).sources(commit_of(bare, nested(bare, [])))


def test_files_that_are_not_students_work_are_no_limit(bare):
    file = blob(bare)
    files = [("100644", f"{number:05}.txt".encode(), file) for number in range(6000)]
    commit = commit_of(bare, tree(bare, *files, ("100644", b"small.py", file)))

    assert [item.path for item in Repository(bare).sources(commit)] == ["small.py"]


def test_damaged_repository_is_refused(bare):
    missing = "12" * 20

    with pytest.raises(Unreadable, match="missing or damaged"):
        Repository(bare).sources(commit_of(bare, tree(bare, ("40000", b"a", missing))))


def test_link_leads_nowhere_whatever_is_beside_it(bare, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    Repository(bare).write([Blob(path="small.py", id=blob(bare), size=6, link=True)], folder)

    with pytest.raises(NotADirectoryError):  # below what is no folder nothing can ever be
        os.stat(folder / "small.py")


def test_file_that_git_can_not_read_is_not_the_students_fault(bare, tmp_path):
    file = Blob(path="small.py", id="12" * 20, size=5, link=False)

    with pytest.raises(GraderError, match=r"small\.py can't be read: git says that it is missing or damaged"):
        Repository(bare).write([file], tmp_path / "out")


def test_file_of_the_name_of_a_link_is_not_written_where_that_leads(bare, tmp_path):
    twice = [Blob(path="small.py", id=blob(bare), size=6, link=link) for link in (True, False)]

    with pytest.raises(Unreadable, match="File exists"):
        Repository(bare).write(twice, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["small.py"]


@pytest.mark.parametrize("data", [b'{"blobs": [["\xff"]]}', b'{"x": ' + b"[" * 50_000, b"{}"])
def test_what_is_remembered_of_a_push_and_damaged_is_as_if_it_were_not_there(tmp_path, data):
    place = Place(state=tmp_path, student="anna")
    place.results.mkdir(parents=True)
    (place.results / "small.known").write_bytes(data)

    assert known(place, "small", [], "state") is None


@pytest.mark.parametrize(("count", "size"), [(201, 10), (5, 15 * 2**20)])
def test_files_that_would_fill_the_disk_are_not_written(bare, tmp_path, count, size):
    blobs = [Blob(path=f"small_{number}.py", id=blob(bare), size=size, link=False) for number in range(count)]

    with pytest.raises(Unreadable, match="hand in one"):
        Repository(bare).write(blobs, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_disk_that_is_full_is_not_the_students_fault(bare, tmp_path):
    (tmp_path / "out").mkdir()
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
    code = (
        "import signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        + limit
        + "from pathlib import Path\nfrom grader.channels.git.repository import Blob, Repository\n"
        "from grader.errors import GraderError\n"
        "file = Blob(path='small.py', id=sys.argv[2], size=5000, link=False)\n"
        "try: Repository(Path(sys.argv[1])).write([file], Path(sys.argv[3]))\n"
        "except GraderError as error: print(error)\n"
    )
    arguments = [str(bare), blob(bare, b"x" * 5000), str(tmp_path / "out")]

    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)

    assert done.stdout == "small.py can't be written: File too large\n", done.stderr


def nested(bare, entries):
    """Return a tree with 10^10 places where these entries stand."""
    key = tree(bare, *entries)
    for _ in range(10):
        key = tree(bare, *[("40000", f"d{number}".encode(), key) for number in range(10)])
    return key


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


def test_no_text_makes_an_entry_of_its_own_in_the_log_of_errors(capfd):
    log("anna small", "its name is a\n2026-01-01T00:00:00Z bertha small: forged\x1b[2J")

    lines = capfd.readouterr().err.splitlines()

    assert len(lines) == 2
    assert lines[0].endswith("Z anna small: its name is a")
    assert lines[1] == "    2026-01-01T00:00:00Z bertha small: forged\ufffd[2J"
