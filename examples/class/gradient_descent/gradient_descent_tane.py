"""Gradient descent by hand."""

import torch


def model(t_u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return the prediction w * t_u + b, in the shape of t_u."""
    raise NotImplementedError


def loss_fn(t_p: torch.Tensor, t_c: torch.Tensor) -> torch.Tensor:
    """Return the mean squared error as a 0-d tensor."""
    raise NotImplementedError


def loss_rate_of_change(
    t_u: torch.Tensor, t_c: torch.Tensor, w: torch.Tensor, b: torch.Tensor, delta: float = 0.1
) -> torch.Tensor:
    """Return the central differences of the loss in w and in b, shape (2,)."""
    raise NotImplementedError


def dloss_fn(t_p: torch.Tensor, t_c: torch.Tensor) -> torch.Tensor:
    """Return dL/dt_p, in the shape of t_p."""
    raise NotImplementedError


def dmodel_dw(t_u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return d model / dw for each sample."""
    raise NotImplementedError


def dmodel_db(t_u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return d model / db."""
    raise NotImplementedError


def grad_fn(
    t_u: torch.Tensor, t_c: torch.Tensor, t_p: torch.Tensor, w: torch.Tensor, b: torch.Tensor
) -> torch.Tensor:
    """Return [dL/dw, dL/db], shape (2,)."""
    raise NotImplementedError


def training_loop(
    n_epochs: int,
    learning_rate: float,
    params: torch.Tensor,
    t_u: torch.Tensor,
    t_c: torch.Tensor,
    print_params: bool = True,
) -> torch.Tensor:
    """Return the params after n_epochs steps of gradient descent."""
    raise NotImplementedError
