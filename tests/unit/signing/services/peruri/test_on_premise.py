"""Peruri with an adapter of one's own: buy, stamp, and every fault on the way."""

from __future__ import annotations

import asyncio
import logging
import shutil
import subprocess
import threading
from dataclasses import replace
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from pks_kit.errors import UnknownOutcomeError
from pks_kit.signing.services.peruri.adapter import MAYBE_DONE, NOTHING_DONE
from support.fakes.peruri_stamps import Style
from support.peruri_world import SECRETS, Step, lokal, refusal, run
from support.signing_world import NOW, later, sign_once


def bought(fake, step, provider=None):
    provider = provider or lokal(fake)
    return provider, run(provider.issue(step.order))


# --- it works ----------------------------------------------------------------------------------


@pytest.mark.parametrize("legacy", [False, True])
def test_a_stamp_of_both_shapes_passes_every_check(peruri, step, legacy):
    peruri.style = Style(legacy=legacy)
    provider, meterai = bought(peruri, step)
    after = run(provider.stamp(step.job(meterai)))
    checked = step.checked(after)
    assert checked.added.sn == meterai.sn
    assert checked.added.is_uji
    assert checked.added.field == (f"Emet{meterai.sn}" if not legacy else checked.added.field)
    assert provider.is_uji
    assert run(provider.state(meterai.sn)) == "stamped"
    assert peruri.book.money == 10_000


@pytest.mark.slow
def test_two_parties_sign_and_stamp_and_other_tools_agree(peruri, issued, steps, sandbox, tmp_path):
    provider = lokal(peruri)
    first = Step(issued, steps[0])
    one = run(provider.stamp(first.job(run(provider.issue(first.order)))))
    first.checked(one)
    signed = asyncio.run(sign_once(one, issued.receipt, sandbox, "pihak_kedua", now=later(10))).pdf
    second = Step(issued, signed, "pihak_kedua")
    two = run(provider.stamp(second.job(run(provider.issue(second.order)))))
    assert len(second.checked(two).state.filled) == 4
    context = ValidationContext(
        trust_roots=[_asn1(sandbox.root)], allow_fetching=False, moment=later(20)
    )
    signatures = PdfFileReader(BytesIO(two)).embedded_signatures
    assert len(signatures) == 4
    for found in signatures:
        status = validate_pdf_signature(found, context)
        assert status.intact
        assert status.valid
        assert status.trusted
        assert status.docmdp_ok
    path = tmp_path / "dua.pdf"
    path.write_bytes(two)
    shown = subprocess.run(
        [shutil.which("pdfsig") or "pdfsig", "-nocert", str(path)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert shown.count("Signature is Valid.") == 4
    assert peruri.book.money == 20_000
    assert peruri.most_busy == 1


def test_the_verifier_takes_the_stamps_for_test_stamps(peruri, issued, step, sandbox):
    from pks_kit.pki.anchors import read_anchors
    from pks_kit.resources import signing_root
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.isolation.parent import run_inline
    from pks_kit.verification.limits import Limits

    provider, meterai = bought(peruri, step)
    after = run(provider.stamp(step.job(meterai)))
    job = Examination(
        content=after, issued=issued.pdf, receipt=issued.receipt,
        anchors=tuple(read_anchors(sandbox.root_pem, "root.pem", {})), signing_root=signing_root(),
        now=later(60), kit_version="0", limits=Limits(),
    )  # fmt: skip
    report = run_inline(job).report
    assert [one.kind for one in report.revisions][:3] == ["base", "signature", "meterai"]
    failed = {one.code for one in report.checks if one.status == "failed"}
    assert not {code for code in failed if code.startswith("meterai")}


def test_ready(peruri, step):
    run(lokal(peruri).check_ready(NOW))
    assert peruri.book.money == 0


def test_what_the_adapter_is_sent(peruri, step):
    provider, meterai = bought(peruri, step)
    run(provider.stamp(step.job(meterai)))
    body = next(body for name, body in peruri.book.calls if name == "stamp")
    assert body["certificatelevel"] == "NOT_CERTIFIED"
    assert body["refToken"] == meterai.sn
    assert body["src"] == f"/sharefolder/UNSIGNED/{meterai.sn}.pdf"
    assert body["spesimenPath"] == f"/sharefolder/STAMP/{meterai.sn}.jpg"  # whatever its name was
    assert "retryFlag" not in body
    assert body["visURX"] - body["visLLX"] == body["visURY"] - body["visLLY"]
    assert (peruri.sharefolder / "UNSIGNED" / f"{meterai.sn}.pdf").read_bytes() == step.pdf


# --- not ready ---------------------------------------------------------------------------------


def test_something_else_answers_for_the_adapter(peruri):
    peruri.fault("root", "other")
    assert refusal(lambda: run(lokal(peruri).check_ready(NOW))).code == "meterai.not_adapter"


def test_a_missing_folder(peruri):
    (peruri.sharefolder / "SIGNED").rmdir()
    assert refusal(lambda: run(lokal(peruri).check_ready(NOW))).code == "meterai.folder"


def test_a_wrong_container_folder_is_told_by_the_adapter(peruri, step):
    provider = lokal(peruri, folder_kontainer="/lain")
    meterai = run(provider.issue(step.order))
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert error.code == "meterai.adapter.92"
    assert "FileNotFoundException" in str(error)


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["/app/sharefolder", "sharefolder", "/sharefolder/"])
def test_the_container_folder_with_and_without_its_prefix(peruri, step, folder):
    provider = lokal(peruri, folder_kontainer=folder)
    meterai = run(provider.issue(step.order))
    step.checked(run(provider.stamp(step.job(meterai))))


# --- the adapter refuses -----------------------------------------------------------------------


@pytest.mark.sampled(3)
@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(NOTHING_DONE))
def test_adapter_codes_before_anything_was_done(peruri, step, code):
    provider, meterai = bought(peruri, step)
    peruri.fault("stamp", f"code:{code}:alasan NIK 3174 0912 0785 0003")
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert error.code == f"meterai.adapter.{code}"
    assert not isinstance(error, UnknownOutcomeError)
    assert "alasan" in str(error)
    assert "3174" not in str(error)
    assert run(provider.state(meterai.sn)) == "unused"
    step.checked(run(provider.stamp(step.job(meterai))))
    assert peruri.book.money == 10_000


@pytest.mark.sampled(3)
@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(MAYBE_DONE))
def test_adapter_codes_after_which_nobody_knows(peruri, step, code):
    provider, meterai = bought(peruri, step)
    peruri.fault("stamp", f"code:{code}")
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert error.code == f"meterai.adapter.{code}"
    assert isinstance(error, UnknownOutcomeError)
    step.checked(run(provider.stamp(step.job(meterai, is_retry=True))))
    assert peruri.book.money == 10_000


@pytest.mark.parametrize("fault", ["code:X99:apa", "false_without_code", "html", "500"])
def test_answers_that_nobody_understands(peruri, step, fault):
    provider, meterai = bought(peruri, step)
    peruri.fault("stamp", fault)
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert isinstance(error, UnknownOutcomeError)
    assert error.code in ("meterai.adapter.other", "meterai.answer_unclear", "service.no_answer")


def test_every_adapter_code_has_words():
    from pks_kit.messages import known_codes

    codes = {f"meterai.adapter.{code}" for code in NOTHING_DONE | MAYBE_DONE}
    assert codes <= known_codes()
    assert len(codes) == 13


# --- answers and files that are lost, late or half ---------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["lost_after", "double", "late", "half"])
def test_a_stamp_that_is_there_is_taken(peruri, step, fault):
    provider, meterai = bought(peruri, step)
    peruri.fault("stamp", fault)
    step.checked(run(provider.stamp(step.job(meterai))))
    assert peruri.book.of(meterai.sn).signatures == 1


@pytest.mark.slow
def test_a_slow_adapter(peruri, step):
    _, meterai = bought(peruri, step)  # a busy machine may take long for it
    peruri.slow_seconds = 2.0
    provider = lokal(peruri, batas_detik=1.0)
    peruri.fault("stamp", "slow")
    after = run(provider.stamp(step.job(meterai)))  # the answer is lost, its file is not
    step.checked(after)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["no_file", "half_forever"])
def test_a_file_that_never_comes(peruri, step, fault):
    provider, meterai = bought(peruri, step)
    peruri.fault("stamp", fault)
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert isinstance(error, UnknownOutcomeError)
    assert error.code == "meterai.no_file"
    assert run(provider.state(meterai.sn)) == "stamped"
    step.checked(run(provider.stamp(step.job(meterai, is_retry=True))))
    assert [body.get("retryFlag") for name, body in peruri.book.calls if name == "stamp"] == [
        None,
        "1",
    ]
    assert peruri.book.money == 10_000


def test_a_lost_stamp_before_it_was_made(peruri, step):
    provider, meterai = bought(peruri, step)
    peruri.fault("stamp", "lost_before")
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert error.code == "service.no_answer"
    assert isinstance(error, UnknownOutcomeError)
    assert run(provider.state(meterai.sn)) == "unused"


@pytest.mark.slow
def test_the_hash_was_signed_but_no_pdf_exists(peruri, step):
    provider, meterai = bought(peruri, step)
    peruri.fault("stamp", "late_97")
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert error.code == "meterai.adapter.97"
    step.checked(run(provider.stamp(step.job(meterai, is_retry=True))))


def test_a_retry_takes_the_file_that_is_there_and_sends_nothing(peruri, step):
    provider, meterai = bought(peruri, step)
    after = run(provider.stamp(step.job(meterai)))
    again = run(lokal(peruri).stamp(step.job(meterai, is_retry=True)))
    assert again == after
    assert peruri.book.count("stamp") == 1


def test_other_bytes_are_never_stamped_with_the_same_number(peruri, step, issued):
    provider, meterai = bought(peruri, step)
    peruri.fault("stamp", "lost_before")
    refusal(lambda: run(provider.stamp(step.job(meterai))))
    other = replace(step.job(meterai, is_retry=True), pdf=issued.pdf)
    error = refusal(lambda: run(provider.stamp(other)))
    assert error.code == "meterai.source_differs"
    assert peruri.book.count("stamp") == 1


@pytest.mark.slow
def test_one_slot_for_all(peruri, issued, steps):
    provider = lokal(peruri)
    step = Step(issued, steps[0])
    orders = [replace(step.order, key=f"ABC{n}") for n in range(3)]
    jobs = [step.job(run(provider.issue(one))) for one in orders]
    threads = [threading.Thread(target=lambda job=job: run(provider.stamp(job))) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert peruri.book.count("stamp") == 3
    assert peruri.most_busy == 1


def test_a_slot_that_stays_taken(peruri, step):
    provider = lokal(peruri, antre_detik=0.1)
    meterai = run(provider.issue(step.order))

    async def two():
        async with provider._folder.slot():
            await provider.stamp(step.job(meterai))

    assert refusal(lambda: run(two())).code == "meterai.slot_busy"


# --- what comes back is not what was ordered ---------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("wrong_sn", "meterai.result.number"),
        ("wrong_reason", "meterai.result.number"),
        ("odd_field", "meterai.result.shape"),
        ("certify", "meterai.result.certified"),
        ("moved", "meterai.result.place"),
        ("rewrite", "meterai.result.rewritten"),
        ("two", "meterai.result.count"),
        ("drawn", "meterai.result.changed"),
        ("drawn_after", "meterai.result.changed"),
        ("flipped", "meterai.result.broken"),
        ("none", "meterai.result.count"),
    ],
)
def test_results_that_are_refused(peruri, step, fault, code):
    provider, meterai = bought(peruri, step)
    peruri.fault("stamp", fault)
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert error.code == code
    # the file is kept, and the number is not lost
    step.checked(run(provider.stamp(step.job(meterai, is_retry=True))))
    assert len(list((peruri.sharefolder / "SIGNED").glob("*.salah"))) == 1
    assert peruri.book.money == 10_000


def test_a_stamp_without_dss_is_still_a_stamp(peruri, step):
    peruri.fault("stamp", "no_dss")
    provider, meterai = bought(peruri, step)
    step.checked(run(provider.stamp(step.job(meterai))))


# --- refused before anything is sent -----------------------------------------------------------


def test_a_place_over_text_is_refused_before_the_adapter_is_called(peruri, step):
    provider, meterai = bought(peruri, step)
    job = step.job(meterai)
    over = replace(job.box, rect=(68, 720, 138, 790))
    error = refusal(lambda: run(provider.stamp(replace(job, box=over))))
    assert error.code == "meterai.over_text"
    assert "Halaman" in str(error)
    assert peruri.book.count("stamp") == 0


# --- secrets -----------------------------------------------------------------------------------


def test_nothing_secret_is_logged_or_shown(peruri, step, caplog):
    caplog.set_level(logging.DEBUG)
    provider, meterai = bought(peruri, step)
    run(provider.stamp(step.job(meterai)))
    shown = [repr(provider), repr(provider.backend.login), provider.name, repr(step.job(meterai))]
    for secret in SECRETS:
        assert not any(secret in one for one in shown)
        assert secret not in caplog.text


def test_a_careless_answer_shows_no_secret(peruri, step):
    provider, meterai = bought(peruri, step)
    token = run(provider.backend.login.token()).reveal()
    peruri.fault("stamp", f"code:92:Bearer {token} NPWP 01.234.567.8-901.000 {SECRETS[0]}")
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert "***" in str(error)
    assert "901.000" not in str(error)


def _asn1(certificate):
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))
