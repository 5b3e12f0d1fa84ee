"""Purchases as events tell them: nothing open is overlooked, nothing bought is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.json_form import to_json
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event
from pks_kit.ledger.purchases import PurchaseState, find_purchase, open_purchases, purchases
from pks_kit.ledger.sums import sums
from support.ledger_events import SHA, WAKTU, facts

Step = tuple[str, dict[str, Any]]
NIAT: Step = (kinds.METERAI_NIAT, {"ke": 1})
NIAT_2: Step = (kinds.METERAI_NIAT, {"ke": 2})
TERBIT: Step = (kinds.METERAI_TERBIT, {"sn": "SN1"})
GAGAL: Step = (kinds.METERAI_GAGAL, {"ke": 1})
BELI: Step = (kinds.METERAI_TIDAK_PASTI, {"tahap": "beli"})
LOST: Step = (kinds.METERAI_TIDAK_PASTI, {"tahap": "bubuh"})
BUBUH: Step = (kinds.METERAI_BUBUH, {"sn": "SN1"})
TERBUBUH: Step = (kinds.METERAI_TERBUBUH, {"sn": "SN1", "sesudah_sha256": SHA})
LEPAS: Step = (kinds.METERAI_LEPAS, {"ke": 1})


def told(*steps: Step, kunci: str = "K1") -> list[Event]:
    return [
        Event(
            nomor=number, waktu=WAKTU, perjanjian="A", jenis=jenis,
            isi=facts(jenis, **{"kunci": kunci} | changes), unik=None, hash_sebelum="", hash="",
        )
        for number, (jenis, changes) in enumerate(steps, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "state", "is_open", "sn"),
    [
        ([NIAT], "intended", True, None),
        ([NIAT, GAGAL], "failed", False, None),
        ([NIAT, BELI], "unknown", True, None),
        ([NIAT, BELI, GAGAL], "failed", False, None),
        ([NIAT, BELI, TERBIT], "issued", True, "SN1"),
        ([NIAT, BELI, LEPAS], "released", False, None),
        ([NIAT, TERBIT], "issued", True, "SN1"),
        ([NIAT, TERBIT, BUBUH], "stamping", True, "SN1"),
        ([NIAT, TERBIT, BUBUH, LOST], "unknown", True, "SN1"),
        ([NIAT, TERBIT, BUBUH, LOST, BUBUH], "stamping", True, "SN1"),
        ([NIAT, TERBIT, BUBUH, TERBUBUH], "stamped", False, "SN1"),
        ([NIAT, TERBIT, BUBUH, LOST, TERBUBUH], "stamped", False, "SN1"),
        ([NIAT, TERBIT, LEPAS], "released", False, "SN1"),
        ([NIAT, BELI, LEPAS, TERBIT], "issued", True, "SN1"),  # the answer came late
    ],
)
def test_states(steps: list[Step], state: str, is_open: bool, sn: str | None) -> None:
    events = told(*steps)
    found = find_purchase(events, "K1")
    assert found is not None
    assert (str(found.keadaan), found.is_open, found.sn) == (state, is_open, sn)
    assert found.nomor == len(steps)
    assert found.janggal == ()
    assert open_purchases(events) == ((found,) if is_open else ())
    assert to_json(found)["open"] is is_open
    assert "gambar_b64" not in to_json(found)
    assert (found.gambar_b64 is None) is (TERBIT not in steps)


def test_unknown_says_which_answer_was_lost() -> None:
    for step, stage in ((BELI, "beli"), (LOST, "bubuh")):
        found = find_purchase(told(NIAT, TERBIT, step), "K1")
        assert found is not None
        assert found.tahap == stage


def test_next_attempt_after_refusal_and_release() -> None:
    for closed in (GAGAL, LEPAS):
        events = told(NIAT, closed, NIAT_2, TERBIT)
        assert [str(one.keadaan) for one in purchases(events)][1:] == ["issued"]
        found = find_purchase(events, "K1")
        assert found is not None
        assert (found.ke, found.sn, found.janggal) == (2, "SN1", ())


def test_nothing_intended() -> None:
    assert find_purchase([], "K1") is None
    assert find_purchase(told(NIAT), "K2") is None
    assert purchases(told(NIAT)[:0]) == ()


@pytest.mark.parametrize(
    ("steps", "odd"),
    [
        ([NIAT, NIAT_2], (2,)),
        ([TERBIT], (1,)),
        ([NIAT, TERBIT, (kinds.METERAI_TERBIT, {"sn": "SN2"})], (3,)),
        ([NIAT, TERBIT, GAGAL], (3,)),
        ([NIAT, GAGAL, TERBIT], (3,)),
        ([NIAT, TERBIT, TERBUBUH, GAGAL], (4,)),
        ([NIAT, BUBUH], (2,)),
    ],
)
def test_what_does_not_fit_is_marked_and_loses_nothing(
    steps: list[Step], odd: tuple[int, ...]
) -> None:
    events = told(*steps)
    marks = tuple(number for one in purchases(events) for number in one.janggal)
    assert marks == odd
    bought = {event.isi["sn"] for event in events if event.jenis == kinds.METERAI_TERBIT}
    assert sums(events, 1).bought == len(bought)


def test_an_open_attempt_wins() -> None:
    found = find_purchase(told(NIAT, NIAT_2, (kinds.METERAI_GAGAL, {"ke": 2})), "K1")
    assert found is not None
    assert (found.ke, found.is_open) == (1, True)


def test_sums() -> None:
    events = [
        *told(NIAT, TERBIT, BUBUH, TERBUBUH),
        *told(NIAT, (kinds.METERAI_TERBIT, {"sn": "SN2"}), kunci="K2"),
        *told(NIAT, BELI, kunci="K3"),
        *told(NIAT, kunci="K4"),
        *told(NIAT, GAGAL, kunci="K5"),
        *told(NIAT, (kinds.METERAI_TERBIT, {"sn": "SN6"}), LEPAS, kunci="K6"),
    ]
    assert to_json(sums(events, 10_000)) == {
        "bought": 3,
        "stamped": 1,
        "unused": 2,
        "unknown": 2,
        "rupiah": 30_000,
        "rupiah_unused": 20_000,
    }


STEPS = st.lists(
    st.tuples(
        st.sampled_from([NIAT, NIAT_2, TERBIT, GAGAL, BELI, LOST, BUBUH, TERBUBUH, LEPAS]),
        st.sampled_from(["K1", "K2"]),
        st.sampled_from(["SN1", "SN2"]),
    ),
    max_size=14,
)


@given(STEPS)
def test_any_history_can_be_read(steps: list[tuple[Step, str, str]]) -> None:
    events = []
    for number, ((jenis, changes), kunci, sn) in enumerate(steps, 1):
        isi = facts(jenis, **changes) | {"kunci": kunci}
        isi |= {"sn": sn} if "sn" in isi else {}
        events.append(
            Event(
                nomor=number, waktu=WAKTU, perjanjian="A", jenis=jenis, isi=isi, unik=None,
                hash_sebelum="", hash="",
            )
        )  # fmt: skip
    total = sums(events, 7)
    assert total.bought == total.stamped + total.unused
    assert total.rupiah == 7 * total.bought
    for one in purchases(events):
        assert one.is_open is (str(one.keadaan) not in ("stamped", "failed", "released"))
        if one.keadaan is PurchaseState.TERBUBUH:
            assert one.sn is not None
        if one.keadaan is PurchaseState.GAGAL:
            assert one.sn is None
    stamped_for = {event.isi["kunci"] for event in events if event.jenis == kinds.METERAI_TERBUBUH}
    for kunci in {event.isi["kunci"] for event in events} - stamped_for:
        bought = any(
            event.jenis == kinds.METERAI_TERBIT and event.isi["kunci"] == kunci for event in events
        )
        found = find_purchase(events, kunci)
        assert found is not None
        if bought and found.keadaan is PurchaseState.GAGAL:
            assert any(one.sn for one in purchases(events) if one.kunci == kunci)
