"""The signatures and stamps that a PDF already holds, each looked at by itself.

Only integrity is judged here: is this signature whole, over everything up to its own revision,
timestamped, and in a place of the receipt. Whether its certificate is trusted is the business of
the verifier; a signer cannot know every root.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.domain.meterai import sn_of_field, sn_of_reason
from pks_kit.domain.receipt import Receipt, RecordedPlace
from pks_kit.pdf.box import place_box
from pks_kit.pdf.layout import Layout
from pks_kit.pki.test_marks import is_uji_policy, names_say_test
from pks_kit.pki.timestamp_token import signature_time, token_time

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

SignatureFlaw = Literal[
    "integrity", "coverage", "timestamp", "weak_digest", "certified", "meterai_number", "place"
]
_STRONG_DIGESTS = ("sha256", "sha384", "sha512")


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
        is_uji: Whether the certificate belongs to the sandbox.
        revision: Revision of the file that it closes, from 0.
        covers_file: Whether nothing at all follows it.
        trouble: What is wrong with it, or None.
    """

    field: str
    kind: Literal["tanda_tangan", "meterai", "timestamp"]
    place: RecordedPlace | None
    signer: str
    sn: str | None
    time: datetime | None
    is_uji: bool
    revision: int
    covers_file: bool
    trouble: SignatureFlaw | None


def read_signatures(
    reader: PdfFileReader, layout: Layout, receipt: Receipt | None
) -> tuple[SignatureSeen, ...]:
    """Return every signature of the file in the order in which they were made.

    Args:
        reader: Reader of the file.
        layout: Layout of the file.
        receipt: Receipt that knows the places; None when places do not matter.

    Raises:
        SignatureValidationError: pyHanko could not make sense of a signature; call this inside
            ``refusing_broken_pdf`` and treat the error as a broken signature.
    """
    return tuple(_seen(found, layout, receipt) for found in reader.embedded_signatures)


def _seen(found: Any, layout: Layout, receipt: Receipt | None) -> SignatureSeen:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    found.compute_integrity_info(skip_diff=True)
    certificate = found.signer_cert
    is_timestamp = found.sig_object_type == "/DocTimeStamp"
    sn, numbers_agree = _meterai_number(found)
    kind: Literal["tanda_tangan", "meterai", "timestamp"] = "tanda_tangan"
    if is_timestamp:
        kind = "timestamp"
    elif sn is not None:
        kind = "meterai"
    place = None
    if receipt is not None and not is_timestamp:
        place = _place(found.field_name, sn, layout, receipt)
    whole = found.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    time = _time(found, is_timestamp=is_timestamp)
    trouble: SignatureFlaw | None = None
    if not whole:
        trouble = "coverage"
    elif not _is_intact(found, is_timestamp=is_timestamp):
        trouble = "integrity"
    elif not is_timestamp and found.md_algorithm not in _STRONG_DIGESTS:
        trouble = "weak_digest"
    elif found.docmdp_level is not None:
        trouble = "certified"
    elif time is None:
        trouble = "timestamp"
    elif not numbers_agree:
        trouble = "meterai_number"
    elif place is None and receipt is not None and not is_timestamp:
        trouble = "place"
    return SignatureSeen(
        field=found.field_name,
        kind=kind,
        place=place,
        signer=_common_name(certificate),
        sn=sn,
        time=time,
        is_uji=_is_uji(certificate),
        revision=found.signed_revision,
        covers_file=found.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        trouble=trouble,
    )


def _is_intact(found: Any, *, is_timestamp: bool) -> bool:
    if is_timestamp:
        # its integrity is that of its token over the file; token_time looked at all of it
        return _time(found, is_timestamp=True) is not None
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    intact, valid = validate_sig_integrity(
        found.signer_info, found.signer_cert, "data", found.compute_digest()
    )
    return bool(intact and valid)


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


def _meterai_number(found: Any) -> tuple[str | None, bool]:
    """Return the serial number of a stamp and whether field and reason agree on it."""
    in_field = sn_of_field(found.field_name)
    # pyHanko's get would give an unresolved reference
    reason = str(found.sig_object["/Reason"]) if "/Reason" in found.sig_object.keys() else ""  # noqa: SIM118
    in_reason = sn_of_reason(reason)
    return in_field or in_reason, in_field is None or in_field == in_reason


def _place(field: str, sn: str | None, layout: Layout, receipt: Receipt) -> RecordedPlace | None:
    """Return the place that a signature or stamp fills.

    A prepared place is filled in the field of its name. A stamp, and a signature made by a service
    that draws its own field, lie inside a place that has no field.
    """
    seen = layout.field(field)
    if seen is None or seen.box is None:
        return None
    named = receipt.place(field) if sn is None else None
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


def _common_name(certificate: Any) -> str:
    name = certificate.subject.native.get("common_name", certificate.subject.human_friendly)
    return str(name[-1] if isinstance(name, list) else name)


def _is_uji(certificate: Any) -> bool:
    """Return whether policies or names say that this certificate is only a test."""
    policies = certificate.certificate_policies_value or ()
    return is_uji_policy(policy["policy_identifier"].dotted for policy in policies) or (
        names_say_test(certificate.subject.native, [certificate.issuer.native])
    )
