"""A torn picture is broken in every process, whatever other libraries allow."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageFile

from pks_kit.errors import SigningError
from pks_kit.pictures import open_picture
from pks_kit.scan.opening import opened
from pks_kit.signing.step.appearance import _decoded
from pks_kit.verification.file.sheet_pixels import measure_jpeg


def torn(kind: str) -> bytes:
    target = io.BytesIO()
    Image.effect_noise((200, 200), 60).save(target, kind)
    return target.getvalue()[: len(target.getvalue()) // 2]


@pytest.fixture(autouse=True)
def filled_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As WeasyPrint leaves Pillow."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_it_cannot_be_loaded(kind: str) -> None:
    with pytest.raises((OSError, SyntaxError)):
        open_picture(torn(kind), [kind]).load()


def test_it_is_no_sheet_of_a_scan() -> None:
    assert [open_it() for open_it in opened(torn("JPEG"))] == ["unreadable"]


def test_its_pixels_are_not_measured() -> None:
    with pytest.raises(OSError, match="truncated"):
        measure_jpeg(torn("JPEG"))


def test_it_is_no_meterai() -> None:
    with pytest.raises(SigningError) as caught:
        _decoded(torn("PNG"))
    assert caught.value.code == "meterai.image"
