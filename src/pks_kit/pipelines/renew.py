"""Make next year's contract data from this year's, and say what a person must look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.domain.kontrak import JangkaWaktu, Kontrak
from pks_kit.domain.perpanjangan import DIISI_KEMBALI, Tenggat
from pks_kit.domain.sebutan import nama_faskes
from pks_kit.domain.tanggal import format_tanggal
from pks_kit.errors import PksKitError
from pks_kit.files import NamedFile
from pks_kit.inputs.yaml_writer import write_kontrak
from pks_kit.json_form import HasJsonForm
from pks_kit.naskah.diff.result import ClauseChange
from pks_kit.pipelines.drafting.next_agreement import next_agreement, text_changes
from pks_kit.pipelines.error_form import ErrorForm, short_error_form
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.given_data import KontrakInput, read_kontrak
from pks_kit.rules.findings import Finding

if TYPE_CHECKING:
    from pks_kit.naskah.diff import VersionDiff

QUIET_CHANGES = frozenset({"same", "renumbered"})
"""Kinds of clause changes that touch nobody: the words are the same in the same pasal."""


def touching(diff: VersionDiff | None) -> tuple[ClauseChange, ...]:
    """Return the clause changes that touch somebody; none where nothing was compared."""
    clauses = diff.clauses if diff else ()
    return tuple(change for change in clauses if change.kind not in QUIET_CHANGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewRequest(Request):
    """What to renew.

    Attributes:
        source: Contract data of the agreement that ends.
        mulai: First day of the new term.
        selesai: Last day of the new term.
        versi: Template version; None takes the newest one that may be used on ``mulai``.
        with_changes: Compare the text of both terms, which takes a second or two.
    """

    source: KontrakInput
    mulai: date
    selesai: date
    versi: str | None = None
    with_changes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChange:
    """Template versions of the old and of the new data."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFill:
    """A place that a person must fill before anything can be drafted."""

    path: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A value that was carried over and must be looked at."""

    path: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingLicence:
    """A licence or agreement that ends before or within the new term."""

    kind: str
    path: str
    name: str
    number: str
    ends: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewForm:
    """The new data and what follows from them.

    Attributes:
        output: The new file.
        template: Template versions.
        to_fill: What a person must write, and where.
        removed: Places that the new data leave out on purpose.
        remarks: Why a value that was carried over must be looked at.
        licences: What ends before or within the new term, the earliest first.
        findings: What would block or disturb the new agreement as the data stand now.
        changes: Clause changes that touch this facility; None when the texts were not compared.
        changes_problem: Why they could not be compared.
    """

    output: NamedFile
    template: TemplateChange
    to_fill: tuple[ToFill, ...]
    removed: tuple[str, ...]
    remarks: tuple[Remark, ...]
    licences: tuple[EndingLicence, ...]
    findings: tuple[Finding, ...]
    changes: tuple[ClauseChange, ...] | None
    changes_problem: ErrorForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewResult(HasJsonForm):
    """The data of the next agreement and what follows from it.

    Attributes:
        file: The new data (YAML), with comments for the person who goes on with it.
        versi_lama: Template version of the old data.
        versi_baru: Template version of the new data.
        to_fill: Place -> what a person must write there before anything can be drafted.
        removed: Places that the new data leave out on purpose.
        remarks: Place -> why a value that was carried over must be looked at.
        licences: What ends before or within the new term, the earliest first.
        findings: What would block or disturb the new agreement as the data stand now.
        diff: Changes of the text that this facility would sign, with its own data on both sides;
            None when the two texts were not or could not be compared.
        diff_problem: Why they could not; None when nobody asked.
    """

    file: NamedFile
    versi_lama: str
    versi_baru: str
    to_fill: dict[str, str]
    removed: tuple[str, ...]
    remarks: dict[str, str]
    licences: tuple[Tenggat, ...]
    findings: tuple[Finding, ...]
    diff: VersionDiff | None
    diff_problem: PksKitError | None

    @property
    def changes(self) -> tuple[ClauseChange, ...]:
        """Return the clause changes that touch this facility."""
        return touching(self.diff)

    def json_form(self) -> RenewForm:
        """Return what was written, place by place."""
        return RenewForm(
            output=self.file,
            template=TemplateChange(old=self.versi_lama, new=self.versi_baru),
            to_fill=tuple(ToFill(path=path, wanted=one) for path, one in self.to_fill.items()),
            removed=self.removed,
            remarks=tuple(Remark(path=path, remark=one) for path, one in self.remarks.items()),
            licences=tuple(
                EndingLicence(
                    kind=one.jenis,
                    path=one.path,
                    name=one.nama,
                    number=one.nomor,
                    ends=one.berakhir,
                )
                for one in self.licences
            ),
            findings=self.findings,
            changes=self.changes if self.diff else None,
            changes_problem=short_error_form(self.diff_problem) if self.diff_problem else None,
        )


@verb
def renew(request: RenewRequest) -> RenewResult:
    """Make the data of the next agreement.

    Identity, signatories, accounts, staff, schedule and network carry over. Numbers and the day of
    signing become ``ISI: ...``, which every other command refuses until a person has filled them.

    Raises:
        InputError: The old data are unreadable or wrong, or the version is unknown
            (``naskah.unknown_version``).
        UsageError: ``renew.term_turned``, ``renew.term_overlaps``, ``renew.no_version``,
            ``draft.not_an_agreement`` or ``request.type``.
        NotInForceError: A limit has no value on the first day of the new term.
    """
    loaded = read_kontrak(request.source, "RenewRequest.source")
    kontrak = loaded.kontrak
    term = JangkaWaktu(tanggal_mulai=request.mulai, tanggal_selesai=request.selesai)
    made = next_agreement(kontrak, term, request.versi)
    text = write_kontrak(
        made.kontrak,
        preface=_preface(kontrak, term),
        to_fill=DIISI_KEMBALI,
        remarks=made.remarks,
    )
    diff, problem = (
        text_changes(kontrak, made.kontrak.versi_templat, request.mulai)
        if request.with_changes
        else (None, None)
    )
    stem = Path(loaded.source).stem if Path(loaded.source).suffix == ".yml" else "kontrak"
    return RenewResult(
        file=NamedFile(f"{stem}-{request.mulai.year}.yml", text.encode()),
        versi_lama=kontrak.versi_templat,
        versi_baru=made.kontrak.versi_templat,
        to_fill=dict(DIISI_KEMBALI),
        removed=made.removed,
        remarks=made.remarks,
        licences=made.licences,
        findings=made.findings,
        diff=diff,
        diff_problem=problem,
    )


renew_async = in_background(renew)


def _preface(kontrak: Kontrak, term: JangkaWaktu) -> tuple[str, ...]:
    old = kontrak.jangka_waktu
    return (
        f"Data kontrak {nama_faskes(kontrak)} untuk masa "
        f"{format_tanggal(term.tanggal_mulai)} sampai dengan "
        f"{format_tanggal(term.tanggal_selesai)},",
        f"melanjutkan perjanjian {format_tanggal(old.tanggal_mulai)} sampai dengan "
        f"{format_tanggal(old.tanggal_selesai)}. Dibuat oleh pks-kit renew.",
        "",
        "ISI: ...   wajib diganti dengan nilainya; selama masih tertulis, berkas ini ditolak.",
        "PERIKSA:   nilai lama yang perlu dipastikan; hapus catatannya setelah diperiksa.",
        "Nilai lain dibawa dari data lama; pastikan tetap benar.",
        "",
    )
