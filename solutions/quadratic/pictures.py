# PRIVATE chainrule-canary-73b00d19f76f4b19
"""What the pictures of your loops ask: small examples, of which the first is drawn in which yours differs.

Each function runs a loop from the same start for more and more epochs, and keeps what came back.
"""

import torch

T_U = torch.tensor([2.0, 3.0, -1.6, 0.6, -2.2, 2.5, -3.2], dtype=torch.float64)
T_C = torch.tensor([9.5, 5.0, 11.0, -4.5, 26.0, 12.5, 28.0], dtype=torch.float64)
START = {"params": torch.tensor([1.5, -4.0, 7.0], dtype=torch.float64), "t_u": T_U, "t_c": T_C}
PARTS = {"training": torch.tensor([6, 0, 3, 5, 2]), "validation": torch.tensor([4, 1])}
SMALL = "seven other samples, from w2 = 1.5, w1 = -4, b = 7"
FIVE = f"{SMALL}, five train, two validate"


def trained(module, epochs, params, t_u, t_c, learning_rate):
    """Train anew for each of these numbers of epochs; keep what came back, and the params that were given."""
    back, given = [], []
    for n_epochs in epochs:
        own = params.clone()
        back.append(module.training_loop(n_epochs, learning_rate, own, t_u.clone(), t_c.clone()))
        given.append(own)
    return {"back": back, "given": given}


def fitted(module, epochs, params, t_u, t_c, training, validation, learning_rate):
    """Fit anew for each of these numbers of epochs; keep the params with the sums of both kinds of losses."""
    back, given = [], []
    for n_epochs in epochs:
        own = params.clone()
        parts = training.clone(), validation.clone()
        found, *losses = module.fit(n_epochs, learning_rate, own, t_u.clone(), t_c.clone(), *parts)
        sums = [torch.as_tensor(part).double().sum() for part in losses]
        back.append([*found, *sums])
        given.append([*own, *sums])
    return {"back": back, "given": given}


def mean_square(point, params, t_u, t_c, learning_rate):
    """Return the loss of the parabola."""
    w2, w1, b = point
    return ((w2 * t_u**2 + w1 * t_u + b - t_c) ** 2).mean()


VIEWS = {"back": "", "given": "the params that the caller keeps"}
PICTURES = {
    "training_loop": {
        "axis": "epoch",
        "names": ("w2", "w1", "b"),
        "loss": mean_square,
        "views": VIEWS,
        "cases": (
            {
                "said": f"{SMALL}, learning rate 0.02",
                "epochs": tuple(range(13)),
                "ask": trained,
                "arguments": {**START, "learning_rate": 0.02},
            },
            {
                "said": f"{SMALL}, float64, a tiny learning rate of 1e-9",
                "epochs": tuple(range(9)),
                "ask": trained,
                "arguments": {**START, "learning_rate": 1e-9},
            },
            {
                "said": f"{SMALL}, learning rate 0.00001, many epochs",
                "epochs": (0, 400, 800, 1200),
                "ask": trained,
                "arguments": {**START, "learning_rate": 1e-5},
                "late": True,
            },
        ),
    },
    "fit": {
        "axis": "epoch",
        "names": ("w2", "w1", "b", "total training loss", "total validation loss"),
        "views": VIEWS,
        "cases": (
            {
                "said": f"{FIVE}, learning rate 0.02",
                "epochs": tuple(range(13)),
                "ask": fitted,
                "arguments": {**START, **PARTS, "learning_rate": 0.02},
            },
            {
                "said": f"{FIVE}, float64, a tiny learning rate of 1e-9",
                "epochs": tuple(range(9)),
                "ask": fitted,
                "arguments": {**START, **PARTS, "learning_rate": 1e-9},
            },
            {
                "said": f"{FIVE}, learning rate 0.00001, many epochs",
                "epochs": (0, 400, 800, 1200),
                "ask": fitted,
                "arguments": {**START, **PARTS, "learning_rate": 1e-5},
                "late": True,
            },
        ),
    },
}
