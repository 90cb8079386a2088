"""Measure how well `grader similar` finds copies, beside a winnowing baseline; docs/similar.md holds the tables.

Copies are planted in the example classes and the right alternatives, and in classes of many who write alike. Of sources
alone: wrong answers and what a notebook holds beside code come on top. The same seeds give the same figures.
"""

import argparse
import statistics
from bisect import bisect_left, bisect_right
from datetime import UTC, datetime
from pathlib import Path

from similar_baseline import winnowed_scores
from similar_class import planted_class

from grader.classes.similar.pairs import Rarity, rank_pairs
from grader.classes.similar.works import read_given, traits_of_code
from grader.course.reading import find_course, load_assignment
from grader.syntax.notebooks import code_cells

ROOT = Path(__file__).parents[1]
ALIKE = 60


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="classes of each assignment")
    parser.add_argument("--from", dest="first", type=int, default=100, help="the first seed")
    options = parser.parse_args()
    course = find_course(ROOT)
    assignments = [load_assignment(course, name) for name in course.names]
    print(f"{datetime.now(UTC):%d %B %Y}, {options.seeds} classes of each assignment, seeds from {options.first}")
    for alike in (0, ALIKE):
        found = [
            measured(assignment, options.first + seed, alike)
            for assignment in assignments
            for seed in range(options.seeds)
        ]
        print(f"\n{table(found)}", flush=True)


def measured(assignment, seed, alike):
    """Return the figures of both ways of ranking, for one class."""
    made = planted_class(assignment, seed, alike=alike)
    return {
        "submissions": len(made.texts),
        "ours": figures(our_scores(assignment, made.texts), made),
        "winnowing": figures(winnowed_scores(made.texts, handed_out(assignment)), made),
    }


def handed_out(assignment):
    """Return the code of the released module and notebook as one text."""
    folder = assignment.course.released(assignment.name)
    notebook = code_cells((folder / f"{assignment.name}.ipynb").read_bytes(), assignment.name)
    return "\n\n".join([(folder / f"{assignment.name}.py").read_text(), *(cell.text for cell in notebook)])


def our_scores(assignment, texts):
    """Return the strength of each pair; no text is taken for known independent work, as in another's course."""
    given = read_given({"handed_out.py": handed_out(assignment).encode()}, [], assignment.names)
    works = [traits_of_code(text, given, assignment.names) for text in texts]
    ranking = rank_pairs(works, Rarity(works), top=len(works) ** 2)
    scores = {(pair.first, pair.second): pair.strength for pair in ranking.pairs}
    return {(a, b): scores.get((a, b), 0.0) for b in range(len(works)) for a in range(b)}


def figures(scores, made):
    """Return precision among as many pairs as were planted, recall among twice as many, AUC, and what stands there.

    A pair of the same score as others stands in their middle.
    """
    count = len(made.pairs)
    ranked = sorted(scores, key=lambda pair: (-scores[pair], pair))
    top = set(ranked[:count])
    others = sorted(value for pair, value in scores.items() if pair not in made.pairs)
    below = [above(scores[pair], others) for pair in made.pairs]
    return {
        "precision": len(top & set(made.pairs)) / count,
        "recall": len(set(ranked[: 2 * count]) & set(made.pairs)) / count,
        "auc": statistics.mean(below),
        "kinds": [(kind, pair in top) for pair, kind in made.pairs.items()],
    }


def above(value, others):
    """Return which share of the sorted others are below a value, one of the same value counting half."""
    return (bisect_left(others, value) + bisect_right(others, value)) / 2 / len(others)


def table(found):
    kinds = list(dict.fromkeys(kind for one in found for kind, _ in one["ours"]["kinds"]))
    sizes = sorted({one["submissions"] for one in found})
    lines = [
        f"Classes of {sizes[0]} to {sizes[-1]}.",
        "",
        f"| | precision at k | recall at 2k | AUC | {' | '.join(kinds)} |",
        "|---|" + "---|" * (3 + len(kinds)),
    ]
    for way in ("ours", "winnowing"):
        ones = [one[way] for one in found]
        cells = [f"{statistics.mean(one[name] for one in ones):.3f}" for name in ("precision", "recall", "auc")]
        for kind in kinds:
            hits = [hit for one in ones for name, hit in one["kinds"] if name == kind]
            cells.append(f"{sum(hits)} of {len(hits)}")
        lines.append(f"| {way} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
