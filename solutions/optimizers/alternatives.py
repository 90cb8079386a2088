# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Right submissions to optimizers, each in another style: all keep every point."""

from __future__ import annotations

ALTERNATIVES: dict[str, str] = {
    "autograd_grad": """import torch
from torch.autograd import grad


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return torch.dot(t_p - t_c, t_p - t_c) / len(t_c)


def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    (params.grad,) = grad(loss, params)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.detach().reshape(1)


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    losses = []
    for epoch in range(1, n_epochs + 1):
        losses.append(float(optimizer_step(optimizer, params, t_u, t_c)))
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, losses[-1]))
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self._params = tuple(params)
        self._lr = lr
        self._momentum = momentum
        self._velocities = tuple(torch.zeros_like(p, requires_grad=False) for p in self._params)

    def zero_grad(self):
        for p in self._params:
            p.grad = None

    def step(self):
        for p, v in zip(self._params, self._velocities):
            if p.grad is not None:
                v *= self._momentum
                v += p.grad
                with torch.no_grad():
                    p.copy_(p - self._lr * v)


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self._params = tuple(params)
        self._settings = lr, *betas, eps
        self._state = [[0, torch.zeros_like(p.detach()), torch.zeros_like(p.detach())] for p in self._params]

    def zero_grad(self):
        for p in self._params:
            p.grad = None

    def step(self):
        lr, beta1, beta2, eps = self._settings
        for p, state in zip(self._params, self._state):
            if p.grad is None:
                continue
            state[0] += 1
            t, m, v = state
            m.mul_(beta1).add_(p.grad, alpha=1 - beta1)
            v.mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
            scale = (v / (1 - beta2**t)).sqrt_().add_(eps)
            with torch.no_grad():
                p.addcdiv_(m, scale, value=-lr / (1 - beta1**t))


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    pairs = torch.stack([t_u, t_c], dim=1)
    for _ in range(n_epochs):
        shuffled = pairs[torch.randperm(len(pairs), generator=generator)]
        for rows in shuffled.split(batch_size):
            optimizer_step(optimizer, params, *rows.unbind(dim=1))
    return params
""",
    "backward_with_argument": '''"""Goes backward from the predictions, with the slope of the loss as upstream."""
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return torch.sum((t_p - t_c) ** 2) * (1 / t_p.numel())


def _backward(params, t_u, t_c):
    t_p = model(t_u, *params)
    t_p.backward((2 / t_c.numel()) * (t_p.detach() - t_c))
    return loss_fn(t_p.detach(), t_c)


def optimizer_step(optimizer, params, t_u, t_c):
    params.grad = None
    before = _backward(params, t_u, t_c)
    optimizer.step()
    return before


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(n_epochs, 0, -1):  # counts down
        params.grad = None
        before = _backward(params, t_u, t_c)
        if (done := n_epochs - epoch + 1) % 500 == 0:
            print("Epoch %d, Loss %f" % (done, before))
        optimizer.step()
    return params


class _Both:
    """SGD and Adam are one loop with another rule."""

    def __init__(self, params, rule):
        self.params, self.rule = params, rule
        self.state = [None] * len(params)

    def zero_grad(self):
        for p in self.params:
            del p.grad

    def step(self):
        with torch.set_grad_enabled(False):
            for n, p in enumerate(self.params):
                if p.grad is not None:
                    move, self.state[n] = self.rule(p.grad, self.state[n])
                    p.sub_(move)


class SGD(_Both):
    def __init__(self, params, lr, momentum=0.0):
        def rule(g, v):
            v = g.clone() if v is None else momentum * v + g
            return lr * v, v

        super().__init__(params, rule)


class Adam(_Both):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        b1, b2 = betas

        def rule(g, state):
            t, m, v = state or (0, torch.zeros_like(g), torch.zeros_like(g))
            t, m, v = t + 1, m * b1 + g * (1 - b1), v * b2 + g * g * (1 - b2)
            m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
            return lr * m_hat / (v_hat.sqrt() + eps), (t, m, v)

        super().__init__(params, rule)


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for order in (torch.randperm(t_u.numel(), generator=generator) for _ in range(n_epochs)):
        for batch in order.tensor_split(tuple(range(batch_size, len(order), batch_size))):
            params.grad = None
            _backward(params, t_u[batch], t_c[batch])
            optimizer.step()
    return params
''',
    "base_class": '''from __future__ import annotations

import torch
from torch import Tensor


def model(t_u: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return w * t_u + b


def loss_fn(t_p: Tensor, t_c: Tensor) -> Tensor:
    errors = t_p - t_c
    return errors.square().sum() / errors.numel()


class Optimizer:
    """What every optimizer of mine can do; its children say how far one parameter moves."""

    def __init__(self, params: list[Tensor]) -> None:
        self.params = params
        self.memory: list[dict] = [{} for _ in params]

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self) -> None:
        for p, memory in zip(self.params, self.memory, strict=True):
            if p.grad is not None:
                p += self.move(p.grad, memory)

    def move(self, g: Tensor, memory: dict) -> Tensor:
        raise NotImplementedError


class SGD(Optimizer):
    def __init__(self, params: list[Tensor], lr: float, momentum: float = 0.0) -> None:
        super().__init__(params)
        self.lr, self.momentum = lr, momentum

    def move(self, g: Tensor, memory: dict) -> Tensor:
        memory["v"] = self.momentum * memory.get("v", torch.zeros_like(g)) + g
        return -self.lr * memory["v"]


class Adam(Optimizer):
    def __init__(
        self, params: list[Tensor], lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8
    ) -> None:
        super().__init__(params)
        self.lr, self.betas, self.eps = lr, betas, eps

    def move(self, g: Tensor, memory: dict) -> Tensor:
        b1, b2 = self.betas
        t = memory["t"] = memory.get("t", 0) + 1
        m = memory["m"] = b1 * memory.get("m", torch.zeros_like(g)) + (1 - b1) * g
        v = memory["v"] = b2 * memory.get("v", torch.zeros_like(g)) + (1 - b2) * g**2
        return -self.lr * (m / (1 - b1**t)) / (torch.sqrt(v / (1 - b2**t)) + self.eps)


def optimizer_step(optimizer: torch.optim.Optimizer, params: Tensor, t_u: Tensor, t_c: Tensor) -> Tensor:
    w, b = params
    before = loss_fn(model(t_u, w, b), t_c)
    optimizer.zero_grad()
    before.backward()
    optimizer.step()
    return before


def training_loop(n_epochs: int, optimizer: torch.optim.Optimizer, params: Tensor, t_u: Tensor, t_c: Tensor) -> Tensor:
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print(f"Epoch {epoch}, Loss {loss.item():f}")
    return params


def minibatch_training_loop(
    n_epochs: int,
    optimizer: torch.optim.Optimizer,
    params: Tensor,
    t_u: Tensor,
    t_c: Tensor,
    batch_size: int,
    generator: torch.Generator,
) -> Tensor:
    def batches():
        order = torch.randperm(len(t_u), generator=generator)
        yield from torch.split(order, batch_size)

    for _ in range(n_epochs):
        for batch in batches():
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params
''',
    "beginner": """# my solution, every step printed so that I can see what happens
import torch

t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
t_un = 0.1 * t_u


def model(t_u, w, b):
    result = w * t_u + b
    return result


def loss_fn(t_p, t_c):
    difference = t_p - t_c
    squares = difference * difference
    loss = squares.mean()
    return loss


def optimizer_step(optimizer, params, t_u, t_c):
    w = params[0]
    b = params[1]
    t_p = model(t_u, w, b)
    loss = loss_fn(t_p, t_c)
    optimizer.zero_grad()
    loss.backward()
    loss_before = loss.item()
    optimizer.step()
    return torch.tensor(loss_before, dtype=params.dtype)


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    epoch = 1
    while epoch <= n_epochs:
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch == 1 or epoch % 100 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
        if epoch % 1000 == 0:
            print("    w =", float(params[0]), " b =", float(params[1]))
        epoch = epoch + 1
    print("done")
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        print("making an SGD with", len(params), "parameters")
        self.params = []
        self.velocities = []
        for p in params:
            self.params.append(p)
            zeros = p.detach().clone()
            zeros.zero_()
            self.velocities.append(zeros)
        self.lr = lr
        self.momentum = momentum

    def zero_grad(self):
        for p in self.params:
            if p.grad is None:
                continue
            p.grad.zero_()

    def step(self):
        for i in range(len(self.params)):
            p = self.params[i]
            if p.grad is None:
                continue
            v = self.velocities[i]
            v = self.momentum * v
            v = v + p.grad
            self.velocities[i] = v
            with torch.no_grad():
                p -= self.lr * v


class Adam:
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=0.00000001):
        self.params = []
        self.m = []
        self.v = []
        self.t = []
        for p in params:
            self.params.append(p)
            self.m.append(torch.zeros(p.shape, dtype=p.dtype))
            self.v.append(torch.zeros(p.shape, dtype=p.dtype))
            self.t.append(0)
        self.lr = lr
        self.beta1 = betas[0]
        self.beta2 = betas[1]
        self.eps = eps

    def zero_grad(self):
        for p in self.params:
            if p.grad is None:
                continue
            p.grad.zero_()

    def step(self):
        for i in range(len(self.params)):
            p = self.params[i]
            if p.grad is None:
                continue
            g = p.grad.clone()
            self.t[i] = self.t[i] + 1
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * (g * g)
            m_hat = self.m[i] / (1 - pow(self.beta1, self.t[i]))
            v_hat = self.v[i] / (1 - pow(self.beta2, self.t[i]))
            step = self.lr * m_hat / (torch.sqrt(v_hat) + self.eps)
            with torch.no_grad():
                p -= step


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    N = len(t_u)
    for epoch in range(n_epochs):
        order = torch.randperm(N, generator=generator)
        start = 0
        while start < N:
            end = start + batch_size
            if end > N:
                end = N
            indices = order[start:end]
            loss = optimizer_step(optimizer, params, t_u[indices], t_c[indices])
            start = end
        print("epoch", epoch + 1, "last loss", float(loss))
    return params


if __name__ == "__main__":
    test = torch.tensor([1.0, 0.0], requires_grad=True)
    training_loop(5000, torch.optim.SGD([test], lr=1e-2), test, t_un, t_c)
""",
    "closure_for_step": '''"""The optimizer calls the loss itself, as torch.optim allows it."""
import torch


def model(t_u, w, b):
    return torch.add(torch.mul(t_u, w), b)


def loss_fn(t_p, t_c):
    return torch.nn.functional.mse_loss(t_p, t_c)


def optimizer_step(optimizer, params, t_u, t_c):
    def closure():
        optimizer.zero_grad()
        loss = loss_fn(model(t_u, *params.unbind()), t_c)
        loss.backward()
        return loss

    return optimizer.step(closure).item()


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    epoch = 0
    while epoch < n_epochs:
        epoch += 1
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if not epoch % 500:
            print("Epoch %d, Loss %f" % (epoch, loss))
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.groups = [{"p": p, "v": None} for p in params]
        self.lr = lr
        self.momentum = momentum

    def zero_grad(self):
        for group in self.groups:
            if group["p"].grad is not None:
                group["p"].grad.zero_()

    def step(self):
        for group in self.groups:
            p = group["p"]
            if p.grad is None:
                continue
            if group["v"] is None:
                group["v"] = p.grad.clone()
            else:
                group["v"] = group["v"] * self.momentum + p.grad
            p.data = p.data - self.lr * group["v"]


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.groups = [{"p": p, "m": torch.zeros_like(p.data), "v": torch.zeros_like(p.data), "t": 0} for p in params]
        self.lr, self.betas, self.eps = lr, betas, eps

    def zero_grad(self):
        for group in self.groups:
            if group["p"].grad is not None:
                group["p"].grad.zero_()

    def step(self):
        for group in self.groups:
            p = group["p"]
            if p.grad is None:
                continue
            group["t"] += 1
            for key, beta, new in (("m", self.betas[0], p.grad), ("v", self.betas[1], p.grad * p.grad)):
                group[key] = beta * group[key] + (1 - beta) * new
            mean = group["m"] / (1 - self.betas[0] ** group["t"])
            size = (group["v"] / (1 - self.betas[1] ** group["t"])) ** 0.5
            p.data = p.data - self.lr * mean / (size + self.eps)


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        order = torch.randperm(t_u.shape[0], generator=generator).tolist()
        while order:
            now, order = order[:batch_size], order[batch_size:]
            optimizer_step(optimizer, params, t_u[now], t_c[now])
    return params
''',
    "data_updates": """import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return (t_p - t_c).pow(2).mean()


def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()  # last: the gradient is empty when the first step begins
    return loss.data


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(n_epochs):
        t_p = model(t_u, *params)
        loss = loss_fn(t_p, t_c)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if (epoch + 1) % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch + 1, loss.item()))
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params = list(params)
        self.lr = lr
        self.momentum = momentum
        self.steps = [0.0 for _ in self.params]

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.data.zero_()

    def step(self):
        for k, p in enumerate(self.params):
            if p.grad is not None:
                self.steps[k] = self.momentum * self.steps[k] - self.lr * p.grad.data
                p.data += self.steps[k]


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params = list(params)
        self.lr = lr
        self.beta1, self.beta2 = betas
        self.eps = eps
        self.m = [0.0] * len(self.params)
        self.v = [0.0] * len(self.params)
        self.power1 = [1.0] * len(self.params)
        self.power2 = [1.0] * len(self.params)

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.data.zero_()

    def step(self):
        for k, p in enumerate(self.params):
            if p.grad is None:
                continue
            g = p.grad.data
            self.power1[k] *= self.beta1
            self.power2[k] *= self.beta2
            self.m[k] = self.m[k] + (1 - self.beta1) * (g - self.m[k])
            self.v[k] = self.v[k] + (1 - self.beta2) * (g * g - self.v[k])
            m_hat = self.m[k] / (1 - self.power1[k])
            v_hat = self.v[k] / (1 - self.power2[k])
            p.data -= self.lr * m_hat / (v_hat.sqrt() + self.eps)


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    n = t_u.numel()
    for _ in range(n_epochs):
        order = torch.randperm(n, generator=generator)
        mixed_u, mixed_c = t_u[order], t_c[order]
        for first in range(0, n, batch_size):
            optimizer_step(optimizer, params, mixed_u[first : first + batch_size], mixed_c[first : first + batch_size])
    return params
""",
    "dataclasses_of_state": '''from __future__ import annotations

from dataclasses import dataclass, field

import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


@dataclass
class Slot:
    """One parameter and what an optimizer remembers of it."""

    parameter: torch.Tensor
    count: int = 0
    first: torch.Tensor | None = None
    second: torch.Tensor | None = None

    def __post_init__(self):
        self.first = torch.zeros_like(self.parameter).detach()
        self.second = torch.zeros_like(self.parameter).detach()

    @property
    def gradient(self):
        return self.parameter.grad

    def move(self, by):
        with torch.no_grad():
            self.parameter[...] = self.parameter + by


@dataclass
class SGD:
    params: list
    lr: float
    momentum: float = 0.0
    slots: list = field(init=False)

    def __post_init__(self):
        self.slots = [Slot(p) for p in self.params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        for slot in filter(lambda slot: slot.gradient is not None, self.slots):
            slot.first = self.momentum * slot.first + slot.gradient
            slot.move(-self.lr * slot.first)


@dataclass
class Adam:
    params: list
    lr: float = 1e-3
    betas: tuple = (0.9, 0.999)
    eps: float = 1e-8
    slots: list = field(init=False)

    def __post_init__(self):
        self.slots = [Slot(p) for p in self.params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        for slot in filter(lambda slot: slot.gradient is not None, self.slots):
            slot.count += 1
            slot.first = self.mean(slot.first, slot.gradient, self.betas[0])
            slot.second = self.mean(slot.second, slot.gradient**2, self.betas[1])
            first = self.unbiased(slot.first, self.betas[0], slot.count)
            second = self.unbiased(slot.second, self.betas[1], slot.count)
            slot.move(-self.lr * first / (second.sqrt() + self.eps))

    @staticmethod
    def mean(old, new, beta):
        return new + beta * (old - new)

    @staticmethod
    def unbiased(mean, beta, count):
        return mean / (1 - beta**count)


def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    params.grad = None
    loss.backward()
    optimizer.step()
    return loss.detach().clone()


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(n_epochs):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 499:
            print("Epoch %d, Loss %f" % (epoch + 1, loss))
    return params


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        n_batches = (len(order) + batch_size - 1) // batch_size
        for number in range(n_batches):
            batch = order.narrow(0, number * batch_size, min(batch_size, len(order) - number * batch_size))
            optimizer_step(optimizer, params, t_u.take(batch), t_c.take(batch))
    return params
''',
    "float64_inside": '''"""Computes in float64 whatever the data is, and rounds once at the end of each step."""
import torch


def model(t_u, w, b):
    return (w.double() * t_u.double() + b.double()).to(t_u.dtype)


def loss_fn(t_p, t_c):
    return (t_p.double() - t_c.double()).square().mean().to(t_c.dtype)


def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return [loss.detach()][0]


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    def report(epoch, loss):
        if epoch and epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss))

    for epoch in range(n_epochs):
        report(epoch + 1, optimizer_step(optimizer, params, t_u, t_c))
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.all = [(p, torch.zeros(p.shape, dtype=torch.float64)) for p in params]
        self.lr, self.momentum = float(lr), float(momentum)

    def zero_grad(self):
        for p, _ in self.all:
            p.grad = None if p.grad is None else torch.zeros_like(p.grad)

    @torch.no_grad()
    def step(self):
        for p, v in self.all:
            if p.grad is None:
                continue
            v.copy_(self.momentum * v + p.grad.double())
            p.copy_(p.double() - self.lr * v)


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.all = [(p, *(torch.zeros(p.shape, dtype=torch.float64) for _ in range(2))) for p in params]
        self.lr, self.betas, self.eps = lr, betas, eps
        self.t = {}

    def zero_grad(self):
        for p, *_ in self.all:
            p.grad = None if p.grad is None else torch.zeros_like(p.grad)

    @torch.no_grad()
    def step(self):
        for number, (p, m, v) in enumerate(self.all):
            if p.grad is None:
                continue
            self.t[number] = t = self.t.get(number, 0) + 1
            g = p.grad.double()
            m += (1 - self.betas[0]) * (g - m)
            v += (1 - self.betas[1]) * (g * g - v)
            correction = (1 - self.betas[1] ** t) ** 0.5 / (1 - self.betas[0] ** t)
            p.copy_(p.double() - self.lr * correction * m / (v**0.5 + self.eps * (1 - self.betas[1] ** t) ** 0.5))


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    def cut(order):
        return [order[:batch_size], *cut(order[batch_size:])] if len(order) else []

    for _ in range(n_epochs):
        for batch in cut(torch.randperm(len(t_u), generator=generator)):
            optimizer_step(optimizer, params, torch.gather(t_u, 0, batch), torch.gather(t_c, 0, batch))
    return params
''',
    "hand_gradient": '''"""The gradient by the chain rule, handed to the optimizer in params.grad."""
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def _loss_and_gradient(params, t_u, t_c):
    with torch.no_grad():
        errors = params[0] * t_u + params[1] - t_c
        slopes = 2 * errors / errors.numel()
        return (errors**2).mean(), torch.stack([(slopes * t_u).sum(), slopes.sum()])


def optimizer_step(optimizer, params, t_u, t_c):
    loss, params.grad = _loss_and_gradient(params, t_u, t_c)
    optimizer.step()
    return loss


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss, params.grad = _loss_and_gradient(params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss))
        optimizer.step()
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocity = {}

    def zero_grad(self):
        for p in self.params:
            p.grad = torch.zeros_like(p) if p.grad is not None else None

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is None:
                    continue
                old = self.velocity.get(id(p))
                new = p.grad.clone() if old is None else torch.add(p.grad, old, alpha=self.momentum)
                self.velocity[id(p)] = new
                p.add_(new, alpha=-self.lr)


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, (self.b1, self.b2), self.eps = params, lr, betas, eps
        self.past = {}

    def zero_grad(self):
        for p in self.params:
            p.grad = torch.zeros_like(p) if p.grad is not None else None

    def step(self):
        """Weighs all gradients so far anew: no running means are kept, only the gradients themselves."""
        with torch.no_grad():
            for p in self.params:
                if p.grad is None:
                    continue
                seen = self.past.setdefault(id(p), [])
                seen.append(p.grad.clone())
                ages = range(len(seen) - 1, -1, -1)
                m_hat = sum(self.b1**age * g for age, g in zip(ages, seen)) / sum(self.b1**age for age in ages)
                v_hat = sum(self.b2**age * g * g for age, g in zip(ages, seen)) / sum(self.b2**age for age in ages)
                p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        for start in range(0, len(t_u), batch_size):
            batch = order[start : start + batch_size]
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params
''',
    "like_torch": '''"""The in-place operations that torch.optim itself uses, eps scaled instead of v corrected."""
import torch


def model(t_u, w, b):
    return torch.addcmul(b, w, t_u)


def loss_fn(t_p, t_c):
    return torch.nn.MSELoss()(t_p, t_c)


def optimizer_step(optimizer, params, t_u, t_c):
    optimizer.zero_grad(set_to_none=False)
    loss = loss_fn(model(t_u, params[0], params[1]), t_c)
    loss.backward()
    optimizer.step()
    return loss


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        optimizer.zero_grad(set_to_none=False)
        loss = loss_fn(model(t_u, params[0], params[1]), t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss.detach())))
        loss.backward()
        optimizer.step()
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params = params
        self.lr = lr
        self.momentum = momentum
        self.buffers = [None] * len(params)

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.detach_()
                p.grad.zero_()

    @torch.no_grad()
    def step(self):
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            move = p.grad
            if self.momentum:
                if self.buffers[i] is None:
                    self.buffers[i] = torch.clone(move).detach()
                else:
                    self.buffers[i].mul_(self.momentum).add_(move)
                move = self.buffers[i]
            p.add_(move, alpha=-self.lr)


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params = params
        self.lr, self.betas, self.eps = lr, betas, eps
        self.state = {}

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.detach_()
                p.grad.zero_()

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for p in self.params:
            if p.grad is None:
                continue
            if p not in self.state:
                self.state[p] = {"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)}
            state = self.state[p]
            state["t"] += 1
            state["m"].lerp_(p.grad, 1 - beta1)
            state["v"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
            root = (1 - beta2 ** state["t"]) ** 0.5
            step_size = self.lr * root / (1 - beta1 ** state["t"])
            p.addcdiv_(state["m"], state["v"].sqrt() + self.eps * root, value=-step_size)


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    n = t_u.size(0)
    for _ in range(n_epochs):
        permutation = torch.randperm(n, generator=generator)
        for i in range(0, n, batch_size):
            indices = permutation[i : i + batch_size]
            batch_u, batch_c = t_u.index_select(0, indices), t_c.index_select(0, indices)
            optimizer_step(optimizer, params, batch_u, batch_c)
    return params
''',
    "masks_for_batches": '''"""Minibatches as rows of a matrix that picks samples; a design matrix for the model."""
import torch


def model(t_u, w, b):
    design = torch.stack([t_u, torch.ones_like(t_u)], dim=1)
    return design @ torch.stack([w, b])


def loss_fn(t_p, t_c):
    return torch.einsum("n,n->", t_p - t_c, t_p - t_c) / t_c.shape[0]


def optimizer_step(optimizer, params, t_u, t_c):
    design = torch.stack([t_u, torch.ones_like(t_u)], dim=1)
    optimizer.zero_grad()
    errors = torch.einsum("np,p->n", design, params) - t_c
    loss = torch.einsum("n,n->", errors, errors) / len(errors)
    loss.backward()
    optimizer.step()
    return loss.detach()


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    design = torch.stack([t_u, torch.ones_like(t_u)], dim=1)
    for epoch in range(1, n_epochs + 1):
        optimizer.zero_grad()
        loss = ((design @ params - t_c) ** 2).mean()
        loss.backward()
        optimizer.step()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.detach()))
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = {n: torch.zeros(p.shape, dtype=p.dtype) for n, p in enumerate(params)}

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        used = [n for n, p in enumerate(self.params) if p.grad is not None]
        for n in used:
            self.velocities[n] = torch.stack([self.momentum * self.velocities[n], self.params[n].grad]).sum(dim=0)
        with torch.no_grad():
            for n in used:
                self.params[n].add_(self.velocities[n].mul(-self.lr))


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.eps = params, lr, eps
        self.betas = betas
        # both means of a parameter are the rows of one tensor
        self.means = [torch.zeros((2, *p.shape), dtype=p.dtype) for p in params]
        self.counts = torch.zeros(len(params), dtype=torch.int64)

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        for n, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.counts[n] += 1
            beta = torch.tensor(self.betas, dtype=torch.float64).reshape(2, *[1] * p.dim())
            new = torch.stack([p.grad, p.grad**2])
            self.means[n] = (beta * self.means[n] + (1 - beta) * new).to(p.dtype)
            mean, square = self.means[n] / (1 - beta ** int(self.counts[n]))
            p.data.copy_(p.data - self.lr * mean / (square.sqrt() + self.eps))


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    n = len(t_u)
    for _ in range(n_epochs):
        order = torch.randperm(n, generator=generator)
        picks = torch.eye(n, dtype=t_u.dtype)[order]
        for rows in picks.split(batch_size):
            optimizer_step(optimizer, params, rows @ t_u, rows @ t_c)
    return params
''',
    "number_by_number": """import math

import torch


def model(t_u, w, b):
    return torch.stack([w * u + b for u in t_u])


def loss_fn(t_p, t_c):
    total = 0
    for p, c in zip(t_p, t_c):
        total = total + (p - c) ** 2
    return total / len(t_c)


def optimizer_step(optimizer, params, t_u, t_c):
    optimizer.zero_grad()
    t_p = params[0] * t_u + params[1]
    loss = ((t_p - t_c) * (t_p - t_c)).sum() / len(t_c)
    loss.backward()
    optimizer.step()
    return float(loss.detach())


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch in range(500, n_epochs + 1, 500):
            print("Epoch %d, Loss %f" % (epoch, loss))
    return params


def _flat(tensor):
    return tensor.detach().view(-1)


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = [[0.0] * p.numel() for p in params]

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad = None

    def step(self):
        for p, v in zip(self.params, self.v):
            if p.grad is None:
                continue
            numbers = _flat(p)
            for k, g in enumerate(p.grad.reshape(-1).tolist()):
                v[k] = self.momentum * v[k] + g
                numbers[k] -= self.lr * v[k]


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [[0.0] * p.numel() for p in params]
        self.v = [[0.0] * p.numel() for p in params]
        self.t = [0] * len(params)

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad = None

    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            numbers = _flat(p)
            for k, g in enumerate(p.grad.reshape(-1).tolist()):
                self.m[i][k] = beta1 * self.m[i][k] + (1 - beta1) * g
                self.v[i][k] = beta2 * self.v[i][k] + (1 - beta2) * g * g
                m_hat = self.m[i][k] / (1 - beta1 ** self.t[i])
                v_hat = self.v[i][k] / (1 - beta2 ** self.t[i])
                numbers[k] -= self.lr * m_hat / (math.sqrt(v_hat) + self.eps)


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        batch = []
        order = torch.randperm(len(t_u), generator=generator).tolist()
        for place, i in enumerate(order, 1):
            batch.append(i)
            if len(batch) == batch_size or place == len(order):
                optimizer_step(optimizer, params, t_u[batch], t_c[batch])
                batch = []
    return params
""",
    "numpy_inside": """import numpy as np
import torch


def model(t_u, w, b):
    return t_u * w + b


def loss_fn(t_p, t_c):
    return torch.mean((t_p - t_c) ** 2)


def optimizer_step(optimizer, params, t_u, t_c):
    optimizer.zero_grad()
    loss = loss_fn(model(t_u, params[0], params[1]), t_c)
    loss.backward()
    optimizer.step()
    return torch.from_numpy(np.asarray(loss.detach().numpy()))


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in np.arange(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if np.mod(epoch, 500) == 0:
            print(f"Epoch {epoch}, Loss {loss.numpy():f}")
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = [np.zeros(tuple(p.shape), dtype=p.detach().numpy().dtype) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.v[i] = self.momentum * self.v[i] + p.grad.numpy()
            here = p.detach().numpy()  # the same memory
            here -= self.lr * self.v[i]


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.memory = {i: (0, 0.0, 0.0) for i in range(len(params))}

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        b1, b2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            g = p.grad.numpy()
            t, m, v = self.memory[i]
            t, m, v = t + 1, b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * np.square(g)
            self.memory[i] = t, m, v
            here = p.detach().numpy()
            here -= self.lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + self.eps)


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator).numpy()
        for part in np.split(order, np.arange(batch_size, len(order), batch_size)):
            optimizer_step(optimizer, params, t_u[torch.from_numpy(part)], t_c[torch.from_numpy(part)])
    return params
""",
    "one_liners": """import torch
model = lambda t_u, w, b: w * t_u + b
loss_fn = lambda t_p, t_c: ((t_p - t_c) ** 2).mean()
def optimizer_step(optimizer, params, t_u, t_c):
    (loss := loss_fn(model(t_u, *params), t_c), optimizer.zero_grad(), loss.backward(), optimizer.step())
    return loss.detach()
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for e in range(1, n_epochs+1): l=optimizer_step(optimizer,params,t_u,t_c); e%500 or print('Epoch %d, Loss %f'%(e,l))
    return params
class SGD:
    def __init__(s, params, lr, momentum=0.): s.p=params; s.lr=lr; s.mu=momentum; s.v=[p.detach()*0 for p in params]
    def zero_grad(s): [setattr(p, 'grad', None) for p in s.p]
    def step(s):
        s.v = [v if p.grad is None else (w := s.mu*v+p.grad, p.data.sub_(s.lr*w))[0] for p, v in zip(s.p, s.v)]
class Adam:
    def __init__(s, params, lr=1e-3, betas=(.9,.999), eps=1e-8):
        s.p=params; s.h=(lr,*betas,eps); s.s=[(0, p.detach()*0, p.detach()*0) for p in params]
    zero_grad = SGD.zero_grad
    def one(s, p, t, m, v):
        if p.grad is None: return t, m, v
        lr, b, c, eps = s.h; g = p.grad; t += 1; m = b*m + (1-b)*g; v = c*v + (1-c)*g*g
        p.data.sub_(lr * m/(1-b**t) / ((v/(1-c**t))**.5 + eps)); return t, m, v
    def step(s): s.s = [s.one(p, *q) for p, q in zip(s.p, s.s)]
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        [optimizer_step(optimizer, params, t_u[i], t_c[i])
         for i in torch.randperm(len(t_u), generator=generator).split(batch_size)]
    return params
""",
    "samplers_and_loaders": """import torch
from torch.utils.data import BatchSampler, DataLoader, TensorDataset


def model(t_u, w, b):
    return torch.nn.functional.linear(t_u.unsqueeze(-1), w.reshape(1, 1), b.reshape(1)).squeeze(-1)


def loss_fn(t_p, t_c):
    return torch.nn.functional.mse_loss(t_p, t_c, reduction="sum") / t_c.numel()


def optimizer_step(optimizer, params, t_u, t_c):
    with torch.enable_grad():
        optimizer.zero_grad()
        loss = loss_fn(model(t_u, params[0], params[1]), t_c)
        loss.backward()
        optimizer.step()
    return loss.clone().detach()


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    whole = DataLoader(TensorDataset(t_u, t_c), batch_size=len(t_u))
    batch_u, batch_c = next(iter(whole))
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, batch_u, batch_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.named = dict(enumerate(params))
        self.lr, self.momentum = lr, momentum
        self.velocity = {}

    def zero_grad(self):
        for p in self.named.values():
            p.grad = None

    def step(self):
        for name, p in self.named.items():
            if p.grad is not None:
                rolled = self.velocity.pop(name, None)
                self.velocity[name] = p.grad + (0 if rolled is None else self.momentum * rolled)
                p.detach().sub_(self.velocity[name] * self.lr)


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.named = dict(enumerate(params))
        self.lr, self.betas, self.eps = lr, betas, eps
        self.first, self.second, self.count = {}, {}, {}

    def zero_grad(self):
        for p in self.named.values():
            p.grad = None

    def step(self):
        for name, p in self.named.items():
            if p.grad is None:
                continue
            t = self.count[name] = self.count.get(name, 0) + 1
            for memory, beta, power in ((self.first, self.betas[0], 1), (self.second, self.betas[1], 2)):
                memory[name] = torch.lerp(p.grad**power, memory.get(name, torch.zeros_like(p.grad)), beta)
            bias = [1 - beta**t for beta in self.betas]
            step = self.first[name] / bias[0] / (torch.sqrt(self.second[name] / bias[1]) + self.eps)
            p.detach().sub_(step * self.lr)


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator).tolist()
        loader = DataLoader(TensorDataset(t_u, t_c), sampler=BatchSampler(order, batch_size, drop_last=False))
        for batch_u, batch_c in loader:
            optimizer_step(optimizer, params, batch_u[0], batch_c[0])
    return params
""",
    "star_arguments": '''import torch


def model(*args, **named):
    t_u, w, b = _three(("t_u", "w", "b"), args, named)
    return b + t_u * w


def loss_fn(*args, **named):
    t_p, t_c = _three(("t_p", "t_c"), args, named)
    return (t_c - t_p).square().mean()


def _three(names, args, named):
    return [*args, *(named[name] for name in names[len(args) :])]


def optimizer_step(*args, **named):
    optimizer, params, t_u, t_c = _three(("optimizer", "params", "t_u", "t_c"), args, named)
    optimizer.zero_grad()
    (loss := loss_fn(model(t_u, *params), t_c)).backward()
    optimizer.step()
    return loss


def training_loop(n_epochs, optimizer, params, *data, **named):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, *data, **named)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss))
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0, **_):
        self.__dict__.update(params=params, lr=lr, momentum=momentum, velocities=[0] * len(params))

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        for i, p in enumerate(self.params):
            match p.grad:
                case None:
                    pass
                case g:
                    self.velocities[i] = self.momentum * self.velocities[i] + g
                    p.data.add_(self.velocities[i], alpha=-self.lr)


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, **_):
        self.__dict__.update(params=params, lr=lr, betas=betas, eps=eps)
        self.memories = [self.memory(p) for p in params]
        for memory in self.memories:
            next(memory)

    def memory(self, p):
        """A coroutine: gets a gradient, gives the move."""
        b1, b2 = self.betas
        m = v = torch.zeros_like(p.data)
        t, move = 0, None
        while True:
            g = yield move
            t += 1
            m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
            move = self.lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)).sqrt() + self.eps)

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        for p, memory in zip(self.params, self.memories):
            if p.grad is not None:
                p.data -= memory.send(p.grad.clone())


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, *rest, **named):
    batch_size, generator = _three(("batch_size", "generator"), rest, named)
    for _ in range(n_epochs):
        for batch in torch.split(torch.randperm(len(t_u), generator=generator), batch_size):
            optimizer_step(optimizer, params, t_c=t_c[batch], t_u=t_u[batch])
    return params
''',
    "names_of_its_own": """import torch


t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])


t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])


t_un = 0.1 * t_u


def model(readings, slope, offset):
    return slope * readings + offset


def loss_fn(predicted, actual):
    return ((predicted - actual) ** 2).mean()


def optimizer_step(stepper, parameters, readings, actual):
    loss = loss_fn(actual=actual, predicted=model(readings, *parameters))
    stepper.zero_grad()
    loss.backward()
    stepper.step()
    return loss.detach()


def training_loop(epochs, stepper, parameters, readings, actual):
    for epoch in range(1, epochs + 1):
        loss = optimizer_step(actual=actual, readings=readings, parameters=parameters, stepper=stepper)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return parameters


class SGD:
    def __init__(self, parameters, rate, inertia=0.0):
        self.params = parameters
        self.lr = rate
        self.momentum = inertia
        self.velocities = [torch.zeros_like(p) for p in parameters]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        with torch.no_grad():
            for p, v in zip(self.params, self.velocities, strict=True):
                if p.grad is not None:
                    v.mul_(self.momentum).add_(p.grad)
                    p.sub_(self.lr * v)


class Adam:
    def __init__(self, parameters, rate=0.001, decays=(0.9, 0.999), tiny=1e-08):
        self.params = parameters
        self.lr = rate
        self.betas = decays
        self.eps = tiny
        self.means = [torch.zeros_like(p) for p in parameters]
        self.squares = [torch.zeros_like(p) for p in parameters]
        self.counts = [0 for _ in parameters]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        beta1, beta2 = self.betas
        with torch.no_grad():
            for i, p in enumerate(self.params):
                if p.grad is None:
                    continue
                self.counts[i] += 1
                self.means[i] = beta1 * self.means[i] + (1 - beta1) * p.grad
                self.squares[i] = beta2 * self.squares[i] + (1 - beta2) * p.grad**2
                mean = self.means[i] / (1 - beta1 ** self.counts[i])
                square = self.squares[i] / (1 - beta2 ** self.counts[i])
                p.sub_(self.lr * mean / (square.sqrt() + self.eps))


def minibatch_training_loop(epochs, stepper, parameters, readings, actual, size, chance):
    for _ in range(epochs):
        order = torch.randperm(len(readings), generator=chance)
        for batch in order.split(size):
            optimizer_step(stepper, parameters, readings[batch], actual[batch])
    return parameters
""",
}
