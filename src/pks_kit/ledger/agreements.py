"""Where an agreement stands, read out of its events.

No state is written down, so none can be forgotten or contradict the steps: the signing profile
says what an agreement needs, the events say what was done, and the rest is missing. What happens
on paper (kontrak digital: PIHAK KEDUA; manual: both) is known once its scan was judged and recorded
(:mod:`~pks_kit.ledger.returned`); until then it is named as missing here and not guessed.

Ledgers of the first version do not say by which method an agreement is signed (no event
``perjanjian``). Then the steps must tell; where several profiles fit, only what they have in
common is said. Like :mod:`~pks_kit.ledger.purchases` this projection never raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from pks_kit.domain.tanda_tangan import PIHAK, PIHAK_TAMPIL, signs_electronically
from pks_kit.json_types import HIDDEN, IF_KNOWN, Count, shown
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event
from pks_kit.ledger.returned import PaperReturned, returned, standing
from pks_kit.ledger.steps_done import (
    DoneStep,
    consented,
    described,
    fitting_profiles,
    steps_done,
    steps_left,
)
from pks_kit.ledger.wib import MomentWib
from pks_kit.messages import Message, lookup
from pks_kit.policy.signing_profile import SigningProfile

Attempt = Literal["mulai", "gagal", "tidak_pasti"]
_ENDS: dict[str, Attempt] = {
    kinds.LANGKAH_MULAI: "mulai",
    kinds.LANGKAH_GAGAL: "gagal",
    kinds.LANGKAH_TIDAK_PASTI: "tidak_pasti",
}

Metode = Annotated[
    str | None,
    WithJsonSchema({"enum": ["elektronik", "digital", "manual", None]}, mode="serialization"),
]
"""Method of contracting; shown as the ledger holds it, since a projection never raises."""


class AgreementStage(StrEnum):
    """How far an agreement is.

    ``METODE_DISETUJUI``: PIHAK KEDUA agreed to the method, nothing is issued. ``HANYA_METERAI``:
    only purchases are in this ledger, not the issue. ``TERBIT``: issued,
    nothing signed yet. ``DI_ATAS_KERTAS``: issued, both parties sign with a pen.
    ``DIKERJAKAN_BPJS``, ``DIKERJAKAN_FASKES``: the party has begun, its signature or meterai is
    missing. ``DITANDATANGANI_BPJS``: PIHAK KESATU is done, PIHAK KEDUA is not (in kontrak
    digital it goes on on paper). ``KERTAS_KURANG``, ``KERTAS_DILIHAT``, ``KERTAS_LENGKAP``: signed
    paper came back, and its scan lacks something, needs a person, or is complete.
    ``KERTAS_MENUNGGU_BPJS``: nothing lacks on it but the pen of PIHAK KESATU. ``LENGKAP``:
    every step of both parties is done. ``DIARSIPKAN``: that, and the file is sealed for long
    keeping.
    """

    METODE_DISETUJUI = "METODE_DISETUJUI"
    HANYA_METERAI = "HANYA_METERAI"
    TERBIT = "TERBIT"
    DI_ATAS_KERTAS = "DI_ATAS_KERTAS"
    DIKERJAKAN_BPJS = "DIKERJAKAN_BPJS"
    DITANDATANGANI_BPJS = "DITANDATANGANI_BPJS"
    DIKERJAKAN_FASKES = "DIKERJAKAN_FASKES"
    KERTAS_KURANG = "KERTAS_KURANG"
    KERTAS_MENUNGGU_BPJS = "KERTAS_MENUNGGU_BPJS"
    KERTAS_DILIHAT = "KERTAS_DILIHAT"
    KERTAS_LENGKAP = "KERTAS_LENGKAP"
    LENGKAP = "LENGKAP"
    DIARSIPKAN = "DIARSIPKAN"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingStep:
    """One thing that the ledger does not know to be done.

    Attributes:
        jenis: ``tanda_tangan`` and ``meterai`` are steps of the profile; ``kertas`` is signing
            with a pen, ``kertas_lagi`` what the scan of such paper left open; ``terbitkan`` writes
            the final file; ``arsip`` seals it for long keeping; ``tidak_diketahui`` stands for what
            depends on a method that is not recorded.
        peran: Who does it, where it is one party.
    """

    jenis: Annotated[
        Literal[
            "tanda_tangan", "meterai", "kertas", "kertas_lagi", "terbitkan", "arsip",
            "tidak_diketahui",
        ],
        Field(alias="kind"),
    ]  # fmt: skip
    peran: Annotated[str | None, Field(alias="role")] = None

    @shown()
    def text(self) -> Message:
        """What is missing, in words."""
        return lookup(f"ledger.missing.{self.jenis}").fill(
            {"party": PIHAK_TAMPIL.get(self.peran or "", self.peran or "")}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedStep:
    """The last attempt of a step, when it did not end well.

    Attributes:
        langkah: The step.
        bagaimana: ``mulai`` (begun, then nothing), ``gagal`` or ``tidak_pasti``.
        kode: Message code of the refusal or lost answer.
        waktu: When that was, in WIB.
    """

    langkah: Annotated[str, Field(alias="step")]
    bagaimana: Annotated[Attempt, Field(alias="how")]
    kode: Annotated[str | None, Field(alias="code")]
    waktu: Annotated[MomentWib, Field(alias="time")]

    @shown()
    def text(self) -> Message:
        """What happened, in words."""
        words = {"step": self.langkah, "code": self.kode or "-"}
        return lookup(f"ledger.stopped.{self.bagaimana}").fill(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfBothParties:
    """A text of each party; None when this ledger does not say."""

    pihak_kesatu: str | None
    pihak_kedua: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementProgress:
    """What the ledger knows of one agreement.

    Attributes:
        perjanjian: Id of the agreement.
        tahap: State, read out of the events; see ``src/pks_kit/ledger/agreements.py``.
        metode: Method of contracting; None when it is not recorded and several fit.
        nama_kesatu: Names of the parties, numbers, id of the agreement that this one amends:
            None when this ledger does not say.
        induk: Id of the agreement that this one amends; None when this ledger does not say.
        berkas: Name of the issued file, or of the final one.
        selesai: What was done, in order.
        kurang: What is missing, in the order in which it comes.
        terhenti: The attempt that must be looked at, if any.
        kertas: Signed paper that came back, in order; None when none was recorded.
        peristiwa: Number of events.
        pertama: Moment of the first event, in WIB.
        terakhir: Moment of the last event, in WIB.
        jenis_terakhir: Kind of the last event.
    """

    perjanjian: Annotated[str, Field(alias="agreement_id")]
    tahap: Annotated[AgreementStage, Field(alias="state")]
    metode: Annotated[Metode, Field(alias="method")]
    nama_kesatu: Annotated[str | None, HIDDEN]
    nama_kedua: Annotated[str | None, HIDDEN]
    nomor_kesatu: Annotated[str | None, HIDDEN]
    nomor_kedua: Annotated[str | None, HIDDEN]
    induk: Annotated[str | None, Field(alias="amends")]
    berkas: Annotated[str | None, Field(alias="file")]
    selesai: Annotated[tuple[DoneStep, ...], Field(alias="done")]
    kurang: Annotated[tuple[MissingStep, ...], Field(alias="missing")]
    terhenti: Annotated[StoppedStep | None, Field(alias="stopped")]
    kertas: Annotated[tuple[PaperReturned, ...] | None, Field(alias="paper"), IF_KNOWN]
    peristiwa: Annotated[Count, Field(alias="events")]
    pertama: Annotated[MomentWib, Field(alias="first")]
    terakhir: Annotated[MomentWib, Field(alias="last")]
    jenis_terakhir: Annotated[str, Field(alias="last_kind")]

    @shown("state_text")
    def text(self) -> Message:
        """The state in words."""
        return lookup(f"ledger.stage.{self.tahap}")

    @shown()
    def names(self) -> OfBothParties:
        """Names of the parties."""
        return OfBothParties(pihak_kesatu=self.nama_kesatu, pihak_kedua=self.nama_kedua)

    @shown()
    def numbers(self) -> OfBothParties:
        """Numbers that the parties gave the agreement."""
        return OfBothParties(pihak_kesatu=self.nomor_kesatu, pihak_kedua=self.nomor_kedua)

    @property
    def name(self) -> str:
        """Return how people know the agreement: the facility, else the file, else the id."""
        return self.nama_kedua or self.berkas or self.perjanjian


def agreements(
    events: Iterable[Event], profiles: Iterable[SigningProfile]
) -> tuple[AgreementProgress, ...]:
    """Return every agreement of the events, in the order of their first event.

    Args:
        events: Events in order.
        profiles: All signing profiles; they say what an agreement needs.
    """
    known = tuple(profiles)
    groups: dict[str, list[Event]] = {}
    for event in events:
        if event.jenis not in kinds.ABOUT_PLANS:
            groups.setdefault(event.perjanjian, []).append(event)
    return tuple(_progress(name, own, known) for name, own in groups.items())


def _progress(
    perjanjian: str, events: list[Event], known: tuple[SigningProfile, ...]
) -> AgreementProgress:
    facts = {**consented(events), **described(events)}
    files = [one.isi for one in events if one.jenis in (kinds.TERBIT, kinds.SELESAI)]
    profiles = fitting_profiles(events, known)
    done = steps_done(events, profiles[0] if profiles else None)
    methods = {one.cara_kontrak for one in profiles}
    metode = next(iter(methods)) if len(methods) == 1 else None
    kertas = returned(events)
    tahap = _on_paper(_stage(events, profiles, metode, done), metode, kertas)
    return AgreementProgress(
        perjanjian=perjanjian,
        tahap=tahap,
        metode=metode,
        nama_kesatu=facts.get("nama_kesatu"),
        nama_kedua=facts.get("nama_kedua"),
        nomor_kesatu=facts.get("nomor_kesatu"),
        nomor_kedua=facts.get("nomor_kedua"),
        induk=facts.get("induk"),
        berkas=files[0].get("file") if files else None,
        selesai=done,
        kurang=_missing(events, profiles, tahap),
        terhenti=_stopped(events),
        kertas=kertas or None,
        peristiwa=len(events),
        pertama=events[0].waktu,
        terakhir=events[-1].waktu,
        jenis_terakhir=events[-1].jenis,
    )


_OF_PAPER = (kinds.PAPER_DECIDED, kinds.SURAT_PENGINGAT, kinds.SURAT_PENGANTAR)


def _stage(
    events: list[Event],
    profiles: tuple[SigningProfile, ...],
    metode: str | None,
    done: Sequence[DoneStep],
) -> AgreementStage:
    if not any(one.jenis in (kinds.TERBIT, kinds.SELESAI) for one in events):
        if any(one.jenis in _OF_PAPER for one in events):
            return AgreementStage.DI_ATAS_KERTAS
        bought = any(one.jenis != kinds.METODE_SETUJU for one in events)
        return AgreementStage.HANYA_METERAI if bought else AgreementStage.METODE_DISETUJUI
    if metode == "manual":
        return AgreementStage.DI_ATAS_KERTAS
    roles = {one.step.peran for one in done if one.step is not None}
    if not profiles or not roles:
        return AgreementStage.TERBIT
    left = steps_left(profiles[0], done)
    if any(step.peran == PIHAK[0] for step in left):
        return AgreementStage.DIKERJAKAN_BPJS
    if roles == {PIHAK[0]}:
        return AgreementStage.DITANDATANGANI_BPJS
    if left:
        return AgreementStage.DIKERJAKAN_FASKES
    archived = any(one.jenis == "arsip" for one in done)
    return AgreementStage.DIARSIPKAN if archived else AgreementStage.LENGKAP


_PAPER: dict[str, AgreementStage] = {
    "complete": AgreementStage.KERTAS_LENGKAP,
    "incomplete": AgreementStage.KERTAS_KURANG,
    "needs_person": AgreementStage.KERTAS_DILIHAT,
}

_PAPER_OPEN = (
    AgreementStage.KERTAS_KURANG,
    AgreementStage.KERTAS_MENUNGGU_BPJS,
    AgreementStage.KERTAS_DILIHAT,
)


def _on_paper(
    tahap: AgreementStage, metode: str | None, kertas: Sequence[PaperReturned]
) -> AgreementStage:
    """Return what came of the paper, once everything before it is done electronically."""
    is_next = tahap is AgreementStage.DI_ATAS_KERTAS or (
        tahap is AgreementStage.DITANDATANGANI_BPJS and metode == "digital"
    )
    stands = standing(kertas)
    if not is_next or stands is None:
        return tahap
    if stands.verdict == "incomplete" and stands.lacks == PIHAK[0]:
        return AgreementStage.KERTAS_MENUNGGU_BPJS
    return _PAPER.get(stands.verdict, tahap)


def _missing(
    events: list[Event], profiles: tuple[SigningProfile, ...], tahap: AgreementStage
) -> tuple[MissingStep, ...]:
    """Return what comes next; of several profiles only what they share, then that it is open."""
    unknown = MissingStep(jenis="tidak_diketahui")
    if not profiles or tahap is AgreementStage.HANYA_METERAI:
        return (unknown,)
    roads = [_road(events, profile) for profile in profiles]
    shared: list[MissingStep] = []
    for several in zip(*roads, strict=False):
        if len({*several}) > 1:
            break
        shared.append(several[0])
    if tahap is AgreementStage.KERTAS_LENGKAP:
        return tuple(one for one in shared if one.jenis != "kertas")
    if tahap is AgreementStage.KERTAS_MENUNGGU_BPJS:
        shared = [one for one in shared if one.jenis != "kertas" or one.peran == PIHAK[0]]
    if tahap in _PAPER_OPEN:
        shared = [
            replace(one, jenis="kertas_lagi") if one.jenis == "kertas" else one for one in shared
        ]
    is_open = any(len(road) > len(shared) for road in roads)
    return (*shared, unknown) if is_open else tuple(shared)


def _road(events: list[Event], profile: SigningProfile) -> tuple[MissingStep, ...]:
    done = steps_done(events, profile)
    left = steps_left(profile, done)
    road = [MissingStep(jenis=step.jenis, peran=step.peran) for step in left]
    if not left and not any(one.jenis == kinds.SELESAI for one in events):
        road.append(MissingStep(jenis="terbitkan"))
    by_pen = [one for one in PIHAK if not signs_electronically(one, profile.cara_kontrak)]
    road += [MissingStep(jenis="kertas", peran=one) for one in by_pen]
    if not by_pen and not any(one.jenis == "arsip" for one in done):
        road.append(MissingStep(jenis="arsip"))
    return tuple(road)


def _stopped(events: list[Event]) -> StoppedStep | None:
    """Return the newest attempt unless it succeeded."""
    for event in reversed(events):
        if event.jenis in (kinds.LANGKAH_SELESAI, kinds.SELESAI):
            return None
        how = _ENDS.get(event.jenis)
        if how is not None:
            return StoppedStep(
                langkah=str(event.isi.get("langkah")),
                bagaimana=how,
                kode=event.isi.get("kode"),
                waktu=event.waktu,
            )
    return None
