"""What a course's `nbgrader_config.py` calls: put our sandbox where nbgrader would execute the student's notebook.

Everything that nbgrader does besides stays its own: its commands, its gradebook, late penalties, manual grades
and comments, formgrader, feedback and export.
This module and those that it imports from this folder need nbgrader: whatever else loads them does so only when
it has to, so that everything else works without it.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.converters import base as converter_base
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
)
from sqlalchemy.exc import SAWarning

from grader.channels.nbgrader.execute import SandboxExecute, SaveGrades
from grader.channels.nbgrader.export import ScoresExport
from grader.channels.nbgrader.gradebook import find_own_scripts
from grader.channels.nbgrader.pages import FeedbackExporter, ShowGrades, html_of
from grader.channels.nbgrader.release_feedback import ReleaseFeedback
from grader.channels.nbgrader.submitted import SubmissionExporter, name_as_released, own_files

__all__ = ["configure"]

_TEMPLATES = Path(__file__).parent / "templates"


def configure(c: Any, *, course: str | os.PathLike[str] = "", sandbox: str = "auto") -> None:  # noqa: ANN401 - traitlets
    """Set nbgrader's configuration `c` so that Chainrule grades; `course` is the folder of the private course.

    Without `course` it is found as on the command line: by GRADER_COURSE, or above the current folder.
    """
    find_own_scripts()
    _quieten()
    converter_base.find_all_files = own_files  # nbgrader has no setting for it
    c.Autograde.pre_convert_hook = name_as_released
    c.SandboxExecute.course = os.fspath(course)
    c.SandboxExecute.sandbox = sandbox
    c.Autograde.exporter_class = SubmissionExporter
    c.SubmissionExporter.course = os.fspath(course)
    c.Autograde.sanitize_preprocessors = [
        ClearOutput,
        DeduplicateIds,
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    c.Autograde.autograde_preprocessors = [
        SandboxExecute,
        LimitOutput,
        SaveGrades,
        AssignLatePenalties,
        CheckCellMetadata,
    ]
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.GenerateFeedback.preprocessors = [ShowGrades, CSSHTMLHeaderPreprocessor]
    c.FeedbackExporter.template_name = "chainrule_feedback"
    c.FeedbackExporter.extra_template_basedirs = [str(_TEMPLATES)]
    c.ExchangeFactory.release_feedback = ReleaseFeedback
    c.ExportApp.plugin_class = ScoresExport
    c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("write your code here")'}
    # What a student writes in Markdown is shown on formgrader's pages, where a script could give grades.
    c.HTMLExporter.filters = {"markdown2html": html_of(os.fspath(course))}


def _quieten() -> None:
    """Keep out of the log what SQLAlchemy 2 warns of whenever nbgrader makes the rows of a submission.

    nbgrader ties a new row to others that are in the session before it adds it, which SQLAlchemy 1 did for it; it is
    added right after. So up to nbgrader 0.9.6; it may go when nbgrader adds the row first.
    """
    warnings.filterwarnings("ignore", r"Object of type <Submitted\w+> not in session", SAWarning)
