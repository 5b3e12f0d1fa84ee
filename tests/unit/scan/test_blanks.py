"""Rows of dots on a page to be signed may be filled by hand; what goes on beyond them is told."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from pks_kit.domain.paper import PaperChange
from pks_kit.domain.rect import Rect
from pks_kit.scan.blanks import blanks
from pks_kit.scan.issued import rect_of
from pks_kit.scan.reading import read_scan
from pks_kit.scan.simulated import pen
from pks_kit.scan.simulated.sheet import Points
from support import paper_samples as paper
from support.filled_fields import sheet_of

pytestmark = pytest.mark.slow

PER_MM = 300 / 25.4


def dots() -> tuple[int, Rect]:
    """Page and box of the longest row of dots on a page that is signed."""
    found = [
        (len(word), number, rect_of(word))
        for number in range(1, paper.pages().count + 1)
        for word in paper.pages().words(number)
        if sum(one.letter == "." for one in word) > 15
        and any(one.kind == "tanda_tangan" for one in paper.pages().places(number))
    ]
    _, number, box = max(found)
    return number, box


def written(seed: int, text: str, tall: float, *, up: float = 0.5) -> Any:
    """A page with figures, or words, on its dots, ``up`` of their height above them."""
    random = np.random.default_rng(seed)
    number, (left, bottom, _, _) = dots()
    sheet = sheet_of(number)
    strokes = pen.figures(random, text, tall) if text else pen.words(random, 38, tall * 0.6)
    wide = np.concatenate([one.points for one in strokes])[:, 0]
    across = left + ((wide.max() - wide.min()) / 2 + random.uniform(0, 8)) * 72 / 25.4
    middle: Points = sheet.where([(across, bottom)])[0] - (0, up * tall * PER_MM)
    pen.write(sheet, strokes, middle, random, ink=pen.any_ink(random), turn=random.normal(0, 1.5))
    return sheet.pixels


def told(picture: Any) -> list[PaperChange]:
    issue = paper.issue()
    return list(read_scan(issue.pdf, issue.receipt, [paper.scanned(picture)]).changes)


@pytest.mark.sampled(1)
@pytest.mark.sampled(3)
@pytest.mark.parametrize("up", [0.35, 0.5, 0.9])
@pytest.mark.parametrize(("text", "tall"), [("17-12-2026", 3.0), ("17/12/26", 5.0), ("", 3.5)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_day_written_on_its_dots_is_no_addition(
    seed: int, text: str, tall: float, up: float
) -> None:
    assert told(written(seed, text, tall, up=up)) == []


def test_a_line_that_goes_on_beyond_the_dots_is_told() -> None:
    number, (_, bottom, right, _) = dots()
    picture = written(1, "17-12-2026", 3.5)
    x, y = paper.pixels(number, right + 45, bottom)
    at = (x, y)
    cv2.putText(picture, "batal demi", at, cv2.FONT_HERSHEY_SIMPLEX, 1.6, 40, 5, cv2.LINE_AA)
    assert [one.kind for one in told(picture)][:1] == ["addition"]


def test_a_line_under_the_day_is_told() -> None:
    number, (left, bottom, _, _) = dots()
    picture = written(1, "17-12-2026", 3.5)
    x, y = paper.pixels(number, left, bottom - 18)
    cv2.putText(picture, "batal", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 40, 5, cv2.LINE_AA)
    assert "addition" in {one.kind for one in told(picture)}


def test_dots_of_a_form_that_nobody_signs_here_are_not_filled() -> None:
    number, _ = dots()
    words = list(paper.pages().words(number))
    places = paper.pages().places(number)
    assert len(list(blanks(words, places))) == 1
    assert list(blanks(words, [one for one in places if one.kind == "paraf"])) == []
