"""By when somebody must act: the day that a letter named for the return, or the end of the term.

The day stands with each agreement, so that lists sort and count by it without computing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Connection, case, func, literal, select, update

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

_BOTH = (perjanjian.c.kembali_sampai, perjanjian.c.selesai)


def is_awaited(tahap: str) -> bool:
    """Return whether the day of return still counts in a state of the ledger."""
    return tahap not in NOT_AWAITED


def due_in(tahap: str) -> ColumnElement[str]:
    """Return the day by which somebody must act of an agreement that comes into a state."""
    back, end = _BOTH
    return case(((back != "") & (back < end), back), else_=end) if is_awaited(tahap) else end


def comes_back_on(day: date) -> ColumnElement[bool]:
    """Return the condition that the paper of an agreement is awaited by a day."""
    back, _ = _BOTH
    return (back == day.isoformat()) & perjanjian.c.tahap.not_in(NOT_AWAITED)


def returning_by_day(connection: Connection, reach: Reach) -> dict[date, int]:
    """Return the papers of how many agreements within a reach are awaited by which day."""
    back, _ = _BOTH
    asked = (
        select(back, func.count())
        .where(within(perjanjian, reach), back != "", perjanjian.c.tahap.not_in(NOT_AWAITED))
        .group_by(back)
        .order_by(back)
    )
    return {date.fromisoformat(day): count for day, count in connection.execute(asked)}


def asked_back(connection: Connection, days: Mapping[str, date]) -> None:
    """Write down by which day papers must come back, as the letters tell it; by agreement."""
    if days:
        changes.told(connection)
    table = perjanjian.c
    for agreement_id, day in sorted(days.items()):
        told = literal(day.isoformat())
        awaited = table.tahap.not_in(NOT_AWAITED) & (told < table.selesai)
        values = {
            "kembali_sampai": day.isoformat(),
            "tenggat": case((awaited, told), else_=table.selesai),
        }
        connection.execute(update(perjanjian).where(table.id == agreement_id).values(values))
