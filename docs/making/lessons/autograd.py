"""The picture of `autograd`: the graph of w, x, y and z; with `detach` in it, and under `no_grad`."""

import torch

from docs.making.reference import described, reference
from docs.making.svg import Picture, number

__all__ = ["PICTURES"]

_C, _N = 2, 3
_OPERATIONS = (f"+ {_C}", "* 3", "mean")


def _w():
    return torch.ones(_N, dtype=torch.float64, requires_grad=True)


def _tracked():
    w = _w()
    x = w + _C
    y = 3 * x
    return {"w": w, "x": x, "y": y, "z": y.mean()}


def _detached():
    w = _w()
    x = w + _C
    y = 3 * x.detach()
    return {"w": w, "x": x, "y": y, "z": y.mean()}


def _untracked():
    w = _w()
    with torch.no_grad():
        x = w + _C
        y = 3 * x
        return {"w": w, "x": x, "y": y, "z": y.mean()}


def _name(tensor):
    """Return what autograd has noted of a tensor."""
    if tensor.grad_fn is not None:
        return tensor.grad_fn.name()
    return "a leaf" if tensor.requires_grad else "no grad_fn"


def _shown(tensor):
    values = [number(value) for value in tensor.flatten().tolist()]
    return values[0] if tensor.dim() == 0 else f"[{', '.join(values)}]"


def _fraction(tensor):
    """Return a gradient's entry, as a fraction where it is one over a small number."""
    value = float(tensor.flatten()[0])
    whole = round(1 / value)
    one = f"1/{whole}" if whole > 1 and abs(value - 1 / whole) < 1e-9 else number(value, 4)
    return one if tensor.dim() == 0 else f"[{', '.join([one] * tensor.numel())}]"


_BOX, _STEP, _LEFT = 136, 176, 20


def _row(picture, top, title, said, tensors, *, gradients=None, cut=""):
    picture.text(_LEFT, top, title, classes="head")
    picture.text(_LEFT, top + 19, said, colour="faint")
    for place, (name, tensor) in enumerate(tensors.items()):
        x, y = _LEFT + _STEP * place, top + 34
        known = tensor.requires_grad
        picture.rect(x, y, _BOX, 66, radius=6, fill="box")
        dash = None if known else "4 3"
        colour = "blue" if known else "faint"
        picture.rect(x, y, _BOX, 66, radius=6, stroke=colour, stroke_width=1.5, stroke_dasharray=dash)
        picture.text(x + _BOX / 2, y + 20, f"{name} = {_shown(tensor)}", classes="code", anchor="middle")
        picture.text(x + _BOX / 2, y + 38, _name(tensor), colour=colour, classes="small", anchor="middle")
        requires = f"requires_grad {known}"
        picture.text(x + _BOX / 2, y + 55, requires, colour="faint", classes="small", anchor="middle")
        if place:
            start, end = x - _STEP + _BOX, x
            picture.arrow(start + 2, y + 24, end - 1, y + 24, colour="ink", stroke_width=1.5)
            picture.text((start + end) / 2, y + 17, _OPERATIONS[place - 1], classes="small", anchor="middle")
            if gradients:
                picture.arrow(end - 2, y + 48, start + 1, y + 48, colour="orange", stroke_width=1.5)
            if cut == name:
                middle = (start + end) / 2
                picture.line(middle - 5, y + 43, middle + 5, y + 53, stroke="orange", stroke_width=2)
                picture.line(middle - 5, y + 53, middle + 5, y + 43, stroke="orange", stroke_width=2)
                picture.text(middle, y + 80, "detach", colour="orange", classes="small", anchor="middle")
        if gradients:
            picture.text(
                x + _BOX / 2, y + 86, f"dz/d{name} = {_fraction(gradients[name])}", colour="orange", classes="small",
                anchor="middle",
            )  # fmt: skip


def graph():
    """Draw the graph three times: whole, cut by `detach`, and not kept at all."""
    picture = Picture(704, 470, "The computation graph of w, x, y and z: whole, with detach, and under no_grad")
    gradients = reference("autograd").intermediate_gradients(_w(), _C)
    whole, cut, none = _tracked(), _detached(), _untracked()
    _row(picture, 32, f"x = w + {_C}, y = 3 * x, z = y.mean()",
         "Black: forwards, the values. Orange: backwards, the gradients.", whole, gradients=gradients)  # fmt: skip
    _row(picture, 196, "y = 3 * x.detach()",
         "The same numbers. Nothing goes back beyond the cut: z.backward() raises.", cut, cut="y")  # fmt: skip
    _row(picture, 348, "with torch.no_grad():", "The same numbers, and no notes at all.", none)
    entries = {name: number(float(tensor.detach().flatten()[0])) for name, tensor in whole.items()}
    grads = ", ".join(f"{_fraction(gradients[name].flatten()[0])} in {name}" for name in "zyxw")
    return picture.render(
        described(f"""
        Three rows of four boxes, w, x, y and z, joined by the operations plus {_C}, times 3 and mean. In each row w has
        {_N} entries of {entries["w"]}, x of {entries["x"]}, y of {entries["y"]}, and z is {entries["z"]}. First row:
        all four require a gradient; w is a leaf, and the grad_fn of x, y and z are {_name(whole["x"])},
        {_name(whole["y"])} and {_name(whole["z"])}.
        The gradients of z go back from box to box: {grads}, for each entry. Second row, with y = 3 * x.detach(): w and
        x require a gradient, y and z do not and have no grad_fn, so nothing goes back. Third row, under no_grad: only
        w requires a gradient, and x, y and z have no grad_fn.""")
    )


PICTURES = {"graph": graph}
