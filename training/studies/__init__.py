"""Comparisons that led to how the models are trained; each prints the table that docs/training.md shows."""
