"""Stacks of simulated paper: the truth that they tell is true."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import cv2
import numpy as np
import pytest

from pks_kit.domain.rect import Rect
from pks_kit.scan.simulated.devices import Flatbed
from pks_kit.scan.simulated.dirt import PLACE_KINDS
from pks_kit.scan.simulated.phone import Phone
from pks_kit.scan.simulated.printed import Printer, rendered
from pks_kit.scan.simulated.sheet import POINTS_PER_MM
from pks_kit.scan.simulated.stack import ScannedPage, Shown, Wishes, pdf_of, stack
from pks_kit.scan.simulated.tampering import IN_FILE, ON_PAPER
from support.issued_paper import SIGNATURES, issued

PER_MM = 8.0
"""Pixels per mm in which places are compared."""

ROUGH = Wishes(pages=(SIGNATURES,), device=Flatbed(dpi=100, mode="grey"), dpi=150)
LOOK = Wishes(pages=(SIGNATURES,), device=Flatbed(dpi=200, mode="grey", quality=None), dpi=200)


def made(wishes: Wishes, seed: int = 1) -> tuple[ScannedPage, ...]:
    return stack(*issued(), seed, wishes)


@cache
def looked_at(page: int) -> ScannedPage:
    """A page as it is, to which changed ones are compared."""
    (plain,) = made(replace(LOOK, pages=(page,)))
    return plain


def seen(scan: ScannedPage, shown: Shown, rect: Rect) -> Any:
    """Return an issued rectangle out of a scan, by the grid of the truth, grey."""
    left, bottom, right, top = rect
    width = round((right - left) / POINTS_PER_MM * PER_MM)
    height = round((top - bottom) / POINTS_PER_MM * PER_MM)
    across = left + (np.arange(width) + 0.5) / width * (right - left)
    down = top - (np.arange(height) + 0.5) / height * (top - bottom)
    points = np.array([(x, y) for y in down for x in across])
    at = shown.grid.where(points).reshape(height, width, 2).astype(np.float32) - 0.5
    grey = scan.picture
    if grey.ndim == 3:
        grey = cv2.cvtColor(grey, cv2.COLOR_RGB2GRAY)
    return cv2.remap(grey, at[..., 0], at[..., 1], cv2.INTER_LINEAR)


def printed_there(page: int, rect: Rect) -> Any:
    """Return the same rectangle of the issued page."""
    drawn = rendered(issued()[0], page, dpi=PER_MM * 25.4)
    assert drawn.pixels.ndim == 2
    left, top, right, bottom = drawn.box(rect)
    wide = round((rect[2] - rect[0]) / POINTS_PER_MM * PER_MM)
    high = round((rect[3] - rect[1]) / POINTS_PER_MM * PER_MM)
    moved = np.array([[(right - left) / wide, 0, left], [0, (bottom - top) / high, top]])
    return cv2.warpAffine(drawn.pixels, moved, (wide, high), flags=cv2.WARP_INVERSE_MAP)


def grown(rect: Rect, mm: float) -> Rect:
    by = mm * POINTS_PER_MM
    return rect[0] - by, rect[1] - by, rect[2] + by, rect[3] + by


def shift_mm(scan: ScannedPage, shown: Shown, rect: Rect) -> float:
    """Return how far a printed mark lies from where the truth says it lies."""
    found = seen(scan, shown, grown(rect, 4.0))
    mark = printed_there(shown.page, grown(rect, 1.0))
    answer = cv2.matchTemplate(found, mark, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(answer)
    assert best > 0.7
    middle = (np.array(answer.shape[::-1]) - 1) / 2
    return float(np.hypot(x - middle[0], y - middle[1])) / PER_MM


WAYS = {
    "flatbed": Wishes(device=Flatbed(dpi=200, severity="heavy")),
    "coarse": Wishes(device=Flatbed(dpi=100, mode="grey", severity="medium", quality=40)),
    "fine": Wishes(device=Flatbed(dpi=600, mode="grey", quality=None)),
    "bw": Wishes(device=Flatbed(dpi=200, mode="bw")),
    "copied": Wishes(device=Flatbed(dpi=200, mode="grey"), copied=True),
    "turned": Wishes(device=Flatbed(dpi=150), turned=(1,)),
    "upside_down": Wishes(device=Flatbed(dpi=150), turned=(2,), cropped=4),
    "good": Wishes(device=Phone()),
    "poor": Wishes(device=Phone(care="poor"), turned=(3,)),
    "chat": Wishes(device=Phone(care="chat")),
    "shrunk": Wishes(device=Flatbed(dpi=150), printer=Printer(scale=0.94, shift=(2, -1), turn=0.4)),
}


@pytest.mark.sampled(1)
@pytest.mark.sampled(4)
@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_grid_tells_where_printed_marks_are(way: str) -> None:
    wishes = replace(WAYS[way], pages=(2,), dpi=200)
    (scan,) = made(wishes, seed=3)
    (shown,) = scan.shows
    sheet = (issued()[1].sheets or ())[0]
    for rect in (*sheet.marks, *sheet.codes):
        assert shift_mm(scan, shown, rect) <= 0.3


@pytest.mark.slow
def test_two_pages_on_a_sheet_both_have_their_grid() -> None:
    first, second = made(replace(WAYS["coarse"], pages=(2, 3, 4), two_up=True, dpi=150))
    assert [one.page for one in first.shows] == [2, 3]
    assert [one.page for one in second.shows] == [4]
    sheet = (issued()[1].sheets or ())[0]
    for shown in first.shows:
        assert shift_mm(first, shown, sheet.codes[0]) <= 0.3


@pytest.mark.slow
def test_same_seed_same_pixels_whatever_else_is_in_the_stack() -> None:
    wishes = replace(ROUGH, dirt=0.5, changes=("line_written",), copied=True)
    (one,) = made(wishes)
    (again,) = made(wishes)
    assert one.picture.tobytes() == again.picture.tobytes()
    assert one.shows[0].places == again.shows[0].places
    assert one.shows[0].changes == again.shows[0].changes
    (other,) = made(wishes, seed=2)
    assert one.picture.tobytes() != other.picture.tobytes()
    both = made(replace(ROUGH, pages=(2, SIGNATURES)))
    assert both[1].picture.tobytes() == made(ROUGH)[0].picture.tobytes()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_empty_places_hold_no_stroke_and_signed_ones_hold_ink(seed: int) -> None:
    states = {"TTD_PIHAK_KESATU": "empty", "STEMPEL_PIHAK_KESATU": "empty",
              "METERAI_PIHAK_KESATU": "empty", "TANGGAL_PIHAK_KEDUA": "empty",
              "PARAF_PIHAK_KEDUA": "empty"}  # fmt: skip
    (scan,) = made(replace(LOOK, states=states), seed)
    (shown,) = scan.shows
    assert {one.name for one in shown.places if one.state != "signed"} == set(states)
    for place in shown.places:
        rect = grown(place.rect, -0.5)
        issued_there = printed_there(shown.page, rect)
        # what is printed, with the little by which paper moves in a scanner
        printed = cv2.erode(issued_there, np.ones((7, 7), np.uint8)) < 200
        level = 215 if place.kind == "stempel" else 150  # some ink pads are nearly dry
        dark = (seen(scan, shown, rect) < level) & ~printed
        ink = float(dark.sum()) / PER_MM**2
        if place.state == "signed":
            assert ink > 1.0, place.name
        elif not place.beside and not place.dirt:
            assert ink == 0.0, place.name


def test_what_is_signed_electronically_is_never_drawn() -> None:
    pdf, receipt = issued()
    places = tuple(
        one.model_copy(update={"medium": "electronic"}) if one.peran == "pihak_kesatu" else one
        for one in receipt.places
    )
    (scan,) = stack(pdf, receipt.model_copy(update={"places": places}), 1, ROUGH)
    names = {one.name for one in scan.shows[0].places}
    assert not any(one.endswith("_PIHAK_KESATU") and "PARAF" not in one for one in names)
    assert "TTD_PIHAK_KEDUA" in names


def test_dirt_is_told_and_makes_no_place_signed() -> None:
    (scan,) = made(replace(ROUGH, signed=0.0, dirt=1.0))
    for place in scan.shows[0].places:
        assert place.state == "dirty"
        assert set(place.dirt) & set(PLACE_KINDS)


def test_crossing_is_told() -> None:
    (over,) = made(replace(ROUGH, crossing=1.0))
    (beside,) = made(replace(ROUGH, crossing=0.0))
    assert [one.crossed for one in over.shows[0].places if one.kind == "meterai"] == [True, True]
    assert [one.crossed for one in beside.shows[0].places if one.kind == "meterai"] == [False] * 2


@pytest.mark.sampled(3)
@pytest.mark.slow
@pytest.mark.parametrize("kind", [*IN_FILE, *ON_PAPER])
def test_a_change_is_where_the_truth_says(kind: str) -> None:
    plain = looked_at(1)
    (scan,) = made(replace(LOOK, pages=(1,), changes=(f"{kind}@1",)))
    (change,) = scan.shows[0].changes
    assert change.kind == kind
    before = seen(plain, plain.shows[0], change.rect).astype(int)
    after = seen(scan, scan.shows[0], change.rect).astype(int)
    assert int((abs(before - after) > 70).sum()) > 0.15 * PER_MM**2
    if kind in {"changed_digit", "digit_added", "pen_over_digit"}:
        critical = {one.path for one in issued()[1].critical or ()}
        assert change.path in critical
        assert change.was != change.now


def test_a_change_without_room_goes_to_a_later_page() -> None:
    scans = made(replace(ROUGH, pages=(30, 1), changes=("changed_digit@30",)))
    critical = [one for one in issued()[1].critical or () if one.page == 30]
    holders = [scan.shows[0].page for scan in scans if scan.shows[0].changes]
    assert holders == ([30] if any(any(map(str.isdigit, one.text)) for one in critical) else [1])


def test_blank_backs_and_order() -> None:
    scans = made(replace(ROUGH, pages=(1, 2, 3), blank_backs=True, shuffled=True))
    assert [len(one.shows) for one in scans] == [1, 0] * 3
    assert sorted(one.shows[0].page for one in scans[::2]) == [1, 2, 3]


@pytest.mark.slow
def test_page_dirt_is_laid_on() -> None:
    (plain,) = made(ROUGH)
    for kind in ("staple", "punch_holes", "fold", "show_through"):
        (scan,) = made(replace(ROUGH, page_dirt=(kind,)))
        assert scan.shows[0].dirt == (kind,)
        assert int((abs(plain.picture.astype(int) - scan.picture) > 12).sum()) > 50, kind


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(KeyError):
        made(replace(ROUGH, changes=("magic",)))
    with pytest.raises(KeyError):
        made(replace(ROUGH, page_dirt=("magic",)))


def test_file_of_a_bw_scan_is_small() -> None:
    scans = made(replace(ROUGH, device=Flatbed(dpi=150, mode="bw")))
    assert scans[0].bw
    assert set(np.unique(scans[0].picture)) == {0, 255}
    assert len(pdf_of(scans)) < len(pdf_of(made(ROUGH)))
