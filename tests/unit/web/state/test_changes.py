"""The number of changes moves with every change of an agreement, and with nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.scope import Area
from pks_kit.web.state import access, agreements, changes
from pks_kit.web.state.database import State

NOW = system_clock()
AREA = Area(faskes="F1", cabang="0901", kedeputian="04")
FACTS = {
    **dict.fromkeys(("nama", "nomor_kesatu", "nomor_kedua", "jenis", "cara_kontrak"), "x"),
    **dict.fromkeys(("terbit", "resi", "data"), "x"),
    **{"mulai": "2027-01-01", "selesai": "2027-12-31", "halaman": 1},
}


def number(state: State) -> int:
    with state.read() as connection:
        return changes.number(connection)


def test_it_moves_with_each_change(state: State) -> None:
    later = NOW + timedelta(seconds=1)
    seen = [number(state)]
    with state.write() as connection:
        agreements.put(connection, "A", AREA, FACTS, NOW)
    seen.append(number(state))
    with state.write() as connection:
        agreements.reached(connection, "A", "lain", later)
    seen.append(number(state))
    with state.write() as connection:
        agreements.moved(connection, "A", "TERBIT", later)
    seen.append(number(state))
    assert sorted(set(seen)) == seen


def test_it_stays_where_nothing_changes(state: State) -> None:
    with state.write() as connection:
        agreements.put(connection, "A", AREA, FACTS, NOW)
    before = number(state)
    with state.write() as connection:
        agreements.moved(connection, "A", "", NOW)
        agreements.moved(connection, "nobody", "TERBIT", NOW)
        access.add(
            connection, subjek="a", nama="a", tindakan="GET /", sasaran="A", status=200, now=NOW
        )
    assert number(state) == before


def test_what_is_given_up_moves_nothing(state: State) -> None:
    before = number(state)

    def broken() -> None:
        with state.write() as connection:
            agreements.put(connection, "A", AREA, FACTS, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert number(state) == before
