"""Files of scans hold the pictures."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pks_kit.scan.simulated.encode import as_jpeg, as_pdf, as_png, as_tiff, through_jpeg
from pks_kit.scan.simulated.printed import rendered

DPI = 144


def picture(colour: bool = False) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    grey = np.full((200, 302), 255, dtype=np.uint8)
    grey[20:60, 30:200] = 0
    grey[100:103, 7:290] = 0
    return np.dstack([grey, grey, np.full_like(grey, 200)]) if colour else grey


def shown(pdf: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return rendered(pdf, 1, dpi=DPI).pixels


def test_g4_is_black_on_white_and_exact() -> None:
    pdf = as_pdf([picture()], dpi=DPI, jpeg_quality=None)
    assert (shown(pdf) == picture()).all()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        image = opened.pages[0].Resources.XObject.Im0
        assert image.Filter == "/CCITTFaxDecode"
        assert opened.pages[0].mediabox[2] == 151


@pytest.mark.parametrize("colour", [False, True])
def test_jpeg_pages_look_like_the_picture(colour: bool) -> None:
    found = shown(as_pdf([picture(colour)], dpi=DPI, jpeg_quality=90))
    assert found.shape == picture(colour).shape
    assert abs(found.astype(int) - picture(colour)).mean() < 4


def test_one_resolution_for_each_page() -> None:
    pdf = as_pdf([picture(), picture()], dpi=[72, 144], jpeg_quality=80)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert [float(one.mediabox[2]) for one in opened.pages] == [302, 151]


def test_single_pictures() -> None:
    with Image.open(io.BytesIO(as_png(picture(), 150))) as png:
        assert (np.array(png) == picture()).all()
    with Image.open(io.BytesIO(as_jpeg(picture(True), 70, 150))) as jpeg:
        assert (jpeg.size, jpeg.info["dpi"]) == ((302, 200), (150, 150))
    assert abs(through_jpeg(picture(), 60).astype(int) - picture()).mean() < 4


def test_tiff_of_several_pages() -> None:
    with Image.open(io.BytesIO(as_tiff([picture(), picture(True)], 200))) as tiff:
        assert tiff.n_frames == 2
        assert tiff.info["compression"] == "group4"
        assert (np.array(tiff.convert("L")) == picture()).all()
        tiff.seek(1)
        assert (np.array(tiff) == picture(True)).all()
