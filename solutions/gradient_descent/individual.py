# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Each student's own thermometer, and what the lecture's numbers are on it: by the reference, in float64."""

from __future__ import annotations

import torch
from thermometer import readings

__all__ = ["numbers", "readings"]

START = (1.0, 0.0)


def numbers(reference, t_c, t_u):
    """Return by the lecture's text what the reference gives for these readings."""
    t_un = 0.1 * t_u
    start = torch.tensor(START, dtype=torch.float64)
    scaled, slow, steep = (walk(reference, *how, t_c) for how in ((100, 1e-2, t_un), (100, 1e-4, t_u), (11, 1e-2, t_u)))
    at_3999 = reference.training_loop(3999, 1e-2, start, t_un, t_c, False)
    at_4999 = reference.training_loop(1000, 1e-2, at_3999, t_un, t_c, False)
    at_5000 = reference.training_loop(1, 1e-2, at_4999, t_un, t_c, False)

    def loss_at(params):
        return reference.loss_fn(reference.model(t_un, *params), t_c)

    found = {
        "1763.8846": slow[1].loss,
        "4517.297, 82.600": reference.loss_rate_of_change(t_u, t_c, *start),
        "5.3671, -17.3012": at_5000,
        "2.927680": loss_at(at_3999),
        "2.927648": loss_at(at_4999),
    }
    for losses, path in ((SCALED_LOSSES, scaled), (SLOW_LOSSES, slow), (STEEP_LOSSES, steep)):
        found |= {text: path[epoch].loss for epoch, text in losses.items()}
    for rows, path in ((SCALED_ROWS, scaled), (SLOW_ROWS, slow), (STEEP_ROWS, steep)):
        found |= {params: path[epoch].params for epoch, (params, _) in rows.items()}
        found |= {gradient: path[epoch].gradient for epoch, (_, gradient) in rows.items()}
    return found | {"-1.8590e+19, -3.2746e+17": steep[11].params}


class Epoch:
    """The loss and the gradient with which an epoch begins, and the params after it."""

    def __init__(self, reference, params, learning_rate, t_u, t_c):
        t_p = reference.model(t_u, *params)
        self.loss = reference.loss_fn(t_p, t_c)
        self.gradient = reference.grad_fn(t_u, t_c, t_p, *params)
        self.params = params - learning_rate * self.gradient


def walk(reference, n_epochs, learning_rate, t_u, t_c):
    """Return the epochs of gradient descent by their number, from 1."""
    params, path = torch.tensor(START, dtype=torch.float64), {}
    for epoch in range(1, n_epochs + 1):
        path[epoch] = Epoch(reference, params, learning_rate, t_u, t_c)
        params = path[epoch].params
    return path


SCALED_LOSSES = {
    1: "80.364342",
    2: "37.574917",
    3: "30.871077",
    10: "29.030487",
    11: "28.941875",
    99: "22.214186",
    100: "22.148710",
}
SLOW_LOSSES = {
    1: "1763.884644",
    2: "323.090546",
    3: "78.929634",
    10: "29.105242",
    11: "29.104168",
    99: "29.023582",
    100: "29.022669",
}
STEEP_LOSSES = {2: "5802485.5", 3: "19408035840.0", 10: "9.0901154706620645e34"}
SCALED_ROWS = {
    1: ("1.7761, 0.1064", "-77.6140, -10.6400"),
    2: ("2.0848, 0.1303", "-30.8623, -2.3864"),
    3: ("2.2094, 0.1217", "-12.4631, 0.8587"),
    10: ("2.3232, -0.0710", "-0.5355, 2.9295"),
    11: ("2.3284, -0.1003", "-0.5240, 2.9264"),
    99: ("2.7508, -2.4910", "-0.4453, 2.5208"),
    100: ("2.7553, -2.5162", "-0.4446, 2.5165"),
}
SLOW_ROWS = {
    1: ("0.5483, -0.0083", "4517.2969, 82.6000"),
    2: ("0.3623, -0.0118", "1859.5493, 35.7843"),
    3: ("0.2858, -0.0135", "765.4667, 16.5122"),
    10: ("0.2324, -0.0166", "1.4803, 3.0544"),
    11: ("0.2323, -0.0169", "0.5781, 3.0384"),
    99: ("0.2327, -0.0435", "-0.0533, 3.0226"),
    100: ("0.2327, -0.0438", "-0.0532, 3.0226"),
}
STEEP_ROWS = {
    1: ("-44.1730, -0.8260", "4517.2969, 82.6000"),
    2: ("2568.4014, 45.1637", "-261257.4219, -4598.9712"),
    3: ("-148527.7344, -2616.3933", "15109614.0, 266155.7188"),
    10: ("3.2144e17, 5.6621e15", "-3.2700e19, -5.7600e17"),
    11: ("-1.8590e19, -3.2746e17", "1.8912e21, 3.3313e19"),
}
