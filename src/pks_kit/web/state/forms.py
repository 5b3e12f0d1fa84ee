"""Data of agreements that somebody is still filling in; nothing is lost on a reload."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from pks_kit.errors import UsageError
from pks_kit.web.scope import Area, Reach
from pks_kit.web.state.tables import area_columns, isian, stamp, unstamp, within


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDraft:
    """Data that are being filled in.

    Attributes:
        id: Its id.
        area: Whose it is.
        isi: The data as far as they are.
        versi: How often they were changed, from 1.
        oleh: Who changed them last.
        dibuat: When they were begun.
        diubah: When they were changed last.
    """

    id: str
    area: Area
    isi: dict[str, Any]
    versi: int
    oleh: str
    dibuat: datetime
    diubah: datetime


def add(connection: Connection, form: FormDraft) -> None:
    """Write down data that are begun."""
    connection.execute(
        insert(isian).values(
            id=form.id,
            **area_columns(form.area),
            isi=json.dumps(form.isi, ensure_ascii=False),
            versi=form.versi,
            oleh=form.oleh,
            dibuat=stamp(form.dibuat),
            diubah=stamp(form.diubah),
        )
    )


def find(connection: Connection, form_id: str, reach: Reach) -> FormDraft | None:
    """Return data within a reach; None when there are none."""
    row = connection.execute(
        select(isian).where(isian.c.id == form_id, within(isian, reach))
    ).one_or_none()
    return _read(row) if row is not None else None


def listed(
    connection: Connection, reach: Reach, *, before: str, most: int
) -> tuple[FormDraft, ...]:
    """Return data within a reach, those begun last first; before an id, unless it is empty."""
    asked = select(isian).where(within(isian, reach))
    if before:
        asked = asked.where(isian.c.id < before)
    return tuple(map(_read, connection.execute(asked.order_by(isian.c.id.desc()).limit(most))))


def change(
    connection: Connection,
    form_id: str,
    reach: Reach,
    isi: dict[str, Any],
    *,
    versi: int,
    oleh: str,
    now: datetime,
) -> FormDraft:
    """Replace data, if nobody else did meanwhile, and return them.

    Args:
        connection: A transaction that writes.
        form_id: Their id.
        reach: Whose.
        isi: The new data.
        versi: The version that the change starts from.
        oleh: Who changes them.
        now: The present time.

    Raises:
        UsageError: ``web.unknown``, ``web.changed``.
    """
    if find(connection, form_id, reach) is None:
        raise UsageError("web.unknown")
    done = connection.execute(
        update(isian)
        .where(isian.c.id == form_id, isian.c.versi == versi, within(isian, reach))
        .values(
            isi=json.dumps(isi, ensure_ascii=False), versi=versi + 1, oleh=oleh, diubah=stamp(now)
        )
    )
    if done.rowcount != 1:
        raise UsageError("web.changed")
    return _read(connection.execute(select(isian).where(isian.c.id == form_id)).one())


def open_to(connection: Connection, form_id: str, reach: Reach, area: Area) -> None:
    """Let data belong to another area too, for example to the branch that will issue them."""
    connection.execute(
        update(isian)
        .where(isian.c.id == form_id, within(isian, reach))
        .values(**area_columns(area))
    )


def remove(connection: Connection, form_id: str, reach: Reach) -> bool:
    """Throw data away; False when there are none within the reach."""
    done = connection.execute(delete(isian).where(isian.c.id == form_id, within(isian, reach)))
    return done.rowcount == 1


def drop_old(connection: Connection, before: datetime) -> None:
    """Forget data that were changed last before a moment."""
    connection.execute(delete(isian).where(isian.c.diubah <= stamp(before)))


def _read(row: Row[tuple[object, ...]]) -> FormDraft:
    return FormDraft(
        id=row.id,
        area=Area(faskes=row.faskes, cabang=row.cabang, kedeputian=row.kedeputian),
        isi=json.loads(row.isi),
        versi=row.versi,
        oleh=row.oleh,
        dibuat=unstamp(row.dibuat),
        diubah=unstamp(row.diubah),
    )
