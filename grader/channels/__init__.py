"""Where submissions come in and results go out: git, nbgrader, Gradescope."""
