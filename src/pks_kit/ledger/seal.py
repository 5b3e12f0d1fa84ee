"""A seal: a timestamp (RFC 3161) of an authority over the head of a ledger.

It proves that this ledger held this event at that time, to anybody and without this program::

    openssl ts -verify -data kepala.json -in token.tsr -token_in -CAfile akar.pem

where ``kepala.json`` is :func:`sealed_bytes`. It lies in a file beside the ledger and not in it:
who cuts an end off would cut the seal off too, and an event of its own would belong to no
agreement.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from pks_kit.domain.ledger_head import AnchoredHead
from pks_kit.json_types import Moment, shown
from pks_kit.ledger.canonical import canonical_json
from pks_kit.messages import Message, lookup

if TYPE_CHECKING:
    from pks_kit.pki.chains import Trust

FORMAT = "pks-kit-ledger-seal/1"
DIGEST = "sha256"
TOKEN_BYTES = 1 << 18
"""Largest token; usual ones have 2 to 10 thousand bytes."""

SealState = Literal["passed", "indeterminate", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A seal as it stands in its file.

    Attributes:
        head: The head that it is over.
        time: Time that the token states, for people; the token tells it again.
        authority: Name of the authority, for people.
        token: The token (DER of a CMS structure) in base64.
        format: Name of this form.
    """

    head: AnchoredHead
    time: Moment
    authority: str
    token: Annotated[str, Field(max_length=2 * TOKEN_BYTES)]
    format: Literal["pks-kit-ledger-seal/1"] = "pks-kit-ledger-seal/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealAnswer:
    """What was found out about a seal, without network.

    Attributes:
        state: ``passed``: whole, over this head, by an authority of the anchors given. ``failed``:
            the token is none, or not over this head, or its authority was revoked.
            ``indeterminate``: whole, but no chain to an anchor that was given.
        reason: ``proven``, ``broken``, ``revoked``, ``no_anchor`` or ``untrusted``.
        time: Time that it states; None when it is broken.
        authority: Common name of its authority.
    """

    state: SealState
    reason: Literal["proven", "broken", "revoked", "no_anchor", "untrusted"]
    time: Moment | None = None
    authority: str = ""

    @shown()
    def message(self) -> Message:
        """What was found out, in both languages."""
        words = lookup(f"ledger.seal.{self.reason}")
        return words.fill({"time": self.time or "-", "authority": self.authority or "-"})


def sealed_bytes(head: AnchoredHead) -> bytes:
    """Return what a seal is a timestamp of: the head as canonical JSON."""
    fields = {"hash": head.hash, "ledger": head.ledger, "nomor": head.nomor}
    return canonical_json(fields).encode()


def sealed_digest(head: AnchoredHead) -> bytes:
    """Return the SHA-256 of :func:`sealed_bytes`, which an authority gets to see."""
    return hashlib.sha256(sealed_bytes(head)).digest()


async def judge_seal(head: AnchoredHead, token: bytes, trust: Trust) -> SealAnswer:
    """Judge a token over a head, by anchors given here alone and without network.

    Args:
        head: What it should be over.
        token: The token (DER).
        trust: Anchors; without any a whole token is ``indeterminate``.
    """
    from pks_kit.pki.chains import Subject, judge
    from pks_kit.pki.material import ValidationMaterial
    from pks_kit.pki.timestamp_token import authority_of, load_token, token_time

    try:
        signed = load_token(token)
        time = token_time(signed, sealed_bytes(head))
        certificate, brought = authority_of(signed)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        time = None
    if time is None:
        return SealAnswer(state="failed", reason="broken")
    subject = Subject(certificate=certificate, brought=brought, moment=time)
    known: dict[str, Any] = {"time": time, "authority": subject.name}
    if not trust.roots:
        return SealAnswer(state="indeterminate", reason="no_anchor", **known)
    answer = await judge(subject, trust, ValidationMaterial(), mode="soft-fail")
    if answer.kind == "good":
        return SealAnswer(state="passed", reason="proven", **known)
    if answer.kind == "revoked":
        return SealAnswer(state="failed", reason="revoked", **known)
    return SealAnswer(state="indeterminate", reason="untrusted", **known)


def token_of(seal: Seal) -> bytes:
    """Return the token of a seal; empty when it is no base64."""
    try:
        return base64.b64decode(seal.token, validate=True)
    except ValueError:
        return b""
