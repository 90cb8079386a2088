"""Programs with a place or two to fill in: what faults of others' kinds are written with."""

from __future__ import annotations

__all__ = ["adam", "auto", "batches", "descend", "loop", "measured", "one", "sgd"]

_LOOP = "def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):\n"
_EPOCH = """    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        g = grad_fn(t_u, t_c, t_p, w, b)
        {step}
        if epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
            print(f"Epoch {{epoch}}, Loss {{float(loss):f}}")
            if print_params:
                print(params, g)
        if not loss.isfinite():
            break
    return params
"""


def loop(step: str) -> str:
    """Return a loop by hand whose step is `step`, indented by eight."""
    return _LOOP + _EPOCH.format(step=step)


_AUTO = """def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            {step}
        {empty}
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params
"""


def auto(step: str = "params -= learning_rate * params.grad", empty: str = "params.grad = None") -> str:
    """Return a loop with backward, by the lines that step and that empty the gradient."""
    return _AUTO.format(step=step, empty=empty)


_DESCEND = """def descend(weights, n_steps, learning_rate):
    w = weights.detach().clone()
    outputs = [{first}]
    for i in range(n_steps):
        {step}
        outputs.append({output})
    return torch.stack(outputs)
"""


def descend(step: str, output: str = "(3 * w).sum()", first: str = "(3 * w).sum()") -> str:
    """Return a `descend` with a gradient by hand, by its step and the outputs that it keeps."""
    return _DESCEND.format(step=step, output=output, first=first)


_SGD = """class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = list(params), lr, momentum
        self.v = [torch.zeros_like(p) for p in self.params]
        self.t = 0

    def zero_grad(self):
        {empty}

    @torch.no_grad()
    def step(self):
        self.t += 1
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            g = p.grad
            {velocity}
            {move}
"""


def sgd(
    velocity: str = "self.v[i] = self.momentum * self.v[i] + g",
    move: str = "p -= self.lr * self.v[i]",
    empty: str = "for p in self.params: p.grad = None",
) -> str:
    """Return an SGD by the lines that renew velocity `i` of gradient `g`, and move parameter `p`."""
    return _SGD.format(velocity=velocity, move=move, empty=empty)


_ADAM = """class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = list(params), lr, betas, eps
        self.m = [torch.zeros_like(p) for p in self.params]
        self.s = [torch.zeros_like(p) for p in self.params]
        self.t = [0 for p in self.params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        b1, b2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            t, g = self.t[i], p.grad
            self.m[i] = b1 * self.m[i] + (1 - b1) * g
            self.s[i] = b2 * self.s[i] + (1 - b2) * {square}
            m, s = {m}, {s}
            {keep}
            p -= {move}
"""


def adam(
    *,
    square: str = "g ** 2",
    m: str = "self.m[i] / (1 - b1 ** t)",
    s: str = "self.s[i] / (1 - b2 ** t)",
    keep: str = "pass",
    move: str = "self.lr * m / (s.sqrt() + self.eps)",
) -> str:
    """Return an Adam by what it squares, its corrected means, what it keeps of them, and its move."""
    return _ADAM.format(square=square, m=m, s=s, keep=keep, move=move)


def one(head: str, value: str) -> str:
    """Return a function that returns one expression."""
    return f"def {head}:\n    return {value}\n"


_MEASURED = "loss_rate_of_change(t_u, t_c, w, b, delta=0.1)"
_BATCHES = """def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    {before}
    for epoch in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        {order}
        for batch in {split}:
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params
"""


def batches(before: str = "pass", order: str = "pass", split: str = "order.split(batch_size)") -> str:
    """Return a loop over minibatches, by what happens before it, to an order, and how that is split."""
    return _BATCHES.format(before=before, order=order, split=split)


def measured(in_w: str, in_b: str) -> str:
    """Return a `loss_rate_of_change` by its two slopes, in terms of `at(w, b)`."""
    at = "at = lambda w, b: loss_fn(model(t_u, w, b), t_c)"
    return f"def {_MEASURED}:\n    {at}\n    return torch.stack([{in_w}, {in_b}])\n"
