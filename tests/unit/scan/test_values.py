"""Values letter by letter: honest print of any printer is left alone, another letter is told."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from pks_kit.domain.paper import PaperChange
from pks_kit.scan.issued import Glyph
from pks_kit.scan.letters import inside
from pks_kit.scan.reading import read_scan
from support import paper_samples as paper

pytestmark = pytest.mark.slow

PAGE = 1
"""It holds most names and numbers."""
AMOUNTS = 19
"""It holds most amounts."""


def told(picture: Any, **scanner: Any) -> list[PaperChange]:
    issue = paper.issue()
    facts = read_scan(issue.pdf, issue.receipt, [paper.scanned(picture, **scanner)])
    return [one for one in facts.changes if one.kind in ("value", "disturbed")]


def thick(picture: Any) -> Any:
    """What a printer with much toner and a soft scanner make of a page."""
    return cv2.GaussianBlur(cv2.erode(picture, np.ones((3, 3), np.uint8)), (0, 0), 2.2)


def letters_of(path: str) -> list[Glyph]:
    value = next(one for one in paper.pages().values(PAGE) if one.path == path)
    return [one for one in paper.pages().glyphs(PAGE) if inside(one, value)]


def box(glyph: Glyph) -> tuple[int, int, int, int]:
    (x0, y1), (x1, y0) = (paper.pixels(PAGE, *glyph.box[at : at + 2]) for at in (0, 2))
    return x0, y0, x1, y1


@pytest.mark.sampled(1)
@pytest.mark.parametrize("quality", [70, 35])
def test_thick_soft_print_is_no_change(quality: int) -> None:
    assert told(thick(paper.printed(PAGE)), quality=quality, noise=4.0) == []


@pytest.mark.sampled(1)
@pytest.mark.parametrize("quality", [70, 35])
def test_thick_soft_amounts_are_no_change(quality: int) -> None:
    assert told(thick(paper.printed(AMOUNTS)), quality=quality, noise=4.0) == []


def test_another_letter_in_a_name_is_told() -> None:
    name = letters_of("pihak_kedua.nama_penandatangan")
    target = next(one for one in name if one.letter == "o")
    donor = next(one for one in name if one.letter == "a")
    picture = paper.printed(PAGE).copy()
    x0, y0, x1, y1 = box(donor)
    letter = picture[y0 - 1 : y1 + 2, x0:x1].copy()
    x0, y0, x1, y1 = box(target)
    picture[y0 - 2 : y1 + 3, x0:x1] = 255
    middle = (x0 + x1 - letter.shape[1]) // 2
    bottom = y1 + 2
    picture[bottom - letter.shape[0] : bottom, middle : middle + letter.shape[1]] = letter
    (found,) = told(picture)
    assert (found.kind, found.path) == ("value", "pihak_kedua.nama_penandatangan")
    place = [one.letter for one in name if one.letter.isalnum()].index("o")
    assert found.read is not None
    assert found.read[place] == "a"


def test_one_more_digit_before_a_number_is_told() -> None:
    number = letters_of("faskes.kode")
    x0, y0, _, y1 = box(number[0])
    picture = paper.printed(PAGE).copy()
    cv2.line(picture, (x0 - 12, y0), (x0 - 12, y1), 30, 3, cv2.LINE_AA)
    (found,) = told(picture)
    assert (found.kind, found.path) == ("disturbed", "faskes.kode")


def test_a_pen_over_a_digit_is_told() -> None:
    number = [one for one in letters_of("faskes.kode") if one.letter == "1"]
    x0, y0, x1, _ = box(number[0])
    picture = paper.printed(PAGE).copy()
    cv2.line(picture, (x0 - 9, y0 + 2), (x1 + 1, y0 + 2), 40, 5, cv2.LINE_AA)
    assert {one.path for one in told(picture)} == {"faskes.kode"}


def test_a_digit_in_place_of_a_letter_of_rp_is_told() -> None:
    number, amount = next(
        (page, one)
        for page in range(1, paper.pages().count + 1)
        for one in paper.pages().values(page)
        if one.text == "Rp10.000,00"
    )
    glyphs = [one for one in paper.pages().glyphs(number) if inside(one, amount)]
    picture = paper.printed(number).copy()
    boxes = []
    for glyph in (next(one for one in glyphs if one.letter == sign) for sign in "R1"):
        (x0, y1), (x1, y0) = (paper.pixels(number, *glyph.box[at : at + 2]) for at in (0, 2))
        boxes.append((x0, y0, x1, y1))
    (x0, y0, x1, y1), (left, top, right, bottom) = boxes
    digit = picture[top - 1 : bottom + 2, left:right].copy()
    picture[y0 - 2 : y1 + 3, x0 - 1 : x1] = 255
    middle, low = (x0 + x1 - digit.shape[1]) // 2, y1 + 2
    picture[low - digit.shape[0] : low, middle : middle + digit.shape[1]] = digit
    (found,) = told(picture)
    assert (found.kind, found.page, found.path) == ("value", number, "cetak.rupiah")
    assert found.read == "1p1000000"
