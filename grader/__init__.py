"""Grade submissions of a PyTorch course: every grade right, explained and hard to forge.

Importing this package does nothing else, so that a student's local tests and the
sandboxed worker can import it without pulling in the engine.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
