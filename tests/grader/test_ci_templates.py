"""The CI templates of examples/ci: the shell of their steps runs as it stands, against a forge on this machine.

The forge is a server of this test's own: it serves repositories by git's own http-backend and keeps what is posted
to its API. The steps run with bash as the runner starts it; only actions and installations are skipped.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jsonschema
import pytest
import yaml
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
CI = ROOT / "examples" / "ci"
CLASS = ROOT / "examples" / "class" / "gradient_descent"
RIGHT, WRONG = CLASS / "gradient_descent_amara.py", CLASS / "gradient_descent_dmitri.py"
CANARY = "chainrule-canary-"
COURSE_TOKEN, STUDENTS_TOKEN = "course-secret-4711", "students-secret-0815"
NAME = "gradient_descent"

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "curl", "git", "jq"))) and "CHAINRULE_SKIP_NOTHING" not in os.environ,
    reason="bash, curl, git and jq are needed",
)

# What a runner of GitHub's takes as a command: at the beginning of a line, or in the older form anywhere in it.
COMMAND = re.compile(r"^\s*::(?P<name>[^\s:]+)(?: [^:]*)?::(?P<data>.*)$|##\[(?P<old>[^\s\]]+)[^\]]*\](?P<rest>.*)$")

HOSTILE = '''

print("::error::gotcha at import")
print("##[set-env name=GOTCHA]1")


def grad_fn(t_u, t_c, t_p, w, b):
    """::error::gotcha ``` <b>bold</b> @everyone"""
    print("::set-env name=PATH::gotcha")
    raise RuntimeError("gotcha\\n::set-env name=PATH::/tmp\\n##[add-mask]a\\n# gotcha\\n```\\n<script> @everyone")
'''


# --- the forge -------------------------------------------------------------------------------------


@dataclass
class Forge:
    """Repositories in `root`, and what was asked of the server."""

    root: Path
    url: str = ""
    posts: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    refuse: str = ""  # posts whose address holds this fail
    refusal: tuple = (500, b"")

    def repository(self, name, files, message="work"):
        """Make a repository, or push another commit to it; return the commit."""
        bare, work = self.root / f"{name}.git", self.root / "work" / name
        if not bare.exists():
            git("init", "--quiet", "--bare", "--initial-branch=main", str(bare))
            git("-C", str(bare), "config", "uploadpack.allowFilter", "true")
            git("clone", "--quiet", str(bare), str(work))
        for path, text in files.items():
            target = work / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, Path):
                target.symlink_to(text)
            else:
                target.write_bytes(text.encode() if isinstance(text, str) else text)
        git("-C", str(work), "add", "--all")
        git("-C", str(work), "commit", "--quiet", "--allow-empty", "--message", message)
        git("-C", str(work), "push", "--quiet", "origin", "HEAD:main")
        return git("-C", str(work), "rev-parse", "HEAD")


def git(*arguments):
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "a", f"GIT_{role}_EMAIL": "a@b", f"GIT_{role}_DATE": "2026-11-01T12:00:00Z"}
    return subprocess.run(
        ["git", *arguments], env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()


def handler_of(forge, course, user):
    """Return the handler of a forge whose private course is the repository `course`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._git(b"")

        def do_POST(self):
            if self.headers.get("Transfer-Encoding") == "chunked":
                body = b"".join(iter(self._chunk, b""))
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if not self.path.startswith("/api/"):
                return self._git(body)
            forge.posts.append({"path": self.path, "headers": dict(self.headers), "body": json.loads(body)})
            code, answer = forge.refusal if forge.refuse and forge.refuse in self.path else (201, b"{}")
            self.send_response(code)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            return self.wfile.write(answer)

        def _chunk(self):
            data = self.rfile.read(int(self.rfile.readline(), 16))
            self.rfile.readline()
            return data

        def _git(self, body):
            path, _, query = self.path.partition("?")
            forge.asked.append(f"{self.command} {self.path}")
            token = COURSE_TOKEN if path.startswith(f"/{course}.git/") else STUDENTS_TOKEN
            expected = f"Basic {base64.b64encode(f'{user}:{token}'.encode()).decode()}"
            if self.headers.get("Authorization") != expected:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="forge"')
                self.send_header("Content-Length", "0")
                return self.end_headers()
            environment = {
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(forge.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REMOTE_USER": "somebody",
            }
            done = subprocess.run(
                ["git", "http-backend"], input=body, env=environment, capture_output=True, check=False
            )
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
            self.send_response(int(headers.pop("Status", "200").split()[0]))
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            return self.wfile.write(content)

        def log_message(self, *_):
            pass

    return Handler


@contextmanager
def serving(root, course, user):
    forge = Forge(root)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(forge, course, user))
    forge.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- the runners -----------------------------------------------------------------------------------


def environment_of(home, **variables):
    """The variables that a job begins with, and none of this session."""
    home.mkdir(parents=True, exist_ok=True)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "PAUSE": "0", **variables}


def workflow(name):
    return yaml.load((CI / "github" / name).read_text("utf-8"), yaml.BaseLoader)  # as it stands: `on` is no boolean


def fill(text, context):
    """Put values for expressions; one that the context does not hold is an error."""
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: context[found[1]], text)


@dataclass
class Run:
    """One run of a job: what its steps printed, the code of each, and what they put into the summary."""

    logs: dict = field(default_factory=dict)
    codes: dict = field(default_factory=dict)
    skipped: list = field(default_factory=list)
    summary: str = ""

    @property
    def log(self):
        return "".join(self.logs.values())


def run_job(name, workspace, temporary, context, **variables):
    """Run the steps of a workflow's one job, in order, until one fails."""
    (job,) = workflow(name)["jobs"].values()
    run = Run()
    temporary.mkdir(parents=True, exist_ok=True)
    context = {"github.workspace": str(workspace), "runner.temp": str(temporary), **context}
    for step in job["steps"]:
        if "uses" in step or "pip install" in step["run"]:
            run.skipped.append(step.get("uses", "").partition("@")[0] or step["name"])
            continue
        assert set(step) <= {"name", "run", "env"}, "a key that this test does not know"
        if any(run.codes.values()):
            break
        assert "${{" not in step["run"], "an expression in a script is code of whoever wrote its value"
        script, summary = temporary / "step.sh", temporary / "summary"
        script.write_text(step["run"], "utf-8")
        summary.write_text("", "utf-8")
        environment = {
            **variables,
            "GITHUB_WORKSPACE": str(workspace),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(temporary),
            **{key: fill(value, context) for key, value in {**job.get("env", {}), **step.get("env", {})}.items()},
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=workspace,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        run.logs[step["name"]] = done.stdout.decode("utf-8")
        run.codes[step["name"]] = done.returncode
        run.summary += summary.read_text("utf-8")
    return run


def commands_in(log):
    """Return the commands that a runner would take from a log, as (name, line)."""
    taken, mark = [], None
    for line in log.splitlines():
        if mark is not None:
            if line.strip() in (f"::{mark}::", f"##[{mark}]"):
                mark = None
            continue
        found = COMMAND.search(line)
        if found:
            name = found["name"] or found["old"]
            mark = found["data"] if name == "stop-commands" else None
            taken.append((name, line))
    assert mark is None, "commands are never taken again"
    return taken


def remarks_in(log):
    return [line for name, line in commands_in(log) if name != "stop-commands"]


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


def course_in(folder, roster):
    """Copy of this repository what the course's own needs, with a limit on attempts and the roster."""
    for part in ("solutions", "tests/hidden", "examples/ci/course"):
        shutil.copytree(ROOT / part, folder / part)
    settings = folder / "solutions" / NAME / "assignment.toml"
    text = settings.read_text("utf-8")
    assert "points = 20\n" in text
    settings.write_text(text.replace("points = 20\n", "points = 20\nattempts = 5\n", 1), "utf-8")
    (folder / "students.csv").write_bytes(roster.encode())


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
    assert "exactly 1/N of what is expected" in comments["dmitri"]["body"]["body"]
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
    commands = [line for line in [*job["before_script"], *job["script"]] if not re.match("apt-get|pip install", line)]
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
    assert len(commands) == len(job["before_script"]) + len(job["script"]) - 3
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


# --- the scripts by themselves ---------------------------------------------------------------------


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


# --- the student's side ----------------------------------------------------------------------------


SMALL_CONFTEST = """
def pytest_collection_modifyitems(items):
    for item in items:  # as the released exercises.py does
        item.user_properties += [("exercise", "double")]
"""
SMALL_TEST = """
import pytest

@pytest.mark.double
@pytest.mark.parametrize("x", [1, 2])
def test_double(x):
    %s
"""


def small_assignment(folder, body):
    """Lay out an assignment of one exercise, whose visible tests need neither torch nor hypothesis."""
    folder.mkdir(parents=True)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = double\n", "utf-8")
    (folder / "exercises.py").write_text("POINTS = {'double': 2}\n", "utf-8")
    (folder / "conftest.py").write_text(SMALL_CONFTEST, "utf-8")
    (folder / f"test_{folder.name}.py").write_text(SMALL_TEST % body, "utf-8")
    (folder / f"{folder.name}.py").write_text("def double(x):\n    return 2 * x\n", "utf-8")


def student_repository(folder, script_folder):
    """Make what a student has: an assignment that is not begun, one that is right, and the script."""
    small_assignment(folder / "later", "pytest.fail('`double` is not written yet', pytrace=False)")
    small_assignment(folder / "right", "assert 2 * x")
    (folder / script_folder).mkdir()
    shutil.copy(CI / "student" / "visible_tests.py", folder / script_folder)


def test_student_workflow_marks_the_lines_of_the_function_that_is_wrong(tmp_path):
    text = WRONG.read_text("utf-8") + '\nprint("::error::gotcha")\nprint("##[add-mask]gotcha")\n'
    text = text.replace("dloss_dtp = ", 'print("::error::gotcha"); dloss_dtp = ')
    student_repository(tmp_path / "repository", ".github")
    shutil.copytree(ROOT / "assignments" / NAME, tmp_path / "repository" / NAME)
    (tmp_path / "repository" / NAME / f"{NAME}.py").write_text(text, "utf-8")
    first = 1 + text.splitlines().index("def grad_fn(t_u, t_c, t_p, w, b):")

    run = run_job(
        "student/visible-tests.yml",
        tmp_path / "repository",
        tmp_path / "temporary",
        {},
        **environment_of(tmp_path / "home"),
    )

    assert run.skipped == [
        "actions/checkout",
        "actions/setup-python",
        "Install torch and pytest",
        "actions/upload-artifact",
    ]
    assert run.codes == {"Run the visible tests": 1}
    assert any(line.startswith("::error::gotcha") for line in run.log.splitlines())
    assert {name for name, _ in commands_in(run.log)} == {"stop-commands", "error"}
    gradient, training = remarks_in(run.log)
    where = f"file={NAME}/{NAME}.py,line={first},endLine={first + 5}"
    assert gradient.startswith(f"::error {where},title=grad_fn%3A 2 of 4 tests pass::grad_fn: it is exactly 1/N")
    assert ",title=training_loop%3A " in training
    assert "grad_fn              2 of 4 tests pass" in run.summary
    assert "## `later`\n\n```text\ndouble  not written yet\n```" in run.summary
    assert "## `right`\n\n```text\ndouble  2 of 2 tests pass\n```" in run.summary
    assert "gotcha" not in run.summary
    reports = sorted(path.name for path in (tmp_path / "temporary" / "reports").iterdir())
    assert reports == [f"{NAME}.xml", "later.xml", "right.xml"]


@pytest.mark.parametrize(("body", "code"), [("assert 2 * x", 0), ("assert x == 1", 1)])
def test_student_script_fails_where_a_test_does(tmp_path, body, code):
    student_repository(tmp_path, ".github")
    small_assignment(tmp_path / "more" / "mine", body)
    command = [sys.executable, ".github/visible_tests.py", "--form", "github", "--reports", "reports"]

    done = subprocess.run(
        command, cwd=tmp_path, env=environment_of(tmp_path / "home"), capture_output=True, text=True, check=False
    )

    assert done.returncode == code, done.stderr
    expected = ["::error file=more/mine/mine.py,line=1,endLine=2,title=double%3A 1 of 2 tests pass::"]
    assert [re.sub("::x? .*|::[^:]*$", "::", line) for line in remarks_in(done.stdout)] == expected[:code]


def test_gitlab_student_job_reports_junit_and_code_quality(tmp_path):
    job = yaml.safe_load((CI / "gitlab" / "student" / ".gitlab-ci.yml").read_text("utf-8"))["visible-tests"]
    assert all(line.startswith("pip install ") for line in job["before_script"])
    student_repository(tmp_path / "repository", ".gitlab")
    small_assignment(tmp_path / "repository" / "ended", "import os; os._exit(0)")

    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", "\n".join(job["script"])],
        cwd=tmp_path / "repository",
        env=environment_of(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    reports = tmp_path / "repository" / "reports"
    (entry,) = json.loads((reports / "codequality.json").read_text("utf-8"))
    assert entry["location"] == {"path": "ended/ended.py", "lines": {"begin": 1}}
    assert entry["description"].startswith("ended: 0 of 1 test pass\nno test ran to its end")
    assert sorted(path.name for path in reports.glob("*.xml")) == ["later.xml", "right.xml"]
    assert "stop-commands" not in done.stdout


# --- Classroom 50 ----------------------------------------------------------------------------------

URL = {"type": "string", "minLength": 1}
WHOLE = {"type": "integer", "minimum": 0}
TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}
RESULT = {  # classroom50/result/v1
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        "classroom": URL,
        "assignment": URL,
        "assignment_type": {"enum": ["individual", "group", "team"]},
        "owner": URL,
        "submission": {"type": "string", "pattern": "^submit/"},
        "commit": URL,
        "release": URL,
        "review": URL,
        "datetime": TIME,
        "graded_at": TIME,
        "submitted_by": {"type": "object"},
        "score": WHOLE,
        "max-score": WHOLE,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {"test-name": URL, "passed": {"type": "boolean"}, "score": WHOLE, "max-score": WHOLE},
            },
        },
    },
}
RESULT["required"] = sorted(set(RESULT["properties"]) - {"graded_at", "submitted_by"})


def autograde(folder, **files):
    """Run the autograder as Classroom 50's runner does; return result.json and what was printed."""
    bundle, checkout = folder / "bundle", folder / "checkout"
    bundle.mkdir(parents=True)
    checkout.mkdir()
    for name in (f"test_{NAME}.py", "exercises.py", "conftest.py", "pytest.ini"):
        shutil.copy(ROOT / "assignments" / NAME / name, bundle)
    shutil.copy(CI / "classroom50" / "autograder.py", bundle)
    for name, text in files.items():
        (checkout / f"{name}.py").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, str(bundle / "autograder.py")],
        cwd=checkout,
        env=environment_of(
            folder / "home",
            CLASSROOM="ml-101",
            ASSIGNMENT="gradient-descent",
            USERNAME="dmitri",
            SUBMISSION_TAG="submit/2026-11-22T11-20-30Z-abc1234",
            COMMIT_URL="https://forge.test/commit/abc1234",
            RELEASE_URL="https://forge.test/release",
            MODE="individual",
            CLASSROOM50_BUNDLE_DIR=str(bundle),
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads((checkout / "result.json").read_text("utf-8"))
    jsonschema.validate(result, RESULT)
    assert result["datetime"] == "2026-11-22T11:20:30Z"
    return result


def test_classroom50_gives_the_points_of_the_exercises_whose_tests_pass(tmp_path):
    mine = {"conftest": "raise SystemExit", "exercises": "POINTS = {}", "pytest": "raise SystemExit"}

    result = autograde(tmp_path, gradient_descent=WRONG.read_text("utf-8"), **mine)

    scores = {item["test-name"]: item["score"] for item in result["tests"]}
    assert (result["score"], result["max-score"]) == (10, 20)
    assert (scores["model"], scores["grad_fn"], scores["training_loop"]) == (1, 0, 0)
    (wrong,) = [item for item in result["tests"] if item["test-name"] == "grad_fn"]
    assert wrong["message"].startswith("2 of 4 tests pass\ngrad_fn: it is exactly 1/N")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "there is neither gradient_descent.py nor gradient_descent.ipynb"),
        ({"gradient_descent": "import os\nos._exit(0)\n"}, "the tests ended early"),
    ],
)
def test_classroom50_says_why_nothing_was_tested(tmp_path, files, said):
    result = autograde(tmp_path, **files)

    assert (result["score"], result["max-score"]) == (0, 20)
    assert all(said in item["message"] for item in result["tests"])


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


def test_the_students_side_has_no_secret():
    for path in (CI / "github" / "student", CI / "gitlab" / "student", CI / "student", CI / "classroom50"):
        for file in path.rglob("*"):
            if file.suffix in (".yml", ".py"):
                text = file.read_text("utf-8")
                assert not re.search(r"\bsecrets\.[A-Z]|TOKEN|tests/hidden|solutions/", text), file
