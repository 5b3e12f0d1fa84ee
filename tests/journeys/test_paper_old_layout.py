"""Pages of the first layout come back too: their code tells no edition, their receipt less."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from pks_kit.domain.receipt import Receipt
from pks_kit.render.pdf.first_layout import completed
from pks_kit.scan.issued import POINTS, HandPlace, IssuedPages
from pks_kit.scan.reading import read_scan
from support import paper_samples as paper
from support.issued_paper import issued


@pytest.fixture(scope="module")
def first() -> tuple[bytes, Receipt]:
    pdf, receipt = issued("v1")
    assert receipt.edition is None
    return pdf, completed(receipt, "manual", pdf)


def scribbled(picture: Any, place: HandPlace, height: float) -> Any:
    """Loops in the left half of a signature box."""
    left, bottom, right, top = place.rect
    steps = np.linspace(0, 1, 200)
    x = left + (right - left) * (0.08 + 0.3 * steps)
    y = (bottom + top) / 2 + (top - bottom) * 0.2 * np.sin(steps * 26)
    points = np.stack([x, height - y], axis=1) * 300 / POINTS
    done = picture.copy()
    cv2.polylines(done, [points.astype(np.int32)[:, None]], False, 40, 6, cv2.LINE_AA)
    return done


@pytest.mark.slow
def test_its_pages_are_read_and_their_places_decided(first: tuple[bytes, Receipt]) -> None:
    pdf, receipt = first
    pages = IssuedPages(pdf, receipt)
    try:
        place = next(
            one
            for number in range(1, pages.count + 1)
            for one in pages.places(number)
            if one.kind == "tanda_tangan"
        )
        width, height = pages.size(place.page)
        drawn = pages.crop(place.page, (0, 0, width, height), 300)
    finally:
        pages.close()
    facts = read_scan(
        pdf, receipt, [paper.scanned(scribbled(drawn, place, height)), paper.scanned(drawn, turn=2)]
    )
    assert [(one.page, one.edition) for one in facts.pages] == [(place.page, None)] * 2
    assert sorted(one.status for one in facts.pages) == ["edition_unknown", "less_ink"]
    (decided,) = (one for one in facts.places if one.id == place.id)
    kept = next(one for one in facts.pages if one.status == "edition_unknown")
    assert kept.scan_page == 1  # a page that is sent again without the pen does not count
    assert decided.decision == "signed"
    assert {one.kind for one in facts.places} >= {"tanda_tangan", "tanggal", "paraf"}
    assert len(facts.missing) == receipt.pages - 1


def test_a_page_of_the_first_layout_is_no_page_of_a_later_issue(
    first: tuple[bytes, Receipt],
) -> None:
    pdf, receipt = first
    pages = IssuedPages(pdf, receipt)
    try:
        width, height = pages.size(2)
        old = paper.scanned(pages.crop(2, (0, 0, width, height), 300))
    finally:
        pages.close()
    later = receipt.model_copy(update={"edition": "0123ABCD"})
    (told,) = read_scan(pdf, later, [old]).pages
    assert (told.page, told.status) == (2, "other_edition")
    (told,) = read_scan(paper.issue().pdf, paper.issue().receipt, [old]).pages
    assert told.status in ("other_agreement", "other_edition")
