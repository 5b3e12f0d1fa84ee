"""Issued files with the second printed page: receipt, edition, codes and pages belong together."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from golden.golden_files import AREAS, DAY, EXPECTED, Golden, answer
from pks_kit.domain.page_code import parse_page_code
from pks_kit.domain.page_words import squeezed
from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.domain.rect import Rect

NEW = [(version, area) for version, area in AREAS if version != "v1"]
POINTS_OFF = 1.0


class Issued:
    """An issued file and its receipt."""

    def __init__(self, golden: Golden, version: str, area: str) -> None:
        self.expected = EXPECTED[version][area]
        folder = golden(version, area)
        self.path = folder / self.expected["issued"]
        self.receipt: Receipt = parse_receipt(
            (folder / self.expected["receipt"]).read_bytes(), "receipt"
        )

    def pages(self) -> Iterator[tuple[int, Any]]:
        with pypdfium2.PdfDocument(self.path) as document:
            yield from enumerate(document, start=1)


@pytest.fixture
def issued(version: str, area: str, golden: Golden) -> Issued:
    return Issued(golden, version, area)


def near(one: Rect, other: Rect) -> bool:
    return all(abs(a - b) < POINTS_OFF for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(("version", "area"), NEW)
def test_the_receipt_says_what_it_said(issued: Issued) -> None:
    facts, receipt = issued.expected["receipt_facts"], issued.receipt
    assert (receipt.format, receipt.layout) == ("pks-kit-receipt/2", 2)
    assert (receipt.edition, receipt.agreement_id, receipt.profile, receipt.pages) == tuple(
        facts[name] for name in ("edition", "agreement_id", "profile", "pages")
    )
    kinds = Counter((one.kind, one.medium) for one in receipt.places)
    assert sorted([*key, count] for key, count in kinds.items()) == facts["kinds"]
    assert receipt.sheets is not None
    assert receipt.critical is not None
    sheets = [
        [one.width, one.height, [list(run) for run in one.pages], len(one.initials)]
        for one in receipt.sheets
    ]
    assert sheets == facts["sheets"]
    assert len(receipt.critical) == facts["critical"]


@pytest.mark.parametrize(("version", "area"), NEW)
def test_sheets_are_those_of_the_pages(issued: Issued) -> None:
    assert issued.receipt.sheets is not None
    told = {
        number: (one.width, one.height)
        for one in issued.receipt.sheets
        for first, last in one.pages
        for number in range(first, last + 1)
    }
    seen = {number: page.get_size() for number, page in issued.pages()}
    assert told.keys() == seen.keys()
    for number, size in seen.items():
        assert size == pytest.approx(told[number], abs=0.1)


@pytest.mark.parametrize(("version", "area"), NEW)
def test_only_electronic_places_are_fields_and_where_the_receipt_says(issued: Issued) -> None:
    signed = {
        one.name: one
        for one in issued.receipt.places
        if (one.kind, one.medium) == ("tanda_tangan", "electronic")
    }
    with pikepdf.open(issued.path) as pdf:
        pages = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        form = pdf.Root.get("/AcroForm")
        fields = {str(one.T): one for one in form.Fields} if form is not None else {}
        assert fields.keys() == signed.keys()
        for name, field in fields.items():
            assert pages[field.P.objgen] == signed[name].page
            assert near(tuple(float(one) for one in field.Rect), signed[name].rect)  # type: ignore[arg-type]


FRAME = ("left", "right", "bottom", "top")
EDGES = {
    "tanda_tangan": FRAME[1:],  # on the left the pen crosses the frame of the meterai
    "meterai": FRAME,
    "stempel": FRAME[1:],  # inside the frame of the signature, with ticks outside it
    "tanggal": ("bottom",),
    "paraf": FRAME,
}


@pytest.mark.parametrize(("version", "area"), NEW)
def test_places_of_the_pen_are_printed_where_the_receipt_says(issued: Issued) -> None:
    """A frame, ticks in the four corners for a stempel, the line under a date."""
    looked: Counter[str] = Counter()
    for number, page in issued.pages():
        pens = [one for one in issued.receipt.places_on(number) if one[1] == "pen"]
        if not pens:
            continue
        seen = Seen(page)
        for kind, _, party, rect in pens:
            strips = edges(rect)
            for name in EDGES[kind]:
                assert seen.drawn(strips[name]) > 0.9, (number, kind, party, name)
            if kind == "stempel":
                assert all(seen.drawn(one) > 0.9 for one in ticks(rect)), (number, party)
            looked[kind] += 1
    told = Counter(one.kind for one in issued.receipt.places if one.medium == "pen")
    assert {kind: looked[kind] for kind in told} == told


class Seen:
    """A page as a picture that is looked at in PDF points."""

    scale = 200 / 72

    def __init__(self, page: Any) -> None:
        self.height = page.get_height()
        self.picture = page.render(scale=self.scale, grayscale=True).to_pil()

    def drawn(self, strip: Rect) -> float:
        """Return how much of the length of a strip has ink across it, from 0 to 1."""
        left, bottom, right, top = strip
        box = (left, self.height - top, right, self.height - bottom)
        area = self.picture.crop(tuple(round(one * self.scale) for one in box))
        lying = area.width > area.height
        along = area.resize((area.width, 1) if lying else (1, area.height), Image.Resampling.BOX)
        return sum(one < 250 for one in along.tobytes()) / max(along.size)


def edges(rect: Rect) -> dict[str, Rect]:
    """Return strips of 2 points around the edges of a rectangle, without its corners."""
    left, bottom, right, top = rect
    return {
        "left": (left - 1, bottom + 2, left + 1, top - 2),
        "right": (right - 1, bottom + 2, right + 1, top - 2),
        "bottom": (left + 2, bottom - 1, right - 2, bottom + 1),
        "top": (left + 2, top - 1, right - 2, top + 1),
    }


def ticks(rect: Rect) -> list[Rect]:
    """Return strips outside a rectangle, above and below its corners."""
    left, bottom, right, top = rect
    return [(x - 0.8, y, x + 0.8, y + 3) for x in (left, right) for y in (top + 1.5, bottom - 4.5)]


@pytest.mark.parametrize(("version", "area"), NEW)
def test_critical_values_stand_where_the_receipt_says(issued: Issued) -> None:
    assert issued.receipt.critical
    for number, page in issued.pages():
        words = page.get_textpage()
        for one in issued.receipt.critical:
            if one.page != number:
                continue
            left, bottom, right, top = one.rect
            there = words.get_text_bounded(
                left=left - 1, bottom=bottom - 1, right=right + 1, top=top + 1
            )
            assert squeezed(one.text) in squeezed(there), (number, one.path)


@pytest.mark.parametrize(("version", "area"), NEW)
def test_the_words_of_every_page_have_the_hash_of_the_receipt(issued: Issued) -> None:
    hashes = [
        hashlib.sha256(
            squeezed(page.get_textpage().get_text_range()).encode("utf-8", "replace")
        ).hexdigest()
        for _, page in issued.pages()
    ]
    assert tuple(hashes) == issued.receipt.words_sha256


@pytest.mark.parametrize(("version", "area"), NEW)
def test_one_edition_in_name_receipt_and_both_codes_of_a_page(
    issued: Issued,
) -> None:
    receipt = issued.receipt
    assert receipt.edition is not None
    assert issued.path.stem.endswith(f"-{receipt.edition.lower()}")
    for number, page in issued.pages():
        picture = page.render(scale=150 / 72, grayscale=True).to_pil()
        found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        codes = [parse_page_code(one.text) for one in found]
        assert len(codes) == 2, number
        for one in codes:
            assert one.same_issue(receipt.agreement_id, receipt.edition) is True
            assert (one.page, one.pages) == (number, receipt.pages)


@pytest.mark.usefixtures("of_then")
def test_an_addendum_is_drafted_again_as_it_was(golden: Golden, tmp_path: Path) -> None:
    """By the same programs and parameters the same bytes; else another edition, the same words.

    A parameter that came later is a part of the edition, also where no page shows it.
    """
    issued = Issued(golden, "v2", "addendum")
    done = answer(golden("v2", "addendum"), f"{DAY['addendum']}T08:00:00+07:00", "addendum",
                  "addendum.yml", "--format", "pdf", "-o", tmp_path)  # fmt: skip
    again = Path(done["files"]["pdf"])
    other = parse_receipt(Path(done["files"]["receipt"]).read_bytes(), "receipt").edition
    if other == issued.receipt.edition:
        assert again.read_bytes() == issued.path.read_bytes()
        return
    with pypdfium2.PdfDocument(again) as document:
        words = [squeezed(page.get_textpage().get_text_range()) for page in document]
    before = [squeezed(page.get_textpage().get_text_range()) for _, page in issued.pages()]
    assert [one.replace(str(other), str(issued.receipt.edition)) for one in words] == before
