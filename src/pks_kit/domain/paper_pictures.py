"""Pictures of paper for the person who decides: the issued and the scanned part, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from pks_kit.domain.paper import PaperFacts
from pks_kit.json_types import HexBytes

MOST_PICTURES = 1200
MOST_PICTURE_BYTES = 1 << 19

PaperPictureKind = Literal["issued", "scanned", "as_read", "page", "sheet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPicture:
    """One part of a page, or a whole one.

    Attributes:
        item: What it shows, as :class:`~pks_kit.domain.paper_review.ReviewItem` names it; for a
            whole page ``page_`` or ``sheet_`` and its number.
        kind: ``issued`` and ``scanned``: the same frame, from the issued page and from the sheet;
            ``as_read``: the issued part with the letters that fit the scan better; ``page``: the
            whole page as scanned, in the frame of the issued page; ``sheet``: a sheet as it lay.
        jpeg: JPEG bytes.
        width: Pixels.
        height: Pixels.
        points: Width and height of the page in points, for whole pages; else zeros.
    """

    item: Annotated[str, Field(max_length=120)]
    kind: PaperPictureKind
    jpeg: Annotated[HexBytes, Field(max_length=MOST_PICTURE_BYTES)]
    width: Annotated[int, Field(ge=1, le=4000)]
    height: Annotated[int, Field(ge=1, le=4000)]
    points: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRead:
    """What a scan shows, with pictures."""

    facts: PaperFacts
    pictures: Annotated[
        tuple[PaperPicture, ...], Field(max_length=MOST_PICTURES, fail_fast=True)
    ] = ()
