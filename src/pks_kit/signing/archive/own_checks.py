"""Look at the revisions of an archive that this process wrote: their bytes, digest and token.

The rules are those of :mod:`pks_kit.signing.step.signatures`; whatever is not plain good is left to
them. No parser of documents is needed for what the grammar knows to the last byte.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.box import Box
from pks_kit.pdf.layout import FieldSeen
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.prefix import NotOursError
from pks_kit.pdf.prefix.running import running_digests
from pks_kit.pdf.prefix.spelling import Ref
from pks_kit.pki.names import common_name
from pks_kit.pki.test_marks import is_test
from pks_kit.pki.timestamp_token import authority_of, time_over_digest
from pks_kit.signing.step.own_revision import text
from pks_kit.signing.step.own_step import covered, own_update
from pks_kit.signing.step.signatures import SignatureSeen

if TYPE_CHECKING:
    from pks_kit.pdf.prefix.grammar import OwnSignature
    from pks_kit.signing.step.state import AgreementState


def after_own_store(before: bytes, after: bytes, state: AgreementState) -> AgreementState | None:
    """Return the state after a revision that stores material and does nothing else.

    Args:
        before: The file before it; what is known of it stands in ``state``.
        after: The file.
        state: The state before it.

    Returns:
        The state; None when anything is not as it should be, and the file must be opened.
    """
    found = guarded(lambda: _after_store(before, after, state))
    return None if isinstance(found, ParserFailure) else found


def after_own_seal(
    before: bytes, after: bytes, state: AgreementState
) -> tuple[AgreementState, OwnSignature] | None:
    """Return the state after a document timestamp, and the timestamp; else as above.

    Args:
        before: The file before it; what is known of it stands in ``state``.
        after: The file.
        state: The state before it.
    """
    found = guarded(lambda: _after_seal(before, after, state))
    return None if isinstance(found, ParserFailure) else found


def _after_store(before: bytes, after: bytes, state: AgreementState) -> AgreementState:
    known, signature = own_update(before, after, state)
    if signature is not None or known.store is None:
        raise NotOursError
    known.store.check_pieces()
    return replace(state, signatures=covered(state), known=known)


def _after_seal(
    before: bytes, after: bytes, state: AgreementState
) -> tuple[AgreementState, OwnSignature]:
    known, signature = own_update(before, after, state)
    if signature is None or not signature.is_timestamp:
        raise NotOursError
    seen = SignatureSeen(
        field=signature.field,
        kind="timestamp",
        place=None,
        sn=None,
        revision=known.revisions,
        covers_file=True,
        trouble=None,
        **_proven(before, after, signature),
    )
    value = known.objects[known.fields[text(signature.field)]]
    page = value["/P"]
    if not isinstance(page, Ref):
        raise NotOursError
    box = Box(page=known.pages.index(page.number) + 1, rect=(0.0, 0.0, 0.0, 0.0))
    added = FieldSeen(name=signature.field, is_signature=True, filled=True, box=box)
    grown = replace(
        state,
        layout=replace(state.layout, fields=(*state.layout.fields, added)),
        signatures=(*covered(state), seen),
        known=known,
    )
    return grown, signature


def _proven(before: bytes, after: bytes, signature: OwnSignature) -> dict[str, Any]:
    """Return time and authority of a token after proving that it is sound and over these bytes."""
    from asn1crypto import cms
    from pyhanko.sign.general import extract_signer_info

    token: Any = cms.ContentInfo.load(signature.container)["content"]
    if extract_signer_info(token)["unsigned_attrs"]:  # a token with a token of its own
        raise NotOursError
    covered = running_digests.of(before)
    _, start, end, rest = signature.byte_range
    covered.update(memoryview(after)[len(before) : start])
    covered.update(memoryview(after)[end : end + rest])
    timed = time_over_digest(token, "sha256", covered.digest())
    if timed is None:
        raise NotOursError
    time, authority = timed
    return {
        "signer": common_name(authority.subject),
        "time": time,
        "is_uji": is_test(*authority_of(token)),
    }
