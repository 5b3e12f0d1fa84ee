"""Receipts of the first printed page are completed: every place a hand used is known."""

from __future__ import annotations

import io
import lzma
import tarfile
from pathlib import Path

import pypdfium2
import pytest

from pks_kit.domain.page_code import format_page_code
from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.domain.rect import Rect
from pks_kit.render.pdf.first_layout import completed
from pks_kit.render.pdf.qr import qr_matrix

HERE = Path(__file__).parent / "v1"


def issued(area: str) -> tuple[Receipt, bytes]:
    content = lzma.decompress((HERE / f"{area}.tar.xz").read_bytes())
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        files = {
            Path(one.name).name: tar.extractfile(one).read()  # type: ignore[union-attr]
            for one in tar.getmembers()
            if one.isfile() and Path(one.name).parent.name == "terbit"
        }
    receipt = next(text for name, text in files.items() if name.endswith(".receipt.json"))
    pdf = next(text for name, text in files.items() if name.endswith(".pdf"))
    return parse_receipt(receipt, area), pdf


def full(area: str) -> tuple[Receipt, bytes]:
    receipt, pdf = issued(area)
    return completed(receipt, area, pdf), pdf  # type: ignore[arg-type]


def dark(picture: object, rect: Rect, height: float, scale: float) -> float:
    """Return how dark the darkest point of a rectangle is."""
    left, bottom, right, top = rect
    box = (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
    area = picture.crop(tuple(int(one) for one in box))  # type: ignore[attr-defined]
    return 255.0 - area.getextrema()[0]


@pytest.mark.parametrize("area", ["digital", "manual"])
def test_every_place_of_a_hand_is_told_where_the_page_prints_it(area: str) -> None:
    receipt, pdf = full(area)
    assert receipt.format == "pks-kit-receipt/1"
    assert (receipt.edition, receipt.critical, receipt.words_sha256) == (None, None, None)
    pens = [one for one in receipt.places if one.medium == "pen"]
    signed = [one for one in pens if one.kind == "tanda_tangan"]
    assert signed
    assert 0 < sum(one.kind == "stempel" for one in pens) <= len(signed)
    assert len([one for one in pens if one.kind == "tanggal"]) == len(signed)
    with pypdfium2.PdfDocument(pdf) as document:
        for one in pens:
            if one.kind not in ("stempel", "tanggal"):
                continue
            page = document[one.page - 1]
            words = page.get_textpage()
            left, bottom, right, top = one.rect
            said = words.get_text_bounded(left=left, bottom=bottom, right=right, top=top)
            assert ("stempel" if one.kind == "stempel" else "...") in said, one.name


def test_an_electronic_place_has_neither_stamp_nor_date_nor_pen() -> None:
    receipt, _ = full("elektronik")
    assert {one.medium for one in receipt.places} == {"electronic"}
    assert {one.kind for one in receipt.places} <= {"tanda_tangan", "meterai"}


@pytest.mark.parametrize("area", ["digital", "elektronik", "manual"])
def test_codes_and_initials_stand_where_the_completed_receipt_says(area: str) -> None:
    receipt, pdf = full(area)
    assert receipt.sheets is not None
    scale = 200 / 72
    with pypdfium2.PdfDocument(pdf) as document:
        for sheet in receipt.sheets:
            number = sheet.pages[0][0]
            page = document[number - 1]
            picture = page.render(scale=scale, grayscale=True).to_pil()
            (code,) = sheet.codes
            matrix = qr_matrix(format_page_code(receipt.agreement_id, None, number, receipt.pages))
            module = (code[2] - code[0]) / len(matrix)
            for row in range(len(matrix)):
                for column in range(len(matrix)):
                    x = code[0] + (column + 0.5) * module
                    y = page.get_height() - code[3] + (row + 0.5) * module
                    seen = picture.getpixel((int(x * scale), int(y * scale))) < 128
                    assert seen == matrix[row][column]
            for box in sheet.initials:
                left, bottom, _, top = box.rect
                edge = (left - 1, bottom + 5, left + 1, top - 5)
                assert dark(picture, edge, page.get_height(), scale) > 80
            assert [kind for kind, *_ in receipt.places_on(number)].count("paraf") == 2


def test_a_receipt_of_today_is_left_alone() -> None:
    receipt, _ = issued("manual")
    today = receipt.model_copy(update={"format": "pks-kit-receipt/2", "layout": 2})
    assert completed(today, "manual", b"") is today
