"""The outbox: what has to be sent to whom, written in the transaction of what happened.

What happens to jobs is put here with their end. What happens to agreements stands in the ledger,
which is an outbox itself: its events are numbered without gaps and never change. Up to which of
them deliveries were written is kept beside the deliveries and moves in their transaction, so none
is missed whoever wrote it, and none is put in twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, select, update

from pks_kit.settings.portal import WebhookSettings
from pks_kit.web.state.tables import insert_new, kiriman, stamp, umpan, unstamp

DeliveryState = Literal["menunggu", "terkirim", "gagal"]
GIVES_UP = timedelta(hours=72)
"""How long a delivery is tried."""

_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(hours=6)
_CLAIM = timedelta(minutes=1)
_NAME_LETTERS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one receiver.

    Attributes:
        id: Its id, the same at every try.
        webhook: Name of the receiver in the settings.
        jenis: Kind of event.
        isi: The message, byte for byte.
        keadaan: How far it is.
        percobaan: How often it was tried.
        berikut: When it is tried next.
        dibuat: When the event was put here.
        jawaban: What came of the last try.
    """

    id: str
    webhook: str
    jenis: str
    isi: str
    keadaan: DeliveryState
    percobaan: int
    berikut: datetime
    dibuat: datetime
    jawaban: str


def put(
    connection: Connection,
    receivers: Mapping[str, WebhookSettings],
    event: str,
    event_id: str,
    data: Mapping[str, Any],
    now: datetime,
) -> None:
    """Put an event into the outbox, once for each receiver that wants it.

    Args:
        connection: The transaction of what happened.
        receivers: All receivers by their names.
        event: Kind of event.
        event_id: What names this event among all; the same is put in once.
        data: What is told of it; never personal data.
        now: The present time.
    """
    for name, receiver in receivers.items():
        if not any(_wants(pattern, event) for pattern in receiver.peristiwa):
            continue
        whose = hashlib.sha256(name.encode()).hexdigest()[:_NAME_LETTERS]
        delivery_id = f"msg_{event_id}_{whose}"
        told = {"type": event, "timestamp": stamp(now), "data": dict(data)}
        insert_new(
            connection,
            kiriman,
            id=delivery_id,
            webhook=name,
            jenis=event,
            isi=json.dumps(told, ensure_ascii=False, separators=(",", ":")),
            keadaan="menunggu",
            percobaan=0,
            berikut=stamp(now),
            dibuat=stamp(now),
            jawaban="",
        )


def take(connection: Connection, now: datetime) -> Delivery | None:
    """Take the delivery that is due first; nobody else takes it for a while."""
    row = connection.execute(
        select(kiriman)
        .where(kiriman.c.keadaan == "menunggu", kiriman.c.berikut <= stamp(now))
        .order_by(kiriman.c.berikut, kiriman.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    connection.execute(
        update(kiriman).where(kiriman.c.id == row.id).values(berikut=stamp(now + _CLAIM))
    )
    return _read(row)


def sent(connection: Connection, delivery: Delivery, answer: str) -> None:
    """Write down that a delivery was taken."""
    connection.execute(
        update(kiriman)
        .where(kiriman.c.id == delivery.id)
        .values(keadaan="terkirim", percobaan=delivery.percobaan + 1, jawaban=answer[:120])
    )


def failed(
    connection: Connection, delivery: Delivery, answer: str, now: datetime, *, for_good: bool
) -> None:
    """Write down that a delivery was not taken, and when it is tried again.

    Args:
        connection: The transaction.
        delivery: The delivery.
        answer: What came of the try.
        now: The present time.
        for_good: Whether it is not tried again.
    """
    pause = min(_FIRST_PAUSE * 2 ** min(delivery.percobaan, 20), _LONGEST_PAUSE)
    over = for_good or now + pause - delivery.dibuat > GIVES_UP
    connection.execute(
        update(kiriman)
        .where(kiriman.c.id == delivery.id)
        .values(
            keadaan="gagal" if over else "menunggu",
            percobaan=delivery.percobaan + 1,
            berikut=stamp(now + pause),
            jawaban=answer[:120],
        )
    )


def again(connection: Connection, delivery_id: str, now: datetime) -> bool:
    """Try a delivery anew that was given up or taken; False when there is none such."""
    done = connection.execute(
        update(kiriman)
        .where(kiriman.c.id == delivery_id, kiriman.c.keadaan != "menunggu")
        .values(keadaan="menunggu", berikut=stamp(now), dibuat=stamp(now))
    )
    return done.rowcount == 1


def listed(connection: Connection, *, keadaan: str, most: int) -> tuple[Delivery, ...]:
    """Return deliveries, the newest first; only those of one state unless it is empty."""
    asked = select(kiriman)
    if keadaan:
        asked = asked.where(kiriman.c.keadaan == keadaan)
    asked = asked.order_by(kiriman.c.dibuat.desc(), kiriman.c.id).limit(most)
    return tuple(map(_read, connection.execute(asked)))


def fed_to(connection: Connection, ledger: str) -> int | None:
    """Return up to which event a ledger was put in; None when never."""
    found = connection.execute(select(umpan.c.nomor).where(umpan.c.buku == ledger)).scalar()
    return int(found) if found is not None else None


def feed(connection: Connection, ledger: str, nomor: int) -> None:
    """Write down up to which event a ledger was put in."""
    if not insert_new(connection, umpan, buku=ledger, nomor=nomor):
        connection.execute(update(umpan).where(umpan.c.buku == ledger).values(nomor=nomor))


def drop_old(connection: Connection, before: datetime) -> None:
    """Forget deliveries that ended and were put in before a moment."""
    old = (kiriman.c.keadaan != "menunggu") & (kiriman.c.dibuat <= stamp(before))
    connection.execute(delete(kiriman).where(old))


def _wants(pattern: str, event: str) -> bool:
    if pattern == "*":
        return True
    if pattern.endswith(".*"):
        return event.startswith(pattern[:-1])
    return pattern == event


def _read(row: Row[tuple[object, ...]]) -> Delivery:
    return Delivery(
        id=row.id,
        webhook=row.webhook,
        jenis=row.jenis,
        isi=row.isi,
        keadaan=row.keadaan,
        percobaan=row.percobaan,
        berikut=unstamp(row.berikut),
        dibuat=unstamp(row.dibuat),
        jawaban=row.jawaban,
    )
