"""Covering instructions: what is printed, signed, stamped, scanned and delivered, on paper or not.

A document of its own, outside the agreement: pages of instructions with a list of the places to
be signed and pictures of the pages they stand on.
"""

from __future__ import annotations

from pks_kit.render.cover.document import CoverContent, render_cover
from pks_kit.render.cover.places import (
    Contact,
    PagesSay,
    PenPlace,
    WhatPagesSay,
    pen_places,
    places_of_pen,
)
from pks_kit.render.cover.print_copy import PrintCopy, title_of
from pks_kit.render.cover.printed import as_printed

__all__ = [
    "Contact",
    "CoverContent",
    "PagesSay",
    "PenPlace",
    "PrintCopy",
    "WhatPagesSay",
    "as_printed",
    "pen_places",
    "places_of_pen",
    "render_cover",
    "title_of",
]
