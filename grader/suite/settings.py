"""Make hypothesis give every student the same examples, in every process and on every day."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

__all__ = ["use_fixed_examples"]

MAX_EXAMPLES = 16
_LOCAL_CONSTANTS = "_get_local_constants"


def use_fixed_examples() -> None:
    """Load our profile: derandomized, no database, no deadline; called before a suite is imported.

    `derandomize` alone is not enough. Hypothesis mixes constants of every local module that is
    imported into what it draws, so another import changes the examples; that source is emptied here.
    It is a private function: tests/grader/test_policy.py fails if it goes.
    """
    settings.register_profile(
        "chainrule",
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=MAX_EXAMPLES,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("chainrule")
    setattr(providers, _LOCAL_CONSTANTS, Constants)
