"""A scan of some pages of the issued agreement, made once for all tests that shrink it."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pks_kit.domain.receipt import Receipt
from pks_kit.scan.simulated import encode
from pks_kit.scan.simulated.devices import Flatbed
from pks_kit.scan.simulated.stack import Wishes, stack
from support import paper_samples

PAGES = (5, 17)
"""One of text and initials, and the one on which both parties sign."""


@cache
def scan(mode: Literal["colour", "grey", "bw"] = "colour", dpi: int = 200) -> bytes:
    """A PDF of pictures: PIHAK KEDUA has signed, PIHAK KESATU has not."""
    issue = paper_samples.issue()
    return scan_of(issue.pdf, issue.receipt, mode=mode, dpi=dpi, pages=PAGES)


def scan_of(
    pdf: bytes,
    receipt: Receipt,
    *,
    mode: Literal["colour", "grey", "bw"],
    dpi: int,
    pages: tuple[int, ...],
) -> bytes:
    """A scan of an issued agreement: PIHAK KEDUA has signed, PIHAK KESATU has not.

    Args:
        pdf: The issued file.
        receipt: Its receipt.
        mode: Colours.
        dpi: Pixels per inch.
        pages: Which pages.
    """
    wishes = Wishes(
        pages=pages,
        device=Flatbed(severity="light", mode=mode, dpi=dpi),
        initials_mm=(12, 25),
        states={
            one.name: "signed" if one.peran == "pihak_kedua" else "empty" for one in receipt.places
        }
        | {"PARAF_PIHAK_KEDUA": "signed", "PARAF_PIHAK_KESATU": "empty"},
    )
    scanned = stack(pdf, receipt, 11, wishes)
    quality = None if mode == "bw" else 75
    return encode.as_pdf([one.picture for one in scanned], dpi=dpi, jpeg_quality=quality)
