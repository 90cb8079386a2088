# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Teaching examples of `neuron`: small numbers that tell mistakes apart, and are never scored.

Three samples and two inputs, so that N, F and two are told apart, and five where N - 1 or a factor 3 could
be taken for N; nothing is 0 or 1 where it need not be, and no two numbers are equal.
"""

import torch

from grader.course.teaching import teaching

Z = torch.tensor([-0.7, 1.3, 2.4])
FAR = torch.tensor([-150.0, 1.8, 160.0])  # beyond what e^z may be in float32
FARTHER = torch.tensor([-850.0, -1.6, 840.0], dtype=torch.float64)
LOSSES = {"y_pred": torch.tensor([0.5, 0.9, 0.4, 0.7, 0.1]), "y": torch.tensor([0.3, 0.2, 0.8, 0.6, 1.4])}
SIGNED = {"y_pred": torch.tensor([-2.5, 4.0, 1.5, 6.0]), "y": torch.tensor([3.5, -7.0, 8.0, 2.0])}
X = torch.tensor([[1.2, -0.7], [0.6, 1.5], [-0.9, 1.8]])
NEURON = {"W": torch.tensor([0.8, -0.5]), "b": torch.tensor([0.3]), "X": X, "y": torch.tensor([0.2, 0.9, 0.7])}
WIDER = {
    "W": torch.tensor([0.4, -0.6, 0.7], dtype=torch.float64),
    "b": torch.tensor([-0.2], dtype=torch.float64),
    "X": torch.tensor([[1.4, 0.9, -0.8], [-1.1, 1.7, 0.5], [1.6, -1.3, 2.1], [0.6, 1.9, 1.5]], dtype=torch.float64),
    "y": torch.tensor([0.3, 0.8, 0.1, 0.65], dtype=torch.float64),
}
GATE = {
    "x": torch.tensor([2.0, 5.0, -3.0]),
    "y": torch.tensor([7.0, 4.0, -6.0]),
    "upstream": torch.tensor([2.5, -1.5, 8.0]),
}
TABLE = {
    "x": torch.tensor([[3.0, -2.0], [6.0, 5.0]], dtype=torch.float64),
    "y": torch.tensor([[-4.0, 7.0], [9.0, -8.0]], dtype=torch.float64),
    "upstream": torch.tensor([[1.5, 0.5], [-2.5, 4.5]], dtype=torch.float64),
}
CURVE = "f = lambda v: 3 * v ** 3 - 2 * v; "
ONE_SAMPLE = {**NEURON, "X": torch.tensor([[-1.4, 0.6]]), "y": torch.tensor([0.8])}


def doubled(arguments):
    """Return the same arguments in float64."""
    return {name: item.double() if isinstance(item, torch.Tensor) else item for name, item in arguments.items()}


def sampled(module):
    """Make a data set after another one; return its length and one of its samples."""
    module.SimpleDataset()
    d = module.SimpleDataset()
    sample = d[7] if isinstance(d[7], dict) else {"sample": d[7]}
    return {"a Dataset": isinstance(d, torch.utils.data.Dataset), "length": len(d), **sample}


def measured_forward(module, x, dx):
    """Measure the slope of a curve; no function can be sent, so it is made here."""
    return module.forward_difference(lambda v: 3 * v**3 - 2 * v, x, dx)


def measured_central(module, x, dx):
    """Measure the slope of a curve; no function can be sent, so it is made here."""
    return module.central_difference(lambda v: 3 * v**3 - 2 * v, x, dx)


def learned(module, max_epochs, W, b, X, y, learning_rate):
    """Train; return what came back, and the W and b that were given."""
    found = module.learn(W, b, [{"input": X, "target": y}], max_epochs=max_epochs, learning_rate=learning_rate)
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        return {"answer": found}
    return {"new_W": found[0], "new_b": found[1], "W": W, "b": b}


def learned_with_autograd(module, max_epochs, W, b, X, y, learning_rate):
    """Train; return the W and b that were given, and what came back."""
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    batches = [{"input": X, "target": y}]
    found = module.learn_with_autograd(W, b, batches, max_epochs=max_epochs, learning_rate=learning_rate)
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        return {"W": W.detach(), "b": b.detach(), "answer": found}
    new = [item.detach() if isinstance(item, torch.Tensor) else item for item in found]
    return {"W": W.detach(), "b": b.detach(), "new_W": new[0], "new_b": new[1]}


def learned_with_optimizer(module, max_epochs, W, b, X, y, lr, momentum):
    """Train by an optimizer; return the W and b that were given, and what came back."""
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    optimizer = torch.optim.SGD([W, b], lr=lr, momentum=momentum)
    found = module.learn_with_optimizer(W, b, [{"input": X, "target": y}], optimizer, max_epochs=max_epochs)
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        return {"W": W.detach(), "b": b.detach(), "answer": found}
    new = [item.detach() if isinstance(item, torch.Tensor) else item for item in found]
    return {"W": W.detach(), "b": b.detach(), "new_W": new[0], "new_b": new[1]}


def followed_to_u(module, u):
    """Differentiate through activate."""
    u = u.clone().requires_grad_()
    module.activate(u).sum().backward()
    return u.grad


def followed_to_neuron(module, X, W, b):
    """Differentiate through the model."""
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    module.model(X, W, b).sum().backward()
    return {"W.grad": W.grad, "b.grad": b.grad}


def followed_loss(module, y_pred, y):
    """Differentiate through the loss."""
    y_pred = y_pred.clone().requires_grad_()
    module.loss_fn(y_pred, y).backward()
    return y_pred.grad


def followed_rmse(module, y_pred, y):
    """Differentiate through the loss."""
    y_pred = y_pred.clone().requires_grad_()
    module.rmse_loss(y_pred, y).backward()
    return y_pred.grad


def followed_mae(module, y_pred, y):
    """Differentiate through the loss."""
    y_pred = y_pred.clone().requires_grad_()
    module.mae_loss(y_pred, y).backward()
    return y_pred.grad


LOADER = "[{{'input': {X}, 'target': {y}}}]"
FOLLOWED = "y_pred = {y_pred}.requires_grad_(); loss(y_pred, {y}).backward()  ->  y_pred.grad"
LEAVES = "W, b = {W}.requires_grad_(), {b}.requires_grad_(); "

TEACHING = [
    teaching(
        "binary_step",
        {"z": torch.tensor([-2.5, 0.5, 1.5, 4.0, -3.5]), "threshold": 1.5},
        {"z": torch.tensor([[-3.5, -1.5], [-2.5, 3.0]], dtype=torch.float64), "threshold": -2.5},
    ),
    teaching("sigmoid", {"z": Z}, {"z": FAR}, {"z": FARTHER}),
    teaching("tanh", {"z": Z}, {"z": FAR}, {"z": FARTHER}),
    teaching(
        "relu",
        {"z": torch.tensor([-2.5, 1.5, 4.0])},
        {"z": torch.tensor([[3.5, -7.0], [-1.5, 6.0]], dtype=torch.float64)},
    ),
    teaching(
        "leaky_relu",
        {"z": torch.tensor([-2.5, 1.5, 4.0]), "negative_slope": 0.2},
        {"z": torch.tensor([[3.5, -7.0], [-1.5, 6.0]], dtype=torch.float64), "negative_slope": 0.03},
    ),
    teaching(
        "elu",
        {"z": torch.tensor([-0.7, 1.5, -2.5, 4.0]), "alpha": 1.7},
        {"z": FARTHER, "alpha": 0.6},
    ),
    teaching(
        "SimpleDataset",
        {},
        probe=sampled,
        shown="d = SimpleDataset(); isinstance(d, Dataset), len(d), d[7]",
    ),
    teaching("activate", {"u": Z}, {"u": FARTHER}),
    teaching(
        "activate",
        {"u": Z},
        probe=followed_to_u,
        shown="u = {u}.requires_grad_(); activate(u).sum().backward()  ->  u.grad",
    ),
    teaching(
        "model",
        {"X": X, "W": NEURON["W"], "b": NEURON["b"]},
        {"X": WIDER["X"], "W": WIDER["W"], "b": WIDER["b"]},
        {"X": ONE_SAMPLE["X"], "W": NEURON["W"], "b": NEURON["b"]},
    ),
    teaching(
        "model",
        {"X": X, "W": NEURON["W"], "b": NEURON["b"]},
        probe=followed_to_neuron,
        shown=LEAVES + "model({X}, W, b).sum().backward()  ->  W.grad, b.grad",
    ),
    teaching("loss_fn", LOSSES, doubled(SIGNED)),
    teaching("loss_fn", LOSSES, probe=followed_loss, shown=FOLLOWED.replace("loss", "loss_fn")),
    teaching("rmse_loss", LOSSES, doubled(SIGNED)),
    teaching("rmse_loss", LOSSES, probe=followed_rmse, shown=FOLLOWED.replace("loss", "rmse_loss")),
    teaching("mae_loss", LOSSES, doubled(SIGNED)),
    teaching("mae_loss", LOSSES, probe=followed_mae, shown=FOLLOWED.replace("loss", "mae_loss"), free=["y"]),
    teaching(
        "forward_difference",
        {"x": torch.tensor([1.5, -2.5, 2.0]), "dx": 0.4},
        {"x": torch.tensor([[0.5, -1.5], [2.5, 3.0]], dtype=torch.float64), "dx": 0.2},
        probe=measured_forward,
        shown=CURVE + "forward_difference(f, x={x}, dx={dx})",
        rtol=1e-4,  # a difference, in float32
    ),
    teaching(
        "central_difference",
        {"x": torch.tensor([1.5, -2.5, 2.0]), "dx": 0.4},
        {"x": torch.tensor([[0.5, -1.5], [2.5, 3.0]], dtype=torch.float64), "dx": 0.2},
        probe=measured_central,
        shown=CURVE + "central_difference(f, x={x}, dx={dx})",
        rtol=1e-4,  # a difference, in float32
    ),
    teaching(
        "chain_rule",
        {"x": torch.tensor([0.5, -1.5, 2.5, 2.0, -3.5])},
        {"x": torch.tensor([[-0.5, 1.5], [2.2, -3.0]], dtype=torch.float64)},
    ),
    teaching("add_gate", GATE, TABLE),
    teaching("multiply_gate", GATE, TABLE),
    teaching("max_gate", GATE, TABLE),
    teaching(
        "backward",
        {"x": torch.tensor(2.5), "y": torch.tensor(3.0), "z": torch.tensor(-7.0)},
        doubled({"x": torch.tensor([4.0, -1.5]), "y": torch.tensor([-9.0, 6.0]), "z": torch.tensor([3.0, 2.5])}),
    ),
    teaching("sigmoid_derivative", {"z": Z}, {"z": FAR}, {"z": FARTHER}),
    teaching("gradient", NEURON, WIDER, ONE_SAMPLE),
    teaching(
        "learn",
        {"max_epochs": 1, **NEURON, "learning_rate": 0.6},
        {"max_epochs": 3, **WIDER, "learning_rate": 0.4},
        probe=learned,
        shown="W, b = {W}, {b}; new_W, new_b = learn(W, b, "
        + LOADER
        + ", max_epochs={max_epochs}, learning_rate={learning_rate})",
    ),
    teaching(
        "learn_with_autograd",
        {"max_epochs": 1, **NEURON, "learning_rate": 0.6},
        {"max_epochs": 3, **WIDER, "learning_rate": 0.4},
        probe=learned_with_autograd,
        shown=LEAVES
        + "new_W, new_b = learn_with_autograd(W, b, "
        + LOADER
        + ", max_epochs={max_epochs}, learning_rate={learning_rate})",
    ),
    teaching(
        "learn_with_optimizer",
        {"max_epochs": 1, **NEURON, "lr": 0.6, "momentum": 0.8},
        {"max_epochs": 2, **WIDER, "lr": 0.4, "momentum": 0.0},
        {"max_epochs": 3, **WIDER, "lr": 0.3, "momentum": 0.8},
        probe=learned_with_optimizer,
        shown=LEAVES
        + "opt = torch.optim.SGD([W, b], lr={lr}, momentum={momentum}); new_W, new_b = learn_with_optimizer(W, b, "
        + LOADER
        + ", opt, max_epochs={max_epochs})",
    ),
]
