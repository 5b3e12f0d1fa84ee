"""Idempotency keys: what was asked under a key, and what was answered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from pks_kit.errors import UsageError
from pks_kit.web.state.tables import insert_new, kunci, stamp, unstamp

ABANDONED = timedelta(minutes=2)
"""A request that runs longer than this was killed: its key may be used again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """An answer that was given.

    Attributes:
        status: HTTP status.
        headers: Headers that are part of the answer.
        body: Content.
    """

    status: int
    headers: dict[str, str]
    body: bytes


def begin(connection: Connection, key: str, sidik: str, now: datetime) -> GivenAnswer | None:
    """Begin to answer a request, or return the answer that it got before.

    Args:
        connection: A transaction that writes.
        key: The key, with the person and the address it was given for.
        sidik: Hash of what is asked.
        now: The present time.

    Raises:
        UsageError: ``web.key_reused``: something else was asked under this key;
            ``web.key_running``: the answer is not ready yet.
    """
    if insert_new(
        connection,
        kunci,
        kunci=key,
        sidik=sidik,
        keadaan="berjalan",
        status=0,
        tajuk="{}",
        badan="",
        dibuat=stamp(now),
    ):
        return None
    row = connection.execute(select(kunci).where(kunci.c.kunci == key).with_for_update()).one()
    if row.sidik != sidik:
        raise UsageError("web.key_reused")
    if row.keadaan == "selesai":
        return GivenAnswer(
            status=row.status, headers=json.loads(row.tajuk), body=row.badan.encode()
        )
    if now - unstamp(row.dibuat) < ABANDONED:
        raise UsageError("web.key_running")
    connection.execute(update(kunci).where(kunci.c.kunci == key).values(dibuat=stamp(now)))
    return None


def answered(connection: Connection, key: str, answer: GivenAnswer) -> None:
    """Keep the answer to a request."""
    connection.execute(
        update(kunci)
        .where(kunci.c.kunci == key)
        .values(
            keadaan="selesai",
            status=answer.status,
            tajuk=json.dumps(answer.headers),
            badan=answer.body.decode(),
        )
    )


def release(connection: Connection, key: str) -> None:
    """Forget a key whose request did nothing, so that it may be tried again."""
    connection.execute(delete(kunci).where(kunci.c.kunci == key, kunci.c.keadaan == "berjalan"))


def drop_old(connection: Connection, before: datetime) -> None:
    """Forget keys that were given before a moment."""
    connection.execute(delete(kunci).where(kunci.c.dibuat <= stamp(before)))
