"""The signature box drawn by our own small writer, with the fonts that the document has.

It sets what ``signing/appearance/tanda_tangan.html`` and its style say, in the same type sizes and
with the same rules about what is left out, without a layout engine: words, broken at spaces and
hyphens, beside and below the code. Letters that the document's fonts lack, and words that do not
fit, are left to the engine. There is no kerning; that is all in which the boxes differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pks_kit.pdf.prefix.base import FontPart
from pks_kit.pdf.prefix.box import Box, BoxCode, BoxLine, BoxRule
from pks_kit.render.pdf.qr import QUIET_ZONE
from pks_kit.render.pdf.qr_tables import page_code_rows

_MM = 72 / 25.4
_SIDE, _TOP = 1.1 * _MM, 0.7 * _MM
_CODE_SIDE, _CODE_TOP, _CODE_RIGHT, _CODE_BELOW = 13 * _MM, 0.2 * _MM, 0.8 * _MM, 0.3 * _MM
_LINE_HEIGHT = 1.05
_BASE = 0.8805
"""Base line below the top of a line, in type sizes: (1.05 - 0.984 - 0.273) / 2 + 0.984."""
_RULE = 0.4
_THOUSAND = 1000
_PIECE = re.compile(r"[^-]*-+(?=[^-])|[^-]*-*\Z|[^-]+")
_EDGE = 0.001


class _NoRoomError(Exception):
    """The words do not fit."""


@dataclass(frozen=True, slots=True)
class _Font:
    glyphs: Mapping[str, int]
    widths: Mapping[str, int]
    known: dict[str, int] = field(default_factory=dict)
    set_before: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, part: FontPart) -> _Font:
        return cls(
            dict(zip(part.letters, part.glyphs, strict=False)),
            dict(zip(part.letters, part.widths, strict=False)),
        )

    def units(self, text: str) -> int:
        """Return how wide words are in thousandths of any size; they are tried in many."""
        found = self.known.get(text)
        if found is None:
            found = self.known[text] = sum(map(self.widths.__getitem__, text))
        return found

    def width(self, text: str, size: float) -> float:
        """Return how wide words are in points."""
        return self.units(text) * size / _THOUSAND

    def spelled(self, text: str) -> tuple[int, ...]:
        """Return the glyphs of words."""
        found = self.set_before.get(text)
        if found is None:
            found = self.set_before[text] = tuple(map(self.glyphs.__getitem__, text))
        return found


@dataclass(slots=True)
class _Setter:
    """Sets one box in one type size."""

    width: float
    height: float
    size: float
    regular: _Font
    bold: _Font
    top: float = _TOP
    beside: float = 0.0
    lines: list[BoxLine] = field(default_factory=list)
    rule: BoxRule | None = None

    def paragraph(self, pieces: Sequence[str], *, bold: bool = False) -> None:
        """Set words and the spaces between them; a space at the end of a line goes."""
        font = self.bold if bold else self.regular
        size, room = self.size, self._room + _EDGE
        line, units = "", 0  # the line so far, and how wide it is in thousandths of the size
        for piece in pieces:
            is_space = piece == " "
            # a space changes nothing unless words follow it
            if is_space or (units + font.units(piece)) * size / _THOUSAND <= room:
                line += piece
                units += font.units(piece)
                continue
            if line.strip():
                self._line(line.rstrip(" "), font, bold=bold)
                room = self._room + _EDGE
            line = piece
            while font.width(line, size) > room:
                line = self._part(line, font, bold=bold)
                room = self._room + _EDGE
            units = font.units(line)
        if line.strip():
            self._line(line.rstrip(" "), font, bold=bold)

    def last(self, text: str) -> None:
        """Set the last line, centred and under a rule, below the code."""
        self.top = max(self.top, self.beside)
        self.beside = 0.0
        room = self.width - 2 * _SIDE
        wide = self.bold.width(text, self.size)
        if wide > room:
            raise _NoRoomError
        base = self.height - self.top - _RULE
        self.rule = BoxRule(left=_SIDE, base=base, width=room)
        self.top += _RULE
        self._line(text, self.bold, bold=True, left=_SIDE + (room - wide) / 2)

    def check(self) -> None:
        """Refuse words that reach over the lower edge."""
        if self.top > self.height - _TOP + _EDGE:
            raise _NoRoomError

    @property
    def _left(self) -> float:
        is_beside = self.top < self.beside - _EDGE
        return _SIDE + (_CODE_SIDE + _CODE_RIGHT if is_beside else 0.0)

    @property
    def _room(self) -> float:
        return self.width - _SIDE - self._left

    def _part(self, line: str, font: _Font, *, bold: bool) -> str:
        """Set as much of a long word as fits, and return the rest."""
        fitting = 0
        while font.width(line[: fitting + 1], self.size) <= self._room + _EDGE:
            fitting += 1
        if not fitting:
            raise _NoRoomError
        self._line(line[:fitting], font, bold=bold)
        return line[fitting:]

    def _line(self, text: str, font: _Font, *, bold: bool, left: float | None = None) -> None:
        base = self.height - self.top - _BASE * self.size
        glyphs = font.spelled(text)
        self.lines.append(
            BoxLine(
                left=self._left if left is None else left,
                base=base,
                size=self.size,
                bold=bold,
                glyphs=glyphs,
            )
        )
        self.top += _LINE_HEIGHT * self.size
        if base <= 0:
            raise _NoRoomError


def own_box(
    choices: Sequence[Mapping[str, Any]],
    width: float,
    height: float,
    sizes: Sequence[float],
    fonts: Sequence[FontPart],
) -> Box | None:
    """Return a box with the first words that fit, in the largest type in which they do.

    Args:
        choices: What may be said; each says less than the one before.
        width: Width of the box in points.
        height: Its height.
        sizes: Type sizes in points, from large to small.
        fonts: The regular and the bold font of the document.

    Returns:
        The box; None when the fonts lack a letter or nothing fits.
    """
    if len(fonts) != 2:
        return None
    regular, bold = (_Font.of(one) for one in fonts)
    for values in choices:
        for size in sizes:
            setter = _Setter(width, height, size, regular, bold)
            try:
                code = _set(setter, values)
            except _NoRoomError:
                continue
            except KeyError:  # a letter that the document does not have
                return None
            return Box(lines=tuple(setter.lines), code=code, rule=setter.rule)
    return None


def _set(setter: _Setter, values: Mapping[str, Any]) -> BoxCode | None:
    code = None
    if values["qr"]:
        setter.beside = _TOP + _CODE_TOP + _CODE_SIDE + _CODE_BELOW
        code = _code(str(values["qr"]), setter.height)
    by = " oleh:" if values["nama"] else ""
    setter.paragraph(_pieces(f"Ditandatangani secara elektronik{by}"))
    if values["nama"]:
        setter.paragraph(_pieces(str(values["nama"])), bold=True)
    if values["jabatan"]:
        setter.paragraph(_pieces(str(values["jabatan"])))
    if values["tanggal"]:
        setter.paragraph((str(values["tanggal"]), " ", f"pukul {values['pukul']}"))
    if values["sertifikat"]:
        issuer = f" ({values['penerbit']})" if values["penerbit"] else ""
        setter.paragraph(_pieces(f"Sertifikat: {values['sertifikat']}{issuer}"))
    if values["alasan"]:
        setter.paragraph(_pieces(f"Alasan: {values['alasan']}"))
    if values["is_uji"]:
        setter.last("UJI COBA, TANPA AKIBAT HUKUM")
    setter.check()
    if code is not None and setter.beside > setter.height - _TOP + _EDGE:
        raise _NoRoomError
    return code


@lru_cache(maxsize=256)
def _pieces(text: str) -> tuple[str, ...]:
    """Part a text where lines may end: at spaces, which are one each, and behind hyphens."""
    return tuple(_parted(" ".join(text.split())))


def _parted(text: str) -> Iterator[str]:
    for number, word in enumerate(text.split(" ")):
        if number:
            yield " "
        yield from (piece for piece in _PIECE.findall(word) if piece)


@lru_cache(maxsize=16)
def _code(text: str, height: float) -> BoxCode:
    rows = page_code_rows(text)
    size, runs = len(rows), _runs(rows)
    module = _CODE_SIDE / (size + 2 * QUIET_ZONE)
    return BoxCode(
        left=_SIDE + QUIET_ZONE * module,
        top=height - _TOP - _CODE_TOP - QUIET_ZONE * module,
        module=module,
        runs=tuple(runs),
    )


def _runs(rows: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return the dark runs of a code: row from the top, first column, length."""
    found: list[tuple[int, int, int]] = []
    for number, row in enumerate(rows):
        edges = row ^ row << 1
        while edges:  # where a run begins, then where it ends
            first = edges & -edges
            last = (edges ^ first) & -(edges ^ first)
            edges ^= first | last
            found.append((number, first.bit_length() - 1, last.bit_length() - first.bit_length()))
    return found
