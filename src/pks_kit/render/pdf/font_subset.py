"""A TrueType program with only some glyphs, numbered as in the font file they come from.

The bytes are those of fontTools' subsetter (``retain_gids``, no hinting, no layout tables), which
costs seven times as much: half of it is its import. Outlines are copied; what is left out are
instructions, and what is written anew are the numbers that rest on the glyphs that are left.
See the OpenType specification, tables glyf, loca, hmtx, hhea, maxp and head.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from pks_kit.render.font_file import numbers
from pks_kit.render.fonts import Face, font_file

_SHORT_LOCA: Final = 0x20000
"""From here on places of glyphs are written in four bytes."""

_REPEAT: Final = 8
_MOST_REPEATS: Final = 255
_X_SHORT, _Y_SHORT, _X_SAME, _Y_SAME = 2, 4, 16, 32
_INSTRUCTED: Final = 0x100
_MORE: Final = 0x20
_WORDS: Final = 1
_SCALES: Final = ((0x8, 2), (0x40, 4), (0x80, 8))
"""Flags of a component and the bytes of its scale."""

_ORDER: Final = ("head", "hhea", "maxp", "hmtx", "loca", "glyf")
"""Tables in the order in which they stand in the file; the directory is sorted by name."""

_CHECKED_WHOLE: Final = 0xB1B0AFBA
_UNHINTED: Final = (1, 0, 0, 0, 0, 0, 0)
"""Zones and what instructions need, of a font without them."""


@dataclass(frozen=True, slots=True)
class _Glyph:
    """An outline without instructions.

    Attributes:
        data: As it stands in the table.
        box: Left, bottom, right, top.
        points: How many; 0 of a composite glyph.
        contours: How many; 0 of a composite glyph.
        components: Numbers of the glyphs that it is made of.
    """

    data: bytes
    box: tuple[int, int, int, int]
    points: int
    contours: int
    components: tuple[int, ...]


@lru_cache(maxsize=4096)
def _glyph(face: Face, number: int) -> _Glyph | None:
    """Return an outline; None for a glyph without ink."""
    font = font_file(face)
    outline = font.tables["glyf"][font.places[number] : font.places[number + 1]]
    return _read(outline) if outline else None


@lru_cache(maxsize=64)
def subset_program(face: Face, glyphs: frozenset[int]) -> bytes:
    """Return a TrueType program with only ``glyphs``, numbered as in the original font.

    Args:
        face: Which face.
        glyphs: Numbers; the glyph for what is missing is always there, and components are.
    """
    font = font_file(face)
    kept: dict[int, _Glyph | None] = {}
    waiting = [0, *glyphs]
    while waiting:
        number = waiting.pop()
        if number not in kept:
            kept[number] = glyph = _glyph(face, number)
            waiting += glyph.components if glyph else ()
    count = max(kept) + 1
    metrics = [font.metrics[one] if one in kept else (0, 0) for one in range(count)]
    drawn = {number: glyph for number, glyph in sorted(kept.items()) if glyph is not None}
    outlines, loca, is_long = _outlines(count, drawn)
    hmtx, full = _widths(metrics)
    return _file(
        {
            "head": _head(font.tables["head"], drawn, metrics, is_long),
            "hhea": _hhea(font.tables["hhea"], drawn, metrics, full),
            "maxp": _maxp(font.tables["maxp"], drawn, count),
            "hmtx": hmtx,
            "loca": loca,
            "glyf": outlines,
        }
    )


def _read(data: bytes) -> _Glyph:
    contours, *box = struct.unpack_from(">5h", data)
    sides = box[0], box[1], box[2], box[3]
    if contours < 0:
        content, components = _composite(data)
        return _Glyph(content, sides, 0, 0, components)
    at = 10 + 2 * contours
    last, instructions = struct.unpack_from(">2H", data, at - 2)
    flags, start = _flags(data, at + 2 + instructions, last + 1)
    told = sum(_coordinate_bytes(one) for one in flags)
    content = data[:at] + b"\0\0" + _packed(flags) + data[start : start + told]
    return _Glyph(content, sides, last + 1, contours, ())


def _flags(data: bytes, at: int, count: int) -> tuple[list[int], int]:
    """Return the flag of each point, and where its coordinates begin."""
    flags: list[int] = []
    while len(flags) < count:
        flag = data[at]
        at += 1
        times = 1
        if flag & _REPEAT:
            times += data[at]
            at += 1
        flags += [flag & ~_REPEAT] * times
    return flags, at


def _coordinate_bytes(flag: int) -> int:
    across = 1 if flag & _X_SHORT else 0 if flag & _X_SAME else 2
    upward = 1 if flag & _Y_SHORT else 0 if flag & _Y_SAME else 2
    return across + upward


def _packed(flags: list[int]) -> bytes:
    """Return flags as the subsetter writes them: two alike stand twice, three are told."""
    packed = bytearray()
    before, repeated = -1, 0
    for flag in flags:
        if flag == before and repeated != _MOST_REPEATS:
            repeated += 1
            if repeated == 1:
                packed.append(flag)
            else:
                packed[-2:] = flag | _REPEAT, repeated
        else:
            repeated = 0
            packed.append(flag)
        before = flag
    return bytes(packed)


def _composite(data: bytes) -> tuple[bytes, tuple[int, ...]]:
    """Return a composite glyph without instructions, and the glyphs that it is made of."""
    content = bytearray(data)
    components = []
    at, flags = 10, _MORE
    while flags & _MORE:
        flags, number = struct.unpack_from(">2H", content, at)
        components.append(number)
        struct.pack_into(">H", content, at, flags & ~_INSTRUCTED)
        at += 8 if flags & _WORDS else 6
        at += sum(size for flag, size in _SCALES if flags & flag)
    return bytes(content[:at]), tuple(components)


def _outlines(count: int, drawn: Mapping[int, _Glyph]) -> tuple[bytes, bytes, bool]:
    """Return the tables of outlines and of their places, and whether these take four bytes."""
    pieces = [b""] * count
    for number, glyph in drawn.items():
        pieces[number] = glyph.data
    odd = [number for number, one in enumerate(pieces) if len(one) % 2]
    if sum(map(len, pieces)) + len(odd) < _SHORT_LOCA:
        for number in odd:
            pieces[number] += b"\0"
        odd = []
    places = [0, *accumulate(map(len, pieces))]
    is_long = bool(odd) or places[-1] >= _SHORT_LOCA
    told = array("I", places) if is_long else array("H", [one // 2 for one in places])
    told.byteswap()
    return b"".join(pieces) or b"\0", told.tobytes(), is_long


def _widths(metrics: list[tuple[int, int]]) -> tuple[bytes, int]:
    """Return the table of widths and how many stand in full: those at the end are alike."""
    full = len(metrics)
    while full > 1 and metrics[full - 2][0] == metrics[-1][0]:
        full -= 1
    table = b"".join(struct.pack(">Hh", *one) for one in metrics[:full])
    return table + struct.pack(
        f">{len(metrics) - full}h", *(one for _, one in metrics[full:])
    ), full


def _head(
    table: bytes, drawn: Mapping[int, _Glyph], metrics: list[tuple[int, int]], is_long: bool
) -> bytes:
    """Return the head with the box around all glyphs; its check sum comes last."""
    content = bytearray(table)
    boxes = [one.box for one in drawn.values()]
    sides = zip(*boxes, strict=True)
    around = [choose(side) for choose, side in zip((min, min, max, max), sides, strict=True)]
    (flags,) = struct.unpack_from(">H", content, 16)
    begins = all(metrics[number][1] == one.box[0] for number, one in drawn.items())
    struct.pack_into(">I", content, 8, 0)
    struct.pack_into(">H", content, 16, flags | 2 if begins else flags & ~2)
    struct.pack_into(">4h", content, 36, *around)
    struct.pack_into(">h", content, 50, is_long)
    return bytes(content)


def _hhea(
    table: bytes, drawn: Mapping[int, _Glyph], metrics: list[tuple[int, int]], full: int
) -> bytes:
    """Return the horizontal header with the widest glyph and the least bearings."""
    found = []
    for number, one in drawn.items():
        (width, left), extent = metrics[number], one.box[2] - one.box[0]
        found.append((left, width - left - extent, left + extent))
    lefts, rights, extents = zip(*found, strict=True)
    content = bytearray(table)
    widest = max(width for width, _ in metrics)
    struct.pack_into(">H3h", content, 10, widest, min(lefts), min(rights), max(extents))
    struct.pack_into(">H", content, 34, full)
    return bytes(content)


def _maxp(table: bytes, drawn: Mapping[int, _Glyph], count: int) -> bytes:
    """Return how much a viewer needs for the largest glyphs."""
    simple = [one for one in drawn.values() if not one.components]
    made = [(_flattened(drawn, one), len(one.components)) for one in drawn.values()
            if one.components]  # fmt: skip
    numbers = (
        count,
        max((one.points for one in simple), default=0),
        max((one.contours for one in simple), default=0),
        max((one[0] for one, _ in made), default=0),
        max((one[1] for one, _ in made), default=0),
        *_UNHINTED,
        max((elements for _, elements in made), default=0),
        max((one[2] for one, _ in made), default=0),
    )
    return table[:4] + struct.pack(">14H", *numbers)


def _flattened(drawn: Mapping[int, _Glyph], glyph: _Glyph) -> tuple[int, int, int]:
    """Return points, contours and depth of a composite glyph."""
    points = contours = 0
    depth = 1
    for number in glyph.components:
        inner = drawn.get(number)
        if inner is None:
            continue
        if inner.components:
            more, others, below = _flattened(drawn, inner)
            depth = max(depth, below + 1)
        else:
            more, others = inner.points, inner.contours
        points += more
        contours += others
    return points, contours, depth


def _file(tables: Mapping[str, bytes]) -> bytes:
    """Return a font file."""
    count = len(tables)
    power = count.bit_length() - 1
    header = struct.pack(
        ">4s4H", b"\0\1\0\0", count, 16 << power, power, 16 * count - (16 << power)
    )
    padded = {name: content + bytes(-len(content) % 4) for name, content in tables.items()}
    start = 12 + 16 * count
    starts = accumulate((len(padded[name]) for name in _ORDER), initial=start)
    places = dict(zip(_ORDER, starts, strict=False))
    directory = b"".join(
        struct.pack(">4s3I", name.encode(), _sum(padded[name]), places[name], len(tables[name]))
        for name in sorted(tables)
    )
    file = bytearray(b"".join([header, directory, *(padded[name] for name in _ORDER)]))
    struct.pack_into(">I", file, start + 8, (_CHECKED_WHOLE - _sum(file)) % 2**32)
    return bytes(file)


def _sum(content: bytes | bytearray) -> int:
    """Return the check sum of a table whose length is a multiple of four."""
    return sum(numbers("I", bytes(content))) % 2**32
