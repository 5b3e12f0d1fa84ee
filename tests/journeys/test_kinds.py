"""Every kind of facility gets its own agreement from its sample, for every contract method."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from typing import Any

import pytest

from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import FindingsError
from pks_kit.inputs import load_kontrak
from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.tree import (
    Bagian,
    BlokTandaTangan,
    Naskah,
    Subjudul,
    Tabel,
    plain_text,
    walk_blocks,
)
from pks_kit.pipelines.draft import prepare
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.pipelines.template import lint
from pks_kit.policy.signing_profile import profile_names
from pks_kit.render.docx import render_docx
from pks_kit.render.text import render_text
from pks_kit.resources import contract_samples, signing_root, templates_root
from pks_kit.rules.checks.catalogue import check_kontrak
from pks_kit.rules.checks.documents import mandatory_documents
from pks_kit.rules.law.parameters import load_parameters
from support.kinds_expected import EXPECTED

METHODS = ("elektronik", "digital", "manual")
SAMPLES = {path.stem: path for path in contract_samples()}


@cache
def sample(name: str) -> Kontrak:
    return load_kontrak(SAMPLES[name]).kontrak


def changed(name: str, **changes: Any) -> Kontrak:
    """Return a sample with top-level values, or whole sections merged, replaced."""
    data = sample(name).model_dump(mode="json")
    for key, value in changes.items():
        data[key] = {**data[key], **value} if isinstance(value, dict) else value
    return Kontrak.model_validate(data)


def assembled(kontrak: Kontrak) -> Naskah:
    aturan = load_parameters().resolve_all(kontrak.jangka_waktu.tanggal_mulai)
    return assemble_naskah(
        kontrak.versi_templat,
        kontrak.faskes.jenis,
        build_context(kontrak, aturan),
        cara_kontrak=kontrak.cara_kontrak,
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        templates_root=templates_root(),
    )


@cache
def tree(name: str) -> Naskah:
    return assembled(sample(name))


@cache
def text(name: str) -> str:
    return render_text(tree(name))


def part(naskah: Naskah, address: str) -> Bagian:
    (found,) = (bagian for bagian in naskah.bagian if bagian.alamat == address)
    return found


def part_text(name: str, address: str) -> str:
    naskah = tree(name)
    only = Naskah(
        **{field: getattr(naskah, field) for field in Naskah.__dataclass_fields__}
        | {"bagian": (part(naskah, address),)}
    )
    return render_text(only)


def last_column(name: str, caption: str) -> tuple[str, ...]:
    """Return the last cells of the rows of the table in Lampiran II whose caption begins so."""
    tables = [
        block
        for block in walk_blocks(part(tree(name), "lampiran_2").isi)
        if isinstance(block, Tabel) and block.keterangan.startswith(caption)
    ]
    return tuple(plain_text(row[-1].isi) for tabel in tables for row in tabel.baris)


def test_every_kind_has_a_sample() -> None:
    kinds = {sample(name).faskes.jenis for name in SAMPLES}
    versions = [load_version(name, templates_root()) for name in ("pks_2024", "pks_penunjang_2024")]
    assert kinds | {"ruang_farmasi"} == {kind for version in versions for kind in version.kinds()}
    assert set(SAMPLES) >= set(EXPECTED)
    inpatient = {sample(name).faskes.rawat_inap for name in SAMPLES if name.startswith("klinik-p")}
    assert inpatient == {True, False}


@pytest.mark.parametrize("name", EXPECTED)
def test_sample_has_no_blocking_finding_and_invented_people(name: str) -> None:
    kontrak = sample(name)
    findings = check_kontrak(kontrak, kontrak.jangka_waktu.tanggal_mulai)
    assert [finding.code for finding in findings if finding.level == "blocking"] == []
    people = [tenaga.nik for tenaga in kontrak.tenaga_kesehatan]
    people += [pengguna.nik for pengguna in kontrak.pengguna_aplikasi]
    assert [nik for nik in people if not nik.startswith("99")] == []
    emails = (kontrak.pihak_kesatu.email, kontrak.pihak_kedua.email)
    assert all(email.endswith(".example") for email in emails)


@pytest.mark.parametrize("name", EXPECTED)
def test_title_block(name: str) -> None:
    lines = text(name).splitlines()
    kesatu = sample(name).pihak_kesatu
    unit = "KEDEPUTIAN WILAYAH XIV" if kesatu.kedeputian_wilayah else "CABANG LEMBAYUNG"
    assert lines[:11] == [
        "PERJANJIAN KERJA SAMA",
        "ANTARA",
        "BADAN PENYELENGGARA JAMINAN SOSIAL KESEHATAN",
        unit,
        "DENGAN",
        *EXPECTED[name].title,
        "TENTANG",
        "PELAYANAN KESEHATAN TINGKAT PERTAMA BAGI PESERTA PROGRAM JAMINAN KESEHATAN",
        f"Nomor : {kesatu.nomor_pks}",
        f"Nomor : {sample(name).pihak_kedua.nomor_pks}",
    ]


@pytest.mark.parametrize("name", EXPECTED)
def test_parties_and_premise(name: str) -> None:
    opening = part_text(name, "pembukaan")
    for words in (*EXPECTED[name].parties, EXPECTED[name].premise):
        assert words in opening, words
    licence = sample(name).faskes.izin_operasional
    stands = "beroperasi berdasarkan izin Nomor" in opening
    assert stands is (licence is not None)


@pytest.mark.parametrize("name", EXPECTED)
def test_capitation_norm_and_payout(name: str) -> None:
    expected = EXPECTED[name]
    norms = last_column(name, "Norma Kapitasi")
    assert tuple(cell.split(" (")[0] for cell in norms) == expected.norms
    assert all(cell.endswith(" rupiah)") for cell in norms)
    assert last_column(name, "Tabel 2.") == expected.payout
    printed = re.findall(
        r"Norma Kapitasi setiap Peserta setiap bulan : (\S+)", part_text(name, "lampiran_2")
    )
    assert printed == [expected.norm]


@pytest.mark.parametrize("name", EXPECTED)
def test_tariff_groups(name: str) -> None:
    lampiran = part(tree(name), "lampiran_2")
    found = [
        plain_text(block.isi)
        for block in lampiran.isi
        if isinstance(block, Subjudul) and (block.alamat or "").startswith("lampiran_2__bagian_c__")
    ]
    assert tuple(found) == EXPECTED[name].chapters


@pytest.mark.parametrize("name", EXPECTED)
def test_account_rule_and_documents(name: str) -> None:
    assert EXPECTED[name].account in part_text(name, "lampiran_2")
    decree = sample(name).rekening.penetapan
    assert ("Rekening PIHAK KEDUA ditetapkan dengan" in text(name)) is (decree is not None)
    for document in EXPECTED[name].documents:
        assert document in part_text(name, "pasal_17"), document


PAPERS = {
    "izin_operasional": "izin operasional;",
    "sip": "SDM Klinis;",
    "npwp": "Nomor Pokok Wajib Pajak",
    "pks_jejaring": "perjanjian dengan Jejaring",
    "sk_bendahara_kapitasi": "keputusan penetapan rekening Bendahara Dana Kapitasi",
    "ketentuan_blud": "ketentuan badan layanan umum daerah mengenai rekening",
    "surat_rekening": "surat pemberitahuan rekening;",
    "pernyataan_kepatuhan": "pernyataan kepatuhan",
    "sertifikat_akreditasi": "sertifikat akreditasi atau surat komitmen akreditasi",
    "bukti_inm": "bukti pelaporan Indikator Nasional Mutu",
}
"""Mandatory document -> its words in Pasal Jangka Waktu."""


@pytest.mark.parametrize("name", EXPECTED)
def test_mandatory_documents_are_the_same_in_text_and_checks(name: str) -> None:
    kontrak = sample(name)
    aturan = load_parameters().resolve_all(kontrak.jangka_waktu.tanggal_mulai)
    rule = str(aturan.value(f"dokumen_wajib.{kontrak.faskes.jenis}"))
    demanded = {group[0] for group in mandatory_documents(rule, has_jejaring=True)}
    printed = part_text(name, "pasal_17")
    assert {paper for paper, words in PAPERS.items() if words in printed} == demanded


@pytest.mark.parametrize("name", EXPECTED)
def test_words_of_other_kinds_are_absent(name: str) -> None:
    # Definitions are the same for everybody, and the list of exclusions names what is not given.
    own = "\n".join(
        part_text(name, bagian.alamat) for bagian in tree(name).bagian if bagian.alamat != "pasal_1"
    ).replace("alat dan obat kontrasepsi serta kosmetik", "")
    found = {match[0] for match in re.finditer(EXPECTED[name].absent, own)}
    if sample(name).faskes.jenis == "puskesmas_non_blud":
        found -= {"Bendahara Dana Kapitasi"}
    assert found == set()


@pytest.mark.parametrize("name", EXPECTED)
def test_lampiran_four_is_a_form_only_with_inpatient_care(name: str) -> None:
    lampiran = part(tree(name), "lampiran_4")
    tables = [block for block in walk_blocks(lampiran.isi) if isinstance(block, Tabel)]
    assert bool(tables) is sample(name).faskes.rawat_inap
    assert ("Lampiran ini tidak berlaku" in text(name)) is not sample(name).faskes.rawat_inap
    assert len([one for one in tree(name).bagian if one.jenis == "lampiran"]) == 12
    assert len([one for one in tree(name).bagian if one.jenis == "pasal"]) == 21


def test_delivery_at_a_poned_facility() -> None:
    delivery = part_text("puskesmas-blud", "lampiran_2")
    assert "Rp1.250.000,00" in delivery
    assert "PIHAK KEDUA ditetapkan sebagai FKTP PONED" in delivery
    assert "PIHAK KEDUA tidak ditetapkan sebagai FKTP PONED" in part_text(
        "puskesmas-non-blud", "lampiran_2"
    )
    for price in ("Rp1.250.000,00", "Rp1.500.000,00", "Rp180.000,00"):
        assert price not in part_text("tpmd", "lampiran_2")


def test_computed_values_are_printed_with_their_computation() -> None:
    lampiran = part_text("puskesmas-blud", "lampiran_2")
    assert "24.600 Peserta dibagi 5 (lima) dokter sama dengan 4.920 Peserta" in lampiran
    assert re.search(r"Klub Mega Sehat\t30\tEdukasi Kesehatan, luring\tRp890\.000,00", lampiran)
    assert "nilai dan persentase pembayaran PIHAK KEDUA" not in lampiran, "no month, no result"
    assert "tidak bergantung pada perbandingan dokter" in part_text("tpmdg", "lampiran_2")


def test_only_dental_services_are_listed_for_a_dentist() -> None:
    offered = last_column("tpmdg", "Jenis pelayanan Non Kapitasi dalam HFIS")
    assert len(offered) == 2
    assert len(last_column("klinik-pratama-rawat-inap", "Jenis pelayanan Non Kapitasi")) == 15
    assert len(last_column("puskesmas-blud", "Jenis pelayanan Non Kapitasi")) == 17
    scope = part_text("tpmdg", "lampiran_1")
    assert "PPK yang berlaku bagi dokter gigi di FKTP" in scope
    assert not re.search(r"\bPRB\b|Prolanis|Skrining", scope)
    assert "tidak termasuk ruang lingkup" in part_text("tpmd", "lampiran_1")


def test_prolanis_is_reimbursed_only_where_lampiran_two_has_its_amounts() -> None:
    for name in EXPECTED:
        dental = name == "tpmdg"
        given = "Kegiatan Kelompok Prolanis" in part_text(name, "lampiran_2")
        assert given is not dental
        for address in ("pasal_4", "pasal_6", "pasal_7"):
            body = part_text(name, address).replace("Kegiatan Kelompok Prolanis\n", "", 1)
            assert ("biaya Kegiatan Kelompok Prolanis" in body) is given, (name, address)
    assert "(2) Tanggal pengajuan adalah" in part_text("tpmdg", "pasal_7")


def test_a_nurse_may_stand_in_only_at_a_puskesmas() -> None:
    rule = "perawat hanya pada poli selain Poli Gigi apabila tidak ada dokter umum"
    named = {name for name in EXPECTED if rule in part_text(name, "lampiran_7")}
    assert named == {"puskesmas-blud", "puskesmas-non-blud"}


# --- methods ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", EXPECTED)
def test_every_method_shapes_premise_and_closing(name: str, method: str) -> None:
    kontrak = changed(name, cara_kontrak=method)
    naskah = assembled(kontrak)
    words = render_text(naskah)
    closings = {
        "elektronik": "secara elektronik dalam satu berkas elektronik",
        "digital": "meterai tempel Rp10.000,00 (sepuluh ribu rupiah), membubuhkan stempel pada "
        "setiap tempat yang memerlukannya dan paraf pada setiap halaman, mengunggah hasil "
        "pindainya dalam format PDF",
        "manual": "menandatangani naskah cetak dengan tanda tangan basah di atas meterai tempel",
    }
    premises = {
        "elektronik": "sebagai kontrak elektronik",
        "digital": "sebagai kontrak digital",
        "manual": "secara tertulis dan menandatanganinya dengan tanda tangan basah",
    }
    for other in METHODS:
        assert (closings[other] in words) is (other == method), other
        assert (premises[other] in words) is (other == method), other
    openings = [
        block.pembuka
        for bagian in naskah.bagian
        for block in walk_blocks(bagian.isi)
        if isinstance(block, BlokTandaTangan) and block.pembuka
    ]
    assert bool(openings) is (method != "elektronik")
    dotted = [opening for opening in openings if re.search(r"tanggal \.{20,}$", opening)]
    assert len(dotted) == len(openings)


@pytest.mark.parametrize("name", EXPECTED)
def test_samples_are_prepared_when_their_method_has_a_profile(name: str) -> None:
    kontrak = sample(name)
    loaded = load_kontrak(SAMPLES[name])
    if kontrak.cara_kontrak in profile_names(signing_root()):
        assert prepare(loaded).naskah == tree(name)
    else:
        with pytest.raises(FindingsError) as caught:
            prepare(loaded)
        blocking = [one.code for one in caught.value.findings if one.level == "blocking"]
        assert blocking == ["offer.method"]


@pytest.mark.parametrize("method", ["elektronik", "digital"])
def test_a_military_clinic_signs_on_paper_only(method: str) -> None:
    kontrak = changed("klinik-tni-polri-manual", cara_kontrak=method)
    findings = check_kontrak(kontrak, kontrak.jangka_waktu.tanggal_mulai)
    assert "offer.manual_kepwil" in {one.code for one in findings if one.level == "blocking"}


# --- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "nama", "printed"),
    [
        ("puskesmas-blud", "UPT Puskesmas Awan", "UPT PUSKESMAS AWAN"),
        ("puskesmas-non-blud", "UPTD PUSKESMAS AWAN", "UPTD PUSKESMAS AWAN"),
        ("puskesmas-non-blud", "Awan", "PUSKESMAS AWAN"),
        ("klinik-pratama-rawat-jalan", "Klinik Awan", "KLINIK PRATAMA AWAN"),
        ("klinik-tni-polri-manual", "Klinik Pratama Awan", "KLINIK PRATAMA AWAN"),
        ("rs-d-pratama", "RSUD Kelas D Pratama Awan", "RSUD KELAS D PRATAMA AWAN"),
        ("rs-d-pratama", "RSUD Awan", "RSUD KELAS D PRATAMA AWAN"),
        ("rs-d-pratama", "Rumah Sakit Awan", "RUMAH SAKIT KELAS D PRATAMA AWAN"),
        ("tpmd", "Praktik Dokter Umum dr. Awan", "TEMPAT PRAKTIK MANDIRI DOKTER dr. AWAN"),
        ("tpmdg", "drg. Awan", "TEMPAT PRAKTIK MANDIRI DOKTER GIGI drg. AWAN"),
        ("tpmdg", "Praktik Mandiri Dokter Gigi drg. Awan", "PRAKTIK MANDIRI DOKTER GIGI drg. AWAN"),
    ],
)
def test_kind_in_the_name_is_printed_once(name: str, nama: str, printed: str) -> None:
    words = render_text(assembled(changed(name, pihak_kedua={"nama_faskes": nama})))
    assert words.splitlines()[6].removeprefix("PEMILIK DAN PENYELENGGARA ") == printed
    doubled = re.compile(
        r"puskesmas (?:upt )?puskesmas|klinik (?:pratama )?klinik|pratama (?:rsud|rumah sakit|rs )|"
        r"(?<!dokter )gigi praktik|praktik (?:dokter )?praktik",
        re.IGNORECASE,
    )
    assert not doubled.search(words)


@pytest.mark.parametrize(
    ("name", "jabatan", "printed"),
    [
        ("puskesmas-blud", "Kepala Dinas Kesehatan Kabupaten Cakrawala", " yang membawahi UPT "),
        ("puskesmas-blud", "Kepala UPT Puskesmas Mega Rekasari", ", berkedudukan di"),
        ("klinik-pratama-rawat-jalan", "Ketua Yayasan Awan", " yang menyelenggarakan Klinik "),
        ("klinik-pratama-rawat-jalan", "Pimpinan", " pada Klinik Pratama Embun"),
    ],
)
def test_position_is_joined_with_the_facility(name: str, jabatan: str, printed: str) -> None:
    kontrak = changed(name, pihak_kedua={"jabatan_penandatangan": jabatan})
    assert f"selaku {jabatan}{printed}" in render_text(assembled(kontrak))


# --- Aceh ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["klinik-pratama-rawat-inap", "tpmdg"])
def test_the_agreement_of_aceh_has_its_own_name_throughout(name: str) -> None:
    naskah = assembled(changed(name, nama_perjanjian="AKAD IJARAH"))
    words = render_text(naskah)
    lines = words.splitlines()
    assert lines[0] == "AKAD IJARAH"
    assert "Akad Ijarah ini, yang selanjutnya disebut Akad Ijarah, dibuat" in words
    assert naskah.judul.startswith("AKAD IJARAH antara")
    assert "Pengakhiran Akad Ijarah" in lines
    headings = [line for line in lines if re.fullmatch(r"Lampiran [IVX]+ [A-Z].*", line)]
    assert len(headings) == 12
    assert all(line.endswith(" Akad Ijarah") for line in headings)
    assert "PERJANJIAN KERJA SAMA" not in words
    # The only other agreement is that of a facility with its network.
    assert set(re.findall(r"Perjanjian \w+", words)) <= {"Perjanjian Jejaring"}


def test_docx_of_aceh_numbers_its_lampiran_with_that_name() -> None:
    naskah = assembled(changed("tpmdg", nama_perjanjian="AKAD IJARAH"))
    blank = load_version("pks_2024", templates_root()).asset("naskah.docx")
    with zipfile.ZipFile(io.BytesIO(render_docx(naskah, blank))) as archive:
        numbering = archive.read("word/numbering.xml").decode()
    assert 'w:lvlText w:val="Lampiran %1 Akad Ijarah"' in numbering
    assert "Lampiran %1 Perjanjian" not in numbering


# --- lint ------------------------------------------------------------------------------------


def test_lint_finds_nothing_for_any_kind_and_sample() -> None:
    assert lint("pks_2024") == ()
