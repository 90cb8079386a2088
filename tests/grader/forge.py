"""A forge on this machine, and runners for the jobs of examples/ci.

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

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CI = ROOT / "examples" / "ci"
CLASS = ROOT / "examples" / "class" / "gradient_descent"
RIGHT, WRONG = CLASS / "gradient_descent_amara.py", CLASS / "gradient_descent_dmitri.py"
COURSE_TOKEN, STUDENTS_TOKEN = "course-secret-4711", "students-secret-0815"
NAME = "gradient_descent"

programs_are_needed = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "curl", "git", "jq"))) and "CHAINRULE_SKIP_NOTHING" not in os.environ,
    reason="bash, curl, git and jq are needed",
)

# What a runner of GitHub's takes as a command: at the beginning of a line, or in the older form anywhere in it.
COMMAND = re.compile(r"^\s*::(?P<name>[^\s:]+)(?: [^:]*)?::(?P<data>.*)$|##\[(?P<old>[^\s\]]+)[^\]]*\](?P<rest>.*)$")


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


def course_in(folder, roster):
    """Copy of this repository what the course's own needs, with a limit on attempts and the roster."""
    for part in ("solutions", "tests/hidden", "examples/ci/course"):
        shutil.copytree(ROOT / part, folder / part)
    settings = folder / "solutions" / NAME / "assignment.toml"
    text = settings.read_text("utf-8")
    assert "points = 20\n" in text
    settings.write_text(text.replace("points = 20\n", "points = 20\nattempts = 5\n", 1), "utf-8")
    (folder / "students.csv").write_bytes(roster.encode())
