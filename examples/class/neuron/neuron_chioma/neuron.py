"""One neuron, everything as matrix products."""

from collections.abc import Callable, Iterable

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils.data import Dataset

Loader = Iterable[dict[str, Tensor]]

# sensor 1, sensor 2, temperature
MEASURED = """
  0.5  0.9 35.7
 14.0 12.0 55.9
 15.0 13.6 58.2
 28.0 22.8 81.9
 11.0  8.1 56.3
  8.0  7.1 48.9
  3.0  2.9 33.9
 -4.0  0.1 21.8
  6.0  5.3 48.4
 13.0 12.0 60.4
 21.0 19.9 68.4
 -1.0  1.5 29.1
"""


def binary_step(z: Tensor, threshold: float = 0.0) -> Tensor:
    return torch.ge(z, threshold).type_as(z)


def sigmoid(z: Tensor) -> Tensor:
    return z.sigmoid()


def tanh(z: Tensor) -> Tensor:
    return z.tanh()


def relu(z: Tensor) -> Tensor:
    return F.relu(z)


def leaky_relu(z: Tensor, negative_slope: float = 0.01) -> Tensor:
    return F.leaky_relu(z, negative_slope)


def elu(z: Tensor, alpha: float = 1.0) -> Tensor:
    return F.elu(z, alpha)


class SimpleDataset(Dataset):
    def __init__(self) -> None:
        rows = [[float(cell) for cell in line.split()] for line in MEASURED.strip().splitlines()]
        table = torch.tensor(rows)
        self.X, self.y = table[:, :-1], table[:, -1] / 100

    def __len__(self) -> int:
        return self.X.shape[0]

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self) -> str:
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


def activate(u: Tensor) -> Tensor:
    return u.sigmoid()


def model(X: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return activate(X @ W + b)


def loss_fn(y_pred: Tensor, y: Tensor) -> Tensor:
    e = y_pred - y
    return e @ e / e.numel()


def rmse_loss(y_pred: Tensor, y: Tensor) -> Tensor:
    return loss_fn(y_pred, y) ** 0.5


def mae_loss(y_pred: Tensor, y: Tensor) -> Tensor:
    return (y_pred - y).abs().mean()


def forward_difference(f: Callable[[Tensor], Tensor], x: Tensor, dx: float) -> Tensor:
    return (f(x + dx) - f(x)) / dx


def central_difference(f: Callable[[Tensor], Tensor], x: Tensor, dx: float) -> Tensor:
    return forward_difference(f, x - dx, 2 * dx)


def chain_rule(x: Tensor) -> Tensor:
    # x^3 + x^2 + x + 1 = (x + 1)(x^2 + 1)
    return 3 * ((x + 1) * (x * x + 1)) ** 2 * ((3 * x + 2) * x + 1)


def add_gate(x: Tensor, y: Tensor, upstream: Tensor) -> Tensor:
    return torch.stack([upstream, upstream])


def multiply_gate(x: Tensor, y: Tensor, upstream: Tensor) -> Tensor:
    return torch.stack([y, x]) * upstream


def max_gate(x: Tensor, y: Tensor, upstream: Tensor) -> Tensor:
    return torch.stack([x > y, x <= y]) * upstream


def backward(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    q_grad, z_grad = multiply_gate(x + y, z, torch.ones_like(z))
    return torch.stack([*add_gate(x, y, q_grad), z_grad])


def sigmoid_derivative(z: Tensor) -> Tensor:
    return sigmoid(z) * sigmoid(-z)


def gradient(W: Tensor, b: Tensor, X: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    z = X @ W + b
    delta = 2 / len(y) * (activate(z) - y) * sigmoid_derivative(z)
    return X.T @ delta, delta.sum()


def learn(W: Tensor, b: Tensor, train_data_loader: Loader, max_epochs: int = 20_000, learning_rate: float = 0.01):
    for _ in range(max_epochs):
        for batch in train_data_loader:
            W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
            W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W, b


def learn_with_autograd(
    W: Tensor, b: Tensor, train_data_loader: Loader, max_epochs: int = 20_000, learning_rate: float = 0.01
):
    for _ in range(max_epochs):
        for batch in train_data_loader:
            loss = loss_fn(model(batch["input"], W, b), batch["target"])
            W_grad, b_grad = torch.autograd.grad(loss, (W, b))
            with torch.no_grad():
                W -= learning_rate * W_grad
                b -= learning_rate * b_grad
    return W, b


def learn_with_optimizer(
    W: Tensor, b: Tensor, train_data_loader: Loader, optimizer: torch.optim.Optimizer, max_epochs: int = 20_000
):
    for _ in range(max_epochs):
        for batch in train_data_loader:
            optimizer.zero_grad()
            loss_fn(model(batch["input"], W, b), batch["target"]).backward()
            optimizer.step()
    return W, b
