"""Words of a page as text that flows: lines that the page broke inside a sentence are one again.

A PDF has no sentences. What is guessed here is only shown beside the picture, and decides nothing.
"""

from __future__ import annotations

import re

_FULL = 0.75
"""Share of the widest line from which on a line was ended by the edge of the page."""

_NARROW = 50
"""Characters; a page whose widest line has fewer holds headings and boxes, no sentences."""

_ITEM = re.compile(r"\(?\d{1,3}[.)]?\s|\(?[a-z][.)]\s")
_ENDS = (".", ":", ";")


def flowing(text: str) -> str:
    """Return the words of a page with whole sentences in one line.

    Args:
        text: The words, line by line as they stand on the page.
    """
    lines = [line.strip() for line in text.splitlines()]
    widest = max(map(len, lines), default=0)
    found: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and line and not _ITEM.match(line):
            found[-1] += line if found[-1].endswith("-") else f" {line}"
        else:
            found.append(line)
        full = widest >= _NARROW and len(line) >= widest * _FULL
        goes_on = full and not line.endswith(_ENDS)
    return "\n".join(found)
