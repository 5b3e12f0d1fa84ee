"""PKBK: docs/sumber.md 11.1 and every boundary around it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.domain.sifat_faskes import SIFAT
from pks_kit.errors import UsageError
from pks_kit.rules.computed.pkbk import (
    CapaianKinerja,
    payout,
    performance_payout,
    performance_score,
)
from pks_kit.rules.law.parameters import load_parameters
from support.sample import changed

ATURAN = load_parameters().resolve_all(date(2024, 1, 1))


def achieved(
    kontak: str, rujukan: str, prolanis: str, jenis: str = "klinik_pratama"
) -> CapaianKinerja:
    rated = performance_score(
        ATURAN,
        angka_kontak=Decimal(kontak),
        rujukan_nonspesialistik=Decimal(rujukan),
        prolanis_terkendali=Decimal(prolanis),
    )
    return payout(jenis, rated, ATURAN)


@pytest.mark.parametrize(
    ("kontak", "rujukan", "prolanis", "score", "share"),
    [
        ("150", "2", "5", "4.0", 100),
        ("149", "2", "5", "3.6", 97),
        ("150", "2.1", "5", "3.5", 97),
        ("140", "3.1", "2.9", "1.0", 95),
        ("150", "2", "4.99", "3.9", 97),
        ("145", "2.5", "5", "2.7", 96),
        ("145.1", "2.5", "4", "3.0", 97),  # exactly on a band: floats give 2.9999999999999996
        ("140", "2.5", "3", "2.1", 96),
        ("140.1", "3", "3", "2.0", 96),
        ("140", "3", "5", "1.8", 95),
    ],
)
def test_score_and_payout(kontak: str, rujukan: str, prolanis: str, score: str, share: int) -> None:
    found = achieved(kontak, rujukan, prolanis)
    assert found.nilai == Decimal(score)
    assert str(found.nilai) == score
    assert found.persen == share


@pytest.mark.parametrize(
    ("indicator", "value", "rank"),
    [
        (0, "150", 4),
        (0, "149.99", 3),
        (0, "145.1", 3),
        (0, "145.01", 3),
        (0, "145", 2),
        (0, "140.01", 2),
        (0, "140", 1),
        (0, "0", 1),
        (1, "0", 4),
        (1, "2", 4),
        (1, "2.01", 3),
        (1, "2.5", 3),
        (1, "2.51", 2),
        (1, "3", 2),
        (1, "3.01", 1),
        (2, "5", 4),
        (2, "4.99", 3),
        (2, "4", 3),
        (2, "3.99", 2),
        (2, "3", 2),
        (2, "2.99", 1),
        (2, "0", 1),
    ],
)
def test_rank_at_the_boundaries(indicator: int, value: str, rank: int) -> None:
    values = ["150", "2", "5"]
    values[indicator] = value
    assert achieved(*values).indikator[indicator].peringkat == rank


@pytest.mark.parametrize("jenis", ["puskesmas_blud", "puskesmas_non_blud"])
@pytest.mark.parametrize(
    ("values", "share"),
    [
        (("150", "2", "5"), 100),
        (("149", "2", "5"), 95),
        (("145", "2.5", "5"), 90),
        (("1", "9", "1"), 85),
    ],
)
def test_payout_of_puskesmas(jenis: str, values: tuple[str, str, str], share: int) -> None:
    assert achieved(*values, jenis=jenis).persen == share


@pytest.mark.parametrize("jenis", ["rs_d_pratama", "tpmd"])
def test_payout_of_kinds_with_the_clinic_column(jenis: str) -> None:
    assert achieved("149", "2", "5", jenis=jenis).persen == 97


@pytest.mark.parametrize("jenis", ["tpmdg", "apotek"])
def test_payout_that_nobody_knows_is_refused(jenis: str) -> None:
    with pytest.raises(UsageError) as caught:
        achieved("150", "2", "5", jenis=jenis)
    assert caught.value.code == "rules.payout_unknown"


def test_explanation_can_be_followed() -> None:
    assert achieved("149.5", "2", "5").penjelasan == (
        "Angka Kontak 149,5 permil berperingkat 3, dikali bobot 40 persen sama dengan 1,2; "
        "Rasio Rujukan Non Spesialistik 2 persen berperingkat 4, dikali bobot 50 persen sama "
        "dengan 2,0; Rasio Peserta Prolanis Terkendali 5 persen berperingkat 4, dikali bobot 10 "
        "persen sama dengan 0,4. Nilai capaian seluruhnya 3,6, sehingga Kapitasi dibayar 97% "
        "(sembilan puluh tujuh persen)."
    )


def test_payout_from_contract_data() -> None:
    assert performance_payout(changed(kinerja=None), ATURAN) is None
    results = {
        "angka_kontak_permil": "149",
        "rasio_rujukan_nonspesialistik_persen": "2",
        "rasio_prolanis_terkendali_persen": "5",
    }
    found = performance_payout(changed(kinerja=results), ATURAN)
    assert found is not None
    assert (found.nilai, found.persen) == (Decimal("3.6"), 97)
    assert found.parameter == "pkbk.pembayaran.persen_3"


@pytest.mark.parametrize(
    "indicator", ["angka_kontak", "rujukan_nonspesialistik", "prolanis_terkendali"]
)
@pytest.mark.parametrize("rank", [4, 3, 2, 1])
def test_printed_values_are_weight_times_rank(indicator: str, rank: int) -> None:
    weight = Decimal(ATURAN.value(f"pkbk.{indicator}.bobot"))
    assert ATURAN.value(f"pkbk.{indicator}.nilai_{rank}") == weight / 100 * rank


def test_weights_are_the_whole() -> None:
    names = ("angka_kontak", "rujukan_nonspesialistik", "prolanis_terkendali")
    assert sum(ATURAN.whole(f"pkbk.{name}.bobot") for name in names) == 100


WITH_PAYOUT = sorted(jenis for jenis, sifat in SIFAT.items() if sifat.kolom_pkbk)
NUMBERS = st.decimals(min_value=0, max_value=1000, places=2, allow_nan=False)


@given(kontak=NUMBERS, rujukan=NUMBERS, prolanis=NUMBERS, jenis=st.sampled_from(WITH_PAYOUT))
def test_every_result_has_a_band(
    kontak: Decimal, rujukan: Decimal, prolanis: Decimal, jenis: str
) -> None:
    found = achieved(str(kontak), str(rujukan), str(prolanis), jenis)
    assert 1 <= found.nilai <= 4
    assert found.nilai == sum(one.nilai for one in found.indikator)
    assert 85 <= found.persen <= 100
