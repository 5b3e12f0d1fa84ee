"""Every way in which a BSrE gateway fails, for version 1, version 2 and the seal.

Rows of docs/sumber.md E6 that concern a gateway, and where they are tested:

| Row | Failure | Test (in this file unless named) |
|---|---|---|
| 1 | gateway unreachable, or silent | `test_nobody_listens`, `test_a_slow_gateway` |
| 2 | a retry after a lost answer signs twice | `test_no_usable_answer`; `test_bsre_session` |
| 3 | tag of several characters, twice, elsewhere | `test_bsre_places` |
| 4 | success, but nothing seen | `test_a_wrong_act_is_thrown_away`: invisible, speck, hidden |
| 5 | signed PDF written anew | `test_a_wrong_act_is_thrown_away`: rewrite |
| 7 | `Rebuild failed` | `test_refused_by_the_gateway`: rebuild; `test_bsre_places` |
| 8 | HTTP 500 with a complete request | `test_no_usable_answer`: crash; `test_bsre_places` |
| 9 | signatures fail half way | `test_bsre_session` |
| 15 | staging mixed with production | `test_a_staging_certificate_from_a_production_gateway` |
| 16 | certified with P=1 | `test_a_wrong_act_is_thrown_away`: certify |
| 17 | rotated page, page beyond the end | `test_bsre_places` |
| 18 | clock of the gateway differs | `test_bsre_session` |
| 19 | certificate expired | `test_every_status`; `test_a_wrong_act_is_thrown_away` |
| 21 | secrets in errors and logs | `refused`, `no_secret_in_a_log`; `test_an_echo_of_secrets` |

Rows 6, 10 to 14 and 20 concern other parts of the kit.
"""

from __future__ import annotations

import asyncio
import socket

import pytest

from pks_kit.domain.secret import Secret
from pks_kit.net.secrecy import said
from support.bsre_gateway import (
    KINDS,
    NIK,
    PASSPHRASE,
    PASSWORD,
    SUREL,
    adapter,
    refused,
    sign,
)
from support.signing_world import NOW

NOTHING = ("Tidak ada yang ditandatangani", "Nothing was signed")

REFUSALS = [
    ("unauthorized", "service.login", NOTHING[1]),
    ("redirect", "service.redirect", "Nothing was done"),
    ("error_200", "service.refused", "2999"),
    ("error_200_without_code", "service.refused", "HTTP 200"),
    ("unknown_code", "service.refused", "(2099): Sertifikat dikunci"),
    ("rule_4015", "service.request_wrong", "signatureProperties"),
    ("rebuild", "service.pdf_refused", "Rebuild failed"),
]
NO_ANSWER = [
    # fault, code, words, acts in the book
    ("crash", "service.no_answer", "a fault inside the service", 0),
    ("html_504", "service.no_answer", "HTTP 504", 0),
    ("drop", "service.no_answer", "connection lost", 0),
    ("nonsense_200", "service.bad_answer", "makes no sense", 0),
    ("lost_answer", "service.no_answer", "connection lost", 1),
    ("huge", "service.no_answer", "far too large", 1),
]
NO_ANSWER_JSON = [
    ("cut", "service.no_answer", "connection lost", 1),
    ("cut_quietly", "service.bad_answer", "makes no sense", 1),
    ("bad_base64", "service.bad_answer", "makes no sense", 1),
    ("no_files", "service.bad_answer", "makes no sense", 1),
]
WRONG_ACTS = [
    ("rewrite", "service.rewrote", "wrote it anew"),
    ("unchanged", "service.no_signature", "no new signature"),
    ("two_signatures", "service.two_signatures", "2 signatures"),
    ("extra_field", "service.extra_fields", "other fields"),
    ("changed_byte", "service.broken_signature", "cannot be used"),
    ("no_timestamp", "service.broken_signature", "timestamp"),
    ("certify", "service.broken_signature", "cannot be used"),
    ("other_signer", "service.other_signer", "Bayu Prasetyo Nugroho"),
    ("expired_certificate", "service.certificate_expired", "outside its validity"),
    ("invisible", "service.invisible", "cannot be seen"),
    ("speck", "service.invisible", "cannot be seen"),
    ("hidden", "service.invisible", "cannot be seen"),
    ("other_page", "service.other_page", "page 3 instead of 2"),
]
LOOKED_AT = ("rewrite", "two_signatures", "other_signer", "invisible")
"""Enough to see that the other adapters look at the result too."""

STATUSES = [
    ("EXPIRED", "service.status.expired", "has expired"),
    ("RENEW", "service.status.renew", "being renewed"),
    ("WAITING_FOR_VERIFICATION", "service.status.waiting", "waits for verification"),
    ("NEW", "service.status.new", "not activated"),
    ("NO_CERTIFICATE", "service.no_certificate", "no certificate"),
    ("NOT_REGISTERED", "service.not_registered", "not registered"),
    ("SUSPEND", "service.status.suspend", "suspended"),
    ("REVOKE", "service.status.revoke", "revoked"),
    ("LOCKED", "service.status.unknown", "LOCKED"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("fault", "code", "words"), REFUSALS)
def test_refused_by_the_gateway(kind, fault, code, words, gateway, job):
    gateway.fault("sign", fault)
    error = refused(adapter(kind, gateway.url).sign_pdf(job), code)
    assert words in str(error)
    assert gateway.acts("sign") == []


@pytest.mark.parametrize(
    ("kind", "fault", "code", "words", "acts"),
    [(kind, *row) for kind in KINDS for row in NO_ANSWER]
    + [(kind, *row) for kind in ("v2", "segel") for row in NO_ANSWER_JSON],
)
def test_no_usable_answer(kind, fault, code, words, acts, gateway, job):
    gateway.fault("sign", fault)
    error = refused(adapter(kind, gateway.url).sign_pdf(job), code, unknown=True)
    assert words in str(error)
    assert gateway.acts("sign").count("signed") == acts
    posts = [path for _, path, _ in gateway.requests if path.endswith("/pdf")]
    assert len(posts) <= 1, "never repeated"


@pytest.mark.parametrize("fault", ["late", "late_answer"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_slow_gateway(kind, fault, gateway, job):
    """It signs in the end, long after nobody waits any more."""
    gateway.fault("sign", fault)
    service = adapter(kind, gateway.url, limits={"read_seconds": 0.6})
    error = refused(service.sign_pdf(job), "service.no_answer", unknown=True)
    assert "silent for too long" in str(error)
    gateway.__exit__()
    assert gateway.acts("sign") == ["signed"]


@pytest.mark.parametrize(
    ("kind", "fault", "code", "words"),
    [("v2", *row) for row in WRONG_ACTS]
    + [(kind, *row) for kind in ("v1", "segel") for row in WRONG_ACTS if row[0] in LOOKED_AT],
)
def test_a_wrong_act_is_thrown_away(kind, fault, code, words, gateway, job):
    gateway.fault("sign", fault)
    error = refused(adapter(kind, gateway.url).sign_pdf(job), code)
    assert words in str(error)


@pytest.mark.parametrize("kind", KINDS)
def test_a_staging_certificate_from_a_production_gateway(kind, gateway, job):
    error = refused(
        adapter(kind, gateway.url, is_uji=False).sign_pdf(job), "signing.other_environment"
    )
    assert "Ratna Widyaningrum" in str(error)


@pytest.mark.parametrize("kind", KINDS)
def test_an_echo_of_secrets(kind, gateway, job):
    gateway.fault("sign", "echo")
    error = refused(adapter(kind, gateway.url).sign_pdf(job), "service.refused")
    assert "(2098): Ditolak: ***" in str(error)


@pytest.mark.parametrize("shape", ["{}", "%s", "json", "html", "url"])
def test_an_echo_in_another_writing(shape):
    import html
    import json
    from urllib.parse import quote, quote_plus

    secret = 'sandi "<&+ é/\\'
    written = {
        "json": json.dumps(secret)[1:-1], "html": html.escape(secret), "url": quote(secret, ""),
        "%s": quote_plus(secret),
    }.get(shape, secret)  # fmt: skip
    assert said(f"salah: {written}!", [Secret(secret)]) == "salah: ***!"


@pytest.mark.parametrize("kind", ["v1", "v2"])
def test_a_wrong_passphrase(kind, gateway, job):
    service = adapter(kind, gateway.url, passphrase=Secret("planted-salah"))
    error = refused(service.sign_pdf(job), "service.passphrase_wrong")
    assert NOTHING[0] in error.text.id
    assert NOTHING[1] in error.text.en
    assert gateway.acts("sign") == ["wrong passphrase"]


@pytest.mark.parametrize("kind", ["v1", "v2"])
def test_a_signer_that_is_not_registered(kind, gateway, job):
    service = adapter(kind, gateway.url, nik=Secret("3201019909990008"))
    error = refused(service.sign_pdf(job), "service.not_registered")
    assert "NIK" in error.text.hint_id
    refused(service.check_ready(NOW), "service.not_registered")


@pytest.mark.parametrize("kind", ["v1", "v2"])
def test_a_signer_without_certificate(kind, gateway, job):
    gateway.people[0].status = "NO_CERTIFICATE"
    refused(adapter(kind, gateway.url).sign_pdf(job), "service.no_certificate")


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_account_of_the_application(kind, gateway, job):
    service = adapter(kind, gateway.url)
    gateway.password = "planted-lain"
    assert "not the passphrase" in (refused(service.sign_pdf(job), "service.login").text.hint_en)
    refused(service.check_ready(NOW), "service.login")
    assert gateway.book == []


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_listens(kind, job):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        service = adapter(kind, f"http://127.0.0.1:{free.getsockname()[1]}")
        error = refused(service.check_ready(NOW), "service.unreachable")
        refused(service.sign_pdf(job), "service.unreachable")
    assert "trying again is safe" in error.text.hint_en


# --- the status question -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["v1", "v2"])
@pytest.mark.parametrize(("status", "code", "words"), STATUSES)
def test_every_status(kind, status, code, words, gateway):
    gateway.people[0].status = status
    error = refused(adapter(kind, gateway.url).check_ready(NOW), code)
    assert words in str(error)


@pytest.mark.parametrize("kind", KINDS)
def test_ready(kind, gateway):
    asyncio.run(adapter(kind, gateway.url).check_ready(NOW))
    assert gateway.book == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("crash", "service.silent"),
        ("html_504", "service.silent"),
        ("drop", "service.silent"),
        ("late", "service.silent"),
        ("unauthorized", "service.login"),
        ("redirect", "service.redirect"),
        ("unknown_code", "service.refused"),
        ("echo", "service.refused"),
    ],
)
def test_a_status_question_that_fails_did_nothing(kind, fault, code, gateway):
    gateway.fault("status", fault)
    service = adapter(kind, gateway.url, limits={"read_seconds": 0.6})
    refused(service.check_ready(NOW), code)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["nonsense_200", "error_200", "error_200_without_code"])
def test_a_status_answer_without_sense_is_no_leave(kind, fault, gateway):
    gateway.fault("status", fault)
    error = refused_any(adapter(kind, gateway.url).check_ready(NOW))
    assert error in {"service.not_prepared", "service.status.unknown", "service.refused"}


def refused_any(call) -> str:
    """Return the code of a plain refusal."""
    from pks_kit.errors import SigningError

    with pytest.raises(SigningError) as caught:
        asyncio.run(call)
    assert type(caught.value) is SigningError, "a mere question leaves no doubt"
    return caught.value.code


# --- nothing shows a secret --------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_an_adapter_shows_no_secret(kind, gateway, job):
    service = adapter(kind, gateway.url)
    shown = repr(service) + str(service) + service.name + repr(service.door)
    for secret in (NIK, SUREL, PASSPHRASE, PASSWORD, "planted"):
        assert secret not in shown
    assert sign(service, job).startswith(job.pdf)
