"""Read long hexadecimal strings of a PDF at once instead of character by character.

The container of a signature is one hexadecimal string of tens of thousands of digits. pyHanko's
reader takes it apart digit by digit, which is a third of the work of reading a signed file. What is
read here is what that reader would have read: whatever is not a plain run of digits goes to it.
"""

from __future__ import annotations

import binascii
from typing import Any

from pyhanko.pdf_utils import generic

_FIRST_BLOCK, _BLOCK = 128, 1 << 16

_digit_by_digit = generic.read_hex_string_from_stream


def read_hex_string(stream: Any) -> Any:
    """Return the string that begins at the position of a stream, as pyHanko's own function does.

    Args:
        stream: A stream that can go back.

    Raises:
        PdfStreamError: The string holds something else, or does not end.
    """
    start = stream.tell()
    stream.seek(1, 1)
    blocks: list[bytes] = []
    count, size = 0, _FIRST_BLOCK
    while True:
        block = stream.read(size)
        digits, end, _ = block.partition(b">")
        if not block or digits.translate(None, generic.HEX_DIGITS):
            stream.seek(start)
            return _digit_by_digit(stream)
        blocks.append(digits)
        count += len(digits)
        if end:
            break
        size = _BLOCK
    stream.seek(start + count + 2)
    return generic.pdf_string(binascii.unhexlify(b"".join(blocks) + b"0" * (count % 2)))


def read_hex_strings_at_once() -> None:
    """Let pyHanko use :func:`read_hex_string` in this process from now on."""
    generic.read_hex_string_from_stream = read_hex_string
