"""Make what students get, and run its visible tests."""
