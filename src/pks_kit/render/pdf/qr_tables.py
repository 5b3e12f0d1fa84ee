"""Page codes by tables: the same modules as :mod:`pks_kit.render.pdf.qr`, a thousand times faster.

With version, mask and length fixed, a code is an affine function of its text over GF(2): letters
are written as bits, the correction bits are sums of them, each bit has one module, and the mask is
added to all. So a code is the code of a text of letters A, plus (exclusive or) what the bits add
in which its letters differ from A. A whole code is one integer, and its rows are few enough to
keep their operators. The encoder itself tells the code of letters A and the module of each bit;
what a bit adds to the correction is the remainder of a division (ISO/IEC 18004, 7.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from pks_kit.render.pdf.qr import MASK, qr_matrix

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""The alphanumeric set in its order (ISO/IEC 18004); two letters are one number of eleven bits."""

_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_PLAIN = "A"
_SPLIT = 20
"""The encoder writes shorter texts in one mode, and so many digits in a row in a mode of theirs."""

_ONE_MODE = re.compile(rf"[{re.escape(_LETTERS)}]{{{_SPLIT + 1},}}")
_DIGITS = re.compile(rf"[0-9]{{{_SPLIT}}}")
_BITS_OF_TWO, _BITS_OF_ONE = 11, 6
_BEFORE_LETTERS = 13
"""Bits that tell the mode and the number of letters."""

_MOST_LETTERS = 90
"""Longer texts are no page codes; letters are counted in nine bits up to far above."""


def page_code_rows(text: str) -> tuple[int, ...]:
    """Return the rows of a code from the top down; bit 0 is the leftmost module.

    Args:
        text: Any text; only those of one mode are found by tables, others by the encoder.
    """
    if (
        len(text) > _MOST_LETTERS
        or _ONE_MODE.fullmatch(text) is None
        or _DIGITS.search(text) is not None
    ):
        matrix = qr_matrix(text)
        return tuple(_whole(row) for row in matrix)
    side, code = _plain_code(len(text))
    for place in range(0, len(text), 2):
        code ^= _of_letters(len(text), place, text[place : place + 2])
    row = (1 << side) - 1
    return tuple((code >> (side * number)) & row for number in range(side))


def code_operators(text: str) -> tuple[int, str]:
    """Return the side of a code in modules and the operators that fill its dark runs, in modules.

    Args:
        text: As for :func:`page_code_rows`.
    """
    rows = page_code_rows(text)
    found: list[str] = []
    for number, row in enumerate(rows):
        runs = _runs(len(rows), len(rows) - number - 1)
        edges = row ^ row << 1
        while edges:  # where a run begins, then where it ends
            first = edges & -edges
            last = (edges ^ first) & -(edges ^ first)
            edges ^= first | last
            start = first.bit_length()
            found.append(runs[start - 1][last.bit_length() - start])
    return len(rows), " ".join(found)


@cache
def _runs(side: int, above: int) -> Sequence[Sequence[str]]:
    """Return the operators of every run of a row, by first column and length."""
    return [[f"{first} {above} {dark} 1 re" for dark in range(side + 1)] for first in range(side)]


def _whole(modules: Sequence[bool]) -> int:
    return sum(1 << place for place, dark in enumerate(modules) if dark)


def _value(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value * len(_LETTERS) + _VALUES[letter]
    return value


@lru_cache(maxsize=4096)
def _of_letters(length: int, place: int, letters: str) -> int:
    """Return what one or two letters add to the code of a text of letters A."""
    differs = _value(letters) ^ _value(_PLAIN * len(letters))
    code = 0
    for bit in range(differs.bit_length()):
        if differs >> bit & 1:
            code ^= _of_bit(length, place, bit)
    return code


@cache
def _of_bit(length: int, place: int, bit: int) -> int:
    """Return what one bit of a number of letters adds to a code: its module and its correction."""
    version, modules = _places(length)
    at = _BEFORE_LETTERS + _BITS_OF_TWO * (place // 2)
    at += (_BITS_OF_TWO if place + 1 < length else _BITS_OF_ONE) - 1 - bit
    code = 0
    for number, word in _words_of_bit(version, at):
        for lower in range(8):
            if word >> (7 - lower) & 1:
                code |= 1 << modules[8 * number + lower]
    return code


def _words_of_bit(version: int, at: int) -> Iterator[tuple[int, int]]:
    """Yield the words that one bit of the data changes, by their numbers in the code.

    The words of all blocks are written in turns, first those of the data, then the correction.
    """
    from qrcode import base, constants

    blocks = base.rs_blocks(version, constants.ERROR_CORRECT_M)
    counts = [one.data_count for one in blocks]
    word, value = at // 8, 0x80 >> at % 8
    block, before = 0, 0
    while word - before >= counts[block]:
        before += counts[block]
        block += 1
    inside = word - before
    here = sum(1 for number, count in enumerate(counts) if inside < count and number < block)
    yield sum(min(inside, count) for count in counts) + here, value
    correction = _remainders(blocks[block].total_count - counts[block], max(counts))
    logarithm = base.glog(value)
    for number, one in enumerate(correction[counts[block] - 1 - inside]):
        if one:
            word = base.gexp(base.glog(one) + logarithm)
            yield sum(counts) + number * len(counts) + block, word


@cache
def _remainders(size: int, count: int) -> Sequence[Sequence[int]]:
    """Return the correction of a word 1 in the last place of a block, the last but one, and so on.

    Args:
        size: Words of correction.
        count: Places.
    """
    from qrcode import base

    def times(word: int, exponent: int) -> int:
        return base.gexp(base.glog(word) + exponent) if word else 0

    generator = [1]
    for exponent in range(size):
        moved = [*generator, 0]
        generator = [
            one ^ times(other, exponent) for one, other in zip(moved, [0, *generator], strict=True)
        ]
    found = [generator[1:]]
    while len(found) < count:
        first, *rest = found[-1]
        logarithm = base.glog(first) if first else None
        added = (
            [times(one, logarithm) for one in generator[1:]]
            if logarithm is not None
            else [0] * size
        )
        found.append([one ^ other for one, other in zip([*rest, 0], added, strict=True)])
    return found


@cache
def _plain_code(length: int) -> tuple[int, int]:
    """Return the side in modules and the code of a text of letters A."""
    plain = _PLAIN * length
    matrix = qr_matrix(plain)
    side = len(matrix)
    return side, sum(_whole(row) << (side * number) for number, row in enumerate(matrix))


@cache
def _places(length: int) -> tuple[int, Sequence[int]]:
    """Return the version of a code and the module of each of its bits.

    Each bit is given its own number, and every digit of these numbers is written as a code.
    """
    from qrcode import QRCode, constants

    side, _ = _plain_code(length)
    version = (side - 17) // 4
    code = QRCode(
        version=version, error_correction=constants.ERROR_CORRECT_M, border=0, mask_pattern=MASK
    )

    def written(words: Sequence[int]) -> int:
        code.data_cache = words
        code.makeImpl(False, MASK)
        return sum(_whole(row) << (side * number) for number, row in enumerate(code.modules))

    count = side * side // 8 + 1  # of words more than a code holds; the rest is left out
    numbers = [0] * (side * side)
    blank = written([0] * count)
    for digit in range((8 * count).bit_length()):
        bits = [(number + 1) >> digit & 1 for number in range(8 * count)]
        words = [
            _whole([bool(one) for one in bits[at : at + 8]][::-1]) for at in range(0, len(bits), 8)
        ]
        dark = written(words) ^ blank
        for module in range(side * side):
            numbers[module] |= (dark >> module & 1) << digit
    by_number = {number: module for module, number in enumerate(numbers) if number}
    return version, [by_number[number + 1] for number in range(len(by_number))]


def _word(first: int, digit: int) -> int:
    """Return one digit of eight numbers in a row, the first one in the highest bit."""
    return _whole([bool((first + 7 - bit) >> digit & 1) for bit in range(8)])
