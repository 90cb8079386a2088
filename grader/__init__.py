"""Grade submissions of a PyTorch course: every grade right, explained and hard to forge.

In a notebook, `from grader import check` and `check("grad_fn")` run an exercise's visible tests.
Importing this package does nothing else, so that a student's local tests and the
sandboxed worker can import it without pulling in the engine.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.checking import check

__all__ = ["__version__", "check"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import `check` when it is asked for: it needs torch and pytest."""
    if name != "check":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from grader.checking import check

    return check
