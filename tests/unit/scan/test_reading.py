"""Which sheet is which page: any order, turned, doubled, foreign, without a code."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from pks_kit.domain.page_code import format_cover_code
from pks_kit.domain.paper import PaperFacts
from pks_kit.domain.receipt import Receipt
from pks_kit.render.pdf.qr import qr_runs
from pks_kit.scan.alignment import LaidSheet, align
from pks_kit.scan.codes import CodesRead, read_all_codes, read_codes
from pks_kit.scan.issued import POINTS
from pks_kit.scan.pictures import sheets_of
from pks_kit.scan.reading import read_scan
from pks_kit.scan.simulated import encode
from support import paper_samples as paper
from support.paper_tampering import changed_digit

pytestmark = pytest.mark.slow


def read(*files: bytes, receipt: Receipt | None = None) -> PaperFacts:
    return read_scan(paper.issue().pdf, receipt or paper.issue().receipt, files)


def statuses(facts: PaperFacts) -> list[tuple[int | None, str]]:
    return [(one.page, one.status) for one in facts.pages]


def without_codes(number: int) -> Any:
    picture = paper.printed(number).copy()
    for left, bottom, right, top in paper.pages().page(number).sheet.codes:  # type: ignore[union-attr]
        x0, y1 = paper.pixels(number, left, bottom)
        x1, y0 = paper.pixels(number, right, top)
        cv2.rectangle(picture, (x0 - 8, y0 - 8), (x1 + 8, y1 + 8), 255, -1)
    return picture


def with_cover_code(picture: Any, side: int) -> None:
    """Put the code of a covering page on a sheet; ``side`` of its squares in pixels."""
    size, runs = qr_runs(format_cover_code(paper.issue().receipt.agreement_id))
    left, top = picture.shape[1] // 2 - size * side // 2, picture.shape[0] - (size + 8) * side
    margin, wide = 4 * side, size * side
    cv2.rectangle(
        picture, (left - margin, top - margin), (left + wide + margin, top + wide + margin), 255, -1
    )
    for row, column, length in runs:
        begin = left + column * side, top + row * side
        end = begin[0] + length * side - 1, begin[1] + side - 1
        cv2.rectangle(picture, begin, end, 0, -1)


def test_any_order_and_any_turn() -> None:
    files = [paper.scanned(paper.printed(3), turn=2), paper.scanned(paper.printed(1), turn=1)]
    facts = read(*files)
    assert statuses(facts) == [(3, "ok"), (1, "ok")]
    assert [one.turned for one in facts.pages] == [2, 1]
    assert facts.missing == tuple(
        one for one in range(1, paper.pages().count + 1) if one not in (1, 3)
    )
    assert all(one.residual_mm is not None and one.residual_mm < 0.1 for one in facts.pages)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_both_codes_are_read(dpi: int) -> None:
    (sheet,) = sheets_of([paper.scanned(paper.printed(2), dpi=dpi)])
    found = read_codes(sheet.grey, dpi)
    assert [one.code.page for one in found] == [2, 2]
    wide = sorted(one.side / dpi * 25.4 / 0.98 for one in found)
    assert wide == pytest.approx([11.0, 15.0], abs=0.4)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("angle", "turn"), [(0.0, 0), (1.5, 0), (-1.0, 1), (0.4, 3)])
def test_the_page_lies_where_it_was_put(angle: float, turn: int) -> None:
    (sheet,) = sheets_of([paper.scanned(paper.printed(1), angle=angle, turn=turn)])
    page = paper.pages().page(1)
    lying = align(page, LaidSheet(sheet.grey), read_codes(sheet.grey, 150))
    assert lying is not None
    height, width = paper.printed(1).shape
    put = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 0.98)
    small_height, small_width = round(height / 2), round(width / 2)
    for x in (70.0, 300.0, page.width - 70):
        for y in (70.0, 420.0, page.height - 70):
            seen = lying.pixels(x, y, 1, 1, 10_000)[0, 0]
            at = put @ np.array([x * 300 / POINTS, y * 300 / POINTS, 1]) / 2 - 0.5
            for _ in range(turn):
                at = np.array([at[1], small_width - 1 - at[0]])
                small_width, small_height = small_height, small_width
            if turn % 2:
                small_height, small_width = round(height / 2), round(width / 2)
            assert np.hypot(*(seen - at)) / 150 * 25.4 < 0.25


def test_a_page_that_came_twice_counts_once_the_better_one() -> None:
    rough, fine = (
        np.asarray(Image.open(io.BytesIO(paper.scanned(paper.printed(2), noise=noise))))
        for noise in (24, 3)
    )
    facts = read(encode.as_pdf([rough, fine], dpi=150, jpeg_quality=70))
    assert sorted(status for _, status in statuses(facts)) == ["double", "ok"]
    assert {one.scan_page for one in facts.places if one.page == 2} <= {1, 2}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("changed_first", [True, False])
@pytest.mark.parametrize("changed_is_rough", [True, False])
def test_a_changed_page_beside_an_unchanged_one_is_not_passed_over(
    changed_first: bool, changed_is_rough: bool
) -> None:
    value = next(
        one for one in paper.pages().values(2) if one.text.strip() and one.text[-1].isdigit()
    )
    altered = paper.printed(2).copy()
    changed_digit(altered, 2, value)
    sheets = [
        np.asarray(Image.open(io.BytesIO(paper.scanned(picture, noise=noise))))
        for picture, noise in (
            (altered, 18 if changed_is_rough else 3),
            (paper.printed(2), 3 if changed_is_rough else 18),
        )
    ]
    sheets = sheets if changed_first else sheets[::-1]
    facts = read(encode.as_pdf(sheets, dpi=150, jpeg_quality=70))
    changed = facts.pages[0 if changed_first else 1]
    taken = changed.status == "ok"
    assert taken or changed.status == "double_differs"
    assert bool(facts.changes) == taken


def test_a_page_that_was_sent_again_counts_even_if_it_lies_worse() -> None:
    box = paper.place("PARAF_PIHAK_KEDUA")
    first = paper.scanned(paper.printed(1))
    again = paper.scanned(paper.written(paper.printed(1), box), dpi=110, noise=8)
    facts = read(first, again, b"no picture")
    assert [(one.status, one.file, one.file_page) for one in facts.pages] == [
        ("replaced", 1, 1), ("ok", 2, 1), ("unreadable", 3, 1),
    ]  # fmt: skip
    assert {one.id: (one.decision, one.scan_page) for one in facts.places}[box.id] == ("signed", 2)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("is_one_file", [True, False])
def test_a_copy_that_lacks_ink_does_not_count_before_one_that_has_it(is_one_file: bool) -> None:
    """A facility sends everything again and forgets the pen on one page, or the whole of it."""
    box = paper.place("PARAF_PIHAK_KEDUA")
    signed = paper.scanned(paper.written(paper.printed(1), box), dpi=110, noise=8)
    plain = paper.scanned(paper.printed(1))
    for files in ([signed, plain], [plain, signed]):
        shown = [np.asarray(Image.open(io.BytesIO(one))) for one in files]
        facts = (
            read(encode.as_pdf(shown, dpi=150, jpeg_quality=80)) if is_one_file else read(*files)
        )
        at = files.index(signed)
        assert facts.pages[at].status == "ok"
        other = "replaced" if at and not is_one_file else "less_ink"
        assert facts.pages[1 - at].status == other
        (place,) = (one for one in facts.places if one.id == box.id)
        assert (place.decision, place.scan_page) == ("signed", at + 1)
        assert facts.changes == ()


def test_a_later_copy_without_ink_that_shows_something_else_is_a_finding() -> None:
    box = paper.place("PARAF_PIHAK_KEDUA")
    value = next(
        one for one in paper.pages().values(1) if one.text.strip() and one.text[-1].isdigit()
    )
    altered = paper.printed(1).copy()
    changed_digit(altered, 1, value)
    signed = paper.scanned(paper.written(paper.printed(1), box))
    facts = read(signed, paper.scanned(altered))
    assert statuses(facts) == [(1, "ok"), (1, "double_differs")]
    assert facts.changes == ()  # of the copy that counts
    # with the pen on it, it is what counts, and what was changed on it is told
    both = read(signed, paper.scanned(paper.written(altered, box)))
    assert statuses(both) == [(1, "replaced"), (1, "ok")]
    assert [one.kind for one in both.changes] == ["value"]
    # and so is what was changed on the copy that has the pen
    older = read(paper.scanned(paper.written(altered, box)), paper.scanned(paper.printed(1)))
    assert statuses(older) == [(1, "ok"), (1, "less_ink")]
    assert [one.kind for one in older.changes] == ["value"]


def test_sheets_know_their_place_in_their_file() -> None:
    one = encode.as_pdf([paper.printed(1)[::4, ::4], paper.printed(2)[::4, ::4]], dpi=75)
    sheets = list(sheets_of([b"no picture", one]))
    assert [(one.number, one.file, one.file_page) for one in sheets] == [
        (1, 1, 1), (2, 2, 1), (3, 2, 2),
    ]  # fmt: skip


def test_pages_of_other_issues_are_named() -> None:
    receipt = paper.issue().receipt
    other = receipt.model_copy(update={"edition": "00000000"})
    assert statuses(read(paper.scanned(paper.printed(1)), receipt=other)) == [(1, "other_edition")]
    other = receipt.model_copy(update={"agreement_id": "0" * 26})
    assert statuses(read(paper.scanned(paper.printed(1)), receipt=other)) == [
        (1, "other_agreement")
    ]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("at", [(260, 200), (700, 1800)])
@pytest.mark.parametrize("dpi", [150, 300])
def test_a_few_words_on_a_back_are_not_nothing(dpi: int, at: tuple[int, int]) -> None:
    back = np.full((3508, 2480), 250, np.uint8)
    cv2.putText(
        back, "Batal", at, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 2.2, 70, 5, cv2.LINE_AA
    )  # fmt: skip
    assert statuses(read(paper.scanned(back, dpi=dpi))) == [(None, "unreadable")]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("dpi", [150, 300])
def test_holes_staples_folds_and_shadows_on_a_back_are_nothing(dpi: int) -> None:
    back = np.full((3508, 2480), 250, np.uint8)
    for y in (1280, 2230):
        cv2.circle(back, (140, y), 35, 30, -1)
    cv2.line(back, (150, 110), (270, 170), 60, 9, cv2.LINE_AA)
    cv2.line(back, (0, 1754), (2479, 1760), 190, 4)
    cv2.rectangle(back, (2455, 0), (2479, 3507), 40, -1)
    rng = np.random.default_rng(3)
    for x, y in rng.integers(200, 2300, (40, 2)):
        cv2.circle(back, (int(x), int(y)), 4, 60, -1)
    assert statuses(read(paper.scanned(back, dpi=dpi))) == [(None, "blank")]


def test_backs_and_other_papers() -> None:
    back = np.full((3508, 2480), 250, np.uint8)
    rng = np.random.default_rng(7)
    other = np.where(rng.random((350, 248)) > 0.8, 30, 250).astype(np.uint8)
    other = cv2.resize(other, (2480, 3508), interpolation=cv2.INTER_NEAREST)
    facts = read(paper.scanned(back), paper.scanned(other), b"not a picture at all")
    assert [status for _, status in statuses(facts)] == ["blank", "unreadable", "unreadable"]


def test_a_page_without_a_code_is_known_by_picture_and_header() -> None:
    facts = read(paper.scanned(without_codes(4)))
    assert statuses(facts) == [(4, "ok_without_code")]


def test_a_page_with_the_code_of_a_covering_page_is_looked_at_all_the_same() -> None:
    """A changed page on which somebody put such a code was passed over."""
    picture = without_codes(2)
    with_cover_code(picture, 6)
    (sheet,) = sheets_of([paper.scanned(picture)])
    assert read_all_codes(sheet.grey, 150) == CodesRead(
        pages=[], covers=frozenset({paper.issue().receipt.agreement_id})
    )
    assert statuses(read(paper.scanned(picture))) == [(2, "ok_without_code")]


def test_a_covering_code_does_not_end_the_search_for_page_codes() -> None:
    """At 65 dpi a page code is read at the second try, the larger code at the first."""
    (sheet,) = sheets_of([paper.scanned(paper.printed(2), dpi=65)])
    grey = sheet.grey.copy()
    with_cover_code(grey, 3)
    read_here = read_all_codes(grey, 65)
    assert [one.code.page for one in read_here.pages] == [2]
    assert read_here.covers == {paper.issue().receipt.agreement_id}


def test_a_page_without_a_code_of_another_agreement_is_not_taken() -> None:
    """Its picture is the same; one digit of the number in its header is not."""
    picture = without_codes(4)
    values = [
        one for one in paper.pages().values(4)
        if one.path.endswith("nomor_pks") and one.rect[1] > 780
    ]  # fmt: skip
    digit, other = changed_digit(picture, 4, values[0])
    assert digit != other
    assert [status for _, status in statuses(read(paper.scanned(picture)))] == ["unreadable"]


def test_a_page_without_a_code_of_another_edition_is_not_taken() -> None:
    edition = paper.issue().receipt.edition
    word = next(
        one for one in paper.pages().words(4) if "".join(each.letter for each in one) == edition
    )
    x0, y1 = paper.pixels(4, word[0].box[0], word[0].box[1])
    x1, y0 = paper.pixels(4, word[-1].box[2], word[-1].box[3])
    picture = without_codes(4)
    picture[y0:y1, x0:x1] = picture[y0:y1, x0:x1][:, ::-1].copy()
    assert statuses(read(paper.scanned(picture))) == [(4, "unreadable")]


def test_two_pages_on_one_sheet() -> None:
    sheet = np.hstack([paper.printed(1), paper.printed(2)])
    assert sorted(statuses(read(paper.scanned(sheet)))) == [(1, "ok"), (2, "ok")]


def test_a_changed_digit_is_found_and_only_that() -> None:
    number = next(
        one for one in range(1, paper.pages().count + 1)
        if any(value.text[-1:].isdigit() for value in paper.pages().values(one))
    )  # fmt: skip
    value = next(one for one in paper.pages().values(number) if one.text[-1:].isdigit())
    clean = read(paper.scanned(paper.printed(number)))
    assert [one for one in clean.changes if one.kind in ("value", "disturbed")] == []
    picture = paper.printed(number).copy()
    _, other = changed_digit(picture, number, value)
    (found,) = (one for one in read(paper.scanned(picture)).changes if one.kind == "value")
    assert found.path == value.path
    assert found.issued == value.text
    assert found.read is not None
    assert found.read[-1] == other
