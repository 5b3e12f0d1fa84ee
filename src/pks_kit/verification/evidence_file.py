"""The container of an evidence file: one ZIP that can be written in one way only.

Files stand uncompressed, in a fixed order, with fixed names, dates and rights. Therefore nothing in
it can swell, and whoever reads one writes it again and compares: prefixes, gaps, comments, second
directories, hidden entries and every other trick of ZIP readers are a difference.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

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

MOST_SCANS, MOST_CROPS = 40, 400
_SCAN_KINDS = {b"%PDF": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG": "png"}
SCANS = tuple(
    tuple(f"pindaian-{number:02}.{kind}" for kind in (*_SCAN_KINDS.values(), "tif"))
    for number in range(1, MOST_SCANS + 1)
)
"""What came back on paper, file by file; each has one of these names, by its kind."""
CROPS = tuple(f"potongan-{number:03}.jpg" for number in range(1, MOST_CROPS + 1))
"""What persons saw when they decided about it."""

OF_FILES = (
    README, MANIFEST, ISSUED, FINAL, RECEIPT, REPORT, HTML["id"], HTML["en"], EVENTS, CHAIN,
    ANCHORS,
)  # fmt: skip
NAMES = (*OF_FILES, *(name for names in SCANS for name in names), *CROPS)
"""All files in the order in which they stand."""
REQUIRED = NAMES[:8]

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL_SIZE = 30
_LOCAL = re.compile(rb"PK\x03\x04")
_MOST_LOOKED_AT = 1000
_TELLING = frozenset(OF_FILES) - {MANIFEST}
"""Names that no other program gives; a manifest lies in many packages, and people call scans so."""
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a container is none of ours.

    Attributes:
        reason: ``broken``, ``too_large``, ``too_many``, ``encrypted``, ``compressed``, ``symlink``,
            ``path``, ``duplicate``, ``unexpected``, ``missing`` or ``altered``.
        what: Name of the entry, or an empty text.
    """

    reason: str
    what: str = ""


def looks_packed(content: bytes) -> bool:
    """Return whether the first bytes are those of a ZIP."""
    return content[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def claims_to_be_ours(content: bytes) -> bool:
    """Return whether a ZIP holds a file that is called as in an evidence file, in any folder.

    Any other ZIP is just a ZIP that somebody sent, and nothing is wrong with it.
    """
    if not looks_packed(content):
        return False
    for match in islice(_LOCAL.finditer(content), _MOST_LOOKED_AT):
        begin = match.start() + _LOCAL_SIZE
        length = int.from_bytes(content[begin - 4 : begin - 2], "little")
        name = content[begin : begin + length].decode("utf-8", "replace")
        if re.split(r"[/\\]", name)[-1] in _TELLING:
            return True
    return False


def scan_name(number: int, content: bytes) -> str:
    """Return the name of a file of a scan.

    Args:
        number: From 1.
        content: The file; its first bytes tell its kind.
    """
    head = content[:1024].lstrip()
    kind = next((one for mark, one in _SCAN_KINDS.items() if head.startswith(mark)), "tif")
    return f"pindaian-{number:02}.{kind}"


def scans_in(files: Mapping[str, bytes]) -> tuple[bytes, ...]:
    """Return the files of a scan in their order; empty when there is none."""
    return tuple(files[name] for names in SCANS for name in names if name in files)


def crops_in(files: Mapping[str, bytes]) -> tuple[bytes, ...]:
    """Return the pictures that persons saw."""
    return tuple(files[name] for name in CROPS if name in files)


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
    if count > len(NAMES):
        return Refused("too_many", str(count))
    files = _entries(content, count, start, start + size)
    if isinstance(files, Refused):
        return files
    missing = [name for name in REQUIRED if name not in files]
    if missing:
        return Refused("missing", ", ".join(missing))
    return files if pack(files) == content else Refused("altered")


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
