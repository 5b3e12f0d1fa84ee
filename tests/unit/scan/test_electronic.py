"""Paper of kontrak digital shows what BPJS Kesehatan signed: nobody's pen, and never a stroke."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from pks_kit.domain.paper import PaperFacts
from pks_kit.scan.issued import IssuedPages
from pks_kit.scan.reading import read_scan
from pks_kit.scan.simulated import encode
from pks_kit.scan.simulated.devices import Flatbed
from pks_kit.scan.simulated.stack import Wishes, stack
from support import returned_paper as back

DIGITAL = back.digital()
PAGE = next(one.page for one in DIGITAL.receipt.places if one.medium == "electronic")
ELECTRONIC = {one.name for one in DIGITAL.receipt.places if one.medium == "electronic"}


@cache
def scan_of(pdf: bytes, mode: str, dpi: int) -> bytes:
    wishes = Wishes(
        pages=(PAGE,),
        device=Flatbed(severity="light", mode=mode, dpi=dpi),
        initials_mm=(12, 25),
        states={one.name: "signed" for one in DIGITAL.receipt.places if one.name not in ELECTRONIC}
        | {"PARAF_PIHAK_KEDUA": "signed"},
    )
    scanned = stack(pdf, DIGITAL.receipt, 11, wishes)
    quality = None if mode == "bw" else 75
    return encode.as_pdf([one.picture for one in scanned], dpi=dpi, jpeg_quality=quality)


def read(printed: bytes, against: bytes, mode: str = "grey", dpi: int = 150) -> PaperFacts:
    return read_scan(against, DIGITAL.receipt, [scan_of(printed, mode, dpi)])


def test_the_signed_revision_is_drawn_with_what_its_signatures_show() -> None:
    pages = IssuedPages(DIGITAL.signed, DIGITAL.receipt)
    for one in pages.electronic(PAGE):
        full, bare = (pages.crop(PAGE, one.rect, 100, forms=forms) for forms in (True, False))
        assert (np.asarray(bare, int) - full > 60).sum() > 50, one.id
    assert {one.id for one in pages.electronic(PAGE)} == ELECTRONIC
    pages.close()


@pytest.mark.slow
@pytest.mark.sampled(2)
@pytest.mark.parametrize(("mode", "dpi"), [("colour", 200), ("grey", 150), ("bw", 200)])
@pytest.mark.parametrize("against", ["signed", "issued"])
def test_a_printed_electronic_signature_is_no_stroke(against: str, mode: str, dpi: int) -> None:
    facts = read(DIGITAL.signed, getattr(DIGITAL, against), mode, dpi)
    assert facts.changes == ()
    assert not ELECTRONIC & {one.id for one in facts.places}


@pytest.mark.slow
@pytest.mark.sampled(1)
@pytest.mark.parametrize(("mode", "dpi"), [("colour", 200), ("grey", 150), ("bw", 200)])
def test_paper_that_was_printed_from_the_draft_is_told_as_that(mode: str, dpi: int) -> None:
    facts = read(DIGITAL.issued, DIGITAL.signed, mode, dpi)
    assert {one.kind for one in facts.changes} == {"unprinted"}
    assert len(facts.changes) == len(ELECTRONIC)
    assert read(DIGITAL.issued, DIGITAL.issued, mode, dpi).changes == ()
