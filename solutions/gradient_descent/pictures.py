# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""What the picture of your loop asks: small examples, of which the first is drawn in which yours differs.

Each function runs the loop from the same start for more and more epochs, and keeps what came back.
"""

import torch

T_U = torch.tensor([2.0, 3.0, 7.0, 4.0, 6.0, 2.5, 5.5], dtype=torch.float64)
T_C = torch.tensor([-1.5, 2.0, 11.0, 4.5, 8.5, 0.5, 8.0], dtype=torch.float64)
START = {"params": torch.tensor([1.5, -4.0], dtype=torch.float64), "t_u": T_U, "t_c": T_C}
SMALL = "seven other samples, a start at w = 1.5 and b = -4"


def trained(module, epochs, params, t_u, t_c, learning_rate):
    """Train anew for each of these numbers of epochs; keep what came back, and the params that were given."""
    back, given = [], []
    for n_epochs in epochs:
        own = params.clone()
        back.append(module.training_loop(n_epochs, learning_rate, own, t_u.clone(), t_c.clone(), False))
        given.append(own)
    return {"back": back, "given": given}


def mean_square(point, params, t_u, t_c, learning_rate):
    """Return the loss of the line through w and b."""
    w, b = point
    return ((w * t_u + b - t_c) ** 2).mean()


PICTURES = {
    "training_loop": {
        "axis": "epoch",
        "names": ("w", "b"),
        "loss": mean_square,
        "views": {"back": "", "given": "the params that the caller keeps"},
        "cases": (
            {
                "said": f"{SMALL}, learning rate 0.01",
                "epochs": tuple(range(13)),
                "ask": trained,
                "arguments": {**START, "learning_rate": 0.01},
            },
            {
                "said": f"{SMALL}, learning rate 0.03",
                "epochs": tuple(range(9)),
                "ask": trained,
                "arguments": {**START, "learning_rate": 0.03},
            },
            {
                "said": f"{SMALL}, float64, a tiny learning rate of 1e-9",
                "epochs": tuple(range(9)),
                "ask": trained,
                "arguments": {**START, "learning_rate": 1e-9},
            },
            {
                "said": f"{SMALL}, a learning rate of 1e28, by which the loss becomes infinite",
                "epochs": tuple(range(10)),
                "ask": trained,
                "arguments": {**START, "learning_rate": 1e28},
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
}
