"""First look at any bytes: is it one whole, plain, unencrypted PDF within the limits?"""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.verification.report.answers import (
    ParserFailure,
    failed,
    guarded,
    indeterminate,
    passed,
)

if TYPE_CHECKING:
    from pikepdf import Pdf
    from pyhanko.pdf_utils.reader import PdfFileReader

    from pks_kit.verification.limits import Limits
    from pks_kit.verification.report.verdict import Check

_HEADER = re.compile(rb"%PDF-(1\.[0-9]|2\.0)[\r\n ]")
_END = re.compile(rb"%%EOF(\r\n|\r|\n)?\Z")
_HTML = re.compile(rb"<(!doctype\s+html|html|script|body|iframe)[\s>]", re.IGNORECASE)
_SNIFFED = 1024
_ZIP_END, _ZIP_DIRECTORY = b"PK\x05\x06", b"PK\x01\x02"
_ZIP_TAIL = 65_557
_MOST_USER_UNITS = 14400
_HARMLESS = "reported number of objects"
"""qpdf remarks that a table reserves more numbers than it uses; many honest writers do that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A file that two independent parsers opened and agree about.

    Attributes:
        content: The bytes.
        reader: pyHanko's strict reader (signatures and history).
        pdf: pikepdf's view (qpdf) of the newest state.
        pages: Number of pages.
    """

    content: bytes
    reader: PdfFileReader
    pdf: Pdf
    pages: int


def look_at_bytes(content: bytes, limits: Limits) -> list[Check]:
    """Check size, first and last bytes, without any parser."""
    if not content:
        return [failed("file.type", "empty")]
    if len(content) > limits.file_bytes:
        return [failed("file.size", "too_large", size=len(content), limit=limits.file_bytes)]
    checks = [passed("file.size", "within", size=len(content), limit=limits.file_bytes)]
    header = _HEADER.match(content)
    if header is None:
        where = content.find(b"%PDF-", 0, 1024)
        reason = "not_at_start" if where > 0 else "not_pdf"
        return [*checks, failed("file.type", reason, offset=max(where, 0))]
    checks.append(passed("file.type", "pdf", version=header[1].decode("ascii")))
    if other := _other_type(content):
        checks.append(failed("file.type", "polyglot", what=other))
    last = content.rfind(b"%%EOF")
    if last < 0:
        return [*checks, failed("file.end", "missing")]
    if not _END.search(content):
        extra = len(content) - last - len(b"%%EOF")
        return [*checks, failed("file.end", "extra_bytes", count=extra)]
    return [*checks, passed("file.end", "clean")]


def _other_type(content: bytes) -> str:
    """Return as what else these bytes open, or an empty word: a ZIP at the end, HTML in front.

    A ZIP is read from its end and may begin anywhere; a browser looks at the first bytes.
    """
    if _HTML.search(content, 0, _SNIFFED):
        return "HTML"
    last = content.rfind(_ZIP_END, max(0, len(content) - _ZIP_TAIL))
    if last < 0:
        return ""
    entries = int.from_bytes(content[last + 10 : last + 12], "little")
    size, start = (int.from_bytes(content[last + n : last + n + 4], "little") for n in (12, 16))
    # The offset counts from the start of the file, or from where the ZIP was stuck on.
    directories = (content[place : place + 4] for place in (start, last - size))
    return "ZIP" if entries and _ZIP_DIRECTORY in directories else ""


def open_file(content: bytes, limits: Limits) -> tuple[OpenedFile | None, list[Check]]:
    """Open with both parsers; every disagreement is an answer, never an exception.

    Returns:
        The opened file (None when it cannot be judged any further) and the checks.
    """
    # qpdf first: it is many times faster at finding out that a table is huge or broken.
    opened = guarded(lambda: _open_with_pikepdf(content))
    if isinstance(opened, ParserFailure):
        return None, [_unopened(opened)]
    pdf = opened
    if pdf.is_encrypted:
        return None, [failed("file.encrypted", "encrypted")]
    numbers = guarded(lambda: int(pdf.trailer["/Size"]))
    if isinstance(numbers, int) and numbers > limits.objects:
        many = failed("file.structure", "many_objects", count=numbers, limit=limits.objects)
        return None, [many]
    declared = guarded(lambda: _declared_pages(pdf))
    if isinstance(declared, int) and declared > limits.pages:
        return None, [_page_count(declared, limits)]
    reader = guarded(lambda: _open_with_pyhanko(content))
    if isinstance(reader, ParserFailure):
        return None, [failed("file.structure", "unreadable", details={"parser": reader.text})]
    if reader.encrypt_dict is not None:
        return None, [failed("file.encrypted", "encrypted")]
    checks = [passed("file.encrypted", "plain")]
    sections = reader.xrefs.total_revisions
    if sections > limits.revisions:
        many = failed("file.structure", "many_revisions", count=sections, limit=limits.revisions)
        return None, [*checks, many]
    counted = guarded(lambda: (len(pdf.pages), int(reader.root["/Pages"]["/Count"])))
    if isinstance(counted, ParserFailure) or counted[0] != counted[1]:
        seen = counted.text if isinstance(counted, ParserFailure) else str(counted)
        disagree = failed("file.structure", "parsers_disagree", details={"parser": seen})
        return None, [*checks, disagree]
    if warnings := _warnings(pdf):
        told = {"parser": "; ".join(warnings)[:600]}
        checks.append(indeterminate("file.structure", "damaged", details=told))
    else:
        checks.append(passed("file.structure", "sound", revisions=sections))
    if reader.xrefs.hybrid_xrefs_present:
        checks.append(indeterminate("file.hybrid", "hybrid"))
    pages = counted[0]
    checks.append(_page_count(pages, limits))
    opened_file = OpenedFile(content=content, reader=reader, pdf=pdf, pages=pages)
    checks += _page_boxes(opened_file) if pages <= limits.pages else []
    within = 0 < pages <= limits.pages
    return (opened_file if within else None), checks


def _declared_pages(pdf: Pdf) -> int:
    """Return the larger of the declared number of pages and the length of the first list."""
    top = pdf.Root.Pages
    return max(int(top.Count), len(top.Kids))


def _unopened(trouble: ParserFailure) -> Check:
    """Say why qpdf opened nothing: a password, or a broken structure."""
    if trouble.text.startswith("PasswordError"):
        return failed("file.encrypted", "encrypted")
    return failed("file.structure", "unreadable", details={"parser": trouble.text})


def _open_with_pyhanko(content: bytes) -> PdfFileReader:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(content), strict=True)
    _ = reader.root["/Pages"]["/Count"]
    return reader


def _open_with_pikepdf(content: bytes) -> Pdf:
    import pikepdf

    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
    return pikepdf.open(io.BytesIO(content), suppress_warnings=True, attempt_recovery=False)


def _warnings(pdf: Pdf) -> list[str]:
    """Return what qpdf remarked so far, harmless remarks left out."""
    told = [str(warning) for warning in pdf.get_warnings()]
    return [warning for warning in told if _HARMLESS not in warning]


def _page_count(pages: int, limits: Limits) -> Check:
    if pages == 0:
        return failed("file.pages", "none")
    if pages > limits.pages:
        return failed("file.pages", "too_many", pages=pages, limit=limits.pages)
    return passed("file.pages", "within", pages=pages, limit=limits.pages)


def _page_boxes(opened: OpenedFile) -> list[Check]:
    """Refuse page sizes that no viewer or renderer handles the same way."""
    for number, page in enumerate(opened.pdf.pages, start=1):
        sizes = guarded(lambda page=page: [float(edge) for edge in page.mediabox])  # type: ignore[misc]
        if isinstance(sizes, ParserFailure) or len(sizes) != 4:
            return [failed("file.pages", "bad_box", page=number)]
        width, height = abs(sizes[2] - sizes[0]), abs(sizes[3] - sizes[1])
        if not (1 <= width <= _MOST_USER_UNITS and 1 <= height <= _MOST_USER_UNITS):
            return [failed("file.pages", "bad_box", page=number)]
    return []
