# PRIVATE chainrule-canary-73b00d19f76f4b19
"""Each student's own thermometer, and what the lesson's numbers are on it: by the reference, in float64.

The readings are those of the other assignments' kind, drawn until a parabola trains on them as on the lesson's: at the
rates of the tests it converges, and no number that they print is so small that its decimals do not show it.
"""

from __future__ import annotations

import thermometer
import torch

__all__ = ["numbers", "readings"]

START = torch.tensor([1.0, 1.0, 0.0], dtype=torch.float64)
STEEP, FLAT, MOVED = 1e-4, 1e-5, 0.2  # rates of the tests
TRAINING, VALIDATION = torch.tensor([10, 5, 6, 8, 1, 7, 0, 4, 3]), torch.tensor([2, 9])
SMALLEST = 0.03
MOST_TRIES = 1000


def readings(chance):
    """Return the temperatures t_c, in degrees Celsius, and the readings t_u of them, in a unit of their own."""
    for _ in range(MOST_TRIES):
        found = thermometer.readings(chance)
        if behaves(*(torch.tensor(found[name], dtype=torch.float64) for name in ("t_u", "t_c"))):
            return found
    raise RuntimeError("no readings like the lesson's were drawn")


def behaves(t_u, t_c):
    """Say whether what the tests print of the lesson's data can be printed of these."""
    t_un = 0.1 * t_u
    moved = (t_un - 5) / 2
    runs = [(STEEP, 5000, t_un, t_c), (FLAT, 5000, t_un, t_c), (MOVED, 200, moved, t_c)]
    runs.append((MOVED, 200, moved[TRAINING], t_c[TRAINING]))
    return all(stays_in_sight(*run) for run in runs)


def stays_in_sight(rate, n_epochs, t_u, t_c):
    """Say whether training converges, and ends with params of which decimals show enough."""
    columns = torch.stack([t_u**2, t_u, torch.ones_like(t_u)], dim=1)
    curvatures, ways = torch.linalg.eigh(2 * columns.T @ columns / len(t_u))
    if rate * curvatures[-1] > 1:
        return False
    best = torch.linalg.lstsq(columns, t_c.unsqueeze(1)).solution.squeeze(1)
    params = best + ways @ ((1 - rate * curvatures) ** n_epochs * (ways.T @ (START - best)))
    return bool((params.abs() > SMALLEST).all()) and float(((columns @ params - t_c) ** 2).mean()) > 0.5


def numbers(reference, t_c, t_u):
    """Return by the lesson's text what the reference gives for these readings."""
    t_un = 0.1 * t_u
    moved = (t_un - 5) / 2

    def trained(n_epochs, rate, start=START, t_u=t_un):
        return reference.training_loop(n_epochs, rate, start, t_u, t_c)

    def in_pieces(rate, epochs):
        """Return the losses with which these epochs begin, and the params after 5,000."""
        params, done, losses = START, 0, []
        for epoch in epochs:
            params, done = trained(epoch - 1 - done, rate, params), epoch - 1
            losses.append(reference.loss_fn(reference.model(t_un, *params), t_c))
        return losses, trained(5000 - done, rate, params)

    (steep, at_steep), (flat, at_flat) = in_pieces(STEEP, range(500, 5001, 500)), in_pieces(FLAT, (500, 1000))

    params, training, validation = reference.fit(200, MOVED, START, moved, t_c, TRAINING, VALIDATION)
    found = {text: trained(n_epochs, STEEP) for n_epochs, text in FEW.items()}
    return found | {
        "1739.5315, 279.6790, 48.1760": reference.grad_fn(t_un, t_c, reference.model(t_un, *START), *START),
        "0.55700, -0.88807, -0.87535": at_steep,
        "0.315538, 0.540066, -0.171212": at_flat,
        "1.132173, 10.612944, 8.806662": trained(200, MOVED, t_u=moved),
        LOSSES: steep,
        "13.269523, 12.944256": flat,
        "1.154762, 10.634510, 8.787378": params,
        "152.214325, 1.955566": [training[0], training[-1]],
        "178.532761, 2.702828": [validation[0], validation[-1]],
    }


FEW = {
    1: "0.8260469, 0.9720321, -0.0048176",
    2: "0.6929254, 0.9504489, -0.0085821",
    3: "0.5910581, 0.9337529, -0.0115406",
}
LOSSES = "10.708596, 8.642083, 7.171005, 6.123477, 5.377227, 4.845285, 4.465788, 4.194724, 4.000802, 3.861744"
