"""Honest files: called what they are, with the words of the report."""

from __future__ import annotations

import io

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext

from pks_kit.verification.report.headline import headline
from support import signed_files
from support.judging import anchors_of, failures, judge, unknowns
from support.processes import ending


def test_four_steps_pass_against_the_issued_file() -> None:
    start, *_, done = signed_files.signed_steps()
    report = judge(done, issued=start)
    assert report.verdict == "passed", (failures(report), unknowns(report))
    assert report.compared_with_issued
    assert report.agreement_id == "AAAA-BBBB-CCCC"
    assert [s.kind for s in report.signatures] == ["signature", "meterai"] * 2
    assert [s.role for s in report.signatures] == ["pihak_kesatu"] * 2 + ["pihak_kedua"] * 2
    assert [s.revision for s in report.signatures] == [1, 2, 3, 4]
    assert [r.kind for r in report.revisions] == ["base", *["signature", "meterai"] * 2]
    assert report.signatures[1].serial_number == signed_files.SN_1


def test_receipt_alone_is_enough_to_compare_with_the_issued_file() -> None:
    start, *_, done = signed_files.signed_steps()
    report = judge(done, receipt=signed_files.receipt_beside(start))
    assert report.verdict == "passed"
    assert report.compared_with_issued


def test_without_issued_file_the_comparison_is_unknown_and_said_so() -> None:
    report = judge(signed_files.signed_steps()[-1])
    assert report.verdict == "passed"
    assert not report.compared_with_issued
    assert "issued_not_compared" in {note.code for note in report.notes}
    assert not any(check.code == "issued.prefix" for check in report.checks)


def test_test_authority_is_always_named() -> None:
    report = judge(signed_files.signed_steps()[-1])
    assert report.test_authority
    reasons = {c.reason for c in report.checks if c.code == "signature.trust"}
    assert reasons == {"test"}
    assert {c.reason for c in report.checks if c.code == "meterai.genuine"} == {"test"}


def test_no_anchor_is_unknown_not_untrusted() -> None:
    report = judge(signed_files.signed_steps()[-1], anchors=())
    assert report.verdict == "indeterminate"
    assert not failures(report)
    assert "signature.trust/no_anchor_test" in unknowns(report)
    assert {s.trusted for s in report.signatures} == {None}
    assert {s.intact for s in report.signatures} == {True}


def test_bare_issued_file_misses_everything() -> None:
    report = judge(signed_files.issued(), issued=signed_files.issued())
    missing = [c for c in report.checks if c.code == "parties.missing"]
    assert report.verdict == "failed"
    assert [c.params["step"] for c in missing] == [
        "p1_tanda_tangan",
        "p1_meterai",
        "p2_tanda_tangan",
        "p2_meterai",
    ]
    assert failures(report) == {"parties.missing/signature", "parties.missing/stamp"}


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_unfinished_file_fails_only_for_what_is_missing(steps: int) -> None:
    files = signed_files.signed_steps()
    report = judge(files[steps], issued=files[0])
    assert {code.split("/")[0] for code in failures(report)} == {"parties.missing"}
    assert sum(c.code == "parties.missing" for c in report.checks) == 4 - steps
    assert not unknowns(report)


def test_optional_place_signed_after_everything_passes() -> None:
    start, *_, done = signed_files.signed_steps()
    bidan = signed_files._certificate(
        signed_files.name("SARI", "Bidan Sari"), signed_files.world().root
    )
    more = signed_files.sign(done, "TTD_JEJARING_1", bidan)
    report = judge(more, issued=start)
    assert "parties.person/different" not in failures(report)
    assert report.signatures[-1].role == "jejaring"
    assert report.revisions[-1].kind == "signature"


def test_unsigned_optional_places_are_notes() -> None:
    report = judge(signed_files.signed_steps()[-1])
    told = [n.params["places"] for n in report.notes if n.code == "open_places"]
    assert told == ["TTD_JEJARING_1 (3)"]
    assert report.verdict == "passed"
    # the first line a person reads does not hide them
    assert "Namun 1 tempat bagi jejaring" in headline(report).id
    assert "statements in this file are empty (1)" in headline(report).en


def _with_dss(content: bytes) -> bytes:
    target = io.BytesIO(content)
    context = ValidationContext(
        trust_roots=[signed_files._asn1(signed_files.world().root.certificate)]
    )
    certificates = [signed_files._asn1(signed_files.world().root.certificate)]
    DocumentSecurityStore.add_dss(
        target, sig_contents=None, certs=certificates, validation_context=context
    )
    return target.getvalue()


def _with_document_timestamp(content: bytes) -> bytes:
    target = io.BytesIO()
    signers.PdfTimeStamper(signed_files.stamper_of(signed_files.world())).timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content)), "sha256", output=target
    )
    return target.getvalue()


def test_validation_material_and_document_timestamp_may_follow() -> None:
    start, *_, done = signed_files.signed_steps()
    with_material = _with_dss(done)
    report = judge(with_material, issued=start)
    assert report.verdict == "passed", failures(report)
    assert report.revisions[-1].kind == "dss"
    report = judge(_with_document_timestamp(with_material), issued=start)
    assert report.verdict == "passed", (failures(report), unknowns(report))
    assert report.revisions[-1].kind == "timestamp"
    assert report.signatures[-1].kind == "timestamp"


def test_old_pkcs7_signature_with_its_own_signing_time_is_still_judged() -> None:
    one = signed_files.sign(
        signed_files.issued(),
        "TTD_PIHAK_KESATU",
        signed_files.world().kepala,
        subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    )
    report = judge(one, issued=signed_files.issued())
    assert {code.split("/")[0] for code in failures(report)} == {"parties.missing"}


def test_file_of_somebody_else_gets_honest_words() -> None:
    """No receipt anywhere: signatures are judged, who had to sign is unknown."""
    foreign = signed_files.sign(
        signed_files.plain_pdf(),
        "Signature1",
        signed_files.world().kepala,
        new_field=signed_files.fields.SigFieldSpec("Signature1", on_page=0, box=(50, 50, 200, 100)),
    )
    report = judge(foreign)
    assert not failures(report)
    assert unknowns(report) == {"parties.profile/unknown"}
    assert "no_receipt" in {note.code for note in report.notes}


@pytest.mark.slow
def test_seventy_pages_come_to_an_end() -> None:
    """What they cost is measured in ``benchmarks/bench.py``."""
    start, *_, done = signed_files.signed_steps(70)
    with ending():
        report = judge(done, issued=start)
    assert report.verdict == "passed"


def test_anchor_of_somebody_else_does_not_help() -> None:
    report = judge(signed_files.signed_steps()[-1], anchors=anchors_of("UJI lain"))
    assert "signature.trust/no_chain" in failures(report)
    assert {s.trusted for s in report.signatures} == {False}
