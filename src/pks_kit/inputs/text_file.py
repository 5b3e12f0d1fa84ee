"""From the bytes of a text file that a person saved to its text, or what the file is instead."""

from __future__ import annotations

from typing import Literal

from pks_kit.errors import Problem
from pks_kit.messages import Message, lookup

_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_LOOKED_AT = 400
_OTHER_FILES = (
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "office_old"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "gzip"),
    (b"<!doctype", "html"),
    (b"<html", "html"),
    (b"<?xml", "xml"),
    (b"\xff\xd8\xff", "picture"),
    (b"\x89PNG", "picture"),
)
"""First bytes of files that people take for text because of their name."""
_IN_ZIP = (
    (b"xl/workbook", "workbook"),
    (b"opendocument.spreadsheet", "workbook"),
    (b"word/document", "word"),
    (b"opendocument.text", "word"),
)
"""Names in a ZIP that tell what it is."""

TextFault = Literal["input.utf16", "input.not_utf8", "input.other_file"]


class NotTextError(ValueError):
    """A file is no UTF-8.

    Attributes:
        code: ``input.utf16`` for what Windows programs call Unicode, ``input.other_file`` for one
            of another kind, else ``input.not_utf8``.
        line: Line of the first byte that is wrong, from 1.
        position: That byte, from 0.
        what: Which kind, of ``input.other_file``: the end of ``input.kind.…`` of the catalogue.
    """

    def __init__(self, code: TextFault, line: int, position: int, what: str = "") -> None:
        super().__init__(code)
        self.code: TextFault = code
        self.line = line
        self.position = position
        self.what = what

    @property
    def problem(self) -> Problem:
        """Return what is wrong, with what to do about it."""
        told = told_of_kind(self.what) if self.what else {}
        return Problem(self.code, "", self.line, position=self.position, **told)


def other_kind(content: bytes) -> str:
    """Return what a file is by its first bytes when it is no text, else nothing."""
    begin = content[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    kind = next((kind for sign, kind in _OTHER_FILES if begin.startswith(sign.lower())), "")
    if kind != "zip":
        return kind
    inside = content[: 1 << 20] + content[-(1 << 16) :]
    return next((found for sign, found in _IN_ZIP if sign in inside), kind)


def told_of_kind(kind: str) -> dict[str, Message]:
    """Return the parameters of ``input.other_file``: what it is, and where it is taken."""
    found = lookup(f"input.kind.{kind}")
    return {"what": found, "use": Message(found.hint_id, found.hint_en)}


def decode_text(content: bytes) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Raises:
        NotTextError: It is UTF-16 or UTF-32 (also without a mark), no UTF-8, or no text at all.
    """
    what = other_kind(content)
    if what:
        raise NotTextError("input.other_file", 1, 0, what)
    begin = content[:_LOOKED_AT]
    if begin.startswith(_WIDE_MARKS) or begin.count(0) * 4 > len(begin):
        raise NotTextError("input.utf16", 1, 0)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotTextError("input.not_utf8", line, error.start) from error
