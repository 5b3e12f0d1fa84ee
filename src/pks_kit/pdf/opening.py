"""Open any bytes: is this one whole, plain, unencrypted PDF within the limits?

Two independent parsers must open the file and agree about it. Nobody repairs anything here: a
file that one program repairs and another does not shows different pages to different people.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pks_kit.pdf.parsing import ParserFailure, guarded, without_addresses

if TYPE_CHECKING:
    from pikepdf import Pdf
    from pyhanko.pdf_utils.reader import PdfFileReader

    from pks_kit.pdf.limits import PdfLimits
    from pks_kit.pdf.table_slips import TableSlip

    Forgives = Callable[[Sequence[TableSlip]], bool]

FlawKind = Literal[
    "empty",
    "too_large",
    "not_pdf",
    "not_at_start",
    "polyglot",
    "no_end",
    "extra_bytes",
    "encrypted",
    "restricted",
    "for_certificates",
    "unknown_lock",
    "unreadable",
    "many_objects",
    "many_revisions",
    "parsers_disagree",
    "no_pages",
    "too_many_pages",
    "bad_box",
]

_HEADER = re.compile(rb"%PDF-(1\.[0-9]|2\.0)[\r\n ]")
_END = re.compile(rb"%%EOF(\r\n|\r|\n)?\Z")
_PAGE = re.compile(rb"<(!doctype\s+html|html)[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(script|body|iframe)[\s>]", re.IGNORECASE)
_FIRST_OBJECT = re.compile(rb"[\r\n][\0\t\f ]*\d{1,10}[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+obj\b")
_SNIFFED = 1024
_ZIP_END, _ZIP_DIRECTORY = b"PK\x05\x06", b"PK\x01\x02"
_ZIP_TAIL = 65_557
_MOST_USER_UNITS = 14400
_FOR_CERTIFICATES = re.compile(rb"/Filter[\0\t\n\f\r ]{0,9}/(Adobe\.PubSec|Entrust\.PPKEF)\b")
_HARMLESS = (
    "reported number of objects",
    "extraneous whitespace seen before xref",
    "xref entry for the xref stream itself is missing",
)
"""qpdf remarks of many honest writers, after which every reader reads the same: a table reserves
more numbers than it uses, ``startxref`` points at the line end in front of its table (@signpdf), or
a stream of references does not list itself (PDFBox)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFlaw:
    """Something for which a file as a whole is refused.

    Attributes:
        kind: What it is. Four are locks: ``encrypted`` asks for a password, ``restricted`` opens
            without one but is encrypted, ``for_certificates`` opens for the keys of certain people,
            ``unknown_lock`` for a program of its own (rights management).
        params: Numbers and names for the words about it.
        parser: What a parser said, if that is the reason.
    """

    kind: FlawKind
    params: dict[str, str | int] = field(default_factory=dict)
    parser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A file that two independent parsers opened and agree about.

    Attributes:
        content: The bytes.
        reader: pyHanko's strict reader (signatures and history).
        pdf: pikepdf's view (qpdf) of the newest state.
        pages: Number of pages.
        slips: What was forgiven in its reference tables.
        remarks: What qpdf remarked while opening it, harmless remarks left out.
    """

    content: bytes
    reader: PdfFileReader
    pdf: Pdf
    pages: int
    slips: tuple[TableSlip, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def repeated(self) -> tuple[int, ...]:
        """Return the objects read so far in which a repeated key was forgiven."""
        return tuple(sorted(getattr(self.reader, "repeated", ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How far opening a file got.

    Attributes:
        opened: The file; None when it cannot be looked at any further.
        flaws: What is refused.
        is_plain: Whether both parsers found it unencrypted.
        was_read: Whether both parsers read its structure and agree.
        revisions: Reference tables; 0 when not read.
        warnings: What qpdf remarked, harmless remarks left out.
        is_hybrid: Whether it has tables and streams of references side by side.
        pages: Number of pages; 0 when not read.
    """

    opened: OpenedFile | None = None
    flaws: tuple[FileFlaw, ...] = ()
    is_plain: bool = False
    was_read: bool = False
    revisions: int = 0
    warnings: tuple[str, ...] = ()
    is_hybrid: bool = False
    pages: int = 0


def outer_flaws(content: bytes, limits: PdfLimits) -> tuple[FileFlaw, ...]:
    """Return what is wrong with size, first and last bytes; no parser is asked."""
    size = len(content)
    if not size:
        return (FileFlaw(kind="empty"),)
    if size > limits.file_bytes:
        return (FileFlaw(kind="too_large", params={"size": size, "limit": limits.file_bytes}),)
    if _HEADER.match(content) is None:
        where = content.find(b"%PDF-", 0, 1024)
        kind: FlawKind = "not_at_start" if where > 0 else "not_pdf"
        return (FileFlaw(kind=kind, params={"offset": max(where, 0)}),)
    found = []
    if other := _other_type(content):
        found.append(FileFlaw(kind="polyglot", params={"what": other}))
    last = content.rfind(b"%%EOF")
    if last < 0:
        found.append(FileFlaw(kind="no_end"))
    elif not _END.search(content):
        extra = size - last - len(b"%%EOF")
        found.append(FileFlaw(kind="extra_bytes", params={"count": extra}))
    return tuple(found)


def pdf_version(content: bytes) -> str:
    """Return the version that the first bytes state, or an empty text."""
    header = _HEADER.match(content)
    return header[1].decode("ascii") if header else ""


def _other_type(content: bytes) -> str:
    """Return as what else these bytes open, or an empty word: a ZIP at the end, HTML in front.

    A ZIP is read from its end and may begin anywhere; a browser looks at the first bytes. Parts of
    a page inside an object are the rich text of a comment or a form, not a page.
    """
    first = _FIRST_OBJECT.search(content, 0, _SNIFFED)
    front = first.start() if first else _SNIFFED
    if _PAGE.search(content, 0, _SNIFFED) or _HTML.search(content, 0, front):
        return "HTML"
    last = content.rfind(_ZIP_END, max(0, len(content) - _ZIP_TAIL))
    if last < 0:
        return ""
    entries = int.from_bytes(content[last + 10 : last + 12], "little")
    size, start = (int.from_bytes(content[last + n : last + n + 4], "little") for n in (12, 16))
    # The offset counts from the start of the file, or from where the ZIP was stuck on.
    directories = (content[place : place + 4] for place in (start, last - size))
    return "ZIP" if entries and _ZIP_DIRECTORY in directories else ""


def open_pdf(content: bytes, limits: PdfLimits, forgives: Forgives | None = None) -> Opening:
    """Open with both parsers; every disagreement is an answer, never an exception.

    Args:
        content: The file.
        limits: What it may cost.
        forgives: Whether a file may be read in spite of such slips in its tables; None: never.
    """
    # qpdf first: it is many times faster at finding out that a table is huge or broken.
    pdf = guarded(lambda: open_with_qpdf(content))
    if isinstance(pdf, ParserFailure):
        return _refused(unopened(pdf, content))
    if pdf.is_encrypted:
        return _refused(FileFlaw(kind="restricted"))
    numbers = guarded(lambda: int(pdf.trailer["/Size"]))
    if isinstance(numbers, int) and numbers > limits.objects:
        return _refused(_over("many_objects", count=numbers, limit=limits.objects))
    declared = guarded(lambda: _declared_pages(pdf))
    if isinstance(declared, int) and declared > limits.pages:
        return _refused(_over("too_many_pages", pages=declared, limit=limits.pages))
    slips: tuple[TableSlip, ...] = ()
    reader = guarded(lambda: open_with_pyhanko(content, is_patient=forgives is not None))
    if isinstance(reader, ParserFailure):
        said = reader.text
        again = guarded(lambda: _open_again(content, said, forgives))
        if isinstance(again, ParserFailure) or again is None:
            return _refused(FileFlaw(kind="unreadable", parser=said))
        reader, slips = again
    if reader.encrypt_dict is not None:
        return _refused(FileFlaw(kind="restricted"))
    revisions = reader.xrefs.total_revisions
    if revisions > limits.revisions:
        many = _over("many_revisions", count=revisions, limit=limits.revisions)
        return Opening(flaws=(many,), is_plain=True)
    counted = guarded(lambda: (len(pdf.pages), int(reader.root["/Pages"]["/Count"])))
    if isinstance(counted, ParserFailure) or counted[0] != counted[1]:
        seen = counted.text if isinstance(counted, ParserFailure) else str(counted)
        return Opening(flaws=(FileFlaw(kind="parsers_disagree", parser=seen),), is_plain=True)
    # read before anything else is touched: qpdf forgets what it told, and remarks more on the way
    warnings = tuple(
        without_addresses(str(one))
        for one in pdf.get_warnings()
        if not any(text in str(one) for text in _HARMLESS)
    )
    pages = counted[0]
    flaws: tuple[FileFlaw, ...] = ()
    if pages == 0:
        flaws = (FileFlaw(kind="no_pages"),)
    elif pages > limits.pages:
        flaws = (_over("too_many_pages", pages=pages, limit=limits.pages),)
    opened = OpenedFile(
        content=content, reader=reader, pdf=pdf, pages=pages, slips=slips, remarks=warnings
    )
    return Opening(
        opened=None if flaws else opened,
        flaws=flaws or _bad_boxes(pdf),
        is_plain=True,
        was_read=True,
        revisions=revisions,
        warnings=warnings,
        is_hybrid=reader.xrefs.hybrid_xrefs_present,
        pages=pages,
    )


def open_with_qpdf(content: bytes) -> Pdf:
    """Return pikepdf's view of a file, nothing in it repaired.

    Raises:
        Exception: Whatever a malformed file provokes.
    """
    import pikepdf

    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
    return pikepdf.open(io.BytesIO(content), suppress_warnings=True, attempt_recovery=False)


def open_with_pyhanko(content: bytes, *, is_patient: bool = False) -> PdfFileReader:
    """Return pyHanko's strict reader of a file that has pages.

    Args:
        content: The file.
        is_patient: Whether a key that is repeated with the same value is forgiven.

    Raises:
        Exception: Whatever a malformed file provokes.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    from pks_kit.pdf.patient_reader import PatientReader

    kind = PatientReader if is_patient else PdfFileReader
    reader = kind(io.BytesIO(content), strict=True)
    _ = reader.root["/Pages"]["/Count"]
    return reader


def _open_again(
    content: bytes, said: str, forgives: Forgives | None
) -> tuple[PdfFileReader, tuple[TableSlip, ...]] | None:
    """Open a file that was refused, if nothing but forgiven slips stands against it."""
    if forgives is None:
        return None
    from pks_kit.pdf.table_slips import is_slip, open_with_slips

    if not is_slip(said):
        return None
    reader, slips = open_with_slips(content)
    return (reader, slips) if forgives(slips) else None


def _refused(flaw: FileFlaw) -> Opening:
    return Opening(flaws=(flaw,))


def _over(kind: FlawKind, **params: int) -> FileFlaw:
    return FileFlaw(kind=kind, params=dict(params))


def _declared_pages(pdf: Pdf) -> int:
    """Return the larger of the declared number of pages and the length of the first list."""
    top = pdf.Root.Pages
    return max(int(top.Count), len(top.Kids))


def unopened(failure: ParserFailure, content: bytes) -> FileFlaw:
    """Say why qpdf opened nothing: a lock, and of which kind, or a broken structure.

    Args:
        failure: What qpdf said.
        content: The file; an encryption dictionary is never compressed.
    """
    if failure.text.startswith("PasswordError"):
        return FileFlaw(kind="encrypted")
    if "encryption dictionary" in failure.text:
        by_key = _FOR_CERTIFICATES.search(content) is not None
        return FileFlaw(kind="for_certificates" if by_key else "unknown_lock")
    return FileFlaw(kind="unreadable", parser=failure.text)


def _bad_boxes(pdf: Pdf) -> tuple[FileFlaw, ...]:
    """Refuse page sizes that no viewer or renderer handles the same way."""
    for number, page in enumerate(pdf.pages, start=1):
        sizes = guarded(lambda page=page: [float(edge) for edge in page.mediabox])  # type: ignore[misc]
        if isinstance(sizes, ParserFailure) or len(sizes) != 4:
            return (FileFlaw(kind="bad_box", params={"page": number}),)
        width, height = abs(sizes[2] - sizes[0]), abs(sizes[3] - sizes[1])
        if not (1 <= width <= _MOST_USER_UNITS and 1 <= height <= _MOST_USER_UNITS):
            return (FileFlaw(kind="bad_box", params={"page": number}),)
    return ()
