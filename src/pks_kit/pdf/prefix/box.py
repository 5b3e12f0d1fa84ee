"""The picture in a signature box as our own writer draws it: words in two fonts, a code, a rule.

It uses the fonts of the document, so it carries no font of its own. The spelling is strict, so the
words of such a box are read without drawing it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pks_kit.pdf.prefix.spelling import NotOursError

REGULAR, BOLD = "/F1", "/F2"

_MOST_LINES = 24
_LINE = re.compile(
    rb"(/F[12]) [78](?:\.\d)? Tf 1 0 0 1 (\d{1,3}\.\d{3}) (\d{1,3}\.\d{3}) Tm "
    rb"<((?:[0-9a-f]{4}){1,200})> Tj\n"
)
_CODE = re.compile(
    rb"q 0\.\d{3,6} 0 0 -0\.\d{3,6} \d{1,3}\.\d{3} \d{1,3}\.\d{3} cm\n"
    rb"(?:\d{1,2} \d{1,2} \d{1,2} 1 re\n){1,1200}f Q\n|"
    rb"q 1\.\d{3,6} 0 0 -1\.\d{3,6} \d{1,3}\.\d{3} \d{1,3}\.\d{3} cm\n"
    rb"(?:\d{1,2} \d{1,2} \d{1,2} 1 re\n){1,1200}f Q\n"
)
_RULE = re.compile(rb"\d{1,3}\.\d{3} \d{1,3}\.\d{3} \d{1,3}\.\d{3} 0\.400 re f\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxLine:
    """One line of words.

    Attributes:
        left: Where it begins, in points from the left edge of the box.
        base: Its base line, in points from the lower edge.
        size: Type size in points.
        bold: Whether it is bold.
        glyphs: Its glyphs.
    """

    left: float
    base: float
    size: float
    bold: bool
    glyphs: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxCode:
    """A QR code.

    Attributes:
        left: Left edge of the first module, in points.
        top: Upper edge of the first module, in points from the lower edge of the box.
        module: Side of a module in points.
        runs: Dark runs as row, first column, length.
    """

    left: float
    top: float
    module: float
    runs: Sequence[tuple[int, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxRule:
    """A thin line over the last words: left edge, lower edge, width, in points."""

    left: float
    base: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """All that stands in a box."""

    lines: tuple[BoxLine, ...]
    code: BoxCode | None
    rule: BoxRule | None

    def drawn(self) -> bytes:
        """Return the operators."""
        parts = [b"BT\n"]
        for one in self.lines:
            digits = b"".join(b"%04x" % glyph for glyph in one.glyphs)
            font = (BOLD if one.bold else REGULAR).encode("ascii")
            size = b"%g" % one.size
            parts.append(
                b"%b %b Tf 1 0 0 1 %.3f %.3f Tm <%b> Tj\n"
                % (font, size, one.left, one.base, digits)
            )
        parts.append(b"ET\n")
        if self.code is not None:
            code = self.code
            parts.append(
                b"q %.6f 0 0 -%.6f %.3f %.3f cm\n" % (code.module, code.module, code.left, code.top)
            )
            parts += [b"%d %d %d 1 re\n" % (column, row, count) for row, column, count in code.runs]
            parts.append(b"f Q\n")
        if self.rule is not None:
            parts.append(
                b"%.3f %.3f %.3f 0.400 re f\n" % (self.rule.left, self.rule.base, self.rule.width)
            )
        return b"".join(parts)


def box_words(
    content: bytes, height: float, width: float, letters: Mapping[str, Mapping[int, str]]
) -> str:
    """Return the words of a box, line by line.

    Args:
        content: Its operators.
        height: Height of the box in points.
        width: Width of the box in points.
        letters: For each font which glyph is which letter.

    Raises:
        NotOursError: It is drawn in another way, a glyph is no letter, or a line lies outside.
    """
    if not content.startswith(b"BT\n"):
        raise NotOursError("box")
    place = 3
    found: list[str] = []
    below = height
    while line := _LINE.match(content, place):
        font, glyphs = line[1].decode("ascii"), line[4]
        left, base = float(line[2]), float(line[3])
        numbers = [int(glyphs[n : n + 4], 16) for n in range(0, len(glyphs), 4)]
        known = letters.get(font, {})
        if len(found) >= _MOST_LINES or not (0 < base < below and 0 < left < width):
            raise NotOursError("box")
        if any(one not in known for one in numbers):
            raise NotOursError("letter")
        found.append("".join(known[one] for one in numbers))
        below, place = base, line.end()
    if not content.startswith(b"ET\n", place):
        raise NotOursError("box")
    place += 3
    for part in (_CODE, _RULE):
        one = part.match(content, place)
        place = one.end() if one else place
    if place != len(content) or not found:
        raise NotOursError("box")
    return "\n".join(found)
