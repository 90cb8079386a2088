"""Zips and wheels that are the same bytes each time."""
