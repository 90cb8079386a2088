"""The version of this package, and nothing else."""

__all__ = ["__version__"]

__version__ = "0.1.0"
