"""Write a picture as SVG: legible on light and on dark, with a title and a description, the same bytes each time.

It knows shapes, texts and colours, and no subject. A picture has a ground of its own: who reads a dark notebook in a
light browser, or the other way round, sees one that fits the browser, and in any case a legible one.
"""

import html

__all__ = ["Picture", "number"]

# By name: on a light ground, on a dark one. Told apart by who sees no red or no green as well.
_COLOURS = {
    "paper": ("#ffffff", "#0d1117"),
    "box": ("#f6f8fa", "#161b22"),
    "ink": ("#1f2328", "#e6edf3"),
    "faint": ("#57606a", "#9198a1"),
    "grid": ("#d0d7de", "#3d444d"),
    "blue": ("#0969da", "#58a6ff"),
    "orange": ("#bc4c00", "#f0883e"),
    "green": ("#1a7f37", "#3fb950"),
    "purple": ("#8250df", "#bc8cff"),
}
_FONTS = (
    "text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif}"
    ".head{font-weight:600;font-size:14px}.small{font-size:12px}.halo{paint-order:stroke;stroke-width:4px}"
    ".code{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}"
)


def number(value: float, digits: int = 1) -> str:
    """Write a number with at most so many decimals, and no more than it needs."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


class Picture:
    """Shapes in the order in which they are drawn; `text` gives the file."""

    def __init__(self, width: float, height: float, title: str) -> None:
        """Begin with an empty ground."""
        self.width, self.height, self.title = width, height, title
        self._shapes: list[str] = []
        self._clips = 0
        self.rect(0, 0, width, height, fill="paper", radius=6)

    def _add(self, tag: str, *, fill: str = "", stroke: str = "", classes: str = "", **attributes: object) -> None:
        named = " ".join(filter(None, [fill and f"f-{fill}", stroke and f"s-{stroke}", classes]))
        wanted = {"class": named or None, **attributes}
        if stroke and not fill and tag != "line":
            wanted["fill"] = "none"
        text = "".join(
            f' {key.replace("_", "-")}="{number(value) if isinstance(value, float) else html.escape(str(value))}"'
            for key, value in wanted.items()
            if value is not None
        )
        self._shapes.append(f"<{tag}{text}/>")

    def rect(self, x: float, y: float, width: float, height: float, *, radius: float = 0, **how: object) -> None:
        """Draw a rectangle."""
        rounded = {"rx": float(radius)} if radius else {}
        self._add("rect", x=float(x), y=float(y), width=float(width), height=float(height), **rounded, **how)

    def line(self, x1: float, y1: float, x2: float, y2: float, **how: object) -> None:
        """Draw a straight line."""
        self._add("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), **how)

    def circle(self, x: float, y: float, radius: float, **how: object) -> None:
        """Draw a circle."""
        self._add("circle", cx=float(x), cy=float(y), r=float(radius), **how)

    def curve(self, points: list[tuple[float, float]], **how: object) -> None:
        """Draw a line through points; those that lie within a pixel of the last one are left out."""
        kept = points[:1]
        for x, y in points[1:]:
            if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 1:
                kept.append((x, y))
        if kept[-1] != points[-1]:
            kept.append(points[-1])
        self._add("path", d="M" + " ".join(f"{number(x)},{number(y)}" for x, y in kept), **how)

    def outline(self, path: str, **how: object) -> None:
        """Draw what SVG's own language of paths says."""
        self._add("path", d=path, **how)

    def arrow(self, x1: float, y1: float, x2: float, y2: float, *, colour: str, **how: object) -> None:
        """Draw a line with a head at its end."""
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        along, across = ((x2 - x1) / length, (y2 - y1) / length), ((y1 - y2) / length, (x2 - x1) / length)
        back = (x2 - 9 * along[0], y2 - 9 * along[1])
        self.line(x1, y1, back[0] + along[0], back[1] + along[1], stroke=colour, **how)
        corners = [(x2, y2), *((back[0] + s * across[0], back[1] + s * across[1]) for s in (4.5, -4.5))]
        self._add("path", d="M" + " ".join(f"{number(x)},{number(y)}" for x, y in corners) + "Z", fill=colour)

    def text(
        self,
        x: float,
        y: float,
        said: str,
        *,
        colour: str = "ink",
        classes: str = "",
        anchor: str = "start",
        turn: int = 0,
        halo: bool = False,
    ) -> None:
        """Write a text at its baseline; with a halo it stays legible on lines."""
        where = f'x="{number(x)}" y="{number(y)}"'
        if turn:
            where += f' transform="rotate({turn} {number(x)} {number(y)})"'
        if anchor != "start":
            where += f' text-anchor="{anchor}"'
        named = " ".join(filter(None, [f"f-{colour}", classes, "halo s-paper" if halo else ""]))
        self._shapes.append(f'<text class="{named}" {where}>{html.escape(said, quote=False)}</text>')

    def clip(self, x: float, y: float, width: float, height: float) -> None:
        """Show of what follows only what lies in a rectangle, until `unclip`."""
        self._clips += 1
        name, box = (
            f"c{self._clips}",
            f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"',
        )
        self._shapes.append(f'<clipPath id="{name}"><rect {box}/></clipPath><g clip-path="url(#{name})">')

    def unclip(self) -> None:
        """End what `clip` began."""
        self._shapes.append("</g>")

    def render(self, description: str) -> str:
        """Return the file; the description is what somebody gets who can't see the picture."""
        width, height = number(self.width), number(self.height)
        size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d">',
                "<!-- Generated by `make pictures`; do not edit. -->",
                f'<title id="t">{html.escape(self.title, quote=False)}</title>',
                f'<desc id="d">{html.escape(description, quote=False)}</desc>',
                f"<style>{_FONTS}{_colours(0)}@media (prefers-color-scheme:dark){{{_colours(1)}}}</style>",
                *self._shapes,
                "</svg>",
                "",
            ]
        )


def _colours(which: int) -> str:
    return "".join(
        f".f-{name}{{fill:{both[which]}}}.s-{name}{{stroke:{both[which]}}}" for name, both in _COLOURS.items()
    )
