"""The programs of fonts: byte for byte what fontTools makes, without it."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from pks_kit.render.fonts import FACES, SERIF_FACES, Face, metrics
from pks_kit.render.pdf.font_subset import subset_program

TABLES = frozenset({"GlyphOrder", "glyf", "head", "hhea", "hmtx", "loca", "maxp"})


def of_font_tools(face: Face, glyphs: frozenset[int]) -> bytes:
    """Return what the subsetter makes, as versions before 0.3 embedded it."""
    font = TTFont(face.path, recalcTimestamp=False)
    for table in set(font.keys()) - TABLES - {"cmap", "post"}:
        del font[table]
    options = Options(
        retain_gids=True,
        hinting=False,
        notdef_outline=True,
        glyph_names=False,
        recalc_timestamp=False,
    )
    subsetter = Subsetter(options)
    subsetter.populate(gids=sorted(glyphs))
    subsetter.subset(font)
    for table in set(font.keys()) - TABLES:
        del font[table]
    output = BytesIO()
    font.save(output, reorderTables=True)
    return output.getvalue()


def test_a_subset_keeps_glyph_numbers_and_widths() -> None:
    face = SERIF_FACES[0]
    glyph = metrics(face).glyphs[ord("é")]
    font = TTFont(BytesIO(subset_program(face, frozenset({glyph}))))
    name = font.getGlyphOrder()[glyph]
    assert font["glyf"][name].numberOfContours != 0
    assert font["hmtx"][name][0] == metrics(face).advances[glyph]
    other = font.getGlyphOrder()[metrics(face).glyphs[ord("Q")]]
    assert font["glyf"][other].numberOfContours == 0


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.postscript_name)
def test_the_bytes_are_those_of_font_tools(face: Face) -> None:
    count = len(metrics(face).advances)
    dice = random.Random(face.postscript_name)  # noqa: S311 - no secret
    wanted = [dice.sample(range(count), size) for size in (0, 1, 2, 5, 40, 130)]
    for glyphs in map(frozenset, [*wanted, range(count)]):
        assert subset_program(face, glyphs) == of_font_tools(face, glyphs)
