"""Folders of results as `grader grade --out` writes them, made of reports that are made by hand."""

from dataclasses import replace

from reports import make_report

from grader.commands.out_folder import OutFolder
from grader.report.report import Audience
from grader.report.view import view


def written(folder, *submissions, audience=Audience.STAFF, **changes):
    report = replace(make_report(*submissions), **changes)
    seen = view(report, audience)
    out = OutFolder(folder, [item.submission for item in seen.submissions])
    for number, item in enumerate(seen.submissions):
        out.add(number, replace(seen, submissions=(item,)))
    out.finish()
    out.close()
    return seen
