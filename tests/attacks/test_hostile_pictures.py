"""Pictures that were made to break whoever opens them: bombs, torn files, nonsense in the middle.

Each becomes an ``unreadable`` sheet, or the guarded child ends and nothing is said of the paper;
no file is ever taken for a page, and none keeps anybody waiting.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pks_kit import VerifyRequest, verify
from pks_kit.domain.paper import PaperFacts
from pks_kit.errors import InputError, NotLookedError
from pks_kit.files import NamedFile
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.inside.paper import ReadPaper
from pks_kit.scan import opening
from pks_kit.scan.pictures import sheets_of
from pks_kit.scan.simulated import encode
from pks_kit.verification.limits import Limits
from support import paper_samples as paper

FAILURES = {"", "unreadable", "too_many_pixels"}


def png(wide: int, high: int, packed: bytes) -> bytes:
    """A PNG that tells a size and holds whatever was packed."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def tiff(**tags: int) -> bytes:
    """A TIFF of one strip whose tags tell what they like."""
    told = {256: 100, 257: 100, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 100, 279: 16}
    told.update({int(name[1:]): value for name, value in tags.items()})
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, told[tag]) for tag in sorted(told))
    return (
        b"II*\0" + struct.pack("<I", 24) + bytes(16)
        + struct.pack("<H", len(told)) + rows + struct.pack("<I", 24)  # the next one is itself
    )  # fmt: skip


def pdf(wide: int, high: int, data: bytes, filters: str = "", size: float = 595.0) -> bytes:
    """A PDF whose page is one picture that tells a size."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(size, size))
    stream = pikepdf.Stream(document, data)
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent = wide, high, 8
    stream.ColorSpace = pikepdf.Name.DeviceRGB
    if filters:
        stream.Filter = pikepdf.Name(filters)
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=stream))
    page.Contents = document.make_stream(b"q %f 0 0 %f 0 0 cm /I Do Q" % (size, size))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def nested(depth: int) -> bytes:
    """A PDF in which each form holds the next one twice."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    inner: Any = document.make_indirect(pikepdf.Stream(document, b"0 0 1 1 re f"))
    inner.Type, inner.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    inner.BBox = pikepdf.Array([0, 0, 595, 842])
    for _ in range(depth):
        outer: Any = document.make_indirect(pikepdf.Stream(document, b"/F Do /F Do"))
        outer.Type, outer.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        outer.BBox = inner.BBox
        outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
        inner = outer
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
    page.Contents = document.make_stream(b"/F Do")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


ZEROS = zlib.compress(bytes(5_000_000), 9)
JPX = b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(200)

BOMBS = {
    "png of 3.6 gigapixels": png(60_000, 60_000, ZEROS),
    "png below the limit with nothing in it": png(4_000, 4_000, b""),
    "tiff of 10 gigapixels": tiff(t256=100_000, t257=100_000),
    "tiff that is its own next page": tiff(),
    "tiff without a strip": tiff(t273=1 << 30),
    "tiff of an unknown packing": tiff(t259=34_925),
    "flate of 10 gigapixels": pdf(100_000, 100_000, ZEROS, "/FlateDecode"),
    "flate shorter than told": pdf(3_000, 3_000, zlib.compress(b"x"), "/FlateDecode"),
    "jpx of nothing": pdf(3_000, 3_000, JPX, "/JPXDecode"),
    "a page of five metres": pdf(10, 10, bytes(300), size=14_400.0),
    "a picture of no size": pdf(0, 0, b""),
}


def asked(*sent: bytes, limits: Limits | None = None) -> PaperFacts:
    looks = LooksInside() if limits is None else LooksInside(limits=limits)
    question = ReadPaper(cara_kontrak="manual")
    return looks.ask(question, paper.issue().pdf, paper.issue().receipt.to_json(), *sent)


@pytest.mark.slow
def test_bombs_are_no_pages_and_the_sheet_between_them_is_read() -> None:
    good = paper.scanned(paper.printed(2), dpi=150)
    facts = asked(*BOMBS.values(), good)
    *others, last = facts.pages
    assert (last.page, last.status) == (2, "ok")
    assert {one.status for one in others} <= {"unreadable", "blank"}
    assert {one.page for one in others} == {None}
    assert len(others) < len(BOMBS) + 4


@pytest.mark.slow
def test_what_takes_too_long_stops_the_child_and_nothing_is_said() -> None:
    with pytest.raises(NotLookedError) as told:
        asked(nested(60), limits=Limits().lasting(2))
    assert told.value.code == "pdf.not_looked"


def _mutated(content: bytes, rng: np.random.Generator) -> bytes:
    """One file with bytes changed, cut, doubled or set to what is often a limit."""
    data = bytearray(content)
    for _ in range(int(rng.integers(1, 6))):
        kind, at = int(rng.integers(5)), int(rng.integers(len(data)))
        if rng.random() < 0.5:
            at %= min(len(data), 400)  # heads and tags
        many = int(rng.integers(1, 9))
        if kind == 0:
            data[at : at + many] = rng.bytes(many)
        elif kind == 1:
            data[at : at + 4] = rng.choice([0, 1, 0x7F, 0xFF], 1).astype(np.uint8).tobytes() * 4
        elif kind == 2:
            del data[at : at + many * 7]
        elif kind == 3:
            data[at:at] = data[at : at + many * 11]
        else:
            del data[max(40, at) :]
        if len(data) < 20:
            return bytes(data)
    return bytes(data)


def _seeds() -> list[bytes]:
    grey = np.full((90, 64), 250, np.uint8)
    grey[10:40, 8:30] = 20
    red = np.dstack([grey, grey // 2, grey // 3])
    two = np.where(grey > 127, 255, 0).astype(np.uint8)
    palette = io.BytesIO()
    Image.fromarray(red).convert("P").save(palette, "PNG")
    return [
        encode.as_jpeg(red), encode.as_png(grey), palette.getvalue(),
        encode.as_tiff([red, two]), encode.as_tiff([two, two]),
        encode.as_pdf([red, grey], dpi=72, jpeg_quality=70),
        encode.as_pdf([two], dpi=72, jpeg_quality=None),
    ]  # fmt: skip


def test_no_broken_picture_breaks_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_PIXELS", 2_000_000)  # what lies is told sooner
    rng = np.random.default_rng(13)
    seeds, opened, failed = _seeds(), 0, 0
    for number in range(210):
        broken = _mutated(seeds[number % len(seeds)], rng)
        for sheet in sheets_of([broken]):
            assert sheet.failure in FAILURES
            assert sheet.grey.ndim == 2
            assert sheet.grey.dtype == np.uint8
            assert sheet.seen.shape[:2] == sheet.grey.shape
            opened += not sheet.failure
            failed += bool(sheet.failure)
    assert opened > 40
    assert failed > 40


def test_further_files_are_held_to_the_same_limits() -> None:
    scan = paper.scanned(paper.printed(2), dpi=72)
    limits = Limits(file_bytes=len(paper.issue().pdf) + 1000)
    large = NamedFile("dua.jpg", bytes(limits.file_bytes + 1))
    with pytest.raises(InputError) as told:
        verify(
            VerifyRequest(
                pdf=NamedFile("satu.jpg", scan), more=(large,),
                issued=paper.issue().pdf, receipt=paper.issue().receipt.to_json(), limits=limits,
            )
        )  # fmt: skip
    assert told.value.code == "file.too_large"
    assert "dua.jpg" in str(told.value.params)
