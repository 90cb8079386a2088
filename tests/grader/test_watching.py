"""What is said while a class is graded: how far, how fast, how long; and nothing of it stays when it is stopped."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from grader.commands.exits import Exit
from grader.commands.watching import Pace, counting

RIGHT = "def double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
WAITS = "def double(x):\n    import time\n    time.sleep(1)\n"
WIDE = {"COLUMNS": "100", "LINES": "30", "TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("done", "seconds", "text"),
    [
        (0, 7.4, "0 of 300 graded, 7 s so far"),
        (30, 60, "30 of 300 graded, 30 a minute, 9 min left"),
        (290, 29, "290 of 300 graded, 600 a minute, 1 s left"),
        (1, 60, "1 of 300 graded, 60 an hour, 5.0 h left"),
        (300, 600, "300 of 300 graded, 30 a minute, 0 s left"),
    ],
)
def test_pace_says_how_far_how_fast_and_how_long(done, seconds, text):
    pace = Pace(300, 100.0)
    pace.done = done

    assert pace.text(100.0 + seconds) == text


def command(course, *arguments):
    class_ = str(course.root / "class")
    return [sys.executable, "-m", "grader", "grade", class_, "--course", str(course.root), *arguments]


def on_a_terminal(arguments, watch=lambda _: None, **variables):
    """Run with a terminal for standard error; return the exit code, the output, and what the terminal was sent."""
    ours, theirs = os.openpty()
    environment = os.environ | WIDE | variables
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=theirs, env=environment, start_new_session=True
    ) as run:
        os.close(theirs)
        watch(run)
        sent = b""
        try:
            while chunk := os.read(ours, 65536):
                sent += chunk
        except OSError:
            pass  # nobody holds the other end any more
        output = run.stdout.read().decode()
    os.close(ours)
    return run.returncode, output, sent.decode()


def write_class(course):
    course.edit("solutions/small/assignment.toml", "wall_factor = 3", "wall_factor = 90")  # the same twice, if busy
    course.write("class/small_ada.py", RIGHT)
    course.write("class/small_bo.py", RIGHT.replace("2 * x", "3 * x"))
    course.write("class/small_[b]cy.py", "")


def test_terminal_sees_the_last_results_move_and_standard_output_stays_the_same(small_course):
    write_class(small_course)

    code, output, sent = on_a_terminal(command(small_course))
    quiet = subprocess.run(command(small_course), capture_output=True, text=True, check=False, env=os.environ | WIDE)

    assert (code, output, quiet.stderr) == (quiet.returncode, quiet.stdout, "")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", sent)
    assert re.search(r"3 of 3 graded, \d+ a minute", plain)
    assert re.search(r"ada +6\.00  ✓✓  everything is right", plain)
    assert re.search(r"\[b\]cy +- .*unreadable", plain)
    assert sent.rindex("\x1b[?25h") > sent.rindex("\x1b[?25l")  # the cursor is there again
    assert re.search(r"\x1b\[2K[^\w]*$", sent)  # and the table is not


def test_a_terminal_that_can_not_move_is_sent_lines_alone(small_course):
    write_class(small_course)

    _, _, sent = on_a_terminal(command(small_course), TERM="dumb")

    assert sent == ""


COUNTS = """
import time
from grader.commands.watching import counting

with counting() as progress:
    for done in range(4):
        progress(done, 3)
        time.sleep(0.3)
        print("between", done, flush=True)
    progress(0, 9)
    progress(1, 9)
    time.sleep(0.3)
"""


def test_terminal_sees_a_count_move_and_none_of_it_stays():
    code, output, sent = on_a_terminal([sys.executable, "-c", COUNTS])

    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", sent)
    assert (code, output.splitlines()) == (0, [f"between {number}" for number in range(4)])
    assert re.search(r"2 of 3 graded, \d+ a minute", plain)
    assert re.search(r"1 of 9 graded, \d+ a minute", plain)
    assert sent.rindex("\x1b[?25h") > sent.rindex("\x1b[?25l")
    assert re.search(r"\x1b\[2K[^\w]*$", sent)


def test_log_gets_a_line_of_a_count_now_and_then(capsys, monkeypatch):
    monkeypatch.setattr("grader.commands.watching._QUIET_SECONDS", 0.0)

    with counting() as progress:
        for done in range(4):
            progress(done, 3)

    said = capsys.readouterr().err.splitlines()
    assert [line.partition(" graded")[0] for line in said] == ["grader: 1 of 3", "grader: 2 of 3"]


def test_ctrl_c_leaves_a_clean_terminal_and_what_was_graded(small_course):
    for number in range(9):
        small_course.write(f"class/small_{number}.py", RIGHT if number == 0 else WAITS)
    out = small_course.root / "out"

    def press(run):
        while not list(out.glob("*.json")) and run.poll() is None:
            time.sleep(0.05)
        os.killpg(run.pid, signal.SIGINT)

    code, output, sent = on_a_terminal(command(small_course, "--out", str(out)), press)

    assert (code, output) == (Exit.STOPPED, "")
    number = len(list(out.glob("*.json")))
    assert 0 < number < 9
    assert f"grader: {number} of 9 graded, in {out}; the same command grades the rest" in sent.replace("\r\n", "\n")
    assert "Traceback" not in sent
    assert sent.rindex("\x1b[?25h") > sent.rindex("\x1b[?25l")
    assert len((out / "grades.csv").read_text().splitlines()) == 1 + number


def test_ctrl_c_before_anything_is_graded_is_as_quiet(small_course):
    write_class(small_course)

    def press(run):
        time.sleep(1)
        os.killpg(run.pid, signal.SIGINT)

    _, output, sent = on_a_terminal(command(small_course), press)

    assert output == ""
    assert "Traceback" not in sent
    assert sent.count("KeyboardInterrupt") == 0
