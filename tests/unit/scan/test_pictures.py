"""Sheets out of files: every usual kind, the right way up, and nothing that breaks the reading."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pks_kit.domain.paper import MOST_SHEETS
from pks_kit.errors import InputError
from pks_kit.scan import opening, pictures
from pks_kit.scan.pictures import Sheet, sheets_of
from pks_kit.scan.simulated import encode


def _drawn() -> Any:
    """A sheet that looks otherwise from every side: dark corner, light bar."""
    grey = np.full((340, 240), 250, np.uint8)
    grey[20:120, 20:60] = 10
    grey[300:320, 40:220] = 130
    return grey


GREY = Image.fromarray(_drawn())
TWO = GREY.point(lambda value: 255 if value > 200 else 0).convert("1", dither=Image.Dither.NONE)
RED = Image.merge("RGB", (GREY, GREY.point(lambda v: v // 2), GREY.point(lambda v: v // 3)))


def saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **how)
    return target.getvalue()


def one(content: bytes) -> Sheet:
    (sheet,) = sheets_of([content])
    return sheet


def seen_through() -> Image.Image:
    """Grey with nothing at all where it is light."""
    return Image.merge("LA", (GREY, GREY.point(lambda value: 0 if value > 200 else 255)))


def wide() -> Image.Image:
    return Image.fromarray(_drawn().astype(np.uint16) * 257)


@pytest.mark.parametrize(
    ("content", "colours"),
    [
        (saved(RED, "JPEG", quality=95), "colour"),
        (saved(GREY, "JPEG", quality=95), "grey"),
        (saved(RED.convert("CMYK"), "JPEG", quality=95), "colour"),
        (saved(RED, "MPO", save_all=True, append_images=[RED.resize((60, 85))]), "colour"),
        (saved(GREY, "PNG"), "grey"),
        (saved(wide(), "PNG"), "grey"),
        (saved(wide(), "TIFF"), "grey"),
        (saved(Image.fromarray(_drawn().astype(np.float32) / 255), "TIFF"), "grey"),
        (saved(seen_through(), "PNG"), "grey"),
        (saved(RED.convert("P", palette=Image.Palette.ADAPTIVE), "PNG"), "colour"),
        (saved(GREY, "PNG", transparency=250), "grey"),
        (saved(TWO, "PNG"), "bilevel"),
        (saved(TWO, "TIFF", compression="group4"), "bilevel"),
        (saved(RED, "TIFF", compression="jpeg"), "colour"),
        (saved(RED.convert("LAB"), "TIFF"), "colour"),
        (saved(RED, "PDF", resolution=90), "colour"),
        (saved(TWO, "PDF", resolution=90), "bilevel"),
    ],
)
def test_every_usual_kind_shows_the_same_sheet(content: bytes, colours: str) -> None:
    sheet = one(content)
    assert (sheet.failure, sheet.colours) == ("", colours)
    assert np.allclose(sheet.grey.shape, (340, 240), atol=1)
    assert sheet.grey[60, 40] < 40 < 90 < sheet.grey[200, 120]
    assert sheet.grey[310, 200] < sheet.grey[200, 120] - 40


@pytest.mark.parametrize("stored", range(1, 9))
def test_a_camera_that_was_held_otherwise(stored: int) -> None:
    turned = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = stored
    picture = GREY.transpose(turned[stored]) if stored in turned else GREY
    for kind in ("JPEG", "TIFF", "PNG"):
        sheet = one(saved(picture, kind, exif=exif))
        assert np.abs(sheet.grey.astype(int) - _drawn()).mean() < 2


def test_all_pages_of_a_tiff_and_of_a_pdf_that_pillow_wrote() -> None:
    files = [
        encode.as_tiff([np.array(RED), _drawn(), np.array(TWO.convert("L"))]),
        saved(RED, "PDF", resolution=90, save_all=True, append_images=[GREY]),
        saved(GREY, "PNG"),
    ]
    sheets = list(sheets_of(files))
    assert [(one.number, one.file, one.file_page) for one in sheets] == [
        (1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 2, 1), (5, 2, 2), (6, 3, 1),
    ]  # fmt: skip
    assert [one.colours for one in sheets] == [
        "colour", "grey", "bilevel", "colour", "grey", "grey",
    ]  # fmt: skip


def pdf_of(strips: int = 1, turn: int = 0, inside_form: bool = False) -> bytes:
    """A page of 4 x 5.67 inches, its picture in strips as some scanners write it."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(288, 408))
    drawn, found = b"", {}
    for number in range(strips):
        high = 340 // strips
        part = GREY.crop((0, number * high, 240, (number + 1) * high))
        stream = pikepdf.Stream(pdf, part.tobytes())
        stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        stream.Width, stream.Height, stream.BitsPerComponent = 240, high, 8
        stream.ColorSpace = pikepdf.Name.DeviceGray
        found[f"I{number}"] = pdf.make_indirect(stream)
        up = 408 - (number + 1) * 408 / strips
        drawn += b"q 288 0 0 %f 0 %f cm /I%d Do Q\n" % (408 / strips, up, number)
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(**found))
    if inside_form:
        form = pikepdf.Stream(pdf, b"q .5 0 0 .5 0 0 cm\n" + drawn + b"Q")
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox, form.Resources = pikepdf.Array([0, 0, 288, 408]), page.Resources
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=pdf.make_indirect(form)))
        drawn = b"q 2 0 0 2 0 0 cm /F Do Q"
    page.Contents = pdf.make_stream(drawn)
    page.Rotate = turn
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


@pytest.mark.parametrize("strips", [1, 4])
@pytest.mark.parametrize("inside_form", [False, True])
def test_strips_and_forms_are_drawn_as_finely_as_they_were_scanned(
    strips: int, inside_form: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_COARSEST", 30.0)
    assert np.allclose(one(pdf_of(strips, 0, inside_form)).grey.shape, (340, 240), atol=2)


@pytest.mark.parametrize(("turn", "dark"), [(90, (40, 280)), (180, (280, 200)), (270, (200, 60))])
def test_a_page_is_shown_as_the_file_turns_it(
    turn: int, dark: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_COARSEST", 30.0)
    assert one(pdf_of(turn=turn)).grey[dark] < 40


def test_large_pictures_are_made_smaller_and_black_and_white_stays_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening, "_LONGEST", 200)
    for content, colours in (
        (saved(RED, "JPEG", quality=95), "colour"), (saved(RED, "PNG"), "colour"),
        (saved(GREY, "PNG"), "grey"), (saved(TWO, "TIFF", compression="group4"), "bilevel"),
    ):  # fmt: skip
        sheet = one(content)
        assert sheet.grey.shape == (170, 120)
        assert sheet.colours == colours
        assert sheet.grey[30, 20] < 40


def test_what_cannot_be_opened_is_a_failure_and_the_rest_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening, "MOST_PIXELS", 100_000)
    good = saved(GREY, "PNG")
    large = Image.new("L", (400, 300))
    torn = saved(GREY.resize((200, 200)), "TIFF", save_all=True, append_images=[TWO])
    files = [
        good, good[:200], b"", b"%PDF-1.7\nnothing", saved(large, "PNG"),
        saved(large, "PDF", resolution=90), torn[: len(torn) - 40], good,
    ]  # fmt: skip
    told = [(sheet.file, sheet.failure) for sheet in sheets_of(files)]
    assert told[:6] == [
        (1, ""), (2, "unreadable"), (3, "unreadable"), (4, "unreadable"),
        (5, "too_many_pixels"), (6, "too_many_pixels"),
    ]  # fmt: skip
    assert told[-2][0] == 7
    assert told[-2][1] == "unreadable"
    assert told[-1] == (8, "")


def test_sheets_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_SHEETS", 2)
    small = saved(GREY.resize((24, 34)), "PNG")
    with pytest.raises(InputError) as told:
        list(sheets_of([small] * 3))
    assert told.value.code == "paper.too_many_sheets"
    assert MOST_SHEETS >= 1000
