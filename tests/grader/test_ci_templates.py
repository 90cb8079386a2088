"""The instructor's jobs of examples/ci: the shell of their steps runs as it stands, against a forge on this machine."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from forge import (
    CI,
    COURSE_TOKEN,
    NAME,
    RIGHT,
    ROOT,
    STUDENTS_TOKEN,
    WRONG,
    Forge,
    commands_in,
    course_in,
    environment_of,
    git,
    programs_are_needed,
    remarks_in,
    run_job,
    serving,
    workflow,
)
from markdown_it import MarkdownIt

CANARY = "chainrule-canary-"

pytestmark = programs_are_needed

HOSTILE = '''

print("::error::gotcha at import")
print("##[set-env name=GOTCHA]1")


def grad_fn(t_u, t_c, t_p, w, b):
    """::error::gotcha ``` <b>bold</b> @everyone"""
    print("::set-env name=PATH::gotcha")
    raise RuntimeError("gotcha\\n::set-env name=PATH::/tmp\\n##[add-mask]a\\n# gotcha\\n```\\n<script> @everyone")
'''


def outside_of_code(markdown):
    html = MarkdownIt("commonmark").enable("table").render(markdown)
    return re.sub(r"<(code|pre)\b.*?</\1>", "", html, flags=re.DOTALL)


def files_with(text, *folders):
    """Return the files that hold a text, links and what git packs left aside."""
    return [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and text.encode() in path.read_bytes()
    ]


# --- GitHub, the instructor's side -----------------------------------------------------------------

ROSTER = "\ufeffstudent,repository\r\namara,org/amara\r\ndmitri,org/dmitri\r\ngone,org/gone\r\nmallory,org/mallory\r\n"
ROSTER += (
    "eve;touch pwned,org/eve\r\n$(touch pwned),org/amara\r\n../../eve,org/amara\r\nzoe,--upload-pack=touch pwned/x\r\n"
)
ROSTER += "yan,../amara\r\nAmara,org/dmitri\r\n::error::gotcha,org/amara\r\n\r\n"


@dataclass
class Graded:
    """The runs of the instructor's workflow, one after another, and what each posted."""

    forge: Forge
    temporary: Path
    workspaces: list
    commits: dict
    runs: list
    posts: list


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("github")
    with serving(folder / "forge", "org/course", "x-access-token") as forge:
        course = forge.root / "org" / "course.git"
        git("init", "--quiet", "--bare", "--initial-branch=main", str(course))
        git("-C", str(course), "config", "http.receivepack", "true")
        inside = f"{NAME}/{NAME}.py"
        hostile = {
            inside: RIGHT.read_text("utf-8") + HOSTILE,
            f"{NAME}\n::error::gotcha.py": "print('::error::gotcha')",
            f"{NAME};touch pwned;.py": "",
            f"{NAME}.ipynb": Path("/etc/passwd"),
            ".gitattributes": "* filter=gotcha\n",
            "conftest.py": "raise SystemExit",
        }
        commits = {
            "amara": forge.repository("org/amara", {inside: RIGHT.read_bytes(), "README.md": "mine"}),
            "dmitri": forge.repository(
                "org/dmitri", {f"{NAME}.py": WRONG.read_bytes(), "data.bin": os.urandom(17 * 2**20)}
            ),
            "mallory": forge.repository("org/mallory", hostile),
        }
        result = Graded(forge, folder, [], commits, [], [])

        def once(number, **inputs):
            workspace = folder / f"workspace-{number}"
            course_in(workspace, ROSTER)
            context = {
                "github.server_url": forge.url,
                "github.api_url": f"{forge.url}/api",
                "github.repository": "org/course",
                "github.token": COURSE_TOKEN,
                "secrets.STUDENTS_TOKEN": STUDENTS_TOKEN,
                **{f"inputs.{name}": inputs.get(name, "") for name in ("assignment", "student", "again")},
                "vars.FAIL_UNDER": "",
            }
            forge.posts.clear()
            variables = environment_of(folder / "home")
            result.runs.append(
                run_job("instructor/grade.yml", workspace, folder / f"temporary-{number}", context, **variables)
            )
            result.workspaces.append(workspace)
            result.posts.append(list(forge.posts))

        forge.refuse = f"{commits['dmitri']}/comments"
        once(0)
        forge.refuse = ""
        commits["amara again"] = forge.repository("org/amara", {"README.md": "changed"})
        once(1)
        yield result


def test_instructor_workflow_runs_every_step_but_actions_and_installation(graded):
    first = graded.runs[0]

    assert first.skipped == [
        "actions/checkout",
        "actions/setup-python",
        "Install the grader",
        "actions/upload-artifact",
    ]
    assert set(first.codes.values()) == {0, 1}
    assert [name for name, code in first.codes.items() if code] == ["Say what went wrong"]
    assert set(graded.runs[1].codes.values()) == {0}, graded.runs[1].log
    assert "can grade here" in first.logs["Can this machine confine submissions?"]


def posted(posts, kind):
    return {post["path"].split("/")[4]: post for post in posts if f"/{kind}" in post["path"]}


def test_results_are_posted_to_the_commit_that_was_graded(graded):
    statuses, comments = posted(graded.posts[0], "statuses"), posted(graded.posts[0], "comments")

    for student in ("amara", "dmitri", "mallory"):
        commit = graded.commits[student]
        assert statuses[student]["path"] == f"/api/repos/org/{student}/statuses/{commit}"
        assert comments[student]["path"] == f"/api/repos/org/{student}/commits/{commit}/comments"
        assert set(comments[student]["body"]) == {"body"}
        assert statuses[student]["body"]["state"] == "success"
        assert statuses[student]["body"]["context"] == f"chainrule/{NAME}"
    assert len(graded.posts[0]) == 6
    assert {post["headers"]["Authorization"] for post in graded.posts[0]} == {f"Bearer {STUDENTS_TOKEN}"}
    assert {post["headers"]["Content-Type"] for post in graded.posts[0]} == {"application/json"}
    assert statuses["amara"]["body"]["description"] == "20 / 20"
    assert statuses["dmitri"]["body"]["description"] == "16 / 20"
    assert "1/N of what is expected" in comments["dmitri"]["body"]["body"]
    assert "this is time 1" in comments["dmitri"]["body"]["body"]


def test_comments_hold_nothing_hidden_and_no_markup_of_a_student(graded):
    staff = (graded.workspaces[0] / "grading" / "staff" / f"{NAME}.jsonl").read_text("utf-8")
    comments = {name: post["body"]["body"] for name, post in posted(graded.posts[0], "comments").items()}
    evidence = [
        line
        for one in map(json.loads, staff.splitlines())
        for exercise in one["exercises"]
        for check in exercise["checks"]
        if check["hidden"]
        for line in check["feedback"].splitlines()
        if line.startswith(("you called", "it returned", "expected"))
    ]

    assert len(evidence) > 10
    for text in comments.values():
        assert CANARY not in text
        assert not any(line in text for line in evidence)
    assert "gotcha" in comments["mallory"]
    for text in (comments["mallory"], graded.runs[0].summary):
        outside = outside_of_code(text)
        assert not any(word in outside for word in ("gotcha", "script", "everyone", "bold"))


def test_no_workflow_command_of_a_student_is_taken(graded):
    for run in graded.runs:
        ours = ("Show the summary and the remarks", "Say what went wrong")
        other = "".join(log for name, log in run.logs.items() if name not in ours)
        assert {name for name, _ in commands_in(other)} == {"stop-commands"}
        for name in ("Fetch the students' repositories", "Grade"):
            first, *_, last = run.logs[name].splitlines()
            assert last == first.replace("::stop-commands::", "::") + "::"
        remarks = remarks_in("".join(run.logs[name] for name in ours))
        known = (
            rf"::(error|warning|notice) (file={NAME}[a-z_/]*\.py,|title=(Not fetched or not told|Broken on our side)::)"
        )
        assert [line for line in remarks if not re.match(known, line)] == []
    shown = graded.runs[0].logs["Show the summary and the remarks"]
    assert any(re.search(r",title=[^:]*grad_fn failed", line) for line in remarks_in(shown))


def test_a_hostile_roster_starts_nothing_and_what_is_gone_is_said(graded):
    said = graded.runs[0].logs["Say what went wrong"]

    assert "::warning title=Not fetched or not told::gone: org/gone can't be fetched, or is empty" in said
    for line in (6, 7, 8, 9, 10, 12):
        assert f"students.csv, line {line}: no student and repository that could be fetched" in said
    assert "students.csv, line 11: Amara stands there twice" in said
    assert "fetched 3 of 4 repositories" in graded.runs[0].logs["Fetch the students' repositories"]
    assert list(graded.temporary.rglob("*pwned*/x")) + list(graded.temporary.rglob("pwned")) == []
    assert "- `gone: org/gone can't be fetched, or is empty`" in graded.runs[0].summary
    assert not any("receive-pack" in line and "course" not in line for line in graded.forge.asked)


def test_only_what_may_be_the_submission_is_taken_out(graded):
    taken = graded.workspaces[0] / "grading" / "class" / NAME / "mallory"

    names = {str(path.relative_to(taken)) for path in taken.rglob("*") if not path.is_dir()}

    assert names == {f"{NAME}/{NAME}.py"}


def test_what_was_graded_is_not_graded_again_and_a_failed_post_is_tried_again(graded):
    assert [len(posts) for posts in graded.posts] == [6, 3]
    assert "the result of gradient_descent could not be posted" in graded.runs[0].logs["Tell the students"]
    assert [post["path"].split("/")[4] for post in graded.posts[1]] == ["amara", "dmitri", "dmitri"]
    assert (
        "::error title=Broken on our side::1 results could not be posted" in graded.runs[0].logs["Say what went wrong"]
    )
    assert "Nothing new was handed in." in graded.runs[1].summary
    assert len(graded.runs[1].logs["Grade"].splitlines()) == 2  # the marks


def test_another_commit_with_the_same_files_gets_the_status_alone(graded):
    post = graded.posts[1][0]

    assert post["path"] == f"/api/repos/org/amara/statuses/{graded.commits['amara again']}"
    assert post["body"] == {"state": "success", "context": f"chainrule/{NAME}", "description": "20 / 20"}


def test_state_is_kept_in_its_branch(graded):
    course = str(graded.forge.root / "org" / "course.git")

    names = git("-C", course, "ls-tree", "-r", "--name-only", "grader-state").splitlines()
    table = git("-C", course, "show", "grader-state:grades.csv").splitlines()

    kept = [f"{kind}/{NAME}/{name}" for kind in ("graded", "posted") for name in ("amara", "dmitri", "mallory")]
    told = [f"told/{NAME}/{name}.{end}" for name in ("amara", "dmitri", "mallory") for end in ("json", "md")]
    grades = [f"grades/{NAME}/{name}.json" for name in ("amara", "dmitri", "mallory")]
    assert sorted(names) == sorted([*kept, *told, *grades, "attempts.db", "grades.csv"])
    assert table[:3] == [
        "assignment,student,status,score,max_score",
        f'"{NAME}","amara","graded",20,20',
        f'"{NAME}","dmitri","graded",16,20',
    ]
    assert int(git("-C", course, "rev-list", "--count", "grader-state")) == 4  # graded and told, twice


def test_tokens_stand_nowhere(graded):
    for token in (COURSE_TOKEN, STUDENTS_TOKEN):
        for run in graded.runs:
            assert token not in run.log
            assert token not in run.summary
        assert files_with(token, graded.temporary) == []


# --- GitLab, the instructor's side -----------------------------------------------------------------


def test_gitlab_job_grades_and_posts(tmp_path):
    job = yaml.safe_load((CI / "gitlab" / "instructor" / ".gitlab-ci.yml").read_text("utf-8"))["grade"]
    commands = [*job["before_script"], *job["script"]]  # what would be installed is there
    course_in(tmp_path / "course", "student,repository\ndmitri,course/group/dmitri\n")
    with serving(tmp_path / "forge", "course/course", "oauth2") as forge:
        state = forge.root / "course" / "course.git"
        git("init", "--quiet", "--bare", str(state))
        git("-C", str(state), "config", "http.receivepack", "true")
        stub = (ROOT / "assignments" / NAME / f"{NAME}.py").read_bytes()
        commit = forge.repository("course/group/dmitri", {f"{NAME}.py": stub})
        variables = environment_of(
            tmp_path / "home",
            CI_PROJECT_DIR=str(tmp_path / "course"),
            CI_SERVER_URL=forge.url,
            CI_PROJECT_PATH="course/course",
            CI_API_V4_URL=f"{forge.url}/api/v4",
            COURSE_TOKEN=COURSE_TOKEN,
            STUDENTS_TOKEN=STUDENTS_TOKEN,
            FAIL_UNDER="90",
        )
        for name, value in job["variables"].items():
            variables[name] = re.sub(r"\$(\w+)", lambda found: variables[found[1]], value)

        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", "\n".join(commands)],
            cwd=tmp_path / "course",
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    status, comment = forge.posts
    project = "/api/v4/projects/course%2Fgroup%2Fdmitri"
    assert status["path"] == f"{project}/statuses/{commit}"
    assert status["body"] == {"state": "failed", "name": f"chainrule/{NAME}", "description": "0 / 20"}
    assert comment["path"] == f"{project}/repository/commits/{commit}/comments"
    assert comment["body"]["note"].startswith(f"## {NAME}: 0.00 / 20")
    assert {post["headers"]["PRIVATE-TOKEN"] for post in forge.posts} == {STUDENTS_TOKEN}
    grading = tmp_path / "course" / "grading"
    remarks = json.loads((grading / "codequality.json").read_text("utf-8"))
    assert [item["check_name"] for item in remarks][:2] == [f"{NAME}.model", f"{NAME}.loss_fn"]
    assert [path.name for path in (grading / "junit").iterdir()] == [f"{NAME}.xml"]
    for token in (COURSE_TOKEN, STUDENTS_TOKEN):
        assert token not in done.stdout + done.stderr
        assert files_with(token, tmp_path) == []


# --- the files themselves --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["instructor/grade.yml", "student/visible-tests.yml"])
def test_actions_are_pinned_and_keep_no_credentials(name):
    (job,) = workflow(name)["jobs"].values()
    actions = [step for step in job["steps"] if "uses" in step]

    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"]) for step in actions)
    text = (CI / "github" / name).read_text("utf-8")
    assert len(re.findall(r"uses: \S+ # v\d+\.\d+\.\d+\n", text)) == len(actions)
    assert actions[0]["with"]["persist-credentials"] == "false"
    assert workflow(name)["permissions"] == {}
