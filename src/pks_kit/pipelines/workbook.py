"""Workbooks: make one, check it, draft every facility in it, and the CSV of the HFIS form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import InputError, PksKitError, Problem, UsageError
from pks_kit.files import read_limited, refuse_over_input, write_atomic
from pks_kit.inputs import LoadedKontrak, load_kontrak
from pks_kit.inputs.contract_file import MAXIMUM_BYTES as DATA_LIMIT
from pks_kit.inputs.hfis_csv import MAXIMUM_BYTES as FORM_LIMIT
from pks_kit.inputs.hfis_csv import UpdatedData, apply_form, read_form, write_form
from pks_kit.inputs.workbook import Book, Facility, is_workbook_name, read_book, write_workbook
from pks_kit.json_form import HasJsonForm
from pks_kit.json_types import IF_KNOWN, shown
from pks_kit.pipelines.draft import check_loaded, prepare
from pks_kit.pipelines.drafting.issue import (
    FORMATS,
    DraftResult,
    IssueRequest,
    issue,
    refuse_unknown_formats,
)
from pks_kit.pipelines.error_form import ErrorForm, error_form
from pks_kit.resources import contract_samples
from pks_kit.rules.findings import Finding


def new_workbook(output: Path, *, samples: bool = False, force: bool = False) -> int:
    """Write a workbook, empty or with the sample facilities, and return how many it holds.

    Raises:
        UsageError: ``workbook.bad_name`` or ``workbook.exists``.
        InputError: ``file.unwritable``.
    """
    _refuse_output(output, ".xlsx", force=force)
    facilities: dict[str, Kontrak] = {}
    if samples:
        for path in contract_samples():
            kontrak = load_kontrak(path).kontrak
            facilities[_free_key(kontrak.faskes.kode, facilities)] = kontrak
    write_atomic(output, write_workbook(facilities))
    return len(facilities)


def _free_key(wanted: str, taken: dict[str, Kontrak]) -> str:
    key, number = wanted, 1
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key


def _refuse_output(output: Path, suffix: str, *, force: bool) -> None:
    if output.suffix.casefold() != suffix:
        raise UsageError("workbook.bad_name", file=str(output), suffix=suffix)
    if output.exists() and not force:
        raise UsageError("workbook.exists", file=str(output))


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityCheckForm:
    """What the checks say of one facility of a workbook.

    Attributes:
        key: Its ``kunci_faskes``.
        name: Its name.
        place: Cell of the key on the main sheet.
        problems: What is wrong with its data.
        findings: Findings; empty while there are problems.
        error: Why it could not be checked.
    """

    key: str
    name: str
    place: str
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    error: Annotated[ErrorForm | None, IF_KNOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityCheck(HasJsonForm):
    """What the checks say of one facility of a workbook.

    Attributes:
        facility: The facility; its own problems are in it.
        findings: Findings; empty while there are problems.
        error: Why it could not be checked, for example no rule for that date.
    """

    facility: Facility
    findings: tuple[Finding, ...] = ()
    error: PksKitError | None = None

    @property
    def exit_code(self) -> int:
        """Return 0, or the exit code of what is wrong."""
        if self.facility.problems:
            return InputError.exit_code
        if self.error is not None:
            return self.error.exit_code
        return 10 if any(finding.level == "blocking" for finding in self.findings) else 0

    def json_form(self) -> FacilityCheckForm:
        """Return what was found, with cells."""
        place_of = self.facility.place_of
        return FacilityCheckForm(
            key=self.facility.key,
            name=self.facility.name,
            place=place_of(""),
            problems=self.facility.problems,
            findings=tuple(one.at(place=place_of(one.path)) for one in self.findings),
            error=error_form(self.error) if self.error else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCheck:
    """What the checks say of a workbook; exit code 3 for problems, 10 when only findings block.

    Attributes:
        source: Name of the file.
        problems: What is wrong with sheets, headings, keys, and rows that belong to no facility.
        facilities: Every facility.
    """

    source: Annotated[str, Field(alias="book")]
    problems: tuple[Problem, ...]
    facilities: tuple[FacilityCheck, ...]

    @property
    def exit_code(self) -> int:
        """Return 3 when data is wrong, otherwise the first code of a facility, otherwise 0."""
        codes = [InputError.exit_code] if self.problems else []
        codes += [one.exit_code for one in self.facilities if one.exit_code]
        return min(codes, default=0)


def check_book(source: Path, as_of: date | None = None) -> BookCheck:
    """Return all problems and findings of a workbook.

    Args:
        source: The workbook.
        as_of: Date of the rules; None means the start of each term.

    Raises:
        InputError: The file is refused as a whole.
    """
    book = read_book(source)
    checks = tuple(_checked(book, facility, as_of) for facility in book.facilities)
    return BookCheck(source=book.source, problems=book.problems, facilities=checks)


def _checked(book: Book, facility: Facility, as_of: date | None) -> FacilityCheck:
    if facility.kontrak is None:
        return FacilityCheck(facility=facility)
    try:
        result = check_loaded(book.loaded(facility).loaded, as_of)
    except PksKitError as error:
        return FacilityCheck(facility=facility, error=error)
    return FacilityCheck(facility=facility, findings=result.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookDraftRequest:
    """What to draft.

    Attributes:
        source: The workbook.
        output: Folder for the results; made when missing.
        formats: Subset of ``FORMATS``.
        as_of: Date of the rules; None means the start of each term.
        force: Replace existing files that differ.
        progress: Called with the name of each facility before its work.
    """

    source: Path
    output: Path
    formats: tuple[str, ...] = FORMATS
    as_of: date | None = None
    force: bool = False
    progress: Callable[[str], None] = field(default=lambda _name: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedFacility(DraftResult):
    """A facility that was drafted.

    Attributes:
        key: Its ``kunci_faskes``.
        name: Its name.
        status: What came of it.
    """

    key: str
    name: str
    status: Literal["drafted"] = "drafted"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedFacility:
    """A facility that could not be drafted.

    Attributes:
        key: Its ``kunci_faskes``.
        name: Its name.
        error: Why.
        status: What came of it.
    """

    key: str
    name: str
    error: ErrorForm
    status: Literal["failed"] = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityDraft(HasJsonForm):
    """What came of one facility: a result or an error, never both."""

    facility: Facility
    result: DraftResult | None = None
    error: PksKitError | None = None

    def json_form(self) -> DraftedFacility | FailedFacility:
        """Return the result, or the error with cells."""
        key, name = self.facility.key, self.facility.name
        if self.error is not None:
            error = error_form(self.error, self.facility.place_of)
            return FailedFacility(key=key, name=name, error=error)
        if self.result is None:
            raise AssertionError(key)
        return DraftedFacility(
            key=key,
            name=name,
            agreement_id=self.result.agreement_id,
            template=self.result.template,
            pages=self.result.pages,
            files=self.result.files,
            findings=self.result.findings,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BookDraft:
    """What came of a workbook; exit code 50 when a facility failed.

    Attributes:
        source: Name of the file.
        facilities: What came of every facility.
    """

    source: Annotated[str, Field(alias="book")]
    facilities: tuple[FacilityDraft, ...]

    @shown()
    def failed(self) -> int:
        """How many facilities could not be drafted."""
        return sum(one.result is None for one in self.facilities)

    @shown()
    def drafted(self) -> int:
        """How many facilities were drafted."""
        return len(self.facilities) - self.failed


def draft_book(request: BookDraftRequest) -> BookDraft:
    """Draft every facility of a workbook; one that fails does not stop the others.

    Raises:
        UsageError: ``draft.unknown_format``.
        InputError: The file is refused as a whole.
        InputProblemsError: ``workbook.problems``: sheets, headings or keys are wrong, so that rows
            could belong to nobody.
    """
    refuse_unknown_formats(request.formats)
    book = read_book(request.source)
    book.refuse_problems()
    return BookDraft(
        source=book.source,
        facilities=tuple(_drafted(book, one, request) for one in book.facilities),
    )


def _drafted(book: Book, facility: Facility, request: BookDraftRequest) -> FacilityDraft:
    request.progress(facility.name)
    try:
        prepared = prepare(book.loaded(facility).loaded, request.as_of)
        result = issue(
            prepared,
            IssueRequest(output=request.output, formats=request.formats, force=request.force),
        )
    except PksKitError as error:
        return FacilityDraft(facility=facility, error=error)
    return FacilityDraft(facility=facility, result=result)


def export_form(source: Path, output: Path, key: str | None = None, *, force: bool = False) -> None:
    """Write the HFIS form of one agreement as CSV.

    Args:
        source: Contract data (YAML) or a workbook.
        output: The CSV.
        key: Which facility of a workbook; not needed when it holds only one.
        force: Replace an existing file.

    Raises:
        UsageError: ``workbook.bad_name``, ``workbook.exists``, ``workbook.which_facility``.
        InputError: The data is unreadable or wrong.
    """
    _refuse_output(output, ".csv", force=force)
    refuse_over_input(output, source)
    write_atomic(output, write_form(_one(source, key).kontrak))


def _one(source: Path, key: str | None) -> LoadedKontrak:
    if not is_workbook_name(source):
        return load_kontrak(source)
    book = read_book(source)
    book.refuse_problems()
    keys = [one.key for one in book.facilities]
    wanted = keys[0] if key is None and len(keys) == 1 else key
    if wanted not in keys:
        raise UsageError("workbook.which_facility", known=", ".join(keys[:20]))
    return book.loaded(book.facilities[keys.index(wanted)]).loaded


def import_form(form: Path, base: Path, output: Path, *, force: bool = False) -> UpdatedData:
    """Put the values of a form into contract data and write it as a new file.

    Args:
        form: The CSV.
        base: Contract data (YAML) to start from.
        output: The new contract data; may be ``base`` only with ``force``.
        force: Replace an existing file.

    Raises:
        UsageError: ``workbook.exists``.
        InputError: A file cannot be read or written.
        InputProblemsError: A value is refused.
    """
    refuse_over_input(output, form)
    if output.exists() and not force:
        raise UsageError("workbook.exists", file=str(output))
    entries = read_form(read_limited(form, FORM_LIMIT), form.name)
    updated = apply_form(entries, form.name, read_limited(base, DATA_LIMIT), base.name)
    write_atomic(output, updated.content)
    return updated
