"""Tell whose revocation a file leaves open, so that a caller who may use a network can ask.

Runs in the guarded child process, because the file is hostile. Only certificates leave it, and
only those of chains that end in an anchor of the user; the caller builds them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.signatures import find_signatures
from pks_kit.pki.chains import Subject, judge
from pks_kit.pki.timestamp_token import stated_time, timestamps_of
from pks_kit.verification.file.intake import open_file
from pks_kit.verification.isolation.protocol import MOST_BYTES, MOST_CHAINS, ChainsHead, OpenChain
from pks_kit.verification.limits import Limits
from pks_kit.verification.signatures.revocation import proven_state
from pks_kit.verification.signatures.trust import run_sync
from pks_kit.verification.signatures.validation import trust_base

if TYPE_CHECKING:
    from asn1crypto import x509

    from pks_kit.verification.signatures.trust import TrustBase


def tell_open_chains(content: bytes, asked: ChainsHead, limits: Limits) -> tuple[OpenChain, ...]:
    """Return the chains in a file that are trusted and whose revocation is not proven by it.

    Args:
        content: The file.
        asked: Which signatures, and whom the user trusts.
        limits: What reading the file may cost.
    """
    opened, _ = open_file(content, limits)
    found = () if opened is None else find_signatures(opened)
    if opened is None or isinstance(found, ParserFailure):
        return ()
    trust = asked.trust
    base = trust_base(opened, trust.anchors, trust.pins, trust.now)
    chains: dict[OpenChain, None] = {}
    for one in found:
        if one.embedded is None or one.field not in asked.fields:
            continue
        told = guarded(lambda one=one: list(_open_chains(one.embedded, base)))  # type: ignore[misc]
        for chain in [] if isinstance(told, ParserFailure) else told:
            chains.setdefault(chain)
    return tuple(chains)[:MOST_CHAINS]


def _open_chains(embedded: Any, base: TrustBase) -> Iterator[OpenChain]:
    """Yield the chains of the timestamps, then those of the signer."""
    from pyhanko.sign.validation.generic_cms import extract_certs_for_validation

    is_timestamp = str(embedded.sig_object_type) == "/DocTimeStamp"
    tokens = timestamps_of(embedded)
    moments = [base.now]
    for token in tokens[:1]:
        stated = stated_time(token)
        brought = extract_certs_for_validation(token)
        path = _path(brought.signer_cert, brought.other_certs, stated, base)
        # a time that nobody vouches for is judged beside the present one
        moments = [stated] if path else [base.now, stated]
        yield from _open(path, stated, base)
    for moment in [] if is_timestamp else moments:
        path = _path(embedded.signer_cert, embedded.other_embedded_certs, moment, base)
        yield from _open(path, moment, base)


def _path(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    moment: datetime,
    base: TrustBase,
) -> list[x509.Certificate]:
    """Return the chain from the anchor down; empty when there is none."""
    subject = Subject(certificate=certificate, brought=tuple(others), moment=moment)
    answer = guarded(
        lambda: run_sync(judge(subject, base.trust, base.material(), mode="soft-fail"))
    )
    return [] if isinstance(answer, ParserFailure) else list(answer.certificates())


def _open(path: list[x509.Certificate], moment: datetime, base: TrustBase) -> Iterator[OpenChain]:
    """Yield the chain when nothing in the file proves its state."""
    if len(path) < 2 or (
        base.has_material and proven_state(path[-1], path, moment, base) != "unknown"
    ):
        return
    ders = tuple(one.dump() for one in reversed(path))
    if len(ders) <= MOST_CHAINS and all(len(der) <= MOST_BYTES for der in ders):
        yield OpenChain(moment=moment, certificates=ders)
