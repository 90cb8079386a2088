"""The pictures of `gradient_descent`: the data, the fitted line, the loss valley, the loss curves."""

import math
from functools import cache

import torch

from docs.making.axes import Axes
from docs.making.reference import described, quietly, reference
from docs.making.svg import Picture, number

__all__ = ["PICTURES", "curvature", "descent", "exact", "lesson", "loss_at"]

RAW, SCALED = "t_u", "t_un"
_EPOCHS = 5000


def lesson():
    """Return the lesson's functions and data."""
    return reference("gradient_descent")


def loss_at(readings, params):
    """Return the loss of a line on some readings."""
    w, b = params
    return float(lesson().loss_fn(lesson().model(readings, w, b), lesson().t_c))


def start():
    """Return the w and b at which the lesson starts."""
    return torch.tensor([1.0, 0.0], dtype=torch.float64)


@cache
def descent(readings, rate, n_epochs):
    """Return where the lesson's loop comes by, epoch for epoch, from its start on."""
    params, path = start(), [tuple(start().tolist())]
    for _ in range(n_epochs):
        params = quietly(lesson().training_loop, 1, rate, params, getattr(lesson(), readings), lesson().t_c)
        path.append(tuple(params.tolist()))
    return path


@cache
def exact(readings):
    """Return the w and b of the best line of all, in closed form."""
    t_u = getattr(lesson(), readings)
    columns = torch.stack([t_u, torch.ones_like(t_u)], dim=1)
    return tuple(torch.linalg.lstsq(columns, lesson().t_c.unsqueeze(1), driver="gelsd").solution.flatten().tolist())


def curvature(readings):
    """Return the second derivatives of the loss in w and b, which are the same everywhere."""
    t_u, t_c = getattr(lesson(), readings), lesson().t_c
    found = torch.autograd.functional.hessian(
        lambda params: lesson().loss_fn(lesson().model(t_u, params[0], params[1]), t_c), start()
    )
    return found.tolist()


def _degrees(picture, box, x_ends, x_ticks, title, x_label):
    axes = Axes(picture, box, x_ends, (-10, 32))
    axes.frame(title, x_label, "degrees Celsius, t_c", x_ticks, (-10, 0, 10, 20, 30))
    return axes


def data():
    """Draw the readings and the degrees beside them."""
    t_u, t_c = lesson().t_u.tolist(), lesson().t_c.tolist()
    picture = Picture(560, 340, "The data: eleven readings of a thermometer, and the degrees Celsius beside them")
    ticks = range(20, 91, 10)
    axes = _degrees(picture, (64, 40, 470, 244), (15, 90), ticks, "The data", "reading in an unknown unit, t_u")
    axes.dots(zip(t_u, t_c, strict=True), "blue", radius=4.5)
    return picture.render(
        described(f"""
        {len(t_u)} dots, one for each sample. To the right goes the reading, from {number(min(t_u))} to
        {number(max(t_u))}; upwards the degrees Celsius, from {number(min(t_c))} to {number(max(t_c))}. The dots lie
        near a straight line that rises.""")
    )


def fitted():
    """Draw the data with the line that training finds, in both units."""
    picture = Picture(720, 360, "The fitted line over the data, in raw and in scaled readings")
    w, b = descent(SCALED, 1e-2, _EPOCHS)[-1]
    loss = loss_at(lesson().t_un, (w, b))
    ends = {RAW: (15, 90), SCALED: (1.5, 9)}
    slopes = {RAW: w / 10, SCALED: w}
    for place, (readings, slope) in enumerate(slopes.items()):
        ticks = [tick / (1 if readings == RAW else 10) for tick in range(20, 91, 20)]
        title = f"t_p = {number(slope, 5 if readings == RAW else 4)} * {readings} - {number(-b, 4)}"
        box = (64 + 360 * place, 40, 270, 264)
        label = "raw reading, t_u" if readings == RAW else "scaled reading, t_un = 0.1 * t_u"
        axes = _degrees(picture, box, ends[readings], ticks, title, label)
        pairs = list(zip(getattr(lesson(), readings).tolist(), lesson().t_c.tolist(), strict=True))
        for x, y in pairs:
            axes.line([(x, y), (x, slope * x + b)], "orange", width=1.5)
        axes.line([(x, slope * x + b) for x in ends[readings]], "orange")
        axes.dots(pairs, "blue", radius=4)
    return picture.render(
        described(f"""
        The same eleven dots twice, with a line through them that training has found. On the left, over the raw readings
        t_u, it has w = {number(slopes[RAW], 5)} and b = {number(b, 4)}; on the right, over the scaled readings t_un,
        w = {number(w, 4)} and the same b. A short upright line leads from each dot to the fitted line: its error. The
        mean of the squared errors is {number(loss, 4)} on both sides.""")
    )


_LEVELS = (5, 10, 20, 40, 80, 160, 320)


def _valley(picture, box, readings, x_ends, x_ticks, title):
    axes = Axes(picture, box, x_ends, (-27, 5))
    axes.frame(title, f"w, on {readings}", "b", x_ticks, range(-25, 6, 5))
    best = exact(readings)
    lowest = loss_at(getattr(lesson(), readings), best)
    axes.clipped()
    for level in _LEVELS:
        axes.bowl(best, curvature(readings), level - lowest)
    return axes


def _end(axes, at, said, colour, shift):
    x, y = axes.at(*at)
    axes.picture.text(x + shift[0], y + shift[1], said, colour=colour, halo=True)


def loss_valley():
    """Draw the loss over w and b, and where three learning rates lead."""
    picture = Picture(720, 446, "The loss valley over w and b, and the paths of three learning rates")
    far = descent(RAW, 1e-2, 1)[1]
    slow, fine = descent(RAW, 1e-4, _EPOCHS), descent(SCALED, 1e-2, _EPOCHS)
    losses = {1: loss_at(lesson().t_u, slow[-1]), 2: loss_at(lesson().t_un, fine[-1])}

    axes = _valley(picture, (64, 44, 270, 320), RAW, (-0.15, 1.25), (0, 0.5, 1), "raw readings")
    axes.line(slow, "blue", width=4)
    axes.line([start().tolist(), far], "orange", dash="5 4")  # on the wider one, with which it begins
    picture.unclip()
    axes.dots([start().tolist(), slow[-1]], "blue")
    x, y = axes.at(1, 0)
    picture.arrow(axes.box[0] + 12, y + 1, axes.box[0] - 1, y + 1, colour="orange", stroke_width=2.0)
    picture.text(x, y - 8, "start", anchor="middle", halo=True)
    picture.text(axes.box[0] + 8, y - 8, f"1e-2: to w = {number(far[0])}", colour="orange", halo=True)
    _end(axes, slow[-1], f"1e-4: creeps, {number(losses[1])}", "blue", (10, 16))
    picture.circle(*axes.at(*exact(RAW)), 5, stroke="ink", stroke_width=2)
    _end(axes, exact(RAW), "lowest point", "ink", (10, 5))

    axes = _valley(picture, (424, 44, 270, 320), SCALED, (-1.5, 12.5), (0, 5, 10), "scaled readings")
    axes.line(fine, "green", width=2.5)
    picture.unclip()
    axes.dots([start().tolist(), fine[-1]], "green")
    x, y = axes.at(1, 0)
    picture.text(x, y - 8, "start", anchor="middle", halo=True)
    picture.circle(*axes.at(*exact(SCALED)), 5, stroke="ink", stroke_width=2)
    _end(axes, fine[-1], f"1e-2: arrives, {number(losses[2], 2)}", "green", (10, 5))
    said = f"Each line joins places of the same loss: {', '.join(map(str, _LEVELS))} from the inside out."
    picture.text(64, 432, said, colour="faint", classes="small")
    first = descent(RAW, 1e-4, 10)[-1]
    return picture.render(
        described(f"""
        Two maps of the loss: w to the right, b upwards, and lines of equal loss
        ({", ".join(map(str, _LEVELS))}) around the lowest point. It is a long narrow valley, which runs from the upper
        left to the lower right. Each path starts at w = 1, b = 0. On the left, with the raw readings, the learning rate
        1e-2 leads out of the map with its first step, to w = {number(far[0])}. The rate 1e-4 jumps into the valley
        within ten epochs, at w =
        {number(first[0], 2)}, and then creeps along it: after {_EPOCHS} epochs it is at b = {number(slow[-1][1])}, with
        a loss of {number(losses[1])}. On the right, with the scaled readings, the rate 1e-2 goes all the way to w =
        {number(fine[-1][0], 4)}, b = {number(fine[-1][1], 4)}, with a loss of {number(losses[2], 4)}.""")
    )


def _exploding():
    """Return the losses of the loop that explodes, in float32 as the student's, up to the last finite one."""
    t_u, t_c = lesson().t_u.float(), lesson().t_c.float()
    params, losses = torch.tensor([1.0, 0.0]), []
    while True:
        loss = float(lesson().loss_fn(lesson().model(t_u, *params), t_c))
        if not math.isfinite(loss):
            return losses
        losses.append(loss)
        params = quietly(lesson().training_loop, 1, 1e-2, params, t_u, t_c)


def loss_curves():
    """Draw the loss over the epochs for three learning rates."""
    picture = Picture(680, 392, "Three loss curves: a learning rate that explodes, one that creeps, one that arrives")
    ends = (1, _EPOCHS), (1, 1e5)
    axes = Axes(picture, (80, 30, 420, 300), *ends, logarithmic=True)
    axes.frame("", "epoch", "loss", (1, 10, 100, 1000, 5000), (1, 10, 100, 1000, 10_000, 100_000))
    exploding = _exploding()
    slow = [loss_at(lesson().t_u, at) for at in descent(RAW, 1e-4, _EPOCHS)[:-1]]
    fine = [loss_at(lesson().t_un, at) for at in descent(SCALED, 1e-2, _EPOCHS)[:-1]]
    axes.clipped()
    axes.line(enumerate(exploding[:3], 1), "orange", width=2.5)
    axes.line(enumerate(slow, 1), "blue", width=2.5, dash="7 4")
    axes.line(enumerate(fine, 1), "green", width=2.5)
    picture.unclip()
    left = axes.box[0] + axes.box[2] + 10
    for losses, colour, said in (
        (slow, "blue", ("1e-4, raw readings:", "it creeps")),
        (fine, "green", ("1e-2, scaled readings:", "it arrives")),
    ):
        y = axes.at(_EPOCHS, losses[-1])[1]
        picture.text(left, y - 2, said[0], colour=colour)
        picture.text(left, y + 14, f"{said[1]}, {number(losses[-1], 2)}", colour=colour)
    x, y = axes.at(1.5, 1e5)
    picture.text(x + 6, y + 18, "1e-2, raw readings: it explodes", colour="orange")
    powers = [round(math.log10(loss)) for loss in exploding]
    return picture.render(
        described(f"""
        The loss over the epochs, both on scales where each mark is ten times the last. With the raw readings and a
        learning rate of 1e-2 it shoots out of the picture: {number(exploding[0])} in epoch 1,
        {number(exploding[1] / 1e6)} million in epoch 2, about 1e{powers[-1]} in epoch {len(exploding)}, and in epoch
        {len(exploding) + 1} too large for float32. With 1e-4 it falls to {number(slow[9], 3)} within ten epochs and is
        still {number(slow[-1], 1)} in epoch {_EPOCHS}. With the scaled readings and 1e-2 it begins at
        {number(fine[0], 1)}, stands at {number(fine[99], 1)} in epoch 100, and reaches {number(fine[-1], 4)}.""")
    )


PICTURES = {"data": data, "fitted": fitted, "loss_valley": loss_valley, "loss_curves": loss_curves}
