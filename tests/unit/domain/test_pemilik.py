"""Who is bound: names of owners, kinds that fit, and data without an owner."""

from __future__ import annotations

import pytest

from pks_kit.domain.pemilik import (
    SIFAT_PEMILIK,
    JenisPemilik,
    Pemilik,
    allowed_owners,
    is_personal,
    nama_pemilik,
)
from pks_kit.domain.sifat_faskes import SIFAT, JenisFaskes
from pks_kit.inputs.plain_data import canonical_bytes
from support.sample import changed_at


@pytest.mark.parametrize(
    ("jenis", "nama", "printed"),
    [
        ("pt", "Sehat Rekaan", "PT Sehat Rekaan"),
        ("pt", "PT Sehat Rekaan", "PT Sehat Rekaan"),
        ("pt", "PT. Sehat Rekaan", "PT. Sehat Rekaan"),
        ("pt", "pt Sehat", "pt Sehat"),
        ("pt", "Ptolemeus Rekaan", "PT Ptolemeus Rekaan"),
        ("perseroan_perorangan", "Sehat Sendiri", "PT Sehat Sendiri"),
        ("yayasan", "Kasih Rekaan", "Yayasan Kasih Rekaan"),
        ("koperasi", "Koperasi Sehat", "Koperasi Sehat"),
        ("cv", "CV. Maju", "CV. Maju"),
        ("firma", "Dua Sahabat", "Firma Dua Sahabat"),
        ("perorangan", "dr. Ayu", "dr. Ayu"),
        ("pemerintah_daerah", "Kabupaten Cakrawala", "Pemerintah Kabupaten Cakrawala"),
        ("pemerintah_daerah", "Pemerintah Kota Awan", "Pemerintah Kota Awan"),
        ("tni", "TNI Angkatan Laut", "TNI Angkatan Laut"),
        ("tni", "Angkatan Udara", "Tentara Nasional Indonesia Angkatan Udara"),
        ("polri", "Kepolisian Daerah Awan", "Kepolisian Daerah Awan"),
        ("instansi_pemerintah", "Kementerian Rekaan", "Kementerian Rekaan"),
    ],
)
def test_name_with_its_form_in_front_and_never_twice(
    jenis: JenisPemilik, nama: str, printed: str
) -> None:
    assert nama_pemilik(Pemilik(jenis=jenis, nama=nama, alamat="Jalan Contoh 1")) == printed


@pytest.mark.parametrize("jenis", SIFAT)
def test_every_kind_of_facility_has_an_owner_and_only_its_own(jenis: JenisFaskes) -> None:
    allowed = allowed_owners(SIFAT[jenis])
    assert allowed
    assert ("tni" in allowed) == (
        jenis not in {"klinik_pratama", "tpmd", "tpmdg"} and not SIFAT[jenis].puskesmas
    )
    assert set(allowed) <= set(SIFAT_PEMILIK)


def test_only_natural_persons_die() -> None:
    owner = Pemilik(jenis="perorangan", nama="Budi", alamat="Jalan Contoh 1")
    assert is_personal(SIFAT["klinik_pratama"], owner)
    assert is_personal(SIFAT["tpmd"], None)
    assert not is_personal(SIFAT["klinik_pratama"], None)


def test_data_without_the_new_sections_keep_their_bytes() -> None:
    bare = changed_at({"pemilik": None, "pihak_kedua.kuasa": None, "rekredensialing": []})
    written = canonical_bytes(bare)
    assert not [
        word for word in (b'"pemilik"', b'"kuasa"', b'"rekredensialing"') if word in written
    ]
