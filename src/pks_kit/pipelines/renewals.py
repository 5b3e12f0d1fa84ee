"""What ends soon: agreements and licences of many facilities, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.perpanjangan import Jendela, Tenggat, deadlines, next_term, parse_window
from pks_kit.domain.sebutan import nama_faskes
from pks_kit.errors import PksKitError, UsageError
from pks_kit.files import NamedFile
from pks_kit.json_form import HasJsonForm
from pks_kit.json_types import Count
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.drafting.many_sources import Source, Unreadable, read_sources
from pks_kit.pipelines.error_form import ErrorForm, short_error_form
from pks_kit.pipelines.reference.recredentialing_form import RecredentialingForm, last_year
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.rules.checks.renewal import check_renewal
from pks_kit.rules.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalsRequest(Request):
    """Where to look and for what.

    Attributes:
        places: YAML files, workbooks, and folders that are searched with everything below them.
        window: How long before its end something is listed, for example ``3m`` or ``90d``.
        as_of: The day from which is counted; None: today by ``clock``.
        clock: Gives the present time, with a time zone.
    """

    places: Sequence[Path | NamedFile]
    window: Jendela | str = "3m"
    as_of: date | None = None
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingForm:
    """One thing that has ended or ends within the window.

    Attributes:
        kind: What: an agreement, or which licence.
        ends: Its last day.
        days_left: Days until then; negative when it has ended.
        name: Whose, or of what.
        number: Number of the document.
        path: Place in the contract data.
        place: Line or cell of that place.
        file: File that names it.
        facility: Name of the facility.
        facility_code: Code of the facility.
        replaced_by: File with the next agreement of the same facility.
        recredentialing: Latest year of rekredensialing, for an agreement whose data have one.
        findings: What blocks, warns or is missing, for an agreement that must be renewed.
        problem: Why those findings could not be made.
    """

    kind: str
    ends: date
    days_left: int
    name: str
    number: str
    path: str
    place: str
    file: str
    facility: str
    facility_code: str
    replaced_by: str | None
    recredentialing: RecredentialingForm | None
    findings: tuple[Finding, ...]
    problem: ErrorForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(HasJsonForm):
    """One thing that has ended or ends within the window.

    Attributes:
        tenggat: What and when.
        source: Whose data name it.
        days_left: Days from ``as_of`` to its last day; negative when it has ended.
        replaced_by: File with the next agreement of the same facility; only for agreements.
        findings: For an agreement that must be renewed: what blocks, warns or is missing.
        problem: Why those findings could not be made; None when they could.
    """

    tenggat: Tenggat
    source: Source
    days_left: int
    replaced_by: str | None = None
    findings: tuple[Finding, ...] = ()
    problem: PksKitError | None = None

    @property
    def recredentialing(self) -> RecredentialingForm | None:
        """Return the latest year of rekredensialing; only for agreements."""
        return last_year(self.source.kontrak) if self.tenggat.jenis == "perjanjian" else None

    @property
    def remark(self) -> Message:
        """Return what stands in the way of a renewal, in one line; empty when nothing does."""
        if self.replaced_by:
            return lookup("renewals.replaced").fill({"file": self.replaced_by})
        if self.problem:
            return self.problem.text
        words = [finding.text for finding in self.findings]
        return Message(" ".join(one.id for one in words), " ".join(one.en for one in words))

    def json_form(self) -> EndingForm:
        """Return what ends with the facility it belongs to."""
        one, kontrak = self.tenggat, self.source.kontrak
        place_of = self.source.place_of
        return EndingForm(
            kind=one.jenis,
            ends=one.berakhir,
            days_left=self.days_left,
            name=one.nama,
            number=one.nomor,
            path=one.path,
            place=place_of(one.path),
            file=self.source.file,
            facility=nama_faskes(kontrak),
            facility_code=kontrak.faskes.kode,
            replaced_by=self.replaced_by,
            recredentialing=self.recredentialing,
            findings=tuple(found.at(place=place_of(found.path)) for found in self.findings),
            problem=short_error_form(self.problem) if self.problem else None,
        )


GroupState = Literal["ended", "ending", "running"]
_ORDER: dict[GroupState, int] = {"ending": 0, "running": 1, "ended": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalGroup:
    """One agreement with everything of it that has ended or ends within the window.

    Attributes:
        state: ``ended``: its last day is over; ``ending``: it ends within the window;
            ``running``: only licences or papers of it end.
        facility: Name of the facility.
        facility_code: Code of the facility.
        number: Number of PIHAK KESATU.
        ends: Last day of the agreement.
        days_left: Days until then; negative when it has ended.
        file: File that holds its data.
        endings: The agreement itself first, when it is among them, then by day.
    """

    state: GroupState
    facility: str
    facility_code: str
    number: str
    ends: date
    days_left: int
    file: str
    endings: tuple[Ending, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalsForm:
    """What ends soon.

    Attributes:
        as_of: Day from which is counted.
        within: How far ahead, for example ``6m``.
        read: How many agreements were read.
        renewals: Agreements and licences by their last day.
        groups: The same by agreement: those that end, then those of which only papers end, then
            those that have ended.
        unreadable: What could not be looked at; then the list is not complete.
        skipped: Files in folders that hold no contract data.
    """

    as_of: date
    within: str
    read: Count
    renewals: tuple[Ending, ...]
    groups: tuple[RenewalGroup, ...]
    unreadable: tuple[Unreadable, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalsResult(HasJsonForm):
    """What ends soon.

    Attributes:
        window: How long before its end something is listed.
        as_of: The day from which was counted.
        endings: Agreements and licences by their last day.
        read: How many agreements were read.
        unreadable: What could not be looked at; then the list is not complete.
        skipped: Files in folders that hold no contract data.
    """

    window: Jendela
    as_of: date
    endings: tuple[Ending, ...]
    read: int
    unreadable: tuple[Unreadable, ...]
    skipped: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Tell whether everything could be read and judged."""
        return not self.unreadable and not any(one.problem for one in self.endings)

    def groups(self) -> tuple[RenewalGroup, ...]:
        """Return everything by agreement, those that have ended last."""
        found: dict[int, list[Ending]] = {}
        for one in self.endings:
            found.setdefault(id(one.source), []).append(one)
        groups = [self._group(endings) for endings in found.values()]
        return tuple(sorted(groups, key=lambda one: (_ORDER[one.state], one.ends, one.file)))

    def _group(self, endings: list[Ending]) -> RenewalGroup:
        source = endings[0].source
        kontrak, ends = source.kontrak, source.kontrak.jangka_waktu.tanggal_selesai
        itself = any(one.tenggat.jenis == "perjanjian" for one in endings)
        state: GroupState = "ending" if itself else "running"
        return RenewalGroup(
            state="ended" if ends < self.as_of else state,
            facility=nama_faskes(kontrak),
            facility_code=kontrak.faskes.kode,
            number=kontrak.pihak_kesatu.nomor_pks,
            ends=ends,
            days_left=(ends - self.as_of).days,
            file=source.file,
            endings=tuple(sorted(endings, key=lambda one: one.tenggat.jenis != "perjanjian")),
        )

    def book(self, language: str) -> NamedFile:
        """Return the list as a workbook: days and numbers of days as such, all else as text.

        Nothing in it is ever computed by whoever opens it.

        Args:
            language: ``id`` or ``en``.
        """
        from pks_kit.inputs.workbook.list_writer import write_list

        def say(code: str) -> str:
            return lookup(f"renewals.{code}").in_language(language)

        heads = ("state", "facility_name", "facility", "what", "name", "number", "ends", "days")
        headings = [say(f"head.{name}") for name in (*heads, "remark", "place", "file")]
        rows = [
            (
                say(f"state.{group.state}"),
                group.facility,
                group.facility_code,
                say(f"kind.{one.tenggat.jenis}"),
                one.tenggat.nama,
                one.tenggat.nomor,
                one.tenggat.berakhir,
                one.days_left,
                one.remark.in_language(language),
                one.source.place_of(one.tenggat.path),
                group.file,
            )
            for group in self.groups()
            for one in group.endings
        ]
        return NamedFile("perpanjangan.xlsx", write_list(say("sheet"), headings, rows))

    def json_form(self) -> RenewalsForm:
        """Return what was asked and found."""
        return RenewalsForm(
            as_of=self.as_of,
            within=f"{self.window.amount}{self.window.unit}",
            read=self.read,
            renewals=self.endings,
            groups=self.groups(),
            unreadable=self.unreadable,
            skipped=self.skipped,
        )


@verb
def renewals(request: RenewalsRequest) -> RenewalsResult:
    """List what has ended or ends within the window.

    An agreement that another file of the same facility continues is listed with that file while it
    lasts, and left out with its licences afterwards; the newer data speak for the facility.

    Raises:
        UsageError: ``renewals.bad_window``, ``renewals.nothing_found``,
            ``renewals.too_many_files`` or ``request.type``.
    """
    given = request.window
    window = parse_window(given) if isinstance(given, str) else given
    as_of = request.as_of or moment(request.clock).date()
    reading = read_sources(request.places)
    if not reading.sources and not reading.unreadable:
        places = ", ".join(
            place.name if isinstance(place, NamedFile) else str(place) for place in request.places
        )
        raise UsageError("renewals.nothing_found", places=places)
    endings = [
        ending
        for source in reading.sources
        for ending in _endings(source, reading.sources, window, as_of)
    ]
    order = sorted(endings, key=_by_day)
    return RenewalsResult(
        window=window,
        as_of=as_of,
        endings=tuple(order),
        read=len(reading.sources),
        unreadable=reading.unreadable,
        skipped=reading.skipped,
    )


renewals_async = in_background(renewals)


def _by_day(ending: Ending) -> tuple[date, str, bool, str]:
    """Order by day, then facility, the agreement before its licences."""
    one = ending.tenggat
    return (one.berakhir, ending.source.file, one.jenis != "perjanjian", one.path)


def _endings(
    source: Source, others: tuple[Source, ...], window: Jendela, as_of: date
) -> Iterator[Ending]:
    successor = _successor(source, others)
    for one in deadlines(source.kontrak):
        if not window.holds(one.berakhir, as_of):
            continue
        days_left = (one.berakhir - as_of).days
        if successor is not None:
            if one.jenis == "perjanjian" and days_left >= 0:
                yield Ending(
                    tenggat=one, source=source, days_left=days_left, replaced_by=successor.file
                )
        elif one.jenis == "perjanjian":
            findings, problem = _outlook(source.kontrak)
            yield Ending(
                tenggat=one,
                source=source,
                days_left=days_left,
                findings=findings,
                problem=problem,
            )
        else:
            yield Ending(tenggat=one, source=source, days_left=days_left)


def _successor(source: Source, others: tuple[Source, ...]) -> Source | None:
    """Return the data of the next agreement of the same facility, the earliest one."""
    ends = source.kontrak.jangka_waktu.tanggal_selesai
    later = [
        other
        for other in others
        if other.kontrak.faskes.kode == source.kontrak.faskes.kode
        and other.kontrak.jangka_waktu.tanggal_mulai > ends
    ]
    return min(later, key=lambda one: one.kontrak.jangka_waktu.tanggal_mulai, default=None)


def _outlook(kontrak: Kontrak) -> tuple[tuple[Finding, ...], PksKitError | None]:
    try:
        found = check_renewal(kontrak, next_term(kontrak))
    except PksKitError as error:
        return (), error
    return tuple(finding for finding in found if finding.level != "info"), None
