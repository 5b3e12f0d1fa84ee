"""Prolanis activities: docs/sumber.md 11.3 and the limits of participants."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pks_kit.errors import UsageError
from pks_kit.rules.computed.prolanis import prolanis_budget
from pks_kit.rules.computed.values import computed_values
from pks_kit.rules.law.parameters import load_parameters
from support.sample import changed

ATURAN = load_parameters().resolve_all(date(2024, 1, 1))


@pytest.mark.parametrize(
    ("kegiatan", "cara", "peserta", "rupiah"),
    [
        ("edukasi", "luring", 20, 760_000),
        ("edukasi", "luring", 15, 695_000),
        ("edukasi", "luring", 30, 890_000),
        ("aktivitas", "luring", 15, 395_000),
        ("aktivitas", "luring", 30, 590_000),
        ("edukasi", "daring", 15, 500_000),
        ("edukasi", "daring", 30, 500_000),
        ("aktivitas", "daring", 22, 200_000),
    ],
)
def test_budget(kegiatan: Any, cara: Any, peserta: int, rupiah: int) -> None:
    found = prolanis_budget(kegiatan, cara, peserta, ATURAN)
    assert found.maksimum == rupiah
    assert found.honor + found.biaya_peserta == rupiah


@pytest.mark.parametrize("peserta", [0, 14, 31])
@pytest.mark.parametrize("cara", ["luring", "daring"])
def test_not_payable_as_stated(peserta: int, cara: Any) -> None:
    with pytest.raises(UsageError) as caught:
        prolanis_budget("edukasi", cara, peserta, ATURAN)
    assert caught.value.code == "rules.prolanis_participants"
    assert str(peserta) in caught.value.text.id
    assert "15" in caught.value.text.id
    assert "30" in caught.value.text.id


def test_maxima_are_exactly_the_full_group() -> None:
    for kegiatan in ("edukasi", "aktivitas"):
        most = ATURAN.whole("prolanis.peserta_maksimum") * ATURAN.whole("prolanis.per_peserta")
        assert ATURAN.whole(f"prolanis.{kegiatan}.maksimum_luring") == most + ATURAN.whole(
            f"prolanis.{kegiatan}.honor"
        )


def test_budget_says_how() -> None:
    assert prolanis_budget("edukasi", "luring", 20, ATURAN).penjelasan == (
        "Honor narasumber Rp500.000,00 ditambah 20 (dua puluh) peserta dikali Rp13.000,00, paling "
        "tinggi Rp760.000,00."
    )


def test_clubs_of_the_contract() -> None:
    clubs = [{"nama": "Klub A", "peserta_kegiatan": 20}, {"nama": "Klub B", "peserta_kegiatan": 14}]
    first, second = computed_values(changed(klub_prolanis=clubs), ATURAN)["prolanis"]
    amounts = [(row["kegiatan"], row["cara"], row["maksimum"]) for row in first["anggaran"]]
    assert amounts == [
        ("edukasi", "luring", 760_000),
        ("edukasi", "daring", 500_000),
        ("aktivitas", "luring", 460_000),
        ("aktivitas", "daring", 200_000),
    ]
    assert second["anggaran"] == []
