"""A picture as lines of characters: one small bar for each epoch, yours below what is expected.

For a terminal, for the text that CI shows, and for Markdown, where nothing else can be drawn. Ships to students.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..languages.tongue import ENGLISH, Tongue
from ..languages.widths import cells, padded
from .pictures import Curve, Frame, Picture, frame_of

__all__ = ["in_characters"]

_BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
_ASCII = "_.-=+*%#"
_OUTSIDE = ("\u2191", "\u2193", "\u00b7")
_OUTSIDE_ASCII = ("^", "v", "?")


def in_characters(picture: Picture, encoding: str | None = "utf-8", *, tongue: Tongue = ENGLISH) -> str:
    """Return the picture as lines; its bars are ASCII where this encoding has none. Its sentences are said already."""
    bars, outside = (_BARS, _OUTSIDE) if _can(encoding) else (_ASCII, _OUTSIDE_ASCII)
    if not picture.curves:
        return "\n".join(picture.said)
    width = max(cells(tongue(curve.name)) for curve in picture.curves)
    first, last = picture.at[0], picture.at[-1]
    axis = padded(tongue(f"{picture.axis}s"), 12)
    lines = [tongue(f"drawn for    {picture.case}"), f"{axis} {tongue(f'{first} to {last}, from left to right')}"]
    labels = tongue("expected"), tongue("yours")
    room = max(map(cells, labels))
    for curve in picture.curves:
        frame = frame_of(curve)
        for name, label, values in ((tongue(curve.name), labels[0], curve.expected), ("", labels[1], curve.own)):
            row = _row(values, frame, bars, outside)
            lines.append(f"{padded(name, width)}  {padded(label, room)}  {row}  {tongue(_ends(values, frame))}")
    signs = _signs(picture.curves, outside, tongue)
    return "\n".join([*lines, *([signs] if signs else []), *picture.said])


def _can(encoding: str | None) -> bool:
    try:
        (_BARS + "".join(_OUTSIDE)).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _row(values: Sequence[float | None], frame: Frame, bars: str, outside: Sequence[str]) -> str:
    return "".join(_bar(value, frame, bars, outside) for value in values)


def _bar(value: float | None, frame: Frame, bars: str, outside: Sequence[str]) -> str:
    above, below, nothing = outside
    if value is None:
        return nothing
    height = frame.height(value)
    if frame.cuts(value):
        return above if height > 1 else below
    return bars[min(len(bars) - 1, max(0, round(height * (len(bars) - 1))))]


def _ends(values: Sequence[float | None], frame: Frame) -> str:
    """Return the first and the last value in figures."""
    ends = ["none" if value is None else frame.text(value) for value in (values[0], values[-1])]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _signs(curves: Sequence[Curve], outside: Sequence[str], tongue: Tongue) -> str:
    """Explain the signs beside the bars that occur."""
    rows = "".join(_row(curve.own, frame_of(curve), _ASCII, _OUTSIDE_ASCII) for curve in curves)
    meaning = ("far above", "far below", "no finite number")
    told = [
        f"{sign} {tongue(text)}"
        for sign, plain, text in zip(outside, _OUTSIDE_ASCII, meaning, strict=True)
        if plain in rows
    ]
    return f"({', '.join(told)})" if told else ""
