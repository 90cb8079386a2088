"""A course of one small exercise in a folder of its own, and who forks zygotes."""

import os

import pytest
from small_course import SmallCourse

from grader.sandbox.forkserver import ForkServer

# What fails in a helper is shown as in a test.
pytest.register_assert_rewrite("collecting", "confinement", "forge", "hostile", "lessons", "nbgrader_runs", "serving")


@pytest.fixture
def small_course(tmp_path):
    return SmallCourse(tmp_path)


@pytest.fixture(scope="module")
def canary():
    """A variable that only the caller's environment has."""
    name = "CHAINRULE_TEST_SECRET"
    os.environ[name] = "caller-" + "environment"
    yield name
    del os.environ[name]


@pytest.fixture(scope="module")
def forks(canary):
    """The process that forks zygotes: one for a module, as a grading has it, since it takes seconds to import torch."""
    server = ForkServer.start()
    yield server
    server.close()
