"""Figures about agreements within a reach, for the calendar and the dashboard."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select

from pks_kit.web.scope import Reach
from pks_kit.web.state.tables import perjanjian, within


def ending_by_month(
    connection: Connection, reach: Reach, *, first: date, last: date
) -> dict[str, int]:
    """Return how many agreements end in each month, as ``2026-12``.

    Args:
        connection: The transaction.
        reach: Whose.
        first: First day that counts.
        last: Last day that counts.
    """
    month = func.substr(perjanjian.c.selesai, 1, 7)
    asked = (
        select(month, func.count())
        .where(within(perjanjian, reach))
        .where(perjanjian.c.selesai.between(first.isoformat(), last.isoformat()))
        .group_by(month)
        .order_by(month)
    )
    return {str(name): count for name, count in connection.execute(asked)}


def by_method_and_state(connection: Connection, reach: Reach) -> dict[tuple[str, str], int]:
    """Return how many agreements there are of each method in each state."""
    table = perjanjian.c
    asked = (
        select(table.cara_kontrak, table.tahap, func.count())
        .where(within(perjanjian, reach))
        .group_by(table.cara_kontrak, table.tahap)
    )
    return {(method, state): count for method, state, count in connection.execute(asked)}
