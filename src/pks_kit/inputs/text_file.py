"""From the bytes of a text file that a person saved to its text, or what the file is instead."""

from __future__ import annotations

from typing import Literal

_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_LOOKED_AT = 400


class NotTextError(ValueError):
    """A file is no UTF-8.

    Attributes:
        code: ``input.utf16`` for what Windows programs call Unicode, else ``input.not_utf8``.
        line: Line of the first byte that is wrong, from 1.
        position: That byte, from 0.
    """

    def __init__(
        self, code: Literal["input.utf16", "input.not_utf8"], line: int, position: int
    ) -> None:
        super().__init__(code)
        self.code: Literal["input.utf16", "input.not_utf8"] = code
        self.line = line
        self.position = position


def decode_text(content: bytes) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Raises:
        NotTextError: It is UTF-16 or UTF-32 (also without a mark), or no UTF-8.
    """
    begin = content[:_LOOKED_AT]
    if begin.startswith(_WIDE_MARKS) or begin.count(0) * 4 > len(begin):
        raise NotTextError("input.utf16", 1, 0)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotTextError("input.not_utf8", line, error.start) from error
