"""A letter to one facility sets the day of return and stands in the history of its agreement."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.domain.surat import PengingatPengembalian
from pks_kit.domain.surat.dasar import BerkasPerjanjian
from pks_kit.ledger import kinds
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.web.work import letters
from pks_kit.web.work.task import Task
from support.ledger_events import PERJANJIAN, WAKTU, facts

NOW = datetime(2026, 12, 1, 5, tzinfo=UTC)


def shop(ledger: SqlLedger) -> Any:
    return SimpleNamespace(
        ledger=ledger,
        clock=lambda: NOW,
        keep_all=lambda _files: (),
        keep=lambda file, _role: file,
        read=lambda one: one,
        tell=lambda _told: None,
    )


def letter(day: date | None) -> PengingatPengembalian:
    return PengingatPengembalian(
        perjanjian=BerkasPerjanjian(berkas="a.yml"),
        nomor="1",
        tanggal=date(2026, 12, 1),
        sifat="penting",
        belum_kembali=True,
        kekurangan=("Kirim halaman 2.", "Bubuhkan paraf."),
        batas_waktu=day,
    )


@pytest.mark.parametrize("day", [date(2026, 12, 18), None])
def test_a_single_reminder_sets_the_day_and_stands_in_the_history(
    ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch, day: date | None
) -> None:
    ledger.append(PERJANJIAN, kinds.TERBIT, facts(kinds.TERBIT), waktu=WAKTU)
    monkeypatch.setattr(letters, "_request", lambda *_: SimpleNamespace(kind="x"))
    monkeypatch.setattr(letters, "letter_draft", lambda _request: SimpleNamespace(files={}))
    monkeypatch.setattr(letters, "load_letter", lambda *_: None)
    monkeypatch.setattr(letters, "to_json", lambda _result: {})
    loaded = SimpleNamespace(surat=letter(day))
    monkeypatch.setattr(letters, "read_letter", lambda *_: loaded)
    for agreement_id in (PERJANJIAN, PERJANJIAN, "", "ASING"):  # once, and of nobody unknown
        task = Task(kind="surat", isi={"perjanjian": agreement_id})
        done = letters.written(shop(ledger), task)
        assert done.kembali == ({"": day} if day else {})
    (event,) = ledger.events(jenis=kinds.SURAT_PENGINGAT)
    assert event.perjanjian == PERJANJIAN
    told = {"tanggal": "2026-12-01", "diminta": "Kirim halaman 2. Bubuhkan paraf."}
    assert event.isi == told | ({"batas": "2026-12-18"} if day else {})


def test_a_single_covering_letter_stands_in_the_history(
    ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.append(PERJANJIAN, kinds.TERBIT, facts(kinds.TERBIT), waktu=WAKTU)
    monkeypatch.setattr(letters, "CoverRequest", SimpleNamespace)
    monkeypatch.setattr(letters, "cover", lambda _request: SimpleNamespace(file="surat"))
    monkeypatch.setattr(letters, "to_json", lambda _result: {})
    isi = {
        "perjanjian": PERJANJIAN, "batas_waktu": "2026-12-20",
        "terkini": None, "resi": None, "sertakan": False,
    }  # fmt: skip
    done = letters.covered(shop(ledger), Task(kind="pengantar", isi=isi))
    assert done.kembali == {"": date(2026, 12, 18)}, "of a Sunday the working day before"
    (event,) = ledger.events(jenis=kinds.SURAT_PENGANTAR)
    assert event.isi == {"tanggal": "2026-12-01", "batas": "2026-12-18"}
