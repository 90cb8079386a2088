"""Homework: a parabola. Written with a matrix of powers."""

import torch
from torch import Tensor


def powers(t_u: Tensor) -> Tensor:
    return torch.stack([t_u * t_u, t_u, torch.ones_like(t_u)])


def model(t_u: Tensor, w2: Tensor, w1: Tensor, b: Tensor) -> Tensor:
    return torch.stack([w2, w1, b]) @ powers(t_u)


def dmodel_dw2(t_u: Tensor, w2: Tensor, w1: Tensor, b: Tensor) -> Tensor:
    return powers(t_u)[0]


def dmodel_dw1(t_u: Tensor, w2: Tensor, w1: Tensor, b: Tensor) -> Tensor:
    return powers(t_u)[1]


def dmodel_db(t_u: Tensor, w2: Tensor, w1: Tensor, b: Tensor) -> Tensor:
    return powers(t_u)[2]


def grad_fn(t_u: Tensor, t_c: Tensor, t_p: Tensor, w2: Tensor, w1: Tensor, b: Tensor) -> Tensor:
    return powers(t_u) @ dloss_fn(t_p, t_c)


def descend(learning_rate: float, params: Tensor, t_u: Tensor, t_c: Tensor) -> tuple[Tensor, Tensor]:
    t_p = model(t_u, *params)
    return loss_fn(t_p, t_c), params - learning_rate * grad_fn(t_u, t_c, t_p, *params)


def training_loop(n_epochs: int, learning_rate: float, params: Tensor, t_u: Tensor, t_c: Tensor) -> Tensor:
    for epoch in range(1, n_epochs + 1):
        loss, params = descend(learning_rate, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss))
    return params


def split(n: int, validation_share: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    order = torch.randperm(n, generator=generator)
    n_validation = int(n * validation_share)
    training, validation = order.split([n - n_validation, n_validation])
    return training, validation


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    losses = {"training": [], "validation": []}
    for _ in range(n_epochs):
        losses["validation"].append(float(loss_fn(model(t_u[validation], *params), t_c[validation])))
        loss, params = descend(learning_rate, params, t_u[training], t_c[training])
        losses["training"].append(float(loss))
    return params, losses["training"], losses["validation"]
