"""One font program per face, ours only."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from pks_kit.render.fonts import ALLOWED_FONTS, FACES, unprintable
from pks_kit.render.pdf.font_merge import read_to_unicode, to_unicode_map
from support.pdf_samples import finished


def test_every_face_has_its_file() -> None:
    for face in FACES:
        names = TTFont(face.path)["name"]
        assert names.getDebugName(6) == face.postscript_name


def test_one_program_per_face() -> None:
    with pikepdf.open(BytesIO(finished())) as pdf:
        names = [str(one.FontName).partition("+")[2] for one in pdf.objects if is_descriptor(one)]
    assert len(names) == len(set(names))
    assert set(names) <= ALLOWED_FONTS
    assert "SourceSerifPro-Regular" in names


def is_descriptor(one: pikepdf.Object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"


def test_text_maps_can_be_read_back() -> None:
    texts = {number: chr(number) for number in range(65, 300)} | {7: "fi"}
    assert dict(read_to_unicode(to_unicode_map(texts))) == texts


@pytest.mark.parametrize("text", ["Ruang \u00a0 biasa\nbaris", "naïve Ł “x”"])
def test_printable(text: str) -> None:
    assert unprintable(text) == ""
