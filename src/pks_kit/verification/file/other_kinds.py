"""As what people know a file that is no PDF: named by its first bytes and by names inside it."""

from __future__ import annotations

import re
from typing import Any

from pks_kit.messages import lookup
from pks_kit.verification.evidence_file import looks_packed

UNREADABLE = frozenset({"empty", "too_large", "not_pdf", "archive", "office", "other_kind"})
"""Reasons after which no parser is asked."""

_OFFICE = (
    (b"word/document.xml", "Word (.docx)"),
    (b"xl/workbook.xml", "Excel (.xlsx)"),
    (b"xl/workbook.bin", "Excel (.xlsb)"),
    (b"ppt/presentation.xml", "PowerPoint (.pptx)"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "OpenDocument (.odt)"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument (.ods)"),
    (b"mimetypeapplication/vnd.oasis.opendocument.presentation", "OpenDocument (.odp)"),
    (b"mimetypeapplication/vnd.oasis.opendocument", "OpenDocument"),
    (b"mimetypeapplication/epub+zip", "EPUB"),
    (b"AndroidManifest.xml", "Android (.apk)"),
    (b"META-INF/MANIFEST.MF", "Java (.jar)"),
)
"""What ZIP files of other programs hold in plain letters, and what people call them."""

_OLD_OFFICE = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office 97-2003 (.doc, .xls, .ppt)"),
    (b"{\\rtf", "Rich Text (.rtf)"),
)
_ARCHIVES = ((b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "RAR"), (b"\x1f\x8b\x08", "GZIP"))
_PICTURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG"),
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb"II\*\0|MM\0\*"), "TIFF"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "WebP"),
    (re.compile(rb".{4}ftyp(heic|heix|mif1|avif)", re.DOTALL), "HEIC"),
)
_PAGE = re.compile(rb"(\xef\xbb\xbf)?[ \t\r\n]{0,200}<(!doctype html|html)\b", re.IGNORECASE)
_SAMPLE = 4096
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def other_kind(content: bytes) -> tuple[str, dict[str, Any]]:
    """Return reason and words for a file that is no PDF.

    Args:
        content: The file, not empty.
    """
    if kind := _first(content, _OLD_OFFICE):
        return "office", {"what": kind}
    if looks_packed(content):
        kind = next((kind for mark, kind in _OFFICE if mark in content), "")
        return ("office", {"what": kind}) if kind else ("archive", {"what": "ZIP"})
    if kind := _first(content, _ARCHIVES):
        return "archive", {"what": kind}
    picture = next((kind for mark, kind in _PICTURES if mark.match(content)), "")
    if picture:
        return "other_kind", _named("picture", picture)
    if _PAGE.match(content):
        return "other_kind", _named("web_page", "HTML")
    if _is_text(content[:_SAMPLE]):
        return "other_kind", _named("text", "")
    return "not_pdf", {}


def _first(content: bytes, marks: tuple[tuple[bytes, str], ...]) -> str:
    return next((kind for mark, kind in marks if content.startswith(mark)), "")


def _named(kind: str, name: str) -> dict[str, str]:
    words = lookup(f"file_kind.{kind}").fill({"what": name})
    return {"what_id": words.in_language("id"), "what_en": words.in_language("en")}


def _is_text(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        text = start[:-4].decode("utf-8") if len(start) == _SAMPLE else start.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _BINARY.search(text) is None
