"""What marks certificates and timestamps of the sandbox as a test.

Everything the sandbox issues carries a policy below ``2.999.80.75.83``. The arc ``2.999`` is the
example arc of the joint ISO/ITU-T tree (registered by Rec. ITU-T X.660 for examples, free for
anybody); 80, 75, 83 are the letters P, K, S. No real provider uses it, so a look at the policies
tells test from real without a list of names. The mark protects only against mixing things up;
trust comes from trust anchors alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
"""Words by which authorities mark themselves as not real, in their own names."""
_TEST_WORDS_OF_PEOPLE = re.compile(
    r"\b(uji|spesimen|specimen|testing|sandbox|staging)\b|\bdevelopment\b", re.IGNORECASE
)
"""A person may be called Dev or Coba; only unmistakable words count in a person's own name."""
_TEST_ISSUERS = re.compile(r"\b(Emeterai Intermediary CA|OSD DEMO|DJP Dev)\b", re.IGNORECASE)
"""Staging authorities seen in public staging files whose names do not say so (esign 2.6, 3.1)."""


def is_uji_policy(policies: Iterable[str]) -> bool:
    """Return whether one of the certificate policies (dotted) belongs to the sandbox."""
    return any(policy == UJI_ARC or policy.startswith(f"{UJI_ARC}.") for policy in policies)


def is_test(certificate: x509.Certificate, chain: Iterable[x509.Certificate] = ()) -> bool:
    """Return whether policies or names say that a certificate is only a test.

    This is the one answer for keys at hand, for signatures found and for their authorities.

    Args:
        certificate: Certificate of a signer or of a timestamp authority.
        chain: Its issuers as far as known, in any order; the name of its issuer always counts.
    """
    chain = list(chain)
    policies = [policy for one in (certificate, *chain) for policy in _policies(one)]
    if is_uji_policy(policies):
        return True
    above = [certificate.issuer, *(one.subject for one in chain)]
    # a chain that is handed over whole holds the certificate itself: its name is that of a person
    issuers = [
        name for name in above if name != certificate.subject or certificate.self_signed == "no"
    ]
    return _names_say_test(_readable(certificate.subject), [_readable(name) for name in issuers])


def _readable(name: x509.Name) -> Mapping[str, list[str]]:
    parts = guarded(lambda: name_entries(name))
    return {} if isinstance(parts, ParserFailure) else parts


def _policies(certificate: x509.Certificate) -> list[str]:
    value = certificate.certificate_policies_value
    return [policy["policy_identifier"].dotted for policy in value] if value else []


def _names_say_test(
    subject: Mapping[str, list[str]], issuers: Iterable[Mapping[str, list[str]]]
) -> bool:
    about_person = " | ".join(subject.get("common_name", ()))
    others = " | ".join(" | ".join(said) for kind, said in subject.items() if kind != "common_name")
    if _TEST_WORDS_OF_PEOPLE.search(about_person) or _TEST_WORDS.search(others):
        return True
    names = [" | ".join(" | ".join(said) for said in name.values()) for name in issuers]
    return any(_TEST_WORDS.search(name) or _TEST_ISSUERS.search(name) for name in names)
