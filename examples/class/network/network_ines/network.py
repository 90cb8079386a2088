# INES
import torch
from torch import tensor

points = tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
targets = tensor([0.0, 1.0, 1.0, 0.0])


def loss_fn(y_pred, y):
    assert y_pred.shape == y.shape, "a column and a row"
    return torch.mean((y_pred - y) ** 2)


def affine(X, W, b):
    return X @ W + b


def affine_backward(X, W, b, upstream):
    dX = upstream @ W.T
    dW = X.T @ upstream
    db = torch.sum(upstream, 0)
    assert dX.shape == X.shape and dW.shape == W.shape and db.shape == b.shape
    return dX, dW, db


def tanh_backward(z, upstream):
    t = torch.tanh(z)
    return (1 - t ** 2) * upstream


def sigmoid_backward(z, upstream):
    s = torch.sigmoid(z)
    return s * (1 - s) * upstream


def fan_out_backward(x, y, z):
    q = x * y + z
    dq = x
    dx = q            # the way past q
    dx = dx + dq * y  # the way through it
    return dx, dq * x, dq


def forward(X, W1, b1, W2, b2):
    A1 = torch.tanh(affine(X, W1, b1))
    return torch.sigmoid(affine(A1, W2, b2))[:, 0]


def backward(X, y, W1, b1, W2, b2):
    Z1 = affine(X, W1, b1)
    A1 = torch.tanh(Z1)
    Z2 = affine(A1, W2, b2)
    y_pred = torch.sigmoid(Z2)[:, 0]
    dy = 2 * (y_pred - y) / len(y)
    dZ2 = sigmoid_backward(Z2, dy[:, None])
    dA1, dW2, db2 = affine_backward(A1, W2, b2, dZ2)
    dZ1 = tanh_backward(Z1, dA1)
    _, dW1, db1 = affine_backward(X, W1, b1, dZ1)
    return dW1, db1, dW2, db2


def numerical_gradient(f, x, dx=1e-3):
    out = torch.zeros_like(x)
    for place in torch.ones(x.shape).nonzero():
        place = tuple(place.tolist())
        right, left = x.clone(), x.clone()
        right[place] += dx
        left[place] -= dx
        out[place] = (f(right) - f(left)) / (2 * dx)
    return out


def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for epoch in range(1, n_epochs + 1):
        grads = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * g for p, g in zip(parameters, grads))
        losses.append(loss_fn(forward(X, *parameters), y).item())
    return parameters, losses


if __name__ == "__main__":
    g = torch.Generator().manual_seed(1)
    start = [torch.randn(s, generator=g) for s in ((2, 3), (3,), (3, 1), (1,))]
    print(forward(points, *train(start, points, targets, 3000, 0.5)[0]))
