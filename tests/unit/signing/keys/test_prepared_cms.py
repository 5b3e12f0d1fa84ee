"""A container that is put together from bytes is the one that pyHanko builds."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.sign.signers import Signer

from pks_kit.signing.keys.opened import OpenedKeySigner
from pks_kit.signing.step.sign_field import _signed_attributes
from support.signing_world import NOW, sandbox_timestamps

DIGEST = hashlib.sha256(b"isi").digest()


class Theirs(OpenedKeySigner):
    """The same key; everything else as pyHanko does it."""

    signed_attrs = Signer.signed_attrs
    _package_signature = Signer._package_signature


def _with_key(sandbox: Any, key: Any) -> tuple[Any, Any, tuple[Any, ...]]:
    """Return a key, a certificate for it, and two above it."""
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "Sari Anggraini")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(sandbox.tsa.chain[0].subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(sandbox.root.not_valid_before_utc)
        .not_valid_after(sandbox.root.not_valid_after_utc)
        .sign(key, hashes.SHA256())
    )
    return key, certificate, sandbox.tsa.chain


def _made(signer: OpenedKeySigner, timestamps: Any = None) -> Any:
    asked: dict[str, Any] = {"use_pades": True, "signed_attr_settings": _signed_attributes(NOW)}
    if timestamps is not None:
        asked["timestamper"] = timestamps.timestamper()
    return asyncio.run(signer.async_sign(DIGEST, "sha256", **asked))


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ec.generate_private_key(ec.SECP256R1()),
    ],
    ids=["rsa", "p256"],
)
def test_attributes_and_container_are_those_of_pyhanko(sandbox: Any, key: Any) -> None:
    given = _with_key(sandbox, key)
    own, theirs = _made(OpenedKeySigner(*given)), _made(Theirs(*given))
    for one in (own, theirs):
        signer = one["content"]["signer_infos"][0]
        assert signer["signature"].native
        if not isinstance(key, rsa.RSAPrivateKey):  # another number each time
            signer["signature"] = b"0"
    assert own.dump() == theirs.dump()


def test_a_token_of_the_sandbox_is_one(sandbox: Any) -> None:
    from pks_kit.pki.test_marks import is_test
    from pks_kit.pki.timestamp_token import timed_signature

    signer = sandbox.signers["pihak_kesatu"].signer()
    made = _made(signer, sandbox_timestamps(sandbox))
    found = timed_signature(made["content"]["signer_infos"][0])
    assert found is not None
    assert found[0] == NOW.replace(microsecond=0)
    assert is_test(found[1])
    token = made["content"]["signer_infos"][0]["unsigned_attrs"][0]["values"][0]
    assert token.dump() == token.copy().dump(force=True)
