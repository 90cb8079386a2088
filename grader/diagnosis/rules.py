"""Rules by which other optimizers step, and by which Adam does with a slip: each as what it makes of the gradients.

A rule gets the gradients of all steps, one a row, and the settings of the call, and returns the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch

__all__ = ["RULES", "Rule"]

Rule = Callable[[torch.Tensor, Mapping[str, float]], torch.Tensor]
_EPS = 1e-8


def _momentum_of(settings: Mapping[str, float]) -> float:
    return settings.get("momentum", settings.get("beta1", 0.9))


def _slow_of(settings: Mapping[str, float]) -> float:
    return settings.get("beta2", 0.99)


def _means(rows: torch.Tensor, kept: float) -> torch.Tensor:
    """Return the running means of rows, which begin at 0."""
    mean = torch.zeros_like(rows[0])
    found: list[torch.Tensor] = []
    for row in rows:
        mean = kept * mean + (1 - kept) * row
        found.append(mean)
    return torch.stack(found)


def _corrections(rows: torch.Tensor, kept: float) -> torch.Tensor:
    return torch.tensor([1 - kept ** (place + 1) for place in range(len(rows))], dtype=rows.dtype)[:, None]


def _adam(
    squares: Callable[[torch.Tensor, torch.Tensor], torch.Tensor] = lambda gradients, _: gradients**2,
    below: Callable[[torch.Tensor], torch.Tensor] = lambda means: means.sqrt() + _EPS,
    above: Callable[[torch.Tensor, torch.Tensor, float], torch.Tensor] = lambda means, *_: means,
    *,
    whole: Callable[[torch.Tensor], torch.Tensor] = lambda means: means,
) -> Rule:
    """Return Adam with something else in the place of its squares, of what it divides by, or of what it divides."""

    def rule(gradients: torch.Tensor, settings: Mapping[str, float]) -> torch.Tensor:
        beta1, beta2 = _momentum_of(settings), settings.get("beta2", 0.999)
        means = _means(gradients, beta1)
        of_squares = whole(_means(squares(gradients, means), beta2) / _corrections(gradients, beta2))
        corrected = above(means / _corrections(gradients, beta1), gradients, beta1)
        return -settings["lr"] * corrected / below(of_squares)

    return rule


def _rmsprop(gradients: torch.Tensor, settings: Mapping[str, float]) -> torch.Tensor:
    return -settings["lr"] * gradients / (_means(gradients**2, _slow_of(settings)).sqrt() + _EPS)


def _adagrad(gradients: torch.Tensor, settings: Mapping[str, float]) -> torch.Tensor:
    return -settings["lr"] * gradients / ((gradients**2).cumsum(0).sqrt() + _EPS)


def _adamax(gradients: torch.Tensor, settings: Mapping[str, float]) -> torch.Tensor:
    beta1, largest = _momentum_of(settings), torch.zeros_like(gradients[0])
    found: list[torch.Tensor] = []
    for row in gradients:
        largest = torch.maximum(_slow_of(settings) * largest, row.abs() + _EPS)
        found.append(largest)
    return -settings["lr"] * _means(gradients, beta1) / _corrections(gradients, beta1) / torch.stack(found)


def _signs(gradients: torch.Tensor, settings: Mapping[str, float]) -> torch.Tensor:
    return -settings["lr"] * gradients.sign()


def _signs_of_means(gradients: torch.Tensor, settings: Mapping[str, float]) -> torch.Tensor:
    return -settings["lr"] * _means(gradients, _momentum_of(settings)).sign()


def _lion(gradients: torch.Tensor, settings: Mapping[str, float]) -> torch.Tensor:
    beta1, beta2 = _momentum_of(settings), _slow_of(settings)
    before = torch.cat([torch.zeros_like(gradients[:1]), _means(gradients, beta2)[:-1]])
    return -settings["lr"] * (beta1 * before + (1 - beta1) * gradients).sign()


def _plain(gradients: torch.Tensor, settings: Mapping[str, float]) -> torch.Tensor:
    return -settings["lr"] * gradients


def _of_means(gradients: torch.Tensor, settings: Mapping[str, float]) -> torch.Tensor:
    return -settings["lr"] * _means(gradients, _momentum_of(settings))


def _velocities(gradients: torch.Tensor, settings: Mapping[str, float]) -> torch.Tensor:
    kept = _momentum_of(settings)
    return -settings["lr"] * _means(gradients, kept) / (1 - kept)


def _kept_corrections(gradients: torch.Tensor, settings: Mapping[str, float]) -> torch.Tensor:
    """Step as Adam that keeps its corrected means in the place of the means."""
    beta1, beta2 = _momentum_of(settings), settings.get("beta2", 0.999)
    mean, square = torch.zeros_like(gradients[0]), torch.zeros_like(gradients[0])
    found: list[torch.Tensor] = []
    for place, row in enumerate(gradients, 1):
        mean = (beta1 * mean + (1 - beta1) * row) / (1 - beta1**place)
        square = (beta2 * square + (1 - beta2) * row**2) / (1 - beta2**place)
        found.append(mean / (square.sqrt() + _EPS))
    return -settings["lr"] * torch.stack(found)


def _nadam(means: torch.Tensor, gradients: torch.Tensor, beta1: float) -> torch.Tensor:
    return beta1 * means + (1 - beta1) * gradients / _corrections(gradients, beta1)


RULES: dict[str, Rule] = {
    "RMSprop": _rmsprop,
    "Adagrad": _adagrad,
    "Adamax": _adamax,
    "Lion": _lion,
    "AMSGrad, which divides by the largest mean of squares so far": _adam(
        whole=lambda means: means.cummax(0).values,
    ),
    "AdaBelief, which squares how far gradients are from their mean": _adam(
        lambda gradients, means: (gradients - means) ** 2
    ),
    "NAdam, which looks ahead": _adam(above=_nadam),
    "Adam without the root": _adam(below=lambda means: means + _EPS),
    "Adam with absolute values in the place of squares": _adam(lambda gradients, _: gradients.abs()),
    "Adam with absolute values in the place of squares, and no root": _adam(
        lambda gradients, _: gradients.abs(), below=lambda means: means + _EPS
    ),
    "Adam with the squares of its means in the place of the means of squares": _adam(
        lambda _, means: means**2,
    ),
    "Adam that divides the gradient itself, and not its mean": _adam(above=lambda _, gradients, __: gradients),
    "Adam that keeps its corrected means for the next step": _kept_corrections,
    "Adam that multiplies by the root": _adam(below=lambda means: 1 / means.sqrt()),
    "plain gradient descent": _plain,
    "gradient descent by the signs of the gradients": _signs,
    "gradient descent by the signs of their running means": _signs_of_means,
    "gradient descent by running means of the gradients": _of_means,
    "gradient descent with momentum": _velocities,
}
