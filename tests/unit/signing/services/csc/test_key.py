"""Remote hash signing over HTTP; every failure tells whether it may have signed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.signing.services.csc.key import CscKey
from support.fakes.csc import PIN, TOKEN, running_csc
from support.signing_world import KEPALA_CABANG, sign_once


@pytest.fixture(scope="module")
def double(served):
    with running_csc(served.config) as server:
        yield server


@pytest.fixture
def csc(double):
    double.faults.clear()
    double.asked.clear()
    double.info.clear()
    double.sent.clear()
    return double


def key(csc, **more) -> CscKey:
    facts = {
        "address": csc.url,
        "credential": "uji/pihak_kesatu",
        "token": Secret(TOKEN),
        "pin": Secret(PIN),
        "read_seconds": 0.6,
        **more,
    }
    return CscKey(**facts)


def sign(csc, world, issued, source: CscKey):
    now = datetime.now(UTC)
    return asyncio.run(
        sign_once(
            issued.pdf, issued.receipt, None, "pihak_kesatu",
            now=now, source=source, timestamps=world.timestamps,
        )
    )  # fmt: skip


def refused(csc, world, issued, source: CscKey, kind=SigningError) -> SigningError:
    with pytest.raises(SigningError) as caught:
        sign(csc, world, issued, source)
    assert type(caught.value) is kind
    words = caught.value.text
    shown = words.id + words.en + words.hint_id + words.hint_en + repr(caught.value.params)
    assert "{" not in words.id + words.en + words.hint_id
    assert TOKEN not in shown
    assert PIN not in shown
    assert not [path for path in world.asked if "/tsa/" in path]
    return caught.value


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["", "/", "/csc/v1", "/csc/v1/"])
def test_it_signs_an_agreement(csc, world, issued, suffix):
    source = key(csc, address=csc.url + suffix, read_seconds=10)
    checked = sign(csc, world, issued, source)
    assert checked.added.signer == KEPALA_CABANG
    assert csc.asked == ["info", "authorize", "signHash"]
    assert TOKEN not in repr(source)
    assert PIN not in repr(source)


def test_the_certificate_is_asked_for_once(csc, world, issued):
    source = key(csc, read_seconds=10)
    for _ in range(2):
        sign(csc, world, issued, source)
    assert csc.asked.count("info") == 1
    assert csc.asked.count("signHash") == 2


def test_a_wrong_token(csc, world, issued):
    error = refused(csc, world, issued, key(csc, token=Secret("bukan-token")))
    assert error.code == "csc.token"


def test_an_unknown_credential(csc, world, issued):
    error = refused(csc, world, issued, key(csc, credential="uji/tidak-ada"))
    assert error.code == "csc.credential"


@pytest.mark.slow
def test_a_wrong_pin_is_sent_once(csc, world, issued):
    source = key(csc, pin=Secret("salah-4471"))
    for _ in range(2):
        error = refused(csc, world, issued, source)
        assert error.code == "csc.not_authorized"
        assert "salah-4471" not in error.text.en
    assert csc.asked.count("authorize") == 1


def test_a_service_that_is_down(csc, world, issued):
    error = refused(csc, world, issued, key(csc, address="http://127.0.0.1:9"))
    assert error.code == "service.unreachable"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"key": {"status": "disabled", "algo": []}}, "csc.disabled"),
        ({"authMode": "oauth2code"}, "csc.authorization"),
        ({"PIN": {"presence": "true"}}, "csc.pin_needed"),
        ({"OTP": {"presence": "true"}}, "csc.otp_needed"),
        ({"cert": {"certificates": []}}, "csc.bad_answer"),
        ({"cert": {"certificates": ["AAAA"]}}, "csc.bad_answer"),
        ({"key": "enabled"}, "csc.bad_answer"),
    ],
)
def test_what_cannot_end_well_is_refused_before_it_is_authorised(csc, world, issued, told, code):
    csc.info.update(told)
    more = {"pin": None} if code == "csc.pin_needed" else {}
    assert refused(csc, world, issued, key(csc, **more)).code == code
    assert "authorize" not in csc.asked


def test_a_key_that_cannot_sign_this_hash_is_not_authorised(csc, world, issued):
    csc.info["key"] = {"status": "enabled", "algo": ["1.2.840.113549.1.1.13"]}  # RSA with SHA-512
    assert refused(csc, world, issued, key(csc, read_seconds=10)).code == "signing.failed"
    assert csc.asked == ["info"]


def test_the_authorisation_is_for_the_hash_that_is_signed(csc, world, issued):
    sign(csc, world, issued, key(csc, read_seconds=10))
    authorized, signed = csc.sent["authorize"], csc.sent["signHash"]
    assert authorized["hash"] == signed["hash"]
    assert (len(authorized["hash"]), authorized["numSignatures"]) == (1, 1)
    assert signed["hashAlgo"] == "2.16.840.1.101.3.4.2.1"  # SHA-256
    assert signed["signAlgo"] == "1.2.840.113549.1.1.11"  # RSA with SHA-256
    assert signed["SAD"]
    assert "OTP" not in authorized, "nobody gave one"


@pytest.mark.parametrize(
    ("endpoint", "fault", "code"),
    [
        ("info", "slow", "service.silent"),
        ("info", "html", "csc.bad_answer"),
        ("authorize", "slow", "service.silent"),
        ("authorize", "lost", "service.silent"),
        ("authorize", "nothing", "csc.bad_answer"),
    ],
)
def test_before_the_signature_nothing_can_have_been_signed(
    csc, world, issued, endpoint, fault, code
):
    csc.faults.append((endpoint, fault))
    assert refused(csc, world, issued, key(csc)).code == code
    assert "signHash" not in csc.asked


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("slow", "service.no_answer"),
        ("lost", "service.no_answer"),
        ("500", "service.no_answer"),
        ("nothing", "csc.bad_signature"),
        ("html", "csc.bad_signature"),
        ("two", "csc.bad_signature"),
    ],
)
def test_an_answer_lost_after_the_signature_is_an_unknown_outcome(csc, world, issued, fault, code):
    csc.faults.append(("signHash", fault))
    error = refused(csc, world, issued, key(csc), UnknownOutcomeError)
    assert error.code == code
    assert csc.asked.count("signHash") == 1
