"""The pictures of `neuron`: six activations with their slopes, and gates with their local gradients."""

import torch

from docs.making.axes import Axes
from docs.making.reference import described, reference
from docs.making.svg import Picture, number
from docs.making.wires import Wires

__all__ = ["PICTURES"]

_ACTIVATIONS = ("binary_step", "sigmoid", "tanh", "relu", "leaky_relu", "elu")
_JUMP_AT_ZERO = ("binary_step",)
_CORNER_AT_ZERO = (*_JUMP_AT_ZERO, "relu", "leaky_relu")
_FAR = 4


def _parts(broken):
    """Return the numbers at which a curve is drawn; one that is broken at 0 is drawn in two parts."""
    steps = torch.linspace(-_FAR, _FAR, 161, dtype=torch.float64)
    return (steps[:80], steps[81:]) if broken else (steps,)


def _slope(name, at):
    """Return the slope of an activation, by the lesson's central difference."""
    lesson = reference("neuron")
    return lesson.central_difference(getattr(lesson, name), at, 1e-5)


def activations():
    """Draw the six activations, and the slope of each."""
    lesson = reference("neuron")
    picture = Picture(720, 480, "Six activations and their slopes")
    said = []
    for place, name in enumerate(_ACTIVATIONS):
        function = getattr(lesson, name)
        axes = Axes(picture, (46 + 230 * (place % 3), 40 + 208 * (place // 3), 196, 144), (-_FAR, _FAR), (-1.3, 2.3))
        axes.frame(name, "", "", (-4, -2, 0, 2, 4), (-1, 0, 1, 2))
        axes.clipped()
        for part in _parts(name in _JUMP_AT_ZERO):
            axes.line(zip(part.tolist(), function(part).tolist(), strict=True), "blue", width=2.5)
        for part in _parts(name in _CORNER_AT_ZERO):
            axes.line(zip(part.tolist(), _slope(name, part).tolist(), strict=True), "orange", dash="5 3")
        picture.unclip()
        at = torch.tensor([-2.0, 0.0, 2.0], dtype=torch.float64)
        values = ", ".join(number(value, 4) for value in function(at).tolist())
        outer = _slope(name, at[[0, 2]]).tolist()
        slopes = f"{number(outer[0], 4)} and {number(outer[1], 4)}"
        middle = "" if name in _CORNER_AT_ZERO else f", and {number(float(_slope(name, at[1])), 4)} at 0"
        said.append(f"{name} is {values} at -2, 0 and 2; its slope is {slopes} at -2 and 2{middle}.")
    picture.line(46, 460, 76, 460, stroke="blue", stroke_width=2.5)
    picture.text(84, 464, "the activation, over z")
    picture.line(276, 460, 306, 460, stroke="orange", stroke_width=2.0, stroke_dasharray="5 3")
    picture.text(314, 464, "its slope")
    return picture.render(
        described(f"""
        Six small plots, each of an activation over z from -{_FAR} to {_FAR}, with its slope dashed.
        {" ".join(said)}""")
    )


def _tensors(*values):
    return [torch.tensor(float(value), dtype=torch.float64) for value in values]


def _one_gate(picture, left, title, sign, gate, result, x, y):
    slopes = [float(slope) for slope in gate(*_tensors(x, y, 1))]
    wires = Wires(picture, left, 32, title)
    wires.wire((0, 34), (92, 62), "x", x, slopes[0])
    wires.wire((0, 112), (92, 84), "y", y, slopes[1])
    wires.wire((126, 73), (206, 73), "f", result, 1, share=0.48)
    wires.gate(109, 73, sign)
    return slopes


def _two_gates(picture, left, top):
    lesson, (x, y, z) = reference("neuron"), (-2, 5, -4)
    slopes = [float(slope) for slope in lesson.backward(*_tensors(x, y, z))]
    in_q = float(lesson.multiply_gate(*_tensors(x + y, z, 1))[0])
    wires = Wires(picture, left, top, "Two in a row: f = (x + y) * z")
    wires.wire((0, 34), (82, 62), "x", x, slopes[0])
    wires.wire((0, 112), (82, 84), "y", y, slopes[1])
    wires.wire((116, 73), (202, 92), "q", x + y, in_q, share=0.48)
    wires.wire((0, 160), (202, 112), "z", z, slopes[2], share=0.3)
    wires.wire((236, 102), (316, 102), "f", (x + y) * z, 1, share=0.46)
    wires.gate(99, 73, "+")
    wires.gate(219, 102, "*")
    return (
        f"(x + y) * z at {x}, {y} and {z} gives {(x + y) * z}; back come {_listed(slopes)}, by way of {number(in_q)}."
    )


def _fan_out(picture, left, top):
    """One value goes two ways: the gradients of both ways add up."""
    lesson, (x, y) = reference("neuron"), (3, 4)
    ways = [float(lesson.multiply_gate(*_tensors(x, y, 1))[0]), float(lesson.add_gate(*_tensors(x * y, x, 1))[1])]
    in_y = float(lesson.multiply_gate(*_tensors(x, y, 1))[1])
    wires = Wires(picture, left, top, "Fan-out: f = x * y + x")
    wires.wire((0, 92), (84, 92), "x", x, sum(ways), share=0.46)
    picture.circle(left + 88, top + 92, 4, fill="ink")
    wires.wire((90, 88), (152, 66), "", x, ways[0], share=0.5)
    wires.wire((60, 34), (152, 52), "y", y, in_y, share=0.25)
    wires.wire((186, 62), (244, 82), "", x * y, 1, share=0.52)
    wires.wire((90, 96), (245, 104), "", x, ways[1], share=0.45)
    wires.wire((278, 92), (340, 92), "f", x * y + x, 1, share=0.42)
    wires.gate(169, 59, "*")
    wires.gate(261, 92, "+")
    total = f"{number(ways[0])} + {number(ways[1])} = {number(sum(ways))}"
    picture.text(left, top + 150, f"What comes back on both ways adds up: {total}.", colour="orange")
    return f"x * y + x at x = {x} and y = {y} gives {x * y + x}; x goes two ways, and what comes back adds up: {total}."


def _listed(values):
    *most, last = (number(value, 4) for value in values)
    return f"{', '.join(most)} and {last}"


def gates():
    """Draw the three gates, two in a row, and a value that goes two ways."""
    lesson = reference("neuron")
    picture = Picture(760, 410, "Gates with their local gradients, and fan-out")
    add = _one_gate(picture, 24, "add: f = x + y", "+", lesson.add_gate, 4 - 3, 4, -3)
    multiply = _one_gate(picture, 272, "multiply: f = x * y", "*", lesson.multiply_gate, 4 * -3, 4, -3)
    larger = _one_gate(picture, 520, "max: f = max(x, y)", "max", lesson.max_gate, max(4, 2), 4, 2)
    two = _two_gates(picture, 24, 200)
    fan = _fan_out(picture, 396, 200)
    picture.text(24, 394, "Above a wire, the value that goes forwards.", colour="blue", classes="small")
    picture.text(396, 394, "Below it, the gradient of f that comes back.", colour="orange", classes="small")
    return picture.render(
        described(f"""
        Five small circuits. Along each wire a value goes forwards, and the gradient of the result f comes back.
        The add gate at 4 and -3 gives {4 - 3}, and passes back {_listed(add)}. The multiply gate at 4 and -3 gives
        {4 * -3}, and passes back {_listed(multiply)}. The max gate at 4 and 2 gives {max(4, 2)}, and passes back
        {_listed(larger)}. Two gates in a row: {two} Fan-out: {fan}""")
    )


PICTURES = {"activations": activations, "gates": gates}
