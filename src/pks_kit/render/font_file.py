"""What stands in a TrueType file, read without fontTools, whose start costs more than the reading.

Only what our own fonts hold is known here: outlines in glyf, a character map of format 4 or 12.
See the OpenType specification, tables cmap, head, hhea, hmtx, loca, OS/2 and post.
"""

from __future__ import annotations

import struct
from array import array
from functools import cached_property
from typing import Final

_BEST: Final = ((3, 10), (0, 4), (0, 6), (3, 1), (0, 3))
"""Platform and encoding of character maps of Unicode; the fullest first."""

_CAP_HEIGHT: Final = 88


def numbers(code: str, content: bytes) -> array[int]:
    """Return big-endian numbers.

    Args:
        code: Type code of :mod:`array`.
        content: Their bytes.
    """
    found: array[int] = array(code)
    found.frombytes(content)
    found.byteswap()
    return found


class FontFile:
    """A font file.

    Args:
        content: Its bytes.

    Attributes:
        tables: By their names.
    """

    def __init__(self, content: bytes) -> None:
        count = struct.unpack_from(">H", content, 4)[0]
        entries = (struct.unpack_from(">4s3I", content, 12 + 16 * one) for one in range(count))
        self.tables = {
            tag.decode("latin-1"): content[start : start + length]
            for tag, _, start, length in entries
        }

    @property
    def units(self) -> int:
        """Return how many units the font size has."""
        return self._number("head", ">H", 18)

    @property
    def ascent(self) -> int:
        """Return how far lines reach above the base line, in units."""
        return self._number("hhea", ">h", 4)

    @property
    def descent(self) -> int:
        """Return how far lines reach below the base line, in units; negative."""
        return self._number("hhea", ">h", 6)

    @property
    def cap_height(self) -> int:
        """Return the height of capital letters in units."""
        return self._number("OS/2", ">h", _CAP_HEIGHT)

    @property
    def italic_angle(self) -> float:
        """Return how far letters lean, in degrees against the clock."""
        return self._number("post", ">i", 4) / 2**16

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Return left, bottom, right and top around all glyphs, in units."""
        left, bottom, right, top = struct.unpack_from(">4h", self.tables["head"], 36)
        return left, bottom, right, top

    @cached_property
    def places(self) -> array[int]:
        """Return where each glyph begins in the table of outlines, and where the last one ends."""
        if self._number("head", ">h", 50):
            return numbers("I", self.tables["loca"])
        return array("I", (2 * one for one in numbers("H", self.tables["loca"])))

    @cached_property
    def metrics(self) -> list[tuple[int, int]]:
        """Return width and left side bearing of each glyph, in units."""
        full = self._number("hhea", ">H", 34)
        table = self.tables["hmtx"]
        found = list(struct.iter_unpack(">Hh", table[: 4 * full]))
        return [*found, *((found[-1][0], one) for one in numbers("h", table[4 * full :]))]

    def glyphs(self) -> dict[int, int]:
        """Return the glyph of each character.

        Raises:
            KeyError: The font has no character map of Unicode.
        """
        table = self.tables["cmap"]
        count = struct.unpack_from(">H", table, 2)[0]
        entries = (struct.unpack_from(">2HI", table, 4 + 8 * one) for one in range(count))
        starts = {(platform, encoding): start for platform, encoding, start in entries}
        start = starts[next((one for one in _BEST if one in starts), _BEST[-1])]
        is_full = struct.unpack_from(">H", table, start)[0] == 12
        found = _of_groups(table[start:]) if is_full else _of_segments(table[start:])
        return {code: glyph for code, glyph in sorted(found.items()) if glyph}

    def _number(self, table: str, form: str, at: int) -> int:
        (found,) = struct.unpack_from(form, self.tables[table], at)
        return int(found)


def _of_groups(table: bytes) -> dict[int, int]:
    """Return a character map of format 12."""
    (count,) = struct.unpack_from(">I", table, 12)
    found: dict[int, int] = {}
    for first, last, glyph in struct.iter_unpack(">3I", table[16 : 16 + 12 * count]):
        found.update(
            zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True)
        )
    return found


def _of_segments(table: bytes) -> dict[int, int]:
    """Return a character map of format 4."""
    length, _, twice = struct.unpack_from(">3H", table, 2)
    words = numbers("H", table[14:length])
    count = twice // 2
    lasts = words[:count]
    firsts = words[count + 1 : 2 * count + 1]
    deltas = words[2 * count + 1 : 3 * count + 1]
    offsets = words[3 * count + 1 : 4 * count + 1]
    found: dict[int, int] = {}
    for segment, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        if first == 0xFFFF:
            continue
        delta, offset = deltas[segment], offsets[segment]
        for code in range(first, last + 1):
            glyph = code
            if offset:  # counted from where it stands
                glyph = words[3 * count + 1 + segment + offset // 2 + code - first]
            found[code] = (glyph + delta) % 2**16 if glyph or not offset else 0
    return found
