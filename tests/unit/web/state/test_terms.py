"""Terms of a facility are found for many agreements at once, and only within a reach."""

from __future__ import annotations

from datetime import date

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.scope import Area, Reach, Scope
from pks_kit.web.state import agreements, terms
from pks_kit.web.state.database import State

NOW = system_clock()
OFFICE = Reach(frozenset({Scope("pusat")}))
OTHER = Reach(frozenset({Scope("cabang", "0902")}))


def put(state: State, name: str, faskes: str, mulai: str) -> None:
    facts = dict.fromkeys(
        ("nama", "nomor_kesatu", "nomor_kedua", "jenis", "cara_kontrak", "terbit", "resi", "data"),
        "x",
    )
    told = facts | {"data": f"data {name}", "mulai": mulai, "selesai": "2030-12-31", "halaman": 1}
    with state.write() as connection:
        agreements.put(connection, name, Area(faskes=faskes, cabang="0901"), told, NOW)


def test_the_term_that_begins_last_is_found_for_each_facility(state: State) -> None:
    for name, faskes, mulai in (
        ("A", "F1", "2027-01-01"),
        ("B", "F1", "2028-01-01"),
        ("C", "F2", "2027-01-01"),
    ):
        put(state, name, faskes, mulai)
    with state.read() as connection:
        found = terms.latest_begin(connection, OFFICE, {"F1", "F2", "F3"})
        assert terms.latest_begin(connection, OTHER, {"F1"}) == {}
    assert found == {"F1": date(2028, 1, 1), "F2": date(2027, 1, 1)}


def test_the_data_of_the_term_before_are_found_within_the_reach(state: State) -> None:
    for name, faskes, mulai in (
        ("A", "F1", "2026-01-01"),
        ("B", "F1", "2027-01-01"),
        ("C", "F1", "2028-01-01"),
        ("D", "F1", "2028-01-01"),
        ("E", "F2", "2027-01-01"),
    ):
        put(state, name, faskes, mulai)
    with state.read() as connection:
        every = [
            one
            for name in "ABCDE"
            if (one := agreements.find(connection, name, OFFICE)) is not None
        ]
        found = terms.data_before(connection, OFFICE, every)
        assert terms.data_before(connection, OTHER, every) == {}
        alone = {one.id: agreements.before(connection, one, OFFICE) for one in every}
    assert found == {"B": "data A", "C": "data B", "D": "data B"}
    assert found == {name: one.data for name, one in alone.items() if one is not None}
