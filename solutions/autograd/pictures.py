# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""What the pictures of your loops ask: small examples, of which the first is drawn in which yours differs.

Each function runs a loop from the same start for more and more epochs, and keeps what came back.
"""

import torch

START = {
    "params": torch.tensor([2.5, 1.5], dtype=torch.float64),
    "t_u": torch.tensor([2.0, 3.0, 7.0], dtype=torch.float64),
    "t_c": torch.tensor([10.5, 4.0, 17.0], dtype=torch.float64),
}
SMALL = "three samples, a start at w = 2.5 and b = 1.5"
WEIGHTS = torch.tensor([7.0, 2.5, 4.0], dtype=torch.float64)


def trained(module, epochs, params, t_u, t_c, learning_rate):
    """Train anew for each of these numbers of epochs; keep what came back."""
    back = []
    for n_epochs in epochs:
        leaf = params.clone().requires_grad_()
        back.append(module.training_loop(n_epochs, learning_rate, leaf, t_u.clone(), t_c.clone()))
    return {"back": back}


def descended(module, epochs, weights, learning_rate):
    """Descend one step, and from the same start so many steps; keep the outputs of the second descent."""
    module.descend(weights.clone().requires_grad_(), 1, learning_rate)
    outputs = module.descend(weights.clone().requires_grad_(), epochs[-1], learning_rate)
    if isinstance(outputs, torch.Tensor):
        outputs = list(outputs.reshape(-1))
    return {"back": outputs if isinstance(outputs, list) else [outputs]}


def mean_square(point, params, t_u, t_c, learning_rate):
    """Return the loss of the line through w and b."""
    w, b = point
    return ((w * t_u + b - t_c) ** 2).mean()


PICTURES = {
    "training_loop": {
        "axis": "epoch",
        "names": ("w", "b"),
        "loss": mean_square,
        "views": {"back": ""},
        "cases": (
            {
                "said": f"{SMALL}, learning rate 0.01",
                "epochs": tuple(range(13)),
                "ask": trained,
                "arguments": {**START, "learning_rate": 0.01},
            },
            {
                "said": f"{SMALL}, float64, a tiny learning rate of 1e-9",
                "epochs": tuple(range(9)),
                "ask": trained,
                "arguments": {**START, "learning_rate": 1e-9},
            },
            {
                "said": f"{SMALL}, learning rate 0.00001, many epochs",
                "epochs": (0, 600, 1200),
                "ask": trained,
                "arguments": {**START, "learning_rate": 1e-5},
                "late": True,
            },
        ),
    },
    "descend": {
        "axis": "step",
        "names": ("output",),
        "views": {"back": ""},
        "cases": (
            {
                "said": "weights 7, 2.5 and 4, learning rate 0.3",
                "epochs": tuple(range(7)),
                "ask": descended,
                "arguments": {"weights": WEIGHTS, "learning_rate": 0.3},
            },
            {
                "said": "weights 7, 2.5 and 4 in float64, a tiny learning rate of 1e-9",
                "epochs": tuple(range(7)),
                "ask": descended,
                "arguments": {"weights": WEIGHTS, "learning_rate": 1e-9},
            },
        ),
    },
}
