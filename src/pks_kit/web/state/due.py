"""By when somebody must act: the day that a letter named for the return, or the end of the term.

What waits for the pen of the branch office alone is due before the agreement begins.

The day stands with each agreement, so that lists sort and count by it without computing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select, update

from pks_kit.domain.tanggal import WIB, working_day_until
from pks_kit.ledger.agreements import AgreementStage
from pks_kit.web.scope import Reach
from pks_kit.web.state import changes
from pks_kit.web.state.tables import perjanjian, within

NOT_AWAITED = (
    AgreementStage.KERTAS_MENUNGGU_BPJS,
    AgreementStage.KERTAS_LENGKAP,
    AgreementStage.LENGKAP,
    AgreementStage.DIARSIPKAN,
)
"""States in which nothing is awaited from the other party any more."""


def is_awaited(tahap: str) -> bool:
    """Return whether the day of return still counts in a state of the ledger."""
    return tahap not in NOT_AWAITED


def is_ours(tahap: str) -> bool:
    """Return whether the branch office alone must act in a state of the ledger."""
    return tahap == AgreementStage.KERTAS_MENUNGGU_BPJS


def due_on(tahap: str, *, back: str, begin: str, end: str, now: datetime) -> str:
    """Return the day by which somebody must act of an agreement.

    Args:
        tahap: Its state.
        back: By when its paper must come back, as a letter tells; empty for no letter.
        begin: First day of its term.
        end: Last day of its term.
        now: The present time. A day of return that is over before the branch office has its turn
            tells it nothing.
    """
    if is_ours(tahap):
        if now.astimezone(WIB).date().isoformat() < back < begin:
            return back
        return working_day_until(date.fromisoformat(begin) - timedelta(days=1)).isoformat()
    return back if is_awaited(tahap) and back and back < end else end


def comes_back_on(day: date) -> ColumnElement[bool]:
    """Return the condition that the paper of an agreement is awaited by a day."""
    back = perjanjian.c.kembali_sampai
    return (back == day.isoformat()) & perjanjian.c.tahap.not_in(NOT_AWAITED)


def returning_by_day(connection: Connection, reach: Reach) -> dict[date, int]:
    """Return the papers of how many agreements within a reach are awaited by which day."""
    back = perjanjian.c.kembali_sampai
    asked = (
        select(back, func.count())
        .where(within(perjanjian, reach), back != "", perjanjian.c.tahap.not_in(NOT_AWAITED))
        .group_by(back)
        .order_by(back)
    )
    return {date.fromisoformat(day): count for day, count in connection.execute(asked)}


def asked_back(connection: Connection, days: Mapping[str, date], now: datetime) -> None:
    """Write down by which day papers must come back, as the letters tell it; by agreement."""
    if days:
        changes.told(connection)
    table = perjanjian.c
    for agreement_id, day in sorted(days.items()):
        one, back = table.id == agreement_id, day.isoformat()
        asked = select(table.tahap, table.mulai, table.selesai).where(one)
        if row := connection.execute(asked).one_or_none():
            due = due_on(row.tahap, back=back, begin=row.mulai, end=row.selesai, now=now)
            values = {"kembali_sampai": back, "tenggat": due}
            connection.execute(update(perjanjian).where(one).values(values))
