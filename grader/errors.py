"""The exceptions of the grader, and what each of them means for a grade.

    GraderError                 our side or the author's: printed as one line, exit code 1
    ├── CourseError             a file of the course is wrong
    │   └── CourseNotFound      there is no course: a UsageError too
    ├── SandboxError            a required layer is missing, or the zygote is gone
    └── UsageError              the command line asks for what can't be: exit code 2

    Unreadable                  a submission that can't be judged: score null, the run goes on
    WireError                   bytes that are no frame, or a value that no frame can hold

What a *student's* code does wrong is never one of these: it is an `Outcome`.
"""

__all__ = ["CourseError", "CourseNotFound", "GraderError", "SandboxError", "Unreadable", "UsageError", "WireError"]


class GraderError(Exception):
    """Something on our side, or on the author's, that has to be mended before grading."""


class CourseError(GraderError):
    """The course, or one of its files, is missing or wrong."""


class SandboxError(GraderError):
    """The sandbox can't be built, or does not hold."""


class UsageError(GraderError):
    """The command line asks for something that can't be done."""


class CourseNotFound(CourseError, UsageError):  # noqa: N818 - what was not found
    """There is no course where one was said or looked for."""


class Unreadable(Exception):  # noqa: N818 - it names a state of the submission, as the report does
    """A submission in which no judgeable source was found; the text is for the staff."""


class WireError(Exception):
    """Bytes that are no frame, or a value that no frame can hold."""
