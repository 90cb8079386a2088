"""The pictures of README and docs/: what the programs print and show today."""
