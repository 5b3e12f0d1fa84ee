"""States of agreements: every way that docs/sumber.md 2.2 has, and none besides."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pks_kit.errors import LedgerError
from pks_kit.ledger import kinds
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.ledger.states import (
    AgreementStage,
    Metode,
    check_transition,
    current_state,
    history,
    record_state,
)
from support.ledger_events import PERJANJIAN, SHA, WAKTU, facts

DIGITAL = tuple(AgreementStage)
BPJS, FASKES = AgreementStage.DITANDATANGANI_BPJS, AgreementStage.DITANDATANGANI_FASKES
UP_TO_SENT = DIGITAL[:4]
ROADS: list[tuple[Metode, tuple[AgreementStage, ...]]] = [
    ("digital", DIGITAL),
    ("digital", (*DIGITAL[:8], FASKES, AgreementStage.DIUNGGAH, AgreementStage.HARDCOPY_DIKIRIM)),
    ("digital", (*DIGITAL[:3], *DIGITAL)),
    ("elektronik", (*UP_TO_SENT, BPJS, FASKES)),
    ("elektronik", (*UP_TO_SENT, BPJS, AgreementStage.DIUNDUH, FASKES)),
    ("manual", (*UP_TO_SENT, AgreementStage.DIUNDUH, FASKES, BPJS, AgreementStage.DIUNGGAH)),
    (
        "manual",
        (
            *UP_TO_SENT,
            AgreementStage.DIUNDUH,
            BPJS,
            FASKES,
            AgreementStage.DIUNGGAH,
            AgreementStage.HARDCOPY_DIKIRIM,
        ),
    ),
]


@pytest.mark.parametrize(("metode", "road"), ROADS)
def test_known_roads(metode: Metode, road: tuple[AgreementStage, ...]) -> None:
    for place in range(1, len(road)):
        check_transition(road[:place], road[place], metode)


@pytest.mark.parametrize("ke", list(AgreementStage))
@pytest.mark.parametrize("place", range(len(DIGITAL)))
def test_digital_has_no_other_road(place: int, ke: AgreementStage) -> None:
    passed = DIGITAL[: place + 1]
    allowed = {(one, other) for one, other in pairwise(DIGITAL)} | {
        (AgreementStage.METODE_DISETUJUI, AgreementStage.METODE_BELUM_DIPILIH),
        (AgreementStage.DRAFT_TERISI, AgreementStage.METODE_BELUM_DIPILIH),
        (AgreementStage.DIUNGGAH, FASKES),
    }
    if (passed[-1], ke) in allowed:
        check_transition(passed, ke, "digital")
        return
    with pytest.raises(LedgerError) as caught:
        check_transition(passed, ke, "digital", perjanjian=PERJANJIAN)
    assert caught.value.code == "ledger.bad_transition"
    assert str(passed[-1]) in str(caught.value)
    assert str(ke) in str(caught.value)


@pytest.mark.parametrize("metode", ["digital", "elektronik"])
def test_facility_never_signs_before_bpjs(metode: Metode) -> None:
    for passed in (UP_TO_SENT, (*UP_TO_SENT, AgreementStage.DIUNDUH)):
        with pytest.raises(LedgerError):
            check_transition(passed, FASKES, metode)


@pytest.mark.parametrize("metode", ["digital", "manual", "elektronik"])
def test_unsigned_or_half_signed_draft_is_never_uploaded(metode: Metode) -> None:
    roads = [UP_TO_SENT, (*UP_TO_SENT, AgreementStage.DIUNDUH), (*UP_TO_SENT, BPJS)]
    roads += [
        (*UP_TO_SENT, BPJS, AgreementStage.DIUNDUH),
        (*UP_TO_SENT, AgreementStage.DIUNDUH, FASKES),
    ]
    roads += [(*UP_TO_SENT, BPJS, FASKES, *UP_TO_SENT, AgreementStage.DIUNDUH, FASKES)]
    for passed in roads:
        with pytest.raises(LedgerError):
            check_transition(passed, AgreementStage.DIUNGGAH, metode)


def test_unknown_state() -> None:
    with pytest.raises(LedgerError) as caught:
        check_transition(UP_TO_SENT, "SELESAI", "digital")
    assert "SELESAI" in str(caught.value)


def test_states_in_a_ledger(ledger: SqlLedger) -> None:
    assert current_state(ledger.events(PERJANJIAN)) is AgreementStage.METODE_BELUM_DIPILIH
    for ke in DIGITAL[1:5]:
        record_state(ledger, PERJANJIAN, ke, "digital", waktu=WAKTU)
    ledger.append(PERJANJIAN, kinds.TERBIT, facts(kinds.TERBIT, sha256=SHA), waktu=WAKTU)
    assert history(ledger.events(PERJANJIAN)) == DIGITAL[:5]
    with pytest.raises(LedgerError):
        record_state(ledger, PERJANJIAN, AgreementStage.DIUNGGAH, "digital", waktu=WAKTU)
    assert current_state(ledger.events(PERJANJIAN)) is BPJS


def test_second_mover_is_refused(ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both read the same history; the database decides."""
    stale = ledger.events(PERJANJIAN)
    record_state(ledger, PERJANJIAN, AgreementStage.METODE_DISETUJUI, "digital", waktu=WAKTU)
    monkeypatch.setattr(ledger, "events", lambda *_: stale)
    with pytest.raises(LedgerError) as caught:
        record_state(ledger, PERJANJIAN, AgreementStage.METODE_DISETUJUI, "digital", waktu=WAKTU)
    assert caught.value.code == "ledger.not_unique"


@pytest.mark.parametrize(
    ("dari", "ke"), [("DIUNDUH", "DIUNGGAH"), ("METODE_BELUM_DIPILIH", "TIDAK_ADA")]
)
def test_history_that_does_not_follow(ledger: SqlLedger, dari: str, ke: str) -> None:
    ledger.append(PERJANJIAN, kinds.KEADAAN, {"dari": dari, "ke": ke}, waktu=WAKTU)
    with pytest.raises(LedgerError) as caught:
        current_state(ledger.events(PERJANJIAN))
    assert caught.value.code == "ledger.bad_state"
    assert ke in str(caught.value)
