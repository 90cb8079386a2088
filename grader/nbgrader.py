"""The front door of the nbgrader channel: what a course's `nbgrader_config.py` imports."""

from grader.channels.nbgrader.configure import configure

__all__ = ["configure"]
