# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Teaching examples of `optimizers`: small numbers that tell mistakes apart, and are never scored.

Everything here changes tensors in place, so each question is a probe that builds them. Nothing is 0 or 1 but
a momentum or a count, no two numbers of an example are equal, and a first step comes before at least four.
"""

import torch

from grader.course.teaching import teaching

START, T_U, T_C = torch.tensor([1.5, 3.5]), torch.tensor([2.0, 4.0, 9.0]), torch.tensor([10.5, 7.5, 12.0])
DATA = {"params": START, "t_u": T_U, "t_c": T_C}
OTHER = {
    "params": torch.tensor([-1.5, 4.0]),
    "t_u": torch.tensor([3.0, 7.0, 5.0]),
    "t_c": torch.tensor([6.0, 2.0, 8.0]),
}
WIDE = {name: item.double() for name, item in OTHER.items()}


def stepped(module, n_steps, params, t_u, t_c, lr, momentum):
    """Make updates; return the params, and the loss that the last call gave."""
    params = params.clone().requires_grad_()
    optimizer = torch.optim.SGD([params], lr=lr, momentum=momentum)
    for _ in range(n_steps):
        loss = module.optimizer_step(optimizer, params, t_u, t_c)
    return {"params": params.detach(), "loss": loss.detach() if isinstance(loss, torch.Tensor) else loss}


def trained(module, n_epochs, params, t_u, t_c, lr, momentum):
    """Train; return the params, and what came back."""
    params = params.clone().requires_grad_()
    optimizer = torch.optim.SGD([params], lr=lr, momentum=momentum)
    answer = module.training_loop(n_epochs, optimizer, params, t_u, t_c)
    return {"params": params.detach(), "answer": answer.detach() if isinstance(answer, torch.Tensor) else answer}


def trained_in_batches(module, n_epochs, params, t_u, t_c, batch_size, lr, momentum):
    """Train in minibatches; return the params, and what came back."""
    params = params.clone().requires_grad_()
    optimizer = torch.optim.SGD([params], lr=lr, momentum=momentum)
    generator = torch.Generator().manual_seed(2)
    answer = module.minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator)
    return {"params": params.detach(), "answer": answer.detach() if isinstance(answer, torch.Tensor) else answer}


def descended(module, n_steps, p, q, lr, momentum, g, h):
    """Step down (g * p).sum() + h * q, with another g and h in each of the first steps; return both parameters."""
    p, q = p.clone().requires_grad_(), q.clone().requires_grad_()
    optimizer = module.SGD([p, q], lr, momentum)
    for of_p, of_q in zip(g[:n_steps], h[:n_steps], strict=True):
        optimizer.zero_grad()
        ((of_p * p).sum() + of_q * q).backward()
        optimizer.step()
    return {"p": p.detach(), "q": q.detach()}


def adapted(module, n_steps, p, q, lr, beta1, beta2, g, h):
    """Step down (g * p).sum() + h * q, with another g and h in each of the first steps; return both parameters."""
    p, q = p.clone().requires_grad_(), q.clone().requires_grad_()
    optimizer = module.Adam([p, q], lr, (beta1, beta2))
    for of_p, of_q in zip(g[:n_steps], h[:n_steps], strict=True):
        optimizer.zero_grad()
        ((of_p * p).sum() + of_q * q).backward()
        optimizer.step()
    return {"p": p.detach(), "q": q.detach()}


def with_a_gap(module, p, q, lr, momentum, g, h):
    """Make three steps on the same gradients, of which p has none in the second."""
    p, q = p.clone().requires_grad_(), q.clone().requires_grad_()
    optimizer = module.SGD([p, q], lr, momentum)
    p.grad, q.grad = g.clone(), h.clone()
    optimizer.step()
    p.grad = None
    optimizer.step()
    p.grad = g.clone()
    optimizer.step()
    return {"p": p.detach(), "q": q.detach()}


def adapted_with_a_gap(module, p, q, lr, g, h):
    """Make three steps on the same gradients, of which p has none in the second."""
    p, q = p.clone().requires_grad_(), q.clone().requires_grad_()
    optimizer = module.Adam([p, q], lr)
    p.grad, q.grad = g.clone(), h.clone()
    optimizer.step()
    p.grad = None
    optimizer.step()
    p.grad = g.clone()
    optimizer.step()
    return {"p": p.detach(), "q": q.detach()}


SETUP = "params = {params}.requires_grad_(); opt = torch.optim.SGD([params], lr={lr}, momentum={momentum}); "
LEAVES = "p, q = {p}.requires_grad_(), {q}.requires_grad_(); "
GAP = "p.grad, q.grad = {g}, {h}; opt.step(); p.grad = None; opt.step(); p.grad = {g}; opt.step()  ->  p, q"
GAPS = {"p": torch.tensor([3.5, -6.0, 2.0]), "q": torch.tensor([4.0, 8.0])}
GAPS_GRADIENTS = {"g": torch.tensor([5.0, 7.0, -2.5]), "h": torch.tensor([-3.0, 9.0])}
TWO = {"p": torch.tensor([2.0, 6.0, -3.5]), "q": torch.tensor(5.0)}
TWO_OTHERS = {"p": torch.tensor([4.5, -2.0, 7.0]), "q": torch.tensor(-6.0)}
STEPS = {
    "g": torch.tensor([[3.0, 8.0, -1.5], [-5.0, 2.5, 6.0], [7.0, -4.0, 9.0], [-6.0, 3.5, -8.5]]),
    "h": torch.tensor([-2.0, 4.5, 6.5, -7.5]),
}
LOOP = (
    "for g, h in zip({g}[:{n_steps}], {h}[:{n_steps}]): opt.zero_grad(); ((g * p).sum() + h * q).backward(); "
    "opt.step()  ->  p, q"
)


def doubled(arguments):
    """Return the same arguments in float64."""
    return {name: item.double() if isinstance(item, torch.Tensor) else item for name, item in arguments.items()}


TEACHING = [
    teaching(
        "optimizer_step",
        {"n_steps": 1, **DATA, "lr": 0.01, "momentum": 0.8},
        {"n_steps": 4, **OTHER, "lr": 0.02, "momentum": 0.0},
        {"n_steps": 5, **WIDE, "lr": 0.01, "momentum": 0.8},
        probe=stepped,
        shown=SETUP + "for _ in range({n_steps}): loss = optimizer_step(opt, params, {t_u}, {t_c})  ->  params, loss",
    ),
    teaching(
        "training_loop",
        {"n_epochs": 1, **DATA, "lr": 0.01, "momentum": 0.8},
        {"n_epochs": 4, **OTHER, "lr": 0.02, "momentum": 0.0},
        {"n_epochs": 5, **WIDE, "lr": 0.01, "momentum": 0.8},
        {"n_epochs": 0, **OTHER, "lr": 0.02, "momentum": 0.8},
        probe=trained,
        shown=SETUP + "answer = training_loop({n_epochs}, opt, params, {t_u}, {t_c})  ->  params, answer",
    ),
    teaching(
        "SGD",
        {"n_steps": 1, **TWO, "lr": 0.3, "momentum": 0.8, **STEPS},
        {"n_steps": 4, **TWO_OTHERS, "lr": 0.2, "momentum": 0.0, **STEPS},
        doubled({"n_steps": 4, **TWO, "lr": 0.1, "momentum": 0.7, **STEPS}),
        probe=descended,
        shown=LEAVES + "opt = SGD([p, q], lr={lr}, momentum={momentum}); " + LOOP,
    ),
    teaching(
        "SGD",
        {**GAPS, "lr": 0.2, "momentum": 0.7, **GAPS_GRADIENTS},
        probe=with_a_gap,
        shown=LEAVES + "opt = SGD([p, q], lr={lr}, momentum={momentum}); " + GAP,
    ),
    teaching(
        "Adam",
        {"n_steps": 1, **TWO, "lr": 0.4, "beta1": 0.6, "beta2": 0.8, **STEPS},
        doubled({"n_steps": 4, **TWO_OTHERS, "lr": 0.3, "beta1": 0.8, "beta2": 0.7, **STEPS}),
        probe=adapted,
        shown=LEAVES + "opt = Adam([p, q], lr={lr}, betas=({beta1}, {beta2})); " + LOOP,
        free=["g", "h"],  # of a first gradient only the sign counts
        rtol=1e-4,  # 1 - beta ** t may go through float32
    ),
    teaching(
        "Adam",
        {**GAPS, "lr": 0.2, **GAPS_GRADIENTS},
        probe=adapted_with_a_gap,
        shown=LEAVES + "opt = Adam([p, q], lr={lr}); " + GAP,
        free=["g", "h"],
        rtol=1e-4,
    ),
    teaching(
        "minibatch_training_loop",
        {"n_epochs": 1, **DATA, "batch_size": 2, "lr": 0.01, "momentum": 0.0},
        {"n_epochs": 4, **OTHER, "batch_size": 3, "lr": 0.02, "momentum": 0.0},
        {"n_epochs": 5, **WIDE, "batch_size": 2, "lr": 0.01, "momentum": 0.8},
        probe=trained_in_batches,
        shown=SETUP + "generator = torch.Generator().manual_seed(2); answer = minibatch_training_loop"
        "({n_epochs}, opt, params, {t_u}, {t_c}, {batch_size}, generator)  ->  params, answer",
        free=["momentum"],
    ),
]
