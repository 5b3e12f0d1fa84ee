"""What each BSrE adapter sends, how it succeeds, and what is peculiar to it."""

from __future__ import annotations

import asyncio
import base64
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from pks_kit.domain.secret import Secret
from pks_kit.errors import UsageError
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.services.bsre.returned_pdf import check_returned
from pks_kit.signing.step.check_result import check_result
from pks_kit.signing.step.plan import Wanted, plan_step
from pks_kit.signing.step.state import read_state
from support.bsre_gateway import (
    ACTIVATION,
    KINDS,
    NIK,
    P1,
    PASSPHRASE,
    PASSWORD,
    SUBSCRIBER,
    SUREL,
    adapter,
    make_gateway,
    refused,
    sign,
)
from support.signing_world import KEPALA_CABANG, NOW


def checked(after: bytes, issued):
    profile = load_profile(signing_root(), "elektronik")
    state = read_state(issued.pdf, issued.receipt, profile)
    planned = plan_step(state, profile, Wanted(jenis="tanda_tangan", peran="pihak_kesatu"))
    return check_result(issued.pdf, after, state, planned, profile, NOW)


# --- success -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("with_dss", [False, True], ids=["B-T", "B-LT"])
@pytest.mark.parametrize("kind", KINDS)
def test_success(kind, with_dss, sandbox, expired, blank, job, tmp_path):
    """The kit, poppler and pyHanko's own tool accept what came back."""
    with make_gateway(sandbox, expired, with_dss=with_dss) as gateway:
        after = sign(adapter(kind, gateway.url), job)
    assert after.startswith(job.pdf)
    result = checked(after, blank)
    assert result.added.place.name == P1
    assert result.added.signer == KEPALA_CABANG
    assert result.added.field.startswith("esc_")
    assert gateway.acts("sign") == ["signed"]
    file, root = tmp_path / "signed.pdf", tmp_path / "root.pem"
    file.write_bytes(after)
    root.write_bytes(sandbox.root_pem)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False)
    assert said.stdout.count("Signature is Valid.") == 1
    assert ("Total document signed" in said.stdout) != with_dss
    tool = [str(Path(sys.executable).with_name("pyhanko")), "sign", "validate"]
    trusting = [*tool, "--trust", str(root), "--trust-replace", str(file)]
    said = subprocess.run(trusting, capture_output=True, text=True, check=False)
    assert said.stdout.count("INTACT:TRUSTED,TIMESTAMP_TOKEN<INTACT:TRUSTED>") == 1, said


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_name_of_the_signer_is_not_compared(kind, gateway, job):
    gateway.fault("sign", "other_signer")
    service = adapter(kind, gateway.url, signer_name="")
    assert check_returned(job, sign(service, job), service).signer == "Bayu Prasetyo Nugroho"


def test_a_prepared_field_is_not_to_be_covered(gateway, issued, job):
    """A gateway cannot fill a prepared field; its own field over it is refused by the state."""
    from pks_kit.errors import SigningError

    after = sign(adapter("v2", gateway.url), replace(job, pdf=issued.pdf))
    with pytest.raises(SigningError) as caught:
        read_state(after, issued.receipt, load_profile(signing_root(), "elektronik"))
    assert caught.value.code == "signing.earlier_broken"


# --- version 1 ---------------------------------------------------------------------------------


def test_v1_sends_what_the_facts_say(gateway, job):
    sign(adapter("v1", gateway.url), job)
    (_, path, form), = gateway.requests  # fmt: skip
    assert path == "/api/sign/pdf"
    numbers = {key: float(form.pop(key)) for key in ("xAxis", "yAxis", "width", "height")}
    assert numbers == {"xAxis": 70, "yAxis": 420, "width": 180, "height": 80}
    assert form == {
        "nik": NIK, "passphrase": PASSPHRASE, "tampilan": "visible", "image": "true",
        "page": "2", "reason": job.alasan, "location": job.lokasi,
    }  # fmt: skip
    assert form["nik"] == NIK, "the leading zero stays"


def test_v1_lets_the_gateway_draw_a_code(gateway, job, blank):
    after = sign(adapter("v1", gateway.url, sends_picture=False), replace(job, lokasi=""))
    form = gateway.requests[0][2]
    assert (form["image"], form["linkQR"]) == ("false", job.code)
    assert "location" not in form
    assert checked(after, blank).added.place.name == P1


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["cut", "cut_quietly"])
def test_v1_fetches_a_cut_answer_once(fault, gateway, job, blank):
    gateway.fault("sign", fault)
    after = sign(adapter("v1", gateway.url), job)
    assert checked(after, blank).added.place.name == P1
    assert gateway.acts("sign") == ["signed"]
    assert gateway.acts("download") == ["given"]
    document = next(act.who for act in gateway.book if act.action == "download")
    again = httpx.get(
        f"{gateway.url}/api/sign/download/{document}",
        auth=("aplikasi", PASSWORD), trust_env=False,
    )  # fmt: skip
    assert again.json()["status_code"] == 4044


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("given_out", "was fetched before"),
        ("crash", "fault inside the service"),
        ("drop", "connection lost"),
        ("lost_answer", "connection lost"),
        ("cut", "connection lost"),
        ("cut_quietly", "makes no sense"),
        ("huge", "far too large"),
        ("unauthorized", "refuses the account"),
        ("echo", "***"),
    ],
)
def test_v1_cannot_fetch_a_cut_answer(fault, words, gateway, job):
    """Signed for certain, result lost: the number of the document goes to the keeper."""
    gateway.fault("sign", "cut")
    gateway.fault("download", fault)
    error = refused(adapter("v1", gateway.url).sign_pdf(job), "service.not_fetched", unknown=True)
    assert words in str(error)
    assert "dok0001" in str(error)
    assert gateway.acts("sign") == ["signed"]
    assert len(gateway.acts("download")) <= 1


def test_v1_without_a_number_cannot_fetch(gateway, job):
    gateway.fault("sign", "no_id_cut")
    refused(adapter("v1", gateway.url).sign_pdf(job), "service.no_answer", unknown=True)
    assert gateway.acts("download") == []


# --- version 2 ---------------------------------------------------------------------------------


def test_v2_sends_what_the_facts_say(gateway, job):
    sign(adapter("v2", gateway.url), job)
    (_, path, request), = gateway.requests  # fmt: skip
    (asked,) = request.pop("signatureProperties")
    (sent,) = request.pop("file")
    assert path == "/api/v2/sign/pdf"
    assert request == {"nik": NIK, "passphrase": PASSPHRASE}
    assert base64.b64decode(sent) == job.pdf
    assert base64.b64decode(asked.pop("imageBase64")) == job.picture_png
    assert asked == {
        "tampilan": "VISIBLE", "page": 2, "originX": 70, "originY": 341.89, "width": 180,
        "height": 80, "reason": job.alasan, "location": job.lokasi, "contactInfo": None,
    }  # fmt: skip


def test_v2_reads_wrapped_base64(gateway, job, blank):
    gateway.fault("sign", "wrapped_base64")
    after = sign(adapter("v2", gateway.url), job)
    assert checked(after, blank).added.place.name == P1


def test_v2_by_e_mail_address(gateway, job):
    service = adapter("v2", gateway.url, surel=Secret(SUREL))
    asyncio.run(service.check_ready(NOW))
    sign(service, job)
    assert all(request["email"] == SUREL for _, _, request in gateway.requests)
    assert all("nik" not in request for _, _, request in gateway.requests)
    gateway.fault("sign", "echo")
    refused(service.sign_pdf(job), "service.refused")
    assert SUREL not in repr(service)


def test_v2_by_a_code_that_is_sent(gateway, job):
    """The gateway sends the code by e-mail; it counts once."""
    asked = []

    def code():
        asked.append(gateway.people[0].totp)
        return Secret("550199")

    service = adapter("v2", gateway.url, totp=code, requests_totp=True)
    sign(service, job)
    assert asked == ["550199"]
    request = gateway.requests[-1][2]
    assert "passphrase" not in request
    gateway.fault("sign", "echo")
    refused(service.sign_pdf(job), "service.refused")


def test_v2_by_a_code_of_the_application(gateway, job):
    service = adapter("v2", gateway.url, totp=lambda: Secret("550199"))
    gateway.people[0].totp = "550199"
    sign(service, job)
    assert [path for _, path, _ in gateway.requests] == ["/api/v2/sign/pdf"]
    refused(service.sign_pdf(job), "service.passphrase_wrong")  # a code counts once


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("crash", "service.silent"),
        ("nonsense_200", "service.not_prepared"),
        ("unauthorized", "service.login"),
        ("drop", "service.silent"),
    ],
)
def test_v2_without_a_code_nothing_is_signed(fault, code, gateway, job):
    def never():
        raise AssertionError("asked for a code that was never sent")

    service = adapter("v2", gateway.url, totp=never, requests_totp=True)
    gateway.fault("totp", fault)
    refused(service.sign_pdf(job), code)
    assert gateway.acts("sign") == []


def test_v2_with_another_status_path(sandbox, expired):
    with make_gateway(sandbox, expired, status_path="check-status") as gateway:
        asyncio.run(adapter("v2", gateway.url, status_path="check-status").check_ready(NOW))
        error = refused(adapter("v2", gateway.url).check_ready(NOW), "service.wrong_path")
    assert "404" in str(error)


# --- seal --------------------------------------------------------------------------------------


def test_the_seal_buys_a_code_for_one_file(gateway, job):
    sign(adapter("segel", gateway.url), job)
    (_, first, code), (_, second, request) = gateway.requests
    assert (first, second) == ("/api/v2/seal/get/totp", "/api/v2/seal/pdf")
    assert code == {"idSubscriber": SUBSCRIBER, "data": 1, "totp": ACTIVATION}
    assert (request["idSubscriber"], request["totp"]) == (SUBSCRIBER, "660288")
    assert gateway.book[-1].who == SUBSCRIBER


def test_a_wrong_activation(gateway, job):
    service = adapter("segel", gateway.url, activation=lambda: Secret("planted-salah"))
    error = refused(service.sign_pdf(job), "service.refused")
    assert "TOTP *** salah" in str(error)
    assert gateway.acts("sign") == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("nonsense", "service.not_prepared"),
        ("nonsense_200", "service.not_prepared"),
        ("crash", "service.silent"),
        ("drop", "service.silent"),
        ("unauthorized", "service.login"),
        ("echo", "service.refused"),
    ],
)
def test_without_a_one_time_code_nothing_is_sealed(fault, code, gateway, job):
    gateway.fault("totp", fault)
    refused(adapter("segel", gateway.url).sign_pdf(job), code)
    assert gateway.acts("sign") == []


def test_a_seal_that_is_not_known(gateway, job):
    service = adapter("segel", gateway.url)
    gateway.seals.clear()
    refused(service.check_ready(NOW), "service.not_registered")
    refused(service.sign_pdf(job), "service.not_registered")


# --- settings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["v1", "v2"])
@pytest.mark.parametrize("nik", ["", "201019909990007", "0201019909990007 ", "O201019909990007"])
def test_a_nik_that_cannot_be(kind, nik):
    with pytest.raises(UsageError) as caught:
        adapter(kind, "https://contoh.test", nik=Secret(nik))
    assert caught.value.code == "service.nik"
    assert not nik or nik not in str(caught.value) + repr(caught.value)


def test_settings_that_contradict():
    for settings, code in (
        ({"surel": Secret(SUREL), "nik": Secret(NIK)}, "service.signer_or_two"),
        ({"nik": None}, "service.signer_or_two"),
        ({"passphrase": Secret("x"), "totp": lambda: Secret("1")}, "service.secret_or_two"),
        ({"passphrase": None}, "service.secret_or_two"),
    ):
        with pytest.raises(UsageError) as caught:
            adapter("v2", "https://contoh.test", **settings)
        assert caught.value.code == code


@pytest.mark.parametrize("number", ["", "a/b", "a b", "..%2f", "a" * 101])
def test_a_subscriber_number_that_cannot_be(number):
    from pks_kit.signing.services.bsre.seal import BsreSeal
    from support.bsre_gateway import door

    with pytest.raises(UsageError) as caught:
        BsreSeal(
            door=door("https://contoh.test"), id_subscriber=number, activation=lambda: Secret("1")
        )
    assert caught.value.code == "service.subscriber"
