"""A key is opened once; what it signs is what pyHanko's own signer would sign."""

from __future__ import annotations

import asyncio

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from pks_kit.signing.keys.opened import OpenedKeySigner
from support.signing_world import NOW


def test_the_signer_is_made_once_per_key(sandbox):
    key = sandbox.signers["pihak_kesatu"]
    assert key.signer() is key.signer()
    assert asyncio.run(key.identity(NOW)).signer is key.signer()
    assert "PrivateKey" not in repr(key)


def test_no_key_is_decoded_for_a_signature(sandbox, monkeypatch):
    from pyhanko.sign.signers import pdf_cms

    def refuse(*_arguments, **_more):
        raise AssertionError("decoded again")

    monkeypatch.setattr(pdf_cms.serialization, "load_der_private_key", refuse)
    signer = sandbox.signers["pihak_kesatu"].signer()
    key = signer.signing_cert.public_key
    assert len(asyncio.run(signer.async_sign_raw(b"isi", "sha256"))) == key.byte_size


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP521R1()),
    ],
    ids=["rsa", "p256", "p521"],
)
def test_signatures_are_right_and_fit_the_estimated_room(sandbox, key, digest):
    signer = OpenedKeySigner(key, sandbox.root, ())
    made = signer.sign_raw(b"isi", digest)
    room = asyncio.run(signer.async_sign_raw(b"isi", digest, dry_run=True))
    assert len(made) <= len(room)
    algorithm = getattr(hashes, digest.upper())()
    if isinstance(key, rsa.RSAPrivateKey):
        key.public_key().verify(made, b"isi", padding.PKCS1v15(), algorithm)
    else:
        key.public_key().verify(made, b"isi", ec.ECDSA(algorithm))
