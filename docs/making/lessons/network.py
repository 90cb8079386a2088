"""The pictures of `network`: what one neuron and two layers make of XOR, shapes, a fan-out, and the loss."""

import itertools
from functools import cache

import torch

from docs.making.axes import Axes
from docs.making.reference import described, reference
from docs.making.svg import Picture, number
from docs.making.wires import Wires

__all__ = ["PICTURES"]

_EPOCHS, _RATE = 5000, 0.5
_TOLD = (1, 100, 1000, 5000)
_ENDS = (-0.4, 1.4)
_ROWS = 60


def _start():
    """Return the lesson's start in float64, with the decimals that it is written with."""
    return tuple(torch.round(part.double(), decimals=1) for part in reference("network").start)


def _alike():
    """Return a start at which the hidden units are alike: each is the first of the lesson's."""
    first, bias, onward, last = _start()
    return first[:, :1].repeat(1, 3), bias[:1].repeat(3), onward[:1].repeat(3, 1), last


@cache
def _trained(alike):
    """Return the parameters after training, and the losses."""
    lesson = reference("network")
    return lesson.train(_alike() if alike else _start(), lesson.points, lesson.targets, _EPOCHS, _RATE)


def _neuron(inputs):
    """Return what one neuron says that gets three of the four points right: whether any of the two inputs is 1."""
    weights, bias = torch.tensor([[6.0], [6.0]], dtype=torch.float64), torch.tensor([-3.0], dtype=torch.float64)
    return torch.sigmoid(reference("network").affine(inputs, weights, bias)).squeeze(1)


def _network(inputs):
    """Return what the trained network says."""
    return reference("network").forward(inputs, *_trained(alike=False)[0])


def _region(axes, says):
    """Shade where a function says more than one half, in stripes."""
    places = torch.linspace(*_ENDS, 4 * _ROWS + 1, dtype=torch.float64)
    for row in range(_ROWS):
        low, high = (_ENDS[0] + (_ENDS[1] - _ENDS[0]) * part / _ROWS for part in (row, row + 1))
        inside = says(torch.stack([places, torch.full_like(places, (low + high) / 2)], dim=1)) > 0.5
        edges = torch.nonzero(inside[1:] != inside[:-1]).flatten() + 1
        cuts = [0, *edges.tolist(), len(places) - 1]
        for first, last in itertools.pairwise(cuts):
            if inside[first]:
                (left, top), (right, bottom) = axes.at(float(places[first]), high), axes.at(float(places[last]), low)
                axes.picture.rect(left, top, right - left, bottom - top + 0.3, fill="grid")


def _points(axes, says):
    """Draw the four points, each with what it should be and with what is said of it."""
    lesson = reference("network")
    said = says(lesson.points).tolist()
    for place, target, answer in zip(lesson.points.tolist(), lesson.targets.tolist(), said, strict=True):
        x, y = axes.at(*place)
        right = (answer > 0.5) == (target > 0.5)
        if target > 0.5:
            axes.picture.circle(x, y, 7, fill="blue")
        else:
            axes.picture.circle(x, y, 7, fill="paper", stroke="blue", stroke_width=2.5)
        text = f"says {number(answer, 2)}"
        axes.picture.text(
            x,
            y + 24,
            text if right else f"{text}: wrong",
            anchor="middle",
            colour="ink" if right else "orange",
            halo=True,
        )
    return [number(answer, 2) for answer in said]


def xor():
    """Draw the four points with where one neuron says 1, and where the trained network does."""
    lesson = reference("network")
    picture = Picture(720, 404, "XOR: one neuron, and a network of two layers")
    told = []
    for place, (title, says) in enumerate((("one neuron", _neuron), ("two layers, trained", _network))):
        axes = Axes(picture, (64 + 354 * place, 40, 284, 284), _ENDS, _ENDS)
        axes.frame(title, "first input", "second input", (0, 1), (0, 1))
        axes.clipped()
        _region(axes, says)
        told.append(_points(axes, says))
        picture.unclip()
    picture.circle(70, 386, 6, fill="blue")
    picture.text(84, 390, "should be 1")
    picture.circle(184, 386, 6, fill="paper", stroke="blue", stroke_width=2.5)
    picture.text(198, 390, "should be 0")
    picture.rect(298, 378, 22, 15, fill="grid")
    picture.text(328, 390, "here it says more than 0.5")
    corners = ", ".join(f"({number(a)}, {number(b)})" for a, b in lesson.points.tolist())
    middle = float(_network(torch.full((1, 2), 0.5, dtype=torch.float64)))
    return picture.render(
        described(f"""
        Two maps of the same square with the four points of XOR at its corners: {corners}, which should be
        {", ".join(number(target) for target in lesson.targets.tolist())}. Where more than 0.5 is said the map is
        shaded. On the left one neuron shades all that lies on one side of a straight line; it says
        {", ".join(told[0])} of the four, and the last one is wrong. On the right the trained network shades two corners
        on either side of a band that runs from (0, 0) to (1, 1); it says {", ".join(told[1])}, all four right, and
        {number(middle, 2)} in the middle.""")
    )


_BOXES = ("affine", "tanh", "affine", "sigmoid", "loss")
_FORWARDS = ("X (N, F)", "Z1 (N, H)", "A1 (N, H)", "Z2 (N, 1)", "y_pred (N,)")
_BACK = ("", "dZ1 (N, H)", "dA1 (N, H)", "dZ2 (N, 1)", "dy_pred (N, 1)")
_PARAMETERS = {
    0: (("W1 (F, H)", "b1 (H,)"), ("dW1 (F, H)", "db1 (H,)")),
    2: (("W2 (H, 1)", "b2 (1,)"), ("dW2 (H, 1)", "db2 (1,)")),
}


def layers():
    """Draw the network as a row of steps, with the shapes of what goes forwards and of what comes back."""
    picture = Picture(820, 262, "The network with its shapes, forwards and backwards")
    middle, left, step, half = 128, 132, 154, 31
    for place, name in enumerate(_BOXES):
        x = left + step * place
        begin = x - step + half
        picture.arrow(begin, middle - 7, x - half - 2, middle - 7, colour="blue", stroke_width=1.5)
        picture.text(
            (begin + x - half) / 2, middle - 16, _FORWARDS[place], anchor="middle", classes="small", colour="blue"
        )
        if _BACK[place]:
            picture.arrow(x - half - 2, middle + 9, begin + 2, middle + 9, colour="orange", stroke_width=1.5)
            picture.text(
                (begin + x - half) / 2, middle + 28, _BACK[place], anchor="middle", classes="small", colour="orange"
            )
        picture.rect(x - half, middle - 22, 2 * half, 44, radius=6, fill="box", stroke="ink", stroke_width=1.5)
        picture.text(x, middle + 5, name, anchor="middle")
    for place, (parameters, gradients) in _PARAMETERS.items():
        x = left + step * place
        picture.arrow(x, middle - 62, x, middle - 25, colour="blue", stroke_width=1.5)
        picture.arrow(x, middle + 24, x, middle + 62, colour="orange", stroke_width=1.5)
        for row, (parameter, gradient) in enumerate(zip(parameters, gradients, strict=True)):
            picture.text(x, middle - 84 + 16 * row, parameter, anchor="middle", classes="small", colour="blue")
            picture.text(x, middle + 78 + 16 * row, gradient, anchor="middle", classes="small", colour="orange")
    picture.text(left + 4 * step, middle - 70, "y (N,)", anchor="middle", classes="small", colour="blue")
    picture.arrow(left + 4 * step, middle - 62, left + 4 * step, middle - 25, colour="blue", stroke_width=1.5)
    picture.text(20, 250, "Forwards: values.", colour="blue", classes="small")
    picture.text(
        140,
        250,
        "Backwards: how the loss changes with each of them.",
        colour="orange",
        classes="small",
    )
    lesson = reference("network")
    (samples, inputs), units = lesson.points.shape, lesson.start[0].shape[1]
    return picture.render(
        described(f"""
        Five boxes in a row: {", ".join(_BOXES)}. Forwards, from the left to the right, go {", ".join(_FORWARDS)}; the
        first affine box also gets {" and ".join(_PARAMETERS[0][0])}, the second {" and ".join(_PARAMETERS[2][0])}, and
        the loss y (N,). Backwards, from the right to the left, come {", ".join(reversed(_BACK[1:]))}; out of the second
        affine box come {" and ".join(_PARAMETERS[2][1])}, and out of the first {" and ".join(_PARAMETERS[0][1])}. For
        XOR, N is {samples}, F is {inputs} and H is {units}.""")
    )


def fan_out():
    """Draw f = (x * y + z) * x with what goes forwards and what comes back, on both ways of x."""
    lesson, (x, y, z) = reference("network"), (2, 3, -1)
    slopes = lesson.fan_out_backward(*(torch.tensor(float(value), dtype=torch.float64) for value in (x, y, z)))
    in_x, in_y, in_z = (float(slope) for slope in slopes)
    q, through, past = x * y + z, x * y, x * y + z
    picture = Picture(600, 262, "Fan-out: x goes two ways")
    wires = Wires(picture, 24, 32, "f = (x * y + z) * x")
    wires.wire((0, 132), (76, 132), "x", x, in_x, share=0.46)
    picture.circle(24 + 80, 32 + 132, 4, fill="ink")
    wires.wire((83, 128), (164, 92), "", x, through, share=0.5)
    wires.wire((83, 135), (432, 135), "", x, past, share=0.5)
    wires.wire((0, 44), (162, 74), "y", y, in_y, share=0.4)
    wires.wire((198, 82), (302, 82), "", x * y, in_z, share=0.44)
    wires.wire((220, 22), (308, 68), "z", z, in_z, share=0.2)
    wires.wire((337, 86), (436, 122), "q", q, in_z, share=0.44)
    wires.wire((467, 132), (546, 132), "f", q * x, 1, share=0.46)
    wires.gate(180, 82, "*")
    wires.gate(320, 82, "+")
    wires.gate(450, 132, "*")
    total = f"{number(through)} + {number(past)} = {number(in_x)}"
    picture.text(24, 216, "Above a wire, the value that goes forwards.", colour="blue", classes="small")
    picture.text(24, 234, "Below it, the gradient of f that comes back.", colour="orange", classes="small")
    picture.text(310, 225, f"At x both ways add up: {total}.", colour="orange")
    return picture.render(
        described(f"""
        A circuit of three gates for f = (x * y + z) * x at x = {x}, y = {y} and z = {z}. Forwards: x * y is {x * y},
        with z the sum q is {q}, and q * x is {q * x}. Back come {number(in_z)} to q, the same to z and to the first
        product, and from there {number(in_y)} to y. x goes two ways: through q comes {number(through)}, past it
        {number(past)}, and both add up: {total}.""")
    )


def loss_curve():
    """Draw the loss over the epochs, from the lesson's start and from one with units that are alike."""
    picture = Picture(680, 392, "The loss over the epochs, from two starts")
    axes = Axes(picture, (80, 30, 440, 300), (1, _EPOCHS), (1e-4, 1), logarithmic=True)
    axes.frame("", "epoch", "loss", (1, 10, 100, 1000, 5000), (1e-4, 1e-3, 0.01, 0.1, 1))
    own, alike = (_trained(alike=which)[1] for which in (False, True))
    axes.clipped()
    axes.line(enumerate(alike, 1), "orange", width=2.5, dash="7 4")
    axes.line(enumerate(own, 1), "green", width=2.5)
    picture.unclip()
    axes.dots([(epoch, own[epoch - 1]) for epoch in _TOLD], "green", radius=4)
    for epoch in _TOLD:
        x, y = axes.at(epoch, own[epoch - 1])
        shift = (6, 20) if epoch == 1 else (-8, 16)
        text = number(own[epoch - 1], 6)
        picture.text(
            x + shift[0], y + shift[1], text, colour="green", anchor="start" if epoch == 1 else "end", halo=True
        )
    left = axes.box[0] + axes.box[2] + 10
    for losses, colour, said in (
        (alike, "orange", ("units that are alike:", "it stays up")),
        (own, "green", ("units that differ:", "it arrives")),
    ):
        y = axes.at(_EPOCHS, losses[-1])[1]
        picture.text(left, y - 2, said[0], colour=colour)
        picture.text(left, y + 14, said[1], colour=colour)
    told = ", ".join(f"{number(own[epoch - 1], 6)} in epoch {epoch}" for epoch in _TOLD)
    return picture.render(
        described(f"""
        The loss over the epochs with the learning rate {_RATE}, both on scales where each mark is ten times the last.
        From the lesson's start it is {told}; most of the fall is between the epochs 100 and 1000. From a start at
        which the three hidden units are alike it begins at {number(alike[0], 4)}, and is still
        {number(alike[-1], 4)} in epoch {_EPOCHS}.""")
    )


PICTURES = {"xor": xor, "layers": layers, "fan_out": fan_out, "loss_curve": loss_curve}
