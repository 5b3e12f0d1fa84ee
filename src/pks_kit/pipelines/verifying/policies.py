"""Policies per kind of document, with their limits as of a day."""

from __future__ import annotations

from datetime import date

from pks_kit.policy.document_policy import PolicyInForce, load_policy, policy_names
from pks_kit.resources import signing_root
from pks_kit.rules.law.parameters import load_parameters


def policy_in_force(jenis: str, as_of: date) -> PolicyInForce:
    """Return a policy with its parameters resolved.

    Args:
        jenis: Name of the kind, for example ``pks_bidan``.
        as_of: Day of the upload.

    Raises:
        UsageError: ``policy.unknown``, or ``rules.unknown_parameter`` for a wrong reference.
        InputError: ``policy.invalid``.
        NotInForceError: ``rules.not_in_force`` when a limit is not in force on that day.
    """
    policy = load_policy(signing_root(), jenis)
    if policy.ukuran is None:
        return PolicyInForce(kebijakan=policy)
    aturan = load_parameters().resolve_all(as_of)
    return PolicyInForce(
        kebijakan=policy,
        ukuran_bita=aturan.whole(policy.ukuran),
        dasar_ukuran=aturan.legal_basis(policy.ukuran),
    )


def policies_in_force(as_of: date) -> tuple[PolicyInForce, ...]:
    """Return all policies of a day, sorted by name.

    Raises:
        InputError: ``policy.invalid``.
        NotInForceError: ``rules.not_in_force``.
    """
    return tuple(policy_in_force(name, as_of) for name in policy_names(signing_root()))
