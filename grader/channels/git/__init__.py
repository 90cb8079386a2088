"""Grade what is pushed to a bare git repository."""
