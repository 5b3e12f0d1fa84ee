"""Judge a revision whose bytes are known to be ours: is it a step that is expected here?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.verification.revisions.before_after import Addition, Expected
from pks_kit.verification.revisions.fields import stamp_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pks_kit.pdf.prefix.grammar import OwnRevision, OwnSignature
    from pks_kit.pdf.prefix.opened import OwnUpdates
    from pks_kit.pdf.revisions import Span
    from pks_kit.verification.report.verdict import RevisionKind


def own_addition(
    own: OwnUpdates | None, span: Span, filled: Sequence[str], expected: Expected | None
) -> Addition | None:
    """Return what a revision of ours added; None when its objects must be looked at.

    Args:
        own: Later revisions, when all of them are ours.
        span: The revision.
        filled: Signature fields whose signature lies in it.
        expected: What the profile allows; None: no profile known.
    """
    revision = None if own is None else own.revision(span.number)
    if revision is None or (revision.update.start, revision.update.end) != (span.start, span.end):
        return None
    is_plain = (
        is_expected(revision.signature, filled, expected) if revision.signature else not filled
    )
    return added_by(revision) if is_plain else None


def is_expected(signature: OwnSignature, filled: Sequence[str], expected: Expected | None) -> bool:
    """Return whether a signature is the only one of its revision, and stands where it may.

    Args:
        signature: The signature.
        filled: Signature fields whose signature lies in the revision.
        expected: What the profile allows; None: no profile known.
    """
    if list(filled) != [signature.field]:
        return False
    if expected is None:
        return True
    if not signature.is_new:
        return signature.field in expected.fields
    if signature.rect is None:
        return signature.is_timestamp
    return stamp_place(expected.stamps, signature.page, signature.rect) is not None


def added_by(revision: OwnRevision) -> Addition:
    """Return what a revision added, without anything against it."""
    signature = revision.signature
    kind: RevisionKind = "signature"
    if signature is None:
        kind = "dss"
    elif signature.is_timestamp:
        kind = "timestamp"
    elif signature.is_new and signature.field.startswith("Emet"):
        kind = "meterai"
    return Addition(
        kind=kind,
        added=tuple(f"{number} 0" for number in revision.added),
        changed=tuple(f"{number} 0" for number in revision.changed),
        problems=(),
    )
