"""Columns of a table from the widths that its HTML gives, as WeasyPrint lays fixed ones out."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import Final

_COLUMN = re.compile(r"<col(?: style=\"width: ([\d.]+)(%|mm)\")?>")
_SHARE = re.compile(r"(?<=<col style=\"width: )[\d.]+(?=%)")

_PX: Final = 96 / 25.4
"""CSS pixels per millimetre."""

_HUNDRED: Final = 100


@lru_cache(maxsize=4096)
def plain_look(look: str) -> str:
    """Return the look of a leaf without the shares of columns, which decide nothing but widths."""
    return _SHARE.sub("", look) if "<col" in look else look


@lru_cache(maxsize=4096)
def table_width(look: str, edges: tuple[float, ...]) -> float:
    """Return the room that a table was given, in CSS pixels.

    Columns that ask for more than there is make the table wider than its room.

    Args:
        look: Look of one of its rows.
        edges: Left edges of its columns and the right edge of the last.
    """
    whole = edges[-1] - edges[0]
    shares = [share for share, unit in _columns(look) if unit == "%"]
    only_shares = len(shares) == len(edges) - 1
    return whole * _HUNDRED / max(_HUNDRED, sum(shares)) if only_shares else whole


@lru_cache(maxsize=4096)
def edges_of(look: str, left: float, width: float) -> tuple[float, ...]:
    """Return the left edges of the columns of a table, and the right edge of the last.

    Args:
        look: Look of one of its rows.
        left: Left edge of the table in CSS pixels.
        width: The room it is given.
    """
    widths = [
        width * size / _HUNDRED if unit == "%" else size * _PX if unit else None
        for size, unit in _columns(look)
    ]
    known = [one for one in widths if one is not None]
    free = len(widths) - len(known)
    each = max(0.0, width - sum(known)) / free if free else 0.0
    filled = [each if one is None else one for one in widths]
    extra = max(0.0, width - sum(filled)) / len(filled)
    return tuple(accumulate((one + extra for one in filled), initial=left))


def _columns(look: str) -> list[tuple[float, str]]:
    """Return number and unit of each column; a column without a width has no unit."""
    _, _, behind = look.rpartition("<colgroup>")
    columns, _, _ = behind.partition("</colgroup>")
    return [(float(size or 0), unit) for size, unit in _COLUMN.findall(columns)]
