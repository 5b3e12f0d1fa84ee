"""Places that are signed electronically: paper shows there what the form of the file draws.

Paper is printed from the file that one party has signed already. Where only an earlier revision is
at hand, its places may hold print that nobody here has seen; where the signed one is, paper without
that print came from a draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pks_kit.domain.paper import PaperChange
from pks_kit.scan import thresholds
from pks_kit.scan.alignment import Alignment
from pks_kit.scan.places import Found
from pks_kit.scan.view import PER_MM, View

if TYPE_CHECKING:
    from pks_kit.scan.issued import HandPlace, IssuedPages


def look_for_unprinted(
    issued: IssuedPages,
    view: View,
    lying: Alignment,
    places: Sequence[HandPlace],
    decided: Found,
    scan_page: int,
) -> Iterator[PaperChange]:
    """Yield each place whose electronic signature or meterai is not printed on a sheet.

    Args:
        issued: What the sheet is compared with.
        view: The sheet in the frame of the page.
        lying: How it lies there.
        places: Places of the page that are signed electronically.
        decided: What was found in the places for the pen; stamps and stickers may hide print.
        scan_page: Number of the sheet.
    """
    import cv2
    import numpy as np

    if not places:
        return
    darkest = cv2.dilate(view.dark, np.ones((3, 3), np.uint8))
    hidden = decided.stamps | decided.stickers
    number = lying.page.number
    for place in places:
        left, top, right, bottom = view.box(place.rect)
        part = slice(top, bottom), slice(left, right)
        bare = issued.crop(number, place.rect, thresholds.VIEW_DPI, forms=False)
        bare = cv2.resize(bare, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        seen = view.issued[part]
        drawn = (seen < thresholds.FORM_DARK) & (bare > thresholds.FORM_BARE) & ~hidden[part]
        if drawn.sum() < thresholds.FORM_LEAST * PER_MM**2:
            continue  # this revision shows nothing there
        there = float((darkest[part][drawn] > thresholds.EXTRA_DARK).mean())
        if there < thresholds.FORM_SEEN:
            yield PaperChange(
                page=number, scan_page=scan_page, kind="unprinted", box=place.rect,
                margin=round(thresholds.FORM_SEEN - there, 2),
            )  # fmt: skip
