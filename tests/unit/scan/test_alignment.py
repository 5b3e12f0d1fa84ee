"""A sheet is laid over its page by blocks alone where that is enough, else by features first."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from pks_kit.scan import alignment
from pks_kit.scan.alignment import Alignment, LaidSheet, align
from pks_kit.scan.codes import FoundCode, read_codes
from pks_kit.scan.issued import POINTS
from pks_kit.scan.pictures import Sheet, sheets_of
from pks_kit.scan.reading import read_scan
from support import paper_samples as paper

PAGE = 2


def sheet_of(content: bytes) -> tuple[Sheet, list[FoundCode]]:
    (sheet,) = sheets_of([content])
    return sheet, read_codes(sheet.grey, max(sheet.grey.shape) / 11.69)


def laid(sheet: Sheet, codes: list[FoundCode]) -> Alignment:
    found = align(paper.pages().page(PAGE), LaidSheet(sheet.grey), codes)
    assert found is not None
    return found


def off_by(found: Alignment, truth: Any, dpi: float) -> float:
    """How far the worst of some points lies from the truth, which maps 300 dpi to pixels, in mm."""
    page, worst = found.page, 0.0
    for x in (60.0, 300.0, page.width - 60):
        for y in (60.0, 400.0, page.height - 60):
            at = truth @ np.array([x * 300 / POINTS, y * 300 / POINTS, 1])
            seen = found.pixels(x, y, 1, 1, 10_000)[0, 0] + 0.5
            worst = max(worst, float(np.hypot(*(seen - at[:2] / at[2]))) / dpi * 25.4)
    return worst


def flat(picture: Any, angle: float = 0.6) -> tuple[bytes, Any]:
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 0.98)
    half = np.diag([0.5, 0.5, 1.0]) @ np.vstack([turn, [0, 0, 1]])
    return paper.scanned(picture, dpi=150, angle=angle), half


def photographed(lean: float) -> tuple[bytes, Any]:
    """The page on a dark table, seen from one side, 170 pixels an inch."""
    picture = paper.printed(PAGE)
    height, width = picture.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array(
        [[90 + lean, 80], [1500 - lean, 100], [1540, 2090], [60, 2050]], np.float32
    )  # fmt: skip
    matrix = cv2.getPerspectiveTransform(corners, seen)
    soft = cv2.GaussianBlur(picture, (0, 0), 0.8)
    photo = cv2.warpPerspective(soft, matrix, (1620, 2160), borderValue=(70, 70, 70))
    shade = np.linspace(0.95, 0.7, 1620)[None, :]
    noisy = photo * shade + np.random.default_rng(3).normal(0, 3, photo.shape)
    target = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(target, "JPEG", quality=80)
    return target.getvalue(), matrix


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kept", [0, 1])
def test_one_code_is_enough_on_the_glass(kept: int) -> None:
    content, truth = flat(paper.printed(PAGE))
    sheet, codes = sheet_of(content)
    assert len(codes) == 2
    found = laid(sheet, codes[kept : kept + 1])
    assert found.matches == 0  # nothing but the code and blocks
    assert off_by(found, truth, 150) < 0.25


def test_a_photo_from_aside_is_laid_by_features() -> None:
    content, truth = photographed(150)
    sheet, codes = sheet_of(content)
    found = laid(sheet, codes)
    assert found.matches > 0
    assert off_by(found, truth, 170) < 0.6
    assert found.vouched(300, 400)


@pytest.mark.slow
def test_blocks_that_settle_on_one_half_only_are_not_believed() -> None:
    """The lower half of the page was swapped for that of another: features have to look too."""
    picture = paper.printed(PAGE).copy()
    half = picture.shape[0] // 2
    picture[half:] = paper.printed(PAGE + 3)[half:]
    content, _ = flat(picture)
    sheet, codes = sheet_of(content)
    own = [one for one in codes if one.code.page == PAGE]
    assert len(own) == 1
    found = laid(sheet, own)
    height = found.page.height
    assert found.vouched(300, height * 0.25)
    assert not found.vouched(300, height * 0.8)


def test_a_sheet_is_prepared_once_for_several_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    whiten = alignment.paper_white
    monkeypatch.setattr(alignment, "paper_white", lambda grey: made.append(1) or whiten(grey))
    content, _ = flat(paper.printed(PAGE))
    sheet, _ = sheet_of(content)
    prepared = LaidSheet(sheet.grey)
    for number in (PAGE, PAGE + 1):
        align(paper.pages().page(number), prepared, ())
    assert made == [1]


@pytest.mark.slow
def test_pages_with_text_and_pages_with_pictures_in_one_file() -> None:
    """Somebody put a scan of one page among the pages that were issued."""
    import pikepdf

    with pikepdf.open(io.BytesIO(paper.issue().pdf)) as mixed:
        del mixed.pages[2:]
        page = mixed.pages[1]
        picture = mixed.make_stream(paper.scanned(paper.printed(3)))
        height, width = 1754, 1240
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width, picture.Height, picture.BitsPerComponent = width, height, 8
        picture.ColorSpace, picture.Filter = pikepdf.Name.DeviceGray, pikepdf.Name.DCTDecode
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=picture))
        page.Contents = mixed.make_stream(b"q 595.3 0 0 841.9 0 0 cm /I Do Q")
        target = io.BytesIO()
        mixed.save(target)
    facts = read_scan(paper.issue().pdf, paper.issue().receipt, [target.getvalue()])
    assert [(one.page, one.status) for one in facts.pages] == [(1, "ok"), (3, "ok")]
    assert "signed" not in {one.decision for one in facts.places if one.page == 1}
