"""Text in a cell, so that no spreadsheet program ever computes what came from data."""

from __future__ import annotations

import re
from typing import Any

TEXT_FORMAT = "@"
"""Number format of text."""
FORMULA_STARTS = ("=", "+", "-", "@")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def put_text(cell: Any, text: str) -> None:
    """Store text in a cell so that no spreadsheet program computes it."""
    cell.value = _ESCAPE.sub("_x005F_", text)
    cell.data_type = "s"  # openpyxl guesses a formula from a leading «=»; never here
    cell.number_format = TEXT_FORMAT
    if text.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
