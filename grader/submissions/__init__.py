"""What students hand in, read as hostile bytes: found, chosen, and split into cells of code."""
