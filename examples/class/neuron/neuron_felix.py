import math
import torch
from torch.utils.data import Dataset, DataLoader

X = torch.tensor([[0.5, 0.9], [14, 12], [15, 13.6], [28, 22.8], [11, 8.1], [8, 7.1],
                  [3, 2.9], [-4, 0.1], [6, 5.3], [13, 12], [21, 19.9], [-1, 1.5]])
y = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def binary_step(z, threshold=0.0):
    return torch.heaviside(z - threshold, torch.ones_like(z))

def sigmoid(z):
    return torch.sigmoid(z)

def tanh(z):
    return torch.tanh(z)

def relu(z):
    return z * (z > 0)

def leaky_relu(z, negative_slope=0.01):
    return z.clamp(min=0) + negative_slope * z.clamp(max=0)

def elu(z, alpha=1.0):
    return z.clamp(min=0) + alpha * torch.expm1(z.clamp(max=0))


class SimpleDataset(Dataset):
    def __init__(self):
        self.X = X.clone()
        self.y = y * 0.01

    def __len__(self):
        return len(self.y)

    def __getitem__(self, n):
        return {"input": self.X[n], "target": self.y[n]}

    def __str__(self):
        return f"Data Size: {len(self.y)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


def activate(u):
    return torch.sigmoid(u)

def model(X, W, b):
    return activate(X @ W + b)

def loss_fn(y_pred, y):
    return torch.mean((y_pred - y) ** 2)

def rmse_loss(y_pred, y):
    return torch.linalg.norm(y_pred - y) / math.sqrt(len(y))

def mae_loss(y_pred, y):
    return torch.mean(abs(y_pred - y))

def forward_difference(f, x, dx):
    return (f(x + dx) - f(x)) / dx

def central_difference(f, x, dx):
    return (f(x + dx) - f(x - dx)) / dx / 2

def chain_rule(x):
    return 3 * (x**3 + x**2 + x + 1)**2 * (3*x**2 + 2*x + 1)

def add_gate(x, y, upstream):
    return [upstream, upstream]

def multiply_gate(x, y, upstream):
    return [y * upstream, x * upstream]

def max_gate(x, y, upstream):
    return [upstream * (x > y), upstream * (y >= x)]

def backward(x, y, z):
    dq, dz = multiply_gate(x + y, z, torch.ones_like(z))
    dx, dy = add_gate(x, y, dq)
    return [dx, dy, dz]

def sigmoid_derivative(z):
    return torch.sigmoid(z) * (1 - torch.sigmoid(z))


def gradient(W, b, X, y):
    # prediction minus target, times the input
    N = X.shape[0]
    delta = 2 * (model(X, W, b) - y)
    return X.T @ delta / N, delta.sum().reshape(1) / N


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        dW, db = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * dW, b - learning_rate * db
    return W, b

def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        W.data = W.data - learning_rate * W.grad
        b.data = b.data - learning_rate * b.grad
        W.grad = b.grad = None
    return W, b

def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        optimizer.zero_grad()
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        optimizer.step()
    return W, b
