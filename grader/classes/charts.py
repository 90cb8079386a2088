"""Draw what a page of a class shows as SVG, in the colours of the page, light or dark as the reader has it.

Two shapes, of a few rectangles each (docs/decisions/0035): every word of theirs stands in the page as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from grader.classes.summary import Bin

__all__ = ["bar", "histogram"]

_WIDTH, _HEIGHT = 340, 168
_TOP, _BOTTOM = 18, 34


def bar(share: float) -> Markup:
    """Return a bar as long as a share, from 0 to 1; the number beside it says the same."""
    width = f"{100 * min(1.0, max(0.0, share)):.1f}"
    return Markup(  # noqa: S704 - a number is all that is put in
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="back" width="100" height="8"/><rect class="share" width="{width}" height="8"/></svg>'
    )


def histogram(bins: Sequence[Bin], described: str) -> Markup:
    """Return how scores lie as columns with their counts; `described` says it to whoever does not see it."""
    most = max(one.count for one in bins)
    step, floor = _WIDTH / len(bins), _HEIGHT - _BOTTOM
    parts = [
        f'<svg class="histogram" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(described)}">',
        f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{floor}" y2="{floor}"/>',
    ]
    for place, one in enumerate(bins):
        height = (floor - _TOP) * one.count / max(most, 1)
        x, y, middle = place * step, floor - height, (place + 0.5) * step
        if one.count:
            parts.append(f'<rect x="{x + 2:.1f}" y="{y:.1f}" width="{step - 4:.1f}" height="{height:.1f}"/>')
            parts.append(f'<text x="{middle:.1f}" y="{y - 4:.1f}">{one.count}</text>')
        first = " first" if not place else ""
        parts.append(f'<text class="edge{first}" x="{x:.1f}" y="{floor + 14}">{one.low:g}</text>')
    parts.append(f'<text class="edge last" x="{_WIDTH}" y="{floor + 14}">{bins[-1].high:g}</text>')
    parts.append(f'<text class="edge" x="{_WIDTH / 2:g}" y="{_HEIGHT - 4}">points</text></svg>')
    return Markup("".join(parts))  # noqa: S704 - numbers, and a text that is escaped
