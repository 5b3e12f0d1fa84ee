"""Meterai are counted from what is new in the ledger alone, and anew from another ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pks_kit.ledger import kinds
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.ledger.store import open_ledger
from pks_kit.web.work.meterai_counts import MeteraiCounts
from support.ledger_events import SHA, WAKTU, facts


def bought(ledger: SqlLedger, perjanjian: str, sn: str) -> None:
    told(ledger, perjanjian, kinds.METERAI_NIAT, ke=1)
    told(ledger, perjanjian, kinds.METERAI_TERBIT, sn=sn)


def told(ledger: SqlLedger, perjanjian: str, jenis: str, **changed: Any) -> None:
    isi = facts(jenis, **{"kunci": f"K-{perjanjian}"} | changed)
    ledger.append(perjanjian, jenis, isi, waktu=WAKTU)


def figures(counts: MeteraiCounts, ledger: SqlLedger) -> dict[str, tuple[int, int, int]]:
    return {
        name: (one.bought, one.stamped, one.open) for name, one in counts.counted(ledger).items()
    }


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path / "satu.sqlite") as found:
        yield found


def test_what_is_known_is_not_read_again(
    opened: SqlLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, (first, second) = MeteraiCounts(), ("A" * 26, "B" * 26)
    assert figures(counts, opened) == {}
    bought(opened, first, "SN1")
    bought(opened, second, "SN2")
    assert figures(counts, opened) == {first: (1, 0, 1), second: (1, 0, 1)}

    told(opened, first, kinds.METERAI_BUBUH, sn="SN1")
    told(opened, first, kinds.METERAI_TERBUBUH, sn="SN1", sesudah_sha256=SHA)
    asked: list[str | None] = []
    events = opened.events
    monkeypatch.setattr(opened, "events", lambda one=None: (asked.append(one), events(one))[1])
    assert figures(counts, opened) == {first: (1, 1, 0), second: (1, 0, 1)}
    assert figures(counts, opened) == {first: (1, 1, 0), second: (1, 0, 1)}
    assert asked == [first]


def test_another_ledger_in_its_place_is_read_from_the_beginning(
    opened: SqlLedger, tmp_path: Path
) -> None:
    counts, (first, second) = MeteraiCounts(), ("A" * 26, "B" * 26)
    bought(opened, first, "SN1")
    assert figures(counts, opened) == {first: (1, 0, 1)}
    with open_ledger(tmp_path / "dua.sqlite") as other:
        bought(other, second, "SN2")
        assert figures(counts, other) == {second: (1, 0, 1)}
        bought(other, second, "SN3")
    with open_ledger(tmp_path / "tiga.sqlite") as longer:
        for name in (first, second, "C" * 26):
            bought(longer, name, f"SN-{name}")
        assert len(figures(counts, longer)) == 3
