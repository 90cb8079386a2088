# %% [markdown]
# # Gradient descent by hand
#
# A thermometer shows temperatures in an unknown unit. You know what eleven of its readings are in
# degrees Celsius. Fit a line that converts one into the other, without any automatic differentiation:
# every derivative in this file is worked out by hand.
#
# Write the body of each function where it raises `NotImplementedError`. Keep names and arguments as
# they are. Tensors come in and tensors go out; float32 and float64 both have to work, for any number
# of samples, and no function may change its arguments. `torch.autograd`, `backward`, `torch.func` and
# `torch.optim` are not allowed in this assignment.

# %%
import torch

t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])  # degrees Celsius
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])  # unknown unit
t_un = 0.1 * t_u  # the same readings, scaled, so that one learning rate suits both parameters


# %%
def model(t_u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Predict temperatures by a line.

    t_u: readings, shape (N,). w, b: slope and offset, shape ().
    Returns w * t_u + b, shape (N,).
    """
    raise NotImplementedError("write your code here")


# %%
def loss_fn(t_p: torch.Tensor, t_c: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the mean of the squared differences.

    t_p, t_c: predicted and true temperatures, shape (N,).
    Returns one number as a tensor of shape (), which can be differentiated in t_p.
    """
    raise NotImplementedError("write your code here")


# %%
def loss_rate_of_change(
    t_u: torch.Tensor, t_c: torch.Tensor, w: torch.Tensor, b: torch.Tensor, delta: float = 0.1
) -> torch.Tensor:
    """Measure the slope of the loss in w and in b, by central differences.

    The slope in w is (loss at w + delta  -  loss at w - delta) / (2 * delta); likewise in b.
    Both are taken at the same (w, b): nothing is updated in between.
    t_u, t_c: shape (N,). w, b: shape (). delta: half the distance between the two points.
    Returns [slope in w, slope in b], shape (2,).
    """
    raise NotImplementedError("write your code here")


# %%
def dloss_fn(t_p: torch.Tensor, t_c: torch.Tensor) -> torch.Tensor:
    """Differentiate the loss in each prediction.

    t_p, t_c: shape (N,).
    Returns dL/dt_p, one number for each prediction, shape (N,).
    """
    raise NotImplementedError("write your code here")


# %%
def dmodel_dw(t_u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Differentiate the model in w, for each sample.

    t_u: shape (N,). w, b: shape ().
    Returns one number for each sample, shape (N,).
    """
    raise NotImplementedError("write your code here")


# %%
def dmodel_db(t_u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Differentiate the model in b, for each sample.

    t_u: shape (N,). w, b: shape ().
    Returns one number for each sample, shape (N,); as it is the same for all of them, a single number will do.
    """
    raise NotImplementedError("write your code here")


# %%
def grad_fn(t_u: torch.Tensor, t_c: torch.Tensor, t_p: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Compute the gradient of the loss by the chain rule.

    dL/dw is the sum over the samples of dL/dt_p * dt_p/dw; likewise for b.
    t_u, t_c: shape (N,). t_p: the predictions model(t_u, w, b), shape (N,). w, b: shape ().
    Returns [dL/dw, dL/db], shape (2,).
    """
    raise NotImplementedError("write your code here")


# %%
def training_loop(
    n_epochs: int,
    learning_rate: float,
    params: torch.Tensor,
    t_u: torch.Tensor,
    t_c: torch.Tensor,
    print_params: bool = True,
) -> torch.Tensor:
    """Fit w and b by full-batch gradient descent.

    Every epoch, counted from 1, computes the predictions, the loss and the gradient, and then makes
    one step: params - learning_rate * gradient. params: the start [w, b], shape (2,), which must stay
    as it is. t_u, t_c: shape (N,).

    Prints "Epoch %d, Loss %f" at the epochs 1, 2, 3, 10, 11, 99, 100, 4000 and 5000, with the loss
    before that epoch's step; with print_params also the params and the gradient.
    Stops after the first epoch whose loss is not finite (its step is still made).
    Returns the final params as a new tensor, shape (2,); with n_epochs=0 that is the start.
    """
    raise NotImplementedError("write your code here")
