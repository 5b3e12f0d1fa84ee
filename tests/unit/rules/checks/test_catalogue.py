"""All checks together: one fault gives one finding; words, hints and bases for every code."""

from __future__ import annotations

import ast
import inspect
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

import pks_kit.rules
from pks_kit.domain.kontrak import CaraKontrak
from pks_kit.domain.sifat_faskes import JenisFaskes
from pks_kit.errors import NotInForceError
from pks_kit.json_form import to_json
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
)
from support.own_sources import nodes_of, tree_of
from support.sample import sample


def test_sample_has_only_its_impossible_region_code() -> None:
    assert found(
        sample(), daftar_jenis_tersedia={"klinik_pratama"}, daftar_cara_tersedia={"elektronik"}
    ) == [
        ("info", "certificate.prepared_field", "tanda_tangan_elektronik"),
        ("info", "nik.region", "tenaga_kesehatan[0].nik"),
    ]


@pytest.mark.parametrize("kind", [PUSKESMAS, TPMD], ids=["puskesmas", "tpmd"])
def test_other_kinds_can_be_faultless(kind: dict[str, Any]) -> None:
    assert faults(kind) == []


def test_a_military_clinic_needs_a_person_for_its_account() -> None:
    assert faults(TNI) == [("manual", "account.pnbp", "rekening.utama")]


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
        "dokumen": [],
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
        owner.after_signing owner.kind owner.other_signs
        recredential.order recredential.score recredential.year_twice
        certificate.no_signature certificate.service_refuses_field
        account.no_decree account.same_bank ambulance.ordinary ambulance.remark
        ambulance.special authority.after_signing authority.placeholder cons_id.secret
        document.end_before_date document.missing document.pma_missing facility.inpatient_kind
        facility.no_beds facility.no_licence
        jejaring.duplicate jejaring.parent_pks licence.expired_facility licence.facility_not_yet
        offer.kepwil_missing offer.kind past.graduation offer.method schedule.end_before_start
        schedule.opening_overlap schedule.overlap schedule.queue_code schedule.too_many
        schedule.unknown_staff staff.duplicate_key staff.midwife_needs staff.no_dentist
        staff.no_doctor staff.no_pharmacist staff.not_midwife term.signed_after_end
        term.figures_unknown term.start_after_end user.duplicate_name
    """,
    "manual": """
        owner.no_approval owner.no_blud_decree owner.no_deed owner.no_nik
        owner.no_power recredential.none
        account.blud account.pnbp document.no_list offer.blud_signatory
        term.figures_later
    """,
    "warning": """
        owner.blud_unused owner.nik_differs owner.nik_unused owner.order
        owner.ownership_differs owner.paper_unused owner.power_to_self owner.power_unused
        recredential.beyond recredential.half recredential.year
        certificate.no_field certificate.not_printed
        account.not_treasurer account.same_number ambulance.duplicate authority.not_decision
        authority.not_own_name authority.not_sip coverage.emergency_nobody
        coverage.inpatient_closes coverage.inpatient_nobody coverage.no_session
        document.missing_unconfirmed document.number_differs facility.beds_without_care
        facility.hospital_without_care facility.poned_kind jejaring.duplicate_pks
        jejaring.no_pks licence.ends_soon name.aceh nik.graduation
        term.signed_long_before date.too_early date.too_late email.no_domain name.doctorate
        name.one_case nik.no_date nik.no_serial nik.too_young number.month_differs number.npwp
        number.same_for_both offer.paper schedule.outside_hours staff.midwife_without_member
        staff.no_graduation_year staff.no_laboratory_worker staff.specialist_general
        staff.specialist_title staff.usg_no_certificate staff.usg_training term.ended term.ends_soon
        term.long
        term.signed_after_start term.signing_day_gone term.vendor_ended text.quoted text.spoilt
        user.duplicate_nik user.other_name
    """,
    "info": """
        owner.other_region recredential.late
        document.no_accreditation document.no_file document.pma_not_needed
        facility.licence_unused facility.no_participants facility.ownership_unknown
        certificate.prepared_field licence.ends_in_term name.other name.place_one_case nik.region
        number.facility_month number.mobile
        number.unusual_form offer.kepwil_unused schedule.nurse_stands_in
        staff.inpatient_component staff.puskesmas_without_doctor term.not_year_end
        term.signed_on_weekend term.target_outside
    """,
}
"""Which level every code has; a code that is chosen in an expression is not here."""
BY_CASE = {
    "account.decree_late",
    "jejaring.licence_not_yet",
    "past.after_signing",
    "staff.deceased",
    "coverage.emergency_no_doctor",
    "document.empty_file",
    "document.not_pdf",
    "document.too_large",
}
"""Codes whose level is decided by the case (``make``)."""


def codes_in_source() -> dict[str, set[str]]:
    """Return, by level, the first argument of every call that makes a finding."""
    written: dict[str, set[str]] = {level: set() for level in (*LEVELS, "make")}
    for path in {Path(inspect.getfile(check)) for check in CHECKS}:
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in written and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    written[node.func.id].add(str(first.value))
                else:
                    assert ast.unparse(first) in {"code", "f'licence.expired_{code}'"}, path
    return written


@pytest.mark.parametrize("level", LEVELS)
def test_level_of_every_code(level: str) -> None:
    assert codes_in_source()[level] == set(LEVELS[level].split())


def test_codes_whose_level_is_decided_by_the_case() -> None:
    assert codes_in_source()["make"] == BY_CASE


def test_every_code_has_words_and_a_hint_in_both_languages() -> None:
    written = set().union(*codes_in_source().values()) | {
        "licence.expired_scheduled",
        "licence.expired_unscheduled",
        "offer.manual_kepwil",
        "owner.missing",
        "owner.no_domicile",
        "offer.manual_separate",
        "document.expired",
        "document.ends_soon",
        "coverage.nobody",
        "coverage.no_doctor",
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
        for node in tree_of(path).body
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
    assert to_json(finding) == {
        "code": "schedule.unknown_staff",
        "level": "blocking",
        "path": "x",
        "pointer": "/x",
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
