"""Lab 2: the same line, now differentiated by autograd."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.autograd import grad

REPORT_EVERY = 500


def model(t_u: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return w * t_u + b


def loss_fn(t_p: Tensor, t_c: Tensor) -> Tensor:
    return ((t_p - t_c) ** 2).mean()


def fresh_leaf(t: Tensor) -> Tensor:
    """The same numbers without the past, ready for a gradient of its own."""
    return t.detach().clone().requires_grad_()


@dataclass(frozen=True)
class Objective:
    """The loss as a function of the parameters alone."""

    t_u: Tensor
    t_c: Tensor

    def __call__(self, params: Tensor) -> Tensor:
        w, b = params.unbind()
        return loss_fn(model(self.t_u, w, b), self.t_c)


def walk(f: Callable[[Tensor], Tensor], start: Tensor, rate: float) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield (position, value there), downhill for ever."""
    position = fresh_leaf(start)
    while True:
        value = f(position)
        yield position, value.detach()
        (slope,) = grad(value, position)
        position = fresh_leaf(position - rate * slope)


def gradient(params: Tensor, t_u: Tensor, t_c: Tensor) -> Tensor:
    position = fresh_leaf(params)
    (slope,) = grad(Objective(t_u, t_c)(position), position)
    return slope


def training_loop(n_epochs: int, learning_rate: float, params: Tensor, t_u: Tensor, t_c: Tensor) -> Tensor:
    path = walk(Objective(t_u, t_c), params, learning_rate)
    for epoch in range(1, n_epochs + 1):
        _, loss = next(path)
        if epoch % REPORT_EVERY == 0:
            print(f"Epoch {epoch}, Loss {loss:f}")
    position, _ = next(path)
    return position


def descend(weights: Tensor, n_steps: int, learning_rate: float) -> Tensor:
    path = walk(lambda w: (w * 3).sum(), weights, learning_rate)
    return torch.stack([next(path)[1] for _ in range(n_steps + 1)])


def intermediate_gradients(w: Tensor, c: float | Tensor) -> dict[str, Tensor]:
    x = w + c
    y = 3 * x
    z = y.mean()
    return dict(zip("wxyz", grad(z, (w, x, y, z)), strict=True))


def detached_gradient(x: Tensor) -> Tensor:
    result = 2 * x + (3 + x.detach())
    (slope,) = grad(result.sum(), x)
    return slope


@torch.no_grad()
def untracked_double(a: Tensor) -> Tensor:
    return a.mul(2)
