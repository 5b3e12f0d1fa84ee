"""What a person is shown: the same frame twice, as scanned, and bounded."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from pks_kit.domain.paper_pictures import PaperPicture, PaperRead
from pks_kit.domain.paper_review import review_items
from pks_kit.scan import crops
from pks_kit.scan.reading import read_scan_with_pictures
from support import paper_samples as paper
from support.paper_tampering import changed_digit

pytestmark = pytest.mark.slow


@cache
def read() -> PaperRead:
    """Page 1 with a changed digit, a written word, and the initials of one party; a foreign one."""
    page = paper.written(paper.printed(1), paper.place("PARAF_PIHAK_KEDUA"))
    changed_digit(page, 1, paper.pages().values(1)[0])
    cv2.putText(page, "tambahan 12", (500, 2500), cv2.FONT_HERSHEY_DUPLEX, 2.2, 60, 5)
    other = np.full((1754, 1240), 250, np.uint8)
    cv2.putText(other, "nota", (200, 500), cv2.FONT_HERSHEY_DUPLEX, 9, 20, 25)
    return read_scan_with_pictures(
        paper.issue().pdf, paper.issue().receipt,
        [paper.scanned(page), paper.scanned(cv2.resize(other, (2480, 3508)))],
    )  # fmt: skip


def picture(key: str, kind: str) -> PaperPicture:
    (found,) = (one for one in read().pictures if (one.item, one.kind) == (key, kind))
    return found


def pixels(one: PaperPicture) -> Any:
    opened = Image.open(io.BytesIO(one.jpeg))
    assert opened.size == (one.width, one.height)
    return np.asarray(opened.convert("L")).astype(float)


def test_everything_that_needs_eyes_has_its_two_pictures() -> None:
    keys = {one.key for one in review_items(read().facts) if one.group != "sheet"}
    assert keys >= {"PARAF_PIHAK_KEDUA_0001", "PARAF_PIHAK_KESATU_0001"}
    for key in keys:
        issued, scanned = picture(key, "issued"), picture(key, "scanned")
        assert (issued.width, issued.height) == (scanned.width, scanned.height)
        assert max(issued.width, issued.height) <= 600
    assert picture("sheet_2", "sheet").height > 900
    assert picture("page_1", "page").points[0] == pytest.approx(595, abs=1)


def test_the_frame_is_the_same_and_nothing_is_cleaned() -> None:
    issued = pixels(picture("PARAF_PIHAK_KESATU_0001", "issued"))
    scanned = pixels(picture("PARAF_PIHAK_KESATU_0001", "scanned"))
    assert np.corrcoef(issued.ravel(), scanned.ravel())[0, 1] > 0.75
    paper_of_scan = scanned[issued > 250]
    assert paper_of_scan.std() > 1.0  # grain of the scanner is still there
    assert 225 < np.median(paper_of_scan) < 250


def test_a_changed_value_is_shown_as_it_would_read() -> None:
    (value,) = (one for one in read().facts.changes if one.kind == "value")
    key = next(one.key for one in review_items(read().facts) if one.kind == "value")
    issued, as_read = pixels(picture(key, "issued")), pixels(picture(key, "as_read"))
    scanned = cv2.GaussianBlur(pixels(picture(key, "scanned")), (0, 0), 1.5)
    fit = [np.corrcoef(one.ravel(), scanned.ravel())[0, 1] for one in (issued, as_read)]
    assert value.read is not None
    assert fit[1] > fit[0]
    assert 0.001 < (abs(issued - as_read) > 100).mean() < 0.05  # one digit, nothing else


def test_strokes_of_one_word_are_one_picture() -> None:
    additions = [one for one in read().facts.changes if one.kind == "addition"]
    shown = [one for one in review_items(read().facts) if one.kind == "addition"]
    assert len(additions) > len(shown) == 1


def test_pictures_stay_within_their_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sum(len(one.jpeg) for one in read().pictures)
    monkeypatch.setattr(crops, "_MOST_BYTES", whole // 2)
    less = read_scan_with_pictures(
        paper.issue().pdf, paper.issue().receipt, [paper.scanned(paper.printed(1))] * 2
    )
    assert 0 < sum(len(one.jpeg) for one in less.pictures) <= whole // 2


def test_a_place_outside_its_page_still_gives_a_picture() -> None:
    maker = crops.Crops(paper.pages(), None)  # type: ignore[arg-type]
    for rect in ((-900.0, -900.0, -800.0, -800.0), (5000.0, 5000.0, 6000.0, 6000.0)):
        box = maker._frame(1, rect)
        assert paper.pages().crop(1, box, crops._dpi(box)).size > 0
