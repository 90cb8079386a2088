"""Tables of functions that are well known: other activations, other losses, in torch's own definitions and in words.

A wrong answer may be that of one of them; `known` looks for it. It needs torch alone, and ships to students.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.nn import functional

__all__ = ["OF_ENTRIES", "OF_ENTRIES_WITH_A_NUMBER", "OF_PAIRS", "REDUCED", "SCALES", "Formula"]

Formula = Callable[..., torch.Tensor]


def _median(row: torch.Tensor) -> torch.Tensor:
    return row.quantile(0.5)


def _cross_entropy(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return -(b * a.log() + (1 - b) * (1 - a).log())


def _log_cosh(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).abs() + torch.log1p(torch.exp(-2 * (a - b).abs())) - torch.log(torch.tensor(2.0, dtype=a.dtype))


def _variance(row: torch.Tensor, less: int = 0) -> torch.Tensor:
    """Return the variance of a row over N, or N - 1; a nan where that is 0."""
    return ((row - row.mean()) ** 2).sum() / (row.numel() - less if row.numel() > less else float("nan"))


def _deviation(row: torch.Tensor, less: int = 0) -> torch.Tensor:
    return _variance(row, less).sqrt()


def _sample_variance(row: torch.Tensor) -> torch.Tensor:
    return _variance(row, 1)


def _sample_deviation(row: torch.Tensor) -> torch.Tensor:
    return _deviation(row, 1)


def _above(z: torch.Tensor) -> torch.Tensor:
    return (z > 0).to(z.dtype)


OF_ENTRIES: dict[str, Formula] = {
    "the sigmoid of `{name}`": torch.sigmoid,
    "tanh of `{name}`": torch.tanh,
    "the ReLU of `{name}`": torch.relu,
    "ReLU6 of `{name}`, which is 6 at most": functional.relu6,
    "the SiLU of `{name}`, the number times its sigmoid": functional.silu,
    "the GELU of `{name}`": functional.gelu,
    "the GELU of `{name}`, as tanh approximates it": lambda z: functional.gelu(z, approximate="tanh"),
    "the softplus of `{name}`, log(1 + e^z)": functional.softplus,
    "the ELU of `{name}`": functional.elu,
    "the SELU of `{name}`": functional.selu,
    "the softsign of `{name}`, z / (1 + |z|)": functional.softsign,
    "the hard sigmoid of `{name}`": functional.hardsigmoid,
    "`{name}`, cut to between -1 and 1": functional.hardtanh,
    "`{name}`, cut to between 0 and 1": lambda z: z.clamp(0, 1),
    "the hard swish of `{name}`": functional.hardswish,
    "Mish of `{name}`": functional.mish,
    "the logarithm of the sigmoid of `{name}`": functional.logsigmoid,
    "`{name}` less its tanh": functional.tanhshrink,
    "the absolute value of `{name}`": torch.abs,
    "the square of `{name}`": torch.square,
    "the third power of `{name}`": lambda z: z**3,
    "the fourth power of `{name}`": lambda z: z**4,
    "the square of the ReLU of `{name}`": lambda z: torch.relu(z) ** 2,
    "e to the power of `{name}`": torch.exp,
    "e to the power of minus `{name}`": lambda z: torch.exp(-z),
    "e to the power of `{name}`, less one": torch.expm1,
    "2 to the power of `{name}`": torch.exp2,
    "one over one more than 2 to the power of minus `{name}`": lambda z: 1 / (1 + torch.exp2(-z)),
    "e to the power of minus the square of `{name}`": lambda z: torch.exp(-(z**2)),
    "the sign of `{name}`": torch.sign,
    "1 where `{name}` is positive, and 0 elsewhere": _above,
    "the arc tangent of `{name}`": torch.atan,
    "the sine of `{name}`": torch.sin,
    "the cosine of `{name}`": torch.cos,
    "the error function of `{name}`": torch.erf,
    "the share of the normal distribution below `{name}`": torch.special.ndtr,
    "the logarithm of `{name}`": torch.log,
    "the logarithm of one more than `{name}`": torch.log1p,
    "the logarithm of one more than the absolute value of `{name}`": lambda z: z.abs().log1p(),
    "the root of `{name}`": torch.sqrt,
    "the root of the absolute value of `{name}`": lambda z: z.abs().sqrt(),
    "one over `{name}`": torch.reciprocal,
    "`{name}`, rounded to whole numbers": torch.round,
    "`{name}`, cut to whole numbers": torch.trunc,
    "the softmax of `{name}`": lambda z: torch.softmax(z.reshape(-1), 0).reshape(z.shape),
    "the logarithm of the softmax of `{name}`": lambda z: torch.log_softmax(z.reshape(-1), 0).reshape(z.shape),
    "the leaky ReLU of `{name}` with the slope 0.01": lambda z: functional.leaky_relu(z, 0.01),
    "the leaky ReLU of `{name}` with the slope 0.1": lambda z: functional.leaky_relu(z, 0.1),
    "the leaky ReLU of `{name}` with the slope 0.2": lambda z: functional.leaky_relu(z, 0.2),
    "the smaller one of `{name}` and 0": lambda z: z.clamp(max=0),
    "`{name}` less its mean": lambda z: z - z.mean(),
    "`{name}` less its mean, over its standard deviation": lambda z: (z - z.mean()) / _sample_deviation(z),
    "`{name}` over the sum of its entries": lambda z: z / z.sum(),
    "`{name}` over its length": lambda z: z / z.norm(),
    "`{name}` over its largest entry": lambda z: z / z.max(),
    "`{name}`, each entry with all before it added": lambda z: z.reshape(-1).cumsum(0).reshape(z.shape),
}
"""What is made of each entry of one tensor, or of all its entries together."""

OF_ENTRIES_WITH_A_NUMBER: dict[str, Formula] = {
    "the leaky ReLU of `{name}` with the slope `{name2}`": functional.leaky_relu,
    "the ELU of `{name}` with the factor `{name2}`": lambda z, a: torch.where(
        z > 0, z, a * torch.expm1(z.clamp(max=0))
    ),
    "the CELU of `{name}` with `{name2}`": lambda z, a: torch.where(z > 0, z, a * torch.expm1(z.clamp(max=0) / a)),
    "`{name2}` times the ELU of `{name}`": lambda z, a: a * functional.elu(z),
    "`{name2}` times the ReLU of `{name}`": lambda z, a: a * torch.relu(z),
    "the larger one of `{name}` and minus `{name2}`": lambda z, a: torch.clamp(z, min=-a),
    "the larger one of `{name}` and `{name2}`": lambda z, a: torch.clamp(z, min=a),
    "the smaller one of `{name}` and `{name2}`": lambda z, a: torch.clamp(z, max=a),
    "`{name}` where it is above `{name2}`, and 0 elsewhere": lambda z, a: torch.where(z > a, z, 0 * z),
    "`{name}` above 0, and minus `{name2}` below": lambda z, a: torch.where(z > 0, z, torch.full_like(z, -a)),
    "`{name}` above 0, and `{name2}` below": lambda z, a: torch.where(z > 0, z, torch.full_like(z, a)),
    "`{name}` above 0, and over `{name2}` below": lambda z, a: torch.where(z > 0, z, z / a),
    "`{name}` above 0, and minus `{name2}` times it below": lambda z, a: torch.where(z > 0, z, -a * z),
    "`{name}` above 0, and `{name2}` times e to its power below": lambda z, a: torch.where(
        z > 0, z, a * z.clamp(max=0).exp()
    ),
    "`{name}` above 0, and `{name2}` times its tanh below": lambda z, a: torch.where(z > 0, z, a * torch.tanh(z)),
    "the softplus of `{name}` with the factor `{name2}`": lambda z, a: functional.softplus(z, beta=a),
    "the sigmoid of `{name}` times `{name2}`": lambda z, a: torch.sigmoid(a * z),
    "the sigmoid of `{name}` less `{name2}`": lambda z, a: torch.sigmoid(z - a),
    "1 where `{name}` is above `{name2}`, and 0 elsewhere": lambda z, a: (z > a).to(z.dtype),
    "1 where `{name}` is above minus `{name2}`, and 0 elsewhere": lambda z, a: (z > -a).to(z.dtype),
    "1 where the absolute value of `{name}` is above `{name2}`, and 0 elsewhere": lambda z, a: (z.abs() > a).to(
        z.dtype
    ),
    "the sign of `{name}` less `{name2}`": lambda z, a: torch.sign(z - a),
    "`{name}` less `{name2}`": lambda z, a: z - a,
    "the ReLU of `{name}` less `{name2}`": lambda z, a: torch.relu(z - a),
}
"""What is made of each entry of a tensor with a number beside it."""

OF_PAIRS: dict[str, Formula] = {
    "the differences of `{name}` and `{name2}`": lambda a, b: a - b,
    "the absolute differences of `{name}` and `{name2}`": lambda a, b: (a - b).abs(),
    "the squared differences of `{name}` and `{name2}`": lambda a, b: (a - b) ** 2,
    "the third powers of the differences of `{name}` and `{name2}`": lambda a, b: (a - b) ** 3,
    "the fourth powers of the differences of `{name}` and `{name2}`": lambda a, b: (a - b) ** 4,
    "the roots of the absolute differences of `{name}` and `{name2}`": lambda a, b: (a - b).abs().sqrt(),
    "the powers 1.5 of the absolute differences of `{name}` and `{name2}`": lambda a, b: (a - b).abs() ** 1.5,
    "the signs of the differences of `{name}` and `{name2}`": lambda a, b: (a - b).sign(),
    "Huber's losses of `{name}` and `{name2}`": lambda a, b: functional.huber_loss(a, b, reduction="none"),
    "the differences of `{name}` and `{name2}`, cut to between -1 and 1": lambda a, b: (a - b).clamp(-1, 1),
    "the squares of the differences of `{name}` and `{name2}`, cut to between -1 and 1": lambda a, b: (
        (a - b).clamp(-1, 1) ** 2
    ),
    "the logarithms of cosh of the differences of `{name}` and `{name2}`": _log_cosh,
    "the tanh of the differences of `{name}` and `{name2}`": lambda a, b: torch.tanh(a - b),
    "log(1 + d^2) of the differences d of `{name}` and `{name2}`": lambda a, b: torch.log1p((a - b) ** 2),
    "d^2 / (1 + d^2) of the differences d of `{name}` and `{name2}`": lambda a, b: (a - b) ** 2 / (1 + (a - b) ** 2),
    "sqrt(1 + d^2) - 1 of the differences d of `{name}` and `{name2}`": lambda a, b: (1 + (a - b) ** 2).sqrt() - 1,
    "1 - e^(-d^2) of the differences d of `{name}` and `{name2}`": lambda a, b: -torch.expm1(-((a - b) ** 2)),
    "e to the power of the differences of `{name}` and `{name2}`": lambda a, b: (a - b).exp(),
    "e to the power of the absolute differences of `{name}` and `{name2}`": lambda a, b: (a - b).abs().exp(),
    "the differences of `{name}` and `{name2}`, where they are positive": lambda a, b: (a - b).relu(),
    "the squared differences of `{name}` and `{name2}`, where they are positive": lambda a, b: (a - b).relu() ** 2,
    "the squared differences of `{name}` and `{name2}`, where they are negative": lambda a, b: (b - a).relu() ** 2,
    "the differences of `{name}` and `{name2}`, over `{name2}`": lambda a, b: (a - b) / b,
    "the absolute differences of `{name}` and `{name2}`, over `{name2}`": lambda a, b: ((a - b) / b).abs(),
    "the squared differences of `{name}` and `{name2}`, over `{name2}`": lambda a, b: (a - b) ** 2 / b,
    "the squared differences of `{name}` and `{name2}`, over the square of `{name2}`": lambda a, b: ((a - b) / b) ** 2,
    "the squared differences of `{name}` and `{name2}`, over the square of `{name}`": lambda a, b: ((a - b) / a) ** 2,
    "the absolute differences of `{name}` and `{name2}`, over half the sum of both sizes": lambda a, b: (
        2 * (a - b).abs() / (a.abs() + b.abs())
    ),
    "the squared differences of the absolute values of `{name}` and `{name2}`": lambda a, b: (a.abs() - b.abs()) ** 2,
    "the squared differences of the squares of `{name}` and `{name2}`": lambda a, b: (a**2 - b**2) ** 2,
    "the differences of the squares of `{name}` and `{name2}`": lambda a, b: a**2 - b**2,
    "the squared differences of the logarithms of `{name}` and `{name2}`": lambda a, b: (a.log() - b.log()) ** 2,
    "the squared differences of log(1 + x) of `{name}` and `{name2}`": lambda a, b: (a.log1p() - b.log1p()) ** 2,
    "the squared differences of the roots of `{name}` and `{name2}`": lambda a, b: (a.sqrt() - b.sqrt()) ** 2,
    "the squared differences of the sigmoids of `{name}` and `{name2}`": lambda a, b: (a.sigmoid() - b.sigmoid()) ** 2,
    "the cross entropies of `{name}` against `{name2}`": _cross_entropy,
    "the cross entropies of the sigmoid of `{name}` against `{name2}`": lambda a, b: functional.softplus(a) - a * b,
    "minus `{name2}` times the logarithm of `{name}`": lambda a, b: -b * a.log(),
    "`{name}` less `{name2}` times its logarithm": lambda a, b: a - b * a.log(),
    "the hinge losses of `{name}` and `{name2}`": lambda a, b: (1 - a * b).relu(),
    "the products of `{name}` and `{name2}`": lambda a, b: a * b,
    "the ratios of `{name}` and `{name2}`": lambda a, b: a / b,
    "the sums of `{name}` and `{name2}`": lambda a, b: a + b,
    "the squared sums of `{name}` and `{name2}`": lambda a, b: (a + b) ** 2,
    "the squared differences of `{name}` and `{name2}` less the means of both": lambda a, b: (
        (a - a.mean() - b + b.mean()) ** 2
    ),
    "`{name}` less the mean of `{name2}`": lambda a, b: a - b.mean(),
    "`{name}` less the mean of `{name2}`, squared": lambda a, b: (a - b.mean()) ** 2,
    "the squared differences of the running sums of `{name}` and `{name2}`": lambda a, b: (a - b).cumsum(0) ** 2,
    "the squared differences of `{name}` and `{name2}`, both sorted": lambda a, b: (
        (a.sort().values - b.sort().values) ** 2
    ),
    "the squared differences of `{name}` and `{name2}`, one of them moved on by one": lambda a, b: (a - b.roll(1)) ** 2,
    "the squared differences of `{name}` and the reverse of `{name2}`": lambda a, b: (a - b.flip(0)) ** 2,
    "the squared differences of `{name}` and `{name2}`, each weighted by its place": lambda a, b: (
        (a - b) ** 2 * torch.arange(1, len(a) + 1, dtype=a.dtype)
    ),
    "the squared differences of `{name}` and `{name2}`, each weighted by the size of `{name2}`": lambda a, b: (
        (a - b) ** 2 * b.abs()
    ),
}
"""What is made of the entries of two rows, pair by pair."""

REDUCED: dict[str, Formula] = {
    "the mean of {what}": torch.mean,
    "the sum of {what}": torch.sum,
    "the sum of {what}, over N - 1": lambda row: row.sum() / (len(row) - 1),
    "the sum of {what}, over N + 1": lambda row: row.sum() / (len(row) + 1),
    "the sum of {what}, over the root of N": lambda row: row.sum() / len(row) ** 0.5,
    "the median of {what}": torch.median,
    "the median of {what}, with the mean of the middle two": _median,
    "the largest of {what}": torch.max,
    "the smallest of {what}": torch.min,
    "half the sum of the largest and the smallest of {what}": lambda row: (row.max() + row.min()) / 2,
    "the largest less the smallest of {what}": lambda row: row.max() - row.min(),
    "the variance of {what}, over N - 1": _sample_variance,
    "the variance of {what}, over N": _variance,
    "the standard deviation of {what}, over N - 1": _sample_deviation,
    "the standard deviation of {what}, over N": _deviation,
    "the root of the mean of the squares of {what}": lambda row: (row**2).mean().sqrt(),
    "the root of the sum of the squares of {what}": torch.linalg.vector_norm,
    "the product of {what}": torch.prod,
    "the geometric mean of {what}": lambda row: row.log().mean().exp(),
    "the harmonic mean of {what}": lambda row: 1 / (1 / row).mean(),
    "the first of {what}": lambda row: row[0],
    "the last of {what}": lambda row: row[-1],
    "the mean of all but the first of {what}": lambda row: row[1:].mean(),
    "the mean of all but the last of {what}": lambda row: row[:-1].mean(),
    "the mean of all but the largest of {what}": lambda row: row.sort().values[:-1].mean(),
    "the mean of all but the largest and the smallest of {what}": lambda row: row.sort().values[1:-1].mean(),
    "the mean of every second of {what}": lambda row: row[::2].mean(),
}
"""What one number is made of a row."""

SCALES: dict[str, Formula] = {
    "the variance of `{name}`": _variance,
    "the variance of `{name}`, over N - 1": _sample_variance,
    "the standard deviation of `{name}`": _deviation,
    "the standard deviation of `{name}`, over N - 1": _sample_deviation,
    "the mean of `{name}`": torch.mean,
    "the sum of `{name}`": torch.sum,
    "the mean of the absolute values of `{name}`": lambda row: row.abs().mean(),
    "the mean of the squares of `{name}`": lambda row: (row**2).mean(),
    "the sum of the squares of `{name}`": lambda row: (row**2).sum(),
    "the sum of the squares of `{name}` less its mean": lambda row: ((row - row.mean()) ** 2).sum(),
    "the length of `{name}`": torch.linalg.vector_norm,
    "the largest entry of `{name}`": torch.max,
    "the largest size in `{name}`": lambda row: row.abs().max(),
    "the largest less the smallest entry of `{name}`": lambda row: row.max() - row.min(),
    "the median of `{name}`": torch.median,
}
"""What one number is made of an argument, by which something is divided or multiplied."""
