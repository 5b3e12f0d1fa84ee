"""Is all validation material still there after a revision that stores some? By contents.

Writers give the same certificate another object number, and ask again for answers about
revocation. A newer answer about the same certificates takes the place of an older one, unless it
takes back a revocation: nobody but a court can do that, and a forger would.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.objects import ObjectKey
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pki.ocsp_signer import certificates_of, may_have_signed

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One piece of material.

    Attributes:
        kind: ``certificate``, ``list`` or ``answer``.
        content: Its bytes, decoded.
        object: Its object; None for one without a number.
    """

    kind: str
    content: bytes
    object: ObjectKey | None


def lost_material(before: Iterable[Stored], after: Iterable[Stored]) -> list[ObjectKey | None]:
    """Return the objects whose material is there no more, neither itself nor something newer."""
    before, after = list(before), list(after)
    kept = {(one.kind, one.content) for one in after}
    gone = [one for one in before if (one.kind, one.content) not in kept]
    if not any(one.kind == "answer" for one in gone):
        return [one.object for one in gone]
    known = certificates_of(
        dict.fromkeys(one.content for one in (*before, *after) if one.kind == "certificate")
    )
    newer = [one.content for one in after if one.kind == "answer"]
    return [one.object for one in gone if not _is_replaced(one, newer, known)]


def _is_replaced(old: Stored, newer: Sequence[bytes], known: Sequence[Certificate]) -> bool:
    said = _answers(old.content) if old.kind == "answer" else []
    return bool(said) and all(
        any(
            any(_is_newer(one, answer) for one in _answers(content))
            and may_have_signed(content, known, old.content)
            for content in newer
        )
        for answer in said
    )


def _is_newer(one: _Answer, answer: _Answer) -> bool:
    return (
        one.about == answer.about
        and one.since >= answer.since
        and (one.status == "revoked" or answer.status != "revoked")
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an OCSP answer says about one certificate."""

    about: bytes
    status: str
    since: datetime


def _answers(content: bytes) -> list[_Answer]:
    """Return what one OCSP answer says; nothing when it cannot be read."""
    found = guarded(lambda: _read(content))
    return [] if isinstance(found, ParserFailure) else found


def _read(content: bytes) -> list[_Answer]:
    from asn1crypto import ocsp

    loaded: Any = ocsp.OCSPResponse.load(content, strict=True)
    said = loaded["response_bytes"]["response"].parsed["tbs_response_data"]["responses"]
    return [
        _Answer(one["cert_id"].dump(), one["cert_status"].name, one["this_update"].native)
        for one in said
    ]
