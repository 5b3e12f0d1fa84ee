"""A scan of some pages of the issued agreement, made once for all tests that shrink it."""

from __future__ import annotations

from functools import cache
from typing import Literal

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
    wishes = Wishes(
        pages=PAGES,
        device=Flatbed(severity="light", mode=mode, dpi=dpi),
        initials_mm=(12, 25),
        states={
            one.name: "signed" if one.peran == "pihak_kedua" else "empty"
            for one in issue.receipt.places
        }
        | {"PARAF_PIHAK_KEDUA": "signed", "PARAF_PIHAK_KESATU": "empty"},
    )
    pages = stack(issue.pdf, issue.receipt, 11, wishes)
    quality = None if mode == "bw" else 75
    return encode.as_pdf([one.picture for one in pages], dpi=dpi, jpeg_quality=quality)
