"""Read a scan: which sheet is which page, and what was done to it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pks_kit.domain.paper import (
    Decision,
    PageStatus,
    PaperChange,
    PaperFacts,
    PaperPlace,
    ScannedPage,
    UnjudgedPart,
)
from pks_kit.domain.paper_pictures import PaperRead
from pks_kit.domain.receipt import Receipt
from pks_kit.domain.rect import overlap
from pks_kit.scan import thresholds
from pks_kit.scan.alignment import Alignment, LaidSheet, align, resolution
from pks_kit.scan.backs import is_blank
from pks_kit.scan.changes import look_for_changes
from pks_kit.scan.codes import CodesRead, FoundCode, read_all_codes
from pks_kit.scan.crops import Crops
from pks_kit.scan.electronic import look_for_unprinted
from pks_kit.scan.issued import IssuedPages
from pks_kit.scan.letters import Letters
from pks_kit.scan.pictures import Sheet, sheets_of
from pks_kit.scan.places import decide
from pks_kit.scan.values import compare, word_fit
from pks_kit.scan.view import view_of
from pks_kit.scan.without_code import Guess, PageFinder

_INK: tuple[Decision, ...] = ("empty", "unsure", "signed")
"""How much ink a place shows, none first."""


def read_scan(
    issued: bytes, receipt: Receipt, sent: Sequence[bytes], only: Collection[int] = ()
) -> PaperFacts:
    """Read what was sent back.

    Args:
        issued: The issued PDF.
        receipt: Its receipt, completed.
        sent: Files that came back, in the order in which they were given.
        only: Numbers of the sheets that are read, through all files; none given: all of them.
    """
    pages = IssuedPages(issued, receipt)
    try:
        return _Reader(pages).read(sent, only)
    finally:
        pages.close()


def read_scan_with_pictures(
    issued: bytes, receipt: Receipt, sent: Sequence[bytes], only: Collection[int] = ()
) -> PaperRead:
    """Read what was sent back, and cut out what a person is to look at; as :func:`read_scan`."""
    pages = IssuedPages(issued, receipt)
    try:
        reader = _Reader(pages)
        reader.crops = Crops(pages, reader.letters)
        facts = reader.read(sent, only)
        return PaperRead(facts=facts, pictures=reader.crops.all(facts))
    finally:
        pages.close()


class _Reader:
    def __init__(self, issued: IssuedPages) -> None:
        self._issued = issued
        self.letters = Letters(issued)
        self.crops: Crops | None = None
        self._finder = PageFinder(issued)
        self._seen: dict[int, _Copy] = {}
        self._pages: list[ScannedPage] = []
        self._places: dict[str, PaperPlace] = {}
        self._changes: dict[int, list[PaperChange]] = {}
        self._unjudged: dict[int, UnjudgedPart] = {}

    def read(self, sent: Sequence[bytes], only: Collection[int]) -> PaperFacts:
        """Read sheet after sheet."""
        for sheet in sheets_of(sent, only):
            self._sheet(sheet)
        receipt = self._issued.receipt
        missing = tuple(one for one in range(1, self._issued.count + 1) if one not in self._seen)
        for number in missing:
            for place in self._issued.places(number):
                self._places[place.id] = PaperPlace(
                    id=place.id, page=number, scan_page=None, kind=place.kind, peran=place.peran,
                    rect=place.rect, decision="unsure", reason="page_missing",
                )  # fmt: skip
        return PaperFacts(
            agreement_id=receipt.agreement_id,
            edition=receipt.edition,
            pages=tuple(self._pages),
            missing=missing,
            places=tuple(sorted(self._places.values(), key=lambda one: (one.page, one.id))),
            changes=tuple(one for number in sorted(self._changes) for one in self._changes[number]),
            unjudged=tuple(self._unjudged[number] for number in sorted(self._unjudged)),
            thresholds=thresholds.VERSION,
        )

    def _sheet(self, sheet: Sheet) -> None:
        plain = ScannedPage(
            scan_page=sheet.number, status="unreadable", colours=sheet.colours,
            file=sheet.file, file_page=sheet.file_page,
        )  # fmt: skip
        if sheet.failure:
            self._pages.append(plain)
            return
        codes = codes_on(sheet)
        by_page: dict[tuple[str, str | None, int], list[FoundCode]] = {}
        for one in codes.pages:
            key = one.code.agreement_id, one.code.edition, one.code.page
            by_page.setdefault(key, []).append(one)
        if self.crops is not None:
            self.crops.sheet = sheet
        if not by_page:
            # anybody can put the code of a covering page on a page of the agreement
            covers = self._issued.receipt.agreement_id in codes.covers
            self._without_code(sheet, replace(plain, status="cover") if covers else plain)
        for found in by_page.values():  # two upright pages may share a sheet
            self._with_code(sheet, plain, found)

    def _with_code(self, sheet: Sheet, plain: ScannedPage, found: list[FoundCode]) -> None:
        code = found[0].code
        told = replace(plain, page=code.page, agreement_id=code.agreement_id, edition=code.edition)
        status = self._standing(found[0])
        if status != "ok" and status != "edition_unknown":
            self._pages.append(replace(told, status=status))
            return
        page = self._issued.page(code.page)
        lying = align(page, LaidSheet(sheet.grey), found)
        if lying is None:
            dpi = round(resolution(page, sheet.grey.shape[:2], found), 0)
            self._pages.append(replace(told, status="unreadable", dpi=dpi))
            return
        self._judge(sheet, lying, told, status)

    def _standing(self, found: FoundCode) -> PageStatus:
        """Return what a page is to the agreement, by its code alone."""
        receipt, code = self._issued.receipt, found.code
        if code.agreement_id != receipt.agreement_id:
            return "other_agreement"
        if code.pages != self._issued.count:
            return "other_edition" if code.edition is not None else "other_page_count"
        if receipt.edition is not None and code.edition is None:
            return "other_edition"  # the issue has one, so this page is from before
        same = code.same_issue(receipt.agreement_id, receipt.edition)
        if same is None:
            return "edition_unknown"
        return "ok" if same else "other_edition"

    def _without_code(self, sheet: Sheet, plain: ScannedPage) -> None:
        if is_blank(sheet):
            self._pages.append(replace(plain, status="blank"))
            return
        guess = self._finder.find(sheet.grey)
        if guess is None:
            self._pages.append(plain)
            return
        if not self._header_fits(guess, sheet):
            told = replace(plain, status="unreadable", page=guess.page.number)
            self._pages.append(replace(told, dpi=round(guess.lying.dpi)))
            return
        self._judge(sheet, guess.lying, replace(plain, page=guess.page.number), "ok_without_code")

    def _header_fits(self, guess: Guess, sheet: Sheet) -> bool:
        """Return whether page number and both PKS numbers of the page stand there digit by digit.

        A picture finds the page, never the agreement: most pages of two agreements differ in their
        header alone.
        """
        room = guess.page.sheet.header if guess.page.sheet else None
        values = self._issued.values(guess.page.number)
        header = [one for one in values if room and overlap(one.rect, room)]
        if len(header) < 2:
            return False
        compared = compare(self.letters, guess.lying, sheet.grey, header, sheet.number)
        if compared.changes or compared.unjudged:
            return False
        return self._edition_fit(guess, sheet) >= thresholds.EDITION_FITS

    def _edition_fit(self, guess: Guess, sheet: Sheet) -> float:
        """Return how well the printed edition fits: drafts of one agreement differ in it alone.

        An issue without one has nothing to be compared.
        """
        edition = self._issued.receipt.edition
        if edition is None:
            return 1.0
        return max(
            (
                word_fit(guess.lying, sheet.grey, word)
                for word in self._issued.words(guess.page.number)
                if "".join(one.letter for one in word) == edition
            ),
            default=0.0,
        )

    def _judge(self, sheet: Sheet, lying: Alignment, told: ScannedPage, status: PageStatus) -> None:
        number = lying.page.number
        residual = lying.residual_mm
        # whoever sends a page again wants the later one to count, unless nothing can be measured
        sent = sheet.file if math.isfinite(residual) else 0
        quality = sent, -residual + (1.0 if status == "ok" else 0.0)
        told = replace(
            told, dpi=round(lying.dpi), turned=lying.turned,
            residual_mm=round(residual, 3) if math.isfinite(residual) else None,
        )  # fmt: skip
        view = view_of(lying, sheet.seen, sheet.colours)
        places, electronic = self._issued.places(number), self._issued.electronic(number)
        decided = decide(view, lying, places, sheet.number)
        words = tuple(self._issued.words(number))
        compared = compare(
            self.letters, lying, sheet.grey, self._issued.values(number), sheet.number
        )
        changes = [
            *compared.changes,
            *look_for_changes(view, lying, [*places, *electronic], decided, words, sheet.number),
            *look_for_unprinted(self._issued, view, lying, electronic, decided, sheet.number),
        ]
        earlier = self._seen.get(number)
        copy = _Copy(sheet.number, quality, {one.id: one.decision for one in decided.places})
        if earlier is not None and (
            copy.lacks_ink_of(earlier)
            or (earlier.quality >= quality and not earlier.lacks_ink_of(copy))
        ):
            # nobody tells which of two sheets counts, so a changed one is not passed over
            differs = bool(changes or compared.unjudged)
            self._pages.append(replace(told, status=_double(copy, earlier, differs=differs)))
            return
        if earlier is not None:
            index = next(
                at for at, one in enumerate(self._pages)
                if one.scan_page == earlier.sheet and one.page == number
            )  # fmt: skip
            again = self._pages[index].file != sheet.file
            differs = bool(self._changes[number]) or number in self._unjudged
            self._pages[index] = replace(
                self._pages[index],
                status="replaced" if again else _double(earlier, copy, differs=differs),
            )
        self._seen[number] = copy
        self._pages.append(replace(told, status=status))

        self._places.update((one.id, one) for one in decided.places)
        self._changes[number] = changes
        if self.crops is not None:
            self.crops.take(lying, decided.places, self._changes[number], compared.unjudged)
        self._unjudged.pop(number, None)
        if compared.unjudged:
            self._unjudged[number] = UnjudgedPart(
                page=number, scan_page=sheet.number, values=compared.unjudged
            )


@dataclass(frozen=True, slots=True)
class _Copy:
    """One of the sheets that show a page.

    Attributes:
        sheet: Its number.
        quality: Its file, 0 when nothing on it can be measured, and how well it lies.
        ink: What each place on it is.
    """

    sheet: int
    quality: tuple[int, float]
    ink: Mapping[str, Decision]

    def lacks_ink_of(self, other: _Copy) -> bool:
        """Return whether another copy has ink that this one lacks, and this one none beside it.

        Whoever sends everything again and forgets the pen on one page takes nothing back. Where
        each has ink that the other lacks they are two sheets of paper, and order decides.
        """
        if not (self.quality[0] and other.quality[0]):
            return False
        pairs = [(one, other.ink.get(name, "empty")) for name, one in self.ink.items()]
        return any(_INK.index(here) < _INK.index(there) for here, there in pairs) and not any(
            there == "empty" and here != "empty" for here, there in pairs
        )


def _double(unused: _Copy, used: _Copy, *, differs: bool) -> PageStatus:
    if differs:
        return "double_differs"
    return "less_ink" if unused.lacks_ink_of(used) else "double"


def codes_on(sheet: Sheet) -> CodesRead:
    """Return what the codes of a sheet say."""
    return read_all_codes(sheet.grey, max(sheet.grey.shape) / 11.69)
