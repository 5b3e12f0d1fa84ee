"""The first look of a guarded child at what came back: which page of which agreement lies where."""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.domain.page_code import PageCode
from pks_kit.domain.paper import MOST_SHEETS
from pks_kit.domain.sheet_codes import MOST_CODES, CodeOnSheet, FileSeen, SheetSeen
from pks_kit.errors import UsageError
from pks_kit.foreign import Files, Question
from pks_kit.pdf.page_pictures import is_pdf
from pks_kit.pipelines.inside.paper import CoveredPages, ReadPaper


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCodesOf(Question[FileSeen]):
    """Which page codes stand on the sheets of one file?

    Nothing is laid over anything: this tells only to which agreement a sheet says it belongs.
    """

    @classmethod
    def prepare(cls) -> None:
        """Load what pictures need, where it is installed."""
        ReadPaper.prepare()

    def answer(self, files: Files) -> FileSeen:
        """Look at every sheet.

        Raises:
            UsageError: ``paper.no_extra``: the libraries for pictures are not installed.
            Exception: Whatever a malformed file provokes.
        """
        try:
            from pks_kit.scan.backs import is_blank
            from pks_kit.scan.pictures import Sheet, sheets_of
            from pks_kit.scan.reading import codes_on

            def seen(sheet: Sheet) -> SheetSeen:
                if sheet.failure:
                    return SheetSeen(number=sheet.number, state="unreadable")
                read = codes_on(sheet)
                codes = dict.fromkeys(_as_fact(one.code) for one in read.pages)
                if read.covers and not codes:
                    return SheetSeen(number=sheet.number, state="cover")
                if codes:
                    return SheetSeen(number=sheet.number, codes=(*codes,)[:MOST_CODES])
                return SheetSeen(number=sheet.number, state="blank" if is_blank(sheet) else "read")

            covered = _covered(files)
            if not covered:
                return FileSeen(sheets=(), covered=0, broken=covered is None)
            sheets: list[SheetSeen] = []
            cut = False
            for sheet in sheets_of(files[:1]):
                cut = len(sheets) == MOST_SHEETS
                if cut:
                    break
                sheets.append(seen(sheet))
        except ModuleNotFoundError as error:
            raise UsageError("paper.no_extra", library=error.name or "cv2") from error
        broken = all(one.state == "unreadable" for one in sheets)
        return FileSeen(sheets=tuple(sheets), covered=covered, cut=cut, broken=broken)


def _covered(files: Files) -> int | None:
    """Return how many pages pictures cover; None for a PDF that cannot be opened."""
    if not is_pdf(files[0]):
        return 1
    share = CoveredPages().answer(files[:1])
    return share.covered if share.pages else None


def _as_fact(code: PageCode) -> CodeOnSheet:
    return CodeOnSheet(
        agreement_id=code.agreement_id, edition=code.edition, page=code.page, pages=code.pages
    )
