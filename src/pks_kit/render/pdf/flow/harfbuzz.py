"""Glyphs and advances from the very HarfBuzz library that Pango uses.

Another version of it may round an advance to the next unit, and one unit can move a word to the
next line. So the library on this machine is asked, by its documented C interface, and not a copy
that some package brings along. Where it is not found nothing is set here, and WeasyPrint sets it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

from pks_kit.render.fonts import Face

_NAMES: Final = ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll")

_PLACE_BYTES: Final = 20
"""Size of what HarfBuzz tells of a glyph, and of its place: five numbers of four bytes each."""

_LEFT_TO_RIGHT: Final = 4
_EVERYWHERE: Final = 0xFFFFFFFF
_LATIN: Final = int.from_bytes(b"Latn", "big")

UNITS: Final = 1024
"""Pango counts in this part of a CSS pixel."""

Features = str
"""OpenType features as Pango takes them: ``liga 0,lnum 1``."""


class _Feature(ctypes.Structure):
    _fields_ = (
        ("tag", ctypes.c_uint32),
        ("value", ctypes.c_uint32),
        ("start", ctypes.c_uint32),
        ("end", ctypes.c_uint32),
    )


@lru_cache(maxsize=1)
def library() -> Any:
    """Return HarfBuzz, or None where it is not found."""
    for name in _NAMES:
        try:
            found = ctypes.CDLL(name)
        except OSError:
            continue
        for made in (
            "hb_blob_create_from_file",
            "hb_face_create",
            "hb_font_create",
            "hb_buffer_create",
            "hb_buffer_get_glyph_infos",
            "hb_buffer_get_glyph_positions",
            "hb_language_from_string",
        ):
            getattr(found, made).restype = ctypes.c_void_p
        return found
    return None


Written = tuple[int, int, str, str]
"""A glyph, its advance in units, and how it is written before another glyph and last."""


class _Pairs(dict[str, Written]):
    """What was asked for; the rest is shaped when it is."""

    def __init__(self, shape: Callable[[str], Written]) -> None:
        super().__init__()
        self._shape = shape

    def __missing__(self, pair: str) -> Written:
        found = self[pair] = self._shape(pair)
        return found


class Letters:
    """A face in one size: glyphs, and advances that depend on the next letter (kerning).

    Nothing but pairs of letters decides an advance in these fonts as long as ligatures are off:
    ``tests/contract/test_pango_letters.py`` compares whole words with Pango's.

    Attributes:
        size: Type size in CSS pixels.
        known: Returns what is known of a letter, and of the one behind it in the same run when
            there is one. A glyph of 0 is missing.
    """

    def __init__(self, face: Face, units: int, features: Features) -> None:
        """Open a face.

        Args:
            face: The face.
            units: Type size in parts (``UNITS``) of a CSS pixel.
            features: What the style sheet switches on and off.
        """
        self.size = units / UNITS
        self._font = _font(face, units)
        switched = [one.split(" ") for one in features.split(",") if one]
        self._features = (_Feature * len(switched))(
            *(
                _Feature(int.from_bytes(tag.encode("ascii"), "big"), int(on), 0, _EVERYWHERE)
                for tag, on in switched
            )
        )
        self._texts = _TEXTS.setdefault(face.postscript_name, {})
        self.known: Callable[[str], Written] = _Pairs(self._known).__getitem__

    def _known(self, pair: str) -> Written:
        glyph, advance = self._shaped(pair)
        if len(pair) == 1:
            self._texts[glyph] = pair.replace("\u00a0", " ")
        natural = advance if len(pair) == 1 else self.known(pair[0])[1]
        own = _own_width(natural, self.size)
        return glyph, advance, *written(glyph, advance, own, 0.0, self.size)

    def space(self, letter: str, left: int, right: int) -> str:
        """Return how a space is written that stands in a justified line.

        Args:
            letter: The space.
            left: Room added before it, in units.
            right: Room added behind it.
        """
        glyph, advance, _, _ = self.known(letter)
        offset = left / self.size
        own = _own_width(advance, self.size)
        return written(glyph, advance + left + right, own, offset, self.size)[0]

    def _shaped(self, text: str) -> tuple[int, int]:
        """Return glyph and advance of the first letter; (0, 0) unless there is one for each."""
        hb = library()
        buffer = ctypes.c_void_p(hb.hb_buffer_create())
        encoded = text.encode()
        hb.hb_buffer_add_utf8(buffer, encoded, len(encoded), 0, len(encoded))
        hb.hb_buffer_set_direction(buffer, _LEFT_TO_RIGHT)
        hb.hb_buffer_set_script(buffer, ctypes.c_uint32(_LATIN))
        hb.hb_buffer_set_language(buffer, ctypes.c_void_p(hb.hb_language_from_string(b"id", -1)))
        hb.hb_shape(self._font, buffer, self._features, len(self._features))
        count = hb.hb_buffer_get_length(buffer)
        glyphs = hb.hb_buffer_get_glyph_infos(buffer, None)
        places = hb.hb_buffer_get_glyph_positions(buffer, None)
        plain = count == len(text)
        glyph = advance = 0
        for at in range(count if plain else 0):
            number = ctypes.c_uint32.from_address(glyphs + at * _PLACE_BYTES).value
            along, up, off_x, off_y = (ctypes.c_int32 * 4).from_address(places + at * _PLACE_BYTES)
            plain = plain and number > 0 and (up, off_x, off_y) == (0, 0, 0)
            if at == 0:
                glyph, advance = number, along
        hb.hb_buffer_destroy(buffer)
        return (glyph, advance) if plain else (0, 0)


_TEXTS: Final[dict[str, dict[int, str]]] = {}


def texts_of(face: str, glyphs: Iterable[int]) -> dict[int, str]:
    """Return the text behind those of some glyphs that were asked for.

    No two letters share one in these fonts, but for the two spaces.

    Args:
        face: PostScript name of their face.
        glyphs: Their numbers.
    """
    known = _TEXTS.get(face, {})
    return {glyph: known[glyph] for glyph in glyphs if glyph in known}


def written(glyph: int, advance: int, own: int, offset: float, size: float) -> tuple[str, str]:
    """Return a glyph as it stands in a ``TJ`` operand before another one, and as the last of all.

    Args:
        glyph: Its number.
        advance: Its advance in units.
        own: Its own advance in thousandths of the type size.
        offset: As WeasyPrint computes the room before it.
        size: Type size in CSS pixels.
    """
    distance = own + offset - advance * 1000 * (1 / UNITS) / size
    before = f">{-offset}<" if offset else ""
    middle = f">{int(distance)}<" if int(distance) else ""
    last = f">{int(distance)}" if distance else ">"
    return f"{before}{glyph:04x}{middle}", f"{before}{glyph:04x}{last}"


def _own_width(advance: int, size: float) -> int:
    return round(advance * 1000 * (1 / UNITS) / size)


@lru_cache(maxsize=64)
def _font(face: Face, units: int) -> Any:
    hb = library()
    blob = ctypes.c_void_p(hb.hb_blob_create_from_file(str(face.path).encode()))
    font = ctypes.c_void_p(hb.hb_font_create(ctypes.c_void_p(hb.hb_face_create(blob, 0))))
    hb.hb_font_set_scale(font, units, units)
    return font


@lru_cache(maxsize=64)
def letters(face: Face, units: int, features: Features) -> Letters:
    """Return a face in one size, the same for everybody in this process."""
    return Letters(face, units, features)
