"""Font files: what fontTools reads of them."""

from __future__ import annotations

import struct

import pytest
from fontTools.ttLib import TTFont

from pks_kit.render.font_file import FontFile, numbers
from pks_kit.render.fonts import FACES, Face, font_file


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.postscript_name)
def test_everything_that_is_read(face: Face) -> None:
    ours, theirs = font_file(face), TTFont(face.path)
    order = theirs.getGlyphOrder()
    best = {code: theirs.getGlyphID(name) for code, name in theirs.getBestCmap().items()}
    head, hhea = theirs["head"], theirs["hhea"]
    assert ours.glyphs() == best
    assert ours.metrics == [theirs["hmtx"][name] for name in order]
    assert ours.places.tolist() == list(theirs["loca"])
    assert ours.box == (head.xMin, head.yMin, head.xMax, head.yMax)
    assert (ours.units, ours.ascent, ours.descent) == (head.unitsPerEm, hhea.ascent, hhea.descent)
    assert ours.cap_height == theirs["OS/2"].sCapHeight
    assert ours.italic_angle == theirs["post"].italicAngle


@pytest.mark.parametrize("face", FACES[:1], ids=lambda face: face.postscript_name)
def test_every_kind_of_character_map(face: Face) -> None:
    """The fullest map is taken; both kinds say the same of the characters that they share."""
    whole = font_file(face)
    kinds = {table.format: table for table in TTFont(face.path)["cmap"].tables}
    for table in kinds.values():
        if table.format in (4, 12):
            alone = TTFont(face.path)
            alone["cmap"].tables = [table]
            part = FontFile(b"\0\1\0\0\0\1" + bytes(6) + _entry(alone["cmap"].compile(alone)))
            known = part.glyphs()
            assert known
            assert known.items() <= whole.glyphs().items()


def _entry(table: bytes) -> bytes:
    return b"cmap" + struct.pack(">3I", 0, 28, len(table)) + table


def test_a_font_without_unicode_is_told() -> None:
    table = struct.pack(">2H2HI", 0, 1, 1, 0, 12)
    with pytest.raises(KeyError):
        FontFile(b"\0\1\0\0\0\1" + bytes(6) + _entry(table)).glyphs()


def test_numbers_are_big_endian() -> None:
    assert numbers("H", b"\1\2\0\3").tolist() == [258, 3]
