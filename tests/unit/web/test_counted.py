"""Counts are kept as long as they hold, for the reach they were counted for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import Connection

from pks_kit.ledger.address import read_address
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.counted import KeptCounts
from pks_kit.web.scope import Area, Reach, Scope
from pks_kit.web.state import agreements
from pks_kit.web.state.database import State, open_state
from support.ledger_places import Place

NOW = system_clock()
FACTS = {
    **dict.fromkeys(("nama", "nomor_kesatu", "nomor_kedua", "jenis", "cara_kontrak"), "x"),
    **dict.fromkeys(("terbit", "resi", "data"), "x"),
    **{"mulai": "2027-01-01", "selesai": "2027-12-31", "halaman": 1},
}
HERE, THERE, EVERYWHERE = (
    Reach(frozenset({one}))
    for one in (Scope("cabang", "0901"), Scope("cabang", "0902"), Scope("pusat"))
)
ASKED: Counter[Reach] = Counter()


def counted(connection: Connection, reach: Reach) -> int:
    """Count agreements, and how often somebody asked the database."""
    ASKED[reach] += 1
    return sum(agreements.counted(connection, reach).values())


def seen(state: State, kept: KeptCounts, *reaches: Reach) -> list[int]:
    with state.read() as connection:
        return [kept.of(connection, counted, one) for one in reaches]


def put(state: State, name: str, branch: str) -> None:
    with state.write() as connection:
        agreements.put(connection, name, Area(faskes=name, cabang=branch), FACTS, NOW)


def test_nobody_is_told_what_another_reach_was_told(state: State) -> None:
    kept = KeptCounts(most=9)
    put(state, "A", "0901")
    nobody = Reach(frozenset())
    for _ in range(2):
        assert seen(state, kept, EVERYWHERE, HERE, THERE, nobody) == [1, 1, 0, 0]


def test_it_is_asked_once_until_something_changes(state: State) -> None:
    kept = KeptCounts(most=9)
    ASKED.clear()
    for _ in range(3):
        assert seen(state, kept, HERE) == [0]
    assert ASKED[HERE] == 1
    put(state, "A", "0901")
    for _ in range(3):
        assert seen(state, kept, HERE) == [1]
    assert ASKED[HERE] == 2


def test_what_another_server_changes_is_told_at_once(
    state: State, place: Place, tmp_path: Path
) -> None:
    kept = KeptCounts(most=9)
    other = open_state(tmp_path, read_address(place.address, place.password))
    try:
        for count, name in enumerate("ABC"):
            assert seen(state, kept, HERE, THERE) == [count, 0]
            put(other, name, "0901")
            assert seen(other, KeptCounts(most=9), HERE) == [count + 1]
        assert seen(state, kept, HERE, EVERYWHERE) == [3, 3]
    finally:
        other.close()


def test_those_asked_for_last_stay(state: State) -> None:
    kept = KeptCounts(most=2)
    ASKED.clear()
    seen(state, kept, HERE, THERE, HERE, EVERYWHERE, HERE, THERE)
    assert (ASKED[HERE], ASKED[THERE], ASKED[EVERYWHERE]) == (1, 2, 1)
