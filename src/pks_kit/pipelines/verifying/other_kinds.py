"""Files that people send for a scan and that are none, told by their first bytes alone.

What else stands in a file says nothing: a ZIP that holds a scan without compressing it shows the
beginning of a PDF too.
"""

from __future__ import annotations

from typing import Literal

OtherKind = Literal["zip", "rar", "sevenzip", "gzip", "office_old", "rtf", "heic", "webp", "gif"]

_FIRST: tuple[tuple[bytes, OtherKind], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "sevenzip"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office_old"),
    (b"{\\rtf", "rtf"),
    (b"GIF8", "gif"),
)
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
"""Brands of the pictures that telephones make."""


def other_kind(content: bytes) -> OtherKind | None:
    """Return what a file is that cannot be a scan; None when it may be one."""
    for sign, kind in _FIRST:
        if content.startswith(sign):
            return kind
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return "heic"
    return "webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
