"""The consent to a contract method: written down once, and told by the state of the agreement."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pks_kit.domain.identitas import agreement_id
from pks_kit.errors import LedgerError
from pks_kit.inputs import load_kontrak
from pks_kit.ledger import kinds
from pks_kit.ledger.agreements import AgreementProgress, agreements
from pks_kit.ledger.store import SqlLedger, open_ledger
from pks_kit.pipelines.letter import LetterDraftRequest, LetterDraftResult, letter_draft
from pks_kit.policy.signing_profile import load_profile, profile_names
from pks_kit.resources import letter_sample, samples_root, signing_root
from support.ledger_events import SHA, WAKTU, facts

PROFILES = [load_profile(signing_root(), name) for name in profile_names(signing_root())]
NOW = datetime(2023, 12, 7, 4, tzinfo=UTC)
KONTRAK = load_kontrak(samples_root() / "puskesmas-blud.yml").kontrak
AGREEMENT = agreement_id(KONTRAK)


def draft(kind: str, ledger: SqlLedger | Path) -> LetterDraftResult:
    return letter_draft(
        LetterDraftRequest(
            kind=kind,
            source=letter_sample(kind),
            formats=("txt",),
            ledger=ledger,
            clock=lambda: NOW,
        )
    )


def told(ledger: SqlLedger) -> AgreementProgress:
    (one,) = agreements(ledger.events(), PROFILES)
    return one


def test_the_letter_writes_its_consent_down_once(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        first, again = (draft("persetujuan-cara-kontrak", ledger) for _ in range(2))
        (event,) = ledger.events()
        assert first.event == again.event == event.nomor == 1
        assert (event.perjanjian, event.jenis, event.waktu) == (AGREEMENT, "metode.setuju", NOW)
        assert event.isi == {
            "metode": "elektronik",
            "oleh": "dr. Laksmi Contohdewi, M.K.M.",
            "surat": first.letter_id,
            "data_sha256": load_kontrak(samples_root() / "puskesmas-blud.yml").sha256,
            "tanggal": "2023-12-07",
            "nomor_surat": "440/077/PKM-BR/2023",
            "nama_kedua": KONTRAK.pihak_kedua.nama_faskes,
        }
        one = told(ledger)
    assert (one.tahap, one.metode) == ("METODE_DISETUJUI", "elektronik")
    assert one.name == KONTRAK.pihak_kedua.nama_faskes
    assert [step.jenis for step in one.kurang][:2] == ["tanda_tangan", "meterai"]


def test_other_letters_write_nothing(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        assert draft("teguran", ledger).event is None
        assert ledger.events() == ()


def test_a_ledger_that_is_not_there_lets_no_letter_out(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        draft("persetujuan-cara-kontrak", tmp_path / "none.sqlite")
    assert caught.value.code == "ledger.not_found"


def test_what_was_issued_or_bought_tells_more_than_the_consent(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        draft("persetujuan-cara-kontrak", ledger)
        ledger.append(AGREEMENT, kinds.METERAI_TERBIT, facts(kinds.METERAI_TERBIT), waktu=WAKTU)
        assert told(ledger).tahap == "HANYA_METERAI"
        issued = {"file": "a.pdf", "sha256": SHA, "size": 1}
        ledger.append(AGREEMENT, kinds.TERBIT, issued, waktu=WAKTU)
        described = {"metode": "digital", "profil": "digital", "nama_kedua": "Nama Baru"}
        ledger.append(AGREEMENT, kinds.PERJANJIAN, described, waktu=WAKTU)
        one = told(ledger)
    assert (one.tahap, one.metode, one.name) == ("TERBIT", "digital", "Nama Baru")
