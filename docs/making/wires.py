"""Draw a circuit of gates on a picture: what goes forwards along each wire, and the gradient that comes back."""

import math

from docs.making.svg import Picture, number

__all__ = ["Wires"]

Point = tuple[float, float]


class Wires:
    """A circuit of gates: above each wire the value that goes forwards, below it the gradient that comes back."""

    def __init__(self, picture: Picture, left: float, top: float, title: str) -> None:
        """Begin a circuit whose own places count from here, with its title above it."""
        self._picture, self._left, self._top = picture, left, top
        picture.text(left, top, title, classes="head")

    def gate(self, x: float, y: float, sign: str) -> None:
        """Draw a gate."""
        self._picture.circle(self._left + x, self._top + y, 17, fill="box")
        self._picture.circle(self._left + x, self._top + y, 17, stroke="ink", stroke_width=1.5)
        self._picture.text(
            self._left + x, self._top + y + 4, sign, anchor="middle", classes="small" if len(sign) > 1 else "head"
        )

    def wire(self, start: Point, end: Point, name: str, value: float, gradient: float, *, share: float = 0.42) -> None:
        """Draw a wire with its name, its value, and what comes back along it."""
        (x1, y1), (x2, y2) = start, end
        self._picture.arrow(
            self._left + x1, self._top + y1, self._left + x2, self._top + y2, colour="faint", stroke_width=1.5
        )
        x, y = self._left + x1 + (x2 - x1) * share, self._top + y1 + (y2 - y1) * share
        forwards = f"{name} = {number(value, 4)}" if name else number(value, 4)
        steepness = abs(y2 - y1) / (x2 - x1)
        for text, colour, shift in ((forwards, "blue", -6), (number(gradient, 4), "orange", 15)):
            clear = math.copysign(steepness * 3 * len(text), shift)  # half a text's width of a slanting wire
            self._picture.text(x, y + shift + clear, text, anchor="middle", classes="small", colour=colour, halo=True)
