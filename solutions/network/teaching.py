# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Teaching examples of `network`: small numbers that tell mistakes apart, and are never scored.

Five samples, two inputs and three units, so that N, F, H and two are told apart, then one sample; nothing is 0 or 1
where it need not be, and no two numbers are equal.
"""

import torch

from grader.course.teaching import teaching

X = torch.tensor([[1.2, -0.7], [0.6, 1.5], [-0.9, 1.8], [1.7, 0.4], [-1.3, -0.5]])
Y = torch.tensor([0.2, 0.9, 0.7, 0.35, 0.6])
NEARLY_MET = torch.tensor([0.83, 0.52, 0.19, 0.85, 0.31])  # by NETWORK below
LAYER = {
    "X": X,
    "W": torch.tensor([[0.8, -0.5, 1.4], [-1.1, 0.6, 0.3]]),
    "b": torch.tensor([0.25, -1.6, 2.2]),
}
UPSTREAM = torch.tensor([[1.5, -0.8, 0.4], [0.7, 2.1, -1.2], [-0.3, 1.9, 0.9], [2.4, -1.7, 1.1], [0.2, 0.65, -2.3]])
WIDER = {
    "X": torch.tensor([[1.4, 0.9, -0.8]], dtype=torch.float64),
    "W": torch.tensor([[0.4, -1.3], [1.6, 0.7], [-0.9, 2.1]], dtype=torch.float64),
    "b": torch.tensor([1.8, -0.35], dtype=torch.float64),
}
EVEN = {
    "X": torch.tensor([[1.4, 0.9], [-0.8, 1.7]], dtype=torch.float64),
    "W": torch.tensor([[0.4, -1.3], [1.6, 0.7]], dtype=torch.float64),
    "b": torch.tensor([1.8, -0.35], dtype=torch.float64),
}
NETWORK = {
    "W1": torch.tensor([[0.7, -0.4, 0.55], [-0.35, 0.8, 0.25]]),
    "b1": torch.tensor([0.15, -0.45, 0.3]),
    "W2": torch.tensor([[1.3], [-0.9], [0.65]]),
    "b2": torch.tensor([-0.2]),
}
NARROW = {
    "W1": torch.tensor([[0.6, -0.5], [0.85, 0.4], [-0.3, 0.75]], dtype=torch.float64),
    "b1": torch.tensor([-0.25, 0.35], dtype=torch.float64),
    "W2": torch.tensor([[-1.2], [0.95]], dtype=torch.float64),
    "b2": torch.tensor([0.45], dtype=torch.float64),
}
Z = {"z": torch.tensor([-0.7, 1.3, 2.4]), "upstream": torch.tensor([2.5, -1.5, 4.0])}
FAR = {
    "z": torch.tensor([-850.0, -1.6, 120.0, 840.0], dtype=torch.float64),
    "upstream": torch.tensor([3.5, -2.5, 1.5, 6.0], dtype=torch.float64),
}
WAYS = {
    "x": torch.tensor([2.5, 5.0, -3.0]),
    "y": torch.tensor([7.0, 4.0, -6.0]),
    "z": torch.tensor([-1.5, 8.0, 2.0]),
}
CURVE = "f = lambda v: (v ** 3).sum() + v.sum() ** 2; "
ROWS = "f = lambda v: (v[0] ** 2).sum() * (v[1] + 2).sum(); "
STEEP = "f = lambda v: torch.sin(400 * v).sum(); "


def doubled(arguments):
    """Return the same arguments in float64."""
    return {name: item.double() if isinstance(item, torch.Tensor) else item for name, item in arguments.items()}


def measured(module, x, dx):
    """Measure a gradient; no function can be sent, so it is made here. Return x as well."""
    return {"gradient": module.numerical_gradient(lambda v: (v**3).sum() + v.sum() ** 2, x, dx), "x": x}


def measured_by_rows(module, x, dx):
    """Measure the gradient of a function that looks at the rows of its table."""
    return module.numerical_gradient(lambda v: (v[0] ** 2).sum() * (v[1] + 2).sum(), x, dx)


def shape_of(module, X, W1, b1, W2, b2):
    """Predict; return the shape of what came back."""
    found = module.forward(X, W1, b1, W2, b2)
    return torch.tensor([float(length) for length in found.shape]) if isinstance(found, torch.Tensor) else found


def measured_by_default(module, x):
    """Measure with the step that the function has by itself."""
    return module.numerical_gradient(lambda v: torch.sin(400 * v).sum(), x)


def trained(module, n_epochs, W1, b1, W2, b2, X, y, learning_rate):
    """Train; return the losses and the new parameters."""
    found = module.train((W1, b1, W2, b2), X, y, n_epochs, learning_rate)
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        return {"answer": found}
    new, losses = found
    if not isinstance(new, (tuple, list)) or len(new) != 4:
        return {"parameters": new, "losses": losses}
    told = dict(zip(("new_W1", "new_b1", "new_W2", "new_b2"), new, strict=True))
    if isinstance(losses, (tuple, list)) and all(isinstance(loss, (float, torch.Tensor)) for loss in losses):
        losses = torch.tensor([float(loss) for loss in losses], dtype=torch.float64)
    return {"losses": losses, **told}


def given(module, n_epochs, W1, b1, W2, b2, X, y, learning_rate):
    """Train; return the parameters that were given."""
    module.train((W1, b1, W2, b2), X, y, n_epochs, learning_rate)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


TRAINED = "W1, b1, W2, b2 = {W1}, {b1}, {W2}, {b2}; "
TRAINED += "new, losses = train((W1, b1, W2, b2), {X}, {y}, {n_epochs}, {learning_rate})"
SAMPLE = {"X": WIDER["X"], "y": torch.tensor([0.85], dtype=torch.float64)}
# Five samples behind three inputs.
SEVERAL = {
    "X": torch.tensor(
        [[1.1, -0.6, 0.9], [0.5, 1.4, -0.7], [-0.8, 0.65, 1.2], [0.3, -1.7, 0.45], [1.6, 0.75, -0.95]],
        dtype=torch.float64,
    ),
    "y": torch.tensor([0.2, 0.9, 0.7, 0.35, 0.6], dtype=torch.float64),
}

TEACHING = [
    teaching("affine", LAYER, EVEN, WIDER),
    teaching(
        "affine_backward",
        {**LAYER, "upstream": UPSTREAM},
        {**EVEN, "upstream": torch.tensor([[1.5, -0.6], [0.3, 2.2]], dtype=torch.float64)},
        {**WIDER, "upstream": torch.tensor([[2.3, -1.7]], dtype=torch.float64)},
        free=["b"],
    ),
    teaching("tanh_backward", Z, FAR),
    teaching("sigmoid_backward", Z, FAR),
    teaching("fan_out_backward", WAYS, doubled({name: item[:2].reshape(2, 1) + 0.25 for name, item in WAYS.items()})),
    teaching("forward", {"X": X, **NETWORK}, {"X": SAMPLE["X"], **NARROW}),
    teaching(
        "forward",
        {"X": SAMPLE["X"], **NARROW},
        probe=shape_of,
        shown="forward({X}, {W1}, {b1}, {W2}, {b2}).shape",
        free=["X", "W1", "b1", "W2", "b2"],
    ),
    teaching("backward", {"X": X, "y": Y, **NETWORK}, {**SAMPLE, **NARROW}),
    teaching(
        "numerical_gradient",
        {"x": torch.tensor([1.5, -2.5, 2.0], dtype=torch.float64), "dx": 0.4},
        {"x": torch.tensor([[0.5, -1.5, 1.2], [2.5, 3.0, -0.7]], dtype=torch.float64).T, "dx": 0.2},
        {"x": torch.tensor(1.7, dtype=torch.float64), "dx": 0.3},
        {"x": torch.tensor([[1.5, -2.5], [0.75, 2.0]]), "dx": 0.5},
        probe=measured,
        shown=CURVE + "numerical_gradient(f, {x}, {dx})  ->  the gradient, and x",
        rtol=1e-4,  # a difference, in float32
    ),
    teaching(
        "numerical_gradient",
        {"x": torch.tensor([[0.6, -1.4, 0.9], [1.8, 0.35, -0.55]], dtype=torch.float64), "dx": 0.25},
        probe=measured_by_rows,
        shown=ROWS + "numerical_gradient(f, {x}, {dx})",
    ),
    teaching(
        "numerical_gradient",
        {"x": torch.tensor([0.3, -0.8, 1.1], dtype=torch.float64)},
        probe=measured_by_default,
        shown=STEEP + "numerical_gradient(f, {x})",
    ),
    teaching(
        "train",
        {"n_epochs": 1, **NETWORK, "X": X, "y": Y, "learning_rate": 0.6},
        {"n_epochs": 4, **NARROW, **SEVERAL, "learning_rate": 0.4},
        {"n_epochs": 3, **NETWORK, "X": X, "y": NEARLY_MET, "learning_rate": 0.7},
        probe=trained,
        shown=TRAINED,
    ),
    teaching(
        "train",
        {"n_epochs": 2, **NARROW, **SEVERAL, "learning_rate": 0.9},
        probe=given,
        shown=TRAINED + "  ->  W1, b1, W2, b2",
        free=["n_epochs", "X", "y", "learning_rate"],
    ),
]
