"""Ask the authorities about one chain that a file from outside brought along.

The certificates are believed only as far as they can be checked here: a chain to an anchor of the
user is built again before any address in it is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pks_kit.pki.certificate_addresses import names_address
from pks_kit.pki.chains import Evidence, Subject, Trust, fetch, judge, read_trust

if TYPE_CHECKING:
    from pks_kit.pki.chains import ChainAnswer
    from pks_kit.pki.revocation_http import RevocationSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationAnswer:
    """What the authorities said.

    Attributes:
        built: Whether the chain could be built, so that anybody was asked.
        rejected: Whether something came that could not be verified; all of it is left out then.
        ocsps: OCSP answers in DER.
        crls: Revocation lists in DER.
        silent: Common names of certificates that name no address.
    """

    built: bool = False
    rejected: bool = False
    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    silent: tuple[str, ...] = ()


async def ask_about(
    chain: Sequence[bytes], moment: datetime, roots: Sequence[bytes], source: RevocationSource
) -> RevocationAnswer:
    """Ask about every certificate of a chain, and about no other.

    Args:
        chain: Certificates in DER: the one that acted, then those that came along with it.
        moment: When it acted.
        roots: Anchors in DER.
        source: Where to ask.

    Returns:
        Answers and lists, also when they say that a certificate was revoked; nothing, and without
        asking anybody, when no chain to an anchor can be built.
    """
    from asn1crypto import x509

    try:
        first, *others = [x509.Certificate.load(one, strict=True) for one in chain]
        subject = Subject(certificate=first, brought=tuple(others), moment=moment)
        trust = read_trust(roots)
        built, collected = await fetch(subject, trust, Evidence(), source)
        if built.kind != "good":
            return RevocationAnswer()
        found = await _verified(subject, trust, collected)
        return RevocationAnswer(
            built=True,
            rejected=found != collected,
            ocsps=tuple(one.dump() for one in found.ocsps),
            crls=tuple(one.dump() for one in found.crls),
            silent=_silent(built),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return RevocationAnswer()  # certificates made to break their parser


async def _verified(subject: Subject, trust: Trust, found: Evidence) -> Evidence:
    """Return what was found unless it speaks for nothing: one bad answer spoils a sound chain."""
    kind = (await judge(subject, trust, found, mode="soft-fail")).kind
    return found if kind in ("good", "revoked") else Evidence()


def _silent(built: ChainAnswer) -> tuple[str, ...]:
    below = built.certificates()[1:]
    return tuple(
        Subject(certificate=one, brought=(), moment=one.not_valid_before).name
        for one in below
        if not names_address(one)
    )
