"""Places: what a pen left is seen, dirt is not taken for it, turning changes nothing."""

from __future__ import annotations

from typing import Any, cast

import cv2
import numpy as np
import pytest

from pks_kit.domain.paper import PaperPlace
from pks_kit.scan.alignment import Alignment
from pks_kit.scan.issued import HandPlace
from pks_kit.scan.pictures import Colours
from pks_kit.scan.places import decide
from pks_kit.scan.reading import read_scan
from pks_kit.scan.view import View, view_from
from support import paper_samples as paper

pytestmark = pytest.mark.slow


class Sure:
    """An alignment that vouches for everything."""

    def vouched(self, x: float, y: float) -> bool:
        return True


def decided(picture: Any, page: int, colours: Colours = "colour") -> dict[str, PaperPlace]:
    """What is decided of a sheet, in colours or grey at 300 dpi, that lies over its page."""
    size = tuple(one // 2 for one in picture.shape[1::-1])
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    issued = cv2.resize(paper.printed(page), size, interpolation=cv2.INTER_AREA)
    toned = None
    if colours == "bilevel":
        small = np.where(small > 150, 255, 0).astype(np.uint8)
        toned = np.zeros_like(small)
    view = view_from(small, issued, paper.pages().size(page)[1], colours, toned)
    places = paper.pages().places(page)
    found = decide(view, cast(Alignment, Sure()), places, 1)
    return {one.id: one for one in found.places}


def coloured(page: int) -> Any:
    return cv2.cvtColor(paper.printed(page), cv2.COLOR_GRAY2RGB)


def middle(one: HandPlace) -> tuple[int, int]:
    left, bottom, right, top = one.rect
    return paper.pixels(one.page, (left + right) / 2, (bottom + top) / 2)


def decisions(picture: Any, **scan: Any) -> dict[str, str]:
    facts = read_scan(paper.issue().pdf, paper.issue().receipt, [paper.scanned(picture, **scan)])
    return {one.id: one.decision for one in facts.places if one.scan_page}


@pytest.fixture(scope="module")
def signature() -> Any:
    return paper.place("TTD_")


def test_nothing_is_signed_on_a_clean_page(signature: Any) -> None:
    assert set(decisions(paper.printed(signature.page)).values()) == {"empty"}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("scan", [{}, {"turn": 2}, {"dpi": 100}, {"quality": 35}, {"scale": 0.94}])
def test_a_signature_is_seen_and_nothing_else(signature: Any, scan: dict[str, Any]) -> None:
    found = decisions(paper.written(paper.printed(signature.page), signature), **scan)
    assert found.pop(signature.id) == "signed"
    assert "signed" not in found.values()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("turn", [0, 1])
def test_initials_are_seen(turn: int) -> None:
    box = paper.place("PARAF_PIHAK_KEDUA")
    found = decisions(paper.written(paper.printed(box.page), box), turn=turn)
    assert found[box.id] == "signed"


def test_a_date_is_seen() -> None:
    box = paper.place("TANGGAL_")
    picture = paper.printed(box.page).copy()
    x, y = paper.pixels(box.page, box.rect[0] + 30, box.rect[1] + 4)
    cv2.putText(picture, "17 12 26", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 30, 6, cv2.LINE_AA)
    assert decisions(picture)[box.id] == "signed"


def _smudge(picture: Any, x: int, y: int) -> None:
    cloud = np.zeros(picture.shape, np.float32)
    cv2.ellipse(cloud, (x, y), (110, 40), 20, 0, 360, 60, -1)
    picture[:] = np.clip(picture - cv2.GaussianBlur(cloud, (0, 0), 25), 0, 255).astype(np.uint8)


def _specks(picture: Any, x: int, y: int) -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        at = int(x + rng.normal(0, 120)), int(y + rng.normal(0, 60))
        cv2.circle(picture, at, int(rng.integers(1, 4)), 60, -1)


def _ruler(picture: Any, x: int, y: int) -> None:
    cv2.line(picture, (x - 300, y - 20), (x + 300, y + 25), 40, 5, cv2.LINE_AA)


def _straight_hair(picture: Any, x: int, y: int) -> None:
    cv2.line(picture, (x - 90, y), (x + 90, y + 14), 70, 2, cv2.LINE_AA)


@pytest.mark.sampled(2)
@pytest.mark.sampled(1, each="dirt")
@pytest.mark.parametrize("dirt", [_smudge, _specks, _ruler, _straight_hair])
@pytest.mark.parametrize("name", ["TTD_", "PARAF_PIHAK_KEDUA"])
def test_dirt_is_no_signature(dirt: Any, name: str) -> None:
    one = paper.place(name)
    picture = paper.printed(one.page).copy()
    x, y = paper.pixels(one.page, (one.rect[0] + one.rect[2]) / 2, (one.rect[1] + one.rect[3]) / 2)
    dirt(picture, x, y)
    assert "signed" not in decisions(picture).values()


def _set_off(picture: Any, one: HandPlace) -> None:
    """A signature of another sheet, pale and soft."""
    ink = 255 - cv2.cvtColor(
        paper.written(np.full_like(paper.printed(one.page), 255), one), cv2.COLOR_GRAY2RGB
    ).astype(np.float32)
    soft = cv2.GaussianBlur(ink, (0, 0), 2.0) * np.array([1.0, 0.85, 0.3], np.float32) * 0.4
    picture[:] = np.clip(picture - soft, 0, 255).astype(np.uint8)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("colour", [(40, 60, 170), (50, 50, 50)])
def test_a_ruler_line_lends_nothing_to_ink_that_it_touches(colour: tuple[int, ...]) -> None:
    one = paper.place("TTD_")
    picture = coloured(one.page)
    x, y = middle(one)
    _set_off(picture, one)
    cv2.line(picture, (x - 420, y - 30), (x + 250, y + 20), colour, 4, cv2.LINE_AA)
    assert decided(picture, one.page)[one.id].decision != "signed"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["TTD_", "PARAF_PIHAK_KEDUA", "TANGGAL_"])
def test_ruler_lines_that_cross_are_no_hand(name: str) -> None:
    one = paper.place(name)
    picture = coloured(one.page)
    x, y = middle(one)
    cv2.line(picture, (x - 300, y - 70), (x + 200, y + 60), (40, 60, 170), 4, cv2.LINE_AA)
    cv2.line(picture, (x - 150, y + 90), (x + 160, y - 80), (50, 50, 50), 4, cv2.LINE_AA)
    assert decided(picture, one.page)[one.id].decision != "signed"


def test_a_blot_is_no_paraf() -> None:
    one = paper.place("PARAF_PIHAK_KEDUA")
    picture = coloured(one.page)
    x, y = middle(one)
    cv2.circle(picture, (x, y), 20, (30, 40, 140), -1, cv2.LINE_AA)
    cv2.circle(picture, (x + 14, y + 16), 14, (30, 40, 140), -1, cv2.LINE_AA)
    assert decided(picture, one.page)[one.id].decision != "signed"


def test_a_hair_in_two_pieces_is_no_date() -> None:
    one = paper.place("TANGGAL_")
    picture = coloured(one.page)
    x, y = middle(one)
    for start in (-160, 30):
        bow = [(x + start + at, y + round(18 * np.sin(at / 28))) for at in range(0, 150, 3)]
        cv2.polylines(picture, [np.array(bow)[:, None]], False, (40, 36, 32), 1, cv2.LINE_AA)
    assert decided(picture, one.page)[one.id].decision != "signed"


def _framed_stamp(picture: Any, x: int, y: int) -> None:
    cv2.rectangle(picture, (x - 220, y - 90), (x + 220, y + 90), 90, 8)
    for row, text in enumerate(("KLINIK UJI", "KOTA CONTOH")):
        at = (x - 180, y - 12 + row * 62)
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.6, 90, 6, cv2.LINE_AA)


def _round_stamp(picture: Any, x: int, y: int, radius: int = 150) -> None:
    cv2.circle(picture, (x, y), radius, 90, 8, cv2.LINE_AA)
    for step in range(18):
        angle = step * np.pi / 9
        at = int(x + 0.8 * radius * np.cos(angle)) - 12, int(y + 0.8 * radius * np.sin(angle)) + 12
        cv2.putText(picture, "AENKR"[step % 5], at, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 90, 4)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("mark", [_framed_stamp, _round_stamp])
def test_stamps_of_other_shapes_and_sizes_are_stamps_and_sign_nothing(mark: Any) -> None:
    one = paper.place("STEMPEL_")
    picture = paper.printed(one.page).copy()
    x, y = paper.pixels(one.page, (one.rect[0] + one.rect[2]) / 2, (one.rect[1] + one.rect[3]) / 2)
    mark(picture, x, y)
    found = decisions(picture)
    assert found.pop(one.id) == "signed"
    assert "signed" not in found.values()


@pytest.mark.sampled(1, each="colours")
@pytest.mark.parametrize(("step", "wide", "high"), [(16, 60, 110), (12, 80, 120), (22, 46, 70)])
@pytest.mark.parametrize("colours", ["grey", "bilevel"])
def test_the_letters_of_a_stamp_make_no_other_of_a_signature_beside_it(
    step: int, wide: int, high: int, colours: Colours
) -> None:
    hand, one = paper.place("TTD_"), paper.place("STEMPEL_")
    picture = paper.printed(one.page).copy()
    x, y = middle(one)
    _round_stamp(picture, x, y, 190)
    turns = np.arange(0, 12, 0.1)
    across, down = x - 380 + step * turns + wide * np.cos(turns), y + 20 + high * np.sin(turns)
    loops = np.stack([across, down], axis=1).round().astype(np.int32)[:, None]
    cv2.polylines(picture, [loops], False, 40, 6, cv2.LINE_AA)
    found = decided(picture, one.page, colours)
    assert found[hand.id].decision == "signed"
    assert found[one.id].decision == "signed"


def test_the_edge_of_a_stamp_is_no_paraf() -> None:
    one = paper.place("PARAF_PIHAK_KEDUA")
    picture = paper.printed(one.page).copy()
    x, y = paper.pixels(one.page, one.rect[0], one.rect[3])
    _round_stamp(picture, x - 60, y - 120, 220)
    assert decisions(picture)[one.id] != "signed"


def test_a_grey_sticker_is_a_sticker_and_a_shadow_is_none() -> None:
    one = paper.place("METERAI_")
    x0, y1 = paper.pixels(one.page, one.rect[0] + 3, one.rect[1] + 3)
    x1, y0 = paper.pixels(one.page, one.rect[2] - 3, one.rect[3] - 3)
    for rough, decision in ((40, "signed"), (0, "empty")):
        picture = paper.printed(one.page).copy()
        noise = np.random.default_rng(2).normal(0, 1, ((y1 - y0) // 6 + 1, (x1 - x0) // 6 + 1))
        texture = cv2.resize(noise, (x1 - x0, y1 - y0), interpolation=cv2.INTER_CUBIC) * rough
        paper_there = picture[y0:y1, x0:x1]
        shade = np.where(paper_there > 200, 185 + texture, paper_there)
        picture[y0:y1, x0:x1] = np.clip(shade, 0, 255).astype(np.uint8)
        assert decisions(picture)[one.id] == decision


def _sticker(picture: Any, one: HandPlace, tone: int, print_tone: int) -> None:
    """A pale label of even tone with a border and words, 2 mm inside its place."""
    x0, y1 = paper.pixels(one.page, one.rect[0], one.rect[1])
    x1, y0 = paper.pixels(one.page, one.rect[2], one.rect[3])
    x0, y0, x1, y1 = x0 + 14, y0 + 14, x1 - 14, y1 - 14
    cv2.rectangle(picture, (x0, y0), (x1, y1), tone, -1)
    cv2.rectangle(picture, (x0 + 12, y0 + 12), (x1 - 12, y1 - 12), print_tone, 5)
    for row in range(5):
        at = x0 + 24, y0 + 65 + 65 * row
        cv2.putText(picture, "CONTOH 10", at, cv2.FONT_HERSHEY_SIMPLEX, 1.4, print_tone, 5)


def test_an_even_sticker_is_known_by_its_outline_and_hides_no_signature() -> None:
    one, hand = paper.place("METERAI_"), paper.place("TTD_")
    picture = paper.printed(one.page).copy()
    _sticker(picture, one, 200, 90)
    found = decided(picture, one.page, "grey")
    assert found[one.id].decision == "signed"
    assert found[hand.id].decision == "empty"
    found = decided(paper.written(picture, hand), one.page, "grey")
    assert found[hand.id].decision == "signed"


def test_of_a_sticker_in_black_and_white_its_print_is_enough() -> None:
    one, hand = paper.place("METERAI_"), paper.place("TTD_")
    picture = paper.printed(one.page).copy()
    _sticker(picture, one, 200, 90)
    found = decided(picture, one.page, "bilevel")
    assert found[one.id].decision == "signed"
    assert found[hand.id].decision != "signed"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("colours", ["grey", "bilevel"])
def test_a_stamp_in_the_place_of_a_sticker_is_none(colours: Colours) -> None:
    one = paper.place("METERAI_")
    picture = paper.printed(one.page).copy()
    _round_stamp(picture, *middle(one), 190)
    assert decided(picture, one.page, colours)[one.id].decision != "signed"


@pytest.mark.parametrize(("pale", "decision"), [(False, "empty"), (True, "unsure")])
def test_black_and_white_that_lost_its_thin_print_may_have_lost_a_stamp(
    pale: bool, decision: str
) -> None:
    one = paper.place("STEMPEL_")
    picture = paper.printed(one.page)
    if pale:
        picture = np.clip(picture.astype(np.int16) + 110, 0, 255).astype(np.uint8)
    else:
        picture = cv2.erode(picture, np.ones((2, 2), np.uint8))
    assert decided(picture, one.page, "bilevel")[one.id].decision == decision


def test_a_place_that_nothing_vouches_for_is_unsure(signature: Any) -> None:
    """The part of the page around it cannot be seen: that says nothing about a signature."""
    picture = paper.printed(signature.page).copy()
    left, bottom, right, top = signature.rect
    x0, y1 = paper.pixels(signature.page, left - 150, bottom - 150)
    x1, y0 = paper.pixels(signature.page, right + 150, top + 150)
    cv2.rectangle(picture, (x0, y0), (x1, y1), 255, -1)
    assert decisions(picture)[signature.id] == "unsure"


def _staple(picture: Any, x: int, y: int) -> None:
    cv2.line(picture, (x - 60, y - 40), (x + 50, y + 40), (70, 70, 70), 6, cv2.LINE_AA)
    cv2.line(picture, (x + 50, y + 40), (x + 70, y + 24), (70, 70, 70), 6, cv2.LINE_AA)


def _punched(picture: Any, x: int, y: int) -> None:
    """The shadow at the edge of a hole."""
    cv2.ellipse(picture, (x, y), (32, 32), 0, 20, 300, (50, 50, 50), 6, cv2.LINE_AA)


@pytest.mark.sampled(1, each="dirt")
@pytest.mark.parametrize("dirt", [_staple, _punched])
@pytest.mark.parametrize("colours", ["colour", "bilevel"])
def test_staples_and_holes_are_no_paraf(dirt: Any, colours: Colours) -> None:
    one = paper.place("PARAF_PIHAK_KEDUA")
    picture = coloured(one.page)
    dirt(picture, *middle(one))
    if colours == "bilevel":
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    assert decided(picture, one.page, colours)[one.id].decision != "signed"


def _bow(x: int, y: int, long: int = 150, high: int = 45) -> Any:
    steps = np.arange(0, long, 2)
    across, down = x - long // 2 + steps, y + high * np.sin(steps / 14)
    return np.stack([across, down], axis=1).round().astype(np.int32)[:, None]


def test_a_pen_that_is_nearly_dry_leaves_no_empty_place() -> None:
    one = paper.place("PARAF_PIHAK_KEDUA")
    picture = coloured(one.page)
    cv2.polylines(picture, [_bow(*middle(one))], False, (170, 180, 225), 3, cv2.LINE_AA)
    assert decided(picture, one.page)[one.id].decision == "unsure"


def test_a_date_of_a_broad_marker_is_no_empty_line() -> None:
    one = paper.place("TANGGAL_")
    picture = coloured(one.page)
    x, y = middle(one)
    for step in range(3):
        at = x - 150 + 110 * step, y
        cv2.ellipse(picture, at, (46, 30), 0, 0, 360, (30, 40, 140), -1, cv2.LINE_AA)
    assert decided(picture, one.page)[one.id].decision != "empty"


def test_a_sharpened_hair_is_no_paraf() -> None:
    """What a scanner does to a hair it does to the rules of the frame."""
    one = paper.place("PARAF_PIHAK_KEDUA")
    picture = paper.printed(one.page).copy()
    cv2.polylines(picture, [_bow(*middle(one))], False, 20, 1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(picture, (0, 0), 2.0).astype(np.float32)
    sharp = soft + 5.0 * (soft - cv2.GaussianBlur(soft, (0, 0), 3.0))
    picture = np.clip(sharp, 0, 255).astype(np.uint8)
    assert decided(picture, one.page, "grey")[one.id].decision != "signed"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("colours", ["colour", "grey"])
def test_a_signature_that_runs_into_a_framed_stamp_hides_neither(colours: Colours) -> None:
    hand, one = paper.place("TTD_"), paper.place("STEMPEL_")
    picture = paper.printed(one.page).copy()
    x, y = middle(one)
    mark = np.full_like(picture, 255)
    _framed_stamp(mark, x - 10, y)
    picture = np.minimum(picture, np.where(mark < 200, 130, 255).astype(np.uint8))
    turns = np.arange(0, 14, 0.1)
    across, down = x - 420 + 20 * turns + 60 * np.cos(turns), y + 70 * np.sin(turns)
    loops = np.stack([across, down], axis=1).round().astype(np.int32)[:, None]
    cv2.polylines(picture, [loops], False, 20, 6, cv2.LINE_AA)
    if colours == "colour":
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
    found = decided(picture, one.page, colours)
    assert found[hand.id].decision == "signed"
    assert found[one.id].decision == "signed"


def test_a_framed_stamp_alone_signs_nothing_wherever_it_was_set() -> None:
    hand, one = paper.place("TTD_"), paper.place("STEMPEL_")
    for shift in (0, 50, 110):
        picture = paper.printed(one.page).copy()
        x, y = middle(one)
        _framed_stamp(picture, x - shift, y)
        assert decided(picture, one.page, "grey")[hand.id].decision != "signed"


def test_a_black_stamp_beside_blue_ink_is_a_stamp() -> None:
    hand, one = paper.place("TTD_"), paper.place("STEMPEL_")
    picture = coloured(one.page)
    x, y = middle(one)
    black = np.full(picture.shape[:2], 255, np.uint8)
    _round_stamp(black, x, y, 180)
    picture[black < 200] = (60, 60, 60)
    turns = np.arange(0, 14, 0.1)
    across, down = x - 400 + 16 * turns + 40 * np.cos(turns), y + 90 * np.sin(turns)
    loops = np.stack([across, down], axis=1).round().astype(np.int32)[:, None]
    cv2.polylines(picture, [loops], False, (30, 50, 160), 12, cv2.LINE_AA)
    found = decided(picture, one.page)
    assert found[one.id].decision == "signed"
    assert found[hand.id].decision == "signed"


def test_print_of_the_other_side_is_neither_stamp_nor_sticker() -> None:
    one = paper.place("STEMPEL_")
    picture = paper.printed(one.page).copy()
    back = np.full_like(picture, 255)
    for row in range(0, picture.shape[0], 50):
        text = "perjanjian kerja sama klinik pratama " * 4
        cv2.putText(back, text, (-row % 90, row), cv2.FONT_HERSHEY_COMPLEX, 1.2, 0, 3)
    soft = 255 - (255 - cv2.GaussianBlur(back[:, ::-1], (0, 0), 4).astype(np.float32)) * 0.45
    picture = (picture * (soft / 255)).astype(np.uint8)
    found = decided(picture, one.page, "grey")
    assert "signed" not in {found[place.id].decision for place in paper.pages().places(one.page)}


def test_the_edge_of_the_other_partys_sticker_is_no_line_of_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A signature over the sticker took its rim along, 3 mm beside an empty place."""
    theirs = paper.place("METERAI_PIHAK_KEDUA")
    left, bottom, right, top = theirs.rect
    sheet = coloured(theirs.page)
    (x0, y0), (x1, y1) = (paper.pixels(theirs.page, *at) for at in ((left, top), (right, bottom)))
    sheet[y0 + 4 : y1 - 4, x0 + 4 : x1 - 4] = (244, 190, 186)
    for at in range(y0 + 20, y1 - 20, 24):
        cv2.line(sheet, (x0 + 20, at), (x1 - 20, at), (214, 120, 122), 5)
    cv2.rectangle(sheet, (x0 + 7, y0 + 7), (x1 - 7, y1 - 7), (110, 30, 45), 8)

    def pen_over_the_rim(view: View, rect: Any, _stamps: Any) -> Any:
        pen = np.zeros(view.shape, bool)
        if rect == theirs.rect:
            x, y0, _, y1 = view.box(rect)
            pen[y0:y1, x : x + 9] = True
        return pen

    monkeypatch.setattr("pks_kit.scan.places.crossing", pen_over_the_rim)
    monkeypatch.setattr("pks_kit.scan.places.leaves", lambda _pen, _stickers: True)
    found = decided(sheet, theirs.page)
    assert found["METERAI_PIHAK_KEDUA"].decision == "signed"
    ours = found["TTD_PIHAK_KESATU"]
    assert (ours.decision, ours.reason) == ("empty", "no_ink")
