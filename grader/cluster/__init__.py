"""Grade a class on many machines, which have the course and the grader, and are sent submissions alone."""
