"""The answers of the API that are its own; results of verbs have their own forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from pks_kit.json_types import IF_KNOWN, Count, Moment, Ordinal, Sha256
from pks_kit.ledger.agreements import AgreementStage
from pks_kit.web.problems import ProblemDetails, problem_details
from pks_kit.web.state.agreements import StoredAgreement
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.jobs import Job, JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForm:
    """A file in the store; its content is at /berkas/{id}/isi.

    Attributes:
        id: Its id.
        perjanjian: Agreement that it belongs to; null for none.
        asal: Where it came from.
        nama: Its name.
        media: Its media type.
        sha256: Its hash.
        ukuran: Its size in bytes.
        dibuat: When it came.
        buang: From when on it may be removed; null for never.
    """

    id: str
    perjanjian: str | None
    asal: Literal["unggahan", "hasil", "pratinjau"]
    nama: str
    media: str
    sha256: Sha256
    ukuran: Count
    dibuat: Moment
    buang: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesForm:
    """Files of one agreement, the oldest first."""

    daftar: tuple[FileForm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeForm:
    """A file that a job made.

    Attributes:
        peran: What it is of the result, for example pdf or receipt.
        id: Its id.
        nama: Its name.
        media: Its media type.
        sha256: Its hash.
        ukuran: Its size in bytes.
    """

    peran: str
    id: str
    nama: str
    media: str
    sha256: Sha256
    ukuran: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class JobForm:
    """A job: ask again until its state is selesai, gagal or dibatalkan.

    Attributes:
        id: Its id.
        jenis: What is done.
        keadaan: How far it is.
        perjanjian: Agreement that it is about; null for none, or for one that is not made yet.
        kemajuan: What was told last of its progress.
        hasil: The result of the verb, as its JSON form says; null until it ended well.
        berkas: Files that it made.
        masalah: Why it failed, as problem details; null unless it did.
        dibuat: When it was ordered.
        berakhir: When it ended; null while it has not.
    """

    id: str
    jenis: str
    keadaan: JobState
    perjanjian: str | None
    kemajuan: dict[str, Any]
    hasil: dict[str, Any] | None
    berkas: tuple[MadeForm, ...]
    masalah: ProblemDetails | None
    dibuat: Moment
    berakhir: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementForm:
    """An agreement as the portal lists it.

    Attributes:
        id: Its id.
        faskes: Code of the facility.
        cabang: Code of the branch; null when the settings do not name it.
        nama: Name of the facility.
        nomor_kesatu: Number of PIHAK KESATU.
        nomor_kedua: Number of PIHAK KEDUA.
        jenis: Kind of facility.
        cara_kontrak: Method of contracting.
        mulai: First day of the term.
        selesai: Last day of the term.
        kembali_sampai: Day by which its paper must come back, as a letter tells, while that is
            awaited; null for none.
        halaman: Pages of the issued file.
        terbit: Id of the issued file.
        resi: Id of its receipt.
        data: Id of its contract data.
        terkini: Id of the file reached so far.
        tahap: Its state, as the ledger tells; null while no event is about it.
        dibuat: When it was issued.
        diubah: When something changed last.
    """

    id: str
    faskes: str
    cabang: str | None
    nama: str
    nomor_kesatu: str
    nomor_kedua: str
    jenis: str
    cara_kontrak: str
    mulai: date
    selesai: date
    kembali_sampai: date | None
    halaman: Ordinal
    terbit: str
    resi: str
    data: str
    terkini: str
    tahap: AgreementStage | None
    dibuat: Moment
    diubah: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementsForm:
    """A page of agreements.

    Attributes:
        daftar: The agreements, those that end first at the beginning.
        berikutnya: What to give as setelah for the next page; null at the end.
    """

    daftar: tuple[AgreementForm, ...]
    berikutnya: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsForm:
    """How many agreements there are.

    Attributes:
        tahap: By state; BELUM_TERCATAT are those that no event of the ledger is about.
    """

    tahap: dict[str, Count]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsForm:
    """A page of jobs.

    Attributes:
        daftar: The jobs, the newest first.
        berikutnya: What to give as setelah for the next page; null at the end.
    """

    daftar: tuple[JobForm, ...]
    berikutnya: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewForm:
    """A draft to be looked at; nothing was issued.

    Attributes:
        berkas: Id of the PDF; its pages are at /berkas/{id}/halaman/{n}.jpg and .txt.
        halaman: How many pages it has.
        findings: What the checks say.
    """

    berkas: str
    halaman: Ordinal
    findings: Annotated[list[dict[str, Any]], Field(default_factory=list)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What one page says.

    Attributes:
        page: Its number.
        pages: How many pages the file has.
        text: Its words.
    """

    page: Ordinal
    pages: Ordinal
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthForm:
    """How the server is.

    Attributes:
        status: ok when it can work.
        hangat: Whether every process that people wait for has loaded what they will need; until
            then, and where nothing is loaded ahead, the first draft takes some seconds more.
    """

    status: Literal["ok"]
    hangat: bool
    jobs: Annotated[dict[str, int] | None, IF_KNOWN] = None


def file_form(file: StoredFile) -> FileForm:
    """Return a file as it is shown."""
    return FileForm(
        id=file.id,
        perjanjian=file.perjanjian or None,
        asal=file.asal,
        nama=file.nama,
        media=file.media,
        sha256=file.sha256,
        ukuran=file.ukuran,
        dibuat=file.dibuat,
        buang=file.buang,
    )


def job_form(job: Job, language: Literal["id", "en"]) -> JobForm:
    """Return a job as it is shown.

    Args:
        job: The job.
        language: Language of the details of its problem.
    """
    masalah = job.hasil.get("masalah")
    told = problem_details(masalah, language) if masalah else None
    return JobForm(
        id=job.id,
        jenis=job.jenis,
        keadaan=job.keadaan,
        perjanjian=job.hasil.get("perjanjian") or job.perjanjian or None,
        kemajuan=job.kemajuan,
        hasil=job.hasil.get("hasil"),
        berkas=tuple(MadeForm(**one) for one in job.hasil.get("berkas", ())),
        masalah=ProblemDetails.model_validate(told) if told else None,
        dibuat=job.dibuat,
        berakhir=job.berakhir,
    )


def agreement_form(agreement: StoredAgreement) -> AgreementForm:
    """Return an agreement as it is listed."""
    return AgreementForm(
        id=agreement.id,
        faskes=agreement.area.faskes,
        cabang=agreement.area.cabang or None,
        nama=agreement.nama,
        nomor_kesatu=agreement.nomor_kesatu,
        nomor_kedua=agreement.nomor_kedua,
        jenis=agreement.jenis,
        cara_kontrak=agreement.cara_kontrak,
        mulai=agreement.mulai,
        selesai=agreement.selesai,
        kembali_sampai=agreement.kembali_sampai,
        halaman=agreement.halaman,
        terbit=agreement.terbit,
        resi=agreement.resi,
        data=agreement.data,
        terkini=agreement.terkini,
        tahap=AgreementStage(agreement.tahap) if agreement.tahap else None,
        dibuat=agreement.dibuat,
        diubah=agreement.diubah,
    )
