"""Keep checkers warm behind a Unix socket, for their owner alone."""
