# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""What the pictures of your loops ask: small examples, of which the first is drawn in which yours differs.

Each function runs a loop from the same start for more and more epochs, and keeps what came back.
"""

import torch

START = {
    "params": torch.tensor([1.5, 3.5], dtype=torch.float64),
    "t_u": torch.tensor([2.0, 4.0, 9.0, 3.0, 7.0], dtype=torch.float64),
    "t_c": torch.tensor([10.5, 7.5, 12.0, -4.0, 21.0], dtype=torch.float64),
}
SMALL = "five samples, a start at w = 1.5 and b = 3.5, SGD with"


def trained(module, epochs, params, t_u, t_c, lr, momentum):
    """Train anew for each of these numbers of epochs; keep what came back, and the params that were given."""
    back, given = [], []
    for n_epochs in epochs:
        leaf = params.clone().requires_grad_()
        optimizer = torch.optim.SGD([leaf], lr=lr, momentum=momentum)
        back.append(module.training_loop(n_epochs, optimizer, leaf, t_u.clone(), t_c.clone()))
        given.append(leaf)
    return {"back": back, "given": given}


def continued(module, epochs, params, t_u, t_c, lr, momentum):
    """Train by one and the same optimizer, one call for each epoch; keep the params after each call."""
    leaf = params.clone().requires_grad_()
    optimizer = torch.optim.SGD([leaf], lr=lr, momentum=momentum)
    given = [leaf.detach().clone()]
    for _ in epochs[1:]:
        module.training_loop(1, optimizer, leaf, t_u.clone(), t_c.clone())
        given.append(leaf.detach().clone())
    return {"back": given, "given": given}


def trained_in_batches(module, epochs, params, t_u, t_c, lr, momentum, batch_size):
    """Train anew for each of these numbers of epochs; keep what came back."""
    back = []
    for n_epochs in epochs:
        leaf = params.clone().requires_grad_()
        optimizer = torch.optim.SGD([leaf], lr=lr, momentum=momentum)
        generator = torch.Generator().manual_seed(2)
        data = t_u.clone(), t_c.clone()
        back.append(module.minibatch_training_loop(n_epochs, optimizer, leaf, *data, batch_size, generator))
    return {"back": back}


def mean_square(point, params, t_u, t_c, **_):
    """Return the loss of the line through w and b."""
    w, b = point
    return ((w * t_u + b - t_c) ** 2).mean()


PICTURES = {
    "training_loop": {
        "axis": "epoch",
        "names": ("w", "b"),
        "loss": mean_square,
        "views": {"back": "", "given": "the params that the optimizer holds"},
        "cases": (
            {
                "said": f"{SMALL} lr=0.01 and momentum=0.8",
                "epochs": tuple(range(13)),
                "ask": trained,
                "arguments": {**START, "lr": 0.01, "momentum": 0.8},
            },
            {
                "said": f"{SMALL} lr=0.01 and momentum=0.8, one call for each epoch",
                "epochs": tuple(range(13)),
                "ask": continued,
                "arguments": {**START, "lr": 0.01, "momentum": 0.8},
            },
            {
                "said": f"{SMALL} lr=0.00001, many epochs",
                "epochs": (0, 500, 1000),
                "ask": trained,
                "arguments": {**START, "lr": 1e-5, "momentum": 0.0},
                "late": True,
            },
        ),
    },
    "minibatch_training_loop": {
        "axis": "epoch",
        "names": ("w", "b"),
        "loss": mean_square,
        "views": {"back": ""},
        "cases": (
            {
                "said": f"{SMALL} lr=0.01, batches of 2",
                "epochs": tuple(range(9)),
                "ask": trained_in_batches,
                "arguments": {**START, "lr": 0.01, "momentum": 0.0, "batch_size": 2},
            },
            {
                "said": f"{SMALL} lr=0.01 and momentum=0.8, batches of 2",
                "epochs": tuple(range(17)),
                "ask": trained_in_batches,
                "arguments": {**START, "lr": 0.005, "momentum": 0.8, "batch_size": 2},
            },
        ),
    },
}
