"""The signatures and stamps that a PDF already holds, each looked at by itself.

Only integrity is judged here: is this signature whole, over everything up to its own revision,
timestamped, and in a place of the receipt. Whether its certificate is trusted is the business of
the verifier; a signer cannot know every root.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.domain.receipt import Receipt, RecordedPlace
from pks_kit.errors import InputError
from pks_kit.json_types import Moment
from pks_kit.pdf.box import place_box
from pks_kit.pdf.layout import Layout
from pks_kit.pdf.parsing import ParserFailure
from pks_kit.pdf.signatures import FoundSignature, find_signatures, is_intact
from pks_kit.pki.digests import STRONG_DIGESTS
from pks_kit.pki.names import common_name
from pks_kit.pki.test_marks import is_test
from pks_kit.pki.timestamp_token import signature_time, time_authority, token_time

if TYPE_CHECKING:
    from pks_kit.pdf.opening import OpenedFile

SignatureFlaw = Literal[
    "integrity", "coverage", "timestamp", "weak_digest", "certified", "meterai_number", "place"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureSeen:
    """One signature of a PDF.

    Attributes:
        field: Name of its field.
        kind: ``tanda_tangan``, ``meterai``, or ``timestamp`` for a document timestamp.
        place: The place of the receipt that it fills; None for a timestamp or a wrong place.
        signer: Common name of the signer's certificate.
        sn: Serial number of a meterai.
        time: Time of its timestamp, or None when that is missing or unsound.
        is_uji: Whether signer or time authority say that they are only a test.
        revision: Revision of the file that it closes, from 0.
        covers_file: Whether nothing at all follows it.
        trouble: What is wrong with it, or None.
    """

    field: str
    kind: Literal["tanda_tangan", "meterai", "timestamp"]
    place: RecordedPlace | None
    signer: str
    sn: str | None
    time: Moment | None
    is_uji: bool
    revision: int
    covers_file: bool
    trouble: SignatureFlaw | None


def read_signatures(
    opened: OpenedFile, layout: Layout, receipt: Receipt | None
) -> tuple[SignatureSeen, ...]:
    """Return every signature of the file in the order in which they were made.

    Args:
        opened: The file.
        layout: Layout of the file.
        receipt: Receipt that knows the places; None when places do not matter.

    Raises:
        InputError: ``pdf.unreadable`` when the form cannot be read.
        SignatureValidationError: pyHanko could not make sense of a signature; call this inside
            ``refusing_broken_pdf`` and treat the error as a broken signature.
    """
    return tuple(_seen(found, layout, receipt) for found in sound_containers(opened))


def sound_containers(opened: OpenedFile) -> list[FoundSignature]:
    """Return the signatures of a file, all of which can be read.

    Raises:
        InputError: ``pdf.unreadable`` when the form cannot be read.
        SignatureValidationError: A container cannot be read.
    """
    from pyhanko.sign.validation.errors import SignatureValidationError

    found = find_signatures(opened)
    if isinstance(found, ParserFailure):
        raise InputError("pdf.unreadable", reason=found.text.partition(":")[0])
    for one in found:
        if one.embedded is None:
            raise SignatureValidationError(one.trouble)
        embedded: Any = one.embedded
        embedded.compute_integrity_info(skip_diff=True)
    return list(found)


def _seen(found: FoundSignature, layout: Layout, receipt: Receipt | None) -> SignatureSeen:
    embedded: Any = found.embedded
    is_timestamp = found.is_timestamp
    in_field, in_reason = found.meterai_numbers
    sn = in_field or in_reason
    kind: Literal["tanda_tangan", "meterai", "timestamp"] = "tanda_tangan"
    if is_timestamp:
        kind = "timestamp"
    elif sn is not None:
        kind = "meterai"
    place = None
    if receipt is not None and not is_timestamp:
        place = _place(found, sn, layout, receipt)
    time = _time(embedded, is_timestamp=is_timestamp)
    trouble: SignatureFlaw | None = None
    if not found.covers_revision:
        trouble = "coverage"
    elif not (time is not None if is_timestamp else is_intact(embedded)):
        # a timestamp is as whole as its token over the file; its time came from a look at all of it
        trouble = "integrity"
    elif not is_timestamp and embedded.md_algorithm not in STRONG_DIGESTS:
        trouble = "weak_digest"
    elif embedded.docmdp_level is not None:
        trouble = "certified"
    elif time is None:
        trouble = "timestamp"
    elif in_field is not None and in_field != in_reason:
        trouble = "meterai_number"
    elif place is None and receipt is not None and not is_timestamp:
        trouble = "place"
    return SignatureSeen(
        field=found.field,
        kind=kind,
        place=place,
        signer=common_name(embedded.signer_cert.subject),
        sn=sn,
        time=time,
        is_uji=_is_test(embedded),
        revision=embedded.signed_revision,
        covers_file=found.covers_file,
        trouble=trouble,
    )


def _time(found: Any, *, is_timestamp: bool) -> datetime | None:
    if not is_timestamp:
        return signature_time(found.signer_info)
    first, length, second, rest = (int(number) for number in found.byte_range)
    stream = found.reader.stream
    covered = bytearray()
    for start, size in ((first, length), (second, rest)):
        stream.seek(start)
        covered += stream.read(size)
    return token_time(found.signed_data, bytes(covered))


def _place(
    found: FoundSignature, sn: str | None, layout: Layout, receipt: Receipt
) -> RecordedPlace | None:
    """Return the place that a signature or stamp fills.

    A prepared place is filled in the field of its name. A stamp, and a signature made by a service
    that draws its own field, lie inside a place that has no field.
    """
    seen = layout.field(found.field)
    if seen is None or seen.box is None:
        return None
    named = receipt.place(found.field) if sn is None else None
    if named is not None:
        fits = named.kind == "tanda_tangan" and seen.box.equals(place_box(named))
        return named if fits else None
    kind = "tanda_tangan" if sn is None else "meterai"
    inside = [
        place
        for place in receipt.places
        if place.kind == kind
        and layout.field(place.name) is None
        and seen.box.inside(place_box(place))
    ]
    return inside[0] if len(inside) == 1 else None


def _is_test(embedded: Any) -> bool:
    """Return whether the signer or the authority of its time is only a test."""
    if is_test(embedded.signer_cert, embedded.other_embedded_certs):
        return True
    authority = time_authority(embedded.signer_info)
    return authority is not None and is_test(authority)
