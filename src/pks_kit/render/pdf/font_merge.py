"""One font program per face for the whole document.

Every part comes with its own subset of the same fonts. Keeping them would multiply the size of
the file, so the finished file gets one subset per face that holds the glyphs of all parts. Glyph
numbers are those of the original font file everywhere, which is what makes this possible.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pks_kit.errors import RenderError
from pks_kit.render.fonts import Face, face_by_layout_name, metrics
from pks_kit.render.pdf.canvas import resource_name
from pks_kit.render.pdf.font_subset import subset_program
from pks_kit.render.pdf.laid import Glyphs

_COMMON = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,;:()/-–%&+=*'\"“”’"
"""Always embedded in upright faces, so that most agreements share the very same font program."""

_BLOCK = re.compile(rb"beginbfchar((?:\s|<[0-9a-fA-F]*>)*+)endbfchar")
_PAIR = re.compile(rb"<([0-9a-fA-F]{4})> <((?:[0-9a-fA-F]{4})+)>")
_SUBSET_PREFIX = re.compile(r"^[A-Z]{6}\+")


class FaceCollection:
    """Glyphs used per face, collected over all parts, then written once."""

    def __init__(self) -> None:
        self._texts: dict[Face, dict[int, str]] = {}
        self._names: dict[str, Face] = {}

    def add_part(self, fonts: Any) -> None:
        """Take over the fonts of a part.

        Args:
            fonts: The ``/Font`` resource dictionary of a page.

        Raises:
            RenderError: ``render.pdf.foreign_font`` when the layout engine embedded a font that
                is not ours.
        """
        for name, face, texts in fonts_of(fonts):
            if self._names.setdefault(name, face) is not face:
                raise RenderError("render.pdf.foreign_font", font=face.layout_name)
            known = self._texts.setdefault(face, {})
            for glyph, text in texts:
                # A space and a no-break space share a glyph; the ordinary one is kept.
                known[glyph] = min(text, known.get(glyph, text))

    def add_glyphs(self, glyphs: Glyphs) -> None:
        """Take over the glyphs of a part whose faces bear their PostScript names."""
        for face, known in glyphs.items():
            self._names[resource_name(face)] = face
            texts = self._texts.setdefault(face, {})
            for glyph, text in known.items():
                texts.setdefault(glyph, text)

    def add_drawn(self, used: dict[Face, set[str]]) -> None:
        """Take over the characters that furniture drew."""
        for face, characters in used.items():
            self._names[resource_name(face)] = face
            texts = self._texts.setdefault(face, {})
            for character in characters:
                texts.setdefault(metrics(face).glyphs[ord(character)], character)

    def texts(self) -> dict[Face, dict[int, str]]:
        """Return the text behind every glyph to embed, common ones too, by the names of faces."""
        return {
            face: _with_common(face, texts)
            for face, texts in sorted(self._texts.items(), key=lambda item: item[0].postscript_name)
        }

    def write(self, pdf: Any) -> Any:
        """Return one ``/Font`` resource dictionary that serves every page of a small file.

        Args:
            pdf: The document of pikepdf that will own the objects.
        """
        import pikepdf

        fonts = {
            face: pdf.make_indirect(font_dictionary(pdf, face, texts))
            for face, texts in sorted(self._texts.items(), key=lambda item: item[0].postscript_name)
        }
        named = {name: fonts[face] for name, face in sorted(self._names.items())}
        return pdf.make_indirect(pikepdf.Dictionary(named))


def fonts_of(fonts: Any) -> Iterator[tuple[str, Face, Iterable[tuple[int, str]]]]:
    """Yield resource name, face, and glyph numbers with their text, of fonts that were embedded.

    Args:
        fonts: The ``/Font`` resource dictionary of a page of the layout engine.

    Raises:
        RenderError: ``render.pdf.foreign_font`` for a font that is not ours.
    """
    for name, font in fonts.items():
        layout_name = _SUBSET_PREFIX.sub("", str(font.BaseFont)[1:])
        face = face_by_layout_name(layout_name)
        if face is None:
            raise RenderError("render.pdf.foreign_font", font=layout_name)
        yield name, face, read_to_unicode(font.ToUnicode.read_bytes())


def read_to_unicode(content: bytes) -> Iterable[tuple[int, str]]:
    """Yield glyph number and text of a ToUnicode map."""
    for block in _BLOCK.findall(content):
        for glyph, text in _PAIR.findall(block):
            yield int(glyph, 16), bytes.fromhex(text.decode()).decode("utf-16-be")


def _with_common(face: Face, texts: dict[int, str]) -> dict[int, str]:
    if face.italic:
        return texts
    glyphs = metrics(face).glyphs
    return {glyphs[ord(character)]: character for character in _COMMON} | texts


def font_dictionary(pdf: Any, face: Face, texts: dict[int, str]) -> Any:
    """Return a composite font with its program, widths and text map.

    Args:
        pdf: The document that will own the objects.
        face: Which face.
        texts: Text per glyph number, for every glyph used.
    """
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String

    program = subset_program(face, frozenset(texts))
    numbers = metrics(face)
    base = Name(f"/{subset_name(face, program)}")
    font_file = pikepdf.Stream(pdf, program, Length1=len(program))
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=base,
        Flags=descriptor_flags(face),
        FontBBox=Array(list(numbers.bbox)),
        ItalicAngle=int(numbers.italic_angle),
        Ascent=numbers.ascent,
        Descent=numbers.descent,
        CapHeight=numbers.cap_height,
        StemV=stem_width(face),
        FontFile2=pdf.make_indirect(font_file),
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=base,
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        CIDToGIDMap=Name.Identity,
        DW=0,
        W=Array(
            [
                one
                for first, run in width_runs(numbers.advances, texts)
                for one in (first, Array(run))
            ]
        ),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=base,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_indirect(pikepdf.Stream(pdf, to_unicode_map(texts))),
    )


def subset_name(face: Face, program: bytes) -> str:
    """Return the name of a face with the prefix that tells its subset from others."""
    digest = hashlib.sha256(program).digest()
    tag = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
    return f"{tag}+{face.postscript_name}"


def descriptor_flags(face: Face) -> int:
    """Return the ``/Flags`` of a face: symbolic, italic, with serifs."""
    return 4 | (64 if face.italic else 0) | (2 if face.family == "PKS Serif" else 0)


def stem_width(face: Face) -> int:
    """Return the ``/StemV`` of a face, which viewers read only where the program is missing."""
    return 140 if face.bold else 80


def width_runs(advances: tuple[int, ...], texts: dict[int, str]) -> list[tuple[int, list[int]]]:
    """Return runs of neighbouring glyphs: the first glyph and the widths, for the ``/W`` array."""
    result: list[tuple[int, list[int]]] = []
    previous = -2
    for glyph in sorted(texts):
        if glyph != previous + 1:
            result.append((glyph, []))
        result[-1][1].append(advances[glyph])
        previous = glyph
    return result


def to_unicode_map(texts: dict[int, str]) -> bytes:
    """Return a ToUnicode map, at most 100 entries per block as the format demands."""
    entries = [
        f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(texts.items())
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <ffff>",
        "endcodespacerange",
    ]
    for start in range(0, len(entries), 100):
        block = entries[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines).encode("ascii")
