"""What a student sees on a forge and on Gradescope: the programs' own text, on a page like theirs."""

import html
import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from docs.making.programs.browser import page_of
from docs.making.programs.terminal import BIN, environment, printed
from docs.making.reference import ROOT

__all__ = ["PICTURES"]

WRONG = ROOT / "examples" / "class" / "gradient_descent" / "gradient_descent_dmitri.py"
_WIDTH = 880
_STYLE = """
body{margin:24px;font:16px/1.5 'Liberation Sans',Arial,sans-serif;color:#1f2328}
.box{border:1px solid #d1d9e0;border-radius:6px;margin:0 0 16px}
.head{background:#f6f8fa;border-bottom:1px solid #d1d9e0;border-radius:6px 6px 0 0;padding:8px 16px}
.body{padding:16px} .wrong{color:#cf222e;font-weight:bold}
code{background:#818b981f;border-radius:6px;padding:2px 4px;font:85% 'DejaVu Sans Mono',monospace}
pre{background:#f6f8fa;border-radius:6px;padding:14px;white-space:pre-wrap;overflow-wrap:anywhere;
  font:12px/1.45 'DejaVu Sans Mono',monospace} pre code{background:none;padding:0;font:inherit}
table{border-collapse:collapse} td,th{border:1px solid #d1d9e0;padding:6px 13px} h2,h3{margin:.2em 0 .6em}
.test{border:1px solid #d1d9e0;border-left:6px solid #1a7f37;border-radius:4px;margin:10px 0;padding:8px 14px}
.test.not{border-left-color:#cf222e} .test pre{background:none;margin:0;padding:4px 0}
"""


def _markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").render(text)


def _box(head: str, body: str) -> str:
    return f"<div class=box><div class=head>{head}</div><div class=body>{body}</div></div>"


@cache
def _forms() -> dict[str, str]:
    """Return what `grader grade` writes for one wrong gradient, for a commit and for Gradescope."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(WRONG, Path(folder) / "gradient_descent.py")
        writing = [part for form in ("markdown", "gradescope") for part in ("--write", f"{form}={form}")]
        command = ("grade", "gradient_descent.py", "--student", "dmitri", "--course", str(ROOT), *writing)
        printed(BIN / "grader", *command, folder=Path(folder), columns=100)
        return {form: (Path(folder) / form).read_text("utf-8") for form in ("markdown", "gradescope")}


def comment() -> bytes:
    """Show the comment at a commit."""
    body = _box("<b>course-bot</b> commented", _markdown(_forms()["markdown"]))
    return page_of(body, _STYLE, _WIDTH)


def gradescope() -> bytes:
    """Show the results that Gradescope gets, as it lays them out."""
    found = json.loads(_forms()["gradescope"])
    tests = sorted(found["tests"], key=lambda test: test.get("status") == "passed")
    shown = []
    for test in tests:
        points = f" ({test['score']:g}/{test['max_score']:g})" if "max_score" in test else ""
        said = f"<pre>{html.escape(test.get('output', ''))}</pre>" if test.get("output") else ""
        kind = "test" if test.get("status") == "passed" else "test not"
        shown.append(f'<div class="{kind}"><b>{html.escape(test["name"] + points)}</b>{said}</div>')
    total = found.get("score", sum(test.get("score", 0) for test in tests))
    maximum = sum(test.get("max_score", 0) for test in tests)
    head = f"<h3>Autograder score: {total:g} / {maximum:g}</h3><pre>{html.escape(found.get('output', ''))}</pre>"
    return page_of(head + "".join(shown), _STYLE, _WIDTH, 1000)


def visible_tests() -> bytes:
    """Show the summary of the visible tests on GitHub, and the remark on the lines of one function."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copytree(ROOT / "assignments" / "gradient_descent", place / "gradient_descent")
        shutil.copy(WRONG, place / "gradient_descent" / "gradient_descent.py")
        script = ROOT / "examples" / "ci" / "student" / "visible_tests.py"
        done = subprocess.run(
            [BIN / "python", script, "--form", "github", "--reports", place / "reports"],
            cwd=place,
            env=environment() | {"GITHUB_STEP_SUMMARY": str(place / "summary")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        summary = (place / "summary").read_text("utf-8")
    remark = next(line for line in done.stdout.split("\n") if line.startswith("::error") and "title=grad_fn" in line)
    fields, _, said = remark.removeprefix("::error ").partition("::")
    named = dict(field.split("=", 1) for field in fields.split(","))
    where = f"{named['file']}#L{named['line']}-L{named.get('endLine', named['line'])}"
    head = f"<span class=wrong>\u2715 {html.escape(unquote(named['title']))}</span> <code>{html.escape(where)}</code>"
    body = _box("<b>Visible tests summary</b>", _markdown(summary))
    body += _box(head, f"<pre>{html.escape(unquote(said))}</pre>")
    return page_of(body, _STYLE, _WIDTH)


PICTURES = {
    "docs/pictures/comment.png": comment,
    "docs/pictures/gradescope.png": gradescope,
    "docs/pictures/visible-tests.png": visible_tests,
}
