"""What tests in a browser share: whether one is there, and a page that is opened in it."""

import importlib.util
import os
import shutil

import pytest


def need(*modules):
    """Skip the tests of a module unless these packages, Chromium and its driver are installed; CI skips nothing."""
    missing = [name for name in (*modules, "selenium") if importlib.util.find_spec(name) is None]
    missing += [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    if missing:
        # CI sets the variable, so that nobody takes a skipped test for a passed one there.
        end = pytest.fail if os.environ.get("CHAINRULE_SKIP_NOTHING") == "1" else pytest.skip
        end(f"not installed: {', '.join(missing)}")
