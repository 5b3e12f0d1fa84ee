"""Dates against the term and the printed day, positions, and why a person must decide."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pikepdf
import pytest

from pks_kit.domain.receipt import DATA_ATTACHMENT
from pks_kit.json_form import to_json
from pks_kit.verification.agreement.position import check_positions
from pks_kit.verification.agreement.term import check_term
from pks_kit.verification.report.verdict import SignatureReport
from support import signed_files
from support.judging import judge

RECEIPT = signed_files.receipt_of("AAAA-BBBB-CCCC", 4)


def opened(day: str | None, content: bytes | None = None):
    pdf = pikepdf.new()
    pdf.add_blank_page()
    data = {"pihak_kesatu": {"tanggal_tanda_tangan": day}} if day else {}
    inside = json.dumps(data).encode() if content is None else content
    pdf.attachments[DATA_ATTACHMENT] = pikepdf.AttachedFileSpec(pdf, inside, filename="x")
    out = io.BytesIO()
    pdf.save(out)
    return SimpleNamespace(pdf=pikepdf.open(io.BytesIO(out.getvalue())))


def signed(time, *, claimed=None, kind="signature", test=False):
    return SignatureReport(
        field="TTD", kind=kind, time=time, claimed_time=claimed, test_authority=test
    )


def told(*reports: SignatureReport, day: str | None = None, content: bytes | None = None):
    checks, notes = check_term(opened(day, content), reports, RECEIPT)  # type: ignore[arg-type]
    assert all(one.message.id and "{" not in one.message.id for one in checks)
    return [f"{one.status}/{one.reason}" for one in checks] + [one.code for one in notes]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2023-12-20T03:00:00+00:00", ["passed/before_start"]),
        ("2024-02-01T03:00:00+00:00", ["passed/within"]),
        ("2024-12-31T16:59:59+00:00", ["passed/within"]),  # 23.59 WIB on the last day
        ("2024-12-31T17:00:00+00:00", ["indeterminate/after_end"]),
        ("2025-06-01T03:00:00+00:00", ["indeterminate/after_end"]),
    ],
)
def test_term(time, expected):
    assert told(signed(time)) == expected


def test_times_of_every_kind():
    late = "2025-06-01T03:00:00+00:00"
    assert told(signed(None, claimed=late)) == ["indeterminate/claimed_after_end"]
    assert told(signed("2023-12-20T03:00:00+00:00", claimed=late)) == ["passed/before_start"]
    assert told(signed(late, kind="meterai")) == ["indeterminate/stamp_after_end"]
    assert told(signed(late, kind="timestamp")) == []
    assert told(signed(None)) == []


def test_printed_day():
    early = signed("2023-12-20T03:00:00+00:00")
    assert told(early, day="2023-12-27") == ["indeterminate/before_day"]
    assert told(early, day="2023-12-21") == ["passed/before_start"]  # another zone's morning
    assert told(early, day="2023-12-20") == ["passed/before_start"]
    assert told(early, day="2023-12-01") == ["passed/before_start"]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"pihak_kesatu": 3}', b"[" * 9000, b"\xff"])
def test_hostile_data_is_no_day(content):
    assert told(signed("2023-12-20T03:00:00+00:00"), content=content) == ["passed/before_start"]


def test_samples_signed_late_by_a_test_authority_are_noted():
    late = "2025-06-01T03:00:00+00:00"
    assert told(signed(late, test=True)) == ["term_test"]
    assert told(signed("2023-12-20T03:00:00+00:00", test=True)) == ["passed/before_start"]


def test_signing_after_the_end_in_a_whole_file():
    start = signed_files.issued()
    late = datetime.combine(date(2025, 1, 2), signed_files.NOW.timetz())
    report = judge(
        signed_files.sign(start, "TTD_PIHAK_KESATU", signed_files.world().kepala, moment=late)
    )
    assert "term_test" in {note.code for note in report.notes}
    assert "parties.term" not in {one.code for one in report.checks}


def test_reasons_for_a_person():
    similar = signed_files._certificate(
        signed_files.name("RATNA KUSUMAWARDHANI", "BPJS"), signed_files.world().root
    )
    report = judge(signed_files.sign(signed_files.issued(), "TTD_PIHAK_KESATU", similar))
    found = next(one for one in report.checks if one.reason == "similar")
    assert found.message.id.endswith("mirip tetapi tidak sama: ejaannya lain.")
    assert found.message.en.endswith("similar but not the same: it is spelled otherwise.")
    assert json.loads(json.dumps(to_json(found)))["params"]["why"] == "person.why.spelling"


@pytest.mark.parametrize(
    ("certified", "why"),
    [
        ("KLINIK RATNA KUSUMAWARDANI", "organisation"),
        ("RATNA SRI KUSUMAWARDANI", "further"),
        ("RATNA KUSUMAWARDANI, Budi Hartono", "further"),
    ],
)
def test_a_certificate_of_more_than_the_person_waits_for_a_person(certified, why):
    identity = signed_files._certificate(
        signed_files.name(certified, "BPJS"), signed_files.world().root
    )
    report = judge(signed_files.sign(signed_files.issued(), "TTD_PIHAK_KESATU", identity))
    found = next(one for one in report.checks if one.code == "parties.person")
    assert (found.status, found.reason) == ("indeterminate", "similar")
    assert found.params["why"] == f"person.why.{why}"


def _positioned(title: object):
    native = {"common_name": "Ratna", "title": title} if title else {"common_name": "Ratna"}
    certificate = SimpleNamespace(subject=SimpleNamespace(native=native))
    report = SignatureReport(field="T", kind="signature", place="TTD_PIHAK_KESATU")
    embedded = SimpleNamespace(signer_cert=certificate)
    return SimpleNamespace(report=report, found=SimpleNamespace(embedded=embedded))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("KEPALA CABANG", ["passed/same"]),
        ("Kepala", ["passed/same"]),
        (["Kepala", "Cabang Contoh"], ["passed/same"]),
        ("Direktur", ["indeterminate/different"]),
        (None, []),
    ],
)
def test_position(title, expected):
    places = tuple(
        one.model_copy(update={"jabatan": "Kepala Cabang Contoh"}) for one in RECEIPT.places
    )
    receipt = RECEIPT.model_copy(update={"places": places})
    checks = check_positions([_positioned(title)], receipt)  # type: ignore[list-item]
    assert [f"{one.status}/{one.reason}" for one in checks] == expected
    assert check_positions([_positioned(title)], None) == []  # type: ignore[list-item]


def test_zone_margin_is_one_day():
    moment = signed_files.NOW.replace(hour=16) + timedelta(hours=2)
    assert told(signed(moment.isoformat()), day="2023-12-22") == ["passed/before_start"]
