"""A key in a token signs; every failure has words of its own, and no PIN is tried twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError
from pks_kit.signing.sandbox import certificates
from pks_kit.signing.services.pkcs11 import session as pkcs11_session
from pks_kit.signing.services.pkcs11.key import Pkcs11Key
from pks_kit.signing.services.pkcs11.session import forget_token
from support.signing_world import KEPALA_CABANG, NOW, PIMPINAN, later, sign_once
from support.softhsm import (
    PIN,
    Item,
    make_token,
    module,
    prepare,
    reload,
    store_certificates,
)

RSA, EC, EMPTY, MIXED = "UJI-RSA", "UJI-EC", "UJI-KOSONG", "UJI-CAMPUR"


@dataclass(frozen=True)
class Tokens:
    module: Path

    def key(self, token: str = RSA, pin: str = PIN, **more) -> Pkcs11Key:
        return Pkcs11Key(module=self.module, token=token, pin=Secret(pin), **more)


def for_key(
    key: ec.EllipticCurvePrivateKey, like: certificates.Issued, issuing: certificates.Issued
) -> x509.Certificate:
    """Return the certificate of another key of the same person."""
    model = like.certificate
    builder = x509.CertificateBuilder(
        issuer_name=model.issuer,
        subject_name=model.subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=model.not_valid_before_utc,
        not_valid_after=model.not_valid_after_utc,
    )
    for one in model.extensions:
        own = isinstance(one.value, x509.SubjectKeyIdentifier)
        value = x509.SubjectKeyIdentifier.from_public_key(key.public_key()) if own else one.value
        builder = builder.add_extension(value, critical=one.critical)
    return builder.sign(issuing.key, hashes.SHA256())


@pytest.fixture(scope="module")
def tokens(sandbox, tmp_path_factory) -> Tokens:
    folder = tmp_path_factory.mktemp("softhsm")
    prepare(folder)
    first = sandbox.signers["pihak_kesatu"]
    issuing = certificates.make_issuing(certificates.make_root(NOW), NOW)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = for_key(key, certificates.make_signer(issuing, PIMPINAN, NOW), issuing)
    both = ((first.certificate, "02", "x"), (certificate, "02", "x"))
    above = tuple((one, "", f"CA {number}") for number, one in enumerate(first.chain))
    items = {
        RSA: (Item(first._key, "01", "ttd", ((first.certificate, "01", "sertifikat"), *above)),),
        EC: (Item(key, "0a0b", "ttd", ((certificate, "", "ttd"),)),),
        EMPTY: (),
        MIXED: (
            Item(key, "01", "satu", ()),
            Item(first._key, "02", "dua", both),
        ),
    }  # fmt: skip
    for label, stored in items.items():
        make_token(folder, label, stored)
    reload()
    for label, stored in items.items():
        store_certificates(label, stored)
    return Tokens(module())


@pytest.fixture(autouse=True)
def _fresh():
    """No session and no refused PIN of another test."""
    yield
    for _, label in list(pkcs11_session._OPEN):
        forget_token(module(), label)
    pkcs11_session._REFUSED.clear()


def identity(key: Pkcs11Key):
    return asyncio.run(key.identity(NOW))


def code_of(key: Pkcs11Key) -> str:
    with pytest.raises(SigningError) as caught:
        identity(key)
    words = caught.value.text
    assert "{" not in words.id + words.en + words.hint_id + words.hint_en
    assert key.pin.reveal() not in words.id + words.en + repr(caught.value.params)
    return caught.value.code


@pytest.mark.slow
def test_the_certificate_is_read_from_the_token(tokens, sandbox):
    found = identity(tokens.key())
    certificate = sandbox.signers["pihak_kesatu"].certificate
    assert (found.name, found.is_uji) == (KEPALA_CABANG, True)
    assert found.serial == f"{certificate.serial_number:x}"
    assert len(list(found.signer.cert_registry)) == 2
    assert PIN not in repr(tokens.key())


@pytest.mark.parametrize("more", [{}, {"label": "ttd"}, {"key_id": b"\x01"}])
def test_it_signs_an_agreement(tokens, issued, sandbox, more):
    key = tokens.key(**more)
    checked = asyncio.run(
        sign_once(issued.pdf, issued.receipt, sandbox, "pihak_kesatu", source=key)
    )
    assert checked.added.signer == KEPALA_CABANG


def test_an_elliptic_key_signs_over_a_finished_hash(tokens, issued, sandbox, steps):
    key = tokens.key(EC)
    checked = asyncio.run(
        sign_once(
            steps[1], issued.receipt, sandbox, "pihak_kedua", source=key, now=later(10),
        )
    )  # fmt: skip
    assert checked.added.signer == PIMPINAN


def test_one_login_serves_many_signatures_and_sources(tokens, monkeypatch):
    asked = []
    real = pkcs11_session._log_in
    monkeypatch.setattr(
        pkcs11_session, "_log_in", lambda *given: asked.append(given[1]) or real(*given)
    )
    key = tokens.key()

    async def both():
        one, two = await asyncio.gather(key.identity(NOW), tokens.key().identity(NOW))
        await asyncio.gather(
            *(found.signer.async_sign_raw(b"isi", "sha256") for found in (one, two, one))
        )

    asyncio.run(both())
    assert asked == [RSA]


def test_a_wrong_pin_is_given_to_the_token_once(tokens, monkeypatch):
    asked = []
    real = pkcs11_session._log_in
    monkeypatch.setattr(
        pkcs11_session, "_log_in", lambda *given: asked.append(given[1]) or real(*given)
    )
    for _ in range(3):
        assert code_of(tokens.key(pin="99999999")) == "token.pin_incorrect"
    assert asked == [RSA]
    assert identity(tokens.key()).name == KEPALA_CABANG


def test_an_open_session_does_not_serve_another_pin(tokens):
    identity(tokens.key())
    assert code_of(tokens.key(pin="99999999")) == "token.pin_incorrect"


@pytest.mark.parametrize(
    ("token", "more", "code"),
    [
        ("TIDAK-ADA", {}, "token.not_found"),
        (EMPTY, {}, "token.no_key"),
        (RSA, {"label": "lain"}, "token.no_key"),
        (RSA, {"key_id": b"\x07"}, "token.no_key"),
        (MIXED, {}, "token.many_keys"),
        (MIXED, {"label": "satu"}, "token.no_certificate"),
        (MIXED, {"key_id": b"\x02"}, "token.many_certificates"),
    ],
)
def test_what_is_missing_is_named(tokens, token, more, code):
    assert code_of(tokens.key(token, **more)) == code


@pytest.mark.parametrize("name", ["tidak-ada.so", "bukan.so"])
def test_a_library_that_is_none(tokens, tmp_path, name):
    (tmp_path / "bukan.so").write_bytes(b"bukan pustaka")
    assert code_of(replace(tokens, module=tmp_path / name).key()) == "token.module"


def test_without_the_optional_package(tokens, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pkcs11", None)
    assert code_of(tokens.key()) == "token.no_support"


@pytest.mark.parametrize(
    ("flag", "code"),
    [("USER_PIN_LOCKED", "token.pin_locked"), ("USER_PIN_FINAL_TRY", "token.pin_last_try")],
)
def test_flags_of_the_token_are_heeded_before_the_pin_is_given(flag, code):
    from pkcs11.constants import TokenFlag

    token = SimpleNamespace(flags=TokenFlag[flag])
    with pytest.raises(SigningError) as caught:
        pkcs11_session._log_in(token, RSA, Secret(PIN))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        ("PinLocked", "token.pin_locked"),
        ("PinExpired", "token.pin_expired"),
        ("UserPinNotInitialized", "token.pin_not_set"),
        ("DeviceError", "token.failed"),
    ],
)
def test_what_a_token_may_answer_to_a_login(trouble, code):
    from pkcs11 import exceptions

    def refuse(**_given):
        raise getattr(exceptions, trouble)

    with pytest.raises(SigningError) as caught:
        pkcs11_session._log_in(SimpleNamespace(flags=0, open=refuse), RSA, Secret(PIN))
    assert caught.value.code == code


def test_a_session_that_ends_under_way_is_opened_again_by_the_next_run(tokens):
    key = tokens.key()
    found = identity(key)
    pkcs11_session._OPEN[(str(tokens.module), RSA)].session.close()
    with pytest.raises(SigningError) as caught:
        asyncio.run(found.signer.async_sign_raw(b"isi", "sha256"))
    assert caught.value.code == "token.removed"
    again = identity(key)
    assert asyncio.run(again.signer.async_sign_raw(b"isi", "sha256"))
