"""Documents, accounts, licences of the facility, authority of the signatory, network."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from pks_kit.domain.kontrak import JenisDokumen
from pks_kit.domain.sifat_faskes import JENIS_PENUNJANG, JenisFaskes
from pks_kit.messages import known_codes
from pks_kit.rules.checks.documents import mandatory_documents
from pks_kit.rules.checks.signatory import is_placeholder
from pks_kit.rules.law.parameters import load_parameters
from support.checking import PUSKESMAS, START, TPMD, codes, faults
from support.sample import sample

DOKUMEN = [dokumen.model_dump(mode="json") for dokumen in sample().dokumen]


def without(kind: str, **more: Any) -> dict[str, Any]:
    """Return the change that takes a kind of document out of the sample's list."""
    return {"dokumen": [row for row in DOKUMEN if row["jenis"] != kind], **more}


@pytest.mark.parametrize(
    "kind", ["izin_operasional", "sip", "npwp", "pernyataan_kepatuhan", "pks_jejaring"]
)
def test_missing_mandatory_document_stops_the_draft(kind: str) -> None:
    assert faults(without(kind)) == [("blocking", "document.missing", "dokumen")]


def test_what_is_only_remembered_stops_nobody_and_says_so() -> None:
    assert faults(without("surat_rekening")) == [
        ("warning", "document.missing_unconfirmed", "dokumen")
    ]
    place = next(i for i, row in enumerate(DOKUMEN) if row["jenis"] == "surat_rekening")
    assert faults({f"dokumen[{place}].berkas": "surat.jpg"}) == [
        ("warning", "document.not_pdf", f"dokumen[{place}].berkas")
    ]


def test_what_blocks_is_confirmed() -> None:
    parameters = load_parameters()
    confirmed = parameters.get("dokumen_wajib.terkonfirmasi")
    assert confirmed.kepastian in ("paparan_resmi", "peraturan_terkonfirmasi")
    named = set(str(parameters.resolve(confirmed.nama, START).nilai).split())
    assert named <= set(get_args(JenisDokumen))


def test_no_list_at_all_needs_a_person() -> None:
    assert faults({"dokumen": []}) == [("manual", "document.no_list", "dokumen")]


def test_agreements_with_the_network_are_not_needed_without_network() -> None:
    assert codes(without("pks_jejaring", jejaring=[])) == set()


def test_accreditation_may_stay_empty() -> None:
    assert codes(without("sertifikat_akreditasi")) == set()
    both = without("sertifikat_akreditasi", **{"faskes.akreditasi": None})
    assert faults(both) == [("info", "document.no_accreditation", "dokumen")]
    both["dokumen"] = [*both["dokumen"], {"jenis": "komitmen_akreditasi", "berkas": "k.pdf"}]
    assert faults(both) == []


@pytest.mark.parametrize("kind", sorted(set(get_args(JenisFaskes)) - {*JENIS_PENUNJANG}))
def test_every_kind_has_a_list_of_documents_that_exist(kind: str) -> None:
    rule = str(load_parameters().resolve(f"dokumen_wajib.{kind}", START).nilai)
    named = {one for group in mandatory_documents(rule, True) for one in group}
    assert {"sip", "pernyataan_kepatuhan", "pks_jejaring"} <= named <= set(get_args(JenisDokumen))
    assert ("izin_operasional" in named) == (kind not in ("tpmd", "tpmdg"))


def test_every_document_has_a_name() -> None:
    assert {f"document.name.{kind}" for kind in get_args(JenisDokumen)} <= known_codes()


def test_kinds_have_their_own_documents() -> None:
    without_decree = {**PUSKESMAS, "dokumen[5].jenis": "lainnya"}
    assert faults(without_decree) == [("blocking", "document.missing", "dokumen")]
    without_inm = {**TPMD, "dokumen[0].jenis": "lainnya"}
    assert faults(without_inm) == [("warning", "document.missing_unconfirmed", "dokumen")]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2024-04-02", set()),
        ("2024-04-01", {"document.ends_soon"}),
        ("2024-01-01", {"document.ends_soon"}),
        ("2023-12-31", {"document.expired"}),
    ],
)
@pytest.mark.parametrize("path", ["dokumen[4]", "faskes.akreditasi", "jejaring[0].izin"], ids=str)
def test_end_of_a_document(path: str, end: str, expected: set[str]) -> None:
    assert faults({f"{path}.berlaku_sampai": end}) == [
        ("warning", code, f"{path}.berlaku_sampai") for code in expected
    ]


@pytest.mark.parametrize(
    ("issued", "expected"), [("2028-08-21", set()), ("2028-08-22", {"document.end_before_date"})]
)
def test_document_cannot_end_before_it_was_issued(issued: str, expected: set[str]) -> None:
    assert codes({"dokumen[4].tanggal": issued}) - {"past.after_signing"} == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.pdf", set()),
        ("A.PDF", set()),
        ("a.pdf.exe", {"document.not_pdf"}),
        ("foto.jpg", {"document.not_pdf"}),
        ("apdf", {"document.not_pdf"}),
        (None, {"document.no_file"}),
    ],
)
def test_file_type(name: str | None, expected: set[str]) -> None:
    assert codes({"dokumen[1].berkas": name}) == expected


MIDWIFE, LABORATORY = 6, 7


@pytest.mark.parametrize(
    ("size", "expected"),
    [(1_048_576, set()), (1_048_577, {"document.too_large"}), (0, {"document.empty_file"})],
)
def test_size_of_the_agreement_with_a_midwife(size: int, expected: set[str]) -> None:
    assert codes({f"dokumen[{MIDWIFE}].ukuran_bita": size}) == expected
    unnumbered = {f"dokumen[{LABORATORY}].nomor": None, f"dokumen[{LABORATORY}].ukuran_bita": size}
    assert codes(unnumbered) == expected


def test_other_agreements_and_files_have_no_limit() -> None:
    assert codes({f"dokumen[{LABORATORY}].ukuran_bita": 5_000_000}) == set()
    assert codes({"dokumen[0].ukuran_bita": 5_000_000}) == set()


def registration(**more: Any) -> dict[str, Any]:
    letter = {"jenis": "permohonan_registrasi", "berkas": "surat.pdf", "ukuran_bita": 2_097_152}
    proof = more.pop("proof", False)
    rows = [*DOKUMEN, letter]
    if proof:
        rows.append({"jenis": "bukti_pma", "berkas": "pma.pdf", "ukuran_bita": 1})
    return {"dokumen": rows, **more}


def test_registration_files_up_to_two_megabytes() -> None:
    assert codes(registration()) == set()
    for index, level in ((0, "blocking"), (len(DOKUMEN), "warning")):
        large = registration(**{f"dokumen[{index}].ukuran_bita": 2_097_153})
        path = f"dokumen[{index}].ukuran_bita"
        assert faults(large) == [(level, "document.too_large", path)]


def test_only_files_of_absolute_requirements_stop_the_draft() -> None:
    other = {"dokumen[8].jenis": "lainnya"}
    for changes, level in (({}, "blocking"), (other, "warning")):
        for field, value, code in (
            ("berkas", "pindaian.jpg", "document.not_pdf"),
            ("ukuran_bita", 0, "document.empty_file"),
        ):
            path = f"dokumen[8].{field}"
            assert faults({**changes, path: value}) == [(level, code, path)]


def test_a_certificate_of_accreditation_that_is_no_pdf_stops_nothing() -> None:
    path = "dokumen[4].berkas"
    assert faults({path: "akreditasi.jpg"}) == [("warning", "document.not_pdf", path)]


@pytest.mark.parametrize(
    ("owner", "proof", "expected"),
    [
        ("pma", True, []),
        ("pma", False, [("blocking", "document.pma_missing", "dokumen")]),
        ("pmdn", False, []),
        ("pmdn", True, [("info", "document.pma_not_needed", "dokumen")]),
        ("pemerintah", True, [("info", "document.pma_not_needed", "dokumen")]),
        (None, True, [("info", "facility.ownership_unknown", "faskes.kepemilikan")]),
    ],
)
def test_owner_decides_the_registration(owner: str | None, proof: bool, expected: Any) -> None:
    changes = registration(proof=proof, **{"faskes.kepemilikan": owner})
    assert faults(changes) == expected


def test_owner_matters_to_a_registration_only() -> None:
    assert codes({"faskes.kepemilikan": "pma"}) == set()
    assert codes({"faskes.kepemilikan": None}) == set()


def test_number_of_the_operational_licence() -> None:
    path = "dokumen[0].nomor"
    assert faults({path: "1/2"}) == [("warning", "document.number_differs", path)]
    assert codes({path: None}) == set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rekening.penetapan": None}, [("blocking", "account.no_decree", "rekening.penetapan")]),
        ({"rekening.utama.atas_nama": "Puskesmas Rekaan"},
         [("warning", "account.not_treasurer", "rekening.utama.atas_nama")]),
        ({"rekening.utama.atas_nama": "BEND KAP JKN PKM REKAAN"}, []),
        ({"rekening.penetapan.tanggal": "2023-12-20"}, []),
        ({"rekening.penetapan.tanggal": "2024-01-01"},
         [("warning", "past.after_signing", "rekening.penetapan.tanggal")]),
        ({"rekening.penetapan.tanggal": "2024-01-02"},
         [("blocking", "account.decree_late", "rekening.penetapan.tanggal")]),
        ({"rekening.cadangan.bank": "BANK NIAGA REKAAN"},
         [("blocking", "account.same_bank", "rekening.cadangan.bank")]),
    ],
)  # fmt: skip
def test_account_of_a_puskesmas_that_is_no_blud(changes: dict[str, Any], expected: Any) -> None:
    assert faults({**PUSKESMAS, **changes}) == expected


def test_account_of_a_puskesmas_blud() -> None:
    blud = {**PUSKESMAS, "faskes.jenis": "puskesmas_blud", "dokumen[5].jenis": "ketentuan_blud"}
    blud["rekening.utama.atas_nama"] = "BLUD Puskesmas Rekaan"
    assert codes(blud) == {"offer.blud_signatory"}
    blud["rekening.penetapan"] = None
    assert ("manual", "account.blud", "rekening.penetapan") in faults(blud)


def test_private_kinds_decide_themselves() -> None:
    assert codes({"rekening.utama.atas_nama": "Siapa Saja"}) == set()
    assert codes({**TPMD, "rekening.utama.atas_nama": "dr. Ayu Contohwati"}) == set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"faskes.izin_operasional.tanggal": "2023-12-20"}, set()),
        ({"faskes.izin_operasional.tanggal": "2024-01-01"}, {"past.after_signing"}),
        ({"faskes.izin_operasional.tanggal": "2024-01-02"}, {"licence.facility_not_yet"}),
        ({"faskes.izin_operasional.berlaku_sampai": "2024-01-01"}, {"document.ends_soon"}),
        ({"faskes.izin_operasional.berlaku_sampai": "2023-12-31"}, {"licence.expired_facility"}),
        ({"faskes.izin_operasional": None}, {"facility.no_licence"}),
        ({**TPMD, "faskes.rawat_inap": True, "faskes.jumlah_tempat_tidur": 1},
         {"facility.inpatient_kind"}),
        ({"faskes.poned": True}, {"facility.poned_kind"}),
        ({**PUSKESMAS, "faskes.poned": True}, set()),
        ({"faskes.jenis": "rs_d_pratama"}, set()),
        ({"faskes.jenis": "rs_d_pratama", "faskes.rawat_inap": False,
          "faskes.jumlah_tempat_tidur": 0}, {"facility.hospital_without_care"}),
    ],
)  # fmt: skip
def test_facility(changes: dict[str, Any], expected: set[str]) -> None:
    assert codes(changes) == expected


def test_single_practice_needs_no_operational_licence() -> None:
    izin = sample().model_dump(mode="json")["faskes"]["izin_operasional"]
    path = "faskes.izin_operasional"
    assert faults({**TPMD, path: izin}) == [("info", "facility.licence_unused", path)]


@pytest.mark.parametrize("field", ["jenis", "nomor"])
@pytest.mark.parametrize("pihak", ["pihak_kesatu", "pihak_kedua"])
def test_authority_must_be_real(pihak: str, field: str) -> None:
    path = f"{pihak}.dasar_penetapan.{field}"
    assert ("blocking", "authority.placeholder", path) in faults({path: "-"})


def test_signatory_must_be_real() -> None:
    for field in ("nama_penandatangan", "jabatan_penandatangan"):
        path = f"pihak_kedua.{field}"
        assert faults({path: "..."}) == [("blocking", "authority.placeholder", path)]


@pytest.mark.parametrize(
    "text", ["-", "...", "xxx", "XXXX", "000", "n/a", "Belum ada", "tidak ada"]
)
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["Xaverius", "01", "A-1", "Ada", "Nana", "058/Peg-04/0322"])
def test_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("day", "expected"), [("2023-12-20", set()), ("2023-12-21", {"authority.after_signing"})]
)
def test_authority_begins_at_the_signing_at_the_latest(day: str, expected: set[str]) -> None:
    assert codes({"pihak_kedua.dasar_penetapan.tanggal": day}) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({**TPMD, "pihak_kedua.dasar_penetapan.jenis": "Akta Notaris"}, {"authority.not_sip"}),
        ({**TPMD, "pihak_kedua.dasar_penetapan.jenis": "SIP"}, set()),
        (
            {**TPMD, "pihak_kedua.nama_penandatangan": "Orang Lain"},
            {"authority.not_own_name", "owner.other_signs"},
        ),
        ({**PUSKESMAS, "pihak_kedua.dasar_penetapan.jenis": "SIP"}, {"authority.not_decision"}),
        ({**PUSKESMAS, "pihak_kedua.dasar_penetapan.jenis": "SK Bupati"}, set()),
        ({"pihak_kedua.dasar_penetapan.jenis": "Akta Notaris"}, set()),
    ],
)
def test_basis_of_authority_by_kind(changes: dict[str, Any], expected: set[str]) -> None:
    assert codes(changes) == expected


@pytest.mark.parametrize(
    ("changes", "level", "code", "path"),
    [
        ({"jejaring[1].nomor_pks_jejaring": None},
         "warning", "jejaring.no_pks", "jejaring[1].nomor_pks_jejaring"),
        ({"jejaring[1].nomor_pks_jejaring": "019/KP-SR/PKS/XII/2023"},
         "blocking", "jejaring.parent_pks", "jejaring[1].nomor_pks_jejaring"),
        ({"jejaring[1].nomor_pks_jejaring": "022/KP-SR/PKS-APT/XII/2023"},
         "warning", "jejaring.duplicate_pks", "jejaring[2].nomor_pks_jejaring"),
        ({"jejaring[1].nama": "apotek  Rembulan contoh", "jejaring[1].jenis": "apotek"},
         "blocking", "jejaring.duplicate", "jejaring[2].nama"),
        ({"jejaring[1].izin.tanggal": "2024-01-02"},
         "blocking", "jejaring.licence_not_yet", "jejaring[1].izin.tanggal"),
    ],
)  # fmt: skip
def test_network(changes: dict[str, Any], level: str, code: str, path: str) -> None:
    assert faults(changes) == [(level, code, path)]


def test_network_without_fault() -> None:
    assert codes({"jejaring[1].nama": "Apotek Rembulan Contoh"}) == set()
    assert codes({"jejaring[1].izin.tanggal": "2023-12-20"}) == set()
