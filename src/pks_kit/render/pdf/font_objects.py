"""Fonts as the writer writes them, each made once per process and set of glyphs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pks_kit.render.fonts import Face, metrics
from pks_kit.render.pdf.file_writer import PdfFile, packed_well
from pks_kit.render.pdf.font_merge import (
    FaceCollection,
    descriptor_flags,
    stem_width,
    subset_name,
    subset_program,
    to_unicode_map,
    width_runs,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Font:
    """One face, ready to be written.

    Attributes:
        name: Name with the prefix of the subset.
        program: The font program, deflated.
        length: Its length before.
        texts: Map from glyphs to text, deflated.
        widths: Operand of ``/W``.
    """

    name: str
    program: bytes
    length: int
    texts: bytes
    widths: str


@lru_cache(maxsize=64)
def _font(face: Face, texts: frozenset[tuple[int, str]]) -> _Font:
    known = dict(texts)
    program = subset_program(face, frozenset(known))
    runs = width_runs(metrics(face).advances, known)
    return _Font(
        name=subset_name(face, program),
        program=packed_well(program),
        length=len(program),
        texts=packed_well(to_unicode_map(known)),
        widths="".join(f"{first}[{' '.join(map(str, run))}]" for first, run in runs),
    )


def write_fonts(file: PdfFile, faces: FaceCollection) -> int:
    """Write the fonts of a file and return the number of the dictionary that pages share."""
    entries = "".join(
        f"/{face.postscript_name} {_write(file, face, frozenset(texts.items()))} 0 R"
        for face, texts in faces.texts().items()
    )
    return file.add(f"<<{entries}>>")


def _write(file: PdfFile, face: Face, texts: frozenset[tuple[int, str]]) -> int:
    font, numbers = _font(face, texts), metrics(face)
    program = file.add_stream(font.program, f"/Length1 {font.length}")
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
    texts_of_glyphs = file.add_stream(font.texts)
    return file.add(
        f"<</Type/Font/Subtype/Type0/BaseFont/{font.name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {texts_of_glyphs} 0 R>>"
    )
