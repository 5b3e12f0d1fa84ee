"""What marks certificates and timestamps of the sandbox as a test.

Everything the sandbox issues carries a policy below ``2.999.80.75.83``. The arc ``2.999`` is the
example arc of the joint ISO/ITU-T tree (registered by Rec. ITU-T X.660 for examples, free for
anybody); 80, 75, 83 are the letters P, K, S. No real provider uses it, so a look at the policies
tells test from real without a list of names. The mark protects only against mixing things up;
trust comes from trust anchors alone.
"""

from __future__ import annotations

from collections.abc import Iterable

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


def is_uji_policy(policies: Iterable[str]) -> bool:
    """Return whether one of the certificate policies (dotted) belongs to the sandbox."""
    return any(policy == UJI_ARC or policy.startswith(f"{UJI_ARC}.") for policy in policies)
