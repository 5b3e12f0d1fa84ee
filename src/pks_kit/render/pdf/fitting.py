"""No nearly empty pages: lines a little closer where that saves one, else a fuller last page.

The style sheet says how (``main.padat-1``, ``main.padat-2``, ``main.utuh``); sheets of issues from
before these rules know none of them, and their pages stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

THIN = 0.2
"""Share of its height below which a page is nearly empty."""

ORDINARY = ""
WHOLE_ENDING = "utuh"
"""The last lines of a sheet stay together (``render.closing``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closer:
    """A way to set the lines of a part closer.

    Attributes:
        variant: Class in the style sheet.
        saves: Share of a page that it can save on each page before the thin one.
    """

    variant: str
    saves: float


_OF_A_PART = (Closer(variant="padat-1", saves=0.03), Closer(variant="padat-2", saves=0.06))

VARIANTS = (ORDINARY, *(one.variant for one in _OF_A_PART), WHOLE_ENDING)
"""All ways in which a part may be laid out."""


class Laid(Protocol):
    """Laid-out pages, as far as it matters how full they are."""

    @property
    def pages(self) -> int:
        """Return the number of pages."""

    @property
    def filled(self) -> tuple[float, ...]:
        """Return how far down each page is filled, from 0 to 1."""


_P = TypeVar("_P", bound=Laid)


def fitted(
    laid: Callable[[str], _P], *, thin: float = THIN, ways: tuple[Closer, ...] = _OF_A_PART
) -> tuple[_P, str]:
    """Lay out a part, and again in another way when one of its pages is nearly empty.

    Args:
        laid: Lays it out in a variant of the style sheet.
        thin: Share of its height below which a page is nearly empty.
        ways: Variants that may save a page, the mildest first.

    Returns:
        The first with fewer pages; else the fuller of the ordinary one and the one whose ending
        stays together; and its variant.

    Raises:
        RenderError: As ``laid``.
    """
    part = laid(ORDINARY)
    before, share = min(enumerate(part.filled), key=lambda page: page[1])
    if part.pages == 1 or share >= thin:
        return part, ORDINARY
    for way in ways:
        if share <= way.saves * before:
            closer = laid(way.variant)
            if closer.pages < part.pages:
                return closer, way.variant
    whole = laid(WHOLE_ENDING)
    if whole.pages == part.pages and min(whole.filled) > share:
        return whole, WHOLE_ENDING
    return part, ORDINARY
