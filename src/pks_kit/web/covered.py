"""Texts in which nobody reads a whole NIK."""

from __future__ import annotations

import re

from pks_kit.visible_text import one_line

_NIK = re.compile(r"(?<![0-9])[0-9]{16}(?![0-9])")


def covered(text: str) -> str:
    """Return a text in which a NIK shows no more than its first and last four digits."""
    return _NIK.sub(lambda found: f"{found[0][:4]}••••••••{found[0][-4:]}", one_line(text))
