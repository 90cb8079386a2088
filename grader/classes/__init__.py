"""What is known of a graded class: its results, read back as values, and all that is told of them together."""
