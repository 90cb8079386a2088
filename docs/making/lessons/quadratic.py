"""The pictures of `quadratic`: how far two rates come, the parabola beside the line, the split, both losses."""

from functools import cache

import torch

from docs.making.axes import Axes
from docs.making.reference import described, quietly, reference
from docs.making.svg import Picture, number

__all__ = ["PICTURES", "lesson"]

_EPOCHS = 5000
_RATES = (1e-5, 1e-4)
_MOVED = 0.2  # the rate on the readings that are moved and scaled
_SEED, _SHARE = 4, 0.2


def lesson():
    """Return the lesson's functions and data."""
    return reference("quadratic")


def moved():
    """Return the readings with zero in their middle."""
    return (lesson().t_un - 5) / 2


def start():
    """Return the parameters at which the lesson starts."""
    return torch.tensor([1.0, 1.0, 0.0], dtype=torch.float64)


def loss_at(t_u, params):
    """Return the loss of a parabola on all samples."""
    return float(lesson().loss_fn(lesson().model(t_u, *params), lesson().t_c))


@cache
def descent(rate, n_epochs, *, on_moved=False):
    """Return the losses before each epoch's step, and the params after the last."""
    t_u = moved() if on_moved else lesson().t_un
    everything = torch.arange(len(t_u))
    params, losses, _ = lesson().fit(n_epochs, rate, start(), t_u, lesson().t_c, everything, everything)
    return losses, params


@cache
def exact(degree):
    """Return the best parameters of all, [w2, w1, b], of a line (degree 1) or a parabola (2), on t_un."""
    t_u = lesson().t_un
    columns = torch.stack([t_u**power for power in range(degree, -1, -1)], dim=1)
    found = torch.linalg.lstsq(columns, lesson().t_c.unsqueeze(1), driver="gelsd").solution.flatten()
    return torch.cat([torch.zeros(2 - degree, dtype=torch.float64), found])


@cache
def parts():
    """Return the lesson's training and validation indices."""
    return lesson().split(len(lesson().t_c), _SHARE, torch.Generator().manual_seed(_SEED))


def rates():
    """Draw the loss over the epochs: two rates on t_un, one on the moved readings, and where the line ends."""
    picture = Picture(700, 392, "Loss curves of the parabola: two rates on the scaled readings, one on moved ones")
    axes = Axes(picture, (80, 30, 420, 300), (1, _EPOCHS), (1, 1000), logarithmic=True)
    axes.frame("", "epoch", "loss", (1, 10, 100, 1000, 5000), (1, 10, 100, 1000))
    line = loss_at(lesson().t_un, exact(1))
    losses = {rate: descent(rate, _EPOCHS)[0] for rate in _RATES}
    fast = descent(_MOVED, _EPOCHS, on_moved=True)[0]
    axes.clipped()
    axes.line([(1, line), (_EPOCHS, line)], "ink", width=1.5, dash="3 4")
    for rate, colour, dash in zip(_RATES, ("orange", "blue"), ("7 4", None), strict=True):
        axes.line(enumerate(losses[rate], 1), colour, width=2.5, dash=dash)
    axes.line(enumerate(fast, 1), "green", width=2.5)
    picture.unclip()
    left = axes.box[0] + axes.box[2] + 10
    for value, colour, said, shift in (
        (losses[1e-5][-1], "orange", f"1e-5 on t_un: {number(losses[1e-5][-1], 2)}", 4),
        (losses[1e-4][-1], "blue", f"1e-4 on t_un: {number(losses[1e-4][-1], 2)}", 0),
        (line, "ink", f"the best line: {number(line, 2)}", 5),
        (fast[-1], "green", f"0.2 on v: {number(fast[-1], 2)}", 12),
    ):
        picture.text(left, axes.at(_EPOCHS, value)[1] + shift, said, colour=colour)
    return picture.render(
        described(f"""
        The loss of the parabola over the epochs, both on scales where each mark is ten times the last. On the scaled
        readings t_un two of them begin at {number(losses[1e-4][0], 1)}. With the learning rate 1e-5 the loss is
        {number(losses[1e-5][-1], 2)} in epoch {_EPOCHS}, with 1e-4 it is {number(losses[1e-4][-1], 2)}: both are above
        a dashed level line, the {number(line, 2)} of the best straight line. On the moved readings v a third curve
        begins at {number(fast[0], 1)} with the rate {_MOVED}, comes below that line by epoch
        {next(epoch for epoch, loss in enumerate(fast, 1) if loss < line)}, and stays at {number(fast[-1], 2)}.""")
    )


def _degrees(picture, box, title):
    axes = Axes(picture, box, (1.5, 9), (-10, 32))
    axes.frame(title, "scaled reading, t_un", "degrees Celsius, t_c", range(2, 10, 2), (-10, 0, 10, 20, 30))
    return axes


def _samples():
    return list(zip(lesson().t_un.tolist(), lesson().t_c.tolist(), strict=True))


def _curve(axes, params, colour, dash=None):
    readings = torch.linspace(1.5, 9, 151, dtype=torch.float64)
    predicted = lesson().model(readings, *params)
    axes.line(zip(readings.tolist(), predicted.tolist(), strict=True), colour, width=2.5, dash=dash)


def parabola():
    """Draw the best parabola and the best line over the data."""
    picture = Picture(620, 372, "The best parabola and the best line over the eleven samples")
    axes = _degrees(picture, (64, 40, 360, 270), "")
    axes.clipped()
    _curve(axes, exact(1), "orange", "7 4")
    _curve(axes, exact(2), "green")
    picture.unclip()
    axes.dots(_samples(), "blue", radius=4)
    losses = {degree: loss_at(lesson().t_un, exact(degree)) for degree in (1, 2)}
    left = axes.box[0] + axes.box[2] + 14
    for place, (colour, said) in enumerate(
        (
            ("green", ("the parabola:", f"loss {number(losses[2], 4)}")),
            ("orange", ("the line, dashed:", f"loss {number(losses[1], 4)}")),
            ("blue", ("the samples",)),
        )
    ):
        for row, text in enumerate(said):
            picture.text(left, 70 + 50 * place + 17 * row, text, colour=colour)
    w2, w1, b = exact(2).tolist()
    apart = lesson().model(lesson().t_un, *exact(2)) - lesson().model(lesson().t_un, *exact(1))
    return picture.render(
        described(f"""
        Eleven dots, the readings t_un to the right and the degrees Celsius upwards, with two curves through them. The
        dashed straight line has a loss of {number(losses[1], 4)}. The parabola, {number(w2, 4)} * t_un^2 +
        {number(w1, 4)} * t_un - {number(-b, 4)}, has one of {number(losses[2], 4)}. It bends upwards a little: it runs
        above the line at both ends and below it in between, and nowhere among the dots are they further apart than
        {number(float(apart.abs().max()), 1)} degrees.""")
    )


def split():
    """Draw the order that was drawn, cut into those to train on and those to validate on."""
    training, validation = (part.tolist() for part in parts())
    picture = Picture(620, 196, "The split: an order of the eleven indices, cut into training and validation")
    left, top, side, gap = 40, 64, 44, 6
    picture.text(left, 34, f"int(11 * {_SHARE}) = {len(validation)} of the order that was drawn are kept back")
    for place, index in enumerate((*training, *validation)):
        kept = place >= len(training)
        x = left + place * (side + gap) + (14 if kept else 0)
        picture.rect(x, top, side, side, fill="box", stroke="orange" if kept else "blue", radius=6, stroke_width=2.0)
        picture.text(x + side / 2, top + 28, str(index), anchor="middle", colour="orange" if kept else "blue")
        degrees = number(float(lesson().t_c[index]))
        picture.text(x + side / 2, top + side + 20, degrees, anchor="middle", colour="faint", classes="small")
    picture.text(left, top + side + 52, "training", colour="blue")
    picture.text(left + len(training) * (side + gap) + 14, top + side + 52, "validation", colour="orange")
    picture.text(left + 90, top + side + 52, "(below each index its degrees Celsius)", colour="faint", classes="small")
    return picture.render(
        described(f"""
        Eleven boxes in a row with the indices in the order that the generator with the seed {_SEED} draws:
        {", ".join(map(str, training))} and, after a gap, {", ".join(map(str, validation))}. The first {len(training)}
        are called training, the last {len(validation)} validation. Below each index stand its degrees Celsius; those
        of validation are {" and ".join(number(float(lesson().t_c[index])) for index in validation)}.""")
    )


def losses():
    """Draw the loss on training and on validation over the epochs."""
    n_epochs = 200
    found = quietly(lesson().fit, n_epochs, _MOVED, start(), moved(), lesson().t_c, *parts())
    picture = Picture(660, 372, "The losses of the parabola on training and on validation samples")
    axes = Axes(picture, (80, 30, 400, 280), (1, n_epochs), (1, 1000), logarithmic=True)
    axes.frame("", "epoch", "loss", (1, 10, 100, 200), (1, 10, 100, 1000))
    left = axes.box[0] + axes.box[2] + 10
    for values, colour, dash, said in (
        (found[1], "blue", None, "training"),
        (found[2], "orange", "7 4", "validation"),
    ):
        axes.line(enumerate(values, 1), colour, width=2.5, dash=dash)
        text = f"{said}: {number(values[-1], 2)}"
        picture.text(left, axes.at(n_epochs, values[-1])[1] + 4, text, colour=colour)
    larger = sum(validation > training for training, validation in zip(found[1], found[2], strict=True))
    return picture.render(
        described(f"""
        Two losses over {n_epochs} epochs, both on scales where each mark is ten times the last. The one on the nine
        training samples falls from {number(found[1][0], 1)} to {number(found[1][9], 2)} in epoch 10 and stays at
        {number(found[1][-1], 2)}. The one on the two validation samples, dashed, falls with it, from
        {number(found[2][0], 1)} over {number(found[2][9], 2)} to {number(found[2][-1], 2)}; it is the larger one in
        {larger} of the {n_epochs} epochs.""")
    )


PICTURES = {"rates": rates, "parabola": parabola, "split": split, "losses": losses}
