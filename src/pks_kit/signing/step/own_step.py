"""Look at a revision that this process wrote itself: its bytes, its digest, its signature.

No parser of documents is needed for what the grammar of :mod:`pks_kit.pdf.prefix` knows to the last
byte. The rules are those of :mod:`.signatures`; whatever is not plain good is left to them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pks_kit.domain.meterai import sn_of_field, sn_of_reason
from pks_kit.domain.receipt import RecordedPlace
from pks_kit.pdf.box import Box, place_box
from pks_kit.pdf.layout import FieldSeen
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.prefix import NotOursError
from pks_kit.pdf.prefix.grammar import OwnSignature, read_revision
from pks_kit.pdf.prefix.running import running_digests
from pks_kit.pdf.prefix.updates import cut_updates
from pks_kit.pki.names import common_name
from pks_kit.pki.test_marks import is_test
from pks_kit.pki.timestamp_token import timed_signature
from pks_kit.signing.step.signatures import SignatureSeen

if TYPE_CHECKING:
    from pks_kit.pdf.prefix.base import State
    from pks_kit.signing.step.state import AgreementState


def own_step(before: bytes, after: bytes, state: AgreementState) -> AgreementState | None:
    """Return the state after a revision that this process wrote.

    Args:
        before: The file before it; what is known of it stands in ``state``.
        after: The file.
        state: The state before it.

    Returns:
        The state; None when anything is not as it should be, and the file must be opened.
    """
    found = guarded(lambda: _after(before, after, state))
    return None if isinstance(found, ParserFailure) else found


def _after(before: bytes, after: bytes, state: AgreementState) -> AgreementState:
    known, signature = own_update(before, after, state)
    if signature is None:
        raise NotOursError
    place, box = _place(signature, state)
    seen = _seen(before, after, signature, place, revision=known.revisions)
    fields = tuple(
        replace(one, filled=True) if one.name == signature.field else one
        for one in state.layout.fields
    )
    if signature.is_new:
        added = FieldSeen(name=signature.field, is_signature=True, filled=True, box=box)
        fields = (*fields, added)
    return replace(
        state,
        layout=replace(state.layout, fields=fields),
        signatures=(*covered(state), seen),
        known=known,
    )


def own_update(
    before: bytes, after: bytes, state: AgreementState
) -> tuple[State, OwnSignature | None]:
    """Read the one revision that continues a file, with what is known of that file.

    Args:
        before: The file before it; what is known of it stands in ``state``.
        after: The file.
        state: The state before it.

    Returns:
        What is known of the file, and the signature of the revision; None: it has none.

    Raises:
        NotOursError: It is not what this process writes.
    """
    if state.known is None or not after.startswith(before):
        raise NotOursError
    known = state.known.copy()
    (update,) = cut_updates(after, len(before), known.tail, 1)
    return known, read_revision(after, update, known).signature


def covered(state: AgreementState) -> tuple[SignatureSeen, ...]:
    """Return the signatures of a state as they stand when another revision follows."""
    return tuple(replace(one, covers_file=False) for one in state.signatures)


def _place(signature: OwnSignature, state: AgreementState) -> tuple[RecordedPlace, Box]:
    """Return the place that a signature or stamp fills, and where its box stands."""
    if signature.rect is None:
        raise NotOursError
    box = Box(page=signature.page or 0, rect=signature.rect)
    receipt, layout = state.receipt, state.layout
    in_field, in_reason = sn_of_field(signature.field), sn_of_reason(signature.reason)
    if signature.is_new:
        inside = [
            place
            for place in receipt.places
            if place.kind == "meterai"
            and layout.field(place.name) is None
            and box.inside(place_box(place))
        ]
        if in_field is None or in_field != in_reason or len(inside) != 1:
            raise NotOursError
        return inside[0], box
    place = receipt.place(signature.field)
    if place is None or place.kind != "tanda_tangan" or not box.equals(place_box(place)):
        raise NotOursError
    if in_field is not None or in_reason is not None:
        raise NotOursError
    return place, box


def _seen(
    before: bytes, after: bytes, signature: OwnSignature, place: RecordedPlace, *, revision: int
) -> SignatureSeen:
    from asn1crypto import cms
    from pyhanko.sign.general import extract_signer_info
    from pyhanko.sign.validation.generic_cms import (
        extract_certs_for_validation,
        validate_sig_integrity,
    )

    signed: Any = cms.ContentInfo.load(signature.container)["content"]
    signer = extract_signer_info(signed)
    brought = extract_certs_for_validation(signed)
    algorithm = str(signer["digest_algorithm"]["algorithm"].native)
    if algorithm != "sha256":
        raise NotOursError
    covered = running_digests.of(before)
    _, start, end, rest = signature.byte_range
    covered.update(memoryview(after)[len(before) : start])
    covered.update(memoryview(after)[end : end + rest])
    intact, valid = validate_sig_integrity(signer, brought.signer_cert, "data", covered.digest())
    timed = timed_signature(signer)
    if not (intact and valid) or timed is None:
        raise NotOursError
    time, authority = timed
    return SignatureSeen(
        field=signature.field,
        kind="meterai" if signature.is_new else "tanda_tangan",
        place=place,
        signer=common_name(brought.signer_cert.subject),
        sn=sn_of_field(signature.field),
        time=time,
        is_uji=is_test(brought.signer_cert, brought.other_certs) or is_test(authority),
        revision=revision,
        covers_file=True,
        trouble=None,
    )
