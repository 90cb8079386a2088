"""Measure what the grader itself takes for each submission of the example class, warm.

`total - student` is ours: `student` is the CPU time of the workers that ran the student's code. Every
submission is graded several times in one run by one warm checker; the median of each is reported, and
the share of ours in the total, since absolute times depend on the machine.
"""

import statistics
import sys
from pathlib import Path

from grader.course.reading import find_course
from grader.judge.grading import grade_all
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

ROOT = Path(__file__).parents[1]
REPEATS = 5


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS
    found = [
        item
        for item in discover([str(ROOT / "examples" / "class" / "gradient_descent")])
        if "bjorn" not in item.given  # its time-out takes ten seconds of the student's own time, whatever we do
    ]
    times: dict[str, list[tuple[float, float]]] = {}
    scores: dict[str, str] = {}

    def each(item, report):
        times.setdefault(item.path.name, []).append((report.seconds_total, report.seconds_student))
        scores[item.path.name] = "unreadable" if report.score is None else f"{report.score:.2f}"

    grade_all(find_course(ROOT), "gradient_descent", found * repeats, mode=SandboxMode.AUTO, each=each)
    print(f"| submission | score | total s | student s | ours s |  (medians of {repeats})")
    print("|---|---|---|---|---|")
    ours_all = []
    for name, pairs in sorted(times.items()):
        total = statistics.median(pair[0] for pair in pairs)
        student = statistics.median(pair[1] for pair in pairs)
        ours = statistics.median(pair[0] - pair[1] for pair in pairs)
        if scores[name] != "unreadable":
            ours_all.append(ours)
        print(f"| {name} | {scores[name]} | {total:.2f} | {student:.2f} | {ours:.2f} |")
    print(f"\nours: median {statistics.median(ours_all):.2f} s, largest {max(ours_all):.2f} s")


if __name__ == "__main__":
    main()
