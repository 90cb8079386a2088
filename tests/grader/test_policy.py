"""A private name that the design leans on: if hypothesis drops it, this test fails first."""

import subprocess
import sys

DRAW = """
import os, sys
sys.path.insert(0, {root!r})
import grader.suite
from grader.suite.settings import use_fixed_examples
from hypothesis import given, strategies as st
for extra in {extras!r}:  # each in a process of its own, which need not import torch again
    process = os.fork()
    if process:
        assert os.waitpid(process, 0)[1] == 0
        continue
    exec(extra)
    use_fixed_examples()
    drawn = []
    @given(st.lists(st.floats(allow_nan=False)), st.integers(), st.text())
    def test(numbers, integer, text):
        drawn.append((numbers, integer, text))
    test()
    print(ascii(drawn), flush=True)
    os._exit(0)
"""


def test_examples_do_not_depend_on_what_else_is_imported(tmp_path):
    constants = tmp_path / "constants_of_a_local_module.py"
    constants.write_text("A = 123456.789\nB = 987654321\nC = 'an unusual constant'\n")
    extras = ("", "import constants_of_a_local_module", "import random; random.seed(5)")

    done = subprocess.run(
        [sys.executable, "-c", DRAW.format(root=str(tmp_path), extras=extras)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    outputs = done.stdout.splitlines()
    assert len(outputs) == len(extras)
    assert len(set(outputs)) == 1
