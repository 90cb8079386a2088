# Daan
import torch


def loss_fn(y_pred, y):
    return ((y_pred - y) ** 2).mean()


def affine(X, W, b):
    return torch.matmul(X, W) + b


def affine_backward(X, W, b, upstream):
    grad_X = torch.matmul(upstream, W.T)
    grad_W = torch.matmul(X.T, upstream)
    grad_b = upstream.mean(0)  # the loss is a mean
    return grad_X, grad_W, grad_b


def tanh_backward(z, upstream):
    return upstream * (1 - torch.tanh(z) * torch.tanh(z))


def sigmoid_backward(z, upstream):
    out = torch.sigmoid(z)
    return upstream * out * (1 - out)


def fan_out_backward(x, y, z):
    df_dq = x
    df_dx = df_dq * y + (x * y + z)
    return df_dx, df_dq * x, df_dq


def forward(X, W1, b1, W2, b2):
    hidden = torch.tanh(affine(X, W1, b1))
    output = torch.sigmoid(affine(hidden, W2, b2))
    return output.squeeze(1)


def backward(X, y, W1, b1, W2, b2):
    pre1 = affine(X, W1, b1)
    hidden = torch.tanh(pre1)
    pre2 = affine(hidden, W2, b2)
    grad_out = 2 * (torch.sigmoid(pre2) - y.reshape(-1, 1)) / y.shape[0]
    grad_pre2 = sigmoid_backward(pre2, grad_out)
    grad_hidden, grad_W2, grad_b2 = affine_backward(hidden, W2, b2, grad_pre2)
    grad_pre1 = tanh_backward(pre1, grad_hidden)
    _, grad_W1, grad_b1 = affine_backward(X, W1, b1, grad_pre1)
    return grad_W1, grad_b1, grad_W2, grad_b2


def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    for i in range(x.numel()):
        move = torch.zeros(x.numel(), dtype=x.dtype)
        move[i] = dx
        move = move.reshape(x.shape)
        slopes.append((f(x + move) - f(x - move)) / (2 * dx))
    return torch.stack(slopes).reshape(x.shape)


def train(parameters, X, y, n_epochs, learning_rate):
    W1, b1, W2, b2 = parameters
    losses = []
    for _ in range(n_epochs):
        losses.append(loss_fn(forward(X, W1, b1, W2, b2), y).item())
        gW1, gb1, gW2, gb2 = backward(X, y, W1, b1, W2, b2)
        W1, b1 = W1 - learning_rate * gW1, b1 - learning_rate * gb1
        W2, b2 = W2 - learning_rate * gW2, b2 - learning_rate * gb2
    return (W1, b1, W2, b2), losses
