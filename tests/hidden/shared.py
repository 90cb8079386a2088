# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""What the hidden suites share: tolerances, drawn inputs, the oracle of a fitted line, and what loops are asked alike.

The checks themselves stand in the suites. Two things stay there as well, with their text as it is:

- properties: the examples of a `@given` test hang on its own text, so a changed line is other examples;
- probes: a function that goes to `student.probe` is sent as its own text, which sees nothing of this module.

The strategies here are part of what is drawn: another order of the arguments is other examples, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest
import torch
from hypothesis import strategies as st

from grader.suite import (
    Mismatch,
    NotShown,
    Tolerance,
    agree,
    chance,
    epochs_are_printed,
    kept,
    known,
    readings,
    same_dtype,
)

_T = TypeVar("_T")
_C = TypeVar("_C", bound="Case")

# --- tolerances -----------------------------------------------------------------------------------

EPS = {torch.float32: torch.finfo(torch.float32).eps, torch.float64: torch.finfo(torch.float64).eps}
ONE_PASS = Tolerance(
    float32=2e-5,
    float64=1e-6,
    reason="one pass over at most 64 samples and at most one update, in any order and any algebraic form: some "
    "hundred roundings at the size of the largest terms. A mistake is never smaller than a hundredth of that size. "
    "In float64 a factor such as a learning rate may have gone through float32: the course does not teach rounding",
)
FEW_STEPS = Tolerance(
    float32=1e-4,
    float64=1e-6,
    reason="up to 50 contracting steps carry the roundings of each pass along; a step more or less, or one by "
    "another rule, changes the parameters by far more",
)
KNOWN_PARAMS = Tolerance(float32=1e-4, float64=1e-4, reason="thousands of float32 steps, in any algebraic form")
SEVEN_DIGITS = Tolerance(float32=1e-5, float64=1e-5, reason="the lectures print float32 numbers to seven digits")
FOUR_DECIMALS = Tolerance(float32=6e-5, float64=6e-5, reason="half of the last of four printed decimals, and float32")
"""At a scale of 1."""

# --- inputs ---------------------------------------------------------------------------------------

DTYPES = (torch.float32, torch.float64)

# A function that works in one precision only is half right, so each precision is a check of its own.
in_both_precisions = pytest.mark.parametrize("dtype", DTYPES, ids=["float32", "float64"])

# Examples are the same objects for every submission, so what is drawn, and what the oracle says of it, is `kept`.


def draw(
    generator: torch.Generator, size: tuple[int, ...], low: float, high: float, decimals: int, *, signed: bool = True
) -> torch.Tensor:
    """Draw rounded numbers in float64, in +-[low, high], or in [low, high] where they are not `signed`."""
    found = torch.rand(size, generator=generator, dtype=torch.float64) * (high - low) + low
    found = torch.round(found, decimals=decimals)
    sign = torch.randint(0, 2, size, generator=generator) * 2 - 1
    return found * sign if signed else found


def sliced(tensor: torch.Tensor) -> torch.Tensor:
    """The same numbers as every second entry of a longer tensor, so not contiguous; not for shape ()."""
    wide = torch.full((*tensor.shape[:-1], 2 * tensor.shape[-1] + 1), 777.0, dtype=tensor.dtype)
    wide[..., 1::2] = tensor
    return wide[..., 1::2]


def two_calls(inputs_of: Callable[[int, torch.dtype], _T], seeds: tuple[int, int] = (107, 108)) -> list[tuple[_T, _T]]:
    """What a call gets and what another one gets, in each precision; `inputs_of` takes a seed and a dtype."""
    first, other = seeds
    return [(inputs_of(first, dtype), inputs_of(other, dtype)) for dtype in DTYPES]


# --- a line: t_p = w t_u + b ----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Case:
    """Readings t_u and temperatures t_c of shape (N,), and a line [w, b] to begin with; nobody changes them."""

    t_u: torch.Tensor
    t_c: torch.Tensor
    params: torch.Tensor

    @property
    def w(self) -> torch.Tensor:
        return self.params[0]

    @property
    def b(self) -> torch.Tensor:
        return self.params[1]

    @property
    def t_p(self) -> torch.Tensor:
        return self.w * self.t_u + self.b

    @property
    def dtype(self) -> torch.dtype:
        return self.t_u.dtype

    @property
    def inputs(self) -> dict[str, torch.Tensor]:
        """The arguments of a model of one line."""
        return {"t_u": self.t_u, "w": self.w, "b": self.b}

    def predicted(self, params: torch.Tensor | Sequence[torch.Tensor], t_u: torch.Tensor) -> torch.Tensor:
        """The model itself, for the oracle; another one is another class of cases, as its `columns` are."""
        w, b = params
        return w * t_u + b

    @property
    def columns(self) -> torch.Tensor:
        """The slope of each prediction in each parameter, in float64, of shape (N, 2)."""
        t_u = self.t_u.double()
        return torch.stack([t_u, torch.ones_like(t_u)], dim=1)


T_C = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])
"""The lectures' temperatures, in degrees Celsius."""
T_U = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
"""The lectures' readings of the same, in an unknown unit."""
T_UN = 0.1 * T_U
LECTURE = Case(T_U, T_C, torch.tensor([1.0, 0.0]))
SCALED = Case(T_UN, T_C, torch.tensor([1.0, 0.0]))


def lecture() -> Case:
    """The lecture's data, or that of the student who is judged, where students have data of their own."""
    own = readings()
    return LECTURE if own is None else own_case(own["t_u"], own["t_c"])


def lecture_scaled() -> Case:
    """The same with the readings scaled."""
    own = readings()
    return SCALED if own is None else own_case(own["t_u"], own["t_c"], 0.1)


@kept
def own_case(t_u: tuple[float, ...], t_c: tuple[float, ...], scale: float = 1.0) -> Case:
    return Case(scale * torch.tensor(t_u), torch.tensor(t_c), LECTURE.params)


@kept
def make_case(n: int, seed: int, decimals: int, dtype: torch.dtype) -> Case:
    """Draw data of size n: t_u in +-[2, 9], t_c in +-[20, 60], w in +-[2, 4], b in +-[5, 9]; |b| > |w|."""
    generator = chance(seed)
    t_u, t_c = draw(generator, (n,), 2, 9, decimals), draw(generator, (n,), 20, 60, decimals)
    params = torch.cat([draw(generator, (1,), 2, 4, decimals), draw(generator, (1,), 5, 9, decimals)])
    return Case(t_u=t_u.to(dtype), t_c=t_c.to(dtype), params=params.to(dtype))


def cases(*sizes: int) -> st.SearchStrategy[Case]:
    """Cases in float64 that shrink towards three samples with whole numbers; one sample is an edge of its own.

    Three and not two, so that a factor of N and a factor of two can be told apart.
    """
    return st.builds(
        make_case,
        n=st.sampled_from(sizes or (3, 2, 7, 11, 64)),
        seed=st.integers(0, 2**16),
        decimals=st.sampled_from((0, 1, 2, 3)),
        dtype=st.just(torch.float64),
    )


@kept
def as_type(case: _C, dtype: torch.dtype) -> _C:
    return replace(case, t_u=case.t_u.to(dtype), t_c=case.t_c.to(dtype), params=case.params.to(dtype))


Make = Callable[[int, int, int, torch.dtype], _C]
"""What makes a case of a size, a seed, a number of decimals and a dtype, as `make_case` does for a line."""


def fixed_cases(*sizes: int, seed: int = 100, make: Make[_C] = make_case) -> list[_C]:
    """Cases without the engine, for edges and form: each size in both precisions, drawn by `seed` + its size."""
    return [make(n, seed + n, 2, dtype) for n in sizes for dtype in DTYPES]


SMALL = 1e-3


@kept
def in_unit(case: _C, unit: float) -> _C:
    """The same readings with temperatures and a line that are multiplied, so that errors are of another size."""
    return replace(case, t_c=unit * case.t_c, params=unit * case.params)


def edge_cases(*sizes: int, make: Make[_C] = make_case) -> list[tuple[_C, float]]:
    """Fixed cases, and small ones, each with the unit that its temperatures are in."""
    # kills: answers rounded to some decimals
    return [found for case in fixed_cases(*sizes, make=make) for found in ((case, 1.0), (in_unit(case, SMALL), SMALL))]


UNITS = (1e-3, 0.01, 0.1, 1.0, 30.0)
"""Of temperatures, so that errors of every size from some thousandths to some thousands are met."""


def cases_of_every_size(make: Make[_C] = make_case) -> list[_C]:
    # kills: errors that are small taken for zero, large ones cut off, another rule on either side of some number
    return [in_unit(make(11, 120 + number, 3, dtype), unit) for dtype in DTYPES for number, unit in enumerate(UNITS)]


@kept
def printing_case(seed: int, times_w: float, times_b: float) -> Case:
    """Seven samples in float64 whose losses stay below some hundreds, so that printed decimals count.

    Temperatures are a tenth of what is drawn elsewhere, and the line is multiplied.
    """
    case = make_case(7, seed, 3, torch.float64)
    return Case(case.t_u, 0.1 * case.t_c, torch.tensor([times_w, times_b], dtype=torch.float64) * case.params)


# --- the oracle of a line, by autograd in float64 -------------------------------------------------


def loss64(case: Case, *line: torch.Tensor) -> torch.Tensor:
    """The mean of the squares, at the case's own line, at another as [w, b], or at another as w and b."""
    params = line if len(line) > 1 else line[0] if line else case.params.double()
    return torch.nn.functional.mse_loss(case.predicted(params, case.t_u.double()), case.t_c.double())


@kept
def loss_scale(case: Case, params: torch.Tensor | None = None) -> float:
    """The size of the terms that the loss adds up, at the case's own line or at another."""
    largest = (case.params if params is None else params).double().abs()
    return float(((case.predicted(largest, case.t_u.double().abs()) + case.t_c.double().abs()) ** 2).mean())


@kept
def gradient64(case: Case) -> torch.Tensor:
    """[dL/dw, dL/db], or what the parameters are, in the case's dtype."""
    params = case.params.double().clone().requires_grad_()  # a clone: `double()` of a float64 tensor is itself
    return torch.autograd.grad(loss64(case, params), params)[0].to(case.dtype)


@kept
def gradient_scale(case: Case) -> float:
    """The size of the terms that any form of the gradient adds up."""
    t_u, t_c = case.t_u.double().abs(), case.t_c.double().abs()
    errors = case.predicted(case.params.double().abs(), t_u) + t_c
    return float(2 * (errors * case.columns.abs().amax(dim=1)).mean())


@kept
def descend64(case: Case, n_epochs: int, learning_rate: float) -> tuple[torch.Tensor, list[float], list[torch.Tensor]]:
    """Vanilla gradient descent: final params in the case's dtype, the loss before each step, and the path.

    The path is the params in float64 before the first step and after each one, so one more than there are losses.
    """
    params = case.params.double()
    losses: list[float] = []
    path = [params]
    for _ in range(n_epochs):
        leaf = params.clone().requires_grad_()
        loss = loss64(case, leaf)
        (gradient,) = torch.autograd.grad(loss, leaf)
        losses.append(float(loss.detach()))
        params = params - learning_rate * gradient
        path.append(params)
    return params.to(case.dtype), losses, path


def path_scale(path: list[torch.Tensor]) -> float:
    """The largest number on a path of `descend64`."""
    return max(float(params.abs().max()) for params in path)


@kept
def stable_rate(case: Case, share: float) -> float:
    """A learning rate that contracts: `share` of 2 / (largest curvature), for steps on all samples at once."""
    hessian = 2 * case.columns.T @ case.columns / len(case.columns)
    return round(share * 2 / float(torch.linalg.eigvalsh(hessian)[-1]), 6)


# --- a training_loop that returns its params ------------------------------------------------------

LoopInputs = Callable[[Case, int, float], dict[str, object]]
"""The arguments of a call, in order: what a suite hands in for a case, a count of epochs and a learning rate."""


def loop_inputs(case: Case, n_epochs: int, learning_rate: float) -> dict[str, object]:
    """The arguments of a loop that computes its gradients itself: params require none."""
    return {
        "n_epochs": n_epochs,
        "learning_rate": learning_rate,
        "params": case.params,
        "t_u": case.t_u,
        "t_c": case.t_c,
    }


def loop_ends_at(
    student, inputs: Mapping[str, object], params: list[float], tolerance: Tolerance, scale: float | None = None
) -> None:
    """Compare with params that a lecture prints, or with what these are on the student's own data."""
    value = student.training_loop(*inputs.values())
    agree("training_loop", inputs, value, torch.tensor(known(params)), tolerance=tolerance, scale=scale)


FAR_AWAY = 1e6  # a loop may end where its loss is not finite, which may be long before its params are not
PIECE = 100
"""Epochs of a run that a long one is put together from."""


def pieces_of(n_epochs: int, *stops: int) -> list[int]:
    """Cut a run into pieces, one of which ends after each of the `stops`."""
    ends = sorted({*range(PIECE, n_epochs, PIECE), *stops, n_epochs})
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def numbers_of(value: object, shape: tuple[int, ...]) -> torch.Tensor:
    """A tensor to go on with; raises NotShown where there is none, or its numbers run away."""
    if not isinstance(value, torch.Tensor) or value.shape != shape or not bool((value.abs() < FAR_AWAY).all()):
        raise NotShown
    return value.detach()


def moved_on(name: str, inputs: Mapping[str, object], whole: object, states: Sequence[torch.Tensor]) -> None:
    """Compare one long run with where its pieces lead; raises NotShown where the later ones no longer lead anywhere."""
    scale = max(float(state.abs().max()) for state in states)
    late = max(float((state - states[-1]).abs().max()) for state in states[len(states) // 2 :])
    if late <= 10 * KNOWN_PARAMS.float64 * scale:
        raise NotShown
    agree(name, inputs, whole, states[-1], tolerance=KNOWN_PARAMS, scale=scale)


def loop_states(student, inputs: Mapping[str, object], *stops: int) -> dict[int, torch.Tensor]:
    """Return the params by the number of epochs before them, each piece begun where the one before it ended."""
    params, epoch = inputs["params"], 0
    states = {0: params}
    for piece in pieces_of(inputs["n_epochs"], *stops):
        value = student.training_loop(*{**inputs, "n_epochs": piece, "params": params}.values())
        params, epoch = numbers_of(value, tuple(params.shape)), epoch + piece
        states[epoch] = params
    return states


def loop_goes_on(student, inputs_of: LoopInputs, case: Case, n_epochs: int, rate: float, *stops: int) -> None:
    """A long run ends where many short ones end, whatever the functions that it uses are; slower where they run away.

    The first run is the check's own, which has been asked already.
    """
    for slower in (1.0, 1e-3, 1e-6):
        data = case if slower == 1.0 else as_type(case, torch.float64)
        inputs = inputs_of(data, n_epochs, rate * slower)
        try:
            states = loop_states(student, inputs, *stops)
            whole = student.training_loop(*inputs.values())
            return moved_on("training_loop", inputs, whole, list(states.values()))
        except NotShown:
            continue
    raise NotShown


def loop_without_epochs(student, inputs_of: LoopInputs, make: Make[Case] = make_case) -> None:
    for case in fixed_cases(7, make=make):
        inputs = inputs_of(case, 0, 0.1)
        value = student.training_loop(*inputs.values())
        agree("training_loop", inputs, value, case.params, tolerance=ONE_PASS)


def loop_at_edges(student, inputs_of: LoopInputs, make: Make[Case] = make_case) -> None:
    """One sample, sliced inputs."""
    for case, unit in edge_cases(1, 7, make=make):
        rate = stable_rate(case, 0.3)
        inputs = {**inputs_of(case, 3, rate), "t_u": sliced(case.t_u), "t_c": sliced(case.t_c)}
        expected, _, path = descend64(case, 3, rate)
        value = student.training_loop(*inputs.values())
        agree("training_loop", inputs, value, expected, tolerance=FEW_STEPS, scale=path_scale(path) + 50 * unit)


def loop_runs_long(student, inputs: Mapping[str, object], case: Case, n_epochs: int, rate: float) -> None:
    """Compare a long run on data that is not the lecture's, so slow that each of its epochs still counts."""
    # kills: what changes after so many epochs, the lecture's answer to every long run
    expected, _, path = descend64(case, n_epochs, rate)
    assert float((path[-1] - path[-2]).abs().max()) > 1e-5 * path_scale(path)
    value = student.training_loop(*inputs.values())
    agree("training_loop", inputs, value, expected, tolerance=FEW_STEPS, scale=path_scale(path))


def loop_keeps_dtype(student, inputs_of: LoopInputs, make: Make[Case] = make_case) -> None:
    for case in fixed_cases(7, make=make):
        inputs = inputs_of(case, 2, 0.01)
        same_dtype("training_loop", inputs, student.training_loop(*inputs.values()), case.dtype)


def loop_prints(student, inputs: Mapping[str, object], losses: Mapping[int, float]) -> None:
    """Run, and look among what is printed for the losses of these epochs, which count from 1."""
    printed = student.observe("training_loop", *inputs.values()).printed
    epochs_are_printed(printed, losses, "training_loop", inputs)


# --- comparing ------------------------------------------------------------------------------------


def missed(comparisons: Iterable[Callable[[], None]]) -> Mismatch | None:
    """Return None where one of several right answers was given, and otherwise what the first comparison says."""
    first: Mismatch | None = None
    for compare in comparisons:
        try:
            compare()
        except Mismatch as error:
            first = first or error
        else:
            return None
    return first
