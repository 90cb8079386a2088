"""Axes on a picture: numbers become places, and get a frame, ticks, lines, dots and the contours of a bowl."""

import math
from collections.abc import Callable, Iterable, Sequence

from docs.making.svg import Picture, number

__all__ = ["Axes"]

Point = tuple[float, float]


class Axes:
    """A box on a picture with a scale in each direction, plain or logarithmic."""

    def __init__(
        self, picture: Picture, box: tuple[float, float, float, float], x: Point, y: Point, *, logarithmic: bool = False
    ) -> None:
        """Take the box as left, top, width and height, and the first and last number of each scale."""
        self.picture, self.box, self._x, self._y = picture, box, x, y
        self._scale: Callable[[float], float] = math.log10 if logarithmic else float

    def at(self, x: float, y: float) -> Point:
        """Return the place of a pair of numbers."""
        left, top, width, height = self.box
        return left + width * self._share(x, self._x), top + height * (1 - self._share(y, self._y))

    def _share(self, value: float, ends: Point) -> float:
        first, last, here = (self._scale(number) for number in (*ends, value))
        return (here - first) / (last - first)

    def frame(self, title: str, x_label: str, y_label: str, x_ticks: Sequence[float], y_ticks: Sequence[float]) -> None:
        """Draw the frame with a grid, the numbers at it, and what they are."""
        left, top, width, height = self.box
        picture = self.picture
        for tick in x_ticks:
            place = self.at(tick, self._y[0])[0]
            picture.line(place, top, place, top + height, stroke="grid")
            picture.text(place, top + height + 17, _thousands(tick), colour="faint", classes="small", anchor="middle")
        for tick in y_ticks:
            place = self.at(self._x[0], tick)[1]
            picture.line(left, place, left + width, place, stroke="grid")
            picture.text(left - 7, place + 4, _thousands(tick), colour="faint", classes="small", anchor="end")
        picture.rect(left, top, width, height, stroke="faint")
        picture.text(left, top - 12, title, classes="head")
        picture.text(left + width / 2, top + height + 36, x_label, anchor="middle")
        picture.text(left - 44, top + height / 2, y_label, anchor="middle", turn=-90)

    def clipped(self) -> None:
        """Show of what follows only what lies in the frame, until the picture's `unclip`."""
        self.picture.clip(*self.box)

    def line(self, points: Iterable[Point], colour: str, *, width: float = 2, dash: str | None = None) -> None:
        """Draw a line through pairs of numbers."""
        places = [self.at(*point) for point in points]
        self.picture.curve(places, stroke=colour, stroke_width=width, stroke_dasharray=dash, stroke_linejoin="round")

    def dots(self, points: Iterable[Point], colour: str, *, radius: float = 3.5) -> None:
        """Draw a dot at each pair of numbers."""
        for point in points:
            self.picture.circle(*self.at(*point), radius, fill=colour)

    def bowl(self, centre: Point, curvature: Sequence[Sequence[float]], rise: float) -> None:
        """Draw where a quadratic function stands `rise` above its lowest point: an ellipse.

        The curvature is the matrix of its second derivatives.
        """
        (a, b), (_, c) = curvature
        # Half of (x, y) times the matrix times (x, y) is the rise: that of a unit circle, by Cholesky's root.
        root = math.sqrt(a)
        lower = (b / root, math.sqrt(c - b * b / a))
        size = math.sqrt(2 * rise)
        around = []
        for step in range(181):
            u, v = size * math.cos(step * math.pi / 90), size * math.sin(step * math.pi / 90)
            y = v / lower[1]
            around.append((centre[0] + (u - lower[0] * y) / root, centre[1] + y))
        self.line(around, "faint", width=1)


def _thousands(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10_000 else number(value, 4)
