# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Each student's own thermometer, and what the lecture's numbers are on it: by the reference, in float64."""

from __future__ import annotations

import torch
from thermometer import readings

__all__ = ["numbers", "readings"]


def numbers(reference, t_c, t_u):
    """Return by the lecture's text what the reference gives for these readings."""
    t_un = 0.1 * t_u
    start = torch.tensor([1.0, 0.0], dtype=torch.float64)

    def trained(n_epochs, params):
        return reference.training_loop(n_epochs, 1e-2, params.detach().clone().requires_grad_(), t_un, t_c).detach()

    def loss_at(params):
        return reference.loss_fn(reference.model(t_un, *params), t_c)

    found = {"4517.2969, 82.6000": reference.gradient(start, t_u, t_c)}
    found |= {text: trained(n_epochs, start) for n_epochs, text in FEW.items()}
    params, done = start, 0
    for epoch, text in LOSSES.items():  # each loss is that with which an epoch begins
        params, done = trained(epoch - 1 - done, params), epoch - 1
        found[text] = loss_at(params)
    return found | {"5.3671, -17.3012": trained(1, params)}


FEW = {1: "1.7761, 0.1064", 2: "2.0848, 0.1303", 3: "2.2094, 0.1217", 10: "2.3232, -0.0710"}
LOSSES = {
    500: "7.860116",
    1000: "3.828538",
    1500: "3.092191",
    2000: "2.957698",
    2500: "2.933134",
    3000: "2.928648",
    3500: "2.927830",
    4000: "2.927679",
    4500: "2.927652",
    5000: "2.927647",
}
