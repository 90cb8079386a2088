"""Make what students get, and run its visible tests; what these are written with is the room `kit`."""
