"""Check or draft several files in one call: data and workbooks, compared with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from pks_kit.collector import collector_paused
from pks_kit.domain.sebutan import nama_faskes
from pks_kit.errors import InputError, InputProblemsError, PksKitError, Problem
from pks_kit.files import NamedFile
from pks_kit.inputs import LoadedKontrak
from pks_kit.inputs.which_file import is_another_file
from pks_kit.inputs.workbook import Book
from pks_kit.json_form import HasJsonForm
from pks_kit.json_types import Count, shown
from pks_kit.pipelines.draft import check_loaded, prepare
from pks_kit.pipelines.drafting.beside import beside_of
from pks_kit.pipelines.drafting.issue import FORMATS, DraftResult, issue, refuse_unknown_formats
from pks_kit.pipelines.drafting.many_forms import (
    CheckedAgreementForm,
    DraftedAgreementForm,
    FailedAgreementForm,
)
from pks_kit.pipelines.drafting.proof import Proofs
from pks_kit.pipelines.drafting.together import identities_of_book, identity_of_file
from pks_kit.pipelines.error_form import error_form
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.given_data import is_workbook, read_kontrak
from pks_kit.pipelines.workbook import book_of
from pks_kit.rules.checks.duplicates import Identity
from pks_kit.rules.checks.shared_staff import check_together
from pks_kit.rules.findings import Finding
from pks_kit.settings.model import SigningSettings

_WITH_PAGES = frozenset({"pdf", "ringkasan"})
"""Formats that are made from laid-out pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Data of one agreement among many, or why there are none.

    Attributes:
        file: File it came from.
        key: Its ``kunci_faskes`` in a workbook; empty otherwise.
        kode: Code of the facility; empty while nobody knows it.
        name: Name of the facility as its agreement prints it; empty while nobody knows it.
        called: Its name as the data say; empty while nobody knows it.
        place_of: Path of a value -> cell, or the line as a number.
        load: Returns the data, of a large workbook read anew; None when they cannot be read.
        error: Why they cannot be read.
        shared: What it shares with others of the call and must not.
        passed_over: What of its workbook is not read; told with its first facility.
        is_other: Whether it holds something else than contract data; it is passed over.
    """

    file: str
    key: str = ""
    kode: str = ""
    name: str = ""
    called: str = ""
    place_of: Callable[[str], str] = field(default=lambda _path: "", compare=False, repr=False)
    load: Callable[[], LoadedKontrak] | None = field(default=None, compare=False, repr=False)
    error: PksKitError | None = None
    shared: tuple[Finding, ...] = ()
    passed_over: tuple[Problem, ...] = ()
    is_other: bool = False

    @property
    def loaded(self) -> LoadedKontrak | None:
        """Return the data, or None when they cannot be read; ask once for each piece of work."""
        return None if self.load is None else self.load()

    def at(self, finding: Finding) -> Finding:
        """Return a finding with its line or cell."""
        place = self.place_of(finding.path)
        if place.isdigit():
            return finding.at(line=int(place) or None)
        return finding.at(place=place or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAgreement(HasJsonForm):
    """What the checks say of one agreement among many.

    Attributes:
        agreement: Which.
        findings: Findings.
        error: Why it could not be checked; None when it was.
    """

    agreement: Agreement
    findings: tuple[Finding, ...] = ()
    error: PksKitError | None = None

    @property
    def exit_code(self) -> int:
        """Return 0, or the exit code of what is wrong."""
        if self.error is not None:
            return self.error.exit_code
        return 10 if any(finding.level == "blocking" for finding in self.findings) else 0

    def json_form(self) -> CheckedAgreementForm:
        """Return what was found, with places."""
        one = self.agreement
        return CheckedAgreementForm(
            file=one.file,
            key=one.key,
            name=one.name,
            findings=tuple(one.at(finding) for finding in self.findings),
            error=error_form(self.error) if self.error else None,
            passed_over=one.passed_over,
            other=one.is_other,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyChecked:
    """What the checks say of several files; the exit code is 3 for bad data, 10 for findings.

    Files that hold something else than contract data count only when there is nothing but them.

    Attributes:
        agreements: Every agreement, in the order given.
    """

    agreements: tuple[CheckedAgreement, ...]

    @property
    def exit_code(self) -> int:
        """Return the first code of what is wrong, otherwise 0."""
        known = [one for one in self.agreements if not one.agreement.is_other]
        codes = (one.exit_code for one in known or self.agreements if one.exit_code)
        return min(codes, default=0)

    @shown()
    def ready(self) -> Count:
        """How many can be drafted."""
        return sum(one.exit_code == 0 for one in self.agreements)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckManyRequest(Request):
    """What to check.

    Attributes:
        sources: Contract data (YAML) and workbooks, compared with each other.
        as_of: Date of the rules; None means the start of each term.
        settings: Settings of whoever signs, when they are known: what they refuse is told now.
        today: Day of the work in WIB, with which the day of signing is compared; None: it is not.
    """

    sources: Sequence[Path | NamedFile]
    as_of: date | None = None
    settings: SigningSettings | None = None
    today: date | None = None


@verb
def check_many(request: CheckManyRequest) -> ManyChecked:
    """Return all findings for several files; one that cannot be read stops nothing.

    Raises:
        UsageError: ``request.type``.
    """
    read = read_together(request.sources, "CheckManyRequest.sources")
    return ManyChecked(agreements=tuple(_checked(one, request) for one in read))


check_many_async = in_background(check_many)


def _checked(one: Agreement, request: CheckManyRequest) -> CheckedAgreement:
    loaded = one.loaded
    if loaded is None:
        return CheckedAgreement(agreement=one, findings=one.shared, error=one.error)
    try:
        found = check_loaded(
            loaded, request.as_of, beside_of(request.settings, one.shared, request.today)
        ).findings
    except PksKitError as error:
        return CheckedAgreement(agreement=one, findings=one.shared, error=error)
    return CheckedAgreement(agreement=one, findings=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementDraft(HasJsonForm):
    """What came of one agreement among many: a result or an error, never both.

    Attributes:
        agreement: Which.
        result: What was made.
        error: Why nothing was made.
        differs: What was not the same when the layout engine laid it out again.
    """

    agreement: Agreement
    result: DraftResult | None = None
    error: PksKitError | None = None
    differs: PksKitError | None = None

    def json_form(self) -> DraftedAgreementForm | FailedAgreementForm:
        """Return the result, or the error with its places."""
        one = self.agreement
        if self.error is not None:
            place_of = one.place_of if one.key else None
            error = error_form(self.error, place_of)
            return FailedAgreementForm(
                file=one.file,
                key=one.key,
                name=one.name,
                error=error,
                passed_over=one.passed_over,
                other=one.is_other,
            )
        if self.result is None:
            raise AssertionError(one.file)
        return DraftedAgreementForm(
            file=one.file,
            key=one.key,
            name=one.name,
            differs=error_form(self.differs) if self.differs else None,
            passed_over=one.passed_over,
            agreement_id=self.result.agreement_id,
            template=self.result.template,
            pages=self.result.pages,
            files=self.result.files,
            findings=self.result.findings,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyDrafted:
    """What came of several files; exit code 50 when one failed, 3 when none holds contract data.

    Attributes:
        agreements: What came of each, in the order given.
    """

    agreements: tuple[AgreementDraft, ...]

    @shown()
    def failed(self) -> Count:
        """How many could not be drafted."""
        return sum(bool(one.error) and not one.agreement.is_other for one in self.agreements)

    @shown()
    def drafted(self) -> Count:
        """How many were drafted."""
        return sum(one.result is not None for one in self.agreements)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftManyRequest(Request):
    """What to draft.

    Attributes:
        sources: Contract data (YAML) and workbooks, compared with each other.
        formats: Subset of ``FORMATS``.
        as_of: Date of the rules; None means the start of each term.
        progress: Called with the name of each facility before its work.
        settings: Settings of whoever signs, when they are known: what they refuse is told now.
        compiled: Folder with what :func:`template_compile` kept; the bytes are the same.
        compiling: Called now and then with how many texts are compiled first, and of how many,
            where many agreements need one that is not kept; None compiles nothing.
    """

    sources: Sequence[Path | NamedFile]
    formats: Sequence[str] = FORMATS
    as_of: date | None = None
    progress: Callable[[str], None] = field(default=lambda _name: None)
    settings: SigningSettings | None = None
    compiled: Path | None = None
    compiling: Callable[[int, int], None] | None = None


@verb
def draft_many(request: DraftManyRequest) -> ManyDrafted:
    """Draft every agreement of several files; one that fails does not stop the others.

    All results are held at once; :func:`many_drafts` gives one after the other.

    Raises:
        UsageError: ``draft.unknown_format``, ``request.type``.
    """
    return ManyDrafted(agreements=tuple(many_drafts(request)))


draft_many_async = in_background(draft_many)


@verb
def many_drafts(request: DraftManyRequest) -> Iterator[AgreementDraft]:
    """Return the drafts, each made when it is asked for.

    Raises:
        As :func:`draft_many`, before the first draft.
    """
    refuse_unknown_formats(request.formats)
    read = read_together(request.sources, "DraftManyRequest.sources")
    if request.compiling is not None and _WITH_PAGES.intersection(request.formats):
        from pks_kit.pipelines.batching.compiles import compile_for_drafts

        data = (one.load().kontrak for one in read if one.load is not None)
        compile_for_drafts(request.compiled, data, request.compiling)
    proofs = Proofs()
    return (_drafted(one, request, proofs) for one in read)


def _drafted(one: Agreement, request: DraftManyRequest, proofs: Proofs) -> AgreementDraft:
    loaded = one.loaded
    if loaded is None:
        return AgreementDraft(agreement=one, error=one.error)
    request.progress(one.name)
    try:
        with collector_paused():
            prepared = prepare(
                loaded, request.as_of, beside_of(request.settings, one.shared), request.compiled
            )
            layout, differs = None, None
            if _WITH_PAGES.intersection(request.formats):
                layout, differs = proofs.pages(prepared, request.compiled)
            result = issue(prepared, request.formats, lambda _step: None, layout=layout)
    except PksKitError as error:
        return AgreementDraft(agreement=one, error=error)
    return AgreementDraft(agreement=one, result=result, differs=differs)


def read_together(given: Sequence[Path | NamedFile], place: str) -> list[Agreement]:
    """Read everything, then compare; a file that is named twice is read once.

    Args:
        given: Contract data and workbooks.
        place: Field of the request, for messages.

    Returns:
        Every agreement, in the order of the files, with what it shares with others.
    """
    read: list[tuple[Agreement, Identity | None]] = []
    seen: set[Path] = set()
    for source in given:
        if isinstance(source, Path):
            if source.resolve() in seen:
                continue
            seen.add(source.resolve())
        read += _read(source, place)
    known = [identity for _, identity in read if identity is not None]
    shared = iter(check_together(known))
    return [
        one if identity is None else replace(one, shared=next(shared)) for one, identity in read
    ]


def _read(given: Path | NamedFile, place: str) -> list[tuple[Agreement, Identity | None]]:
    file = str(given) if isinstance(given, Path) else given.name
    try:
        if is_workbook(given):
            return _of_book(book_of(given, place), file)
        loaded = read_kontrak(given, place)
    except PksKitError as error:
        other = is_another_file(error, file)
        return [(Agreement(file=file, error=error, is_other=other), None)]
    kode, name = loaded.kontrak.faskes.kode, nama_faskes(loaded.kontrak)
    called = loaded.kontrak.pihak_kedua.nama_faskes
    one = Agreement(
        file=file, kode=kode, name=name, called=called,
        place_of=lambda path: str(loaded.line_of(path)), load=lambda: loaded,
    )  # fmt: skip
    return [(one, identity_of_file(loaded, file))]


def _of_book(book: Book, file: str) -> list[tuple[Agreement, Identity | None]]:
    found: list[tuple[Agreement, Identity | None]] = []
    if book.of_nobody:
        error = InputProblemsError("workbook.problems", book.of_nobody, file=book.source)
        found.append((Agreement(file=file, error=error), None))
    identities = identities_of_book(book, file)
    for facility, identity in zip(book.facilities, identities, strict=True):
        one = Agreement(
            file=file, key=facility.key, kode=identity.kode, name=facility.name,
            called=facility.called, place_of=facility.place_of,
        )  # fmt: skip
        try:
            book.refuse_bad(facility)
            one = replace(one, load=partial(book.data_of, facility))
        except InputError as error:
            one = replace(one, error=error)
        found.append((one, identity))
    if found:
        first, known = found[0]
        found[0] = (replace(first, passed_over=book.passed_over), known)
    return found
