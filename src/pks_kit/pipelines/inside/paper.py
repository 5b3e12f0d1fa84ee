"""What a guarded child tells of paper: whether a file is a scan, and what the scan shows."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pks_kit.domain.paper import PaperFacts
from pks_kit.domain.paper_pictures import PaperRead
from pks_kit.domain.receipt import parse_receipt
from pks_kit.domain.tanda_tangan import CaraKontrak
from pks_kit.errors import UsageError
from pks_kit.foreign import Answer, Files, Question

_LIBRARIES = (
    "numpy", "numpy.fft", "cv2", "zxingcpp", "PIL.MpoImagePlugin", "PIL.TiffImagePlugin",
)  # fmt: skip
_MOST_LOOKED_AT = 200


def load_libraries(*modules: str) -> None:
    """Load what pictures need where it is installed, and then modules of ours.

    Args:
        modules: Their names.
    """
    with contextlib.suppress(ModuleNotFoundError):
        for name in (*_LIBRARIES, *modules):
            import_module(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureShare:
    """How many pages of a PDF there are, and how many of them a picture covers.

    None of either in a file that cannot be opened.
    """

    pages: int
    covered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredPages(Question[PictureShare]):
    """How many pages of a PDF are pictures of pages?"""

    def answer(self, files: Files) -> PictureShare:
        """Look at the first two hundred pages.

        Raises:
            Exception: Whatever a malformed file provokes once it is open.
        """
        from pypdfium2 import PdfiumError

        try:
            return self._looked_at(files[0])
        except PdfiumError:
            return PictureShare(pages=0, covered=0)

    def _looked_at(self, content: bytes) -> PictureShare:
        from pks_kit.pdf import pdfium
        from pks_kit.pdf.page_pictures import WHOLE_PAGE, covered_part, pictures_on

        covered = 0
        with pdfium.opened(content) as document:
            count = min(len(document), _MOST_LOOKED_AT)
            for number in range(count):
                page = document[number]
                covered += covered_part(tuple(pictures_on(page))) >= WHOLE_PAGE
                page.close()
        return PictureShare(pages=count, covered=covered)


class _Reads(Question[Answer]):
    """Reads a scan; the files are the issued PDF, its receipt as JSON, and what was sent back."""

    __slots__ = ()

    @classmethod
    def prepare(cls) -> None:
        """Load NumPy, OpenCV and the reader of codes where they are installed."""
        load_libraries("pks_kit.scan.reading", "pks_kit.render.pdf.first_layout")


def _read(reader: str, cara_kontrak: CaraKontrak, only: tuple[int, ...], files: Files) -> Any:
    """Read a scan with a function of ``scan.reading``.

    Raises:
        InputError: ``receipt.invalid``, ``paper.too_many_sheets``.
        UsageError: ``paper.no_extra``: the libraries for pictures are not installed.
        Exception: Whatever a malformed file provokes.
    """
    try:
        read = getattr(import_module("pks_kit.scan.reading"), reader)
    except ModuleNotFoundError as error:
        raise UsageError("paper.no_extra", library=error.name or "cv2") from error
    from pks_kit.render.pdf.first_layout import completed

    issued, receipt, *sent = files
    known = completed(parse_receipt(receipt, "receipt"), cara_kontrak, issued)
    try:
        return read(issued, known, sent, frozenset(only))
    except ModuleNotFoundError as error:
        raise UsageError("paper.no_extra", library=error.name or "cv2") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPaper(_Reads[PaperFacts]):
    """What does a scan show of an issued agreement?

    Attributes:
        cara_kontrak: Contract method, which tells whose places a hand uses in old receipts.
        only: Numbers of the sheets that are read, through all files; none: all of them.
    """

    cara_kontrak: CaraKontrak
    only: tuple[int, ...] = ()

    def answer(self, files: Files) -> PaperFacts:
        """Read it; see :func:`_read`."""
        facts: PaperFacts = _read("read_scan", self.cara_kontrak, self.only, files)
        return facts


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtPaper(_Reads[PaperRead]):
    """What does a scan show, and how does it look where a person must decide?

    Attributes:
        cara_kontrak: As of :class:`ReadPaper`.
        only: As of :class:`ReadPaper`.
    """

    cara_kontrak: CaraKontrak
    only: tuple[int, ...] = ()

    def answer(self, files: Files) -> PaperRead:
        """Read it and cut the pictures out; see :func:`_read`."""
        found: PaperRead = _read("read_scan_with_pictures", self.cara_kontrak, self.only, files)
        return found
