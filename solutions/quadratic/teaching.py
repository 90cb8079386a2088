# PRIVATE chainrule-canary-73b00d19f76f4b19
"""Teaching examples of `quadratic`: small numbers that tell mistakes apart, and are never scored.

Seven samples, so that N, N - 1 and two are different; nothing is 0 or 1, no two numbers are equal, and none is the
square of another. A loop is asked for one epoch, and then for at least four.
"""

import torch

from grader.course.teaching import teaching

T_U = torch.tensor([2.0, 3.0, -1.6, 5.0, -2.2, 2.5, -3.2])
T_C = torch.tensor([5.5, 4.6, 9.4, -2.4, 8.0, 6.5, -3.6])
W2, W1, B = torch.tensor(1.5), torch.tensor(-4.5), torch.tensor(7.0)
PARABOLA = {"t_u": T_U, "w2": W2, "w1": W1, "b": B}
DATA = {"t_u": T_U, "t_c": T_C}
POINT = {**DATA, "t_p": W2 * T_U**2 + W1 * T_U + B, "w2": W2, "w1": W1, "b": B}
START = {"params": torch.stack([W2, W1, B]), **DATA}
PARTS = {"training": torch.tensor([6, 0, 3, 5]), "validation": torch.tensor([4, 1, 2])}


def doubled(arguments):
    """Return the same arguments in float64."""
    return {
        name: item.double() if isinstance(item, torch.Tensor) and item.is_floating_point() else item
        for name, item in arguments.items()
    }


def predicted(arguments):
    """Return the predictions that go with these arguments."""
    t_u = arguments["t_u"]
    return arguments["w2"] * t_u**2 + arguments["w1"] * t_u + arguments["b"]


def divided(module, n, validation_share):
    """Split by a generator of its own; return both parts, and what the generator draws after that."""
    generator = torch.Generator().manual_seed(3)
    training, validation = module.split(n, validation_share, generator)
    return {"training": training, "validation": validation, "next": torch.randperm(4, generator=generator)}


def fitted(module, n_epochs, learning_rate, params, t_u, t_c, training, validation):
    """Fit; return the params and both kinds of losses, as tensors."""

    def numbers(losses):
        return torch.stack([torch.as_tensor(loss).double().reshape(()) for loss in losses])

    params, on_training, on_validation = module.fit(n_epochs, learning_rate, params, t_u, t_c, training, validation)
    return {"params": params, "training": numbers(on_training), "validation": numbers(on_validation)}


TEACHING = [
    teaching("model", PARABOLA, doubled(PARABOLA)),
    teaching("dmodel_dw2", PARABOLA, doubled(PARABOLA)),
    teaching("dmodel_dw1", PARABOLA, doubled(PARABOLA)),
    teaching("dmodel_db", PARABOLA),
    teaching("grad_fn", POINT, doubled(POINT), free=["t_p"], derived={"t_p": predicted}),
    teaching(
        "training_loop",
        {"n_epochs": 1, "learning_rate": 0.003, **START},
        {"n_epochs": 5, "learning_rate": 0.003, **START},
        doubled({"n_epochs": 4, "learning_rate": 0.004, **START}),
    ),
    teaching(
        "split",
        {"n": 7, "validation_share": 0.4},
        {"n": 6, "validation_share": 0.0},
        {"n": 6, "validation_share": 1.0},
        {"n": 9, "validation_share": 0.3},
        probe=divided,
        shown="generator = torch.Generator().manual_seed(3); training, validation = split"
        "({n}, {validation_share}, generator); next = torch.randperm(4, generator=generator)"
        "  ->  training, validation, next",
    ),
    teaching(
        "fit",
        {"n_epochs": 1, "learning_rate": 0.003, **START, **PARTS},
        {"n_epochs": 5, "learning_rate": 0.003, **START, **PARTS},
        doubled({"n_epochs": 4, "learning_rate": 0.004, **START, **PARTS}),
        probe=fitted,
        shown="params, training, validation = fit({n_epochs}, {learning_rate}, {params}, {t_u}, {t_c}, {training}, "
        "{validation})  ->  params, training, validation",
    ),
]
