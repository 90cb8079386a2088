# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""What the picture of your training loop asks: small examples, of which the first is drawn in which yours differs.

The function trains from the same start for more and more epochs, and keeps the first entry of each parameter, and of
your list how long it is and what it ends with, 0 where it is empty.
"""

import torch

START = {
    "W1": torch.tensor([[0.7, -0.5, 0.4], [-0.3, 0.9, 0.6]], dtype=torch.float64),
    "b1": torch.tensor([0.2, -0.1, 0.3], dtype=torch.float64),
    "W2": torch.tensor([[0.8], [-0.6], [0.5]], dtype=torch.float64),
    "b2": torch.tensor([-0.2], dtype=torch.float64),
    "X": torch.tensor([[1.2, -0.7], [0.6, 1.5], [-0.9, 1.8], [1.6, 0.4]], dtype=torch.float64),
    "y": torch.tensor([0.1, 0.9, 0.2, 0.8], dtype=torch.float64),
}
NEAR = {**START, "y": torch.tensor([0.76, 0.36, 0.17, 0.74], dtype=torch.float64)}
SMALL = "four samples, three hidden units"


def trained(module, epochs, W1, b1, W2, b2, X, y, learning_rate):
    """Train anew for each of these numbers of epochs; keep what came back, and the parameters that were given."""
    back, given = [], []
    for n_epochs in epochs:
        own = W1.clone(), b1.clone(), W2.clone(), b2.clone()
        answer = module.train(own, X.clone(), y.clone(), n_epochs, learning_rate)
        new, losses = answer if isinstance(answer, tuple | list) and len(answer) == 2 else ((), ())
        shapes = [getattr(part, "shape", None) for part in new] if isinstance(new, tuple | list) else []
        if shapes != [part.shape for part in own]:
            back.append(None)
            given.append(None)
            continue
        noted = [len(losses), float(losses[-1]) if len(losses) else 0.0]
        back.append([*(part.reshape(-1)[0] for part in new), *noted])
        given.append([*(part.reshape(-1)[0] for part in own), *noted])
    return {"back": back, "given": given}


def case(said, epochs, arguments, learning_rate, **how):
    """Return one question."""
    return {
        "said": f"{SMALL}, {said}",
        "epochs": epochs,
        "ask": trained,
        "arguments": {**arguments, "learning_rate": learning_rate},
        **how,
    }


PICTURES = {
    "train": {
        "axis": "epoch",
        "names": ("W1[0][0]", "b1[0]", "W2[0][0]", "b2[0]", "number of losses", "last loss"),
        "views": {"back": "", "given": "the parameters that the caller keeps"},
        "cases": (
            case("learning rate 2", tuple(range(1, 14)), START, 2.0),
            case("learning rate 0.5, targets that are nearly met", tuple(range(1, 10)), NEAR, 0.5),
            case("float64, a tiny learning rate of 1e-9", tuple(range(1, 10)), START, 1e-9),
            case("learning rate 0.001, many epochs", (1, 400, 800, 1200), START, 1e-3, late=True),
        ),
    },
}
