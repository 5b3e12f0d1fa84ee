"""What requests hold that sign, judge, write and plan."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pks_kit.web.bodies import AgreementKey, Body, Data, Id, SourceBody

_SEEN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
"""Text without control characters; a tab and an end of a line may be in it."""

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_SEEN)
]
Party = Literal["pihak_kesatu", "pihak_kedua"]


class CoverBody(Body):
    """For which day to write the covering instructions."""

    batas_waktu: date = Field(description="Last day for the other party")
    sertakan: bool = Field(default=False, description="Append the pages, to be printed as one file")


class SessionBody(Body):
    """Whose steps to do."""

    pihak: list[Party] = Field(min_length=1, max_length=2)
    berkas: Id | None = Field(
        default=None, description="Id of an uploaded file that came back from the other party"
    )


class TakeOverBody(Body):
    """Which file an agreement goes on with."""

    verifikasi: Id = Field(
        description="Id of the job that judged the file for this agreement (POST /verifikasi)"
    )


class VerifyBody(Body):
    """Which file to judge, and by what."""

    berkas: Id = Field(description="Id of the file: a PDF, or a scan")
    lagi: list[Id] = Field(default_factory=list, max_length=200, description="Further files")
    perjanjian: AgreementKey | None = Field(
        default=None,
        description=(
            "Agreement that it is: compared with what was issued, and kept. Without it a PDF is "
            "compared with the issued file of the agreement that it names, if that is in reach"
        ),
    )
    jenis: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{0,60}$")] = Field(
        default="", description="Policy to judge by; empty: by the receipt"
    )
    rancang_ulang: bool = Field(default=False, description="Also render again and compare")
    tanya_pencabutan: bool = Field(default=False, description="Also ask issuers over the network")


class PaperBody(Body):
    """Which scan of signed paper a person is to look at."""

    berkas: Id = Field(description="Id of the scan, or of its first file")
    lagi: list[Id] = Field(default_factory=list, max_length=200, description="Further files")


class ChoiceBody(Body):
    """What a person decided about one thing that the scan leaves open."""

    item: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_SEEN)]
    decision: Literal["signed", "empty", "same", "changed", "harmless", "again"]
    reason: Annotated[str, StringConstraints(max_length=500, pattern=_SEEN)] = ""
    addendum: Annotated[str, StringConstraints(max_length=200, pattern=_SEEN)] = ""
    crop_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class DecideBody(PaperBody):
    """What was decided about a scan."""

    pilihan: list[ChoiceBody] = Field(min_length=1, max_length=4096)


class RenewBody(SourceBody):
    """Which data to renew, for which term."""

    mulai: date
    selesai: date
    versi: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")] | None = None
    banding: bool = Field(default=True, description="Compare the text of both terms")


class RenewOwnBody(Body):
    """For which term to renew an agreement that was issued here."""

    mulai: date
    selesai: date
    versi: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")] | None = None
    banding: bool = Field(default=True, description="Compare the text of both terms")


class LetterBody(SourceBody):
    """Data of a letter about an agreement that was issued here."""

    sebelumnya: AgreementKey | None = Field(
        default=None, description="The agreement before a change of data"
    )


class PlanBody(Body):
    """What to plan."""

    nama: Name = Field(description="How people call the batch")
    sumber: list[Id] = Field(min_length=1, max_length=200, description="Workbooks and YAML files")
    sebelumnya: list[Id] = Field(
        default_factory=list, max_length=200, description="Those of last year"
    )
    contoh: Annotated[int, Field(ge=0, le=20)] = 3


class ApproveBody(Body):
    """Which plan is approved."""

    rencana: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    kecuali: list[Name] = Field(default_factory=list, max_length=4096)
    dilihat: list[Name] = Field(default_factory=list, max_length=500)


class RejectBody(Body):
    """Which plan is rejected, and why."""

    rencana: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    alasan: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=_SEEN)]


class RunBody(Body):
    """How far to bring a batch."""

    sampai: Literal["drafted", "signed", "verified", "sent"] = "verified"
    gladi: bool = Field(default=False, description="Rehearse with test keys")
    batas_waktu: date | None = Field(default=None, description="Needed for sent")


class RowsBody(Body):
    """Which agreements of a batch are meant."""

    kunci: list[Name] = Field(
        default_factory=list, max_length=32_768, description="Keys, codes, names or numbers; or all"
    )
    gladi: bool = False


class LettersBody(Body):
    """For which day to write the covering letters of a batch."""

    batas_waktu: date = Field(description="Last day for the other parties")
    semua: bool = Field(
        default=False, description="Also where a letter stands; it is kept aside as an earlier one"
    )


class RemindBody(Body):
    """For which day to remind everybody of a batch of whom nothing came back."""

    batas_waktu: date = Field(description="Last day that the reminders name")
    lebih_awal: bool = Field(
        default=False, description="A day before that of the covering letters is meant"
    )
    belum_dibaca: bool = Field(
        default=False,
        description="Also while a delivery is not read: whoever sent it is reminded too",
    )


class ReceiveBody(Body):
    """What came back of a batch."""

    pindaian: list[Id] = Field(min_length=1, max_length=500, description="Scans, in any order")
    batas_waktu: date | None = Field(default=None, description="Last day that reminders name")
    gladi: bool = False


class ReportBody(Body):
    """Which report."""

    gladi: bool = False
    bahasa: Literal["id", "en"] = "id"


class FormBody(Body):
    """Data as far as they are filled in."""

    isi: Data


class ChainBody(Body):
    """What is known of the ledger from elsewhere."""

    kepala: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}:[0-9a-f]{64}$")] | None = None
