"""The front door of the nbgrader channel: what a course's `nbgrader_config.py` imports."""

from grader.channels.nbgrader.plugin import configure

__all__ = ["configure"]
