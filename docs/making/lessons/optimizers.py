"""The pictures of `optimizers`: three paths through the valley, and what an optimizer holds, reads and moves."""

from functools import cache

from docs.making.axes import Axes
from docs.making.lessons.gradient_descent import SCALED, curvature, exact, loss_at, start
from docs.making.reference import described, reference
from docs.making.svg import Picture, number

__all__ = ["PICTURES"]

_EPOCHS = 400
_MAKERS = {
    "plain descent": lambda lesson, params: lesson.SGD([params], lr=1e-2),
    "momentum": lambda lesson, params: lesson.SGD([params], lr=1e-2, momentum=0.9),
    "Adam": lambda lesson, params: lesson.Adam([params], lr=0.1),
}
_SETTINGS = {"plain descent": "lr 1e-2", "momentum": "lr 1e-2, momentum 0.9", "Adam": "lr 0.1"}
_COLOURS = {"plain descent": "blue", "momentum": "orange", "Adam": "green"}
_DASHES = {"plain descent": None, "momentum": None, "Adam": "6 3"}


@cache
def _path(kind):
    """Return where the lesson's own optimizer leads the lesson's own step, epoch for epoch."""
    lesson = reference("optimizers")
    params = start().requires_grad_()
    optimizer, path = _MAKERS[kind](lesson, params), [tuple(params.tolist())]
    for _ in range(_EPOCHS):
        lesson.optimizer_step(optimizer, params, lesson.t_un, lesson.t_c)
        path.append(tuple(params.tolist()))
    return path


def optimizer_paths():
    """Draw where plain descent, momentum and Adam come by in the same number of epochs."""
    picture = Picture(720, 470, "The paths of plain descent, momentum and Adam through the same valley")
    axes = Axes(picture, (64, 30, 400, 376), (0, 8), (-20, 3))
    axes.frame("", "w, on the scaled readings t_un", "b", range(0, 9, 2), range(-20, 1, 5))
    best = exact(SCALED)
    lowest = loss_at(reference("optimizers").t_un, best)
    levels = (5, 10, 20, 40, 80, 160)
    axes.clipped()
    for level in levels:
        axes.bowl(best, curvature(SCALED), level - lowest)
    for kind in _MAKERS:
        axes.line(_path(kind), _COLOURS[kind], width=2.5, dash=_DASHES[kind])
    picture.unclip()
    for kind in _MAKERS:
        axes.dots(_path(kind)[100::100], _COLOURS[kind], radius=4)
    picture.circle(*axes.at(*best), 8, stroke="ink", stroke_width=1.5)
    x, y = axes.at(*_path("plain descent")[0])
    axes.dots([_path("plain descent")[0]], "ink", radius=4.5)
    picture.text(x - 4, y - 8, "start", halo=True)
    losses = {kind: loss_at(reference("optimizers").t_un, _path(kind)[-1]) for kind in _MAKERS}
    for row, kind in enumerate(_MAKERS):
        y = 70 + 76 * row
        picture.line(482, y - 5, 506, y - 5, stroke=_COLOURS[kind], stroke_width=2.5, stroke_dasharray=_DASHES[kind])
        picture.text(514, y, kind, colour=_COLOURS[kind], classes="head")
        picture.text(514, y + 18, _SETTINGS[kind], colour="faint")
        picture.text(514, y + 36, f"loss {number(losses[kind], 4)} after {_EPOCHS} epochs")
    picture.text(482, 310, "A dot for every 100 epochs.", colour="faint", classes="small")
    picture.text(482, 328, "The ring is the lowest point,", colour="faint", classes="small")
    picture.text(482, 344, f"with a loss of {number(lowest, 4)}.", colour="faint", classes="small")
    ends = {kind: f"w = {number(at[0], 2)}, b = {number(at[1], 2)}" for kind in _MAKERS for at in [_path(kind)[-1]]}
    return picture.render(
        described(f"""
        A map of the loss over w and b with scaled readings, and three paths from w = 1, b = 0, each of {_EPOCHS}
        epochs. Plain descent ({_SETTINGS["plain descent"]}) drops into the valley at once and creeps along its floor to
        {ends["plain descent"]}, with a loss of {number(losses["plain descent"], 4)}. Momentum
        ({_SETTINGS["momentum"]}) swings across the floor at first, as far as w =
        {number(max(w for w, _ in _path("momentum")), 2)}, and comes to {ends["momentum"]}, with a loss of
        {number(losses["momentum"], 4)}. Adam ({_SETTINGS["Adam"]}) moves w and b by steps of like size, and comes to
        {ends["Adam"]}, with a loss of {number(losses["Adam"], 4)}. The lowest point has {number(lowest, 4)}.""")
    )


def _pair(tensor, digits=4):
    return f"[{', '.join(number(value, digits) for value in tensor.tolist())}]"


def _one_step():
    """Return the loss and the numbers of one step of the lesson's: before, the gradient, after."""
    lesson = reference("optimizers")
    params = start().requires_grad_()
    before, optimizer = params.detach().clone(), lesson.SGD([params], lr=1e-2)
    loss = lesson.optimizer_step(optimizer, params, lesson.t_un, lesson.t_c)
    return loss, before, params.grad, params.detach()


def _station(picture, place, letter, title, params, grad, said, *, active):
    """Draw one of the four pictures: the optimizer, the parameters with their gradient, the loss."""
    left, top = 16 + 352 * (place % 2), 16 + 216 * (place // 2)
    picture.rect(left, top, 336, 200, radius=6, fill="box")
    picture.text(left + 14, top + 26, letter, colour="purple", classes="head")
    picture.text(left + 34, top + 26, title, classes="head")
    boxes = {"optimizer": (14, 64, 92, 48), "params": (148, 46, 174, 84)}
    for name, (x, y, width, height) in boxes.items():
        strong = name in active
        colour = "purple" if strong else "faint"
        picture.rect(left + x, top + y, width, height, radius=5, fill="paper")
        picture.rect(left + x, top + y, width, height, radius=5, stroke=colour)
    picture.text(left + 60, top + 92, "optimizer", anchor="middle")
    picture.text(left + 158, top + 66, "params", classes="code")
    picture.text(left + 158, top + 86, params, classes="code small", colour="purple" if "values" in active else "ink")
    picture.text(left + 158, top + 104, ".grad", classes="code")
    picture.text(left + 158, top + 122, grad, classes="code small", colour="purple" if "grad" in active else "ink")
    for row, line in enumerate(said):
        picture.text(left + 14, top + 168 + 18 * row, line, colour="faint")
    return left, top


def optimizer_steps():
    """Draw the optimizer that holds the parameters, the loss, `backward`, and `step`."""
    loss, before, grad, after = _one_step()
    picture = Picture(720, 448, "What an optimizer holds, reads and moves, in four steps")
    wide = 2.0

    left, top = _station(
        picture, 0, "A", "It holds the parameters", _pair(before), "None",
        ("SGD([params], lr=1e-2) keeps the tensor", "itself, not a copy of its numbers."), active={"optimizer"},
    )  # fmt: skip
    picture.arrow(left + 106, top + 78, left + 147, top + 78, colour="purple", stroke_width=wide)
    picture.text(left + 127, top + 70, "holds", colour="purple", classes="small", anchor="middle")

    left, top = _station(
        picture, 1, "B", "A loss is computed", _pair(before), "None",
        ("The model uses params and the data. The", "optimizer sees neither data nor loss."), active={"params"},
    )  # fmt: skip
    picture.arrow(left + 172, top + 130, left + 172, top + 149, colour="purple", stroke_width=wide)
    picture.text(left + 184, top + 146, f"loss {number(float(loss), 4)}", classes="code", colour="purple")

    left, top = _station(
        picture, 2, "C", "backward fills .grad", _pair(before), _pair(grad),
        ("loss.backward() writes the gradient", "beside the parameters."), active={"grad"},
    )  # fmt: skip
    picture.arrow(left + 172, top + 149, left + 172, top + 131, colour="purple", stroke_width=wide)
    picture.text(left + 184, top + 146, f"loss {number(float(loss), 4)}", classes="code")

    left, top = _station(
        picture, 3, "D", "step reads .grad and moves", _pair(after), _pair(grad),
        ("optimizer.step() makes params - lr * grad,", "in place. zero_grad() empties .grad."),
        active={"optimizer", "values"},
    )  # fmt: skip
    picture.arrow(left + 147, top + 118, left + 94, top + 113, colour="purple", stroke_width=wide)
    picture.text(left + 118, top + 132, "reads", colour="purple", classes="small", anchor="middle")
    picture.arrow(left + 106, top + 82, left + 147, top + 82, colour="purple", stroke_width=wide)
    picture.text(left + 127, top + 74, "moves", colour="purple", classes="small", anchor="middle")
    return picture.render(
        described(f"""
        Four steps of one update. A: the optimizer holds params, the tensor itself, with the values
        {_said(before)} and no gradient yet. B: a loss is computed from params and the data, here
        {number(float(loss), 4)}; the optimizer has no part in it. C: loss.backward() fills params.grad with
        {_said(grad)}. D: optimizer.step() reads params.grad and moves params in place, with a learning rate of 1e-2
        to {_said(after)}. optimizer.zero_grad() then empties params.grad for the next update.""")
    )


def _said(tensor):
    return " and ".join(number(value, 4) for value in tensor.tolist())


PICTURES = {"optimizer_paths": optimizer_paths, "optimizer_steps": optimizer_steps}
