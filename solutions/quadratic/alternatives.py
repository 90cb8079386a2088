# PRIVATE chainrule-canary-73b00d19f76f4b19
"""Right submissions to `quadratic`, each in another style: all keep every point."""

ALTERNATIVES: dict[str, str] = {}
