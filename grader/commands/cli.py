"""The command line: one file a command or group, and here what holds them together.

Parses options, calls one function of the package, prints, and sets the exit code. Everything slow is
imported in the command that needs it, so that `grader --help` answers at once.
"""

from __future__ import annotations

import sys

import click

from grader.commands.cache import cache
from grader.commands.diff import diff
from grader.commands.doctor import doctor
from grader.commands.exits import Exit
from grader.commands.grade import grade
from grader.commands.hook import hook
from grader.commands.merge import merge
from grader.commands.nbgrader import nbgrader
from grader.commands.new import new
from grader.commands.package import package
from grader.commands.release import release
from grader.commands.report import report
from grader.commands.serve import serve
from grader.commands.show import show
from grader.commands.similar import similar
from grader.commands.test import test
from grader.commands.translate import translate
from grader.commands.verify import verify
from grader.errors import GraderError, UsageError
from grader.version import __version__

__all__ = ["main", "root"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="chainrule", prog_name="grader")
def root() -> None:
    """Grade PyTorch exercises: every grade right, explained, and hard to forge."""


for _command in (
    cache,
    diff,
    doctor,
    grade,
    hook,
    merge,
    nbgrader,
    new,
    package,
    release,
    report,
    serve,
    show,
    similar,
    test,
    translate,
    verify,
):
    root.add_command(_command)


def main() -> None:
    """Run the command line; an error of ours ends it with one line and exit code 1, a wrong use with 2."""
    try:
        root.main(prog_name="grader", standalone_mode=False)
    except UsageError as error:
        _fail(str(error), Exit.USAGE)
    except GraderError as error:
        _fail(str(error), Exit.BROKEN)
    except click.ClickException as error:
        error.show()
        sys.exit(Exit.USAGE)
    except (click.Abort, KeyboardInterrupt):
        _fail("stopped", Exit.STOPPED)


def _fail(text: str, code: Exit) -> None:
    click.echo(f"grader: {text}", err=True)
    sys.exit(code)
