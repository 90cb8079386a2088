# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Teaching examples of `gradient_descent`: small numbers that tell mistakes apart, and are never scored.

Seven samples, so that N, N - 1, two, 1 / (2 * delta) and their like are different; nothing is 0 or 1, and no
two are equal. A loop is asked for one epoch, and then for at least four.
"""

import torch

from grader.course.teaching import teaching

T_U = torch.tensor([2.0, 3.0, 7.0, 4.0, 6.0, 2.5, 5.5])
T_C = torch.tensor([5.0, 4.0, 9.0, -2.0, 8.0, 6.5, -3.0])
T_P = torch.tensor([2.5, 6.0, 13.0, -3.0, 7.0, 4.5, -8.0])
W, B = torch.tensor(1.5), torch.tensor(-4.0)
LINE = {"t_u": T_U, "w": W, "b": B}
DATA = {"t_u": T_U, "t_c": T_C}
WIDE = {name: value.double() for name, value in {**DATA, "w": W, "b": B}.items()}  # differences need the digits
POINT = {**DATA, "t_p": W * T_U + B, "w": W, "b": B}
START = {"params": torch.stack([W, B]), **DATA, "print_params": False}


def doubled(arguments):
    """Return the same arguments in float64."""
    return {name: item.double() if isinstance(item, torch.Tensor) else item for name, item in arguments.items()}


def predicted(arguments):
    """Return the predictions that go with these arguments."""
    return arguments["w"] * arguments["t_u"] + arguments["b"]


TEACHING = [
    teaching("model", LINE, doubled(LINE)),
    teaching("loss_fn", {"t_p": T_P, "t_c": T_C}, doubled({"t_p": T_P, "t_c": T_C})),
    teaching("loss_rate_of_change", {**WIDE, "delta": 0.4}, {**WIDE, "delta": 0.15}, free=["delta"], rtol=1e-4),
    teaching("dloss_fn", {"t_p": T_P, "t_c": T_C}, doubled({"t_p": T_P, "t_c": T_C})),
    teaching("dmodel_dw", LINE, doubled(LINE)),
    teaching("dmodel_db", LINE),
    teaching("grad_fn", POINT, doubled(POINT), free=["t_p"], derived={"t_p": predicted}),
    teaching(
        "training_loop",
        {"n_epochs": 1, "learning_rate": 0.01, **START},
        {"n_epochs": 5, "learning_rate": 0.01, **START},
        doubled({"n_epochs": 4, "learning_rate": 0.02, **START}),
    ),
]
