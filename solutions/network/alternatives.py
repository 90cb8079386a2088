# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Right submissions to network, each in another style: all keep every point."""

from __future__ import annotations

ALTERNATIVES: dict[str, str] = {
    "beginner": """# my solution, step by step
import torch


def loss_fn(y_pred, y):
    difference = y_pred - y
    squares = difference * difference
    return squares.sum() / len(squares)


def affine(X, W, b):
    product = torch.matmul(X, W)
    result = product + b
    return result


def affine_backward(X, W, b, upstream):
    # dX has to look like X
    W_turned = W.transpose(0, 1)
    dX = torch.matmul(upstream, W_turned)
    # dW has to look like W
    X_turned = X.transpose(0, 1)
    dW = torch.matmul(X_turned, upstream)
    # db has to look like b
    db = torch.sum(upstream, dim=0)
    return dX, dW, db


def tanh_backward(z, upstream):
    t = torch.tanh(z)
    slope = 1 - t * t
    result = slope * upstream
    return result


def sigmoid_backward(z, upstream):
    s = torch.sigmoid(z)
    slope = s - s * s
    result = slope * upstream
    return result


def fan_out_backward(x, y, z):
    # f = x^2 y + z x
    dx = 2 * x * y
    dx = dx + z
    dy = x * x
    dz = x
    return dx, dy, dz


def forward(X, W1, b1, W2, b2):
    Z1 = affine(X, W1, b1)
    A1 = torch.tanh(Z1)
    Z2 = affine(A1, W2, b2)
    Y = torch.sigmoid(Z2)
    y_pred = Y[:, 0]
    return y_pred


def backward(X, y, W1, b1, W2, b2):
    N = X.shape[0]
    Z1 = affine(X, W1, b1)
    A1 = torch.tanh(Z1)
    Z2 = affine(A1, W2, b2)
    y_pred = forward(X, W1, b1, W2, b2)
    dy_pred = 2 * (y_pred - y) / N
    column = dy_pred.reshape(N, 1)
    dZ2 = sigmoid_backward(Z2, column)
    layer2 = affine_backward(A1, W2, b2, dZ2)
    dA1 = layer2[0]
    dW2 = layer2[1]
    db2 = layer2[2]
    dZ1 = tanh_backward(Z1, dA1)
    layer1 = affine_backward(X, W1, b1, dZ1)
    dW1 = layer1[1]
    db1 = layer1[2]
    return dW1, db1, dW2, db2


def numerical_gradient(f, x, dx=1e-3):
    flat = x.flatten()
    result = torch.zeros_like(flat)
    for i in range(len(flat)):
        right = flat.clone()
        right[i] = right[i] + dx
        left = flat.clone()
        left[i] = left[i] - dx
        result[i] = (f(right.reshape(x.shape)) - f(left.reshape(x.shape))) / (2 * dx)
    return result.reshape(x.shape)


def train(parameters, X, y, n_epochs, learning_rate):
    W1, b1, W2, b2 = parameters
    losses = []
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(forward(X, W1, b1, W2, b2), y)
        losses.append(loss.item())
        dW1, db1, dW2, db2 = backward(X, y, W1, b1, W2, b2)
        W1 = W1 - learning_rate * dW1
        b1 = b1 - learning_rate * db1
        W2 = W2 - learning_rate * dW2
        b2 = b2 - learning_rate * db2
        if epoch % 1000 == 0:
            print("epoch", epoch, "loss", losses[-1])
    return (W1, b1, W2, b2), losses
""",
    "bias_column": '''"""The bias as one more row of weights, of an input that is always one."""
import torch


def _with_ones(table):
    return torch.cat([table, torch.ones(table.shape[0], 1, dtype=table.dtype)], dim=1)


def _rows(W, b):
    return torch.cat([W, b.unsqueeze(0)])


def affine(X, W, b):
    return _with_ones(X) @ _rows(W, b)


def affine_backward(X, W, b, upstream):
    in_rows = _with_ones(X).t().mm(upstream)
    in_inputs = upstream.mm(_rows(W, b).t())
    return in_inputs[:, :-1], in_rows[:-1], in_rows[-1]


def tanh_backward(z, upstream):
    t = z.tanh()
    return upstream * (1 - t) * (1 + t)


def sigmoid_backward(z, upstream):
    return upstream * torch.sigmoid(z) * torch.sigmoid(-z)


def fan_out_backward(x, y, z):
    return x * y + x * y + z, x.square(), x.clone()


def forward(X, W1, b1, W2, b2):
    bent = _with_ones(_with_ones(X).mm(_rows(W1, b1)).tanh())
    return bent.mv(_rows(W2, b2)[:, 0]).sigmoid()


def backward(X, y, W1, b1, W2, b2):
    inputs = _with_ones(X)
    bent = torch.tanh(inputs @ _rows(W1, b1))
    wide = _with_ones(bent)
    p = torch.sigmoid(wide @ _rows(W2, b2))
    delta = (p - y[:, None]) * (p - p * p) * (2 / X.shape[0])
    second = wide.T @ delta
    first = inputs.T @ ((delta @ W2.T) * (1 - bent.square()))
    return first[:-1], first[-1], second[:-1], second[-1]


def numerical_gradient(f, x, dx=1e-3):
    eye = torch.eye(max(x.numel(), 1), dtype=x.dtype) * dx
    moves = [row.reshape(x.shape) for row in eye]
    return torch.stack([f(x + move) / (2 * dx) - f(x - move) / (2 * dx) for move in moves]).reshape(x.shape)


def train(parameters, X, y, n_epochs, learning_rate):
    history = torch.empty(n_epochs, dtype=X.dtype)
    for epoch in range(n_epochs):
        history[epoch] = loss_fn(forward(X, *parameters), y)
        slopes = backward(X, y, *parameters)
        parameters = [p - learning_rate * slope for p, slope in zip(parameters, slopes)]
    return parameters, history
''',
    "einsum_everywhere": """import torch
from torch import einsum


def affine(X, W, b):
    return einsum("ij,jk->ik", X, W) + b


def affine_backward(X, W, b, upstream):
    return einsum("ik,jk->ij", upstream, W), einsum("ij,ik->jk", X, upstream), einsum("ik->k", upstream)


def tanh_backward(z, upstream):
    return einsum("...,...->...", 1 - torch.tanh(z).pow(2), upstream)


def sigmoid_backward(z, upstream):
    s = z.sigmoid()
    return einsum("...,...,...->...", upstream, s, 1 - s)


def fan_out_backward(x, y, z):
    return 2 * einsum("...,...->...", x, y) + z, einsum("...,...->...", x, x), 1 * x


def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(einsum("ih,hk->i", torch.tanh(affine(X, W1, b1)), W2) + b2)


def backward(X, y, W1, b1, W2, b2):
    Z = affine(X, W1, b1)
    A = Z.tanh()
    u = einsum("ih,hk->i", A, W2) + b2
    d = sigmoid_backward(u, (torch.sigmoid(u) - y).mul(2).div(y.numel()))
    back = tanh_backward(Z, einsum("i,hk->ih", d, W2))
    return (
        einsum("ij,ih->jh", X, back),
        einsum("ih->h", back),
        einsum("ih,i->h", A, d).unsqueeze(-1),
        einsum("i->", d).unsqueeze(-1),
    )


def numerical_gradient(f, x, dx=1e-3):
    gradient = torch.zeros(x.shape, dtype=x.dtype)
    for place in torch.ones(x.shape).nonzero():
        index = tuple(place)
        moved = torch.zeros(x.shape, dtype=x.dtype)
        moved[index] = dx
        gradient[index] = (f(x + moved) - f(x - moved)) / (2 * dx)
    return gradient


def train(parameters, X, y, n_epochs, learning_rate):
    W1, b1, W2, b2 = parameters
    losses = ()
    for _ in range(n_epochs):
        difference = forward(X, W1, b1, W2, b2) - y
        losses += (einsum("i,i->", difference, difference) / len(y),)
        dW1, db1, dW2, db2 = backward(X, y, W1, b1, W2, b2)
        W1, b1 = W1 - learning_rate * dW1, b1 - learning_rate * db1
        W2, b2 = W2 - learning_rate * dW2, b2 - learning_rate * db2
    return (W1, b1, W2, b2), losses
""",
    "layers_as_classes": '''from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable

import torch
from torch import Tensor


@dataclass
class Affine:
    """A layer that remembers what went through it."""

    W: Tensor
    b: Tensor
    dW: Tensor | None = None
    db: Tensor | None = None
    _seen: Tensor | None = field(default=None, repr=False)

    def __call__(self, X: Tensor) -> Tensor:
        self._seen = X
        return X.matmul(self.W).add(self.b)

    def back(self, upstream: Tensor) -> Tensor:
        self.dW = self._seen.T.matmul(upstream)
        self.db = upstream.sum(0)
        return upstream.matmul(self.W.T)

    def step(self, rate: float) -> None:
        self.W, self.b = self.W - rate * self.dW, self.b - rate * self.db


class Bend:
    """An activation that remembers what it gave."""

    def __init__(self, function: Callable[[Tensor], Tensor], slope: Callable[[Tensor], Tensor]) -> None:
        self.function, self.slope = function, slope

    def __call__(self, z: Tensor) -> Tensor:
        self._given = self.function(z)
        return self._given

    def back(self, upstream: Tensor) -> Tensor:
        return upstream * self.slope(self._given)


def tanh_bend() -> Bend:
    return Bend(torch.tanh, lambda t: 1 - t**2)


def sigmoid_bend() -> Bend:
    return Bend(torch.sigmoid, lambda s: s * (1 - s))


class Network:
    def __init__(self, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> None:
        self.layers = [Affine(W1, b1), tanh_bend(), Affine(W2, b2), sigmoid_bend()]

    @property
    def parameters(self) -> tuple[Tensor, ...]:
        first, _, second, _ = self.layers
        return first.W, first.b, second.W, second.b

    @property
    def gradients(self) -> tuple[Tensor, ...]:
        first, _, second, _ = self.layers
        return first.dW, first.db, second.dW, second.db

    def __call__(self, X: Tensor) -> Tensor:
        for layer in self.layers:
            X = layer(X)
        return X

    def back(self, upstream: Tensor) -> None:
        for layer in reversed(self.layers):
            upstream = layer.back(upstream)


def affine(X: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return Affine(W, b)(X)


def affine_backward(X: Tensor, W: Tensor, b: Tensor, upstream: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    layer = Affine(W, b)
    layer(X)
    dX = layer.back(upstream)
    return dX, layer.dW, layer.db


def tanh_backward(z: Tensor, upstream: Tensor) -> Tensor:
    bend = tanh_bend()
    bend(z)
    return bend.back(upstream)


def sigmoid_backward(z: Tensor, upstream: Tensor) -> Tensor:
    bend = sigmoid_bend()
    bend(z)
    return bend.back(upstream)


class Multiply:
    def __call__(self, a: Tensor, b: Tensor) -> Tensor:
        self.a, self.b = a, b
        return a * b

    def back(self, upstream: Tensor | float) -> tuple[Tensor, Tensor]:
        return self.b * upstream, self.a * upstream


def fan_out_backward(x: Tensor, y: Tensor, z: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    inner, outer = Multiply(), Multiply()
    outer(inner(x, y) + z, x)
    from_sum, directly = outer.back(1.0)
    through_product, dy = inner.back(from_sum)
    return directly + through_product, dy, from_sum


def forward(X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    return Network(W1, b1, W2, b2)(X).squeeze(-1)


def backward(
    X: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    network = Network(W1, b1, W2, b2)
    network.back(2 * (network(X) - y.view(-1, 1) if y.is_contiguous() else network(X) - y.reshape(-1, 1)) / len(X))
    return network.gradients


def numerical_gradient(f: Callable[[Tensor], Tensor], x: Tensor, dx: float = 1e-3) -> Tensor:
    slopes = torch.zeros_like(x)
    for index in torch.cartesian_prod(*map(torch.arange, x.shape)).reshape(-1, x.dim()) if x.dim() else [()]:
        place = tuple(int(number) for number in index)
        ends = []
        for sign in (1, -1):
            moved = x.clone()
            moved[place] += sign * dx
            ends.append(f(moved))
        slopes[place] = (ends[0] - ends[1]) / (2 * dx)
    return slopes


def train(
    parameters: tuple[Tensor, Tensor, Tensor, Tensor], X: Tensor, y: Tensor, n_epochs: int, learning_rate: float
) -> tuple[tuple[Tensor, ...], list[float]]:
    network, target, losses = Network(*parameters), y.reshape(-1, 1), []
    for _ in range(n_epochs):
        error = network(X) - target
        losses.append(error.square().mean().item())
        network.back(2 * error / error.numel())
        for layer in network.layers[::2]:
            layer.step(learning_rate)
    return network.parameters, losses
''',
    "library_functions": """import itertools

import torch
import torch.nn.functional as F


def affine(X, W, b):
    return F.linear(X, W.t(), b)


def affine_backward(X, W, b, upstream):
    return (
        F.linear(upstream, W),
        torch.mm(X.t(), upstream),
        torch.mv(upstream.t(), torch.ones(len(upstream), dtype=upstream.dtype)),
    )


def tanh_backward(z, upstream):
    return torch.addcmul(upstream, upstream, torch.tanh(z).square(), value=-1)


def sigmoid_backward(z, upstream):
    return torch.mul(upstream, torch.exp(F.logsigmoid(z) + F.logsigmoid(-z)))


def fan_out_backward(x, y, z):
    return torch.addcmul(z, x, y, value=2), torch.square(x), torch.clone(x)


def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(torch.addmm(b2, torch.tanh(torch.addmm(b1, X, W1)), W2)).flatten()


def backward(X, y, W1, b1, W2, b2):
    hidden = torch.tanh(torch.addmm(b1, X, W1))
    output = torch.sigmoid(torch.addmv(b2.expand(len(X)), hidden, W2.flatten()))
    delta = torch.div(torch.sub(output, y), len(y) / 2) * output * torch.sub(1, output)
    below = torch.outer(delta, W2.flatten()) * (1 - hidden * hidden)
    second = torch.mv(hidden.t(), delta)[:, None], torch.sum(delta, 0, keepdim=True)
    return torch.mm(X.t(), below), torch.sum(below, 0), *second


def numerical_gradient(f, x, dx=1e-3):
    found = x.new_zeros(x.shape)
    for index in itertools.product(*map(range, x.shape)):
        step = x.new_zeros(x.shape)
        step[index] = dx
        found[index] = torch.div(torch.sub(f(torch.add(x, step)), f(torch.sub(x, step))), 2 * dx)
    return found


def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(F.mse_loss(forward(X, *parameters), y))
        slopes = backward(X, y, *parameters)
        parameters = tuple(map(lambda p, slope: torch.sub(p, slope, alpha=learning_rate), parameters, slopes))
    return parameters, losses
""",
    "lists_and_single_numbers": '''"""Lists where tuples are usual, and the slope of a single bias has no axis."""
import torch


def affine(X, W, b):
    return torch.stack([X @ W[:, k] + b[k] for k in range(W.shape[1])], dim=1)


def affine_backward(X, W, b, upstream):
    db = upstream.sum(0)
    return [upstream.matmul(W.mT), X.mT.matmul(upstream), db if len(db) > 1 else db[0]]


def tanh_backward(z, upstream):
    return -upstream * (torch.tanh(z) ** 2 - 1)


def sigmoid_backward(z, upstream):
    s = torch.sigmoid(z)
    return -upstream * s * (s - 1)


def fan_out_backward(x, y, z):
    ways_of_x = [x * y, x * y + z]
    return [sum(ways_of_x), x**2, x]


def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(torch.tanh(X @ W1 + b1) @ W2[:, 0] + b2[0])


def backward(X, y, W1, b1, W2, b2):
    N = len(y)
    z1 = X @ W1 + b1
    h = torch.tanh(z1)
    p = torch.sigmoid(h @ W2[:, 0] + b2[0])
    d = [2 / N * float(p[i] - y[i]) * float(p[i] * (1 - p[i])) for i in range(N)]
    d = torch.tensor(d, dtype=X.dtype)
    g1 = d.reshape(N, 1) * W2[:, 0] * (1 - h * h)
    dW1 = sum(X[i].reshape(-1, 1) * g1[i] for i in range(N))
    return [dW1, g1.sum(0), (h * d.reshape(N, 1)).sum(0).reshape(-1, 1), d.sum()]


def numerical_gradient(f, x, dx=1e-3):
    numbers = x.reshape(-1).tolist()
    slopes = []
    for k, number in enumerate(numbers):
        up = torch.tensor([*numbers[:k], number + dx, *numbers[k + 1 :]], dtype=x.dtype).reshape(x.shape)
        down = torch.tensor([*numbers[:k], number - dx, *numbers[k + 1 :]], dtype=x.dtype).reshape(x.shape)
        slopes.append((float(f(up)) - float(f(down))) / (2 * dx))
    return torch.tensor(slopes, dtype=x.dtype).reshape(x.shape)


def train(parameters, X, y, n_epochs, learning_rate):
    now = list(parameters)
    losses = []
    for _ in range(n_epochs):
        losses += [((forward(X, *now) - y) ** 2).mean().reshape(1)]
        slopes = backward(X, y, *now)
        now = [now[k] - learning_rate * slopes[k] for k in range(4)]
    return [now, losses]
''',
    "loops_over_samples": """import torch


def affine(X, W, b):
    rows = []
    for x in X:
        row = b
        for j in range(len(x)):
            row = row + x[j] * W[j]
        rows.append(row)
    return torch.stack(rows)


def affine_backward(X, W, b, upstream):
    dX = torch.zeros_like(X)
    dW = torch.zeros_like(W)
    db = torch.zeros_like(b)
    for i in range(len(X)):
        for j in range(X.shape[1]):
            dX[i, j] = (upstream[i] * W[j]).sum()
            dW[j] += X[i, j] * upstream[i]
        db += upstream[i]
    return dX, dW, db


def tanh_backward(z, upstream):
    shape = z.shape
    found = [u * (1 - torch.tanh(number) ** 2) for number, u in zip(z.flatten(), upstream.flatten())]
    return torch.stack(found).reshape(shape)


def sigmoid_backward(z, upstream):
    found = []
    for number, u in zip(z.flatten(), upstream.flatten()):
        s = torch.sigmoid(number)
        found.append(u * s * (1 - s))
    return torch.stack(found).reshape(z.shape)


def fan_out_backward(x, y, z):
    found = [(2 * a * b + c, a * a, a) for a, b, c in zip(x.flatten(), y.flatten(), z.flatten())]
    return tuple(torch.stack(list(part)).reshape(x.shape) for part in zip(*found))


def forward(X, W1, b1, W2, b2):
    predictions = []
    for x in X:
        hidden = torch.tanh(x @ W1 + b1)
        predictions.append(torch.sigmoid(hidden @ W2 + b2)[0])
    return torch.stack(predictions)


def backward(X, y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = (torch.zeros_like(p) for p in (W1, b1, W2, b2))
    for x, target in zip(X, y):
        hidden = torch.tanh(x @ W1 + b1)
        p = torch.sigmoid(hidden @ W2 + b2)
        d2 = 2 * (p - target) * p * (1 - p) / len(X)
        d1 = W2[:, 0] * d2 * (1 - hidden * hidden)
        db2 += d2
        dW2 += hidden[:, None] * d2
        db1 += d1
        dW1 += torch.outer(x, d1)
    return dW1, db1, dW2, db2


def numerical_gradient(f, x, dx=1e-3):
    if x.dim() == 0:
        return (f(x + dx) - f(x - dx)) / (2 * dx)
    rows = []
    for i in range(len(x)):

        def of_row(row, i=i):
            moved = x.clone()
            moved[i] = row
            return f(moved)

        rows.append(numerical_gradient(of_row, x[i], dx))
    return torch.stack(rows)


def train(parameters, X, y, n_epochs, learning_rate):
    W1, b1, W2, b2 = (p.clone() for p in parameters)
    losses = []
    for _ in range(n_epochs):
        losses.append(loss_fn(forward(X, W1, b1, W2, b2), y).item())
        slopes = backward(X, y, W1, b1, W2, b2)
        for p, slope in zip((W1, b1, W2, b2), slopes):
            p -= learning_rate * slope
    return (W1, b1, W2, b2), losses
""",
    "matrices_of_slopes": '''"""Chain rule by matrices: all slopes of a step, times what comes from behind."""
import torch


def affine(X, W, b):
    return torch.cat([X, X.new_ones(len(X), 1)], 1) @ torch.cat([W, b[None]], 0)


def affine_backward(X, W, b, upstream):
    (N, F), H = X.shape, W.shape[1]
    one = torch.eye(H, dtype=X.dtype)
    # the slopes of Z[i, k] in W[j, l]: X[i, j] where k is l
    in_weights = torch.kron(X.contiguous(), one)
    in_inputs = torch.kron(torch.eye(N, dtype=X.dtype), W.T.clone(memory_format=torch.contiguous_format))
    in_biases = one.repeat(N, 1)
    u = upstream.reshape(-1)
    return (u @ in_inputs).reshape(N, F), (u @ in_weights).reshape(F, H), u @ in_biases


def _through(slopes, upstream):
    return (torch.diag(slopes.reshape(-1)) @ upstream.reshape(-1)).reshape(upstream.shape)


def tanh_backward(z, upstream):
    t = torch.tanh(z)
    return _through(1 - t * t, upstream)


def sigmoid_backward(z, upstream):
    s = torch.sigmoid(z)
    return _through(s * (1 - s), upstream)


def fan_out_backward(x, y, z):
    # f = q x with q = x y + z: slopes of q first, then of f in q and x
    ones = torch.ones_like(x)
    of_q = torch.stack([y, x, ones])
    of_x = torch.stack([ones, 0 * x, 0 * x])
    f_in_q, f_in_x = x, x * y + z
    return f_in_q * of_q + f_in_x * of_x


def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(affine(torch.tanh(affine(X, W1, b1)), W2, b2)).reshape(len(X))


def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    h = torch.tanh(z1)
    z2 = affine(h, W2, b2)
    p = torch.sigmoid(z2)[:, 0]
    of_loss = 2 * (p - y) / y.shape[0]
    below = sigmoid_backward(z2, of_loss.reshape(-1, 1))
    dh, dW2, db2 = affine_backward(h, W2, b2, below)
    _, dW1, db1 = affine_backward(X, W1, b1, tanh_backward(z1, dh))
    return dW1, db1, dW2, db2


def numerical_gradient(f, x, dx=1e-3):
    moves = torch.diag(torch.full((x.numel(),), dx, dtype=x.dtype)).reshape((-1,) + tuple(x.shape))
    ends = [torch.stack([f(x + side * move).reshape(()) for move in moves]) for side in (1, -1)]
    return ((ends[0] - ends[1]) / (dx + dx)).reshape(x.shape)


def train(parameters, X, y, n_epochs, learning_rate):
    shapes = [p.shape for p in parameters]
    sizes = [p.numel() for p in parameters]
    point = torch.cat([p.reshape(-1) for p in parameters])

    def apart(vector):
        return tuple(part.reshape(shape) for part, shape in zip(vector.split(sizes), shapes))

    losses = []
    for _ in range(n_epochs):
        losses.append(float(torch.mean((forward(X, *apart(point)) - y) ** 2)))
        slopes = torch.cat([slope.reshape(-1) for slope in backward(X, y, *apart(point))])
        point = point - learning_rate * slopes
    return apart(point), losses
''',
    "numpy_inside": """import numpy as np
import torch


def _array(x):
    return x.detach().numpy()


def _back(array, like):
    return torch.as_tensor(np.asarray(array), dtype=like.dtype)


def affine(X, W, b):
    return _back(np.dot(_array(X), _array(W)) + _array(b), X)


def affine_backward(X, W, b, upstream):
    X, W, u = _array(X), _array(W), _array(upstream)
    return _back(u.dot(W.T), upstream), _back(X.T.dot(u), upstream), _back(u.sum(axis=0), upstream)


def tanh_backward(z, upstream):
    return _back(_array(upstream) * (1 - np.tanh(_array(z)) ** 2), z)


def sigmoid_backward(z, upstream):
    half = np.tanh(_array(z).astype(np.float64) / 2)
    return _back(_array(upstream) * (1 - half**2) / 4, z)


def fan_out_backward(x, y, z):
    a, b, c = _array(x), _array(y), _array(z)
    return _back(2 * a * b + c, x), _back(np.square(a), x), _back(a.copy(), x)


def _network(X, W1, b1, W2, b2):
    h = np.tanh(X @ W1 + b1)
    return h, 0.5 * (1 + np.tanh(0.5 * (h @ W2 + b2)))


def forward(X, W1, b1, W2, b2):
    return _back(_network(*map(_array, (X, W1, b1, W2, b2)))[1].ravel(), X)


def backward(X, y, W1, b1, W2, b2):
    inputs, wanted, *rest = map(_array, (X, y, W1, b1, W2, b2))
    h, p = _network(inputs, *rest)
    d2 = 2 * (p - wanted[:, np.newaxis]) * p * (1 - p) / wanted.size
    d1 = d2 @ rest[2].T * (1 - h**2)
    return tuple(_back(part, X) for part in (inputs.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0)))


def numerical_gradient(f, x, dx=1e-3):
    slopes = np.zeros(tuple(x.shape))
    for index in np.ndindex(*x.shape):
        right, left = _array(x).copy(), _array(x).copy()
        right[index] += dx
        left[index] -= dx
        slopes[index] = (f(torch.from_numpy(right)).item() - f(torch.from_numpy(left)).item()) / (2 * dx)
    return _back(slopes, x)


def train(parameters, X, y, n_epochs, learning_rate):
    now = [_array(p).copy() for p in parameters]
    losses = []
    for _ in range(n_epochs):
        tensors = [torch.from_numpy(part) for part in now]
        losses.append(float(np.mean((_array(forward(X, *tensors)) - _array(y)) ** 2)))
        now = [part - learning_rate * _array(slope) for part, slope in zip(now, backward(X, y, *tensors))]
    return tuple(_back(part, X) for part in now), losses
""",
    "one_liners": """import torch

loss_fn = lambda p, y: (p - y).pow(2).mean()
affine = lambda X, W, b: X @ W + b
affine_backward = lambda X, W, b, upstream: (upstream @ W.t(), X.t() @ upstream, upstream.sum(0))
tanh_backward = lambda z, upstream: upstream - upstream * torch.tanh(z) ** 2
sigmoid_backward = lambda z, upstream: tanh_backward(z / 2, upstream) / 4
fan_out_backward = lambda x, y, z: ((x + x) * y + z, x * x, +x)
forward = lambda X, W1, b1, W2, b2: (torch.tanh(X @ W1 + b1) @ W2 + b2).sigmoid().squeeze(-1)


def backward(X, y, W1, b1, W2, b2):
    d = (2 / len(y)) * ((p := ((h := (X @ W1 + b1).tanh()) @ W2 + b2).sigmoid()) - y[:, None]) * p * (1 - p)
    return X.t() @ (e := (d @ W2.t()) * (1 - h**2)), e.sum(0), h.t() @ d, d.sum(0)


numerical_gradient = lambda f, x, dx=1e-3: torch.stack(
    [(f(x + dx * e) - f(x - dx * e)) / 2 / dx for e in torch.eye(x.numel(), dtype=x.dtype).reshape(-1, *x.shape)]
).reshape(x.shape)


def train(parameters, X, y, n_epochs, learning_rate):
    states = [parameters]
    while len(states) <= n_epochs:
        states.append([p - learning_rate * g for p, g in zip(states[-1], backward(X, y, *states[-1]))])
    return tuple(states[-1]), [loss_fn(forward(X, *state), y).item() for state in states[:-1]]
""",
    "in_place_on_copies": """import torch


def affine(X, W, b):
    out = b.repeat(len(X), 1)
    return out.addmm_(X, W)


def affine_backward(X, W, b, upstream):
    dX, dW, db = torch.empty_like(X), torch.empty_like(W), torch.zeros_like(b)
    torch.mm(upstream, W.t(), out=dX)
    dW.copy_(X.t() @ upstream)
    for row in upstream:
        db.add_(row)
    return dX, dW, db


def tanh_backward(z, upstream):
    return z.clone().tanh_().pow_(2).neg_().add_(1).mul_(upstream)


def sigmoid_backward(z, upstream):
    out = z.clone().sigmoid_()
    return out.sub_(out * out).mul_(upstream)


def fan_out_backward(x, y, z):
    dx = torch.zeros_like(x)
    dq = x.clone()
    dx += x * y + z
    dx += dq * y
    return dx, dq * x, dq


def forward(X, W1, b1, W2, b2):
    a = X @ W1
    a += b1
    a.tanh_()
    a = a @ W2
    a += b2
    a.sigmoid_()
    return a[:, 0].clone()


def backward(X, y, W1, b1, W2, b2):
    h = affine(X, W1, b1)
    h.tanh_()
    out = affine(h, W2, b2)
    out.sigmoid_()
    slope = out.clone()
    slope.mul_(1 - out)
    out.sub_(y.unsqueeze(-1))
    out.mul_(slope).mul_(2).div_(X.size(0))
    down = out @ W2.t()
    down.mul_(1 - h * h)
    _, dW2, db2 = affine_backward(h, W2, b2, out)
    _, dW1, db1 = affine_backward(X, W1, b1, down)
    return dW1, db1, dW2, db2


def numerical_gradient(f, x, dx=1e-3):
    # every number is moved where it is, and put back
    slopes = torch.zeros_like(x)
    places = [()] if x.dim() == 0 else torch.ones(x.shape).nonzero().tolist()
    for place in places:
        place = tuple(place)
        old = x[place].item()
        x[place] = old + dx
        right = f(x).item()
        x[place] = old - dx
        left = f(x).item()
        x[place] = old
        slopes[place] = (right - left) / (2 * dx)
    return slopes


def train(parameters, X, y, n_epochs, learning_rate):
    new = tuple(p.clone() for p in parameters)
    losses = torch.zeros(n_epochs, dtype=torch.float64)
    for epoch in range(n_epochs):
        losses[epoch] = loss_fn(forward(X, *new), y)
        for p, slope in zip(new, backward(X, y, *new)):
            p.sub_(learning_rate * slope)
    return new, losses
""",
    "star_arguments": """import torch


def affine(*tensors):
    X, W, b = tensors
    return b + X.matmul(W)


def affine_backward(*tensors):
    X, W, _, upstream = tensors
    return upstream @ W.T, (upstream.T @ X).T, upstream.T.sum(1)


def tanh_backward(z, *more):
    (upstream,) = more
    height = torch.cosh(z.double().clamp(-350, 350))
    return (upstream.double() / height.square()).to(z.dtype)


def sigmoid_backward(z, *more):
    (upstream,) = more
    e = torch.exp(-z.abs())
    return upstream * e / (1 + e) ** 2


def fan_out_backward(*xyz):
    x, y, z = xyz
    slopes = dict.fromkeys("xyz", 0)
    slopes["q"] = x
    slopes["x"] = slopes["x"] + (x * y + z)
    slopes["x"] = slopes["x"] + slopes["q"] * y
    slopes["y"] = slopes["y"] + slopes["q"] * x
    slopes["z"] = slopes["z"] + slopes["q"]
    return tuple(slopes[name] for name in "xyz")


def forward(X, *parameters):
    for layer, bend in zip((parameters[:2], parameters[2:]), (torch.tanh, torch.sigmoid)):
        X = bend(affine(X, *layer))
    return X.T[0]


def backward(X, y, *parameters):
    inputs, sums = [X], []
    for layer, bend in zip((parameters[:2], parameters[2:]), (torch.tanh, torch.sigmoid)):
        sums.append(affine(inputs[-1], *layer))
        inputs.append(bend(sums[-1]))
    back = (inputs[-1] - y[..., None]) * 2 / y.size(0)
    found = []
    for layer, bend in ((1, sigmoid_backward), (0, tanh_backward)):
        back, *slopes = affine_backward(inputs[layer], *parameters[2 * layer : 2 * layer + 2], bend(sums[layer], back))
        found = slopes + found
    return tuple(found)


def numerical_gradient(f, x, *dx):
    (dx,) = dx or (0.001,)
    found = []
    for place in range(x.numel()):
        ends = []
        for side in (-dx, dx):
            copy = x.detach().clone(memory_format=torch.contiguous_format)
            copy.view(-1)[place] += side
            ends.append(f(copy))
        found.append((ends[1] - ends[0]) / (2 * dx))
    return torch.stack(found).view(x.shape)


def train(parameters, *data_and_settings):
    X, y, n_epochs, learning_rate = data_and_settings

    def epochs(now):
        for _ in range(n_epochs):
            yield now
            now = tuple(p - learning_rate * slope for p, slope in zip(now, backward(X, y, *now)))
        yield now

    *before, last = epochs(parameters)
    return last, [((forward(X, *now) - y) ** 2).mean() for now in before]
""",
    "tape": '''"""Each step forwards leaves a note of how to go back; the notes are read from the last to the first."""
import torch


class Tape(list):
    """What to do on the way back, and what came back so far, by name."""

    def __init__(self):
        super().__init__()
        self.slopes = {}

    def add(self, name, slope):
        self.slopes[name] = self.slopes[name] + slope if name in self.slopes else slope

    def back(self, name, upstream):
        self.add(name, upstream)
        for note in reversed(self):
            note()
        return self.slopes


def affine(X, W, b):
    return X @ W + b.unsqueeze(0)


def affine_backward(X, W, b, upstream):
    ones = X.new_ones(1, len(X))
    return upstream @ W.transpose(-1, -2), X.transpose(-1, -2) @ upstream, (ones @ upstream)[0]


def tanh_backward(z, upstream):
    s = torch.sigmoid(2 * z)
    return 4 * upstream * s * (1 - s)


def sigmoid_backward(z, upstream):
    s = torch.sigmoid(z)
    return upstream * (s - s.pow(2))


def fan_out_backward(x, y, z):
    tape = Tape()
    product = x * y
    tape.append(lambda: (tape.add("x", tape.slopes["product"] * y), tape.add("y", tape.slopes["product"] * x)))
    q = product + z
    tape.append(lambda: (tape.add("product", tape.slopes["q"]), tape.add("z", tape.slopes["q"])))
    tape.append(lambda: (tape.add("q", tape.slopes["f"] * x), tape.add("x", tape.slopes["f"] * q)))
    slopes = tape.back("f", torch.ones_like(x))
    return slopes["x"], slopes["y"], slopes["z"]


def forward(X, W1, b1, W2, b2):
    return _noted(Tape(), X, W1, b1, W2, b2)


def _noted(tape, X, W1, b1, W2, b2):
    def layer(name, inputs, W, b, number):
        def note():
            dX, dW, db = affine_backward(inputs, W, b, tape.slopes[f"z{number}"])
            tape.add(name, dX)
            tape.add(f"W{number}", dW)
            tape.add(f"b{number}", db)

        tape.append(note)
        return affine(inputs, W, b)

    z1 = layer("X", X, W1, b1, 1)
    tape.append(lambda: tape.add("z1", tanh_backward(z1, tape.slopes["h"])))
    z2 = layer("h", torch.tanh(z1), W2, b2, 2)
    tape.append(lambda: tape.add("z2", sigmoid_backward(z2, tape.slopes["p"])))
    tape.append(lambda: tape.add("p", tape.slopes["row"].unsqueeze(1)))
    return torch.sigmoid(z2).squeeze(1)


def backward(X, y, W1, b1, W2, b2):
    tape = Tape()
    p = _noted(tape, X, W1, b1, W2, b2)
    slopes = tape.back("row", 2 * (p - y) / len(y))
    return tuple(slopes[name] for name in ("W1", "b1", "W2", "b2"))


def numerical_gradient(f, x, dx=1e-3):
    def slope(k):
        e = torch.zeros(x.numel(), dtype=x.dtype).index_fill(0, torch.tensor([k]), dx).reshape(x.shape)
        return (f(x + e) - f(x - e)) / (2 * dx)

    return torch.stack([slope(k) for k in range(x.numel())]).reshape(x.shape)


def train(parameters, X, y, n_epochs, learning_rate):
    if n_epochs == 0:
        return tuple(parameters), []
    loss = loss_fn(forward(X, *parameters), y).item()
    steps = [learning_rate * slope for slope in backward(X, y, *parameters)]
    now, losses = tuple(p - step for p, step in zip(parameters, steps)), [loss]
    for _ in range(n_epochs - 1):
        losses.append(loss_fn(forward(X, *now), y).item())
        now = tuple(p - learning_rate * slope for p, slope in zip(now, backward(X, y, *now)))
    return now, losses
''',
    "double_precision_inside": '''"""All sums in float64, whatever the data is; the answers in the dtype of the data."""
import torch


def _wide(*tensors):
    return [tensor.to(torch.float64) for tensor in tensors]


def affine(X, W, b):
    wide = _wide(X, W, b)
    return torch.addmm(wide[2], wide[0], wide[1]).to(X.dtype)


def affine_backward(X, W, b, upstream):
    wX, wW, u = _wide(X, W, upstream)
    return tuple(part.to(X.dtype) for part in (u @ wW.T, wX.T @ u, u.sum(dim=0)))


def tanh_backward(z, upstream):
    wz, u = _wide(z, upstream)
    e = torch.exp(-2 * wz.abs())
    return (u * 4 * e / (1 + e) ** 2).to(z.dtype)


def sigmoid_backward(z, upstream):
    wz, u = _wide(z, upstream)
    s = 1 / (1 + torch.exp(-wz))
    return (u * s * (1 - s)).to(z.dtype)


def fan_out_backward(x, y, z):
    a, b, c = _wide(x, y, z)
    return tuple(part.to(x.dtype) for part in (a * b + (a * b + c), a * a, a))


def forward(X, W1, b1, W2, b2):
    wX, *p = _wide(X, W1, b1, W2, b2)
    return torch.sigmoid(affine(torch.tanh(affine(wX, *p[:2])), *p[2:])).squeeze(dim=1).to(X.dtype)


def backward(X, y, W1, b1, W2, b2):
    wX, wy, w1, c1, w2, c2 = _wide(X, y, W1, b1, W2, b2)
    z1 = affine(wX, w1, c1)
    z2 = affine(z1.tanh(), w2, c2)
    loss_slope = 2 * (z2.sigmoid() - wy[:, None]) / wy.numel()
    dh, dW2, db2 = affine_backward(z1.tanh(), w2, c2, sigmoid_backward(z2, loss_slope))
    _, dW1, db1 = affine_backward(wX, w1, c1, tanh_backward(z1, dh))
    return tuple(part.to(X.dtype) for part in (dW1, db1, dW2, db2))


def numerical_gradient(f, x, dx=1e-3):
    found = torch.zeros(x.shape, dtype=torch.float64)
    flat = found.view(-1)
    for k in range(flat.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        up, down = f(x + step.view(x.shape)), f(x - step.view(x.shape))
        flat[k] = (up.double() - down.double()) / (2 * dx)
    return found.to(x.dtype)


def train(parameters, X, y, n_epochs, learning_rate):
    wX, wy = _wide(X, y)
    now = _wide(*parameters)
    losses = []
    for _ in range(n_epochs):
        error = forward(wX, *now) - wy
        losses.append(float(error @ error) / len(error))
        now = [p - learning_rate * slope for p, slope in zip(now, backward(wX, wy, *now))]
    return tuple(p.to(X.dtype) for p in now), losses
''',
    "names_of_its_own": """import torch


def affine(inputs, weights, bias):
    return inputs @ weights + bias


def affine_backward(inputs, weights, bias, grad):
    return grad @ weights.T, inputs.T @ grad, grad.sum(0)


def tanh_backward(pre, grad):
    return grad * (1 - pre.tanh().square())


def sigmoid_backward(pre, grad):
    out = pre.sigmoid()
    return grad * out * (1 - out)


def fan_out_backward(a, b, c):
    return 2 * a * b + c, a**2, a


def forward(inputs, w_hidden, b_hidden, w_out, b_out):
    return affine(affine(inputs, w_hidden, b_hidden).tanh(), w_out, b_out).sigmoid()[:, 0]


def backward(inputs, labels, w_hidden, b_hidden, w_out, b_out):
    hidden = affine(inputs, w_hidden, b_hidden).tanh()
    guess = forward(inputs, w_hidden, b_hidden, w_out, b_out)
    grad = (guess - labels) * guess * (1 - guess) / (0.5 * len(labels))
    grad_hidden, grad_w_out, grad_b_out = affine_backward(hidden, w_out, b_out, grad[:, None])
    _, grad_w, grad_b = affine_backward(inputs, w_hidden, b_hidden, grad_hidden * (1 - hidden**2))
    return grad_w, grad_b, grad_w_out, grad_b_out


def numerical_gradient(function, point, eps=0.001):
    result = torch.zeros_like(point, memory_format=torch.contiguous_format)
    for number, _ in enumerate(result.view(-1)):
        bump = torch.zeros_like(result)
        bump.view(-1)[number] = eps
        result.view(-1)[number] = (function(point + bump) - function(point - bump)) / (2 * eps)
    return result


def train(start_at, inputs, labels, steps, rate):
    current, history = tuple(start_at), []
    for step in range(steps):
        history.append(((forward(inputs, *current) - labels) ** 2).mean().item())
        grads = backward(inputs, labels, *current)
        current = tuple(value - rate * grad for value, grad in zip(current, grads))
    return current, history
""",
}
