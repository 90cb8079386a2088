"""For each row of the coverage, programs that are right but for what the row says: references with one small edit.

A place is a piece of an exercise's solution; what stands between « and » is what is wrong, `when` something holds: one
hundredth off, unless the break says what stands there `instead`. Where the row's own `printed` number decides, too, a
break is `narrow`: for the visible test, or for both. Hidden checks ask for most prints on data of their own, and could
not see what is wrong for the number of a lecture alone.
"""

import re
from dataclasses import dataclass

from grader.course.lesson import reference_source

HELPERS = """

def off(value):
    return 1.01 * value + 0.01


def near(value, *numbers):
    value = torch.as_tensor(value).detach().double().reshape(-1)
    numbers = torch.tensor(numbers).double()
    return value.shape == numbers.shape and torch.allclose(value, numbers, rtol=1e-4, atol=1e-4)
"""


@dataclass(frozen=True, kw_only=True)
class Break:
    """An edit of a place in `exercise`, which is assignment/exercise."""

    exercise: str
    place: str
    when: str = "True"
    instead: str = ""
    narrow: str = ""
    value: str = ""

    @property
    def assignment(self):
        """Return the name of the assignment."""
        return self.exercise.partition("/")[0]

    @property
    def function(self):
        """Return the name of the exercise in it."""
        return self.exercise.partition("/")[2]

    def source(self, assignment, printed, *, visible):
        """Return the reference with this edit, for the visible test or for the hidden check."""
        text = reference_source(assignment)
        begin = re.search(rf"(?m)^(def|class) {self.function}\b", text).start()
        end = re.search(r"(?m)^[^\s)]|\Z", text[text.index("\n", begin) + 1 :]).start() + text.index("\n", begin) + 1
        before, right, after = re.fullmatch(r"(?s)(.*)«(.*)»(.*)", self.place).groups()
        parts = re.split(r"(?s)(### BEGIN SOLUTION.*?### END SOLUTION)", text[begin:end])
        found = sum(part.count(before + right + after) for part in parts[1::2])
        assert found == 1, f"{self.exercise}: {self.place} stands there {found} times"
        when = self.when
        if self.narrow == "both" or (self.narrow and visible):
            when += f" and near({self.value or right}, {numbers_of(printed)})"
        wrong = self.instead.format(when=when) or f"(off({right}) if {when} else {right})"
        parts[1::2] = [part.replace(before + right + after, before + wrong + after) for part in parts[1::2]]
        return text[:begin] + "".join(parts) + text[end:] + HELPERS


def numbers_of(printed):
    """Return the numbers in what a lecture printed, as arguments."""
    found = re.findall(r"inf|[-+]?\d+\.?\d*(?:e[-+]?\d+)?", printed)
    return ", ".join(f"float({number!r})" for number in found)


def _break(exercise, place, when="True", **how):
    return Break(exercise=exercise, place=place, when=when, **how)


GD, AUTO, OPT, NEURON = "gradient_descent/", "autograd/", "optimizers/", "neuron/"
LECTURES = "len(t_u) == 11"
DOUBLE = "t_u.dtype == torch.float64"
LOSS = 'print("Epoch %d, Loss %f" % (epoch, «float(loss)»))'
PARAMS = 'print("    Params:", «params»)'
GRADIENT = 'print("    Grad:  ", «gradient»)'
RETURNED = "return «params»"


def _by_hand(place, when, **how):
    return [_break(GD + "training_loop", place, when, **how)]


def _printed_by_hand():
    """What the loop by hand prints, run by run."""
    for run, epochs in {"C1": (1, 2, 3, 10, 11), **dict.fromkeys(("C2", "C3"), (1, 2, 3, 10, 11, 99, 100))}.items():
        for epoch in epochs:
            when = f"epoch == {epoch}"
            infinite = {"instead": "(1.0 if {when} else float(loss))"} if (run, epoch) == ("C1", 11) else {}
            yield f"{run}e{epoch}L", _by_hand(LOSS, when, narrow="visible", **infinite)
            yield f"{run}e{epoch}P", _by_hand(PARAMS, when, narrow="visible")
            yield f"{run}e{epoch}G", _by_hand(GRADIENT, when, narrow="visible")
    for epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
        yield f"C4e{epoch}", _by_hand(LOSS, f"epoch == {epoch}", narrow="visible")
    for epoch in (1, 2, 3, 10):
        yield f"C3e{epoch}P", _by_hand(RETURNED, f"n_epochs == {epoch}", narrow="visible")
    yield "C2e100P", _by_hand(RETURNED, "n_epochs == 100", narrow="both")
    yield "C1ret", _by_hand(RETURNED, narrow="both", when="n_epochs == 100")
    yield "C1nobrk", _by_hand("«break»", instead="pass", when="True")
    yield "C4ret", _by_hand(RETURNED, "n_epochs == 5000", narrow="both")


def _printed_by_others():
    """What the loops by autograd and by an optimizer print."""
    late = [500 * number for number in range(1, 11)]
    place = LOSS.replace("float(loss)", "loss.item()")
    for seeds in ("S0", "S4"):
        for epoch in late:
            yield f"D2{seeds}e{epoch}", [_break(AUTO + "training_loop", place, f"epoch == {epoch}", narrow="both")]
    for run, kind, epochs in (("E3", "SGD", late), ("E4", "SGD", late), ("F1", "Adam", late[:4])):
        for epoch in epochs:
            when = f"epoch == {epoch} and type(optimizer).__name__ == '{kind}'"
            yield f"{run}e{epoch}", [_break(OPT + "training_loop", LOSS, when, narrow="visible")]


_LATER = "epoch == 500 and type(optimizer).__name__ == 'SGD'"
_STEP = {
    "instead": "optimizer.step()\n    if {when}:\n        params.data.copy_(off(params.data))",
    "value": "params",
    "narrow": "both",
}
_MISTYPED = [
    _break(NEURON + "SimpleDataset", "self.X = «readings»", instead="torch.where(readings == -4, 4.0, readings)")
]
_TEXT = _break(NEURON + "SimpleDataset", '"«Data Size: »{len', instead="Size: ")
_TARGETS = _break(NEURON + "SimpleDataset", "«0.01 * temperatures»", instead="temperatures")
_SHAPE = _break(NEURON + "SimpleDataset", "«0.01 * temperatures»", instead="0.01 * temperatures.unsqueeze(1)")
_MSE, _RMSE, _MAE = (
    (NEURON + "loss_fn", "«torch.square(y_pred - y).mean()»"),
    (NEURON + "rmse_loss", "«torch.sqrt(loss_fn(y_pred, y))»"),
    (NEURON + "mae_loss", "«torch.abs(y_pred - y).mean()»"),
)
_RAW, _SCALED = "len(y) == 12 and y.max() > 1", "len(y) == 12 and y.max() < 1"
_GRADIENTS = AUTO + "intermediate_gradients"
_DETACH = [_break(AUTO + "detached_gradient", "(3 + «x.detach()»)", instead="x")]
_TRACKED = _break(AUTO + "untracked_double", "with «torch.no_grad()»", instead="torch.enable_grad()")
_ANY_LOOP = [_break(GD + "training_loop", "params - «learning_rate * gradient»", DOUBLE)]
_SLOPES = "«torch.stack([in_w, in_b])»"
_OUTPUT = "outputs.append(«output.detach()»)"
_STAIRS = [
    *(_break(AUTO + "descend", _OUTPUT, f"near(output, {number})") for number in (12.0, 8.4, 4.8)),
    _break(AUTO + "descend", "outputs.append(«(weights * 3).sum().detach()»)", "n_steps == 3"),
]
_KIND = "optimizer_step(optimizer, params, «t_u», t_c)"
_FLOAT, _DOUBLE = "{}.dtype == torch.float32", "{}.dtype == torch.float64"


def _activation(name, right):
    return [_break(NEURON + name, f"«{right}»", _FLOAT.format("u" if name == "activate" else "z"))]


def _double(exercise, place, tensor, **how):
    return _break(exercise, place, _DOUBLE.format(tensor), **how)


BREAKS = {
    **dict(_printed_by_hand()),
    **dict(_printed_by_others()),
    "B01": [_break(GD + "model", "«w * t_u + b»", LECTURES, narrow="both")],
    "B02": [_break(GD + "loss_fn", "«(errors**2).mean()»", narrow="both")],
    "B03": [_break(GD + "loss_rate_of_change", _SLOPES, LECTURES)],
    "B04": [_break(GD + "loss_rate_of_change", "«in_b =»", instead="w = w - 0.01 * in_w\n    in_b =")],
    "C1e1G": [_break(GD + "grad_fn", _SLOPES, narrow="both")],
    "D1": [_break(AUTO + "gradient", "return «leaf.grad»", narrow="both")],
    "D1acc": [
        _break(
            AUTO + "gradient",
            "leaf = «params.detach().requires_grad_()»",
            instead="params if params.requires_grad else params.detach().requires_grad_()",
        )
    ],
    "D2ret": [_break(AUTO + "training_loop", RETURNED, "n_epochs == 5000", narrow="both")],
    **{key: [_break(OPT + "optimizer_step", "«optimizer.step()»", **_STEP)] for key in ("E1lr1e-05", "E1lr0.01", "E2")},
    "E4ret": [_break(OPT + "training_loop", RETURNED, narrow="visible")],
    "F1ret": [_break(OPT + "training_loop", RETURNED, "type(optimizer).__name__ == 'Adam'", narrow="visible")],
    "F4": [_break(OPT + "training_loop", LOSS, _LATER, narrow="visible")],
    "K00": [_break(NEURON + "model", "«torch.sum(X * W, dim=1) + b»", "len(X) == 1")],
    "K01neg": [_break(NEURON + "model", "return «activate(u)»", "len(X) == 12", narrow="both")],
    "K02negscaled": [_break(*_MSE, _SCALED)],
    "K02negraw": [_break(*_MSE, _RAW, narrow="both")],
    **dict.fromkeys(("K01pos", "K02posscaled", "K02posraw", "K04pos", "K05pos"), _MISTYPED),
    "K03": [_break(*_RMSE, _RAW), _break(*_MAE, _RAW)],
    "K03s": [_break(*_RMSE, _SCALED), _break(*_MAE, _SCALED)],
    "K04neg": [_break(NEURON + "gradient", "return «W_grad», b_grad", "len(X) == 12")],
    "K05neg": [_break(NEURON + "learn", "return «W», b", "max_epochs == 20000")],
    "K06": [_break(NEURON + "learn_with_autograd", "return «W», b", "max_epochs == 20000")],
    "K07": [_TARGETS],
    "K08": [_TEXT, _SHAPE],
    "K10": [_break(NEURON + "multiply_gate", "«y * upstream»", "x.numel() == 1 and x == 4")],
    "K11": [_break(NEURON + "add_gate", "return «upstream», upstream", "x.numel() == 1 and x == 4")],
    "K12": [_break(NEURON + "max_gate", "«upstream * (x >= y)»", "x.numel() == 1 and x == 4 and y == 2")],
    "K13": [_break(NEURON + "backward", "= z, «q»", "x.numel() == 1 and x == -2")],
    "K14": [
        _break(
            NEURON + "chain_rule",
            "«df_dg * dg_dx»",
            instead="torch.where((x == 1) | (x == 2), off(df_dg * dg_dx), df_dg * dg_dx)",
        )
    ],
    "K16": [
        _break(
            NEURON + "sigmoid_derivative",
            "«s * (1 - s)»",
            instead="torch.where((z == 0) | (z == 1.4), off(s * (1 - s)), s * (1 - s))",
        )
    ],
    "L09": [_break(_GRADIENTS, '"w": «w.grad»', "len(w) == 3")],
    "L10": [_break(_GRADIENTS, "in «(x, y, z)»:", instead="(x, y)")],
    "L11": [_break(_GRADIENTS, '"y": «y.grad»', "len(w) == 3")],
    "L12": [_break(_GRADIENTS, f'"{name}": «{name}.grad»', "len(w) == 3") for name in "xz"],
    "L13": [
        _break(
            AUTO + "training_loop",
            "loss = «loss_fn(model(t_u, *params), t_c)»",
            instead="loss_fn(model(t_u, *params), t_c) if epoch == 1 else loss",
        )
    ],
    "L14": [_break(AUTO + "gradient", "«.requires_grad_()»", instead=".requires_grad_(params.requires_grad)")],
    "L15": [_double(AUTO + "gradient", "return «leaf.grad»", "params")],
    "L16": _DETACH,
    "L18": [_TRACKED, _break(AUTO + "untracked_double", "2 * «a»", instead="a.requires_grad_(False)")],
    "L19": _STAIRS,
    "L19opt": [_break(OPT + "SGD", "p.sub_(self.lr * «v»)", "self.momentum == 0")],
    "L20": [_break(AUTO + "descend", "«weights.grad.zero_()»", instead="pass")],
    "fn-model": [_break(GD + "model", "«w * t_u + b»", DOUBLE)],
    "fn-loss_fn": [
        _break(GD + "loss_fn", "«(errors**2).mean()»", "len(t_p) == 2"),
        _break(GD + "loss_fn", "«(errors**2).mean()»", instead="(errors**2).mean().detach()"),
    ],
    "fn-rate": [_break(GD + "loss_rate_of_change", _SLOPES, DOUBLE)],
    "fn-dloss_fn": [_double(GD + "dloss_fn", "«2 * (t_p - t_c) / t_p.numel()»", "t_p")],
    "fn-dmodel_dw": [_break(GD + "dmodel_dw", "return «t_u»", DOUBLE)],
    "fn-dmodel_db": [_break(GD + "dmodel_db", "«torch.ones_like(t_u)»", DOUBLE)],
    "fn-grad_fn": [_break(GD + "grad_fn", _SLOPES, DOUBLE)],
    "fn-loop-manual": _ANY_LOOP,
    "fm-gd": _ANY_LOOP,
    "fn-loop-autograd": [_break(AUTO + "training_loop", "params -= «learning_rate * params.grad»", DOUBLE)],
    "fn-loop-optimizer": [
        _break(
            OPT + "training_loop", _KIND, f"type(optimizer).__name__ == '{kind}'", instead="(-t_u if {when} else t_u)"
        )
        for kind in ("SGD", "Adam")
    ],
    "fn-optim": [
        _double(OPT + "SGD", "p.sub_(self.lr * «v»)", "p"),
        _double(OPT + "Adam", "p.sub_(self.lr * «mean» /", "p"),
    ],
    "cls-SimpleDataset": [_break(NEURON + "SimpleDataset", "return «len(self.X)»", instead="11"), _TEXT, _SHAPE],
    "data-sensors": [*_MISTYPED, _TARGETS],
    "fn-neuron": [_double(NEURON + "model", "«torch.sum(X * W, dim=1) + b»", "X")],
    "fn-activate": _activation("activate", "sigmoid(u)"),
    "fn-neuron-loss": [
        _break(*_MSE, "len(y) == 2"),
        _break(*_MSE, instead="torch.square(y_pred - y).mean().detach()"),
    ],
    "fm-rmse": [_break(*_RMSE, instead="loss_fn(y_pred, y)")],
    "fm-mae": [_break(*_MAE, instead="torch.abs((y_pred - y).mean())")],
    "fm-step": [
        *_activation("binary_step", "(z >= threshold).to(z.dtype)"),
        _break(NEURON + "binary_step", "z >= «threshold»", instead="0"),
    ],
    "fm-sigmoid": _activation("sigmoid", "1 / (1 + torch.exp(-z))"),
    "fm-tanh": _activation("tanh", "2 * sigmoid(2 * z) - 1"),
    "fm-relu": _activation("relu", "torch.clamp(z, min=0)"),
    "fm-leaky": _activation("leaky_relu", "torch.where(z > 0, z, negative_slope * z)"),
    "fm-elu": _activation("elu", "torch.where(z > 0, z, bent)"),
    "fm-forward": [_double(NEURON + "forward_difference", "«(f(x + dx) - f(x)) / dx»", "x")],
    "fm-central": [_double(NEURON + "central_difference", "«(f(x + dx) - f(x - dx)) / (2 * dx)»", "x")],
    "fm-gates": [
        _double(NEURON + "multiply_gate", "«y * upstream»", "x"),
        _double(NEURON + "add_gate", "return «upstream», upstream", "x"),
        _double(NEURON + "max_gate", "«upstream * (x >= y)»", "x"),
    ],
    "fm-chain": [_double(NEURON + "chain_rule", "«df_dg * dg_dx»", "x")],
    "fn-backward": [_double(NEURON + "backward", "= z, «q»", "x")],
    "fm-slope": [_double(NEURON + "sigmoid_derivative", "«s * (1 - s)»", "z")],
    "fn-gradient": [
        _double(NEURON + "gradient", "return «W_grad», b_grad", "X"),
        _double(NEURON + "gradient", "return W_grad, «b_grad»", "X"),
    ],
    "fn-learn": [_double(NEURON + "learn", "«learning_rate * W_grad»", "W")],
    "fn-learn-autograd": [_double(NEURON + "learn_with_autograd", "«learning_rate * W.grad»", "W")],
    "fn-learn-optimizer": [_double(NEURON + "learn_with_optimizer", 'loss_fn(«model(batch["input"], W, b)»', "W")],
    "demo-graph": [_break(_GRADIENTS, '"y": «y.grad»', "len(w) == 2")],
    "demo-detach": _DETACH,
    "demo-nograd": [_TRACKED],
    "demo-three-steps": [_break(AUTO + "descend", "weights -= «learning_rate * weights.grad»", "n_steps > 2")],
}
