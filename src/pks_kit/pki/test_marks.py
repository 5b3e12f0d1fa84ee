"""What marks certificates and timestamps of the sandbox as a test.

Everything the sandbox issues carries a policy below ``2.999.80.75.83``. The arc ``2.999`` is the
example arc of the joint ISO/ITU-T tree (registered by Rec. ITU-T X.660 for examples, free for
anybody); 80, 75, 83 are the letters P, K, S. No real provider uses it, so a look at the policies
tells test from real without a list of names. The mark protects only against mixing things up;
trust comes from trust anchors alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pki.names import name_entries

if TYPE_CHECKING:
    from asn1crypto import x509

UJI_ARC = "2.999.80.75.83"
"""Root of all test policies."""

UJI_POLICY_SIGNER = f"{UJI_ARC}.1"
"""Policy of a test signer certificate."""

UJI_POLICY_METERAI = f"{UJI_ARC}.2"
"""Policy of the certificate that makes sandbox stamps."""

UJI_POLICY_TIMESTAMP = f"{UJI_ARC}.3"
"""Policy of the test timestamp authority and of its tokens."""

UJI_ORGANISATION = "UJI pks-kit"
"""Organisation (O) in every subject of the sandbox."""


_TEST_WORDS = re.compile(
    r"\b(uji(an)?|ujicoba|spesimen|specimen|testing|test|tes|demo|sandbox|staging|stg|dev|"
    r"development|contoh|sampel|sample|dummy|coba|percobaan|pengujian)\b",
    re.IGNORECASE,
)
"""Words by which authorities mark themselves as not real, in their own names.

They say nothing in the name of whom an authority vouches for: Tes is a place, Dev and Coba are
people, Demo is a village.
"""
_TEST_ISSUERS = re.compile(r"\b(Emeterai Intermediary CA|OSD DEMO|DJP Dev)\b", re.IGNORECASE)
"""Staging authorities seen in public staging files whose names do not say so (esign 2.6, 3.1)."""


def is_uji_policy(policies: Iterable[str]) -> bool:
    """Return whether one of the certificate policies (dotted) belongs to the sandbox."""
    return any(policy == UJI_ARC or policy.startswith(f"{UJI_ARC}.") for policy in policies)


def is_test(certificate: x509.Certificate, chain: Iterable[x509.Certificate] = ()) -> bool:
    """Return whether a policy, or the name of an authority, says that this is only a test.

    The name of a person or an organisation decides nothing; that of its issuers does, and so does
    that of a timestamp authority. This is the one answer for keys at hand, for signatures found
    and for their authorities.

    Args:
        certificate: Certificate of a signer or of a timestamp authority.
        chain: Certificates among which its issuers are looked for, in any order; the name of
            its issuer always counts.
    """
    return _is_test(certificate.dump(), tuple(one.dump() for one in chain))


@lru_cache(maxsize=256)
def _is_test(der: bytes, others: tuple[bytes, ...]) -> bool:
    """Answer by the bytes, once: signers and authorities come again with every signature."""
    from asn1crypto import x509

    certificate, *chain = (x509.Certificate.load(one) for one in (der, *others))
    above = _issuers(certificate, chain)
    policies = [policy for one in (certificate, *above) for policy in _policies(one)]
    if is_uji_policy(policies):
        return True
    names = [one.issuer for one in (certificate, *above) if not _same(one.issuer, one.subject)]
    if _is_time_authority(certificate):
        names.append(certificate.subject)
    return any(_says_test(name) for name in names)


def _issuers(
    certificate: x509.Certificate, known: list[x509.Certificate]
) -> list[x509.Certificate]:
    """Return the issuers that can be found, from below; others that lie beside them say nothing."""
    found: list[x509.Certificate] = []
    below = certificate
    while not _same(below.subject, below.issuer):
        above = next((one for one in known if _same(one.subject, below.issuer)), None)
        if above is None or above in found:
            break
        found.append(above)
        below = above
    return found


def _same(one: x509.Name, other: x509.Name) -> bool:
    """Compare by bytes: a part that cannot be read makes any other comparison fail."""
    return bool(one.dump() == other.dump())


def _policies(certificate: x509.Certificate) -> list[str]:
    value = certificate.certificate_policies_value
    return [policy["policy_identifier"].dotted for policy in value] if value else []


def _is_time_authority(certificate: x509.Certificate) -> bool:
    usage = certificate.extended_key_usage_value
    return usage is not None and "time_stamping" in usage.native


def _says_test(name: x509.Name) -> bool:
    parts = guarded(lambda: name_entries(name))
    if isinstance(parts, ParserFailure):
        return False
    text = " | ".join(one for said in parts.values() for one in said)
    return bool(_TEST_WORDS.search(text) or _TEST_ISSUERS.search(text))
