"""Optimizers. Ingrid.

SGD and Adam differ only in how far a parameter moves, so they share everything else.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass
class State:
    """What is remembered of one parameter."""

    steps: int
    mean: Tensor
    mean_square: Tensor


class Base:
    def __init__(self, params: list[Tensor], lr: float) -> None:
        self.params = params
        self.lr = lr
        self.states = [State(0, torch.zeros_like(p), torch.zeros_like(p)) for p in params]

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self) -> None:
        for p, state in zip(self.params, self.states, strict=True):
            if p.grad is not None:
                state.steps += 1
                p.sub_(self.lr * self.direction(p.grad, state))

    def direction(self, grad: Tensor, state: State) -> Tensor:
        raise NotImplementedError


class SGD(Base):
    def __init__(self, params: list[Tensor], lr: float, momentum: float = 0.0) -> None:
        super().__init__(params, lr)
        self.momentum = momentum

    def direction(self, grad: Tensor, state: State) -> Tensor:
        state.mean = self.momentum * state.mean + grad
        return state.mean


class Adam(Base):
    def __init__(
        self,
        params: list[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        super().__init__(params, lr)
        self.betas = betas
        self.eps = eps

    def direction(self, grad: Tensor, state: State) -> Tensor:
        beta1, beta2 = self.betas
        state.mean.mul_(beta1).add_(grad, alpha=1 - beta1)
        state.mean_square.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
        mean = state.mean / (1 - beta1**state.steps)
        mean_square = state.mean_square / (1 - beta2**state.steps)
        return mean / (mean_square.sqrt() + self.eps)


def model(t_u: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return w * t_u + b


def loss_fn(t_p: Tensor, t_c: Tensor) -> Tensor:
    return ((t_p - t_c) ** 2).mean()


def optimizer_step(optimizer, params: Tensor, t_u: Tensor, t_c: Tensor) -> Tensor:
    optimizer.zero_grad()
    w, b = params
    loss = loss_fn(model(t_u, w, b), t_c)
    loss.backward()
    optimizer.step()
    return loss.detach()


def training_loop(n_epochs: int, optimizer, params: Tensor, t_u: Tensor, t_c: Tensor) -> Tensor:
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print(f"Epoch {epoch}, Loss {loss:f}")
    return params


def minibatch_training_loop(
    n_epochs: int,
    optimizer,
    params: Tensor,
    t_u: Tensor,
    t_c: Tensor,
    batch_size: int,
    generator: torch.Generator,
) -> Tensor:
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        for batch in order.split(batch_size):
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params
