# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Teaching examples of `autograd`: small numbers that tell mistakes apart, and are never scored.

Nothing is 0 or 1 and no two are equal; the second example has other data, so that an answer kept from the
first one shows. Sizes are such that no two factors (N, two, one half) are the same number.
A loop is asked for one epoch, and then for at least four.
"""

import torch

from grader.course.teaching import teaching


def leaf(*numbers, dtype=torch.float32):
    """Return a tensor that requires a gradient."""
    return torch.tensor(numbers, dtype=dtype).requires_grad_()


T_U, T_C = torch.tensor([2.0, 3.0, 7.0]), torch.tensor([10.5, 4.0, 17.0])
DATA = {"t_u": T_U, "t_c": T_C}
OTHER = {"t_u": torch.tensor([6.0, 2.0, 4.0]), "t_c": torch.tensor([8.0, 9.0, 5.0])}
WIDE = {name: item.double() for name, item in OTHER.items()}


def called(module, params, t_u, t_c, n_calls):
    """Ask for the gradient as often as this at one and the same params; return the last answer."""
    for _ in range(n_calls):
        answer = module.gradient(params, t_u, t_c)
    return answer


def doubled(module, a):
    """Double, and return also what has become of `a`, and whether torch watches either."""
    answer = module.untracked_double(a)
    return {
        "answer": answer.detach() if isinstance(answer, torch.Tensor) else answer,
        "a": a.detach(),
        "answer.requires_grad": getattr(answer, "requires_grad", False),
        "(3 * a).requires_grad": (3 * a).requires_grad,
    }


TEACHING = [
    teaching(
        "gradient",
        {"params": torch.tensor([2.5, 1.5]), **DATA},
        {"params": leaf(2.5, 1.5), **OTHER},
    ),
    teaching(
        "gradient",
        {"params": leaf(4.5, -1.5), **OTHER, "n_calls": 2},
        {"params": leaf(-1.5, 3.5, dtype=torch.float64), **WIDE, "n_calls": 2},
        probe=called,
        shown="for _ in range({n_calls}): g = gradient({params}, t_u={t_u}, t_c={t_c})  ->  g",
    ),
    teaching(
        "training_loop",
        {"n_epochs": 1, "learning_rate": 0.01, "params": leaf(2.5, 1.5), **DATA},
        {"n_epochs": 5, "learning_rate": 0.02, "params": leaf(-1.5, 3.5), **OTHER},
        {"n_epochs": 4, "learning_rate": 0.01, "params": leaf(2.5, 1.5, dtype=torch.float64), **WIDE},
        {"n_epochs": 0, "learning_rate": 0.02, "params": leaf(-1.5, 3.5), **OTHER},
    ),
    teaching(
        "descend",
        {"weights": leaf(2.0, 3.5, 6.0), "n_steps": 1, "learning_rate": 0.2},
        {"weights": leaf(7.0, 2.5, 4.0), "n_steps": 5, "learning_rate": 0.3},
        {"weights": leaf([1.5, 5.0], [4.0, 9.0], dtype=torch.float64), "n_steps": 4, "learning_rate": 0.25},
        {"weights": leaf(6.0, 2.5, 9.0), "n_steps": 0, "learning_rate": 0.3},
    ),
    teaching(
        "intermediate_gradients",  # not of three entries: their mean would take back the factor 3
        {"w": leaf(2.0, 5.0, 3.0, 7.0, 4.0), "c": 1.5},
        {"w": leaf(6.0, -2.5, dtype=torch.float64), "c": -3.5},
    ),
    teaching(
        "detached_gradient",
        {"x": leaf(2.5, 4.0, -3.0, 6.0, 7.0)},
        {"x": leaf(-1.5, 9.0, dtype=torch.float64)},
    ),
    teaching(
        "untracked_double",
        {"a": leaf(2.5, -4.0, 7.0)},
        {"a": leaf([6.0, 3.5], [-2.0, 9.0], dtype=torch.float64)},
        probe=doubled,
        shown="a = {a}; answer = untracked_double(a)  ->  answer, a, answer.requires_grad, (3 * a).requires_grad",
    ),
]
