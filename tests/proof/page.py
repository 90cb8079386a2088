"""Write docs/validity.md from the results of the parts: a pure function of what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

__all__ = ["page"]

_Found = Mapping[str, Any]

_HEAD = """\
<!-- Written by `make proof`; do not edit. -->
# Validity: the proof of the suites

`make proof` grades what is known to be right and what is known to be wrong, and writes this page from what it finds.
A fixed sample of it runs in `make test`.
Every submission below goes through the whole grader, in the sandbox, but where it says "in the checker".
"""


def page(results: Mapping[str, Mapping[str, _Found]], whole: _Found | None = None) -> str:
    """Return the page; a part without results says so, and `whole` says of the last run that made all of them."""
    sections = [
        ("Misconceptions", _catalogue, results.get("catalogue", {})),
        ("Right solutions", _right, results.get("catalogue", {})),
        ("Mutants of the references", _mutants, results.get("mutants", {})),
        ("Faults that depend on something, and in pairs", _faults, results.get("faults", {})),
        ("What the page of the lectures says", _coverage, results.get("coverage", {})),
        ("Which check kills what", _kills, results.get("kills", {})),
        ("The same bytes each time", _stability, results.get("stability", {})),
        ("Rounding", _noise, results.get("noise", {})),
    ]
    return "\n".join(
        [_HEAD, *_in_one_piece(results, whole), *(_section(title, write, found) for title, write, found in sections)]
    )


def _in_one_piece(results: Mapping[str, Mapping[str, _Found]], whole: _Found | None) -> list[str]:
    dates = {str(item["date"]) for found in results.values() for item in found.values()}
    if whole is None or dates != {whole["date"]}:
        return ["The parts were made one by one, and not in one run.\n"]
    sample = f", of the catalogue every {whole['sample']}th variant" if whole["sample"] > 1 else ""
    return [f"All of it was made in one run of {whole['minutes']} minutes, by {whole['jobs']} processes{sample}.\n"]


def _section(title: str, write: Callable[[Mapping[str, _Found]], list[str]], found: Mapping[str, _Found]) -> str:
    if not found:
        return f"## {title}\nNot measured.\n"
    dates = sorted({str(item["date"]) for item in found.values()})
    versions = sorted({str(item["torch"]) for item in found.values()})
    when = f"Measured on {' and '.join(dates)} with torch {' and '.join(versions)}."
    return "\n".join([f"## {title}", when, *write(found), ""])


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["", *(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines), ""]


def _catalogue(found: Mapping[str, _Found]) -> list[str]:
    lines = [
        "Each variant of the catalogue stands in the reference, and every second one in a differently written right",
        "submission too, by turns, so that those together stand in all of them; all would take half an hour more.",
        "It has to cost its exercise points, at least half of them where it fails on ordinary values, cost no other",
        "exercise any, and be named. A general signature, where the catalogue's own name is missed, is no false name.",
    ]
    head = ["assignment", "variants", "in", "graded", "lost points", "at least half", "cost others", "named"]
    head += ["general signature", "nothing said", "false name"]
    rows = []
    for name, item in found.items():
        for where in ("reference", "alternatives"):
            counts = item[f"in_{where}"]
            rows.append(
                [
                    f"`{name}`",
                    f"{item['variants']} of {item['variants_in_catalogue']}",
                    where if where == "reference" else f"{item['hosts']} others",
                    *(counts[key] for key in ("graded", "lost_points", "lost_half", "cost_other_exercises", "named")),
                    *(counts[key] for key in ("named_in_general", "not_named", "named_falsely")),
                ]
            )
    lines += _table(head, rows)
    for name, item in found.items():
        wrong = [
            f"`{case['variant']}` in {case['host']}: "
            + ", ".join(
                part
                for part in (
                    "" if case["lost"] else "loses nothing",
                    f"costs {', '.join(case['others'])}" if case["others"] else "",
                    "" if case["named"] == case["variant"] else f"called {case['named'] or 'nothing'}",
                    f"loses {case['share']:.0%}" if case["ordinary"] and case["share"] < 0.5 else "",
                )
                if part
            )
            for case in item["not_as_it_should_be"]
        ]
        if wrong:
            lines += [f"Not as it should be in `{name}` ({len(wrong)}):", "", *(f"- {text}" for text in wrong), ""]
    for name, item in found.items():
        if item["less_than_half"]:
            lines += [
                f"{len(item['less_than_half'])} variants of `{name}` fail on form, edges or prints alone,",
                "which leave half of the points by contract:",
                f"{', '.join(text.partition(':')[0] for text in item['less_than_half'])}.",
                "",
            ]
        if item["incompatible_hosts"]:
            count = len(item["incompatible_hosts"])
            lines += [
                f"{count} pairs of an exercise and a host of `{name}` were passed over: there the reference's own",
                "definition loses points, too, since the rest is written for another container.",
                "",
            ]
    return lines


def _right(found: Mapping[str, _Found]) -> list[str]:
    lines = ["Whole right submissions in other styles: all of them have to keep every point, and be given no name."]
    rows = [
        [
            f"`{name}`",
            item["alternatives"]["graded"],
            ", ".join(item["alternatives"]["lost_points"]) or "none",
            ", ".join(item["alternatives"]["false_names"]) or "none",
        ]
        for name, item in found.items()
    ]
    return lines + _table(["assignment", "graded", "lost points", "given a name"], rows)


def _mutants(found: Mapping[str, _Found]) -> list[str]:
    lines = [
        "Operators of our own on the syntax tree (grader/authoring/operators.py) change one place of a reference's",
        "solution. A mutant is killed in the checker, or by the whole grader. Equivalent ones stand in",
        "solutions/<name>/equivalent.toml with the reason; the score is what is killed of the others.",
    ]
    head = ["assignment", "mutants", "killed", "equivalent", "survivors", "score"]
    rows = [
        [
            f"`{name}`",
            item["mutants"],
            item["killed"],
            item["equivalent"],
            len(item["survivors"]),
            f"{item['score']:.1%}",
        ]
        for name, item in found.items()
    ]
    lines += _table(head, rows)
    lines.append("Of the killed ones a fixed sample went through the whole grader, too.")
    head = ["assignment", "sample", "lost points", "cost others", "named", "named, but it says another error"]
    rows = [
        [
            f"`{name}`",
            item["sample"],
            item["sample"] - len(item["sample_unharmed"]),
            len(item["cost_others"]),
            len(item["sample_named"]),
            len(item["sample_doubtful"]),
        ]
        for name, item in found.items()
    ]
    lines += _table(head, rows)
    for name, item in found.items():
        alive = [f"- `{key}`: {text}" for key, text in item["survivors"].items()]
        lines += [f"Survivors of `{name}`:", "", *alive, ""] if alive else []
        named = [f"- `{key}`: {', '.join(names)}" for key, names in item["right_but_named"].items()]
        lines += [f"Right, but given a name, in `{name}`:", "", *named, ""] if named else []
        others = [f"- `{key}`: {', '.join(names)}" for key, names in item["cost_others"].items()]
        lines += [f"Cost another exercise in `{name}`:", "", *others, ""] if others else []
    return lines


def _faults(found: Mapping[str, _Found]) -> list[str]:
    lines = [
        "A value that is wrong, or a statement left out, at some epochs, for an optimizer, a number of samples or a",
        "dtype alone (tests/proof/conditions.py); and two faults at once, each of which is found alone: in one",
        "exercise, where it has to lose points, and in two, where both and no third have to, in the sandbox.",
    ]
    head = ["assignment", "conditional", "killed", "equivalent", "survivors", "in one exercise", "hidden", "in two"]
    counted = ("conditional", "conditional_killed", "conditional_equivalent", "survivors", "two_in_one")
    counted += ("two_in_one_hidden", "two_in_two", "two_in_two_wrong")
    table = [[f"`{name}`", *(_many(item[key]) for key in counted)] for name, item in found.items()]
    lines += _table([*head, "otherwise"], table)
    for item in found.values():
        for key in ("survivors", "two_in_one_hidden", "two_in_two_wrong"):
            lines += [f"- `{mutant}`: {text}" for mutant, text in item[key].items()]
    return lines


def _many(value: object) -> object:
    return len(value) if isinstance(value, dict) else value


def _coverage(found: Mapping[str, _Found]) -> list[str]:
    lines = [
        "For each row of [coverage.md](coverage.md) the reference with small edits (tests/lecture_breaks.py), right",
        "but for what the row says: the visible tests and the hidden checks that the row names have to fail on them.",
    ]
    table = [
        [f"`{name}`", item["rows"], item["programs"], len(item["not_shown"]), len(item["unproved"])]
        for name, item in found.items()
    ]
    lines += _table(["assignment", "rows", "programs", "rows that name no test", "not proved"], table)
    unproved = [pair for item in found.values() for pair in item["unproved"].items()]
    return [*lines, *(f"- {key}: {'; '.join(said)}" for key, said in unproved)]


def _kills(found: Mapping[str, _Found]) -> list[str]:
    lines = [
        "In the checker, every check is asked of every mutant and every variant of the catalogue.",
        "A check that kills nothing alone repeats others; it may stay for its title, or for what no mutant is.",
    ]
    rows = []
    for name, item in found.items():
        checks = item["checks"]
        alone = sum(1 for check in checks.values() if check["mutants_alone"] or check["variants_alone"])
        rows.append([f"`{name}`", len(checks), alone, len(item["nothing_alone"])])
    lines += _table(["assignment", "checks", "kill something alone", "kill nothing alone"], rows)
    for name, item in found.items():
        lines += [f"Nothing alone in `{name}`: {', '.join(f'`{key}`' for key in item['nothing_alone']) or 'none'}.", ""]
    return lines


def _stability(found: Mapping[str, _Found]) -> list[str]:
    lines = [
        "The same files graded again and again in other orders, with one and two processes, some beside a busy",
        "machine: each report, without its seconds, has to be the same bytes.",
    ]
    head = ["assignment", "submissions", "gradings", "with two jobs", "under load", "not the same"]
    rows = [
        [
            f"`{name}`",
            item["submissions"],
            item["gradings"],
            item["with_two_jobs"],
            item["under_load"],
            len(item["not_the_same"]),
        ]
        for name, item in found.items()
    ]
    return lines + _table(head, rows)


def _noise(found: Mapping[str, _Found]) -> list[str]:
    lines = [
        "Every arithmetic result in right solutions is moved by one unit in the last place, up or down.",
        "All have to keep every point.",
    ]
    head = ["assignment", "solutions", "places", "returned values left out", "lost points"]
    rows = [
        [
            f"`{name}`",
            item["graded"],
            item["places"],
            len(item["returned_values_left_out"]),
            ", ".join(item["lost_points"]) or "none",
        ]
        for name, item in found.items()
    ]
    return lines + _table(head, rows)
