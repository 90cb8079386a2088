"""Chioma. Each layer knows how to go forwards and back."""
import torch


class Layer:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, X):
        return torch.addmm(self.b, X, self.W)

    def backward(self, X, upstream):
        return upstream.mm(self.W.t()), X.t().mm(upstream), upstream.sum(dim=0)


def affine(X, W, b):
    return Layer(W, b).forward(X)


def affine_backward(X, W, b, upstream):
    return Layer(W, b).backward(X, upstream)


def tanh_backward(z, upstream):
    return upstream.mul(1 - z.tanh().square())


def sigmoid_backward(z, upstream):
    return upstream.mul(z.sigmoid()).mul((-z).sigmoid())


def fan_out_backward(x, y, z):
    return [2 * x * y + z, x.square(), x]


def network(X, W1, b1, W2, b2):
    first, second = Layer(W1, b1), Layer(W2, b2)
    z1 = first.forward(X)
    h = z1.tanh()
    z2 = second.forward(h)
    return first, second, z1, h, z2


def forward(X, W1, b1, W2, b2):
    *_, z2 = network(X, W1, b1, W2, b2)
    return z2.sigmoid().flatten()


def backward(X, y, W1, b1, W2, b2):
    first, second, z1, h, z2 = network(X, W1, b1, W2, b2)
    e = (z2.sigmoid() - y.reshape(-1, 1)).mul(2).div(y.numel())
    dh, dW2, db2 = second.backward(h, sigmoid_backward(z2, e))
    _, dW1, db1 = first.backward(X, tanh_backward(z1, dh))
    return [dW1, db1, dW2, db2.sum()]


def numerical_gradient(f, x, dx=1e-3):
    eye = torch.eye(x.numel(), dtype=x.dtype).mul(dx)
    return torch.stack([(f(x + e.reshape(x.shape)) - f(x - e.reshape(x.shape))) / (2 * dx) for e in eye]).reshape(x.shape)


def train(parameters, X, y, n_epochs, learning_rate):
    losses = torch.zeros(n_epochs, dtype=X.dtype)
    now = list(parameters)
    for i in range(n_epochs):
        losses[i] = torch.nn.functional.mse_loss(forward(X, *now), y)
        now = [p - learning_rate * g for p, g in zip(now, backward(X, y, *now))]
    return now, losses
