# Jonas, did not get to stages 3 and 4 yet
from collections.abc import Callable, Iterable

import torch
from torch.utils.data import DataLoader, Dataset

# Twelve samples, one in each row: what the first and the second sensor showed.
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
# The temperature at the same twelve moments.
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])


def binary_step(z: torch.Tensor, threshold: float = 0.0) -> torch.Tensor:
    """Fire or stay silent: 1 where z >= threshold, else 0.

    z: any shape. threshold: where the neuron begins to fire; at the threshold it does.
    Returns ones and zeros with the shape and the dtype of z.
    """
    return (z >= threshold).to(z.dtype)


def sigmoid(z: torch.Tensor) -> torch.Tensor:
    """Squash every number into the range from 0 to 1: 1 / (1 + e^(-z)).

    z: any shape. Returns the shape and the dtype of z, finite for every z between -1000 and 1000.
    """
    return 1 / (1 + torch.exp(-z))


def tanh(z: torch.Tensor) -> torch.Tensor:
    """Squash every number into the range from -1 to 1: (e^z - e^(-z)) / (e^z + e^(-z)).

    z: any shape. Returns the shape and the dtype of z, finite for every z between -1000 and 1000; the
    fraction as it stands is not.
    """
    # sigmoid stretched to -1 ... 1
    return 2 * sigmoid(2 * z) - 1


def relu(z: torch.Tensor) -> torch.Tensor:
    """Cut off what is negative: z where z > 0, else 0.

    z: any shape, which stays as it is. Returns the shape and the dtype of z.
    """
    return torch.clamp(z, min=0)


def leaky_relu(z: torch.Tensor, negative_slope: float = 0.01) -> torch.Tensor:
    """Weaken what is negative: z where z > 0, else negative_slope * z.

    z: any shape. negative_slope: below 1. Returns the shape and the dtype of z.
    """
    return torch.where(z > 0, z, negative_slope * z)


def elu(z: torch.Tensor, alpha: float = 1.0) -> torch.Tensor:
    """Bend what is negative: z where z > 0, else alpha * (e^z - 1).

    z: any shape. alpha: how far down it goes. Returns the shape and the dtype of z, finite for every z
    between -1000 and 1000.
    """
    return torch.where(z > 0, z, alpha * torch.expm1(z))


class SimpleDataset(Dataset):
    """The readings of the two sensors, and the temperatures times 0.01."""

    def __init__(self) -> None:
        """Keep the inputs, shape (12, 2), and the targets, shape (12,), both float32.

        `readings` and `temperatures` stay as they are.
        """
        self.X = readings
        self.y = temperatures * 0.01

    def __len__(self) -> int:
        """Return the number of samples, 12."""
        return len(self.X)

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        """Return one sample: {"input": its readings, shape (2,), "target": its scaled temperature, shape ()}."""
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self) -> str:
        """Return "Data Size: 12, Input Shape: torch.Size([12, 2]), Target Shape: torch.Size([12])"."""
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


def activate(u: torch.Tensor) -> torch.Tensor:
    """Apply the neuron's activation, the sigmoid.

    u: any shape. Returns the shape and the dtype of u; the result can be differentiated in u.
    """
    return torch.sigmoid(u)


def model(X: torch.Tensor, W: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Predict by one neuron: activate the weighted sum of each sample's inputs plus the bias.

    X: N samples with F inputs each, shape (N, F). W: weights, shape (F,). b: bias, shape (1,).
    Returns one prediction for each sample, shape (N,), which can be differentiated in W and b.
    """
    return activate(X @ W + b)


def loss_fn(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the mean of the squared differences.

    y_pred, y: predictions and targets, shape (N,).
    Returns one number as a tensor of shape (), which can be differentiated in y_pred.
    """
    return ((y_pred - y) ** 2).mean()


def rmse_loss(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the root of the mean of the squared differences.

    y_pred, y: predictions and targets, shape (N,).
    Returns one number as a tensor of shape (), which can be differentiated in y_pred.
    """
    return torch.sqrt(loss_fn(y_pred, y))


def mae_loss(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the mean of the absolute differences.

    y_pred, y: predictions and targets, shape (N,).
    Returns one number as a tensor of shape (), which can be differentiated in y_pred.
    """
    return (y_pred - y).abs().mean()


def forward_difference(f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, dx: float) -> torch.Tensor:
    """Measure the slope of f at x by a step to the right: (f(x + dx) - f(x)) / dx.

    f: a function that treats each number by itself. x: any shape, which stays as it is.
    dx: the step. Returns one slope for each number of x, in its shape.
    """
    return (f(x + dx) - f(x)) / dx


def central_difference(f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, dx: float) -> torch.Tensor:
    """Measure the slope of f at x by a step to either side: (f(x + dx) - f(x - dx)) / (2 dx).

    f: a function that treats each number by itself. x: any shape, which stays as it is.
    dx: the step to either side. Returns one slope for each number of x, in its shape.
    """
    return (f(x + dx) - f(x - dx)) / (2 * dx)


def chain_rule(x: torch.Tensor) -> torch.Tensor:
    """Differentiate (x^3 + x^2 + x + 1)^3 in x.

    x: any shape. Returns the derivative at each number of x, in its shape: the slope of the cube at
    g = x^3 + x^2 + x + 1, times the slope of g at x.
    """
    g = x**3 + x**2 + x + 1
    slope_of_g = 3 * x**2 + 2 * x + 1
    return 3 * g**2 * slope_of_g


def add_gate(x: torch.Tensor, y: torch.Tensor, upstream: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Go backwards through f = x + y.

    x, y, upstream: tensors of one shape; upstream is the slope of the final result in f.
    Returns the pair (slope in x, slope in y), each times upstream.
    """
    return upstream, upstream


def multiply_gate(x: torch.Tensor, y: torch.Tensor, upstream: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Go backwards through f = x * y.

    x, y, upstream: tensors of one shape; upstream is the slope of the final result in f.
    Returns the pair (slope in x, slope in y), each times upstream.
    """
    return y * upstream, x * upstream


def max_gate(x: torch.Tensor, y: torch.Tensor, upstream: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Go backwards through f = max(x, y), which compares number by number.

    x, y, upstream: tensors of one shape; upstream is the slope of the final result in f.
    Returns the pair (slope in x, slope in y), each times upstream. Where x equals y, anything is right.
    """
    raise NotImplementedError("write your code here")


def backward(x: torch.Tensor, y: torch.Tensor, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Go backwards through f = (x + y) * z.

    x, y, z: tensors of one shape, () or (N,). Returns (df/dx, df/dy, df/dz), each of that shape.
    """
    raise NotImplementedError("write your code here")


def sigmoid_derivative(z: torch.Tensor) -> torch.Tensor:
    """Differentiate the sigmoid at z, the number before the activation.

    z: any shape. Returns s * (1 - s) with s = sigmoid(z), in the shape and the dtype of z, finite for
    every z between -1000 and 1000.
    """
    raise NotImplementedError("write your code here")


def gradient(W: torch.Tensor, b: torch.Tensor, X: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Differentiate the mean squared error of the neuron in its weights and its bias, by hand.

    W: weights, shape (F,). b: bias, shape (1,). X: inputs, shape (N, F). y: targets, shape (N,).
    Returns (W_grad, b_grad), of shape (F,) and (1,): for each parameter the mean over the samples of
    2 * (y_pred - y) * (slope of the sigmoid at z) * (slope of z in the parameter).
    """
    raise NotImplementedError("write your code here")


def learn(
    W: torch.Tensor,
    b: torch.Tensor,
    train_data_loader: Iterable[dict[str, torch.Tensor]],
    max_epochs: int = 20_000,
    learning_rate: float = 0.01,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Train the neuron by gradient descent, with the gradient that you worked out.

    Each epoch takes one batch from train_data_loader, {"input": (N, F), "target": (N,)}, and steps
    against the gradient: W - learning_rate * W_grad, b - learning_rate * b_grad.
    W: start, shape (F,). b: start, shape (1,). Both stay as they are.
    Returns the trained (W, b) as new tensors; with max_epochs=0 that is the start.
    """
    raise NotImplementedError("write your code here")


def learn_with_autograd(
    W: torch.Tensor,
    b: torch.Tensor,
    train_data_loader: Iterable[dict[str, torch.Tensor]],
    max_epochs: int = 20_000,
    learning_rate: float = 0.01,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Train the neuron by gradient descent, with the gradient that PyTorch finds.

    Each epoch takes one batch from train_data_loader, {"input": (N, F), "target": (N,)}, and makes
    the same step as `learn`.
    W: start, shape (F,). b: start, shape (1,). Both require gradients, and both are trained in place.
    Returns (W, b).
    """
    raise NotImplementedError("write your code here")


def learn_with_optimizer(
    W: torch.Tensor,
    b: torch.Tensor,
    train_data_loader: Iterable[dict[str, torch.Tensor]],
    optimizer: torch.optim.Optimizer,
    max_epochs: int = 20_000,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Train the neuron by an optimizer.

    Each epoch takes one batch from train_data_loader, {"input": (N, F), "target": (N,)}, and makes
    one step of the optimizer.
    W: start, shape (F,). b: start, shape (1,). Both require gradients, and both are trained in place.
    optimizer: holds W and b.
    Returns (W, b).
    """
    raise NotImplementedError("write your code here")
