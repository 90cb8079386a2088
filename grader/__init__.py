"""Grade submissions of a PyTorch course: every grade right, explained and hard to forge.

In a notebook, `from grader import check` and `check("grad_fn")` run an exercise's visible tests.
Importing this package does nothing else, so that a student's local tests and the
sandboxed worker can import it without pulling in the engine.
"""

from typing import TYPE_CHECKING

from grader.version import __version__

if TYPE_CHECKING:
    from grader.handout.checking import check

__all__ = ["__version__", "check"]


def __getattr__(name: str) -> object:
    """Import `check` when it is asked for: it needs torch and pytest."""
    if name != "check":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from grader.handout.checking import check

    return check
