"""Fonts as the writer writes them, each made once per process and set of glyphs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pks_kit.pdf.prefix.base import FontPart
from pks_kit.render.fonts import SANS_FACES, Face, metrics
from pks_kit.render.pdf.file_writer import PdfFile, packed_well
from pks_kit.render.pdf.font_merge import (
    FaceCollection,
    descriptor_flags,
    stem_width,
    subset_name,
    to_unicode_map,
    width_runs,
)
from pks_kit.render.pdf.font_subset import subset_program


@dataclass(frozen=True, slots=True, kw_only=True)
class _Font:
    """One face, ready to be written.

    Attributes:
        name: Name with the prefix of the subset.
        program: The font program, deflated.
        length: Its length before.
        texts: Map from glyphs to text, deflated.
        told: Length of the map before.
        widths: Operand of ``/W``.
    """

    name: str
    program: bytes
    length: int
    texts: bytes
    told: int
    widths: str


@lru_cache(maxsize=64)
def _font(face: Face, texts: frozenset[tuple[int, str]]) -> _Font:
    known = dict(texts)
    program = subset_program(face, frozenset(known))
    runs = width_runs(metrics(face).advances, known)
    told = to_unicode_map(known)
    return _Font(
        name=subset_name(face, program),
        program=packed_well(program),
        length=len(program),
        texts=packed_well(told),
        told=len(told),
        widths="".join(f"{first}[{' '.join(map(str, run))}]" for first, run in runs),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFonts:
    """The fonts of a file.

    Attributes:
        shared: Number of the dictionary that pages share.
        for_boxes: Those in which a signature box may be set; none, or two.
    """

    shared: int
    for_boxes: tuple[FontPart, ...]


def write_fonts(file: PdfFile, faces: FaceCollection) -> WrittenFonts:
    """Write the fonts of a file."""
    texts = {face: frozenset(one.items()) for face, one in faces.texts().items()}
    numbers = {face: _write(file, face, one) for face, one in texts.items()}
    entries = "".join(f"/{face.postscript_name} {one} 0 R" for face, one in numbers.items())
    wanted = [face for face in SANS_FACES[:2] if face in numbers]
    return WrittenFonts(
        shared=file.add(f"<<{entries}>>"),
        for_boxes=tuple(_for_boxes(numbers[face], face, texts[face]) for face in wanted)
        if len(wanted) == 2
        else (),
    )


def _for_boxes(number: int, face: Face, texts: frozenset[tuple[int, str]]) -> FontPart:
    letters, glyphs, widths = _letters(face, texts)
    return FontPart(number=number, letters=letters, glyphs=glyphs, widths=widths)


@lru_cache(maxsize=64)
def _letters(
    face: Face, texts: frozenset[tuple[int, str]]
) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    advances = metrics(face).advances
    known = sorted((glyph, text) for glyph, text in texts if len(text) == 1 and text <= "\uffff")
    glyphs = tuple(glyph for glyph, _ in known)
    return "".join(text for _, text in known), glyphs, tuple(advances[one] for one in glyphs)


def _write(file: PdfFile, face: Face, texts: frozenset[tuple[int, str]]) -> int:
    font, numbers = _font(face, texts), metrics(face)
    program = file.add_stream(font.program, f"/Length1 {font.length}", inflated=font.length)
    descriptor = file.add(
        f"<</Type/FontDescriptor/FontName/{font.name}/Flags {descriptor_flags(face)}"
        f"/FontBBox[{' '.join(map(str, numbers.bbox))}]/ItalicAngle {int(numbers.italic_angle)}"
        f"/Ascent {numbers.ascent}/Descent {numbers.descent}/CapHeight {numbers.cap_height}"
        f"/StemV {stem_width(face)}/FontFile2 {program} 0 R>>"
    )
    descendant = file.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{font.name}"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/CIDToGIDMap/Identity/DW 0/W[{font.widths}]/FontDescriptor {descriptor} 0 R>>"
    )
    texts_of_glyphs = file.add_stream(font.texts, inflated=font.told)
    return file.add(
        f"<</Type/Font/Subtype/Type0/BaseFont/{font.name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {texts_of_glyphs} 0 R>>"
    )
