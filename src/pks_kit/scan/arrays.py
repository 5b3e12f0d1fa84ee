"""Names for the arrays of this package.

OpenCV's own types say no more than "some array", so these names are for readers: they tell what an
array holds, and the words beside a parameter tell its shape.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Bytes: TypeAlias = Any
"""A picture of uint8: (height, width) grey, or (height, width, 3) red, green, blue."""

Floats: TypeAlias = Any
"""Floating point numbers."""

Mask: TypeAlias = Any
"""Booleans, (height, width)."""
