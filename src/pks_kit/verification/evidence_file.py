"""The container of an evidence file: one ZIP that can be written in one way only.

Files stand uncompressed, in a fixed order, with fixed names, dates and rights. Therefore nothing in
it can swell, and whoever reads one writes it again and compares: prefixes, gaps, comments, second
directories, hidden entries and every other trick of ZIP readers are a difference.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

MANIFEST = "manifest.json"
README = "BACA-SAYA.txt"
ISSUED = "terbit.pdf"
FINAL = "akhir.pdf"
RECEIPT = "tanda-terima.json"
REPORT = "laporan.json"
HTML = {"id": "laporan.id.html", "en": "laporan.en.html"}
EVENTS = "peristiwa.jsonl"
CHAIN = "rantai.txt"
ANCHORS = "jangkar.pem"

NAMES = (
    README, MANIFEST, ISSUED, FINAL, RECEIPT, REPORT, HTML["id"], HTML["en"], EVENTS, CHAIN,
    ANCHORS,
)  # fmt: skip
"""All files in the order in which they stand."""
REQUIRED = NAMES[:8]

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL_SIZE = 30
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a container is none of ours.

    Attributes:
        reason: ``broken``, ``too_large``, ``office``, ``too_many``, ``encrypted``, ``compressed``,
            ``symlink``,
            ``path``, ``duplicate``, ``unexpected``, ``missing`` or ``altered``.
        what: Name of the entry, or an empty text.
    """

    reason: str
    what: str = ""


def looks_packed(content: bytes) -> bool:
    """Return whether the first bytes are those of a ZIP."""
    return content[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the ZIP of these files; the same files always give the same bytes.

    Args:
        files: Content by name; only :data:`NAMES`.

    Raises:
        KeyError: A name that does not belong into an evidence file.
    """
    strange = sorted(set(files) - set(NAMES))
    if strange:
        raise KeyError(strange[0])
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in NAMES:
            if name in files:
                entry = zipfile.ZipInfo(name, _DATE)
                entry.create_system = 3
                entry.external_attr = (stat.S_IFREG | 0o644) << 16
                archive.writestr(entry, files[name])
    return target.getvalue()


def unpack(content: bytes, limit: int | None = None) -> dict[str, bytes] | Refused:
    """Return the files of an evidence file; needs no more memory than three times its size.

    Args:
        content: Any bytes.
        limit: Most bytes; None when the caller has seen to it.
    """
    if limit is not None and len(content) > limit:
        return Refused("too_large", str(limit))
    if len(content) < _END.size:
        return Refused("broken")
    mark, *_, count, size, start, comment = _END.unpack(content[-_END.size :])
    if mark != b"PK\x05\x06" or comment:
        return Refused("broken")
    if kind := _office_kind(content):
        return Refused("office", kind)
    if count > len(NAMES):
        return Refused("too_many", str(count))
    files = _entries(content, count, start, start + size)
    if isinstance(files, Refused):
        return files
    missing = [name for name in REQUIRED if name not in files]
    if missing:
        return Refused("missing", ", ".join(missing))
    return files if pack(files) == content else Refused("altered")


_OFFICE = (
    (b"word/document.xml", "Word (.docx)"),
    (b"xl/workbook.xml", "Excel (.xlsx)"),
    (b"ppt/presentation.xml", "PowerPoint (.pptx)"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "OpenDocument (.odt)"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument (.ods)"),
    (b"mimetypeapplication/vnd.oasis.opendocument", "OpenDocument"),
    (b"mimetypeapplication/epub+zip", "EPUB"),
    (b"META-INF/MANIFEST.MF", "Java (.jar)"),
)
"""What ZIP files of other programs hold in plain letters, and what people call them."""


def _office_kind(content: bytes) -> str:
    """Return as what people know this ZIP when it is a document of an office program."""
    if content.startswith(README.encode(), _LOCAL_SIZE):  # ours, whatever lies inside its files
        return ""
    return next((kind for mark, kind in _OFFICE if mark in content), "")


def _entries(content: bytes, count: int, start: int, end: int) -> dict[str, bytes] | Refused:
    """Read the directory between ``start`` and ``end``."""
    files: dict[str, bytes] = {}
    place = start
    for _ in range(count):
        if place + _ENTRY.size > min(end, len(content)):
            return Refused("broken")
        (
            mark,
            _,
            _,
            flags,
            method,
            _,
            _,
            _,
            packed,
            size,
            length,
            extra,
            note,
            _,
            _,
            rights,
            offset,
        ) = _ENTRY.unpack_from(content, place)
        place += _ENTRY.size
        name = content[place : place + length].decode("utf-8", "replace")
        place += length + extra + note
        if mark != b"PK\x01\x02":
            return Refused("broken")
        refused = _refuse(name, flags, method, rights, files)
        if refused is not None:
            return refused
        begin = offset + _LOCAL_SIZE + length
        if packed != size or begin + size > len(content):
            return Refused("altered", name)
        files[name] = content[begin : begin + size]
    return files


def _refuse(
    name: str, flags: int, method: int, rights: int, files: Mapping[str, bytes]
) -> Refused | None:
    shown = name[:80]
    if flags & 0x2041:  # plain or strong encryption, or a masked directory
        return Refused("encrypted", shown)
    if stat.S_ISLNK(rights >> 16):
        return Refused("symlink", shown)
    if name in files:
        return Refused("duplicate", shown)
    if name not in NAMES:
        odd = any(mark in name for mark in ("/", "\\", "..", ":", "\0"))
        return Refused("path" if odd else "unexpected", shown)
    return Refused("compressed", shown) if method else None
