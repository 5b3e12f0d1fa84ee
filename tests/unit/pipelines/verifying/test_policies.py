"""Policies per kind of document: data, limits by parameter, scans judged by what was measured."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pks_kit.cli.verify import verify_command
from pks_kit.errors import InputError, UsageError
from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.parsing import ParserFailure
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.pipelines.verifying.policies import policies_in_force, policy_in_force
from pks_kit.policy.document_policy import load_policy, policy_names
from pks_kit.rules.law.parameters import load_parameters
from pks_kit.verification.file.page_images import nearest_paper
from pks_kit.verification.file.page_pass import look_through
from pks_kit.verification.isolation.parent import run_inline
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.details import PageScan
from pks_kit.verification.report.verdict import VerifyReport
from support import scans, signed_files, tamper
from support.judging import LATER, SIGNING_ROOT, failures, job, unknowns

DAY = date(2024, 1, 15)
ALWAYS_OPEN = {"paper.original/undecided", "policy.signatures/on_paper", "parties.missing/unsigned"}
"""What no scan of a signed paper can ever prove."""


def judged(content: bytes, kind: str, **more: object) -> VerifyReport:
    task = replace(job(content, **more), policy=policy_in_force(kind, DAY))  # type: ignore[arg-type]
    return run_inline(task).report


def told(report: VerifyReport) -> set[str]:
    return {f"{check.code}/{check.reason}" for check in report.checks}


# --- data -------------------------------------------------------------------------------------


def test_every_policy_is_readable_and_names_its_sources() -> None:
    found = {one.kebijakan.nama: one for one in policies_in_force(DAY)}
    assert {
        "pks_final_elektronik", "pks_final_digital", "pks_final_manual", "pks_bidan",
        "surat_registrasi", "sio", "sio_registrasi", "bukti_pma", "sip", "sertifikat_akreditasi",
        "surat_rekening", "surat_pernyataan", "umum",
    } <= set(found)  # fmt: skip
    assert all(one.kebijakan.dasar_hukum for one in found.values())
    profiles = {path.stem for path in (SIGNING_ROOT / "profiles").glob("*.yml")}
    finals = {one.kebijakan.tanda_tangan.profil for one in found.values()} - {None}
    assert finals == profiles


def test_sizes_come_from_the_parameters() -> None:
    limits = {one.kebijakan.nama: one.ukuran_bita for one in policies_in_force(DAY)}
    midwife = load_parameters().resolve("dokumen.pks_bidan_bita", DAY).nilai
    registration = load_parameters().resolve("dokumen.registrasi_bita", DAY).nilai
    assert limits["pks_bidan"] == midwife == 1024 * 1024
    of_the_ministry = {limits[kind] for kind in ("sio_registrasi", "bukti_pma", "surat_registrasi")}
    assert of_the_ministry == {registration}
    assert (
        limits["sio"] is limits["sip"] is limits["umum"] is limits["pks_final_elektronik"] is None
    )
    for path in (SIGNING_ROOT / "policies").glob("*.yml"):
        assert "1048576" not in path.read_text(encoding="utf-8")


def test_wrong_names_and_files_are_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        policy_in_force("paspor", DAY)
    assert caught.value.code == "policy.unknown"
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "aneh.yml").write_text("nama: lain\n")
    assert policy_names(tmp_path) == ("aneh",)
    with pytest.raises(InputError) as bad:
        load_policy(tmp_path, "aneh")
    assert bad.value.code == "policy.invalid"


# --- which policy -----------------------------------------------------------------------------


def test_receipt_chooses_the_policy_and_nothing_changes_for_agreements() -> None:
    start, *_, done = signed_files.signed_steps()
    report = run_inline(job(done, issued=start)).report
    assert (report.verdict, report.jenis) == ("passed", "pks_final_elektronik")
    assert judged(done, "pks_final_elektronik", issued=start).verdict == "passed"


def test_file_of_somebody_else_is_any_pdf_with_an_open_question() -> None:
    """Only who says ``umum`` himself gives up the question who had to sign."""
    foreign = signed_by_others(signed_files.plain_pdf())
    report = run_inline(job(foreign)).report
    assert report.jenis == "umum"
    assert unknowns(report) == {"parties.profile/unknown"}
    named = judged(foreign, "umum")
    assert (named.verdict, named.jenis) == ("passed", "umum"), unknowns(named)


def signed_by_others(content: bytes) -> bytes:
    box = signed_files.fields.SigFieldSpec("Signature1", on_page=0, box=(50, 50, 200, 100))
    return signed_files.sign(content, "Signature1", signed_files.world().kepala, new_field=box)


def test_saved_several_times_before_the_signature_is_no_change_after_it() -> None:
    edited = tamper.appended(signed_files.plain_pdf(), tamper.new_annotation)
    report = judged(signed_by_others(edited), "umum")
    assert not failures(report)
    later = tamper.appended(signed_by_others(edited), tamper.changed_box)
    assert judged(later, "umum").verdict != "passed"


def test_unsigned_file_is_unknown_as_any_pdf_but_missing_as_agreement() -> None:
    assert unknowns(judged(signed_files.plain_pdf(), "umum")) >= {"parties.missing/unsigned"}
    assert not failures(judged(signed_files.plain_pdf(), "umum"))
    final = judged(signed_files.plain_pdf(), "pks_final_elektronik")
    assert "parties.missing/no_signature" in failures(final)


def test_unknown_authority_and_encryption_are_unknown_for_any_pdf() -> None:
    from support.judging import anchors_of

    foreign = signed_by_others(signed_files.plain_pdf())
    report = judged(foreign, "umum", anchors=anchors_of("UJI lain"))
    assert "signature.trust/no_chain" in unknowns(report)
    assert not failures(report)
    assert unknowns(judged(tamper.encrypted(), "umum")) == {"file.encrypted/restricted"}
    assert failures(judged(tamper.encrypted(), "sio")) == {"file.encrypted/restricted"}


@pytest.mark.slow
def test_tampered_file_still_fails_as_any_pdf() -> None:
    done = signed_files.signed_steps()[-1]
    for change in (tamper.changed_content, tamper.new_page, tamper.script):
        assert judged(tamper.appended(done, change), "umum").verdict == "failed"
    assert judged(tamper.replaced_byte(done, 700), "umum").verdict == "failed"


def test_agreement_is_no_licence_and_methods_differ() -> None:
    done = signed_files.signed_steps()[-1]
    assert "policy.kind/agreement" in failures(judged(done, "sio"))
    assert "policy.kind/other_method" in failures(judged(done, "pks_final_digital"))


# --- size, pages, form ------------------------------------------------------------------------


def test_size_limit_of_the_kind() -> None:
    page = scans.jpeg(scans.sheet())
    big = scans.scanned(page, padding=1024 * 1024)
    assert "policy.size/too_large" in failures(judged(big, "pks_bidan"))
    check = next(c for c in judged(big, "pks_bidan").checks if c.code == "policy.size")
    assert "HFIS" in check.message.id
    assert "policy.size/within" in told(judged(big, "sio_registrasi"))
    assert not any(code.startswith("policy.size") for code in told(judged(big, "sio")))
    assert "policy.size/within" in told(judged(scans.scanned(page), "pks_bidan"))
    assert not any(code.startswith("policy.size") for code in told(judged(big, "sip")))


def test_scan_of_an_electronic_agreement_is_refused() -> None:
    report = judged(scans.scanned(scans.jpeg(scans.sheet())), "pks_final_elektronik")
    assert "policy.form/scan" in failures(report)


def test_word_processor_file_is_no_original() -> None:
    drawn = signed_files.issued(lines=("Surat izin",))
    plain = tamper.raw_pdf(tamper.PLAIN)
    assert "policy.kind/agreement" in failures(judged(drawn, "sip"))
    assert "policy.form/blank" in unknowns(judged(plain, "sip"))
    words = scans.scanned(scans.jpeg(scans.sheet().resize((20, 28))), page_size=(5000, 5000))
    assert judged(words, "sip").verdict == "indeterminate"


# --- scans ------------------------------------------------------------------------------------


def test_good_scan_is_never_passed_but_says_what_was_measured() -> None:
    report = judged(scans.scanned(scans.jpeg(scans.sheet(200))), "sip")
    assert report.verdict == "indeterminate"
    assert unknowns(report) == ALWAYS_OPEN
    assert {"policy.form/scanned", "policy.resolution/enough", "policy.colour/colour"} <= told(
        report
    )
    original = next(c for c in report.checks if c.code == "paper.original")
    assert original.evidence == "visual"
    assert (original.params["dpi"], original.params["paper"]) == (200, "A4")


def sheets_of(content: bytes, limits: Limits | None = None) -> tuple[PageScan, ...]:
    pdf = open_with_qpdf(content)
    found = look_through(content, pdf, (limits or Limits()).pixels, sheets=True).sheets
    assert not isinstance(found, ParserFailure)
    return found


def test_recognised_text_under_a_scan_does_not_make_it_digital() -> None:
    hidden = b"BT /F1 12 Tf 3 Tr 100 700 Td (SURAT IZIN PRAKTIK) Tj ET"
    shown = hidden.replace(b"3 Tr", b"0 Tr")
    page = scans.jpeg(scans.sheet())
    forms = [sheets_of(scans.scanned(page, words=words))[0].form for words in (b"", hidden, shown)]
    assert forms == ["scan", "scan", "mixed"]
    assert sheets_of(signed_files.issued())[0].form == "digital"
    assert sheets_of(signed_files.plain_pdf())[0].form == "blank"


def test_coarse_grey_and_bilevel_scans_are_for_a_person() -> None:
    coarse = judged(scans.scanned(scans.jpeg(scans.sheet(75))), "sip")
    assert "policy.resolution/low" in unknowns(coarse)
    grey = judged(scans.scanned(scans.jpeg(scans.sheet(stamp=False))), "sip")
    assert {"policy.colour/grey", "paper.original/copy_like"} <= unknowns(grey)
    bilevel = judged(scans.scanned(scans.png(scans.sheet(mode="1"))), "sip")
    assert {"policy.colour/bilevel", "paper.original/copy_like"} <= unknowns(bilevel)
    assert not failures(coarse) | failures(grey) | failures(bilevel)


def test_photo_is_named_with_its_reasons() -> None:
    taken = scans.scanned(scans.jpeg(scans.photo(), camera=True), page_size=(1600, 1200))
    report = judged(taken, "sip")
    assert "paper.original/photo_like" in unknowns(report)
    check = next(c for c in report.checks if c.code == "paper.original")
    assert {"camera", "paper", "surroundings"} <= set(check.details["hints"])
    assert "kamera" in check.message.id
    assert "camera" in check.message.en
    only_exif = scans.scanned(scans.jpeg(scans.sheet(), camera=True))
    assert "paper.original/photo_like" in unknowns(judged(only_exif, "sip"))


def test_flate_scan_is_measured_like_a_jpeg() -> None:
    assert unknowns(judged(scans.scanned(scans.png(scans.sheet())), "sip")) == ALWAYS_OPEN


def test_pictures_beyond_the_budget_stay_unknown() -> None:
    found = sheets_of(scans.scanned(scans.jpeg(scans.sheet())), Limits(pixels=1000))
    assert (found[0].colour, found[0].dpi) == ("unknown", 150)


def test_papers() -> None:
    named = [nearest_paper(*size) for size in ((595, 842), (842, 595), (609, 935), (612, 792))]
    assert named == ["A4", "A4", "F4", "Letter"]
    assert nearest_paper(1600, 1200) == nearest_paper(0, 0) == ""


def test_electronic_signature_of_an_officer_is_told_but_not_matched() -> None:
    page = scans.scanned(scans.jpeg(scans.sheet()))
    report = judged(signed_by_others(page), "sio")
    assert "policy.signatures/person" in unknowns(report)
    check = next(c for c in report.checks if c.code == "policy.signatures")
    assert "Ratna Kusumawardani" in str(check.params["signers"])


# --- doors ------------------------------------------------------------------------------------


def test_command_names_the_kind(tmp_path: Path) -> None:
    page = tmp_path / "sip.pdf"
    page.write_bytes(scans.scanned(scans.jpeg(scans.sheet())))
    result = CliRunner().invoke(verify_command, [str(page), "--jenis", "sip", "--json"])
    assert result.exit_code == 31
    assert json.loads(result.stdout)["jenis"] == "sip"
    wrong = CliRunner().invoke(verify_command, [str(page), "--jenis", "paspor", "--json"])
    assert wrong.exit_code == 2
    assert json.loads(wrong.stdout)["error"]["code"] == "policy.unknown"
    assert CliRunner().invoke(verify_command, []).exit_code == 2


def test_command_lists_the_kinds() -> None:
    listed = CliRunner().invoke(verify_command, ["--list-jenis"]).stdout
    assert "pks_bidan" in listed
    assert "1048576" in listed
    shown = json.loads(CliRunner().invoke(verify_command, ["--list-jenis", "--json"]).stdout)
    assert {one["kebijakan"]["nama"] for one in shown["jenis"]} == set(policy_names(SIGNING_ROOT))


def test_library_call_names_the_kind(tmp_path: Path) -> None:
    page = tmp_path / "x.pdf"
    page.write_bytes(scans.scanned(scans.jpeg(scans.sheet())))
    request = VerifyRequest(pdf=page, clock=lambda: LATER, jenis="sip", isolated=False)
    assert verify(request).report.jenis == "sip"
