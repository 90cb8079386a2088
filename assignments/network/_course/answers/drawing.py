"""A picture as HTML: a small SVG for each quantity, side by side where the page is wide enough.

Self-contained and without a script or a style sheet: what is expected is a broad pale line in the colour of the text,
the student's own a thin one with dots, so that neither colour alone nor a light page is needed. Ships to students.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..languages.tongue import ENGLISH, Tongue
from .pictures import Curve, Frame, Picture, frame_of

__all__ = ["as_html"]

_OWN = "#e0560c"  # legible on white and on black alike: 3.8 and 5.0 to one
_WIDTH, _HEIGHT = 250, 152
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 10, 26, 24
_FONT = 'font-family="system-ui, sans-serif" font-size="12" fill="currentColor"'


def as_html(picture: Picture, tongue: Tongue = ENGLISH) -> str:
    """Return the picture as a part of a page: the words first, then the drawings. Its sentences are said already."""
    words = "".join(f'<p style="margin:.2em 0">{escape(text)}</p>' for text in picture.said)
    if not picture.curves:
        return f'<div style="margin:.6em 0">{words}</div>'
    drawings = "".join(_drawing(curve, picture, tongue) for curve in picture.curves)
    drawn = tongue("{yours} and {expected} for {text}").format(**_legend(tongue), text=escape(picture.case))
    return (
        '<div style="margin:.6em 0">'
        f'<p style="margin:.2em 0">{drawn}</p>'
        f'{words}<div style="display:flex;flex-wrap:wrap;gap:.2em 1em">{drawings}</div></div>'
    )


def _legend(tongue: Tongue) -> dict[str, str]:
    """Return the two lines as they are drawn, each with its name."""
    own = f'<path d="M0 6H26" stroke="{_OWN}" stroke-width="2"/><circle cx="13" cy="6" r="3" fill="{_OWN}"/>'
    expected = '<path d="M0 6H26" stroke="currentColor" stroke-opacity=".5" stroke-width="7"/>'
    return {
        name: f'<svg width="26" height="12" style="vertical-align:middle" aria-hidden="true">{sign}</svg> '
        f"<b>{tongue(name)}</b>"
        for name, sign in (("yours", own), ("expected", expected))
    }


def _drawing(curve: Curve, picture: Picture, tongue: Tongue) -> str:
    frame = frame_of(curve)
    name, text = escape(tongue(f"{curve.name} over the {picture.axis}s")), escape(tongue(_in_words(curve, picture)))
    middle, bottom = (_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - _BOTTOM
    first, last = picture.at[0], picture.at[-1]
    size = f'width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" style="max-width:100%"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}><title>{name}</title><desc>{text}</desc>',
        f'<path d="M{_LEFT} {_TOP}V{bottom}H{_WIDTH - _RIGHT}" fill="none" stroke="currentColor" stroke-opacity=".5"/>',
        f'<g {_FONT}><text x="{_LEFT}" y="14" font-weight="bold">{escape(tongue(curve.name))}</text>',
        f'<text x="{_LEFT - 5}" y="{_TOP + 8}" text-anchor="end">{frame.text(frame.high)}</text>',
        f'<text x="{_LEFT - 5}" y="{bottom}" text-anchor="end">{frame.text(frame.low)}</text>',
        f'<text x="{_LEFT}" y="{_HEIGHT - 8}">{first}</text>',
        f'<text x="{middle}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(tongue(picture.axis))}</text>',
        f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" text-anchor="end">{last}</text></g>',
    ]
    expected = _places(curve.expected, picture.at, frame)
    own = _places(curve.own, picture.at, frame)
    parts += _lines(expected, "expected", 'stroke="currentColor" stroke-opacity=".5" stroke-width="7"')
    parts += _lines(own, "yours", f'stroke="{_OWN}" stroke-width="2"')
    pairs = zip(own, curve.own, strict=True)
    parts += [_mark(place, value, frame) for place, value in pairs if place is not None and value is not None]
    return "".join([*parts, "</svg>"])


_Place = tuple[float, float]


def _places(values: Sequence[float | None], at: Sequence[int], frame: Frame) -> list[_Place | None]:
    """Return where each value stands, on the edge where it is cut, and None where there is none."""
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    length = max(at[-1] - at[0], 1)
    places: list[_Place | None] = []
    for epoch, value in zip(at, values, strict=True):
        height = 0.0 if value is None else min(1.0, max(0.0, frame.height(value)))
        place = round(_LEFT + wide * (epoch - at[0]) / length, 1), round(_TOP + high * (1 - height), 1)
        places.append(None if value is None else place)
    return places


def _lines(places: Sequence[_Place | None], name: str, style: str) -> list[str]:
    """Return a line for each run of values that follow one another."""
    runs: list[list[_Place]] = [[]]
    for place in places:
        if place is not None:
            runs[-1].append(place)
        elif runs[-1]:
            runs.append([])
    return [
        f'<polyline class="{name}" fill="none" stroke-linejoin="round" stroke-linecap="round" {style} '
        f'points="{" ".join(f"{x:g},{y:g}" for x, y in (run if len(run) > 1 else run * 2))}"/>'
        for run in runs
        if run
    ]


def _mark(place: _Place, value: float, frame: Frame) -> str:
    """Return a dot, or an arrow where the value lies beyond the edge."""
    x, y = place
    if not frame.cuts(value):
        return f'<circle cx="{x:g}" cy="{y:g}" r="2.6" fill="{_OWN}"/>'
    tip = -7 if frame.height(value) > 1 else 7
    return f'<path d="M{x - 4:g} {y:g}L{x:g} {y + tip:g}L{x + 4:g} {y:g}Z" fill="{_OWN}"/>'


def _in_words(curve: Curve, picture: Picture) -> str:
    """Return what a drawing shows, for whoever does not see it."""

    def listed(values: Sequence[float | None]) -> str:
        return ", ".join("none" if value is None else frame.text(value) for value in values)

    frame = frame_of(curve)
    when = ", ".join(map(str, picture.at))
    return f"At the {picture.axis}s {when}: yours {listed(curve.own)}; expected {listed(curve.expected)}."
