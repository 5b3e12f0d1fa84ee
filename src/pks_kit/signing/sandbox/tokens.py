"""What the sandbox authority answers: a timestamp token, written down as bytes.

The same fields as the built-in authority of pyHanko gives, with our policy and an accuracy of a
second. Of a token only time, digest, numbers and signature differ, so nothing else is encoded anew.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pks_kit.pki.test_marks import UJI_POLICY_TIMESTAMP
from pks_kit.signing.keys.prepared_cms import (
    CONTENT_TYPE,
    MESSAGE_DIGEST,
    NAMED,
    OCTETS,
    SEQUENCE,
    SET,
    SHA256,
    SIGNED_DATA,
    SIGNING_TIME,
    VERSION_1,
    attribute,
    der,
)

if TYPE_CHECKING:
    from asn1crypto import tsp

    from pks_kit.signing.keys.opened import OpenedKeySigner

_INTEGER = 0x02
_OBJECT, _UTC_TIME, _TIME = 0x06, 0x17, 0x18
_FIRST = 0xA0
_VERSION_3 = bytes.fromhex("020103")
_TOKEN_INFO = bytes.fromhex("060b2a864886f70d0109100104")
_SIGNED_BY = bytes.fromhex("060b2a864886f70d010910020c")
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
_GRANTED = bytes.fromhex("3003020100")
_ONE_SECOND = bytes.fromhex("3003020101")
_NUMBER_BITS = 63
_DIGEST = "sha256"


def answer(signer: OpenedKeySigner, asked: tsp.TimeStampReq, now: datetime) -> tsp.TimeStampResp:
    """Return a granted timestamp.

    Args:
        signer: Key of the authority, RSA.
        asked: The question.
        now: Time that the token states (UTC).
    """
    from asn1crypto import tsp

    info = _info(signer, asked, now)
    signed = der(SET, sorted(_attributes(signer, info, now)))
    signature = signer.sign_raw(signed, _DIGEST)
    signed_by = [
        VERSION_1,
        signer.plain.issuer_and_serial,
        SHA256,
        bytes((_FIRST,)) + signed[1:],
        _RSA,
        der(OCTETS, [signature]),
    ]
    data = [
        _VERSION_3,
        der(SET, [SHA256]),
        der(SEQUENCE, [_TOKEN_INFO, der(_FIRST, [der(OCTETS, [info])])]),
        der(_FIRST, sorted({signer.plain.der, *signer.others})),
        der(SET, [der(SEQUENCE, signed_by)]),
    ]
    token = der(SEQUENCE, [SIGNED_DATA, der(_FIRST, [der(SEQUENCE, data)])])
    return tsp.TimeStampResp.load(der(SEQUENCE, [_GRANTED, token]))


def _info(signer: OpenedKeySigner, asked: Any, now: datetime) -> bytes:
    nonce = asked["nonce"]
    parts = [
        VERSION_1,
        _policy(),
        asked["message_imprint"].dump(),
        _number(secrets.randbits(_NUMBER_BITS)),
        der(_TIME, [f"{now:%Y%m%d%H%M%S}Z".encode("ascii")]),
        _ONE_SECOND,
    ]
    if nonce.native is not None:
        parts.append(nonce.dump())
    parts.append(der(_FIRST, [der(NAMED, [_subject(signer.plain.der)])]))
    return der(SEQUENCE, parts)


def _attributes(signer: OpenedKeySigner, info: bytes, now: datetime) -> list[bytes]:
    plain = signer.plain
    return [
        attribute(CONTENT_TYPE, _TOKEN_INFO),
        attribute(SIGNING_TIME, der(_UTC_TIME, [f"{now:%y%m%d%H%M%S}Z".encode("ascii")])),
        attribute(_SIGNED_BY, plain.named_by(_fingerprint(plain.der))),
        attribute(MESSAGE_DIGEST, der(OCTETS, [hashlib.sha256(info).digest()])),
    ]


def _fingerprint(certificate: bytes) -> bytes:
    """Return how this older attribute names a certificate; nothing rests on it."""
    return hashlib.sha1(certificate, usedforsecurity=False).digest()


def _number(value: int) -> bytes:
    return der(_INTEGER, [value.to_bytes(value.bit_length() // 8 + 1, "big")])


@lru_cache(maxsize=1)
def _policy() -> bytes:
    from asn1crypto.core import ObjectIdentifier

    return bytes(ObjectIdentifier(UJI_POLICY_TIMESTAMP).dump())


@lru_cache(maxsize=16)
def _subject(certificate: bytes) -> bytes:
    from asn1crypto.x509 import Certificate

    return bytes(Certificate.load(certificate)["tbs_certificate"]["subject"].dump())
