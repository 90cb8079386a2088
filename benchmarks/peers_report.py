"""The table of `peers.py`: rows of medians over the repeats, and what was measured where."""

import statistics

__all__ = ["markdown", "rows_of"]

_ROUNDING = 0.005  # points are whole cents
_HEAD = """\
| grader | how | submissions | CPU s each | CPU each, in T | wall s each | peak MiB | graded right |
|---|---|---|---|---|---|---|---|"""


def rows_of(jobs, kinds, full):
    """Return a row for each way of each tool, and one more for the right ones where each has its own process."""
    grouped = {}
    for job in jobs:
        key = (job["tool"], job["way"])
        grouped.setdefault(key, []).append(job)
        (student, *others) = job["points"]
        if not others and len(kinds) > 1 and kinds[student] == "right" and job["way"].startswith("cold, a process"):
            grouped.setdefault((job["tool"], "cold, the right ones of these"), []).append(job)
    return [
        {"tool": tool, "way": way, **_figures(found, kinds, full)} for (tool, way), found in _in_order(grouped, jobs)
    ]


def _in_order(grouped, jobs):
    tools = list(dict.fromkeys(job["tool"] for job in jobs))
    return sorted(grouped.items(), key=lambda item: tools.index(item[0][0]))


def _figures(jobs, kinds, full):
    """Return one row's figures: of each repeat the mean over its submissions, and of these the median.

    Of what was graded wrong it is the repeat with most of it.
    """
    repeats = {}
    for job in jobs:
        repeats.setdefault(job["repeat"], []).append(job)
    number = sum(len(job["points"]) for job in repeats[min(repeats)])

    def median(name, of=sum, by=number):
        return statistics.median(of(job[name] for job in found) / by for found in repeats.values())

    wrong = [
        {
            student: points
            for job in found
            for student, points in job["points"].items()
            if not is_right(kinds[student], points, full)
        }
        for found in repeats.values()
    ]
    return {
        "submissions": number,
        "cpu": median("cpu"),
        "wall": median("wall"),
        "peak_mib": median("peak_mib", max, 1),
        "others": median("others"),
        "graded_wrong": max(wrong, key=len),
    }


def is_right(kind, points, full):
    """Say whether points are what a kind should earn: right ones all, wrong ones fewer, untouched ones none."""
    if points is None:
        return False
    lowest, highest = {"right": (full, full), "wrong": (0, full - 0.01), "untouched": (0, 0)}[kind]
    return lowest - _ROUNDING < points < highest + _ROUNDING


def markdown(rows, about):
    """Return the table, and beneath it what it rests on."""
    unit = statistics.median(about["imports_of_torch"]) if about["imports_of_torch"] else float("nan")
    lines = [_HEAD, *(_line(row, unit) for row in rows)]
    lines += [f"\n{title} was not measured: {reason}" for title, reason in about["failed"].items()]
    if rows:
        lines += ["", *_notes(rows, about, unit)]
    return "\n".join(lines)


def _line(row, unit):
    figures = f"{row['cpu']:.2f} | {row['cpu'] / unit:.2f} | {row['wall']:.2f} | {row['peak_mib']:.0f}"
    right = f"{row['submissions'] - len(row['graded_wrong'])} of {row['submissions']}"
    return f"| {row['tool']} | {row['way']} | {row['submissions']} | {figures} | {right} |"


def _notes(rows, about, unit):
    samples = about["imports_of_torch"]
    busy = sum(row["others"] * row["submissions"] for row in rows) / sum(
        row["wall"] * row["submissions"] for row in rows
    )
    yield (
        f"T = {unit:.2f} s, the CPU time of `python -c 'import torch'`: "
        f"median of {len(samples)}, from {min(samples):.2f} to {max(samples):.2f} s."
    )
    yield (
        f"{about['date']}: {about['cores']} cores, {about['machine']}, Python {about['python']}, one thread; "
        f"{about['repeats']} repeat(s); everything else on the machine took {busy:.2f} cores meanwhile."
    )
    for row in rows:
        if row["graded_wrong"]:
            told = ", ".join(f"{student} ({points} points)" for student, points in row["graded_wrong"].items())
            yield f"{row['tool']}, {row['way']}, graded wrong: {told}."
    for title, found in about["versions"].items():
        yield f"{title}: {', '.join(f'{name} {version}' for name, version in found.items())}."
