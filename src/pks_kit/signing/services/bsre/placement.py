"""Where a gateway shall draw: checked before sending, in the numbers that the gateway counts in.

Gateways differ in where they count from and in what width and height mean (docs/sumber.md E1.2
and E1.4), so both are settings. A box outside its page gives a bare HTTP 500, a stray tag moves the
signature silently; both are refused here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pks_kit.errors import SigningError, UsageError
from pks_kit.foreign import Files, Question
from pks_kit.limits import SIGNABLE_PDF_BYTES
from pks_kit.pdf import pdfium
from pks_kit.pdf.box import TOLERANCE, Box
from pks_kit.pdf.layout import layout_of, open_sound
from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.parsing import refusing_broken_pdf

if TYPE_CHECKING:
    from pks_kit.signing.ports import PdfSigningJob

Origin = Literal["atas", "bawah"]
"""Corner from which coordinates count: upper left (EU DSS) or lower left (iText, PDF)."""

SizeMeans = Literal["ukuran", "sudut"]
"""What width and height say: a size, or the corner opposite to x and y."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A mark in the text of the page at which the gateway draws, instead of coordinates.

    The mark must be the lower left corner of the box: nobody published how gateways draw around a
    mark, and what is drawn elsewhere is thrown away afterwards.

    Attributes:
        text: The mark, one character such as ``#``.
        may_be_long: Whether this gateway takes longer marks (most stopped doing so in 2025).
    """

    text: str
    may_be_long: bool = False

    def __post_init__(self) -> None:
        """Refuse a mark that gateways ignore.

        Raises:
            UsageError: ``service.tag_length``.
        """
        if not self.text.strip() or (len(self.text) > 1 and not self.may_be_long):
            raise UsageError("service.tag_length")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A box in the numbers of a gateway."""

    x: float
    y: float
    width: float
    height: float


def gateway_numbers(
    box: Box, page_height: float, origin: Origin, means: SizeMeans = "ukuran"
) -> Numbers:
    """Return a box in points as a gateway counts them, rounded to hundredths."""
    left, bottom, _right, top = box.rect
    y = bottom if origin == "bawah" else page_height - top
    width, height = box.width, box.height
    if means == "sudut":
        width, height = left + width, y + height
    return Numbers(x=round(left, 2), y=round(y, 2), width=round(width, 2), height=round(height, 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sendable(Question[Box]):
    """Which box may a gateway be asked for in a file?

    Attributes:
        box: The box that is wanted.
        mark: Text of the mark to draw at; empty for coordinates.
    """

    box: Box
    mark: str

    def answer(self, files: Files) -> Box:
        """Look at syntax, page and mark.

        Raises:
            SigningError: As :func:`check_sendable`.
            InputError: As :func:`check_sendable`.
        """
        opened = open_sound(files[0])
        pages = layout_of(opened).pages
        with refusing_broken_pdf():
            is_hybrid = opened.reader.xrefs.hybrid_xrefs_present
        if is_hybrid or _syntax_problems(files[0]):
            raise SigningError("service.pdf_not_clean")
        number = self.box.page
        if not 1 <= number <= len(pages):
            raise SigningError("service.box_outside", page=number)
        page = pages[number - 1]
        if page.rotation:
            raise SigningError("signing.page_rotated", page=number, degrees=page.rotation)
        is_flat = self.box.width <= TOLERANCE or self.box.height <= TOLERANCE
        if is_flat or not self.box.inside(page.area):
            raise SigningError("service.box_outside", page=number)
        return _box_at_mark(files[0], self.mark, self.box) if self.mark else self.box


def check_sendable(job: PdfSigningJob, tag: Tag | None = None) -> Box:
    """Refuse a job that a gateway would answer with a crash or a misplaced signature.

    Returns:
        The box to ask for: that of the job, or from the mark to its upper right corner.

    Raises:
        SigningError: ``service.pdf_too_large``, ``service.pdf_not_clean`` (syntax that strict
            readers refuse, or a hybrid cross-reference), ``service.box_outside``,
            ``signing.page_rotated``, ``service.tag_missing``, ``service.tag_twice``,
            ``service.tag_elsewhere``, ``pdf.encrypted``, ``pdf.active_content``.
        InputError: ``pdf.unreadable``.
        NotLookedError: ``pdf.not_looked``; nothing was sent.
    """
    if len(job.pdf) > SIGNABLE_PDF_BYTES:
        raise SigningError("service.pdf_too_large")
    return job.looks.ask(Sendable(box=job.box, mark="" if tag is None else tag.text), job.pdf)


def _syntax_problems(pdf: bytes) -> bool:
    """Return whether qpdf complains about the file (a gateway says "Rebuild failed" then)."""
    with refusing_broken_pdf(), open_with_qpdf(pdf) as opened:
        return bool(opened.check_pdf_syntax())


def _box_at_mark(pdf: bytes, text: str, box: Box) -> Box:
    """Return what is left of a box from the one mark of the whole file on."""
    found: list[Box] = []
    with pdfium.opened(pdf) as document:
        for number, page in enumerate(document, start=1):
            words = page.get_textpage()
            search = words.search(text, match_case=True)
            while (hit := search.get_next()) is not None:
                found.append(Box(page=number, rect=words.get_charbox(hit[0])))
            words.close()
            page.close()
    if not found:
        raise SigningError("service.tag_missing", tag=text)
    if len(found) > 1:
        raise SigningError("service.tag_twice", tag=text, count=len(found))
    mark = found[0]
    left, bottom = mark.rect[:2]
    is_at_corner = left <= box.rect[0] + box.width / 4 and bottom <= box.rect[1] + box.height / 4
    if not (mark.inside(box) and is_at_corner):
        raise SigningError("service.tag_elsewhere", tag=text, page=mark.page)
    return Box(page=box.page, rect=(left, bottom, box.rect[2], box.rect[3]))
