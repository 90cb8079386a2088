"""What of ours is put into nbgrader: text of a student as HTML, the mode of the sandbox, and when a checker is stale.

nbgrader warns where it is imported, and pytest makes errors of warnings: a process of its own imports it.
"""

import json
import subprocess
import sys

import pytest
from nbgrader_course import nbgrader_is_missing

pytestmark = pytest.mark.skipif(nbgrader_is_missing(), reason="nbgrader is not installed, or this is no Linux")

HTML = """
import json, sys
from grader.channels.nbgrader.pages import harmless_html
print(json.dumps([harmless_html(text) for text in json.load(sys.stdin)]))
"""
OWN = """
import json, sys
from grader.channels.nbgrader.pages import html_of
course, *texts = json.load(sys.stdin)
print(json.dumps([html_of(course)(text) for text in texts]))
"""
MODE = """
import json, sys
from traitlets import TraitError
from traitlets.config import Config
from grader.channels.nbgrader.execute import SandboxExecute
from grader.nbgrader import configure
c = Config()
configure(c, sandbox=json.load(sys.stdin))
try:
    print(json.dumps(SandboxExecute(config=c).sandbox))
except TraitError as error:
    print(json.dumps(str(error)))
"""
STATES = """
import json, os, sys
from pathlib import Path
from grader.course.reading import find_course, load_assignment
from grader.judge.state import stamps_of
root = Path(json.load(sys.stdin))
assignment = load_assignment(find_course(root), "small")
states = [stamps_of(assignment)]
for name in ("shared.py", "test_small.py", "nobodys.py"):
    os.utime(root / "tests" / "hidden" / name, (1, 1))
    states.append(stamps_of(assignment))
(root / "tests" / "hidden" / "shared.py").write_text("def (:")
states.append(stamps_of(assignment))
print(json.dumps([str(state) for state in states]))
"""
WRAPPER = '<div class="tex2jax_ignore mathjax_ignore">{}</div>'


def told(code, value):
    """Run code in a process of its own, with a value on standard input; return what it says."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        input=json.dumps(value),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


PAGES = {
    "x < y and y > z": "<p>x &lt; y and y &gt; z</p>\n",
    "if x <y> z": "<p>if x &lt;y&gt; z</p>\n",
    "`x < y`": "<p><code>x &lt; y</code></p>\n",
    "**s** *e* <b onmouseover=alert(1)>bold</b>": "<p><strong>s</strong> <em>e</em> <b>bold</b></p>\n",
    "text <script>alert(1)</script> more": "<p>text &lt;script&gt;alert(1)&lt;/script&gt; more</p>\n",
    "<img src=x onerror=alert(1)>": "&lt;img src=x onerror=alert(1)&gt;\n\n",
    "<svg><g/onload=alert(2)//<p>": "<p>&lt;svg&gt;&lt;g/onload=alert(2)//</p><p></p>\n",
    "<b<script>alert(1)</script>": "<p>&lt;b&lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
    "<!-- secret -->after": "after\n\n",
    "[l](http://a.b 'T')": '<p><a href="http://a.b" title="T">l</a></p>\n',
    "<a href='jav&#x09;ascript:alert(1)' class='x' id='y' target='_blank'>t</a>": "<p><a>t</a></p>\n",
    "<p style='position:fixed' title='t' lang='de'>d</p>": "<p>d</p>\n\n",
    "<a title='<img src=x onerror=1>' href='http://a'>x</a>": (
        '<p><a title="&lt;img src=x onerror=1&gt;" href="http://a">x</a></p>\n'
    ),
    "<title><a title='</title><img src=x onerror=alert(1)>'>": (
        '&lt;title&gt;<a title="&lt;/title&gt;&lt;img src=x onerror=alert(1)&gt;">\n\n</a>'
    ),
}


def test_markdown_of_a_student_keeps_its_text_and_runs_nothing():
    found = told(HTML, list(PAGES))

    assert dict(zip(PAGES, found, strict=True)) == {text: WRAPPER.format(html) for text, html in PAGES.items()}


def test_own_text_of_the_course_keeps_its_picture_and_formula(small_course):
    picture = '<svg xmlns="http://www.w3.org/2000/svg"><desc>It falls.</desc></svg>'
    small_course.write("solutions/small/pictures/loss.svg", picture)
    small_course.edit(
        "solutions/small/small.py",
        "# %%\nimport torch",
        "# %% [markdown]\n# The loss `L`$L$\n#\n# ![loss](pictures/loss.svg)\n\n# %%\nimport torch",
    )
    own = "The loss $L$\n\n![It falls.](pictures/loss.svg)"

    as_released, changed, nowhere = (
        told(OWN, [str(small_course.root), own])[0],
        told(OWN, [str(small_course.root), f"{own}."])[0],
        told(OWN, [str(small_course.root / "solutions"), own])[0],
    )

    assert "tex2jax_ignore" not in as_released
    assert '<img src="pictures/loss.svg" alt="It falls." />' in as_released
    for text in (changed, nowhere):
        assert text.startswith('<div class="tex2jax_ignore')
        assert "<img" not in text


def test_mode_of_the_sandbox_that_is_none_is_said():
    assert told(MODE, "none") == "none"
    assert told(MODE, "of") == (
        "The 'sandbox' trait of a SandboxExecute instance expected any of ['auto', 'none'], not the str 'of'."
    )


def test_checker_is_stale_where_anything_of_its_suite_changes(small_course):
    suite = (small_course.root / "tests" / "hidden" / "test_small.py").read_text("utf-8")
    small_course.write("tests/hidden/test_small.py", f"import shared\n{suite}")
    small_course.write("tests/hidden/shared.py", "x = 1\n")
    small_course.write("tests/hidden/nobodys.py", "x = 1\n")

    first, shared, own, nobodys, damaged = told(STATES, str(small_course.root))

    assert len({first, shared, own, damaged}) == 4
    assert nobodys == own
