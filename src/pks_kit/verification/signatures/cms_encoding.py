"""Is a signature container encoded in one of the two ways in which it can be encoded?

That is DER, or the form with open outer lengths (:mod:`.indefinite_form`).

A signature protects the pages, but not every byte of its own container: padding, letter case of
the hex digits, version numbers and unneeded certificates can be altered without any verifier
noticing. Here each of them must be what the standards say, so that no byte of a file can change
without an answer.

A flaw never makes a file fail: honest programs have their habits, and what is signed is intact.
It never lets a file pass either, with a receipt or without one: whoever carried the file could
have changed those bytes, and a note would say that nothing had been changed. Only where no anchor
is known, so that trust is open anyway, are certificates left alone for which nobody vouches.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pks_kit.pki.digests import STRONG_DIGESTS
from pks_kit.pki.names import same_as
from pks_kit.verification.signatures.indefinite_form import definite_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asn1crypto import algos, cms, x509
    from cryptography.x509 import Certificate

WEAK_DIGEST = "weak digest algorithm"
"""Among the flaws: a digest whose collisions can be bought. Nobody need have altered anything."""

_MOST_REMEMBERED = 256
_LEAST_REMEMBERED = 256
_HEX = re.compile(rb"<[0-9a-fA-F \t\r\n\f\0]+>")
_MAX_DEPTH = 40


def read_gap(content: bytes, byte_range: Sequence[int]) -> tuple[bytes, list[str]] | None:
    """Return the bytes of the hex string in the hole of a byte range.

    Args:
        content: The file.
        byte_range: Four numbers: start, length, start, length.

    Returns:
        The decoded bytes and what is unusual about the digits, or None when there is anything
        else in the hole than one hex string.
    """
    first, length, second, rest = byte_range
    if first != 0 or length <= 0 or second <= length or rest <= 0 or second + rest > len(content):
        return None
    hole = content[length:second]
    if not _HEX.fullmatch(hole):
        return None
    digits = hole[1:-1].translate(None, b" \t\r\n\f\0")
    if len(digits) % 2:
        return None
    flaws = [] if len(digits) == len(hole) - 2 else ["white space between the digits"]
    if digits not in (digits.lower(), digits.upper()):
        flaws.append("letter case of the digits")
    return bytes.fromhex(digits.decode("ascii")), flaws


def container_flaws(padded: bytes, known: Sequence[x509.Certificate]) -> list[str]:
    """Return what is unusual about a signature container, as short English words for experts.

    Args:
        padded: Decoded ``/Contents`` with its zero padding.
        known: Certificates that may vouch for embedded ones (trust anchors, DSS).

    Returns:
        Empty when the container is canonical.
    """
    from asn1crypto import cms
    from asn1crypto.parser import parse

    _, _, _, header, body, trailer = parse(padded)
    length = len(header) + len(body) + len(trailer)
    flaws = [] if not padded[length:].strip(b"\0") else ["bytes after the container"]
    encoded = definite_form(padded[:length]) or padded[:length]
    flaws += _der_flaws(encoded)
    if not flaws:
        flaws += _signed_data_flaws(cms.ContentInfo.load(encoded, strict=True), known)
    return flaws


def _der_flaws(encoded: bytes, depth: int = 0) -> list[str]:
    """Walk all elements: definite minimal lengths, minimal integers, true booleans, empty nulls."""
    if depth > _MAX_DEPTH:
        return ["nested too deeply"]
    from asn1crypto.parser import parse

    position = 0
    while position < len(encoded):
        kind, method, tag, header, body, trailer = parse(encoded[position:])
        position += len(header) + len(body) + len(trailer)
        if trailer or header != _header(encoded[position - len(header) - len(body)], body, header):
            return ["length not minimal"]
        if kind == 0 and _primitive_flaw(tag, method, body):
            return [f"element of type {tag} not minimal"]
        if method == 1:
            # the same certificates stand in every container of a file
            inside = _known_der_flaws if len(body) >= _LEAST_REMEMBERED else _der_flaws
            if flaws := inside(body, depth + 1):
                return list(flaws)
    return []


@lru_cache(maxsize=_MOST_REMEMBERED)
def _known_der_flaws(encoded: bytes, depth: int) -> tuple[str, ...]:
    return tuple(_der_flaws(encoded, depth))


def _header(first: int, body: bytes, seen: bytes) -> bytes:
    """Return the only right header for a body (low tags; high tags keep their own bytes)."""
    tag = seen[:1] if first & 0x1F != 0x1F else seen[: _high_tag_length(seen)]
    size = len(body)
    if size < 0x80:
        return tag + bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return tag + bytes([0x80 | len(octets)]) + octets


def _high_tag_length(seen: bytes) -> int:
    end = 1
    while seen[end] & 0x80:
        end += 1
    return end + 1


def _primitive_flaw(tag: int, method: int, body: bytes) -> bool:
    if tag == 0:  # end-of-contents: padding that was pulled into the container
        return True
    if tag in (16, 17):
        return method != 1
    if method != 0:
        return True
    if tag == 1:
        return body not in (b"\x00", b"\xff")
    if tag == 2:
        doubled = len(body) > 1 and (
            (body[0] == 0 and body[1] < 0x80) or (body[0] == 0xFF and body[1] >= 0x80)
        )
        return not body or doubled
    if tag == 3:  # bits: a count of unused ones, all of them zero (X.690, 11.2)
        unused = body[0] if body else 8
        loose = unused and (len(body) < 2 or body[-1] & ((1 << unused) - 1))
        return unused > 7 or bool(loose)
    return tag == 5 and body != b""


def _signed_data_flaws(info: cms.ContentInfo, known: Sequence[x509.Certificate]) -> list[str]:
    if info["content_type"].native != "signed_data":
        return ["not signed data"]
    data = info["content"]
    signer_infos = data["signer_infos"]
    if len(signer_infos) != 1:
        return ["not exactly one signer"]
    signer = signer_infos[0]
    is_token = data["encap_content_info"]["content_type"].native == "tst_info"
    flaws = []
    if not is_token and data["encap_content_info"]["content"].native is not None:
        flaws.append("content inside the container")
    # RFC 5652, 5.1: 3 for other content than data or a signer named by key identifier, else 1
    right = "v3" if is_token or signer["version"].native == "v3" else "v1"
    if data["version"].native != right:
        flaws.append("version of the container")
    if signer["version"].native not in {"v1", "v3"}:
        flaws.append("version of the signer")
    wanted = signer["sid"].name == "issuer_and_serial_number"
    if wanted != (signer["version"].native == "v1"):
        flaws.append("version of the signer")
    listed = [algorithm["algorithm"].native for algorithm in data["digest_algorithms"]]
    if listed != [signer["digest_algorithm"]["algorithm"].native]:
        flaws.append("list of digest algorithms")
    for digest in (signer["digest_algorithm"], *data["digest_algorithms"]):
        flaws += _algorithm_flaws(digest, signer["signature_algorithm"])
    embedded = _embedded(data)
    flaws += _identifier_flaws(signer, embedded)
    flaws += _certificate_flaws(_own(signer, embedded), embedded, known)
    return flaws + _unsigned_flaws(signer, known)


def _algorithm_flaws(
    digest: algos.DigestAlgorithm, signature: algos.SignedDigestAlgorithm
) -> list[str]:
    flaws = []
    if digest["algorithm"].native not in STRONG_DIGESTS:
        flaws.append(WEAK_DIGEST)
    if digest["parameters"].dump() not in (b"", b"\x05\x00"):
        flaws.append("parameters of the digest algorithm")
    if signature["algorithm"].native != "rsassa_pss" and signature["parameters"].dump() not in (
        b"",
        b"\x05\x00",
    ):
        flaws.append("parameters of the signature algorithm")
    return flaws


def _identifier_flaws(signer: cms.SignerInfo, embedded: Sequence[x509.Certificate]) -> list[str]:
    """The signer must be named byte for byte as in its certificate, not only alike."""
    chosen = signer["sid"].chosen
    if signer["sid"].name != "issuer_and_serial_number":
        return []
    for certificate in embedded:
        same_number = certificate.serial_number == chosen["serial_number"].native
        if same_number and certificate.issuer.dump() == chosen["issuer"].dump():
            return []
    return ["name of the signer's issuer"]


def _embedded(data: cms.SignedData) -> list[x509.Certificate]:
    choices = data["certificates"]
    return [choice.chosen for choice in choices if choice.name == "certificate"]


def _own(signer: cms.SignerInfo, embedded: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Return the certificate of the signer; none when it is named in another way."""
    if signer["sid"].name != "issuer_and_serial_number":
        return []
    number = signer["sid"].chosen["serial_number"].native
    return [one for one in embedded if one.serial_number == number][:1]


def _certificate_flaws(
    own: Sequence[x509.Certificate],
    embedded: Sequence[x509.Certificate],
    known: Sequence[x509.Certificate],
) -> list[str]:
    """Every embedded certificate must be vouched for by another one or by itself.

    One is excused: that at which the way up from the signer ends because nobody has the next
    certificate. No chain can lead through it to an anchor, so trust is open and says what lacks.
    """
    if any(one["signature_value"].contents[:1] != b"\0" for one in embedded):
        return ["signature of an embedded certificate is not whole bytes"]
    above = _issuers([*embedded, *known], len(embedded))
    names = {same_as(one.subject) for one in (*embedded, *known)}
    excused = {
        der
        for der, one in _ways_without_end(own, above, known).items()
        if same_as(one.issuer) not in names
    }
    for certificate in embedded:
        der = certificate.dump()
        if not above[der] and der not in excused and all(der != one.dump() for one in known):
            return ["embedded certificate that nothing vouches for"]
    return []


def _issuers(
    certificates: Sequence[x509.Certificate], count: int
) -> dict[bytes, list[x509.Certificate]]:
    """Return for the first certificates which of all vouch for them."""
    ders = [one.dump() for one in certificates]
    return {
        der: [
            issuer
            for issuer, above in zip(certificates, ders, strict=True)
            if _is_vouched_for(der, above)
        ]
        for der in ders[:count]
    }


@lru_cache(maxsize=_MOST_REMEMBERED)
def _is_vouched_for(der: bytes, above: bytes) -> bool:
    """Return whether one certificate signed another; the same few meet in every signature."""
    from cryptography.exceptions import InvalidSignature

    one, issuer = _opened(der), _opened(above)
    if issuer.subject != one.issuer:
        return False
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


@lru_cache(maxsize=_MOST_REMEMBERED)
def _opened(der: bytes) -> Certificate:
    from cryptography.x509 import load_der_x509_certificate

    return load_der_x509_certificate(der)


def _ways_without_end(
    own: Sequence[x509.Certificate],
    above: dict[bytes, list[x509.Certificate]],
    known: Sequence[x509.Certificate],
) -> dict[bytes, x509.Certificate]:
    """Return the certificates on all ways up from the signer.

    Nothing when one of the ways reaches a certificate that is known or stands for itself.
    """
    given = {one.dump() for one in known}
    waiting = list(own)
    seen: dict[bytes, x509.Certificate] = {}
    while waiting:
        one = waiting.pop()
        der = one.dump()
        if der in given or same_as(one.subject) == same_as(one.issuer):
            return {}
        if der not in seen:
            seen[der] = one
            waiting += above.get(der, [])
    return seen


def _unsigned_flaws(signer: cms.SignerInfo, known: Sequence[x509.Certificate]) -> list[str]:
    """Only timestamps may stand outside the signature, and each must itself be canonical."""
    attributes = signer["unsigned_attrs"]
    flaws: list[str] = []
    for attribute in attributes if attributes else ():
        if attribute["type"].native != "signature_time_stamp_token":
            flaws.append("unsigned attribute of unknown kind")
            continue
        for token in attribute["values"]:
            flaws += [f"timestamp: {flaw}" for flaw in _signed_data_flaws(token, known)]
    return flaws
