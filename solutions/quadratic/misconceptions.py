# PRIVATE chainrule-canary-73b00d19f76f4b19
"""Wrong variants of the exercises of `quadratic`, named: for diagnosis, and to prove the hidden suite."""
