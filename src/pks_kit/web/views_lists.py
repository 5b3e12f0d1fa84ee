"""Answers about batches, data that are being filled in, accesses and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pks_kit.json_types import Count, Moment, Ordinal
from pks_kit.messages import BothLanguages, lookup
from pks_kit.web.covered import covered
from pks_kit.web.state.access import Access
from pks_kit.web.state.batches import StoredBatch
from pks_kit.web.state.forms import FormDraft
from pks_kit.web.state.outbox import Delivery, DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchForm:
    """A batch; how far it is stands at /batch/{id}/keadaan.

    Attributes:
        id: Its id.
        nama: How people call it.
        oleh: Who planned it.
        dibuat: When.
    """

    id: str
    nama: str
    oleh: str
    dibuat: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchesForm:
    """A page of batches.

    Attributes:
        daftar: The batches, the newest first.
        berikutnya: What to give as setelah for the next page; null at the end.
    """

    daftar: tuple[BatchForm, ...]
    berikutnya: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftForm:
    """Data that are being filled in.

    Attributes:
        id: Their id.
        isi: The data as far as they are.
        versi: How often they were changed; also their ETag.
        oleh: Who changed them last.
        dibuat: When they were begun.
        diubah: When they were changed last.
    """

    id: str
    isi: dict[str, Any]
    versi: Ordinal
    oleh: str
    dibuat: Moment
    diubah: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftsForm:
    """A page of data that are being filled in.

    Attributes:
        daftar: The data, those begun last first.
        berikutnya: What to give as setelah for the next page; null at the end.
    """

    daftar: tuple[DraftForm, ...]
    berikutnya: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventForm:
    """What happened to an agreement.

    Attributes:
        nomor: Its number in the ledger.
        waktu: When it was written down.
        jenis: Its kind, as the ledger names it.
        peristiwa: The same in words.
        isi: Those of its facts that the page of the agreement shows.
        rincian: What it says in words beside its facts: what a person decided, what a letter asked
            for and by when, by what a verdict was settled; null where the facts say it all.
    """

    nomor: Ordinal
    waktu: Moment
    jenis: str
    peristiwa: BothLanguages
    isi: dict[str, str]
    rincian: BothLanguages | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsForm:
    """A page of the history of an agreement.

    Attributes:
        daftar: The events, the newest first.
        berikutnya: What to give as setelah for the next page; null at the end.
    """

    daftar: tuple[EventForm, ...]
    berikutnya: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessForm:
    """Who saw or did what.

    Attributes:
        id: Id of the access.
        waktu: When.
        subjek: Id of the person.
        nama: Name of the person.
        tindakan: Method and address of the operation.
        sasaran: What it was about; null for nothing certain.
        status: HTTP status of the answer.
    """

    id: str
    waktu: Moment
    subjek: str
    nama: str
    tindakan: str
    sasaran: str | None
    status: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessesForm:
    """A page of accesses.

    Attributes:
        daftar: The accesses, the newest first.
        berikutnya: What to give as setelah for the next page; null at the end.
    """

    daftar: tuple[AccessForm, ...]
    berikutnya: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryForm:
    """A message to a receiver.

    Attributes:
        id: Its id, the same at every try.
        webhook: Name of the receiver in the settings.
        jenis: Kind of event.
        keadaan: How far it is.
        percobaan: How often it was tried.
        berikut: When it is tried next, while it waits.
        dibuat: When the event was put in.
        jawaban: What came of the last try.
    """

    id: str
    webhook: str
    jenis: str
    keadaan: DeliveryState
    percobaan: Count
    berikut: Moment
    dibuat: Moment
    jawaban: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesForm:
    """Messages to receivers, the newest first."""

    daftar: tuple[DeliveryForm, ...]


def batch_form(one: StoredBatch) -> BatchForm:
    """Return a batch as it is shown."""
    return BatchForm(id=one.id, nama=one.nama, oleh=one.oleh, dibuat=one.dibuat)


def draft_form(form: FormDraft) -> DraftForm:
    """Return data that are being filled in as they are shown."""
    return DraftForm(
        id=form.id,
        isi=form.isi,
        versi=form.versi,
        oleh=form.oleh,
        dibuat=form.dibuat,
        diubah=form.diubah,
    )


def event_form(told: Mapping[str, Any]) -> EventForm:
    """Return an event as it is shown, as the task ``peristiwa`` tells it."""
    more = told["rincian"]
    return EventForm(
        nomor=told["nomor"],
        waktu=datetime.fromisoformat(told["waktu"]),
        jenis=told["jenis"],
        peristiwa=lookup(f"desk.event.{told['jenis']}").json_form(),
        isi=told["isi"],
        rincian=BothLanguages(covered(more["id"]), covered(more["en"])) if more else None,
    )


def access_form(one: Access) -> AccessForm:
    """Return an access as it is shown."""
    return AccessForm(
        id=one.id,
        waktu=one.waktu,
        subjek=one.subjek,
        nama=one.nama,
        tindakan=one.tindakan,
        sasaran=one.sasaran or None,
        status=one.status,
    )


def delivery_form(one: Delivery) -> DeliveryForm:
    """Return a delivery as it is shown."""
    return DeliveryForm(
        id=one.id,
        webhook=one.webhook,
        jenis=one.jenis,
        keadaan=one.keadaan,
        percobaan=one.percobaan,
        berikut=one.berikut,
        dibuat=one.dibuat,
        jawaban=one.jawaban,
    )
