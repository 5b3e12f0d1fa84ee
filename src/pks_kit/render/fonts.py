"""The only fonts that may appear in a document, and what they can print.

Both families come from Python packages, so that every machine lays out the same pages. Their CSS
names are private: a system font can never answer to them, and whatever fontconfig substitutes
shows up under another name and is refused (``pdf.conformance``).
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from pks_kit.domain.rect import Rect
from pks_kit.render.font_file import FontFile

Family = Literal["PKS Serif", "PKS Sans"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One font file.

    Attributes:
        family: Private CSS family name.
        bold: Whether it is the bold face.
        italic: Whether it is the italic face.
        postscript_name: Name written into finished PDF files.
    """

    family: Family
    bold: bool
    italic: bool
    postscript_name: str

    def __hash__(self) -> int:
        return hash(self.postscript_name)

    @property
    def path(self) -> Path:
        """Return the font file inside its package."""
        return _folder(self.family) / f"{self.postscript_name}.ttf"

    @property
    def layout_name(self) -> str:
        """Return the name that the layout engine gives this face in a PDF."""
        words = self.family.split() + ["Bold"] * self.bold + ["Italic"] * self.italic
        return "-".join(words)


def _faces(family: Family, stem: str) -> tuple[Face, ...]:
    return (
        Face(family=family, bold=False, italic=False, postscript_name=f"{stem}-Regular"),
        Face(family=family, bold=True, italic=False, postscript_name=f"{stem}-Bold"),
        Face(family=family, bold=False, italic=True, postscript_name=f"{stem}-It"),
        Face(family=family, bold=True, italic=True, postscript_name=f"{stem}-BoldIt"),
    )


SERIF_FACES = _faces("PKS Serif", "SourceSerifPro")
SANS_FACES = _faces("PKS Sans", "SourceSansPro")
FACES = SERIF_FACES + SANS_FACES
ALLOWED_FONTS = frozenset(face.postscript_name for face in FACES)


@cache
def _folder(family: Family) -> Path:
    if family == "PKS Serif":
        import font_source_serif_pro as package
    else:
        import font_source_sans_pro as package
    return Path(package.font_directory)


def face_by_layout_name(name: str) -> Face | None:
    """Return the face that the layout engine called ``name`` (without subset prefix)."""
    return next((face for face in FACES if face.layout_name == name), None)


def face_named(name: str) -> Face | None:
    """Return the face with a PostScript name."""
    return next((face for face in FACES if face.postscript_name == name), None)


def font_face_css() -> str:
    """Return ``@font-face`` rules for all faces, by file address."""
    rules = []
    for face in FACES:
        weight = "bold" if face.bold else "normal"
        style = "italic" if face.italic else "normal"
        rules.append(
            f"@font-face {{ font-family: '{face.family}'; font-weight: {weight}; "
            f"font-style: {style}; src: url('{face.path.as_uri()}'); }}"
        )
    return "\n".join(rules) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceMetrics:
    """Numbers of one face in thousandths of the font size."""

    glyphs: Mapping[int, int]
    advances: tuple[int, ...]
    ascent: int
    descent: int
    cap_height: int
    italic_angle: float
    bbox: tuple[int, int, int, int]

    def encode(self, text: str) -> tuple[int, ...]:
        """Return one glyph number per character.

        Raises:
            KeyError: When a character has no glyph; ask ``unprintable`` before.
        """
        return tuple(self.glyphs[ord(character)] for character in text)

    def width(self, text: str) -> int:
        """Return the advance width of ``text`` without kerning."""
        glyphs, advances = self.glyphs, self.advances
        return sum([advances[glyphs.get(ord(character), 0)] for character in text])


@cache
def font_file(face: Face) -> FontFile:
    """Return the file of a face."""
    return FontFile(face.path.read_bytes())


@cache
def metrics(face: Face) -> FaceMetrics:
    """Return the metrics of a face."""
    font = font_file(face)
    scale = 1000 / font.units
    left, bottom, right, top = (round(side * scale) for side in font.box)
    return FaceMetrics(
        glyphs=font.glyphs(),
        advances=tuple([round(width * scale) for width, _ in font.metrics]),
        ascent=round(font.ascent * scale),
        descent=round(font.descent * scale),
        cap_height=round(font.cap_height * scale),
        italic_angle=font.italic_angle,
        bbox=(left, bottom, right, top),
    )


@cache
def ink_boxes(face: Face) -> tuple[Rect, ...]:
    """Return left, bottom, right, top of every glyph's ink, in thousandths of the font size.

    A glyph without ink has a box without size.
    """
    font = font_file(face)
    scale = 1000 / font.units
    outlines, places = font.tables["glyf"], font.places
    boxes = []
    for start, end in pairwise(places):
        # how many contours, then the box (OpenType, table glyf)
        box = struct.unpack_from(">4h", outlines, start + 2) if end > start else (0, 0, 0, 0)
        left, bottom, right, top = (one * scale for one in box)
        boxes.append((left, bottom, right, top))
    return tuple(boxes)


_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})


@cache
def _printable() -> frozenset[int]:
    """Return the characters that every style can print, serif first and sans as its fallback."""
    return frozenset.intersection(
        *(
            frozenset(metrics(serif).glyphs) | frozenset(metrics(sans).glyphs)
            for serif, sans in zip(SERIF_FACES, SANS_FACES, strict=True)
        )
    )


@cache
def _unprintable() -> re.Pattern[str]:
    known = (chr(code) for code in _printable())
    seen = (one for one in known if unicodedata.category(one) not in _INVISIBLE)
    return re.compile(f"[^ \n{re.escape(''.join(sorted(seen)))}]")


def unprintable(text: str) -> str:
    """Return the first character of ``text`` that cannot be printed, or an empty string.

    Spaces and line breaks of layout are printable. Invisible characters (zero width, direction
    marks) are not: they would vanish from the printed words.
    """
    found = _unprintable().search(text)
    return found[0] if found else ""


def character_name(character: str) -> str:
    """Return a name that is safe in a message, for example ``U+200B ZERO WIDTH SPACE``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'tanpa nama')}"
