"""What belongs to the long evidence alone: `make proof` runs it all, `make test` a fixed sample of it."""

import os

PROOF = bool(os.environ.get("CHAINRULE_PROOF"))


def sample(everything, *chosen):
    """Return everything for the long evidence, and the chosen ones otherwise."""
    assert set(chosen) <= set(everything), "a sample is part of the whole"
    return list(everything) if PROOF else list(chosen)
