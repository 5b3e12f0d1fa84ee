"""All checks together: one fault gives one finding; words, hints and bases for every code."""

from __future__ import annotations

import ast
import inspect
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

import pks_kit.rules
from pks_kit.domain.jenis_faskes import JenisFaskes
from pks_kit.domain.kontrak import CaraKontrak
from pks_kit.errors import NotInForceError
from pks_kit.messages import known_codes, lookup
from pks_kit.rules.checks.accounts import bank_key
from pks_kit.rules.checks.catalogue import CHECKS, check_kontrak
from pks_kit.rules.checks.cons_id import looks_secret
from pks_kit.rules.findings import Finding
from support.checking import (
    PUSKESMAS,
    TNI,
    TPMD,
    faults,
    found,
    schedule,
    sesi,
)
from support.sample import sample


def test_sample_has_only_its_impossible_region_code() -> None:
    assert found(
        sample(), daftar_jenis_tersedia={"klinik_pratama"}, daftar_cara_tersedia={"elektronik"}
    ) == [("info", "nik.region", "tenaga_kesehatan[0].nik")]


@pytest.mark.parametrize("kind", [PUSKESMAS, TPMD], ids=["puskesmas", "tpmd"])
def test_other_kinds_can_be_faultless(kind: dict[str, Any]) -> None:
    assert faults(kind) == []


def test_a_military_clinic_needs_a_person_for_its_account() -> None:
    assert faults(TNI) == [("manual", "account.pnbp", "rekening.utama")]


def day_of(count: int, **values: Any) -> list[dict[str, Any]]:
    return [
        sesi(mulai=f"{8 + n:02d}:00", selesai=f"{9 + n:02d}:00", kode_antrean=f"A{n}", **values)
        for n in range(count)
    ]


SIP0 = "tenaga_kesehatan[0].sip.berlaku_sampai"
SIP8 = "tenaga_kesehatan[8].sip.berlaku_sampai"

CASES: list[tuple[dict[str, Any], str, str, str]] = [
    ({"jangka_waktu.tanggal_selesai": "2023-12-31"},
     "blocking", "term.start_after_end", "jangka_waktu.tanggal_selesai"),
    ({"pihak_kesatu.tanggal_tanda_tangan": "2024-01-02",
      "pihak_kesatu.nomor_pks": "1/KTR/I-01/0124",
      "pihak_kedua.nomor_pks": "019/I/2024"},
     "warning", "term.signed_after_start", "pihak_kesatu.tanggal_tanda_tangan"),
    ({"cons_id.vendor.tanggal_selesai": "2023-12-31"},
     "blocking", "term.start_after_end", "cons_id.vendor.tanggal_selesai"),
    ({"pihak_kedua.dasar_penetapan.tanggal": "2023-12-21"},
     "blocking", "authority.after_signing", "pihak_kedua.dasar_penetapan.tanggal"),
    ({"pihak_kesatu.nomor_pks": "417/KTR/XIV-07/1123"},
     "warning", "number.month_differs", "pihak_kesatu.nomor_pks"),
    ({"pihak_kesatu.nomor_pks": "417-KTR"},
     "info", "number.unusual_form", "pihak_kesatu.nomor_pks"),
    ({"pihak_kesatu.dasar_penetapan.nomor": "58/PEG-04/0422"},
     "warning", "number.month_differs", "pihak_kesatu.dasar_penetapan.nomor"),
    ({"pihak_kedua.nomor_pks": "417/KTR/XIV-07/1223"},
     "warning", "number.same_for_both", "pihak_kedua.nomor_pks"),
    ({"faskes.jumlah_tempat_tidur": 0},
     "blocking", "facility.no_beds", "faskes.jumlah_tempat_tidur"),
    ({"faskes.rawat_inap": False},
     "warning", "facility.beds_without_care", "faskes.jumlah_tempat_tidur"),
    ({"faskes.jumlah_peserta_terdaftar": 0},
     "info", "facility.no_participants", "faskes.jumlah_peserta_terdaftar"),
    ({"faskes.izin_operasional.berlaku_sampai": "2023-12-31"},
     "blocking", "licence.expired_facility", "faskes.izin_operasional.berlaku_sampai"),
    ({"faskes.izin_operasional.berlaku_sampai": "2024-04-01"},
     "warning", "document.ends_soon", "faskes.izin_operasional.berlaku_sampai"),
    ({"faskes.akreditasi.berlaku_sampai": "2023-12-31"},
     "warning", "document.expired", "faskes.akreditasi.berlaku_sampai"),
    ({"jejaring[1].izin.berlaku_sampai": "2024-03-01"},
     "warning", "document.ends_soon", "jejaring[1].izin.berlaku_sampai"),
    ({"rekening.cadangan.bank": "PT BANK NIAGA REKAAN (Persero) Tbk."},
     "blocking", "account.same_bank", "rekening.cadangan.bank"),
    ({"rekening.cadangan.nomor": "9900112233445"},
     "warning", "account.same_number", "rekening.cadangan.nomor"),
    ({"tenaga_kesehatan[8].kunci": "ns_melati"},
     "blocking", "staff.duplicate_key", "tenaga_kesehatan[9].kunci"),
    ({"tenaga_kesehatan[8].nik": "9901015203850001"},
     "blocking", "staff.duplicate_nik", "tenaga_kesehatan[8].nik"),
    ({"tenaga_kesehatan[10].profesi": "perawat"},
     "info", "staff.inpatient_component", "tenaga_kesehatan"),
    ({SIP0: "2023-12-31"}, "blocking", "licence.expired_scheduled", SIP0),
    ({SIP8: "2023-12-31"}, "warning", "licence.expired_unscheduled", SIP8),
    ({SIP0: "2024-04-01"}, "warning", "licence.ends_soon", SIP0),
    ({SIP0: "2024-04-02"}, "info", "licence.ends_in_term", SIP0),
    ({SIP0: "2024-12-30"}, "info", "licence.ends_in_term", SIP0),
    ({"pengguna_aplikasi[1].nama_pengguna": "9917U029.AYU"},
     "blocking", "user.duplicate_name", "pengguna_aplikasi[1].nama_pengguna"),
    ({"pengguna_aplikasi[3].nik": "9901015908970014"},
     "warning", "user.duplicate_nik", "pengguna_aplikasi[3].nik"),
    ({"jadwal.operasional[6].tutup": "08:00", "jadwal.praktik": [sesi()]},
     "blocking", "schedule.end_before_start", "jadwal.operasional[6].tutup"),
    ({"jadwal.operasional[1].hari": "senin", "jadwal.praktik": [sesi()]},
     "blocking", "schedule.opening_overlap", "jadwal.operasional[1].hari"),
    (schedule(sesi(selesai="08:00")),
     "blocking", "schedule.end_before_start", "jadwal.praktik[0].selesai"),
    (schedule(sesi(mulai="07:59")), "warning", "schedule.outside_hours", "jadwal.praktik[0].mulai"),
    (schedule(sesi(selesai="21:01")),
     "warning", "schedule.outside_hours", "jadwal.praktik[0].mulai"),
    (schedule(sesi(tenaga="dr_entah")),
     "blocking", "schedule.unknown_staff", "jadwal.praktik[0].tenaga"),
    (schedule(sesi(poli="gigi")),
     "blocking", "schedule.poli_not_allowed", "jadwal.praktik[0].poli"),
    (schedule(sesi(tenaga="drg_gita")),
     "blocking", "schedule.poli_not_allowed", "jadwal.praktik[0].poli"),
    (schedule(sesi(tenaga="bd_intan")),
     "blocking", "schedule.poli_not_allowed", "jadwal.praktik[0].poli"),
    (schedule(sesi(tenaga="ns_lukman")),
     "blocking", "schedule.poli_not_allowed", "jadwal.praktik[0].poli"),
    (schedule(sesi(tenaga="apt_nadia")),
     "blocking", "schedule.poli_not_allowed", "jadwal.praktik[0].poli"),
    (schedule(sesi(), sesi(poli="kia", mulai="08:59", selesai="10:00")),
     "blocking", "schedule.overlap", "jadwal.praktik[1].mulai"),
    (schedule(sesi(), sesi(poli="kia", mulai="08:59", selesai="10:00", pekan="genap")),
     "blocking", "schedule.overlap", "jadwal.praktik[1].mulai"),
    (schedule(sesi(), sesi(tenaga="dr_bima", mulai="10:00", selesai="11:00")),
     "blocking", "schedule.queue_code", "jadwal.praktik[1].kode_antrean"),
    (schedule(*day_of(6)), "blocking", "schedule.too_many", "jadwal.praktik[5]"),
    ({"cons_id.tujuan[0]": "secret key: abcdef123"},
     "blocking", "cons_id.secret", "cons_id.tujuan[0]"),
    ({"cons_id.vendor.nomor_kontrak": "7yV2kQ0aZp9LxT4b"},
     "blocking", "cons_id.secret", "cons_id.vendor.nomor_kontrak"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "level", "code", "path"), CASES)
def test_one_fault_one_finding(changes: dict[str, Any], level: str, code: str, path: str) -> None:
    assert faults(changes) == [(level, code, path)]


@pytest.mark.parametrize(
    "changes",
    [
        schedule(sesi(), sesi(poli="kia", mulai="09:00", selesai="10:00")),
        schedule(sesi(pekan="ganjil"), sesi(poli="kia", mulai="08:30", pekan="genap")),
        schedule(sesi(), sesi(tenaga="dr_bima", poli="kia")),
        schedule(sesi(), sesi(tenaga="dr_bima", hari="selasa")),
        schedule(sesi(pekan="ganjil"), sesi(tenaga="dr_bima", pekan="genap")),
        schedule(*day_of(5)),
        schedule(*day_of(5, pekan="ganjil"), *day_of(5, pekan="genap")),
        schedule(sesi(poli="ugd", mulai="00:00", selesai="06:00")),
        schedule(sesi(tenaga="ns_lukman", poli="rawat_inap", mulai="21:00", selesai="23:59")),
        {SIP0: "2024-12-31"},
        {"pihak_kesatu.dasar_penetapan.nomor": "58/PEG-04/0322 Tahun 2022"},
        {"cons_id.vendor": None},
        {"faskes.akreditasi": None, "faskes.izin_operasional.berlaku_sampai": None},
        {"cons_id.tujuan[0]": "Cons-id: untuk bridging Aplikasi Pelayanan Primer"},
    ],
)
def test_no_fault_no_finding(changes: dict[str, Any]) -> None:
    assert faults(changes) == []


@pytest.mark.parametrize("method", get_args(CaraKontrak))
@pytest.mark.parametrize("kind", get_args(JenisFaskes))
def test_every_kind_and_method_is_judged_with_the_least_data(kind: str, method: str) -> None:
    bare = {
        "faskes.jenis": kind,
        "cara_kontrak": method,
        "faskes.izin_operasional": None,
        "faskes.akreditasi": None,
        "faskes.kepemilikan": None,
        "rekening.penetapan": None,
        "cons_id.vendor": None,
        "jejaring": [],
        "dokumen": [],
        "ambulans": [],
    }
    refused = {code for level, code, _ in faults(bare) if level == "blocking"}
    needs_licence = kind not in ("tpmd", "tpmdg")
    assert ("facility.no_licence" in refused) == needs_licence
    assert ("account.no_decree" in refused) == (kind == "puskesmas_non_blud")
    paper_only = kind in ("klinik_tni_polri", "apotek", "ruang_farmasi", "laboratorium")
    refuses_method = any(code.startswith("offer.manual") for code in refused)
    assert refuses_method == (paper_only and method != "manual")
    assert ("staff.no_pharmacist" in refused) <= (kind in ("apotek", "ruang_farmasi"))
    assert "offer.kind" not in refused  # which kinds a version offers was not given


def test_gravest_first() -> None:
    changes = {
        "faskes.jumlah_peserta_terdaftar": 0,
        "rekening.cadangan.nomor": "9900112233445",
        "faskes.jumlah_tempat_tidur": 0,
        "dokumen[1].jenis": "lainnya",
    }
    levels = [level for level, _, _ in faults(changes)]
    assert levels == ["blocking", "manual", "warning", "info"]


def test_before_the_rules() -> None:
    with pytest.raises(NotInForceError):
        check_kontrak(sample(), date(2022, 12, 31))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bank Rakyat Indonesia", "BRI"),
        ("PT Bank Mandiri (Persero) Tbk.", "bank mandiri"),
        ("Bank Central Asia", "BCA"),
        ("Bank Negara Indonesia", "BNI"),
        ("Bank Syariah Indonesia", "BSI"),
        ("Bank Tabungan Negara", "BTN"),
        ("Bank Rakyat Indonesia (BRI)", "PT. BRI (Persero), Tbk"),
        ("BRI KCP Lembayung", "Bank Rakyat Indonesia Cabang Lembayung"),
        ("Bank Mandiri KC Antah", "Bank Mandiri Kantor Cabang Berantah"),
        ("BPD Jateng", "Bank Pembangunan Daerah Jateng"),
    ],
)
def test_one_bank_two_names(one: str, other: str) -> None:
    assert bank_key(one) == bank_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BRI", "BSI"),
        ("Bank Jateng", "Bank Jatim"),
        ("BCA", "BCA Syariah"),
        ("漢", "字"),
        ("Bank", "PT"),
    ],
)
def test_two_banks(one: str, other: str) -> None:
    assert bank_key(one) != bank_key(other)


@pytest.mark.parametrize(
    "text",
    [
        "5cI1E3A9F0",
        "9f8b3c2d1e0a4b5c6d7e8f90",
        "kata sandi = rahasia",
        "Cons ID: 12345",
        "user_key=ab12",
        "Bearer token: 0a",
        "123e4567-e89b-12d3-a456-426614174000",
    ],
)
def test_secrets(text: str) -> None:
    assert looks_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "011/SIM-KP/PLSC/XI/2023",
        "PKS-01-A2-B3-2023/SIM",
        "Jalan Satelit Rekaan Nomor 12, Kota Lembayung",
        "Yoga Andaipratama, S.Kom.",
        "Bridging e-Klinik2024 dengan P-Care",
        "KONTRAK20231120001",
        "Pengelolaan kata sandi dan token pengguna",
    ],
)
def test_no_secrets(text: str) -> None:
    assert not looks_secret(text)


LEVELS = {
    "blocking": """
        certificate.no_signature
        account.no_decree account.same_bank ambulance.ordinary ambulance.remark
        ambulance.special authority.after_signing authority.placeholder cons_id.secret
        document.end_before_date facility.inpatient_kind facility.no_beds facility.no_licence
        jejaring.duplicate jejaring.parent_pks licence.expired_facility licence.facility_not_yet
        offer.kepwil_missing offer.kind offer.method schedule.end_before_start
        schedule.opening_overlap schedule.overlap schedule.queue_code schedule.too_many
        schedule.unknown_staff staff.duplicate_key staff.midwife_needs staff.no_dentist
        staff.no_doctor staff.no_pharmacist staff.not_midwife term.signed_after_end
        term.start_after_end user.duplicate_name
    """,
    "manual": """
        account.blud account.pnbp document.missing document.pma_missing offer.blud_signatory
    """,
    "warning": """
        certificate.no_field certificate.not_printed
        account.not_treasurer account.same_number ambulance.duplicate authority.not_decision
        authority.not_own_name authority.not_sip document.empty_file document.no_list
        document.not_pdf document.number_differs document.too_large facility.beds_without_care
        facility.hospital_without_care facility.poned_kind jejaring.duplicate_pks
        jejaring.licence_not_yet jejaring.no_pks licence.ends_soon name.aceh nik.graduation
        nik.no_date nik.no_serial nik.too_young number.month_differs number.npwp
        number.same_for_both offer.paper schedule.outside_hours staff.midwife_without_member
        staff.no_graduation_year staff.no_laboratory_worker term.ended term.ends_soon term.long
        term.signed_after_start term.vendor_ended user.duplicate_nik user.other_name
    """,
    "info": """
        account.decree_late document.no_accreditation document.no_file document.pma_not_needed
        facility.licence_unused facility.no_participants facility.ownership_unknown
        licence.ends_in_term name.other nik.region number.facility_month number.mobile
        number.unusual_form offer.kepwil_unused schedule.nurse_stands_in
        staff.inpatient_component staff.puskesmas_without_doctor term.not_year_end
        term.signed_on_weekend term.target_outside
    """,
}
"""Which level every code has; a code that is chosen in an expression is not here."""


def codes_in_source() -> dict[str, set[str]]:
    """Return, by level, the first argument of every call that makes a finding."""
    written: dict[str, set[str]] = {level: set() for level in LEVELS}
    for path in {Path(inspect.getfile(check)) for check in CHECKS}:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in LEVELS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    written[node.func.id].add(str(first.value))
                else:
                    assert ast.unparse(first) in {"code", "f'licence.expired_{code}'"}, path
    return written


@pytest.mark.parametrize("level", LEVELS)
def test_level_of_every_code(level: str) -> None:
    assert codes_in_source()[level] == set(LEVELS[level].split())


def test_every_code_has_words_and_a_hint_in_both_languages() -> None:
    written = set().union(*codes_in_source().values()) | {
        "licence.expired_scheduled",
        "licence.expired_unscheduled",
        "offer.manual_kepwil",
        "offer.manual_separate",
        "document.expired",
        "document.ends_soon",
        "staff.specialist_again",
        "staff.duplicate_nik",
        "schedule.jejaring_midwife",
        "schedule.nurse_beside_dokter",
        "schedule.nurse_beside_dokter_gigi",
        "schedule.poli_not_allowed",
    }
    assert len(written) > 70
    assert written - known_codes() == set()
    for code in written:
        assert lookup(code).hint_id, code
        assert lookup(code).hint_en, code


def test_every_check_function_is_in_the_list() -> None:
    listed = {check.__name__ for check in CHECKS}
    defined = {
        node.name
        for path in (Path(pks_kit.rules.__file__).parent / "checks").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("check_")
        and [argument.arg for argument in node.args.args] == ["scope"]
    }
    assert listed == defined
    assert len(CHECKS) == len(listed)


def test_finding_as_json() -> None:
    finding = Finding(
        code="schedule.unknown_staff",
        level="blocking",
        path="x",
        legal_basis="HFIS",
        params={"key": "dr_x"},
    )
    assert finding.as_dict() == {
        "code": "schedule.unknown_staff",
        "level": "blocking",
        "path": "x",
        "message": {
            "id": "Tidak ada tenaga kesehatan dengan kunci «dr_x».",
            "en": "There is no health worker with the key «dr_x».",
        },
        "hint": {
            "id": "Tambahkan orangnya pada tenaga_kesehatan, atau betulkan kuncinya.",
            "en": "Add the person to tenaga_kesehatan, or correct the key.",
        },
        "legal_basis": "HFIS",
    }
