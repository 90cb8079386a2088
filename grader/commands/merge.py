"""`grader merge`: put the results together that several machines have written."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

import click

__all__ = ["merge"]


@click.command(short_help="Put together what several machines have graded.")
@click.argument("folders", metavar="RESULTS...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the whole class, as `grader grade --out` would have filled it.",
)
def merge(folders: tuple[Path, ...], out: Path) -> None:
    """Put together the folders that `grader grade --shard 1/N`, 2/N and so on have filled, in any order.

    The results are those of one run over the whole class, file by file. It refuses where a part or a result is
    missing, and where parts are of different assignments, audiences or classes, or were not graded with the same
    suite, reference, settings, grader and packages. Folders without --shard are put one after another.
    """
    from grader.classes.merging import merge as merge_results
    from grader.commands.out_folder import OutFolder
    from grader.errors import UsageError
    from grader.report.text import in_a_line
    from grader.report.words import counted

    if os.path.realpath(out) in {os.path.realpath(folder) for folder in folders}:
        raise UsageError(f"--out {out}: that is one of the parts; name another folder")
    merged = merge_results(folders)
    for text in merged.unread:
        sys.stderr.write(f"grader: passed over {in_a_line(text)}\n")
    names = [view.submissions[0].submission for view in merged.views]
    with closing(OutFolder(out, names)) as folder:
        for number, view in enumerate(merged.views):
            folder.add(number, view)
        folder.write_class(merged.class_file)
        folder.remove_stale(merged.assignment)
        folder.finish()
    machines = f", graded on {merged.machines} kinds of machine" if merged.machines > 1 else ""
    parts = counted(len(folders), "folder")
    sys.stdout.write(f"{counted(len(names), 'submission')} of {parts}{machines}: {out}\n")
