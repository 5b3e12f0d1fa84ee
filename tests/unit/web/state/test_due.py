"""Lists sort and count by the nearest day on which somebody must act."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from pks_kit.ledger.agreements import AgreementStage
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.scope import Area, Reach, Scope
from pks_kit.web.state import agreements, due
from pks_kit.web.state.agreements import AgreementOrder
from pks_kit.web.state.database import State
from pks_kit.web.state.tables import perjanjian

NOW = system_clock()
OFFICE = Reach(frozenset({Scope("pusat")}))
END, BACK = date(2027, 12, 31), date(2026, 12, 18)
WAITS = AgreementStage.DITANDATANGANI_BPJS


@pytest.fixture
def three(state: State) -> State:
    facts = dict.fromkeys(
        ("nomor_kesatu", "nomor_kedua", "jenis", "cara_kontrak", "terbit", "resi", "data"), "x"
    )
    for id_, name in (("1", "Klinik C"), ("2", "Klinik B"), ("3", "Klinik A")):
        told = facts | {
            "nama": name, "mulai": "2027-01-01", "selesai": END.isoformat(), "halaman": 1,
        }  # fmt: skip
        with state.write() as connection:
            agreements.put(connection, id_, Area(faskes=name, cabang="0901"), told, NOW)
    return state


def listed(state: State, **more: object) -> list[str]:
    asked = {
        "words": "", "states": (), "due_before": None, "back_on": None, "skip": 0, "most": 9,
        "by": AgreementOrder("tenggat", falling=False),
    } | more  # fmt: skip
    with state.read() as connection:
        return [one.nama[-1] for one in agreements.page_of(connection, OFFICE, **asked)]  # type: ignore[arg-type]


def test_equal_days_come_by_name_and_a_day_of_return_comes_before_the_end(three: State) -> None:
    assert listed(three) == ["A", "B", "C"]
    with three.write() as connection:
        due.asked_back(connection, {"1": BACK}, NOW)
        agreements.moved(connection, "1", WAITS, NOW)
        agreements.moved(connection, "2", WAITS, NOW)
    assert listed(three) == ["C", "A", "B"]
    assert listed(three, due_before=date(2027, 2, 1)) == ["C"]
    assert listed(three, back_on=BACK) == ["C"]
    with three.read() as connection:
        assert agreements.due(connection, OFFICE, due_before=date(2027, 2, 1)) == 1
        assert due.returning_by_day(connection, OFFICE) == {BACK: 1}
        one = agreements.find(connection, "1", OFFICE)
        assert one is not None
        assert one.kembali_sampai == BACK


@pytest.mark.parametrize("stage", [one for one in due.NOT_AWAITED if not due.is_ours(one)])
@pytest.mark.parametrize("told_first", [True, False])
def test_what_is_not_awaited_any_more_is_due_at_its_end(
    three: State, stage: AgreementStage, told_first: bool
) -> None:
    with three.write() as connection:
        if told_first:
            due.asked_back(connection, {"1": BACK}, NOW)
            agreements.moved(connection, "1", WAITS, NOW)
        agreements.moved(connection, "1", stage, NOW)
        due.asked_back(connection, {"1": BACK}, NOW)
        assert due.returning_by_day(connection, OFFICE) == {}
        assert connection.execute(
            select(perjanjian.c.tenggat).where(perjanjian.c.id == "1")
        ).scalar_one() == END.isoformat()  # fmt: skip
        one = agreements.find(connection, "1", OFFICE)
        assert one is not None
        assert one.kembali_sampai is None


def test_a_later_letter_moves_the_day_and_one_after_the_end_does_not(three: State) -> None:
    with three.write() as connection:
        agreements.moved(connection, "1", WAITS, NOW)
        for day, wanted in (
            (BACK, BACK),
            (date(2027, 1, 8), date(2027, 1, 8)),
            (date(2028, 1, 7), END),
        ):
            due.asked_back(connection, {"1": day}, NOW)
            asked = select(perjanjian.c.tenggat).where(perjanjian.c.id == "1")
            assert connection.execute(asked).scalar_one() == wanted.isoformat()


PEN = AgreementStage.KERTAS_MENUNGGU_BPJS
EARLY = datetime(2026, 12, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "now", "wanted"),
    [
        (None, EARLY, "2026-12-31"),
        (BACK, EARLY, "2026-12-18"),
        (date(2026, 12, 1), EARLY, "2026-12-31"),  # over when the turn comes
        (date(2027, 1, 8), EARLY, "2026-12-31"),  # after the term began
    ],
)
@pytest.mark.parametrize("told_first", [True, False])
def test_the_turn_of_the_branch_office_is_due_before_the_term_begins(
    three: State, told: date | None, now: datetime, wanted: str, told_first: bool
) -> None:
    """It was due at the end of the term, after 394 days, among what is done."""
    with three.write() as connection:
        for step in (told_first, not told_first):
            if not step:
                agreements.moved(connection, "1", PEN, now)
            elif told:
                due.asked_back(connection, {"1": told}, now)
        one = agreements.find(connection, "1", OFFICE)
        assert one is not None
        assert one.tenggat.isoformat() == wanted
        agreements.moved(connection, "2", AgreementStage.KERTAS_LENGKAP, now)
    assert listed(three)[0] == "C"


def test_the_day_before_a_term_that_begins_on_a_monday_is_a_friday() -> None:
    told = {"back": "", "end": "2027-12-31", "now": EARLY}
    assert due.due_on(PEN, begin="2027-02-01", **told) == "2027-01-29"  # type: ignore[arg-type]
