# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Other readings of the same kind of thermometer, for the assignments that fit a line to it.

A scale of an unknown unit is `t_c = w * t_u + b`, read with a little noise, as in the lecture. What the lessons and
the visible tests say of the lecture's data has to hold for every student's, so readings are drawn until it does: raw
data diverges at a rate of 1e-2, and its loss passes float32's range at epoch 11, in whatever form it is added up;
scaled by 0.1 it converges in 5,000 epochs, and has nearly done so after 3,500; raw data at 1e-4 goes downhill.
"""

from __future__ import annotations

from random import Random

SAMPLES, SCALE = 11, 0.1
STEEP, SLOW = 1e-2, 1e-4  # rates of the lecture
LARGEST = 3.4e38  # of float32
FAR = 30.0  # so many times as large, or as small, as the largest
MOST_TRIES = 10_000


def readings(chance: Random) -> dict[str, list[float]]:
    """Return the temperatures t_c, in degrees Celsius, and the readings t_u of them, in a unit of their own."""
    for _ in range(MOST_TRIES):
        w, b = chance.uniform(0.42, 0.56), chance.uniform(-24.0, -14.0)
        t_c = [round(2 * chance.uniform(-6.0, 30.0)) / 2 for _ in range(SAMPLES)]
        # Three uniform numbers together are nearly normal; the lecture's readings are off by some three degrees.
        off = [sum(chance.uniform(-1.8, 1.8) for _ in range(3)) for _ in range(SAMPLES)]
        t_u = [round((degrees + error - b) / w, 1) for degrees, error in zip(t_c, off, strict=True)]
        if behaves(t_u, t_c):
            return {"t_c": t_c, "t_u": t_u}
    raise RuntimeError("no readings like the lecture's were drawn")


def behaves(t_u: list[float], t_c: list[float]) -> bool:
    """Say whether what is said of the lecture's data holds for these."""
    if min(t_u) < 5 or len(set(t_u)) < SAMPLES or len(set(t_c)) < SAMPLES - 2:
        return False
    narrow, wide = curvatures([SCALE * reading for reading in t_u])
    raw = curvatures(t_u)[1]
    if not (0.15 < narrow < 0.4 and STEEP * wide < 1.5 and SLOW * raw < 1.5):
        return False
    losses = losses_of(t_u, t_c)
    passes = losses[9] * FAR < LARGEST / SAMPLES and losses[10] > LARGEST * FAR / 10
    # So that Adam's first step goes down in both, as on the slides.
    steepness = sum(reading - degrees for reading, degrees in zip(t_u, t_c, strict=True))
    return passes and steepness > SAMPLES


def curvatures(x: list[float]) -> tuple[float, float]:
    """Return the curvatures of the loss of a line through x, the smaller one first."""
    square, mean = sum(value * value for value in x) / len(x), sum(x) / len(x)
    middle, half = square + 1, ((square - 1) ** 2 + 4 * mean**2) ** 0.5
    return middle - half, middle + half


def losses_of(t_u: list[float], t_c: list[float]) -> list[float]:
    """Return the losses of the epochs 1 to 11 at the steep rate, from w = 1 and b = 0."""
    w, b, losses = 1.0, 0.0, list[float]()
    for _ in range(11):
        errors = [w * reading + b - degrees for reading, degrees in zip(t_u, t_c, strict=True)]
        losses.append(sum(error * error for error in errors) / SAMPLES)
        slope = 2 * sum(error * reading for error, reading in zip(errors, t_u, strict=True)) / SAMPLES
        w, b = w - STEEP * slope, b - STEEP * 2 * sum(errors) / SAMPLES
    return losses
