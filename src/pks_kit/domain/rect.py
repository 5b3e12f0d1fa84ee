"""Rectangles in PDF points."""

Rect = tuple[float, float, float, float]
"""Lower left and upper right corner."""
