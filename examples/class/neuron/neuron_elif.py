# Elif - neuron
import torch
from torch.utils.data import Dataset


def binary_step(z, threshold=0.0):
    return (z >= threshold).to(z.dtype)


def sigmoid(z):
    return 1 / (1 + torch.exp(-z))


def tanh(z):
    # formula from the slides
    a = torch.exp(z)
    b = torch.exp(-z)
    return (a - b) / (a + b)


def relu(z):
    return torch.maximum(z, torch.zeros_like(z))


def leaky_relu(z, negative_slope=0.01):
    return torch.where(z > 0, z, negative_slope * z)


def elu(z, alpha=1.0):
    return torch.where(z > 0, z, alpha * (torch.exp(z) - 1))


class SimpleDataset(Dataset):
    X = [[0.5, 0.9], [14.0, 12.0], [15.0, 13.6], [28.0, 22.8], [11.0, 8.1], [8.0, 7.1],
         [3.0, 2.9], [-4.0, 0.1], [6.0, 5.3], [13.0, 12.0], [21.0, 19.9], [-1.0, 1.5]]
    y = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1]

    def __init__(self):
        self.X = torch.tensor(SimpleDataset.X)
        self.y = torch.tensor(SimpleDataset.y) * 0.01

    def __len__(self):
        return 12

    def __getitem__(self, idx):
        return {"input": self.X[idx], "target": self.y[idx]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


def activate(u):
    return sigmoid(u)


def model(X, W, b):
    z = torch.sum(W * X, dim=1) + b
    return activate(z)


def loss_fn(y_pred, y):
    return ((y_pred - y) ** 2).mean()


def rmse_loss(y_pred, y):
    return ((y_pred - y) ** 2).mean().sqrt()


def mae_loss(y_pred, y):
    return (y_pred - y).abs().mean()


def forward_difference(f, x, dx):
    return (f(x + dx) - f(x)) / dx


def central_difference(f, x, dx):
    return (f(x + dx) - f(x - dx)) / (2 * dx)


def chain_rule(x):
    g = x ** 3 + x ** 2 + x + 1
    dg = 3 * x ** 2 + 2 * x + 1
    return 3 * g ** 2 * dg


def add_gate(x, y, upstream):
    return upstream, upstream


def multiply_gate(x, y, upstream):
    return upstream * y, upstream * x


def max_gate(x, y, upstream):
    dx = torch.where(x > y, upstream, torch.zeros_like(upstream))
    dy = torch.where(x > y, torch.zeros_like(upstream), upstream)
    return dx, dy


def backward(x, y, z):
    return z, z, x + y


def sigmoid_derivative(z):
    s = sigmoid(z)
    return s * (1 - s)


def gradient(W, b, X, y):
    z = X @ W + b
    error = sigmoid(z) - y
    d = 2 * error * sigmoid_derivative(z)
    W_grad = (d.unsqueeze(1) * X).mean(dim=0)
    b_grad = d.mean().reshape(1)
    return W_grad, b_grad


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for epoch in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W = W - learning_rate * W_grad
        b = b - learning_rate * b_grad
    return W, b


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for epoch in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        loss.backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad.zero_()
        b.grad.zero_()
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for epoch in range(max_epochs):
        batch = next(iter(train_data_loader))
        optimizer.zero_grad()
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        loss.backward()
        optimizer.step()
    return W, b
