"""Questions about many agreements are asked at once, and only within a reach."""

from __future__ import annotations

from datetime import date

import pytest

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.scope import Area, Reach, Scope
from pks_kit.web.state import agreements
from pks_kit.web.state.agreements import AgreementOrder
from pks_kit.web.state.database import State

NOW = system_clock()
OFFICE = Reach(frozenset({Scope("pusat")}))
OTHER = Reach(frozenset({Scope("cabang", "0902")}))


def put(state: State, name: str, faskes: str, mulai: str, **more: str) -> None:
    facts = dict.fromkeys(
        ("nama", "nomor_kesatu", "nomor_kedua", "jenis", "cara_kontrak", "terbit", "resi", "data"),
        "x",
    )
    told = facts | {"mulai": mulai, "selesai": "2030-12-31", "halaman": 1} | more
    with state.write() as connection:
        agreements.put(connection, name, Area(faskes=faskes, cabang="0901"), told, NOW)


def test_known_ones_are_found_among_more_than_one_question_holds(state: State) -> None:
    put(state, "A", "F1", "2027-01-01")
    put(state, "Z", "F2", "2027-01-01")
    asked = {"A", "Z", *(f"M{one}" for one in range(1200))}
    with state.read() as connection:
        assert agreements.known_of(connection, asked, OFFICE) == {"A", "Z"}
        assert agreements.known_of(connection, asked, OTHER) == frozenset()


def test_those_that_end_between_two_days_come_in_their_order_and_page_by_page(state: State) -> None:
    for name in "CAB":
        put(state, name, "F1", "2027-01-01")
    day = date(2030, 12, 31)
    with state.read() as connection:

        def found(reach: Reach, first: date, last: date, skip: int) -> list[str]:
            asked = agreements.ending_between(
                connection, reach, first=first, last=last, skip=skip, most=2
            )
            return [one.id for one in asked]

        assert found(OFFICE, day, day, 0) == ["A", "B"]
        assert found(OFFICE, day, day, 2) == ["C"]
        assert found(OFFICE, date(2031, 1, 1), date(2031, 12, 31), 0) == []
        assert found(OFFICE, date(2030, 1, 1), date(2030, 12, 30), 0) == []
        assert found(OTHER, day, day, 0) == []


def test_all_ids_within_a_reach_are_told(state: State) -> None:
    put(state, "A", "F1", "2027-01-01")
    put(state, "Z", "F2", "2027-01-01")
    with state.read() as connection:
        assert set(agreements.known_ids(connection, OFFICE)) == {"A", "Z"}
        assert agreements.known_ids(connection, OTHER) == ()
        assert sorted(agreements.joined_ids(connection, OFFICE).split(" ")) == ["A", "Z"]


def test_those_with_words_come_in_their_order_and_page_by_page(state: State) -> None:
    for number in range(6):
        put(state, f"A{number}", f"F{number}", "2027-01-01")
    put(state, "B", "G1", "2027-01-01")

    def found(reach: Reach, by: AgreementOrder, skip: int, states: tuple[str, ...]) -> list[str]:
        with state.read() as connection:
            page = agreements.page_of(
                connection, reach, words="f", states=states, by=by, skip=skip,
                most=4,
            )  # fmt: skip
        return [one.id for one in page]

    rising, falling = AgreementOrder("selesai", falling=False), AgreementOrder("faskes", True)
    assert found(OFFICE, rising, 0, ()) == ["A0", "A1", "A2", "A3"]
    assert found(OFFICE, rising, 4, ("",)) == ["A4", "A5"]
    assert found(OFFICE, falling, 0, ()) == ["A5", "A4", "A3", "A2"]
    assert found(OFFICE, falling, 0, ("TERBIT",)) == []
    assert found(OTHER, rising, 0, ()) == []


@pytest.mark.parametrize("words", ["klinik embun", "pratama EMBUN"])
def test_a_facility_is_found_by_its_printed_name_and_by_that_of_the_data(
    state: State, words: str
) -> None:
    names = {"nama": "Klinik Pratama Embun", "sebutan": "Klinik Embun"}
    put(state, "A", "F1", "2027-01-01", **names)
    put(state, "B", "F2", "2027-01-01")
    by = AgreementOrder("nama", falling=False)
    with state.read() as connection:
        found = agreements.page_of(
            connection, OFFICE, words=words, states=(), by=by, skip=0, most=4
        )
        for_api = agreements.listed(
            connection, OFFICE, words=words, tahap="", ends_before=None, before="", most=4
        )
    assert [one.nama for one in found] == [one.nama for one in for_api] == [names["nama"]]
