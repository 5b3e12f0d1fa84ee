"""Terms of the same facility after each other, asked about a page of agreements at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Connection, func, select

from pks_kit.web.scope import Area, Reach
from pks_kit.web.state.agreements import StoredAgreement
from pks_kit.web.state.tables import perjanjian


def latest_begin(connection: Connection, reach: Reach, faskes: Collection[str]) -> dict[str, date]:
    """Return of each of some facilities the first day of the term that begins last."""
    table = perjanjian.c
    whose = (table.faskes, table.cabang, table.kedeputian)
    # with the reach in the question, SQLite looks at the whole branch and not at these facilities
    asked = select(*whose, func.max(table.mulai)).where(table.faskes.in_(faskes)).group_by(*whose)
    found: dict[str, date] = {}
    for code, cabang, kedeputian, begin in connection.execute(asked):
        if reach.covers(Area(faskes=code, cabang=cabang, kedeputian=kedeputian)):
            day = date.fromisoformat(begin)
            found[code] = max(day, found.get(code, day))
    return found


def data_before(
    connection: Connection, reach: Reach, ones: Sequence[StoredAgreement]
) -> dict[str, str]:
    """Return of each agreement the data of that of the same facility whose term began last before.

    Args:
        connection: The transaction.
        reach: Whose.
        ones: The agreements; one without an earlier one is absent in the answer.
    """
    table = perjanjian.c
    whose = (table.faskes, table.cabang, table.kedeputian)
    # as in latest_begin the reach is asked of what was found
    asked = select(*whose, table.mulai, table.id, table.data).where(
        table.faskes.in_({one.area.faskes for one in ones})
    )
    known: dict[str, list[tuple[str, str, str]]] = {}
    for code, cabang, kedeputian, begin, name, data in connection.execute(asked).all():
        if reach.covers(Area(faskes=code, cabang=cabang, kedeputian=kedeputian)):
            known.setdefault(code, []).append((begin, name, data))
    found = {}
    for one in ones:
        begin = one.mulai.isoformat()
        earlier = [each for each in known.get(one.area.faskes, ()) if each[0] < begin]
        if earlier:
            found[one.id] = max(earlier)[2]
    return found
