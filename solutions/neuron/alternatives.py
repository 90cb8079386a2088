# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Right submissions to neuron, each in another style: all keep every point."""

from __future__ import annotations

ALTERNATIVES: dict[str, str] = {
    "beginner": """# my solution, step by step
import torch
from torch.utils.data import DataLoader, Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def binary_step(z, threshold=0.0):
    answer = z >= threshold
    answer = answer.to(z.dtype)
    return answer


def sigmoid(z):
    exponential = torch.exp(-z)
    bottom = 1.0 + exponential
    answer = 1.0 / bottom
    return answer


def tanh(z):
    two_z = 2.0 * z
    s = sigmoid(two_z)
    answer = 2.0 * s - 1.0
    return answer


def relu(z):
    zeros = torch.zeros_like(z)
    answer = torch.where(z > 0, z, zeros)
    return answer


def leaky_relu(z, negative_slope=0.01):
    small = negative_slope * z
    answer = torch.where(z > 0, z, small)
    return answer


def elu(z, alpha=1.0):
    # min so that exp never gets a large number
    safe = torch.minimum(z, torch.zeros_like(z))
    left = torch.exp(safe) - 1.0
    left = alpha * left
    answer = torch.where(z > 0, z, left)
    return answer


class SimpleDataset(Dataset):
    def __init__(self):
        self.X = []
        self.y = []
        for i in range(12):
            self.X.append([float(readings[i][0]), float(readings[i][1])])
            self.y.append(float(temperatures[i]))
        self.X = torch.tensor(self.X)
        self.y = torch.tensor(self.y)
        self.y = self.y * 0.01

    def __len__(self):
        return len(self.y)

    def __getitem__(self, idx):
        x = self.X[idx]
        y = self.y[idx]
        return {"input": x, "target": y}

    def __str__(self):
        str = "Data Size: {0}, Input Shape: {1}, Target Shape: {2}".format(len(self.X), self.X.shape, self.y.shape)
        return str


def activate(u):
    return sigmoid(u)


def model(X, W, b):
    u = torch.sum(X * W, dim=-1)
    u = u + b
    z = activate(u)
    return z


def loss_fn(y_pred, y):
    N = y.shape[0]
    difference = y_pred - y
    squared = difference * difference
    total = torch.sum(squared)
    loss = total / N
    print("loss:", loss.item())
    return loss


def rmse_loss(y_pred, y):
    mse = torch.mean(torch.pow(y_pred - y, 2))
    return torch.sqrt(mse)


def mae_loss(y_pred, y):
    difference = y_pred - y
    size = torch.where(difference > 0, difference, -difference)
    return torch.mean(size)


def forward_difference(f, x, dx):
    y1 = f(x)
    y2 = f(x + dx)
    rise = y2 - y1
    return rise / dx


def central_difference(f, x, dx):
    y1 = f(x - dx)
    y2 = f(x + dx)
    rise = y2 - y1
    run = 2 * dx
    return rise / run


def chain_rule(x):
    x2 = x * x
    x3 = x * x * x
    g = x3 + x2 + x + 1
    df_dg = 3 * g * g
    dg_dx = 3 * x2 + 2 * x + 1
    df_dx = df_dg * dg_dx
    return df_dx


def add_gate(x, y, upstream):
    df_dx = 1.0
    df_dy = 1.0
    return df_dx * upstream, df_dy * upstream


def multiply_gate(x, y, upstream):
    df_dx = y
    df_dy = x
    return df_dx * upstream, df_dy * upstream


def max_gate(x, y, upstream):
    zeros = torch.zeros_like(upstream)
    df_dx = torch.where(x > y, upstream, zeros)
    df_dy = torch.where(y > x, upstream, zeros)
    return df_dx, df_dy


def backward(x, y, z):
    # forward
    q = x + y
    f = q * z
    print("f =", f)
    # backward
    df_dz = q
    df_dq = z
    dq_dx = 1.0
    dq_dy = 1.0
    df_dx = df_dq * dq_dx
    df_dy = df_dq * dq_dy
    return df_dx, df_dy, df_dz


def sigmoid_derivative(z):
    s = sigmoid(z)
    one_minus_s = 1.0 - s
    return s * one_minus_s


def gradient(W, b, X, y):
    N = X.shape[0]
    F = X.shape[1]
    u = torch.sum(X * W, dim=1) + b
    y_pred = activate(u)
    dl_dy = 2 * (y_pred - y)
    dl_dy = dl_dy.unsqueeze(dim=-1)
    dy_du = sigmoid_derivative(u).unsqueeze(dim=-1)
    du_dW = X
    du_db = torch.ones(N, 1, dtype=X.dtype)
    W_grad = torch.mean(dl_dy * dy_du * du_dW, dim=0)
    b_grad = torch.mean(dl_dy * dy_du * du_db, dim=0)
    assert W_grad.shape == (F,)
    return W_grad, b_grad


def learn(W, b, train_data_loader, max_epochs=20000, learning_rate=0.01):
    for epoch in range(0, max_epochs):
        batch = next(iter(train_data_loader))
        x = batch["input"]
        y = batch["target"]
        W_grad, b_grad = gradient(W, b, x, y)
        if epoch % 1000 == 0:
            y_pred = model(x, W, b)
            loss = loss_fn(y_pred, y)
            print("[Epoch {0:>6,}] loss:{1:8.4f}, w0:{2:6.3f}, b:{3:6.3f}".format(epoch, loss, W[0], b[0]))
        W = W - learning_rate * W_grad
        b = b - learning_rate * b_grad
    return W, b


def learn_with_autograd(W, b, train_data_loader, max_epochs=20000, learning_rate=0.01):
    for epoch in range(0, max_epochs):
        batch = next(iter(train_data_loader))
        y_pred = model(batch["input"], W, b)
        loss = torch.mean((y_pred - batch["target"]) ** 2)
        loss.backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
            W.grad = None
            b.grad = None
        if epoch % 1000 == 0:
            print("epoch", epoch, "loss", loss.item())
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20000):
    for epoch in range(0, max_epochs):
        batch = next(iter(train_data_loader))
        y_pred = model(batch["input"], W, b)
        loss = torch.mean((y_pred - batch["target"]) ** 2)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if epoch % 1000 == 0:
            print("epoch", epoch, "loss", loss.item())
    return W, b


def main():
    dataset = SimpleDataset()
    loader = DataLoader(dataset, batch_size=len(dataset))
    W = torch.ones(2, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    learn_with_optimizer(W, b, loader, torch.optim.SGD([W, b], lr=0.01))


if __name__ == "__main__":
    main()
""",
    "bias_column": '''"""The bias as one more weight, of an input that is always one."""
import torch
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def _with_ones(X):
    return torch.nn.functional.pad(X, (0, 1), value=1.0)


def binary_step(z, threshold=0.0):
    return z.ge(threshold).mul(1).to(z.dtype)


def sigmoid(z):
    # as a softmax between z and 0
    return torch.softmax(torch.stack([z, torch.zeros_like(z)]), dim=0)[0]


def tanh(z):
    p, q = torch.softmax(torch.stack([z, -z]), dim=0)
    return p - q


def relu(z):
    return torch.stack([z, torch.zeros_like(z)]).amax(dim=0)


def leaky_relu(z, negative_slope=0.01):
    return torch.stack([z, negative_slope * z]).amax(dim=0)


def elu(z, alpha=1.0):
    bent = torch.zeros_like(z)
    bent[z < 0] = alpha * torch.expm1(z[z < 0])
    return bent + z * (z > 0)


class SimpleDataset(Dataset):
    def __init__(self):
        whole = torch.cat([readings, temperatures[:, None] * 0.01], dim=1)
        self.inputs, targets = whole.split([2, 1], dim=1)
        self.targets = targets.squeeze(1)

    def __len__(self):
        return len(self.targets)

    def __getitem__(self, index):
        return {"input": self.inputs[index], "target": self.targets[index]}

    def __str__(self):
        shapes = {"Input": self.inputs.shape, "Target": self.targets.shape}
        return f"Data Size: {len(self)}" + "".join(f", {name} Shape: {shape}" for name, shape in shapes.items())


def activate(u):
    return torch.softmax(torch.stack([u, torch.zeros_like(u)]), dim=0)[0]


def model(X, W, b):
    return activate(_with_ones(X) @ torch.cat([W, b]))


def loss_fn(y_pred, y):
    return torch.dist(y_pred, y) ** 2 / y.numel()


def rmse_loss(y_pred, y):
    return torch.dist(y_pred, y) / y.numel() ** 0.5


def mae_loss(y_pred, y):
    return torch.norm(y_pred - y, p=1) / y.numel()


def _slope(f, x, right, left):
    return (f(x + right) - f(x - left)) / (right + left)


def forward_difference(f, x, dx):
    return _slope(f, x, dx, 0)


def central_difference(f, x, dx):
    return _slope(f, x, dx, dx)


def chain_rule(x):
    powers = torch.stack([x**0, x, x**2, x**3])
    g = powers.sum(dim=0)
    dg = powers[0] + 2 * powers[1] + 3 * powers[2]
    return dg * g.square() * 3


def add_gate(x, y, upstream):
    return tuple(upstream.expand(2, *upstream.shape))


def multiply_gate(x, y, upstream):
    return tuple(torch.stack([x, y]).flip(0) * upstream)


def max_gate(x, y, upstream):
    pair = torch.stack([x, y])
    return tuple((pair == pair.amax(dim=0)) * upstream)


def backward(x, y, z):
    return z.clone(), z.clone(), torch.stack([x, y]).sum(dim=0)


def sigmoid_derivative(z):
    p, q = torch.softmax(torch.stack([z, torch.zeros_like(z)]), dim=0)
    return p * q


def gradient(W, b, X, y):
    table, theta = _with_ones(X), torch.cat([W, b])
    s = sigmoid(table @ theta)
    both = table.t() @ ((s - y) * s * (1 - s)) * 2 / len(y)
    return both[:-1], both[-1:]


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    theta = torch.cat([W, b])
    for _ in range(max_epochs):
        for batch in train_data_loader:
            both = torch.cat(gradient(theta[:-1], theta[-1:], batch["input"], batch["target"]))
            theta = theta.sub(both, alpha=learning_rate)
            break
    return theta.split([len(W), 1])


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    theta = torch.cat([W, b]).detach().requires_grad_()
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(activate(_with_ones(batch["input"]) @ theta), batch["target"])
        loss.backward()
        theta = (theta - learning_rate * theta.grad).detach().requires_grad_()
    W.data, b.data = theta.data[:-1].clone(), theta.data[-1:].clone()
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        for batch in train_data_loader:
            optimizer.zero_grad()
            loss_fn(model(batch["input"], W, b), batch["target"]).backward()
            optimizer.step()
            break
    return W, b
''',
    "einsum_everywhere": """import torch
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def binary_step(z, threshold=0.0):
    return 1.0 * (z >= threshold).to(z)


def sigmoid(z):
    return torch.reciprocal(1 + torch.exp(-z))


def tanh(z):
    return 1 - 2 / (torch.exp(2 * z) + 1)


def relu(z):
    return torch.einsum("...,...->...", z, (z > 0).to(z.dtype))


def leaky_relu(z, negative_slope=0.01):
    return torch.einsum("...,...->...", z, (z > 0).to(z.dtype) + negative_slope * (z <= 0).to(z.dtype))


def elu(z, alpha=1.0):
    return torch.clamp(z, min=0) + alpha * torch.expm1(torch.clamp(z, max=0))


class SimpleDataset(Dataset):
    def __init__(self):
        super().__init__()
        self.table = torch.cat([readings, torch.einsum("n,->n", temperatures, torch.tensor(0.01)).unsqueeze(1)], dim=1)

    def __len__(self):
        return self.table.shape[0]

    def __getitem__(self, index):
        *_, target = row = self.table[index]
        return {"input": row[:2], "target": target}

    def __str__(self):
        inputs, targets = self.table[:, :2], self.table[:, 2]
        return f"Data Size: {len(self)}, Input Shape: {inputs.shape}, Target Shape: {targets.shape}"


def activate(u):
    return torch.reciprocal(1 + torch.exp(-u))


def model(X, W, b):
    return sigmoid(torch.einsum("nf,f->n", X, W) + b)


def loss_fn(y_pred, y):
    return torch.einsum("n,n->", y_pred - y, y_pred - y) / y.shape[0]


def rmse_loss(y_pred, y):
    return torch.linalg.vector_norm(y_pred - y) / y.shape[0] ** 0.5


def mae_loss(y_pred, y):
    return torch.einsum("n,n->", y_pred - y, torch.sign(y_pred - y)) / y.shape[0]


def forward_difference(f, x, dx):
    return torch.einsum("s...,s->...", torch.stack([f(x + dx), f(x)]), torch.tensor([1 / dx, -1 / dx], dtype=x.dtype))


def central_difference(f, x, dx):
    weights = torch.tensor([0.5, -0.5], dtype=x.dtype) / dx
    return torch.einsum("s...,s->...", torch.stack([f(x + dx), f(x - dx)]), weights)


def chain_rule(x):
    g = x**3 + x**2 + x + 1
    inner = 3 * x**2 + 2 * x + 1
    return 3 * torch.einsum("...,...,...->...", g, g, inner)


def add_gate(x, y, upstream):
    return torch.stack([upstream, upstream])


def multiply_gate(x, y, upstream):
    return torch.einsum("s...,...->s...", torch.stack([y, x]), upstream)


def max_gate(x, y, upstream):
    wins = torch.stack([x > y, x < y]).to(upstream.dtype)
    return torch.einsum("s...,...->s...", wins, upstream)


def backward(x, y, z):
    picks = torch.tensor([[0, 1, 0], [0, 1, 0], [1, 0, 1]], dtype=z.dtype)
    return torch.einsum("ps,s...->p...", picks, torch.stack([x, z, y]))


def sigmoid_derivative(z):
    s = activate(z)
    return torch.einsum("...,...->...", s, 1 - s)


def gradient(W, b, X, y):
    s = activate(torch.einsum("nf,f->n", X, W) + b)
    d = torch.einsum("n,n,n->n", s - y, s, 1 - s) * 2 / len(y)
    return torch.einsum("n,nf->f", d, X), torch.einsum("n->", d).reshape(1)


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    theta = torch.cat([W, b])
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        theta = theta - learning_rate * torch.cat(gradient(theta[:-1], theta[-1:], batch["input"], batch["target"]))
    return theta[:-1], theta[-1:]


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        W.grad, b.grad = None, None
        loss.backward()
        with torch.no_grad():
            W.copy_(W - learning_rate * W.grad)
            b.copy_(b - learning_rate * b.grad)
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return W, b
""",
    "float64_inside": '''"""Everything in float64, and rounded once at the end."""
import functools

import torch
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def in_double(function):
    @functools.wraps(function)
    def called(first, *rest, **named):
        def wide(item):
            return item.double() if isinstance(item, torch.Tensor) else item

        found = function(wide(first), *map(wide, rest), **{key: wide(item) for key, item in named.items()})
        if isinstance(found, tuple):
            return tuple(item.to(first.dtype) for item in found)
        return found.to(first.dtype)

    return called


@in_double
def _step(z, threshold):
    return (z >= threshold).double()


def binary_step(z, threshold=0.0):
    return _step(z, threshold)


def sigmoid(z):
    return in_double(lambda v: 1 / (1 + torch.exp(-v)))(z)


def tanh(z):
    return in_double(lambda v: 1 - 2 / (1 + torch.exp(2 * v)))(z)


def relu(z):
    return in_double(lambda v: v.clamp_min(0))(z)


def leaky_relu(z, negative_slope=0.01):
    return in_double(lambda v: v.clamp_min(0) + negative_slope * v.clamp_max(0))(z)


def elu(z, alpha=1.0):
    return in_double(lambda v: v.clamp_min(0) + alpha * torch.expm1(v.clamp_max(0)))(z)


class SimpleDataset(Dataset):
    def __init__(self):
        self.inputs = readings.double().float()
        self.targets = (temperatures.double() / 100).float()

    def __len__(self):
        return self.inputs.shape[0]

    def __getitem__(self, index):
        return {"input": self.inputs[index, :], "target": self.targets[index]}

    def __str__(self):
        return ", ".join(
            [f"Data Size: {len(self)}", f"Input Shape: {self.inputs.shape}", f"Target Shape: {self.targets.shape}"]
        )


def activate(u):
    return sigmoid(u)


def model(X, W, b):
    return in_double(lambda table, w, bias: 1 / (1 + torch.exp(-(table * w).sum(1) - bias)))(X, W, b)


def loss_fn(y_pred, y):
    return in_double(lambda p, t: (p - t).square().mean())(y_pred, y)


def rmse_loss(y_pred, y):
    return in_double(lambda p, t: (p - t).square().mean().sqrt())(y_pred, y)


def mae_loss(y_pred, y):
    return in_double(lambda p, t: (p - t).abs().mean())(y_pred, y)


def forward_difference(f, x, dx):
    here = x.double()
    return ((f(here + dx) - f(here)) / dx).to(x.dtype)


def central_difference(f, x, dx):
    return ((f(x.double() + dx) - f(x.double() - dx)) / (2 * dx)).to(x.dtype)


@in_double
def _cube_slope(x):
    return 3 * (x**3 + x**2 + x + 1) ** 2 * (3 * x**2 + 2 * x + 1)


def chain_rule(x):
    return _cube_slope(x)


def add_gate(x, y, upstream):
    return in_double(lambda up: (up.clone(), up.clone()))(upstream)


@in_double
def _multiply(x, y, upstream):
    return y * upstream, x * upstream


def multiply_gate(x, y, upstream):
    return _multiply(x, y, upstream)


def max_gate(x, y, upstream):
    return in_double(lambda p, q, up: (up * (p > q), up * (p <= q)))(x, y, upstream)


def backward(x, y, z):
    return in_double(lambda p, q, r: (r, r, p + q))(x, y, z)


@in_double
def _sigmoid_slope(z):
    return 1 / (2 + torch.exp(z) + torch.exp(-z))


def sigmoid_derivative(z):
    return _sigmoid_slope(z)


def gradient(W, b, X, y):
    def by_hand(w, bias, table, target):
        s = 1 / (1 + torch.exp(-(table @ w) - bias))
        d = (s - target) * s * (1 - s) / (len(target) / 2)
        return (table * d.reshape(-1, 1)).sum(0), d.sum(0, keepdim=True)

    return in_double(by_hand)(W, b, X, y)


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    w, bias = W.double(), b.double()
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        slopes = gradient(w, bias, batch["input"], batch["target"])
        w, bias = w - learning_rate * slopes[0], bias - learning_rate * slopes[1]
    return w.to(W.dtype), bias.to(b.dtype)


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    w, bias = W.detach().double().clone().requires_grad_(), b.detach().double().clone().requires_grad_()
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"].double(), w, bias), batch["target"].double())
        slopes = torch.autograd.grad(loss, (w, bias))
        with torch.no_grad():
            w -= learning_rate * slopes[0]
            bias -= learning_rate * slopes[1]
    W.data.copy_(w.data)
    b.data.copy_(bias.data)
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.double().backward()
        optimizer.step()
    return W, b
''',
    "gates_composed": '''"""The gradient goes backwards through the gates of this lesson, one after the other."""
import torch
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def binary_step(z, threshold=0.0):
    return torch.where(z < threshold, torch.zeros_like(z), torch.ones_like(z))


def sigmoid(z):
    # a maximum between z and 0, made smooth, has this slope
    return torch.exp(-torch.logaddexp(torch.zeros_like(z), -z))


def tanh(z):
    e = torch.exp(-2 * z.abs())
    return torch.sign(z) * (1 - e) / (1 + e)


def relu(z):
    return torch.maximum(z, torch.zeros_like(z))


def leaky_relu(z, negative_slope=0.01):
    return relu(z) - negative_slope * relu(-z)


def elu(z, alpha=1.0):
    return relu(z) - alpha * (1 - torch.exp(-relu(-z)))


class SimpleDataset(Dataset):
    def __init__(self):
        self._pairs = list(zip(readings.unbind(0), (temperatures / 100).unbind(0), strict=True))

    def __len__(self):
        return len(self._pairs)

    def __getitem__(self, index):
        return dict(zip(("input", "target"), self._pairs[index], strict=True))

    def __str__(self):
        inputs, targets = (torch.stack(column) for column in zip(*self._pairs, strict=True))
        return f"Data Size: {len(self)}, Input Shape: {inputs.shape}, Target Shape: {targets.shape}"


def activate(u):
    return sigmoid(u)


def model(X, W, b):
    return activate(sum(column * weight for column, weight in zip(X.unbind(1), W.unbind(), strict=True)) + b)


def loss_fn(y_pred, y):
    d = y_pred - y
    return (d * d).mean()


def rmse_loss(y_pred, y):
    return loss_fn(y_pred, y).sqrt()


def mae_loss(y_pred, y):
    return (torch.maximum(y_pred, y) - torch.minimum(y_pred, y)).mean()


def forward_difference(f, x, dx):
    left, right = f(x), f(x + dx)
    return (right - left) / dx


def central_difference(f, x, dx):
    """The mean of the slopes to both sides."""
    return (forward_difference(f, x, dx) + forward_difference(f, x - dx, dx)) / 2


def chain_rule(x):
    # forwards through products and sums, and back again
    one = torch.ones_like(x)
    square = x * x
    cube = square * x
    g = cube + square + x + one
    g_square = g * g
    to_square, to_g = multiply_gate(g_square, g, one)
    first, second = multiply_gate(g, g, to_square)
    to_g = to_g + first + second
    to_cube, to_sum = add_gate(cube, square + x, to_g)
    from_cube, to_x = multiply_gate(square, x, to_cube)
    to_square = from_cube + to_sum
    first, second = multiply_gate(x, x, to_square)
    return to_x + first + second + to_sum


def add_gate(x, y, upstream):
    return 1 * upstream, 1 * upstream


def multiply_gate(x, y, upstream):
    return upstream * y, upstream * x


def max_gate(x, y, upstream):
    share = binary_step(x - y)
    return share * upstream, upstream - share * upstream


def backward(x, y, z):
    q = x + y
    df_dq, df_dz = multiply_gate(q, z, torch.ones_like(q))
    return *add_gate(x, y, df_dq), df_dz


def sigmoid_derivative(z):
    s = sigmoid(z)
    # the product s * (1 - s) is symmetric around 0
    return s - s * s


def gradient(W, b, X, y):
    products = X * W
    z = products.sum(1) + b
    y_pred = activate(z)
    errors = y_pred - y
    to_errors, other = multiply_gate(errors, errors, torch.full_like(y, 1 / len(y)))
    to_errors = to_errors + other
    to_z = to_errors * sigmoid_derivative(z)
    to_sum, to_b = add_gate(products.sum(1), b.expand(len(y)), to_z)
    _, to_W = multiply_gate(X, W.expand(X.shape), to_sum.unsqueeze(1).expand(X.shape))
    return to_W.sum(0), to_b.sum(0, keepdim=True)


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    epoch = 0
    while epoch < max_epochs:
        (batch,) = [next(iter(train_data_loader))]
        to_W, to_b = gradient(W, b, batch["input"], batch["target"])
        W, b = W + -learning_rate * to_W, b + -learning_rate * to_b
        epoch += 1
    return W, b


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        model(batch["input"], W, b).sub(batch["target"]).square().mean().backward()
        with torch.no_grad():
            for p in (W, b):
                p.add_(p.grad, alpha=-learning_rate)
                p.grad = None
    return [W, b]


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for epoch in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        loss.backward()
        optimizer.step()
        W.grad = b.grad = None
        if epoch % 1000 == 0:
            print("epoch", epoch, "loss", float(loss.detach()))
    return [W, b]
''',
    "in_place_on_copies": """import torch
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def binary_step(z, threshold=0.0):
    fired = torch.zeros_like(z)
    fired[z >= threshold] = 1
    return fired


def sigmoid(z):
    return z.clone().neg_().exp_().add_(1).reciprocal_()


def tanh(z):
    squashed = sigmoid(z.mul(2))
    squashed *= 2
    squashed -= 1
    return squashed


def relu(z):
    copy = z.clone()
    copy[copy < 0] = 0
    return copy


def leaky_relu(z, negative_slope=0.01):
    copy = z.clone()
    copy[copy < 0] *= negative_slope
    return copy


def elu(z, alpha=1.0):
    copy = z.clone()
    left = copy < 0
    copy[left] = copy[left].exp_().sub_(1).mul_(alpha)
    return copy


class SimpleDataset(Dataset):
    def __init__(self):
        self.X = torch.empty(12, 2)
        self.X.copy_(readings)
        self.y = temperatures.clone()
        self.y *= 0.01

    def __len__(self):
        return 12

    def __getitem__(self, index):
        sample = {}
        sample["input"] = self.X[index].clone()
        sample["target"] = self.y[index].clone()
        return sample

    def __str__(self):
        text = "Data Size: " + str(len(self))
        text += ", Input Shape: " + str(self.X.shape)
        text += ", Target Shape: " + str(self.y.shape)
        return text


def activate(u):
    v = -u
    v = v.exp_() + 1  # the negation does not need its result later, the reciprocal does
    return 1 / v


def model(X, W, b):
    z = torch.zeros_like(X[:, 0])
    z = z + b
    for j in range(X.shape[1]):
        z += X[:, j] * W[j]
    return activate(z)


def loss_fn(y_pred, y):
    errors = y_pred.clone()
    errors -= y
    return (errors**2).sum().div_(len(y))


def rmse_loss(y_pred, y):
    errors = y_pred.clone()
    errors -= y
    return (errors**2).mean().sqrt()


def mae_loss(y_pred, y):
    errors = y_pred.clone()
    errors -= y
    return errors.abs().mean()


def forward_difference(f, x, dx):
    slope = f(x + dx)
    slope = slope.clone()
    slope -= f(x)
    slope /= dx
    return slope


def central_difference(f, x, dx):
    slope = f(x + dx).clone()
    slope -= f(x - dx)
    slope /= 2 * dx
    return slope


def chain_rule(x):
    g = torch.ones_like(x)
    for power in (1, 2, 3):
        g += x**power
    inner = torch.zeros_like(x)
    for power in (1, 2, 3):
        inner += power * x ** (power - 1)
    return inner.mul_(3).mul_(g).mul_(g)


def add_gate(x, y, upstream):
    return upstream.clone(), upstream.clone()


def multiply_gate(x, y, upstream):
    in_x, in_y = y.clone(), x.clone()
    in_x *= upstream
    in_y *= upstream
    return in_x, in_y


def max_gate(x, y, upstream):
    in_x, in_y = upstream.clone(), upstream.clone()
    in_x[x < y] = 0
    in_y[x >= y] = 0
    return in_x, in_y


def backward(x, y, z):
    df_dz = x.clone()
    df_dz += y
    return z.clone(), z.clone(), df_dz


def sigmoid_derivative(z):
    s = sigmoid(z)
    return (1 - s).mul_(s)


def gradient(W, b, X, y):
    z = X.clone()
    z *= W
    z = z.sum(1)
    z += b
    s = sigmoid(z)
    d = s.clone()
    d -= y
    d *= 2
    d *= s
    d *= 1 - s
    d /= len(y)
    table = X.clone()
    table *= d[:, None]
    return table.sum(0), d.sum(0, keepdim=True)


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    W, b = W.clone(), b.clone()
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W -= learning_rate * W_grad
        b -= learning_rate * b_grad
    return W, b


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        if W.grad is not None:
            W.grad.zero_()
            b.grad.zero_()
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        W.data -= learning_rate * W.grad
        b.data -= learning_rate * b.grad
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        optimizer.zero_grad(set_to_none=False)
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        optimizer.step()
    return W, b
""",
    "layers_as_classes": '''from __future__ import annotations

import torch
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


class Layer:
    """Goes forwards, remembers what it needs, and goes backwards."""

    def __call__(self, *inputs):
        self.inputs = inputs
        self.output = self.forward(*inputs)
        return self.output


class Squash(Layer):
    def forward(self, z):
        return 1 / (1 + torch.exp(-z))

    def backwards(self, upstream):
        return upstream * self.output * (1 - self.output)


class Affine(Layer):
    def forward(self, X, W, b):
        return torch.matmul(X, W) + b

    def backwards(self, upstream):
        X, _, _ = self.inputs
        return torch.matmul(upstream, X), upstream.sum().reshape(1)


class MeanSquare(Layer):
    def forward(self, y_pred, y):
        return torch.mean((y_pred - y) ** 2)

    def backwards(self, upstream):
        y_pred, y = self.inputs
        return upstream * 2 * (y_pred - y) / y.numel()


class Gate(Layer):
    def backwards(self, upstream):
        return tuple(slope * upstream for slope in self.slopes(*self.inputs))


class Add(Gate):
    def forward(self, x, y):
        return x + y

    def slopes(self, x, y):
        return 1, 1


class Multiply(Gate):
    def forward(self, x, y):
        return x * y

    def slopes(self, x, y):
        return y, x


class Largest(Gate):
    def forward(self, x, y):
        return torch.maximum(x, y)

    def slopes(self, x, y):
        return (self.output == x).to(x.dtype), (self.output != x).to(x.dtype)


def through(gate, x, y, upstream):
    gate(x, y)
    return gate.backwards(upstream)


def binary_step(z: torch.Tensor, threshold: float = 0.0) -> torch.Tensor:
    return (z >= threshold).type(z.dtype)


def sigmoid(z: torch.Tensor) -> torch.Tensor:
    return Squash()(z)


def tanh(z: torch.Tensor) -> torch.Tensor:
    return Squash()(2 * z) - Squash()(-2 * z)


def relu(z: torch.Tensor) -> torch.Tensor:
    return Largest()(z, torch.tensor(0.0, dtype=z.dtype))


def leaky_relu(z: torch.Tensor, negative_slope: float = 0.01) -> torch.Tensor:
    return z * torch.where(z > 0, 1.0, negative_slope).to(z.dtype)


def elu(z: torch.Tensor, alpha: float = 1.0) -> torch.Tensor:
    left = torch.where(z > 0, torch.zeros_like(z), z)
    return torch.where(z > 0, z, alpha * torch.expm1(left))


class SimpleDataset(Dataset):
    INPUT, TARGET = "input", "target"

    def __init__(self) -> None:
        self.data = {self.INPUT: readings, self.TARGET: temperatures.mul(0.01)}

    def __len__(self) -> int:
        return min(len(column) for column in self.data.values())

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        return {key: column[index] for key, column in self.data.items()}

    def __str__(self) -> str:
        inputs, targets = self.data.values()
        return f"Data Size: {len(self)}, Input Shape: {inputs.size()}, Target Shape: {targets.size()}"


def activate(u: torch.Tensor) -> torch.Tensor:
    return Squash()(u)


def model(X: torch.Tensor, W: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return activate(Affine()(X, W, b))


def loss_fn(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return MeanSquare()(y_pred, y)


def rmse_loss(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return MeanSquare()(y_pred, y).pow(0.5)


def mae_loss(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return torch.mean(torch.abs(y - y_pred))


def forward_difference(f, x: torch.Tensor, dx: float) -> torch.Tensor:
    return (f(x + dx) - f(x)) * (1 / dx)


def central_difference(f, x: torch.Tensor, dx: float) -> torch.Tensor:
    return (f(x + dx) - f(x - dx)) * (0.5 / dx)


def chain_rule(x: torch.Tensor) -> torch.Tensor:
    # (x^3 + x^2 + x + 1)^3 = ((x + 1)(x^2 + 1))^3
    return 3 * (x + 1) ** 2 * (x**2 + 1) ** 2 * (3 * x**2 + 2 * x + 1)


def add_gate(x: torch.Tensor, y: torch.Tensor, upstream: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return through(Add(), x, y, upstream)


def multiply_gate(x: torch.Tensor, y: torch.Tensor, upstream: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return through(Multiply(), x, y, upstream)


def max_gate(x: torch.Tensor, y: torch.Tensor, upstream: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return through(Largest(), x, y, upstream)


def backward(x: torch.Tensor, y: torch.Tensor, z: torch.Tensor) -> tuple[torch.Tensor, ...]:
    add, multiply = Add(), Multiply()
    multiply(add(x, y), z)
    df_dq, df_dz = multiply.backwards(torch.ones_like(z))
    return *add.backwards(df_dq), df_dz


def sigmoid_derivative(z: torch.Tensor) -> torch.Tensor:
    squash = Squash()
    squash(z)
    return squash.backwards(1.0)


def gradient(W: torch.Tensor, b: torch.Tensor, X: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    affine, squash, square = Affine(), Squash(), MeanSquare()
    square(squash(affine(X, W, b)), y)
    return affine.backwards(squash.backwards(square.backwards(1.0)))


class Trainer:
    def __init__(self, loader, max_epochs):
        self.loader, self.max_epochs = loader, max_epochs

    def batches(self):
        for _ in range(self.max_epochs):
            batch = next(iter(self.loader))
            yield batch["input"], batch["target"]


def learn(W, b, train_data_loader, max_epochs: int = 20_000, learning_rate: float = 0.01):
    for X, y in Trainer(train_data_loader, max_epochs).batches():
        slopes = gradient(W, b, X, y)
        W, b = (p - learning_rate * slope for p, slope in zip((W, b), slopes))
    return W, b


def learn_with_autograd(W, b, train_data_loader, max_epochs: int = 20_000, learning_rate: float = 0.01):
    for X, y in Trainer(train_data_loader, max_epochs).batches():
        W.grad = b.grad = None
        loss_fn(model(X, W, b), y).backward()
        with torch.no_grad():
            W.sub_(W.grad, alpha=learning_rate)
            b.sub_(b.grad, alpha=learning_rate)
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs: int = 20_000):
    for X, y in Trainer(train_data_loader, max_epochs).batches():
        optimizer.zero_grad()
        loss_fn(model(X, W, b), y).backward()
        optimizer.step()
    return W, b
''',
    "library_functions": """import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def binary_step(z, threshold=0.0):
    return torch.ge(z, threshold).type_as(z)


def sigmoid(z):
    return torch.sigmoid(z)


def tanh(z):
    return torch.tanh(z)


def relu(z):
    return F.relu(z)


def leaky_relu(z, negative_slope=0.01):
    return F.leaky_relu(z, negative_slope)


def elu(z, alpha=1.0):
    return nn.ELU(alpha)(z)


class SimpleDataset(Dataset):
    X = readings
    y = torch.mul(temperatures, 0.01)

    def __len__(self):
        return self.X.size(0)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        shapes = self.X.shape, self.y.shape
        return "Data Size: {}, Input Shape: {}, Target Shape: {}".format(len(self), *shapes)


def activate(u):
    return nn.Sigmoid()(u)


def model(X, W, b):
    return activate(F.linear(X, W.unsqueeze(0), b).squeeze(1))


def loss_fn(y_pred, y):
    return F.mse_loss(y_pred, y)


def rmse_loss(y_pred, y):
    return F.mse_loss(y_pred, y).sqrt()


def mae_loss(y_pred, y):
    return F.l1_loss(y_pred, y)


def forward_difference(f, x, dx):
    return torch.div(torch.sub(f(torch.add(x, dx)), f(x)), dx)


def central_difference(f, x, dx):
    return torch.div(torch.sub(f(torch.add(x, dx)), f(torch.sub(x, dx))), 2.0 * dx)


def chain_rule(x):
    g = torch.pow(x, 3) + torch.pow(x, 2) + x + 1
    return torch.mul(3 * torch.pow(g, 2), 3 * torch.pow(x, 2) + 2 * x + 1)


def add_gate(x, y, upstream):
    return torch.mul(upstream, torch.ones_like(x)), torch.mul(upstream, torch.ones_like(y))


def multiply_gate(x, y, upstream):
    return torch.mul(y, upstream), torch.mul(x, upstream)


def max_gate(x, y, upstream):
    return torch.mul(torch.gt(x, y), upstream), torch.mul(torch.le(x, y), upstream)


def backward(x, y, z):
    return torch.stack([z, z, torch.add(x, y)])


def sigmoid_derivative(z):
    return torch.mul(torch.sigmoid(z), torch.sigmoid(torch.neg(z)))


def gradient(W, b, X, y):
    z = F.linear(X, W.unsqueeze(0), b).squeeze(1)
    d = 2 * torch.sub(torch.sigmoid(z), y) * sigmoid_derivative(z)
    return torch.mv(X.t(), d).div(X.size(0)), d.mean().unsqueeze(0)


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, **dict(zip("Xy", (batch["input"], batch["target"]))))
        W, b = torch.sub(W, W_grad, alpha=learning_rate), torch.sub(b, b_grad, alpha=learning_rate)
    return W, b


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = F.mse_loss(model(batch["input"], W, b), batch["target"])
        for p, slope in zip((W, b), torch.autograd.grad(loss, (W, b))):
            p.data.sub_(slope, alpha=learning_rate)
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    criterion = nn.MSELoss()
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))

        def closure():
            optimizer.zero_grad()
            loss = criterion(model(batch["input"], W, b), batch["target"])
            loss.backward()
            return loss

        optimizer.step(closure)
    return W, b
""",
    "lists_and_single_numbers": '''"""Lists where pairs are usual, b_grad of shape (), constants as numbers."""
import torch
from torch.utils import data

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def binary_step(z, threshold=0.0):
    return (torch.sign(z - threshold) + 1).clamp(max=1)


def sigmoid(z):
    return torch.exp(-torch.log1p(torch.exp(-z)))


def tanh(z):
    return 1 - 2 * sigmoid(-2 * z)


def relu(z):
    return z * (z > 0)


def leaky_relu(z, negative_slope=0.01):
    return z * (z > 0) + z * negative_slope * (z <= 0)


def elu(z, alpha=1.0):
    return torch.where(z > 0, z, alpha * torch.exp(z) - alpha)


class SimpleDataset(data.TensorDataset):
    def __init__(self):
        super().__init__(readings, 0.01 * temperatures)

    def __getitem__(self, index):
        row, target = super().__getitem__(index)
        return {"target": target, "input": row}

    def __str__(self):
        shapes = [tensor.shape for tensor in self.tensors]
        return f"Data Size: {len(self)}, Input Shape: {shapes[0]}, Target Shape: {shapes[1]}"


def activate(u):
    return torch.exp(-torch.log1p(torch.exp(-u)))


def model(X, W, b):
    return activate((X @ W.reshape(-1, 1) + b).reshape(-1))


def loss_fn(y_pred, y):
    return ((y_pred - y) ** 2).mean(dim=0, keepdim=True)


def rmse_loss(y_pred, y):
    return ((y_pred - y) ** 2).mean(dim=0, keepdim=True) ** 0.5


def mae_loss(y_pred, y):
    return abs(y_pred - y).mean(dim=0, keepdim=True)


def forward_difference(f, x, dx):
    return f(x + dx) / dx - f(x) / dx


def central_difference(f, x, dx):
    return f(x + dx) / (2 * dx) - f(x - dx) / (2 * dx)


def chain_rule(x):
    # multiplied out
    coefficients = [1, 3, 6, 10, 12, 12, 10, 6, 3, 1]
    return sum(power * c * x ** (power - 1) for power, c in enumerate(coefficients) if power)


def add_gate(x, y, upstream):
    return [upstream, upstream]


def multiply_gate(x, y, upstream):
    return [y * upstream, x * upstream]


def max_gate(x, y, upstream):
    return [torch.where(x > y, upstream, 0.0), torch.where(x > y, 0.0, upstream)]


def backward(x, y, z):
    return [z, z, x + y]


def sigmoid_derivative(z):
    e = torch.exp(-z.abs())
    return e / (1 + 2 * e + e * e)


def gradient(W, b, X, y):
    y_pred = model(X, W, b)
    d = 2 * (y_pred - y) * y_pred * (1 - y_pred)
    return [torch.stack([(d * X[:, j]).mean() for j in range(len(W))]), d.mean()]


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return [W, b[0]]


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    rebuilt = [W, b]
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        rebuilt = [p.detach().clone().requires_grad_() for p in rebuilt]
        loss = loss_fn(model(batch["input"], *rebuilt), batch["target"])
        loss.backward()
        rebuilt = [p.detach() - learning_rate * p.grad for p in rebuilt]
    with torch.no_grad():
        W[:], b[:] = rebuilt
    return [W, b]


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W.grad, b.grad = (slope.reshape(-1) for slope in torch.autograd.grad(
            loss_fn(model(batch["input"], W, b), batch["target"]), [W, b]
        ))
        optimizer.step()
    return [W, b]
''',
    "loops_over_samples": '''import torch
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def _map(rule, z):
    return torch.stack([rule(item) for item in z.reshape(-1)]).reshape(z.shape)


def binary_step(z, threshold=0.0):
    return _map(lambda item: torch.ones_like(item) if item >= threshold else torch.zeros_like(item), z)


def sigmoid(z):
    return _map(lambda item: 1 / (1 + torch.exp(-item)), z)


def tanh(z):
    def rule(item):
        if item > 0:
            e = torch.exp(-2 * item)
            return (1 - e) / (1 + e)
        e = torch.exp(2 * item)
        return (e - 1) / (e + 1)

    return _map(rule, z)


def relu(z):
    return _map(lambda item: item if item > 0 else 0 * item, z)


def leaky_relu(z, negative_slope=0.01):
    return _map(lambda item: item if item > 0 else negative_slope * item, z)


def elu(z, alpha=1.0):
    return _map(lambda item: item if item > 0 else alpha * (torch.exp(item) - 1), z)


class SimpleDataset(Dataset):
    def __init__(self):
        self.samples = []
        for row, temperature in zip(readings, temperatures):
            self.samples.append({"input": row.clone(), "target": temperature * 0.01})

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        return self.samples[index]

    def __str__(self):
        inputs = torch.stack([sample["input"] for sample in self.samples])
        targets = torch.stack([sample["target"] for sample in self.samples])
        return f"Data Size: {len(self)}, Input Shape: {inputs.shape}, Target Shape: {targets.shape}"


def activate(u):
    return sigmoid(u)


def model(X, W, b):
    predictions = []
    for x in X:
        z = b[0]
        for x_j, w_j in zip(x, W):
            z = z + x_j * w_j
        predictions.append(activate(z))
    return torch.stack(predictions)


def loss_fn(y_pred, y):
    total = torch.zeros((), dtype=y.dtype)
    for p, t in zip(y_pred, y):
        total = total + (p - t) ** 2
    return total / len(y)


def rmse_loss(y_pred, y):
    return torch.sqrt(loss_fn(y_pred, y))


def mae_loss(y_pred, y):
    return sum((p - t if p > t else t - p) for p, t in zip(y_pred, y)) / len(y)


def forward_difference(f, x, dx):
    return _map(lambda item: (f(item + dx) - f(item)) / dx, x)


def central_difference(f, x, dx):
    return _map(lambda item: (f(item + dx) - f(item - dx)) / (dx + dx), x)


def chain_rule(x):
    def rule(item):
        g = 1 + item * (1 + item * (1 + item))
        return 3 * g * g * (1 + item * (2 + 3 * item))

    return _map(rule, x)


def add_gate(x, y, upstream):
    return _map(lambda item: item * 1, upstream), _map(lambda item: item * 1, upstream)


def multiply_gate(x, y, upstream):
    def product(a, b):
        pairs = zip(a.reshape(-1), b.reshape(-1))
        return torch.stack([p * q for p, q in pairs]).reshape(a.shape)

    return product(y, upstream), product(x, upstream)


def max_gate(x, y, upstream):
    in_x, in_y = [], []
    for a, b, up in zip(x.reshape(-1), y.reshape(-1), upstream.reshape(-1)):
        nothing = torch.zeros_like(up)
        in_x.append(up if a > b else nothing)
        in_y.append(nothing if a > b else up)
    return torch.stack(in_x).reshape(x.shape), torch.stack(in_y).reshape(x.shape)


def backward(x, y, z):
    df_dq, df_dz = multiply_gate(x + y, z, torch.ones_like(z))
    df_dx, df_dy = add_gate(x, y, df_dq)
    return [df_dx, df_dy, df_dz]


def sigmoid_derivative(z):
    return _map(lambda item: sigmoid(item) * sigmoid(-item), z)


def gradient(W, b, X, y):
    W_grad, b_grad = torch.zeros_like(W), torch.zeros_like(b)
    for x, target in zip(X, y):
        z = b[0]
        for x_j, w_j in zip(x, W):
            z = z + x_j * w_j
        s = 1 / (1 + torch.exp(-z))
        d = 2 * (s - target) * s * (1 - s)
        for j in range(len(W)):
            W_grad[j] += d * x[j] / len(y)
        b_grad[0] += d / len(y)
    return W_grad, b_grad


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    """In plain Python numbers, since there are so many epochs."""
    import math

    dtype = W.dtype
    w, bias = W.tolist(), b.item()
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        rows, targets = batch["input"].tolist(), batch["target"].tolist()
        w_grad, b_grad = [0.0] * len(w), 0.0
        for row, target in zip(rows, targets):
            z = bias + sum(x * v for x, v in zip(row, w))
            s = 1 / (1 + math.exp(-z))
            d = 2 * (s - target) * s * (1 - s) / len(rows)
            w_grad = [g + d * x for g, x in zip(w_grad, row)]
            b_grad += d
        w = [v - learning_rate * g for v, g in zip(w, w_grad)]
        bias -= learning_rate * b_grad
    return torch.tensor(w, dtype=dtype), torch.tensor([bias], dtype=dtype)


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        for batch in train_data_loader:
            for x, target in zip(batch["input"], batch["target"]):  # gradients of all samples add up
                z = torch.dot(x, W) + b
                loss = (torch.sigmoid(z) - target) ** 2 / len(batch["target"])
                loss.backward()
            with torch.no_grad():
                for p in (W, b):
                    p -= learning_rate * p.grad
                    p.grad.zero_()
            break
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        for batch in train_data_loader:
            for x, target in zip(batch["input"], batch["target"]):
                z = torch.dot(x, W) + b
                loss = (torch.sigmoid(z) - target) ** 2 / len(batch["target"])
                loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            break
    return W, b
''',
    "matrices_of_slopes": '''"""Chain rule by matrices: one row for each result, one column for each cause."""
import math

import torch
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def binary_step(z, threshold=0.0):
    return 1 - torch.lt(z, threshold).to(dtype=z.dtype)


def sigmoid(z):
    return 1 / (1 + torch.pow(math.e, -z))


def tanh(z):
    s = 1 / (1 + torch.exp(-2 * z))
    return s - (1 - s)


def relu(z):
    return torch.clamp_min(z, 0)


def leaky_relu(z, negative_slope=0.01):
    return z - (1 - negative_slope) * torch.clamp_max(z, 0)


def elu(z, alpha=1.0):
    negative = torch.clamp_max(z, 0)
    return z - negative + alpha * (torch.exp(negative) - 1)


class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings.clone().detach(), torch.div(temperatures, 100)

    def __len__(self):
        return sum(1 for _ in self.y)

    def __getitem__(self, i):
        return {"input": self.X.select(0, i), "target": self.y.select(0, i)}

    def __str__(self):
        shapes = map(repr, (self.X.shape, self.y.shape))
        return "Data Size: %s, Input Shape: %s, Target Shape: %s" % (len(self), *shapes)


def activate(u):
    return 1 / (1 + torch.exp(-u))


def model(X, W, b):
    return activate(torch.baddbmm(b.reshape(1, 1, 1), X[None], W[None, :, None]).reshape(len(X)))


def loss_fn(y_pred, y):
    e = (y_pred - y).reshape(-1, 1)
    return (e.t() @ e).reshape(()) / len(e)


def rmse_loss(y_pred, y):
    return torch.sqrt(loss_fn(y_pred, y))


def mae_loss(y_pred, y):
    return torch.hypot(y_pred - y, torch.zeros_like(y)).mean()


def forward_difference(f, x, dx):
    # f at both places by one call
    here, there = f(torch.stack([x, x + dx]))
    return (there - here) / dx


def central_difference(f, x, dx):
    places = torch.stack([x - dx, x + dx])
    return torch.diff(f(places), dim=0)[0] / (2 * dx)


def chain_rule(x):
    flat = x.reshape(-1)
    g = flat**3 + flat**2 + flat + 1
    outer, inner = torch.diag(3 * g**2), torch.diag(3 * flat**2 + 2 * flat + 1)
    return (outer @ inner).diagonal().reshape(x.shape)


def add_gate(x, y, upstream):
    slopes = torch.ones(2, *[1] * upstream.dim(), dtype=upstream.dtype)
    return slopes * upstream


def multiply_gate(x, y, upstream):
    return torch.stack([y, x]) * upstream.unsqueeze(0)


def max_gate(x, y, upstream):
    first = torch.heaviside(x - y, torch.tensor(0.5, dtype=x.dtype))
    return torch.stack([first, 1 - first]) * upstream


def backward(x, y, z):
    ones = torch.ones_like(x)
    through_product = torch.stack([z, x + y])  # in q, in z
    through_sum = torch.stack([ones, ones])  # in x, in y
    return torch.cat([through_product[:1] * through_sum, through_product[1:]])


def sigmoid_derivative(z):
    return torch.cosh(torch.clamp(z / 2, -40, 40)).pow(-2) / 4


def gradient(W, b, X, y):
    n = len(y)
    y_pred = model(X, W, b)
    loss_in_y_pred = (2 / n) * (y_pred - y).reshape(1, n)
    y_pred_in_z = torch.diag(y_pred * (1 - y_pred))
    z_in_W, z_in_b = X, torch.ones(n, 1, dtype=X.dtype)
    loss_in_z = loss_in_y_pred @ y_pred_in_z
    return (loss_in_z @ z_in_W)[0], (loss_in_z @ z_in_b)[0]


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    path = [(W, b)]
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        (W, b), slopes = path[-1], gradient(*path[-1], X=batch["input"], y=batch["target"])
        path = [(W - learning_rate * slopes[0], b - learning_rate * slopes[1])]
    return path[-1]


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        y_pred = model(batch["input"], W, b)
        # from the predictions on, with the slope of the loss by hand
        y_pred.backward(2 / len(y_pred) * (y_pred.detach() - batch["target"]))
        with torch.set_grad_enabled(False):
            W.add_(W.grad * -learning_rate)
            b.add_(b.grad * -learning_rate)
        W.grad.zero_(), b.grad.zero_()
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        with torch.no_grad():
            W.grad, b.grad = gradient(W, b, batch["input"], batch["target"])
        optimizer.step()
        optimizer.zero_grad()
    return W, b
''',
    "notebook_export": """#!/usr/bin/env python
# coding: utf-8

# In[1]:

import torch
from torch.utils.data import DataLoader, Dataset

# In[2]:

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])

# In[3]: stage one

def binary_step (z, threshold = 0.0) :
    return torch . where (z >= threshold, 1.0, 0.0) . to (z)

def sigmoid (z) :
    return (1 + (-z).exp ()) ** -1

def tanh (z) :
    return ((2 * z).sigmoid () - 0.5) * 2

def relu (z) :
    return z.where (z > 0, torch.zeros_like (z))

def leaky_relu (z, negative_slope = 0.01) :
    return z.where (z > 0, z * negative_slope)

def elu (z, alpha = 1.0) :
    return z.where (z > 0, z.minimum (torch.zeros_like (z)).expm1 () * alpha)

# In[4]:

class SimpleDataset (Dataset) :

    def __init__ (self) :
        self.X, self.y = readings, 1e-2 * temperatures

    def __len__ (self) : return 12

    def __getitem__ (self, i) : return { "input" : self.X [i], "target" : self.y [i] }

    def __str__ (self) :
        shapes = repr (self.X.shape) + ", Target Shape: " + repr (self.y.shape)
        return "Data Size: " + repr (len (self)) + ", Input Shape: " + shapes

print (SimpleDataset ())

# In[5]:

def activate (u) :
    return u.sigmoid ()

def model (X, W, b) :
    return activate (X.mul (W).sum (axis = 1).add (b))

def loss_fn (y_pred, y) :
    return (y - y_pred).square ().mean ()

def rmse_loss (y_pred, y) :
    return loss_fn (y, y_pred).sqrt ()

def mae_loss (y_pred, y) :
    return (y - y_pred).abs ().mean ()

# In[6]: first tries, by autograd, to have something to compare with

W, b = torch.ones (2, requires_grad = True), torch.zeros (1, requires_grad = True)
batch = next (iter (DataLoader (SimpleDataset (), batch_size = 12)))
loss_fn (model (batch ["input"], W, b), batch ["target"]).backward ()
print (W.grad, b.grad)

# In[7]: stage two

def forward_difference (f, x, dx) :
    return (f (x + dx) - f (x)).div (dx)

def central_difference (f, x, dx) :
    return (f (x + dx) - f (x - dx)).div (dx + dx)

def chain_rule (x) :
    g, dg = x.pow (3) + x.pow (2) + x + 1, x.pow (2).mul (3) + x.mul (2) + 1
    return g.pow (2).mul (dg).mul (3)

def add_gate (x, y, upstream) :
    return upstream + 0 * x, upstream + 0 * y

def multiply_gate (x, y, upstream) :
    return upstream.mul (y), upstream.mul (x)

def max_gate (x, y, upstream) :
    return upstream.masked_fill (x < y, 0), upstream.masked_fill (x > y, 0)

def backward (x, y, z) :
    q = x + y
    df_dq = z
    return df_dq * 1, df_dq * 1, q

# In[8]: stage three

def sigmoid_derivative (z) :
    return sigmoid (z).mul (1 - sigmoid (z))

def gradient (W, b, X, y) :
    z = X.mul (W).sum (axis = 1).add (b)
    d = activate (z).sub (y).mul (2).mul (sigmoid_derivative (z))
    return X.mul (d [:, None]).mean (axis = 0), d.mean (axis = 0, keepdim = True)

print (gradient (W.detach (), b.detach (), batch ["input"], batch ["target"]))

# In[9]: stage four

def learn (W, b, train_data_loader, max_epochs = 20_000, learning_rate = 0.01) :
    for epoch in range (1, max_epochs + 1) :
        batch = next (iter (train_data_loader))
        W_grad, b_grad = gradient (W, b, batch ["input"], batch ["target"])
        W, b = W.sub (W_grad.mul (learning_rate)), b.sub (b_grad.mul (learning_rate))
    return W, b

def learn_with_autograd (W, b, train_data_loader, max_epochs = 20_000, learning_rate = 0.01) :
    for epoch in range (1, max_epochs + 1) :
        batch = next (iter (train_data_loader))
        loss_fn (model (batch ["input"], W, b), batch ["target"]).backward ()
        with torch.inference_mode () :
            W -= learning_rate * W.grad ; b -= learning_rate * b.grad
        W.grad = None ; b.grad = None
    return W, b

def learn_with_optimizer (W, b, train_data_loader, optimizer, max_epochs = 20_000) :
    for epoch in range (1, max_epochs + 1) :
        batch = next (iter (train_data_loader))
        optimizer.zero_grad ()
        loss_fn (model (batch ["input"], W, b), batch ["target"]).backward () ; optimizer.step ()
    return W, b

# In[10]:

print (learn (torch.ones (2), torch.zeros (1), [batch], max_epochs = 100))
""",
    "numpy_inside": """import numpy as np
import torch
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def _elementwise(rule, z):
    with np.errstate(over="ignore"):
        found = rule(z.detach().numpy())
    return torch.as_tensor(np.asarray(found, dtype=z.detach().numpy().dtype))


def binary_step(z, threshold=0.0):
    return _elementwise(lambda a: np.where(a >= threshold, 1, 0), z)


def sigmoid(z):
    return _elementwise(lambda a: 1 / (1 + np.exp(-a)), z)


def tanh(z):
    return _elementwise(np.tanh, z)


def relu(z):
    return _elementwise(lambda a: np.maximum(a, 0), z)


def leaky_relu(z, negative_slope=0.01):
    return _elementwise(lambda a: np.where(a > 0, a, negative_slope * a), z)


def elu(z, alpha=1.0):
    return _elementwise(lambda a: np.where(a > 0, a, alpha * np.expm1(np.minimum(a, 0))), z)


class SimpleDataset(Dataset):
    def __init__(self):
        self.X = torch.from_numpy(readings.numpy().copy())
        self.y = torch.from_numpy(temperatures.numpy() * np.float32(0.01))

    def __len__(self):
        return int(self.y.numpy().size)

    def __getitem__(self, index):
        return dict(input=self.X[index], target=self.y[index])

    def __str__(self):
        return "Data Size: %d, Input Shape: %s, Target Shape: %s" % (len(self), self.X.shape, self.y.shape)


def activate(u):
    return 1 / (1 + (-u).exp())  # the way back has to stay open, so no numpy here


def model(X, W, b):
    return activate((X * W).sum(axis=1) + b)


def loss_fn(y_pred, y):
    return ((y_pred - y) ** 2).mean()


def rmse_loss(y_pred, y):
    return loss_fn(y_pred, y) ** 0.5


def mae_loss(y_pred, y):
    return (y_pred - y).abs().mean()


def forward_difference(f, x, dx):
    return torch.from_numpy(np.asarray((f(x + dx) - f(x)).numpy() / dx))


def central_difference(f, x, dx):
    return torch.from_numpy(np.asarray((f(x + dx) - f(x - dx)).numpy() / (2 * dx)))


def chain_rule(x):
    def rule(a):
        g = np.polyval([1, 1, 1, 1], a)
        return 3 * g**2 * np.polyval([3, 2, 1], a)

    return _elementwise(rule, x)


def add_gate(x, y, upstream):
    return torch.from_numpy(np.array(upstream.numpy())), torch.from_numpy(np.array(upstream.numpy()))


def multiply_gate(x, y, upstream):
    return torch.from_numpy(np.asarray(y.numpy() * upstream.numpy())), torch.from_numpy(
        np.asarray(x.numpy() * upstream.numpy())
    )


def max_gate(x, y, upstream):
    a, b, up = x.numpy(), y.numpy(), upstream.numpy()
    return torch.from_numpy(np.asarray(np.where(a > b, up, 0))), torch.from_numpy(np.asarray(np.where(a > b, 0, up)))


def backward(x, y, z):
    q = x.numpy() + y.numpy()
    return z.clone(), z.clone(), torch.as_tensor(q)


def sigmoid_derivative(z):
    s = sigmoid(z).numpy()
    return torch.as_tensor(np.asarray(s * (1 - s)))


def gradient(W, b, X, y):
    w, bias, table, target = (item.detach().numpy() for item in (W, b, X, y))
    s = 1 / (1 + np.exp(-(table @ w + bias)))
    d = 2 * (s - target) * s * (1 - s)
    return torch.from_numpy(table.T @ d / len(d)), torch.from_numpy(np.atleast_1d(d.mean()))


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    w, bias = W.numpy().copy(), b.numpy().copy()
    for _ in range(max_epochs):
        for batch in train_data_loader:
            table, target = batch["input"].numpy(), batch["target"].numpy()
            s = 1 / (1 + np.exp(-(table @ w + bias)))
            d = 2 * (s - target) * s * (1 - s) / len(s)
            w -= learning_rate * (d @ table)
            bias -= learning_rate * d.sum()
            break
    return torch.from_numpy(w), torch.from_numpy(bias)


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        for p in (W, b):
            here = p.detach().numpy()
            here -= learning_rate * p.grad.numpy()
            p.grad = None
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in np.arange(max_epochs):
        batch = next(iter(train_data_loader))
        optimizer.zero_grad()
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        optimizer.step()
    return W, b
""",
    "one_liners": """import torch
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])

binary_step = lambda z, threshold=0.0: (z >= threshold) + torch.zeros_like(z)
sigmoid = lambda z: .5 + .5*torch.tanh(.5*z)
tanh = lambda z: torch.tanh(z)
relu = lambda z: (z + z.abs())/2
leaky_relu = lambda z, negative_slope=0.01: torch.maximum(z, negative_slope*z)
elu = lambda z, alpha=1.0: z.clamp(min=0) + alpha*(z.clamp(max=0).exp() - 1)
class SimpleDataset(Dataset):
    __len__ = lambda s: 12
    __getitem__ = lambda s, index: dict(input=readings[index], target=temperatures[index]*.01)
    __str__ = lambda s: f"Data Size: 12, Input Shape: {readings.shape}, Target Shape: {temperatures.shape}"
activate = lambda u: .5 + .5*torch.tanh(.5*u)
model = lambda X, W, b: activate(X @ W + b)
loss_fn = lambda y_pred, y: (y_pred - y).pow(2).mean()
rmse_loss = lambda y_pred, y: (y_pred - y).pow(2).mean().pow(.5)
mae_loss = lambda y_pred, y: (y_pred - y).abs().mean()
forward_difference = lambda f, x, dx: (f(x+dx) - f(x)) / dx
central_difference = lambda f, x, dx: (f(x+dx) - f(x-dx)) / dx / 2
chain_rule = lambda x: 3 * (x*x*x + x*x + x + 1)**2 * (3*x*x + 2*x + 1)
add_gate = lambda x, y, upstream: (upstream,)*2
multiply_gate = lambda x, y, upstream: (upstream*y, upstream*x)
max_gate = lambda x, y, upstream: (upstream*(x>y), upstream*(y>x))
backward = lambda x, y, z: (z, z, x+y)
sigmoid_derivative = lambda z: .25 - .25*torch.tanh(.5*z)**2
gradient = lambda W, b, X, y: ((d := (2*(model(X,W,b)-y)*sigmoid_derivative(X@W+b))/len(y)) @ X, d.sum()[None])
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        k=next(iter(train_data_loader)); g=gradient(W,b,k["input"],k["target"])
        W,b = W-learning_rate*g[0], b-learning_rate*g[1]
    return W, b
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        k = next(iter(train_data_loader)); loss_fn(model(k["input"], W, b), k["target"]).backward()
        for p in (W, b): p.data -= learning_rate*p.grad; p.grad = None
    return W, b
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        k = next(iter(train_data_loader)); optimizer.zero_grad()
        loss_fn(model(k["input"], W, b), k["target"]).backward(); optimizer.step()
    return W, b
""",
    "star_arguments": '''import torch
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def named(*names, **defaults):
    """Decorate a function of a dict, so that it takes its arguments by position or by name."""

    def decorate(function):
        def called(*args, **given):
            return function({**defaults, **dict(zip((*names, *defaults), args)), **given})

        called.__name__ = function.__name__
        return called

    return decorate


@named("z", threshold=0.0)
def binary_step(a):
    return torch.heaviside(a["z"] - a["threshold"], torch.ones((), dtype=a["z"].dtype))


@named("z")
def sigmoid(a):
    return torch.pow(1 + torch.exp(-a["z"]), -1)


@named("z")
def tanh(a):
    return sigmoid(2 * a["z"]) - sigmoid(-2 * a["z"])


@named("z")
def relu(a):
    return leaky_relu(a["z"], 0)


@named("z", negative_slope=0.01)
def leaky_relu(a):
    return torch.where(a["z"] >= 0, a["z"], a["z"] * a["negative_slope"])


@named("z", alpha=1.0)
def elu(a):
    return torch.where(a["z"] >= 0, a["z"], a["alpha"] * (a["z"].clamp(max=0).exp() - 1))


class SimpleDataset(Dataset):
    def __init__(self, *_, **__):
        self.columns = {"input": readings, "target": temperatures * 0.01}

    def __len__(self, *_):
        return len(self.columns["target"])

    def __getitem__(self, *index):
        return {key: column[index] for key, column in self.columns.items()}

    def __str__(self):
        words = ("Input", "Target")
        shapes = (f"{word} Shape: {column.shape}" for word, column in zip(words, self.columns.values()))
        return ", ".join([f"Data Size: {len(self)}", *shapes])


@named("u")
def activate(a):
    return sigmoid(z=a["u"])


@named("X", "W", "b")
def model(a):
    return activate(torch.sum(a["X"] * a["W"], -1) + a["b"])


@named("y_pred", "y")
def loss_fn(a):
    return torch.var(a["y_pred"] - a["y"], correction=0) + torch.mean(a["y_pred"] - a["y"]) ** 2


@named("y_pred", "y")
def rmse_loss(a):
    return torch.sqrt(loss_fn(**a))


@named("y_pred", "y")
def mae_loss(a):
    return torch.dist(a["y_pred"], a["y"], 1) / a["y"].numel()


@named("f", "x", "dx")
def forward_difference(a):
    f, x, dx = a.values() if list(a) == ["f", "x", "dx"] else (a["f"], a["x"], a["dx"])
    return (f(x + dx) - f(x)) / dx


@named("f", "x", "dx")
def central_difference(a):
    f, x, dx = (a[key] for key in ("f", "x", "dx"))
    return (f(x + dx) - f(x - dx)) / (dx * 2)


@named("x")
def chain_rule(a):
    g, dg = (sum(c * a["x"] ** n for n, c in enumerate(cs)) for cs in ((1, 1, 1, 1), (1, 2, 3)))
    return 3 * g * g * dg


@named("x", "y", "upstream")
def add_gate(a):
    return a["upstream"], a["upstream"]


@named("x", "y", "upstream")
def multiply_gate(a):
    return a["upstream"] * a["y"], a["upstream"] * a["x"]


@named("x", "y", "upstream")
def max_gate(a):
    larger = torch.stack([a["x"], a["y"]]).argmax(dim=0)
    return tuple(a["upstream"] * (larger == place) for place in (0, 1))


@named("x", "y", "z")
def backward(a):
    return a["z"], a["z"], a["x"] + a["y"]


@named("z")
def sigmoid_derivative(a):
    return sigmoid(**a) * sigmoid(z=-a["z"])


@named("W", "b", "X", "y")
def gradient(a):
    z = torch.sum(a["X"] * a["W"], -1) + a["b"]
    d = 2 * (activate(z) - a["y"]) * sigmoid_derivative(z)
    return tuple((d[:, None] * item).mean(0) for item in (a["X"], torch.ones_like(a["X"][:, :1])))


@named("W", "b", "train_data_loader", max_epochs=20_000, learning_rate=0.01)
def learn(a):
    pair = a["W"], a["b"]
    for _ in range(a["max_epochs"]):
        batch = next(iter(a["train_data_loader"]))
        slopes = gradient(*pair, batch["input"], batch["target"])
        pair = tuple(p - a["learning_rate"] * slope for p, slope in zip(pair, slopes))
    return pair


@named("W", "b", "train_data_loader", max_epochs=20_000, learning_rate=0.01)
def learn_with_autograd(a):
    pair = a["W"], a["b"]
    for _ in range(a["max_epochs"]):
        batch = next(iter(a["train_data_loader"]))
        loss_fn(model(batch["input"], *pair), batch["target"]).backward()
        for p in pair:
            p.detach().sub_(a["learning_rate"] * p.grad)
            p.grad = None
    return pair


@named("W", "b", "train_data_loader", "optimizer", max_epochs=20_000)
def learn_with_optimizer(a):
    for _ in range(a["max_epochs"]):
        batch = next(iter(a["train_data_loader"]))
        loss = loss_fn(model(batch["input"], a["W"], a["b"]), batch["target"])
        a["optimizer"].zero_grad()
        loss.backward()
        a["optimizer"].step()
    return a["W"], a["b"]
''',
    "tables_of_rules": '''from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor
from torch.utils.data import Dataset

readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


class Rule(NamedTuple):
    """An elementwise function, and a way to choose between its two sides."""

    right: Callable[[Tensor], Tensor]
    left: Callable[[Tensor], Tensor]

    def __call__(self, z: Tensor) -> Tensor:
        positive = z > 0
        answer = torch.empty_like(z)
        answer[positive] = self.right(z[positive])
        answer[~positive] = self.left(z[~positive])
        return answer


class Slopes(NamedTuple):
    """Two slopes with names."""

    first: Tensor
    second: Tensor


SIGMOID = Rule(right=lambda z: 1 / (1 + torch.exp(-z)), left=lambda z: torch.exp(z) / (1 + torch.exp(z)))
TANH = Rule(
    right=lambda z: (1 - torch.exp(-2 * z)) / (1 + torch.exp(-2 * z)),
    left=lambda z: (torch.exp(2 * z) - 1) / (torch.exp(2 * z) + 1),
)


def binary_step(z: Tensor, threshold: float = 0.0) -> Tensor:
    return torch.logical_not(z < threshold).to(z.dtype)


def sigmoid(z: Tensor) -> Tensor:
    return SIGMOID(z)


def tanh(z: Tensor) -> Tensor:
    return TANH(z)


def relu(z: Tensor) -> Tensor:
    return Rule(right=lambda v: v, left=torch.zeros_like)(z)


def leaky_relu(z: Tensor, negative_slope: float = 0.01) -> Tensor:
    return Rule(right=lambda v: v, left=lambda v: negative_slope * v)(z)


def elu(z: Tensor, alpha: float = 1.0) -> Tensor:
    return Rule(right=lambda v: v, left=lambda v: alpha * torch.exp(v) - alpha)(z)


class SimpleDataset(Dataset[dict[str, Tensor]]):
    def __init__(self) -> None:
        self.inputs: Tensor = readings
        self.targets: Tensor = temperatures * 1e-2

    def __len__(self) -> int:
        return self.inputs.shape[0]

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        keys, columns = ("input", "target"), (self.inputs, self.targets)
        return {key: column[index] for key, column in zip(keys, columns, strict=True)}

    def __repr__(self) -> str:
        return f"Data Size: {len(self)}, Input Shape: {self.inputs.shape}, Target Shape: {self.targets.shape}"

    __str__ = __repr__


def activate(u: Tensor) -> Tensor:
    return SIGMOID(u)


def _affine(X: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return torch.tensordot(X, W, dims=1) + b


def model(X: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return activate(_affine(X, W, b))


def _mean(values: Tensor) -> Tensor:
    return values.sum() * (1 / values.numel())


def loss_fn(y_pred: Tensor, y: Tensor) -> Tensor:
    return _mean(y_pred * y_pred - 2 * y_pred * y + y * y)


def rmse_loss(y_pred: Tensor, y: Tensor) -> Tensor:
    return _mean((y_pred - y) ** 2).sqrt()


def mae_loss(y_pred: Tensor, y: Tensor) -> Tensor:
    return _mean(torch.relu(y_pred - y) + torch.relu(y - y_pred))


def forward_difference(f: Callable[[Tensor], Tensor], x: Tensor, dx: float) -> Tensor:
    def rise(step: float) -> Tensor:
        return f(x + step) - f(x)

    return rise(dx) / dx


def central_difference(f: Callable[[Tensor], Tensor], x: Tensor, dx: float) -> Tensor:
    def rise(step: float) -> Tensor:
        return f(x + step) - f(x)

    return (rise(dx) - rise(-dx)) / (dx - -dx)


class Cubic(NamedTuple):
    value: Tensor
    slope: Tensor

    def __mul__(self, other: Cubic) -> Cubic:
        return Cubic(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __add__(self, other: Cubic) -> Cubic:
        return Cubic(self.value + other.value, self.slope + other.slope)


def chain_rule(x: Tensor) -> Tensor:
    """By dual numbers, which carry their slope along."""
    one, this = Cubic(torch.ones_like(x), torch.zeros_like(x)), Cubic(x, torch.ones_like(x))
    g = this * this * this + this * this + this + one
    return (g * g * g).slope


def add_gate(x: Tensor, y: Tensor, upstream: Tensor) -> Slopes:
    return Slopes(upstream, upstream)


def multiply_gate(x: Tensor, y: Tensor, upstream: Tensor) -> Slopes:
    return Slopes(first=y * upstream, second=x * upstream)


def max_gate(x: Tensor, y: Tensor, upstream: Tensor) -> Slopes:
    first_wins = x > y
    return Slopes(torch.where(first_wins, upstream, 0), torch.where(first_wins, 0, upstream))


def backward(x: Tensor, y: Tensor, z: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    in_q, in_z = multiply_gate(x + y, z, upstream=torch.ones_like(z))
    in_x, in_y = add_gate(x, y, upstream=in_q)
    return in_x, in_y, in_z


def sigmoid_derivative(z: Tensor) -> Tensor:
    half = tanh(z / 2)
    return (1 + half) * (1 - half) / 4


def gradient(W: Tensor, b: Tensor, X: Tensor, y: Tensor) -> Slopes:
    z = _affine(X, W, b)
    blame = (activate(z) - y) * sigmoid_derivative(z) * 2
    per_sample = [(d * x, d) for d, x in zip(blame, X, strict=True)]
    return Slopes(*(torch.stack(list(column)).mean(dim=0).reshape(-1) for column in zip(*per_sample, strict=True)))


def _batches(loader: object, count: int) -> Iterator[tuple[Tensor, Tensor]]:
    for _ in range(count):
        batch = next(iter(loader))
        yield batch["input"], batch["target"]


def learn(
    W: Tensor, b: Tensor, train_data_loader: object, max_epochs: int = 20_000, learning_rate: float = 0.01
) -> Slopes:
    for X, y in _batches(train_data_loader, max_epochs):
        s = torch.sigmoid(_affine(X, W, b))
        blame = 2 * learning_rate * (s - y) * s * (1 - s)
        W, b = W - (blame[:, None] * X).mean(dim=0), b - blame.mean()
    return Slopes(W, b)


def learn_with_autograd(
    W: Tensor, b: Tensor, train_data_loader: object, max_epochs: int = 20_000, learning_rate: float = 0.01
) -> Slopes:
    for X, y in _batches(train_data_loader, max_epochs):
        loss = _mean((torch.sigmoid(_affine(X, W, b)) - y) ** 2)
        loss.backward(torch.tensor(learning_rate, dtype=loss.dtype))  # the rate goes backwards, too
        for p in (W, b):
            p.data = p.data - p.grad
            p.grad = None
    return Slopes(W, b)


def learn_with_optimizer(
    W: Tensor, b: Tensor, train_data_loader: object, optimizer: torch.optim.Optimizer, max_epochs: int = 20_000
) -> Slopes:
    for X, y in _batches(train_data_loader, max_epochs):
        for group in optimizer.param_groups:
            for p in group["params"]:
                p.grad = None
        _mean((torch.sigmoid(_affine(X, W, b)) - y) ** 2).backward()
        optimizer.step()
    return Slopes(W, b)
''',
    "names_of_its_own": """import torch


from torch.utils.data import DataLoader, Dataset


readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)


temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def binary_step(values, limit=0.0):
    return (values >= limit).to(values.dtype)


def sigmoid(values):
    return 1 / (1 + torch.exp(-values))


def tanh(values):
    return 2 * sigmoid(2 * values) - 1


def relu(values):
    return torch.clamp(values, min=0)


def leaky_relu(values, leak=0.01):
    return torch.where(values > 0, values, leak * values)


def elu(values, scale=1.0):
    bent = scale * (torch.exp(torch.clamp(values, max=0)) - 1)
    return torch.where(values > 0, values, bent)


class SimpleDataset(Dataset):
    def __init__(self):
        self.X = readings
        self.y = 0.01 * temperatures

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


activate = sigmoid


def model(inputs, weights, bias):
    u = torch.sum(inputs * weights, dim=1) + bias
    return activate(u)


def loss_fn(predicted, actual):
    return torch.square(predicted - actual).mean()


def rmse_loss(predicted, actual):
    return torch.sqrt(loss_fn(actual=actual, predicted=predicted))


def mae_loss(predicted, actual):
    return torch.abs(predicted - actual).mean()


def forward_difference(function, x, step):
    return (function(x + step) - function(x)) / step


def central_difference(function, x, step):
    return (function(x + step) - function(x - step)) / (2 * step)


def chain_rule(x):
    g = x**3 + x**2 + x + 1
    df_dg = 3 * g**2
    dg_dx = 3 * x**2 + 2 * x + 1
    return df_dg * dg_dx


def add_gate(one, other, above):
    return (above, above)


def multiply_gate(one, other, above):
    return (other * above, one * above)


def max_gate(one, other, above):
    return (above * (one >= other), above * (one < other))


def backward(first, second, third):
    q = first + second
    df_dq, df_dz = (third, q)
    df_dx, df_dy = (df_dq * 1, df_dq * 1)
    return (df_dx, df_dy, df_dz)


def sigmoid_derivative(values):
    s = sigmoid(values)
    return s * (1 - s)


def gradient(weights, bias, inputs, actual):
    z = torch.sum(inputs * weights, dim=1) + bias
    dl_dy = 2 * (activate(z) - actual)
    dl_dz = dl_dy * sigmoid_derivative(z)
    W_grad = torch.mean(dl_dz.unsqueeze(1) * inputs, dim=0)
    b_grad = torch.mean(dl_dz, dim=0, keepdim=True)
    return (W_grad, b_grad)


def learn(weights, bias, batches, epochs=20000, rate=0.01):
    for _ in range(epochs):
        batch = next(iter(batches))
        W_grad, b_grad = gradient(inputs=batch["input"], actual=batch["target"], weights=weights, bias=bias)
        weights = weights - rate * W_grad
        bias = bias - rate * b_grad
    return (weights, bias)


def learn_with_autograd(weights, bias, batches, epochs=20000, rate=0.01):
    for _ in range(epochs):
        batch = next(iter(batches))
        loss = loss_fn(model(batch["input"], weights, bias), batch["target"])
        loss.backward()
        with torch.no_grad():
            weights -= rate * weights.grad
            bias -= rate * bias.grad
        weights.grad = bias.grad = None
    return (weights, bias)


def learn_with_optimizer(weights, bias, batches, stepper, epochs=20000):
    for _ in range(epochs):
        batch = next(iter(batches))
        loss = loss_fn(model(batch["input"], weights, bias), batch["target"])
        stepper.zero_grad()
        loss.backward()
        stepper.step()
    return (weights, bias)
""",
}
