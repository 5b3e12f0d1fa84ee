"""From workbooks and data files to a plan: every row checked, compared with last year, counted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, get_args

from pks_kit.domain.identitas import agreement_id
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.tanggal import WIB
from pks_kit.errors import InputProblemsError, PksKitError, Problem, UsageError
from pks_kit.files import NamedFile, read_limited
from pks_kit.inputs import LoadedKontrak
from pks_kit.inputs.plain_data import canonical_bytes
from pks_kit.inputs.workbook.words import in_cell, in_workbook
from pks_kit.ledger.ports import Ledger
from pks_kit.limits import PDF_BYTES
from pks_kit.pipelines.batching.elsewhere import known_elsewhere
from pks_kit.pipelines.batching.folder import BatchFolder, growing, keep
from pks_kit.pipelines.batching.plan import (
    DataAt,
    Differs,
    Plan,
    PlannedRow,
    PlanSource,
    ReadPlan,
    Said,
    SaidLevel,
    written,
)
from pks_kit.pipelines.batching.texts import planned_texts
from pks_kit.pipelines.draft import check_loaded
from pks_kit.pipelines.drafting.beside import beside_of
from pks_kit.pipelines.drafting.since_earlier import since_earlier
from pks_kit.pipelines.many import Agreement, read_together
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.rules.findings import Finding
from pks_kit.rules.law.parameters import load_parameters
from pks_kit.settings.model import SigningSettings

_TOLD: tuple[str, ...] = get_args(SaidLevel)
SOURCE_BYTES = PDF_BYTES
"""Largest file that is copied beside the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """What a plan is made from.

    Attributes:
        sources: Contract data and workbooks.
        earlier: Those of last year; what differs is told.
        by: Who plans.
        settings: Settings of signing; None when nothing will be signed.
        settings_bytes: The same as they stand in their file.
        as_of: Date of the rules; None: the start of each term.
        now: When.
        progress: Called with how many rows are checked, and of how many.
        ledger: Tells which agreements were issued already; None: nobody looks.
    """

    sources: Sequence[Path | NamedFile]
    earlier: Sequence[Path | NamedFile]
    by: str
    settings: SigningSettings | None
    settings_bytes: bytes | None
    as_of: date | None
    now: datetime
    progress: Callable[[int, int], None]
    ledger: Ledger | None


def make_plan(wanted: Planning, folder: BatchFolder) -> ReadPlan:
    """Check every row, write data and sources into the folder, and the plan last.

    Raises:
        UsageError: ``batch.planned``, ``batch.nothing``.
        InputError: A file cannot be copied or written. What is wrong with its rows is in the plan.
        LedgerError: The ledger cannot be read.
    """
    # 1. Read this year's rows and last year's, each together.
    folder.refuse_used()
    read = read_together(wanted.sources, "BatchPlanRequest.sources")
    before = _Earlier(wanted.earlier)
    elsewhere = known_elsewhere(wanted.ledger)
    # 2. Check each row; its data go to the data file as they are planned.
    rows: list[PlannedRow] = []
    unread: list[Said] = []
    taken: set[str] = set()
    of_row: dict[int, Agreement] = {}
    with growing(folder.data) as stream:
        data = _DataFile(stream)
        for place, one in enumerate(read, start=1):
            wanted.progress(place, len(read))
            if one.load is None and not one.key:
                unread += _of_error(one.error, one)
                continue
            row = _row(one, len(rows) + 1, wanted, data, before)
            if row.agreement_id in taken:
                row = replace(row, data=None, said=(_twice(one), *row.said))
            elif row.agreement_id is not None:
                taken.add(row.agreement_id)
                known = elsewhere.problems(row.agreement_id, row.nomor_kesatu)
                told = (_of_problem(each.at(_where(one)), "warning") for each in known)
                row = replace(row, said=(*row.said, *told))
            rows.append(row)
            of_row[row.number] = one
        data_sha256 = data.sha256
    if not rows:
        raise UsageError("batch.nothing", why=unread[0].message if unread else "")
    # 3. Copies of what was given, so that the folder explains itself.
    sources = tuple(_copied(one, folder) for one in wanted.sources)
    # 4. What all rows rest on.
    plan = Plan(
        kit=version("pks-kit"),
        made_at=wanted.now,
        made_by=wanted.by,
        sources=sources,
        data_sha256=data_sha256,
        settings_sha256=(
            None
            if wanted.settings_bytes is None
            else hashlib.sha256(wanted.settings_bytes).hexdigest()
        ),
        law_sha256=load_parameters().editions()[0],
        as_of=wanted.as_of,
        parties=tuple(sorted(wanted.settings.pihak)) if wanted.settings else (),
        texts=planned_texts(rows, of_row, before),
        unread=tuple(unread),
        rows=tuple(rows),
    )
    found = written(plan)
    folder.save_plan(found)
    return found


class _DataFile:
    """The data of all rows, one after the other."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._offset = 0
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def add(self, content: bytes) -> DataAt:
        self._stream.write(content)
        self._hash.update(content)
        at = DataAt(
            offset=self._offset, size=len(content), sha256=hashlib.sha256(content).hexdigest()
        )
        self._offset += len(content)
        return at


class _Earlier(Mapping[str, Kontrak]):
    """Last year's data by the code of the facility, read when somebody asks for them.

    What cannot be read is left out.

    Args:
        earlier: Where they are.
    """

    def __init__(self, earlier: Sequence[Path | NamedFile]) -> None:
        read = read_together(earlier, "BatchPlanRequest.earlier") if earlier else []
        self._loads = {one.kode: one.load for one in read if one.load is not None}

    def __getitem__(self, kode: str) -> Kontrak:
        return self._loads[kode]().kontrak

    def __iter__(self) -> Iterator[str]:
        return iter(self._loads)

    def __len__(self) -> int:
        return len(self._loads)


def _row(
    one: Agreement,
    number: int,
    wanted: Planning,
    data: _DataFile,
    before: Mapping[str, Kontrak],
) -> PlannedRow:
    said: list[Said] = []
    kontrak, loaded = None, one.loaded
    if loaded is None:
        said = _of_error(one.error, one)
    else:
        kontrak = loaded.kontrak
        said = _checked(one, loaded, wanted)
    stops = any(each.level in ("error", "blocking") for each in said)
    term = kontrak.jangka_waktu if kontrak else None
    return PlannedRow(
        number=number,
        file=Path(one.file).name,
        key=one.key,
        place=_where(one),
        name=one.name,
        called=one.called if one.called != one.name else "",
        kode=kontrak.faskes.kode if kontrak else "",
        agreement_id=agreement_id(kontrak) if kontrak else None,
        jenis=kontrak.faskes.jenis if kontrak else "",
        cara_kontrak=kontrak.cara_kontrak if kontrak else "",
        versi=kontrak.versi_templat if kontrak else "",
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks if kontrak else "",
        nomor_kedua=kontrak.pihak_kedua.nomor_pks if kontrak else "",
        mulai=term.tanggal_mulai if term else None,
        selesai=term.tanggal_selesai if term else None,
        signed_on=kontrak.pihak_kesatu.tanggal_tanda_tangan if kontrak else None,
        data=data.add(canonical_bytes(kontrak)) if kontrak and not stops else None,
        said=tuple(said),
        meterai=_meterai(kontrak, wanted.settings) if kontrak and not stops else 0,
        differs=_differs(kontrak, before, wanted.as_of) if kontrak and not stops else None,
    )


def _checked(one: Agreement, loaded: LoadedKontrak, wanted: Planning) -> list[Said]:
    try:
        today = wanted.now.astimezone(WIB).date()
        beside = beside_of(wanted.settings, one.shared, today)
        found = check_loaded(loaded, wanted.as_of, beside).findings
    except PksKitError as error:
        return _of_error(error, one)
    return [_of_finding(one.at(each)) for each in found if each.level in _TOLD]


def _of_finding(found: Finding) -> Said:
    words = found.text
    place = found.place or (str(found.line) if found.line else "")
    of_cell = in_workbook if "!" in place else str
    level: SaidLevel = "warning" if found.level == "info" else found.level
    return Said(
        level=level,
        code=found.code,
        place=in_cell(place, found.path),
        path=str(found.path),
        id=of_cell(words.id),
        en=of_cell(words.en),
        hint_id=of_cell(words.hint_id),
        hint_en=of_cell(words.hint_en),
    )


def _of_error(error: PksKitError | None, one: Agreement) -> list[Said]:
    if isinstance(error, InputProblemsError):
        return [_of_problem(each, "error") for each in error.problems]
    words = error.text if error is not None else None
    return [
        Said(
            level="error",
            code=error.code if error is not None else "batch.row_unread",
            place=one.file,
            path="",
            id=words.id if words else "",
            en=words.en if words else "",
            hint_id=words.hint_id if words else "",
            hint_en=words.hint_en if words else "",
        )
    ]


def _of_problem(problem: Problem, level: SaidLevel) -> Said:
    words = problem.text
    of_cell = in_workbook if problem.place else str
    return Said(
        level=level,
        code=problem.code,
        place=problem.where or (str(problem.line) if problem.line else ""),
        path=str(problem.path),
        id=of_cell(words.id),
        en=of_cell(words.en),
        hint_id=of_cell(words.hint_id),
        hint_en=of_cell(words.hint_en),
    )


def _where(one: Agreement) -> str:
    place = one.place_of("") if one.key else ""
    return "" if place == "0" else place


def _twice(one: Agreement) -> Said:
    twice = Problem("batch.row_twice", "", None, file=one.file).at(_where(one))
    return _of_problem(twice, "error")


def _meterai(kontrak: Kontrak, settings: SigningSettings | None) -> int:
    """Return how many meterai this side buys for an agreement."""
    if settings is None:
        return 0
    payers = {role for role, party in settings.pihak.items() if party.meterai is not None}
    profile = load_profile(signing_root(), kontrak.cara_kontrak)
    return sum(step.jenis == "meterai" and step.peran in payers for step in profile.langkah)


def _differs(
    kontrak: Kontrak, before: Mapping[str, Kontrak], as_of: date | None
) -> tuple[Differs, ...] | None:
    earlier = before.get(kontrak.faskes.kode)
    if earlier is None:
        return None
    found = since_earlier(kontrak, earlier, as_of)
    if found is None:
        return None
    return tuple(Differs(what=each["apa"], before=each["dulu"], now=each["kini"]) for each in found)


def _copied(source: Path | NamedFile, folder: BatchFolder) -> PlanSource:
    if isinstance(source, Path):
        source = NamedFile(source.name, read_limited(source, SOURCE_BYTES))
    digest = hashlib.sha256(source.content).hexdigest()
    path = folder.sources / f"{digest[:8]}-{Path(source.name).name}"
    if not path.exists():
        keep({path: source.content}, read_only=True)
    return PlanSource(file=source.name, sha256=digest, size=len(source.content))
