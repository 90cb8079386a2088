"""The checker's end of a worker: start it, ask it within its budgets, and end it."""
