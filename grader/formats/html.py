"""Write a view as one page of HTML, light or dark as the reader has it: what is said of each exercise, and pictures.

It needs no other file and no script, and whatever a student may have written is escaped. A pure function of a view.
"""

from __future__ import annotations

from html import escape

from grader.answers.drawing import as_html
from grader.report.report import SubmissionStatus
from grader.report.view import ExerciseView, SubmissionView, View
from grader.report.words import MARKS, WORDS

__all__ = ["submission_as_html", "to_html"]

_STYLE = """
:root { color-scheme: light dark; --right: light-dark(#1a7f37, #4ac26b); --wrong: light-dark(#cf222e, #ff8182);
  --grey: light-dark(#59636e, #9198a1); }
body { font: 16px/1.45 system-ui, sans-serif; max-width: 56rem; margin: 1.5rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { padding: .15rem 1rem .15rem 0; text-align: left; vertical-align: top; }
td.points { text-align: right; }
section.exercise { border-left: 4px solid var(--wrong); padding: .1rem .8rem; margin: 1rem 0; }
section.passed { border-color: var(--right); } section.not_attempted { border-color: var(--grey); }
h2 { font-size: 1.15rem; } h3 { font-size: 1rem; margin: .2rem 0; }
.failed, .crashed, .timed_out, .broken { color: var(--wrong); } .passed { color: var(--right); }
section.exercise { color: inherit; } .not_attempted, .withheld, .title { color: var(--grey); }
p { margin: .4rem 0; }
details { margin: .4rem 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .87rem; margin: .3rem 0 .6rem 1.2rem; }
"""


def to_html(view: View) -> str:
    """Return the view as a page, with a part for each submission."""
    title = escape(view.assignment)
    parts = [f"<h1>{title}</h1>", *(_submission(item) for item in view.submissions)]
    if view.sandbox == "none":
        said = view.tongue("Graded without a sandbox, as asked: nothing confined these submissions.")
        parts.append(f"<p><b>{said}</b></p>")
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    page = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{view.tongue.name}">\n'
        f"<head>{head}<title>{title}</title>\n<style>{_STYLE}</style></head>\n"
        f"<body>\n{page}\n</body>\n</html>\n"
    )


def submission_as_html(item: SubmissionView) -> str:
    """Return what is said of a submission, as a part of a page below its heading."""
    lines = [f"<table>{''.join(map(_row, item.exercises))}</table>"] if item.exercises else []
    if item.notes or item.status is SubmissionStatus.UNREADABLE:
        lines.append(_block("\n".join(item.notes)))
    wrong = [one for one in item.exercises if one.wrong or one.diagnosis]
    return "\n".join([*lines, *map(_exercise, wrong)])


def _submission(item: SubmissionView) -> str:
    score = item.status if item.score is None else f"{item.score:.2f} of {item.max_score:g} points"
    score = item.tongue(score)
    return f"<h2>{escape(item.submission)}: {score}</h2>\n{submission_as_html(item)}"


def _row(item: ExerciseView) -> str:
    points = f"{'?' if item.score is None else f'{item.score:g}'} / {item.max_score:g}"
    state = f'<td class="{item.status}">{MARKS[item.status]} {item.tongue(WORDS[item.status])}</td>'
    return f'<tr><td><code>{escape(item.exercise)}</code></td><td class="points">{points}</td>{state}</tr>'


def _exercise(item: ExerciseView) -> str:
    said = item.explanation
    head = f'<code>{escape(item.exercise)}</code> <span class="title">{escape(item.title)}</span>'
    lines = [f'<section class="exercise {item.status}"><h3>{head}</h3>']
    lines += [f"<p>{escape(text)}</p>" for text in said.diagnosis]
    lines += [_block(said.counterexample)] if said.counterexample else []
    lines += [as_html(said.picture, item.tongue)] if said.picture else []
    for remark in said.remarks:
        mark = f'<span class="{remark.status}">{MARKS[remark.status]}</span>'
        lines += [f"<div>{mark} {escape(remark.title)}</div>", _block(remark.text)]
    lines += [f"<p><i>{item.tongue(f'Hint: {escape(said.hint)}')}</i></p>"] if said.hint else []
    lines += (
        [f"<details><summary>{item.tongue('as it was written')}</summary>{_block(item.code)}</details>"]
        if item.code
        else []
    )
    return "\n".join([*lines, "</section>"])


def _block(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"
