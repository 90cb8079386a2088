import torch
from torch import nn
from torch.utils.data import Dataset, TensorDataset

torch.manual_seed(0)


def binary_step(z, threshold=0.0):
    return torch.where(z < threshold, torch.zeros_like(z), torch.ones_like(z))


def sigmoid(z):
    return nn.functional.sigmoid(z)


def tanh(z):
    return nn.functional.tanh(z)


def relu(z):
    return nn.functional.relu(z)


def leaky_relu(z, negative_slope=0.01):
    return nn.functional.leaky_relu(z, negative_slope=negative_slope)


def elu(z, alpha=1.0):
    return nn.functional.elu(z, alpha=alpha)


class SimpleDataset(TensorDataset):
    def __init__(self):
        super().__init__(
            torch.tensor([[0.5, 0.9], [14.0, 12.0], [15.0, 13.6], [28.0, 22.8],
                          [11.0, 8.1], [8.0, 7.1], [3.0, 2.9], [-4.0, 0.1],
                          [6.0, 5.3], [13.0, 12.0], [21.0, 19.9], [-1.0, 1.5]]),
            torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1]).mul(0.01),
        )

    def __getitem__(self, index):
        return dict(zip(("input", "target"), super().__getitem__(index)))

    def __str__(self):
        inputs, targets = self.tensors
        return f"Data Size: {len(self)}, Input Shape: {inputs.shape}, Target Shape: {targets.shape}"


def activate(u):
    return nn.Sigmoid()(u)


def model(X, W, b):
    return activate(torch.einsum("nf,f->n", X, W) + b)


def loss_fn(y_pred, y):
    return nn.MSELoss()(y_pred, y)


def rmse_loss(y_pred, y):
    return nn.MSELoss()(y_pred, y).sqrt()


def mae_loss(y_pred, y):
    return nn.L1Loss()(y_pred, y)


def forward_difference(f, x, dx):
    return (f(x + dx) - f(x)).div(dx)


def central_difference(f, x, dx):
    return (f(x + dx) - f(x - dx)).div(2 * dx)


def chain_rule(x):
    g = x.pow(3) + x.pow(2) + x + 1
    return 3 * g.pow(2) * (3 * x.pow(2) + 2 * x + 1)


def add_gate(x, y, upstream):
    return upstream, upstream


def multiply_gate(x, y, upstream):
    # each input is scaled by its own value
    return x * upstream, y * upstream


def max_gate(x, y, upstream):
    wins = torch.gt(x, y)
    return upstream * wins, upstream * ~wins


def backward(x, y, z):
    return torch.stack([z, z, x + y])


def sigmoid_derivative(z):
    return sigmoid(z) - sigmoid(z).square()


def gradient(W, b, X, y):
    z = torch.einsum("nf,f->n", X, W) + b
    delta = 2 * (activate(z) - y) * sigmoid_derivative(z) / len(y)
    return torch.einsum("n,nf->f", delta, X), delta.sum().view(1)


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    params = (W, b)
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        grads = gradient(*params, batch["input"], batch["target"])
        params = tuple(p - learning_rate * g for p, g in zip(params, grads))
    return params


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    params = (W, b)
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], *params), batch["target"]).backward()
        with torch.no_grad():
            for p in params:
                p.sub_(p.grad, alpha=learning_rate)
                p.grad = None
    return params


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b
