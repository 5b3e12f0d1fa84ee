"""Workbooks: make one, check it, draft every facility in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import InputError, PksKitError, Problem, UsageError
from pks_kit.files import NamedFile
from pks_kit.inputs import LoadedKontrak, load_kontrak
from pks_kit.inputs.workbook import Book, Facility, parse_book, read_book, write_workbook
from pks_kit.inputs.workbook.package import MAXIMUM_BYTES as BOOK_LIMIT
from pks_kit.json_types import shown
from pks_kit.pipelines.draft import check_loaded, prepare
from pks_kit.pipelines.drafting.beside import Beside, beside_of
from pks_kit.pipelines.drafting.facility_results import FacilityCheck, FacilityDraft
from pks_kit.pipelines.drafting.issue import (
    FORMATS,
    issue,
    refuse_unknown_formats,
)
from pks_kit.pipelines.drafting.together import shared_in_book
from pks_kit.pipelines.inside.looks import looks_at_book
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.given import FileInput, read_file
from pks_kit.pipelines.requests.given_data import KontrakInput, is_workbook, read_kontrak
from pks_kit.resources import contract_samples
from pks_kit.rules.findings import Finding
from pks_kit.settings.model import SigningSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookNewRequest(Request):
    """What to make.

    Attributes:
        samples: Fill the workbook with the sample facilities.
    """

    samples: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookNewResult:
    """What was made.

    Attributes:
        file: The workbook.
        facilities: How many facilities it holds.
    """

    file: NamedFile
    facilities: int


@verb
def workbook_new(request: WorkbookNewRequest) -> WorkbookNewResult:
    """Make a workbook with notes and drop-downs, empty or with the sample facilities.

    Raises:
        UsageError: ``request.type``.
    """
    facilities: dict[str, Kontrak] = {}
    if request.samples:
        for path in contract_samples():
            kontrak = load_kontrak(path).kontrak
            facilities[_free_key(kontrak.faskes.kode, facilities)] = kontrak
    file = NamedFile("faskes.xlsx", write_workbook(facilities))
    return WorkbookNewResult(file=file, facilities=len(facilities))


workbook_new_async = in_background(workbook_new)


def _free_key(wanted: str, taken: dict[str, Kontrak]) -> str:
    key, number = wanted, 1
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key


def book_of(given: FileInput, place: str) -> Book:
    """Return a workbook that a request holds.

    Raises:
        InputError: ``file.*`` or ``workbook.*`` when the file is refused as a whole.
    """
    if isinstance(given, Path):
        return read_book(given, looks_at_book())
    read = read_file(given, BOOK_LIMIT, place)
    return parse_book(read.content, read.name, looks_at_book())


def kontrak_of(given: KontrakInput, key: str | None, place: str) -> LoadedKontrak:
    """Return contract data of one agreement, also out of a workbook.

    Args:
        given: Contract data, or a workbook.
        key: Which facility of a workbook; None takes the only one.
        place: What messages call it when it has no name.

    Raises:
        UsageError: ``workbook.which_facility``; as :func:`read_kontrak`.
        InputError: The file is unreadable.
        InputProblemsError: Everything that is wrong in the data of that facility.
    """
    if not (isinstance(given, bytes | Path | NamedFile) and is_workbook(given)):
        return read_kontrak(given, place)
    book = book_of(given, place)
    book.refuse_nobody()
    keys = [one.key for one in book.facilities]
    wanted = keys[0] if key is None and len(keys) == 1 else key
    if wanted not in keys:
        raise UsageError("workbook.which_facility", known=", ".join(keys[:20]))
    return book.loaded(book.facilities[keys.index(wanted)]).loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCheck:
    """What the checks say of a workbook; exit code 3 for problems, 10 when only findings block.

    Attributes:
        source: Name of the file.
        problems: What is wrong with sheets, headings, keys, and rows that belong to no facility,
            each once; a facility that one of them touches has it among its own problems too.
        passed_over: What is not read and keeps nobody: scratch sheets, columns of remarks.
        facilities: Every facility.
    """

    source: Annotated[str, Field(alias="book")]
    problems: tuple[Problem, ...]
    passed_over: tuple[Problem, ...]
    facilities: tuple[FacilityCheck, ...]

    @property
    def exit_code(self) -> int:
        """Return 3 when data is wrong, otherwise the first code of a facility, otherwise 0."""
        codes = [InputError.exit_code] if self.problems else []
        codes += [one.exit_code for one in self.facilities if one.exit_code]
        return min(codes, default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookCheckRequest(Request):
    """What to check.

    Attributes:
        source: The workbook (XLSX).
        as_of: Date of the rules; None means the start of each term.
        settings: Settings of whoever signs, when they are known: what they refuse is told now.
        today: Day of the work in WIB, with which the day of signing is compared; None: it is not.
    """

    source: FileInput
    as_of: date | None = None
    settings: SigningSettings | None = None
    today: date | None = None


@verb
def workbook_check(request: WorkbookCheckRequest) -> BookCheck:
    """Return all problems and findings of a workbook.

    Raises:
        InputError: The file is refused as a whole.
        UsageError: ``request.type``.
    """
    book = book_of(request.source, "WorkbookCheckRequest.source")
    return check_book(book, request.as_of, request.settings, request.today)


workbook_check_async = in_background(workbook_check)


def check_book(
    book: Book, as_of: date | None, settings: SigningSettings | None, today: date | None
) -> BookCheck:
    """Return all problems and findings of a workbook that was read.

    Args:
        book: The workbook.
        as_of: Date of the rules; None means the start of each term.
        settings: Settings of whoever signs, when they are known.
        today: Day of the work in WIB; None: the day of signing is not compared with it.
    """
    together = zip(book.facilities, shared_in_book(book), strict=True)
    checks = tuple(
        _checked(book, one, as_of, beside_of(settings, shared, today)) for one, shared in together
    )
    return BookCheck(
        source=book.source,
        problems=book.problems,
        passed_over=book.passed_over,
        facilities=checks,
    )


def _checked(
    book: Book,
    facility: Facility,
    as_of: date | None,
    beside: Beside,
) -> FacilityCheck:
    loaded = book.looked_at(facility)
    if loaded is None:
        return FacilityCheck(facility=facility, findings=beside.shared)
    try:
        result = check_loaded(loaded, as_of, beside)
    except PksKitError as error:
        return FacilityCheck(facility=facility, findings=beside.shared, error=error)
    return FacilityCheck(facility=facility, findings=result.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookDraftRequest(Request):
    """What to draft.

    Attributes:
        source: The workbook (XLSX).
        formats: Subset of ``FORMATS``.
        as_of: Date of the rules; None means the start of each term.
        progress: Called with the name of each facility before its work.
        settings: Settings of whoever signs, when they are known: what they refuse is told now.
        compiled: Folder with what :func:`template_compile` kept; the bytes are the same.
        compiling: Called now and then with how many texts are compiled first, and of how many,
            where many agreements need one that is not kept; None compiles nothing.
    """

    source: FileInput
    formats: Sequence[str] = FORMATS
    as_of: date | None = None
    progress: Callable[[str], None] = field(default=lambda _name: None)
    settings: SigningSettings | None = None
    compiled: Path | None = None
    compiling: Callable[[int, int], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookDraft:
    """What came of a workbook; exit code 50 when a facility failed, or rows belong to nobody.

    Attributes:
        source: Name of the file.
        problems: As in :class:`BookCheck`.
        passed_over: As in :class:`BookCheck`.
        facilities: What came of every facility.
    """

    source: Annotated[str, Field(alias="book")]
    problems: tuple[Problem, ...]
    passed_over: tuple[Problem, ...]
    facilities: tuple[FacilityDraft, ...]

    @shown()
    def failed(self) -> int:
        """How many facilities could not be drafted."""
        return sum(one.result is None for one in self.facilities)

    @shown()
    def drafted(self) -> int:
        """How many facilities were drafted."""
        return len(self.facilities) - self.failed

    @property
    def exit_code(self) -> int:
        """Return 50 when something of the workbook was not drafted, otherwise 0."""
        return 50 if self.failed or self.problems else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BookDrafts:
    """A workbook whose facilities are drafted one after the other.

    Attributes:
        source: Name of the file.
        problems: As in :class:`BookCheck`.
        passed_over: As in :class:`BookCheck`.
        drafts: What came of every facility, each made when it is asked for.
    """

    source: str
    problems: tuple[Problem, ...]
    passed_over: tuple[Problem, ...]
    drafts: Iterator[FacilityDraft]

    def all(self, drafted: Iterable[FacilityDraft] | None = None) -> BookDraft:
        """Return what came of the workbook.

        Args:
            drafted: The drafts when somebody has asked for them already; None makes them now.
        """
        return BookDraft(
            source=self.source,
            problems=self.problems,
            passed_over=self.passed_over,
            facilities=tuple(self.drafts if drafted is None else drafted),
        )


@verb
def workbook_draft(request: WorkbookDraftRequest) -> BookDraft:
    """Draft every facility of a workbook; one that fails does not stop the others.

    All results are held at once; :func:`workbook_drafts` gives one after the other.

    Raises:
        UsageError: ``draft.unknown_format``, ``request.type``.
        InputError: The file is refused as a whole.
        InputProblemsError: ``workbook.problems``: no facility was found, because sheets, headings
            or keys are wrong.
    """
    return workbook_drafts(request).all()


workbook_draft_async = in_background(workbook_draft)


@verb
def workbook_drafts(request: WorkbookDraftRequest) -> BookDrafts:
    """Return a workbook with its drafts, each made when it is asked for.

    Raises:
        As :func:`workbook_draft`, before the first draft.
    """
    refuse_unknown_formats(request.formats)
    book = book_of(request.source, "WorkbookDraftRequest.source")
    book.refuse_nobody()
    if request.compiling is not None and {"pdf", "ringkasan"}.intersection(request.formats):
        from pks_kit.pipelines.batching.compiles import compile_for_drafts

        read = (book.looked_at(one) for one in book.facilities)
        data = (one.kontrak for one in read if one is not None)
        compile_for_drafts(request.compiled, data, request.compiling)
    together = zip(book.facilities, shared_in_book(book), strict=True)
    return BookDrafts(
        source=book.source,
        problems=book.problems,
        passed_over=book.passed_over,
        drafts=(_drafted(book, one, request, shared) for one, shared in together),
    )


def _drafted(
    book: Book, facility: Facility, request: WorkbookDraftRequest, shared: tuple[Finding, ...]
) -> FacilityDraft:
    request.progress(facility.name)
    try:
        beside = beside_of(request.settings, shared)
        prepared = prepare(book.loaded(facility).loaded, request.as_of, beside, request.compiled)
        result = issue(prepared, request.formats, lambda _step: None, compiled=request.compiled)
    except PksKitError as error:
        return FacilityDraft(facility=facility, error=error)
    return FacilityDraft(facility=facility, result=result)
