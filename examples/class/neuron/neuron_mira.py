import torch
from torch.utils.data import Dataset

# Mira
# ToDo: why is the loss so high at the start??


def binary_step(z, threshold=0.0):
    return (z >= threshold).type(z.dtype)


def sigmoid(z):
    return torch.special.expit(z)


def tanh(z):
    return torch.tanh(z)


def relu(z):
    return torch.relu(z)


def leaky_relu(z, negative_slope=0.01):
    return torch.relu(z) - negative_slope * torch.relu(-z)


def elu(z, alpha=1.0):
    return torch.relu(z) + alpha * (torch.exp(-torch.relu(-z)) - 1)


class SimpleDataset(Dataset):
    def __init__(self):
        self.samples = []
        X = [[0.5, 0.9], [14.0, 12.0], [15.0, 13.6], [28.0, 22.8], [11.0, 8.1], [8.0, 7.1],
             [3.0, 2.9], [-4.0, 0.1], [6.0, 5.3], [13.0, 12.0], [21.0, 19.9], [-1.0, 1.5]]
        y = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1]
        for a, t in zip(X, y):
            self.samples.append({"input": torch.tensor(a), "target": torch.tensor(t) * 0.01})

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, idx):
        return self.samples[idx]

    def __str__(self):
        inputs = torch.stack([s["input"] for s in self.samples])
        targets = torch.stack([s["target"] for s in self.samples])
        return f"Data Size: {len(self)}, Input Shape: {inputs.shape}, Target Shape: {targets.shape}"


def activate(u):
    return sigmoid(u)


def model(X, W, b):
    return activate((X * W).sum(1) + b)


def loss_fn(y_pred, y):
    return (y_pred - y).pow(2).mean()


def rmse_loss(y_pred, y):
    return (y_pred - y).pow(2).mean().pow(0.5)


def mae_loss(y_pred, y):
    return (y_pred - y).abs().mean()


def forward_difference(f, x, dx):
    df = f(x + dx) - f(x)
    return df / dx


def central_difference(f, x, dx):
    df = f(x + dx) - f(x - dx)
    return df / (2 * dx)


def chain_rule(x):
    return 3 * (x**3 + x**2 + x + 1).pow(2) * (3 * x**2 + 2 * x + 1)


def add_gate(x, y, upstream):
    return (upstream, upstream)


def multiply_gate(x, y, upstream):
    return (y * upstream, x * upstream)


def max_gate(x, y, upstream):
    return (upstream * (x > y), upstream * (y > x))


def backward(x, y, z):
    return (z, z, x + y)


def sigmoid_derivative(z):
    return sigmoid(z) * (1 - sigmoid(z))


def gradient(W, b, X, y):
    z = (X * W).sum(1) + b
    d = 2 * (sigmoid(z) - y) * sigmoid_derivative(z)
    return (d[:, None] * X).mean(0), d.mean().view(1)


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for epoch in range(max_epochs):
        batch = next(iter(train_data_loader))
        dW, db = gradient(W, b, batch["input"], batch["target"])
        W = W - learning_rate * dW
        b = b - learning_rate * db
    return W, b


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for epoch in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        loss.backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad = None
        b.grad = None
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for epoch in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        print(epoch, loss)
        exit()  # only look at the first loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b
