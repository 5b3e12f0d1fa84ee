"""ANC with USG (docs/sumber.md 6.10), the 17 default services (6.9) and PNC windows (5.6, 11.5)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from pks_kit.domain.kontrak import Kontrak
from pks_kit.rules.computed.layanan import anc_usg_eligibility, default_services
from pks_kit.rules.computed.nifas import postnatal_windows
from pks_kit.rules.computed.values import computed_values
from pks_kit.rules.law.parameters import load_parameters
from support.sample import changed, sample

ATURAN = load_parameters().resolve_all(date(2024, 1, 1))


def doctor(year: int | None, *, certificate: bool = False, **more: Any) -> Any:
    return {
        "kunci": "d",
        "nama": "dr. Contoh",
        "nik": "9901010101800001",
        "profesi": "dokter",
        "sip": {"nomor": "1", "berlaku_sampai": "2028-01-01"},
        "tahun_lulus": year,
        "sertifikat_usg": certificate,
    } | more


def with_staff(*people: Any, usg: bool = True, **more: Any) -> Kontrak:
    return changed(tenaga_kesehatan=list(people), faskes__memiliki_usg=usg, **more)


@pytest.mark.parametrize(
    ("people", "usg", "fits"),
    [
        ([doctor(2012)], True, True),
        ([doctor(2013)], True, True),
        ([doctor(2011)], True, False),
        ([doctor(2011, certificate=True)], True, True),
        ([doctor(2012)], False, False),
        ([doctor(2011, certificate=True)], False, False),
        ([doctor(None)], True, False),
        ([doctor(None, certificate=True)], True, True),
        ([doctor(2015, spesialis=True)], True, False),
        ([doctor(2015, sip={"nomor": "1", "berlaku_sampai": "2023-12-31"})], True, False),
        ([doctor(2015, sip={"nomor": "1", "berlaku_sampai": "2024-01-01"})], True, True),
        ([doctor(2015, profesi="bidan", certificate=True)], True, False),
        ([doctor(2005), doctor(2014, kunci="e", nik="9901010101800002")], True, True),
    ],
)
def test_anc_usg(people: list[Any], usg: bool, fits: bool) -> None:
    found = anc_usg_eligibility(with_staff(*people, usg=usg), ATURAN)
    assert found.memenuhi is fits
    assert found.penjelasan.startswith("Alat USG tersedia" if fits else "Belum memenuhi")


def test_anc_usg_names_all_that_is_missing() -> None:
    found = anc_usg_eligibility(with_staff(doctor(2011), usg=False), ATURAN)
    assert found.penjelasan == (
        "Belum memenuhi: alat USG tidak tersedia; tidak ada dokter umum yang lulus tahun 2012 atau "
        "sesudahnya atau bersertifikat pelatihan USG."
    )


MIDWIFE = doctor(None, profesi="bidan", kunci="b", nik="9901014101800003")
DENTIST = doctor(None, profesi="dokter_gigi", kunci="g", nik="9901014101800004")
OF_MIDWIFE = {
    *("persalinan_bidan", "anc", "kb_iud_implan", "kb_suntik", "kb_komplikasi", "pnc"),
    "prarujukan",
}


def active(kontrak: Kontrak) -> set[str]:
    return {row.kode for row in default_services(kontrak, ATURAN) if row.aktif}


@pytest.mark.parametrize(
    ("kontrak", "expected"),
    [
        (with_staff(doctor(2000), faskes__rawat_inap=False), set()),
        (with_staff(doctor(2000), MIDWIFE, faskes__rawat_inap=False), OF_MIDWIFE),
        (
            with_staff(doctor(2000), MIDWIFE | {"bidan_jejaring": True}, faskes__rawat_inap=False),
            set(),
        ),
        (with_staff(doctor(2000), faskes__rawat_inap=True), {"rawat_inap"}),
        (with_staff(doctor(2000), DENTIST, faskes__rawat_inap=False), {"protesa_gigi"}),
        (
            with_staff(DENTIST, faskes__rawat_inap=False, faskes__jenis="tpmdg"),
            {"protesa_gigi"},
        ),
        (with_staff(doctor(2012), faskes__rawat_inap=False), {"anc_usg"}),
        (
            with_staff(
                doctor(2000),
                faskes__rawat_inap=False,
                faskes__jenis="puskesmas_blud",
                faskes__poned=True,
            ),
            {"persalinan_poned", "pasca_persalinan"},
        ),
        # PONED is a flag of puskesmas only
        (with_staff(doctor(2000), faskes__rawat_inap=False, faskes__poned=True), set()),
    ],
)
def test_default_services(kontrak: Kontrak, expected: set[str]) -> None:
    assert active(kontrak) == expected


def test_all_rows_of_hfis_in_order() -> None:
    rows = default_services(sample(), ATURAN)
    assert [row.nomor for row in rows] == list(range(1, 18))
    assert len({row.kode for row in rows}) == 17
    assert rows[0].nama == "Persalinan pervaginam dengan tindakan emergensi dasar"
    assert rows[10].nama == "Rawat inap di ruang perawatan biasa"
    assert rows[16].nama == "ANC dengan USG"


def test_postnatal_windows() -> None:
    """The first begins six hours after the delivery; the newborn has no fourth."""
    found = [
        (one.nomor, one.mulai, one.mulai_jam, one.sampai, one.untuk_bayi)
        for one in postnatal_windows(ATURAN)
    ]
    assert found == [
        (1, 0, 6, 2, True),
        (2, 3, None, 7, True),
        (3, 8, None, 28, True),
        (4, 29, None, 42, False),
    ]


def test_windows_leave_no_day_out() -> None:
    windows = postnatal_windows(ATURAN)
    assert [window.nomor for window in windows] == [1, 2, 3, 4]
    for earlier, later in pairwise(windows):
        assert later.mulai == earlier.sampai + 1


def test_computed_values_are_plain() -> None:
    def plain(value: Any) -> bool:
        if isinstance(value, dict):
            return all(plain(inner) for inner in value.values())
        if isinstance(value, list):
            return all(plain(inner) for inner in value)
        return not isinstance(value, tuple) and not hasattr(value, "__dataclass_fields__")

    values = computed_values(sample(), ATURAN)
    assert plain(values)
    assert {"kapitasi", "rawat_inap", "anc_usg", "layanan", "nifas", "prolanis"} <= set(values)
