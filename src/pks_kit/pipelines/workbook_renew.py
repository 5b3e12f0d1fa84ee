"""From Excel to Excel: a workbook of this year becomes one of the next, its cells marked."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from pks_kit.domain.kontrak import JangkaWaktu, Kontrak
from pks_kit.domain.perpanjangan import DIISI_KEMBALI
from pks_kit.domain.sebutan import nama_faskes
from pks_kit.errors import PksKitError, Problem
from pks_kit.files import NamedFile
from pks_kit.inputs.workbook import Book, Facility
from pks_kit.inputs.workbook.written import WrittenCells
from pks_kit.json_form import HasJsonForm
from pks_kit.json_types import IF_KNOWN, Count, shown
from pks_kit.naskah.diff.result import ClauseChange
from pks_kit.pipelines.drafting.next_agreement import (
    NextAgreement,
    next_agreement,
    structure_of,
    text_changes,
    text_stays,
)
from pks_kit.pipelines.error_form import ErrorForm, error_form, short_error_form
from pks_kit.pipelines.reference.recredentialing_form import RecredentialingForm, last_year
from pks_kit.pipelines.renew import EndingLicence, TemplateChange, touching
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.given import FileInput
from pks_kit.pipelines.workbook import book_of
from pks_kit.rules.findings import Finding

if TYPE_CHECKING:
    from pks_kit.naskah.diff import VersionDiff


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookRenewRequest(Request):
    """What to renew.

    Attributes:
        source: The workbook (XLSX) with the agreements that end.
        mulai: First day of the new term.
        selesai: Last day of the new term.
        versi: Template version; None takes for each kind the newest one in use on ``mulai``.
        with_changes: Compare the texts of both terms, once for each structure of agreement.
        progress: Called with the name of each facility before its work.
    """

    source: FileInput
    mulai: date
    selesai: date
    versi: str | None = None
    with_changes: bool = True
    progress: Callable[[str], None] = field(default=lambda _name: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedCell:
    """A cell of the new workbook that a person must see to.

    Attributes:
        path: Place of the value in the contract data.
        place: Its cell.
        words: What belongs there, or why it must be looked at.
    """

    path: str
    place: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewedFacilityForm:
    """What came of one facility.

    Attributes:
        key: Its ``kunci_faskes``.
        name: Its name.
        template: Template versions.
        to_fill: Cells that a person must fill before anything can be drafted.
        to_check: Cells whose value was carried over and must be looked at.
        removed: Places that the new data leave out on purpose.
        licences: What ends before or within the new term, the earliest first.
        recredentialing: Latest year of rekredensialing, when the data have one.
        findings: What would block or disturb the new agreement, with cells of the new workbook.
        text: Number of the comparison of texts that fits this facility, from 1; null for none.
        error: Why it is not in the new workbook; then the lists are empty.
    """

    key: str
    name: str
    template: TemplateChange | None
    to_fill: tuple[MarkedCell, ...]
    to_check: tuple[MarkedCell, ...]
    removed: tuple[str, ...]
    licences: tuple[EndingLicence, ...]
    recredentialing: RecredentialingForm | None
    findings: tuple[Finding, ...]
    text: Annotated[int | None, Field(ge=1)]
    error: Annotated[ErrorForm | None, IF_KNOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChangesForm:
    """What changes in the text for facilities of one structure.

    Attributes:
        template: Template versions.
        compared: Facility whose data filled both texts; names and numbers of the others differ.
        facilities: How many facilities it fits.
        changes: Clause changes that touch them; null when the texts could not be compared.
        problem: Why they could not.
    """

    template: TemplateChange
    compared: str
    facilities: Count
    changes: tuple[ClauseChange, ...] | None
    problem: Annotated[ErrorForm | None, IF_KNOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChanges(HasJsonForm):
    """What changes in the text for facilities of one structure.

    Attributes:
        versi_lama: Template version of the agreements that end.
        versi_baru: Template version of the next ones.
        dibandingkan: Name of the facility whose data filled both texts.
        keys: Facilities that it fits.
        diff: The comparison; None when it could not be made.
        problem: Why it could not.
    """

    versi_lama: str
    versi_baru: str
    dibandingkan: str
    keys: tuple[str, ...]
    diff: VersionDiff | None
    problem: PksKitError | None

    @property
    def changes(self) -> tuple[ClauseChange, ...]:
        """Return the clause changes that touch these facilities."""
        return touching(self.diff)

    def json_form(self) -> TextChangesForm:
        """Return what changes."""
        return TextChangesForm(
            template=TemplateChange(old=self.versi_lama, new=self.versi_baru),
            compared=self.dibandingkan,
            facilities=len(self.keys),
            changes=self.changes if self.diff else None,
            problem=short_error_form(self.problem) if self.problem else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewedFacility(HasJsonForm):
    """What came of one facility: the next agreement or an error, never both.

    Attributes:
        facility: The facility as the old workbook has it.
        made: The next agreement.
        error: Why there is none.
        text: Number of the comparison of texts that fits it, from 1.
        cells: Cells of the new workbook.
    """

    facility: Facility
    made: NextAgreement | None
    error: PksKitError | None
    text: int | None
    cells: WrittenCells = field(repr=False)

    @property
    def versi_lama(self) -> str:
        """Return the template version of the agreement that ends."""
        kontrak = self.facility.kontrak
        return kontrak.versi_templat if kontrak else ""

    def place_of(self, path: str) -> str:
        """Return the cell of a value in the new workbook."""
        return self.cells.place_of(self.facility.key, path)

    def to_fill(self) -> tuple[MarkedCell, ...]:
        """Return the cells that a person must fill."""
        return self._marked(DIISI_KEMBALI if self.made else {})

    def to_check(self) -> tuple[MarkedCell, ...]:
        """Return the cells whose value was carried over and must be looked at."""
        return self._marked(self.made.remarks if self.made else {})

    def _marked(self, words: dict[str, str]) -> tuple[MarkedCell, ...]:
        return tuple(
            MarkedCell(path=path, place=self.place_of(path), words=one)
            for path, one in words.items()
        )

    def json_form(self) -> RenewedFacilityForm:
        """Return what came of it, with cells of the new workbook."""
        made = self.made
        new = made.kontrak.versi_templat if made else ""
        return RenewedFacilityForm(
            key=self.facility.key,
            name=self.facility.name,
            template=TemplateChange(old=self.versi_lama, new=new) if made else None,
            to_fill=self.to_fill(),
            to_check=self.to_check(),
            removed=made.removed if made else (),
            licences=tuple(
                EndingLicence(
                    kind=one.jenis,
                    path=one.path,
                    name=one.nama,
                    number=one.nomor,
                    ends=one.berakhir,
                )
                for one in (made.licences if made else ())
            ),
            recredentialing=last_year(made.kontrak) if made else None,
            findings=tuple(
                one.at(place=self.place_of(one.path)) for one in (made.findings if made else ())
            ),
            text=self.text,
            error=error_form(self.error, self.facility.place_of) if self.error else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookRenewResult:
    """What came of a workbook; exit code 50 when something of it was not carried over.

    Attributes:
        source: Name of the old file.
        mulai: First day of the new term.
        selesai: Last day of the new term.
        problems: What is wrong with sheets, headings, keys, and rows that belong to no facility.
        passed_over: What was not read and keeps nobody.
        facilities: What came of every facility.
        texts: What changes in the text, once for each structure of agreement.
    """

    source: Annotated[str, Field(alias="book")]
    mulai: Annotated[date, Field(alias="starts")]
    selesai: Annotated[date, Field(alias="ends")]
    problems: tuple[Problem, ...]
    passed_over: tuple[Problem, ...]
    facilities: tuple[RenewedFacility, ...]
    texts: tuple[TextChanges, ...]

    @shown()
    def renewed(self) -> Count:
        """How many facilities are in the new workbook."""
        return sum(one.made is not None for one in self.facilities)

    @shown()
    def failed(self) -> Count:
        """How many are not."""
        return len(self.facilities) - self.renewed

    @property
    def exit_code(self) -> int:
        """Return 50 when something was not carried over, otherwise 0."""
        return 50 if self.failed or self.problems else 0

    def book(self, language: str) -> NamedFile:
        """Return the new workbook, its marks and notes for people among the tables.

        Args:
            language: Of the sheets of notes; ``id`` or ``en``.
        """
        from pks_kit.pipelines.drafting.renewed_book import renewed_book

        return NamedFile(f"faskes-{self.mulai.year}.xlsx", renewed_book(self, language))


@verb
def workbook_renew(request: WorkbookRenewRequest) -> WorkbookRenewResult:
    """Make the workbook of the next term; a facility that cannot be renewed stops no other.

    As :func:`~pks_kit.renew` for each facility; texts are compared once for each structure.

    Raises:
        InputError: The file is refused as a whole, or the version is unknown.
        InputProblemsError: ``workbook.problems``: no facility was found.
        UsageError: ``renew.term_turned``, ``draft.not_an_agreement`` or ``request.type``.
    """
    book = book_of(request.source, "WorkbookRenewRequest.source")
    book.refuse_nobody()
    found: list[tuple[Facility, NextAgreement | PksKitError]] = []
    for facility in book.facilities:
        request.progress(facility.name)
        found.append((facility, _made(book, facility, request)))
    good = {one.key: made for one, made in found if isinstance(made, NextAgreement)}
    cells = WrittenCells.of({key: made.kontrak for key, made in good.items()})
    texts = _texts(book, good, request) if request.with_changes else ()
    numbers = {key: number for number, one in enumerate(texts, start=1) for key in one.keys}
    return WorkbookRenewResult(
        source=book.source,
        mulai=request.mulai,
        selesai=request.selesai,
        problems=book.problems,
        passed_over=book.passed_over,
        facilities=tuple(
            RenewedFacility(
                facility=facility,
                made=made if isinstance(made, NextAgreement) else None,
                error=made if isinstance(made, PksKitError) else None,
                text=numbers.get(facility.key) if isinstance(made, NextAgreement) else None,
                cells=cells,
            )
            for facility, made in found
        ),
        texts=texts,
    )


workbook_renew_async = in_background(workbook_renew)


def _made(
    book: Book, facility: Facility, request: WorkbookRenewRequest
) -> NextAgreement | PksKitError:
    term = JangkaWaktu(tanggal_mulai=request.mulai, tanggal_selesai=request.selesai)
    try:
        kontrak = book.loaded(facility).loaded.kontrak
        return next_agreement(kontrak, term, request.versi)
    except PksKitError as error:
        return error


def _texts(
    book: Book, good: dict[str, NextAgreement], request: WorkbookRenewRequest
) -> tuple[TextChanges, ...]:
    """Compare the texts once for each structure, versions and first day of the old term."""
    from pks_kit.naskah.diff import VersionDiff

    groups: dict[Hashable, list[tuple[str, Kontrak, str]]] = {}
    quiet: set[Hashable] = set()
    for facility in book.facilities:
        old, made = facility.kontrak, good.get(facility.key)
        if old is None or made is None:
            continue
        new = made.kontrak.versi_templat
        start = old.jangka_waktu.tanggal_mulai
        group: Hashable = (new, start, structure_of(old))
        if text_stays(old, new, request.mulai):
            group = (new, start)
            quiet.add(group)
        groups.setdefault(group, []).append((facility.key, old, new))
    found = []
    for group, members in groups.items():
        _, kontrak, new = members[0]
        diff: VersionDiff | None
        if group in quiet:
            diff, problem = VersionDiff(versi_lama=new, versi_baru=new, parts=()), None
        else:
            diff, problem = text_changes(kontrak, new, request.mulai)
        found.append(
            TextChanges(
                versi_lama=kontrak.versi_templat,
                versi_baru=new,
                dibandingkan=nama_faskes(kontrak),
                keys=tuple(key for key, _, _ in members),
                diff=diff,
                problem=problem,
            )
        )
    return tuple(found)
