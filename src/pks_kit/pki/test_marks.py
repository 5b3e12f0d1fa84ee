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


def names_say_test(subject: Mapping[str, object], issuers: Iterable[Mapping[str, object]]) -> bool:
    """Return whether names of a certificate and its issuers say that this is only a test.

    Args:
        subject: Parts of the signer's name, ``common_name`` among them.
        issuers: Parts of the names above it.
    """
    about_person = str(subject.get("common_name", ""))
    others = " | ".join(str(value) for key, value in subject.items() if key != "common_name")
    if _TEST_WORDS_OF_PEOPLE.search(about_person) or _TEST_WORDS.search(others):
        return True
    names = [" | ".join(str(value) for value in name.values()) for name in issuers]
    return any(_TEST_WORDS.search(name) or _TEST_ISSUERS.search(name) for name in names)
