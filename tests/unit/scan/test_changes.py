"""Words that are crossed out, or others than issued; lines of the glass are neither."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from pks_kit.domain.paper import PaperChange
from pks_kit.scan.issued import Glyph
from pks_kit.scan.reading import read_scan
from support import paper_samples as paper

pytestmark = pytest.mark.slow

PAGE = 2


def told(picture: Any, **scanner: Any) -> list[PaperChange]:
    issue = paper.issue()
    return list(read_scan(issue.pdf, issue.receipt, [paper.scanned(picture, **scanner)]).changes)


def words(longest: int = 99) -> list[tuple[int, int, int, int]]:
    """Pixels of the longer words of the text."""
    found = [
        _box(one)
        for one in paper.pages().words(PAGE)
        if 7 <= len(one) <= longest and 150 < one[0].box[1] < 650
    ]
    assert len(found) > 10
    return found


def _box(word: tuple[Glyph, ...]) -> tuple[int, int, int, int]:
    left, right = word[0].box[0], word[-1].box[2]
    bottom, top = min(one.box[1] for one in word), max(one.box[3] for one in word)
    (x0, y1), (x1, y0) = paper.pixels(PAGE, left, bottom), paper.pixels(PAGE, right, top)
    return x0, y0, x1, y1


def test_a_thin_line_through_a_word_is_told() -> None:
    x0, y0, x1, y1 = words()[3]
    picture = paper.printed(PAGE).copy()
    middle = (y0 + y1) // 2
    cv2.line(picture, (x0, middle), (x1, middle + 2), 50, 4, cv2.LINE_AA)
    found = told(picture, quality=40)
    assert found
    assert {one.kind for one in found} == {"addition"}


def test_another_word_in_the_place_of_a_word_is_told() -> None:
    there, *others = words()
    picture = paper.printed(PAGE).copy()
    x0, y0, x1, y1 = there
    wide, high = x1 - x0, y1 - y0
    other = next(one for one in others if one[2] - one[0] >= wide and one[3] - one[1] >= high)
    picture[y0:y1, x0:x1] = picture[other[1] : other[1] + high, other[0] : other[0] + wide]
    assert "missing" in {one.kind for one in told(picture)}


def test_a_line_of_the_glass_that_print_breaks_is_no_writing() -> None:
    picture = paper.printed(PAGE).copy()
    column = words()[0][0] + 20
    white = cv2.erode(picture, np.ones((15, 15), np.uint8)) > 200
    line = np.zeros(picture.shape, bool)
    line[700:2400, column : column + 2] = True
    line[::160] = False
    picture[line & white] = 60
    assert told(picture, angle=0.0, scale=1.0) == []


def test_a_grey_rule_that_came_out_black_is_no_writing() -> None:
    picture = paper.printed(PAGE).copy()
    rule = next(
        row for row in range(100, 400)
        if ((picture[row] > 40) & (picture[row] < 200)).mean() > 0.6
    )  # fmt: skip
    dark = picture[rule] < 200
    picture[rule - 1 : rule + 3, dark] = 10
    assert told(picture) == []
