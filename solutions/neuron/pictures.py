# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""What the pictures of your loops ask: small examples, of which the first is drawn in which yours differs.

Each function runs a loop from the same start for more and more epochs, and keeps what came back. Its loader is no list,
and gives two batches by turns.
"""

import torch

START = {
    "W": torch.tensor([0.5, -0.75], dtype=torch.float64),
    "b": torch.tensor([0.25], dtype=torch.float64),
    "X": torch.tensor([[1.2, -0.7], [0.6, 1.5], [-0.9, 1.8], [1.6, 0.4]], dtype=torch.float64),
    "y": torch.tensor([0.2, 0.9, 0.7, 0.1], dtype=torch.float64),
}
NEAR = {**START, "y": torch.tensor([0.81, 0.36, 0.17, 0.70], dtype=torch.float64)}
SMALL = "two batches of two samples by turns, a start at W = (0.5, -0.75) and b = 0.25"


def learned(module, epochs, W, b, X, y, learning_rate):
    """Learn anew for each of these numbers of epochs; keep what came back, and the W and b that were given."""

    class Loader:
        def __init__(self):
            self.turns = 0

        def __iter__(self):
            half = slice(0, 2) if self.turns % 2 == 0 else slice(2, 4)
            self.turns += 1
            return iter([{"input": X[half].clone(), "target": y[half].clone()}])

    back, given = [], []
    for n_epochs in epochs:
        own = W.clone(), b.clone()
        rate = {} if learning_rate is None else {"learning_rate": learning_rate}
        back.append(module.learn(*own, Loader(), max_epochs=n_epochs, **rate))
        given.append(list(own))
    return {"back": back, "given": given}


def learned_with_autograd(module, epochs, W, b, X, y, learning_rate):
    """Learn anew for each of these numbers of epochs; keep what came back, and the W and b that were given."""

    class Loader:
        def __init__(self):
            self.turns = 0

        def __iter__(self):
            half = slice(0, 2) if self.turns % 2 == 0 else slice(2, 4)
            self.turns += 1
            return iter([{"input": X[half].clone(), "target": y[half].clone()}])

    back, given = [], []
    for n_epochs in epochs:
        own = W.clone().requires_grad_(), b.clone().requires_grad_()
        rate = {} if learning_rate is None else {"learning_rate": learning_rate}
        back.append(module.learn_with_autograd(*own, Loader(), max_epochs=n_epochs, **rate))
        given.append(list(own))
    return {"back": back, "given": given}


def learned_with_optimizer(module, epochs, W, b, X, y, learning_rate):
    """Learn anew for each of these numbers of epochs; keep what came back, and the W and b that were given."""

    class Loader:
        def __init__(self):
            self.turns = 0

        def __iter__(self):
            half = slice(0, 2) if self.turns % 2 == 0 else slice(2, 4)
            self.turns += 1
            return iter([{"input": X[half].clone(), "target": y[half].clone()}])

    back, given = [], []
    for n_epochs in epochs:
        own = W.clone().requires_grad_(), b.clone().requires_grad_()
        optimizer = torch.optim.SGD(own, lr=learning_rate, momentum=0.8)
        back.append(module.learn_with_optimizer(*own, Loader(), optimizer, max_epochs=n_epochs))
        given.append(list(own))
    return {"back": back, "given": given}


def mean_square(point, W, b, X, y, learning_rate):
    """Return the loss of the neuron on all samples."""
    return ((torch.sigmoid(X @ point[:-1] + point[-1]) - y) ** 2).mean()


def loop(ask, given, usual, cases):
    """Return the entry of one loop: the usual case, and more."""
    first = {"said": SMALL + usual[0], "epochs": tuple(range(13)), "ask": ask}
    return {
        "axis": "epoch",
        "names": ("W[0]", "W[1]", "b"),
        "loss": mean_square,
        "views": {"back": "", "given": given},
        "cases": ({**first, "arguments": {**START, "learning_rate": usual[1]}}, *cases),
    }


def late(ask, said, learning_rate):
    """Return the case of many epochs."""
    arguments = {**START, "learning_rate": learning_rate}
    epochs = (0, 600, 1200)
    return {"said": SMALL + said, "epochs": epochs, "ask": ask, "arguments": arguments, "late": True}


KEPT = "the W and b that the caller keeps"
PICTURES = {
    "learn": loop(
        learned,
        KEPT,
        (", learning rate 0.6", 0.6),
        (
            {
                "said": f"{SMALL}, learning rate 0.6, targets that are nearly met",
                "epochs": tuple(range(9)),
                "ask": learned,
                "arguments": {**NEAR, "learning_rate": 0.6},
            },
            {
                "said": f"{SMALL}, no learning rate given",
                "epochs": tuple(range(9)),
                "ask": learned,
                "arguments": {**START, "learning_rate": None},
            },
            late(learned, ", learning rate 0.0001, many epochs", 1e-4),
        ),
    ),
    "learn_with_autograd": loop(
        learned_with_autograd,
        KEPT,
        (", learning rate 0.6", 0.6),
        (late(learned_with_autograd, ", learning rate 0.0001, many epochs", 1e-4),),
    ),
    "learn_with_optimizer": loop(
        learned_with_optimizer,
        KEPT,
        (", SGD with lr=0.3 and momentum=0.8", 0.3),
        (late(learned_with_optimizer, ", SGD with lr=0.0001 and momentum=0.8, many epochs", 1e-4),),
    ),
}
