"""What came back from the service that stamps: exactly the ordered stamp, or nothing of it.

Two shapes are known (docs/sumber.md E2.6): a field ``Emet<SN>`` with PAdES and a DSS revision
after it, and the older field ``sig<millis>`` with ``adbe.pkcs7.detached``. The profile is checked
afterwards by ``result``; here everything is judged that needs no receipt.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.domain.meterai import sn_of_field, sn_of_reason
from pks_kit.errors import InputError, PksKitError, SigningError
from pks_kit.pdf.box import Box
from pks_kit.pdf.layout import open_reader, read_layout
from pks_kit.pdf.parsing import refusing_broken_pdf
from pks_kit.signing.step.revisions import check_revisions
from pks_kit.signing.step.signatures import SignatureSeen

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

Shape = Literal["emet", "lama"]

_LEGACY_FIELD = re.compile(r"sig\d{1,20}")
_SUBFILTERS = {"emet": "/ETSI.CAdES.detached", "lama": "/adbe.pkcs7.detached"}


def check_stamped(source: bytes, stamped: bytes, sn: str, box: Box) -> Shape:
    """Return the shape of the stamp after making sure that it is the only thing that was added.

    Args:
        source: The bytes that were to be stamped.
        stamped: The bytes that came back.
        sn: The serial number that was bought.
        box: Where the stamp was ordered.

    Raises:
        SigningError: ``meterai.result.rewritten``, ``.unreadable``, ``.count``, ``.shape``,
            ``.number``, ``.place``, ``.broken``, ``.certified``, ``.changed``.
    """
    if not stamped.startswith(source):
        raise SigningError("meterai.result.rewritten")
    try:
        return _checked(source, stamped, sn, box)
    except InputError as error:
        raise SigningError("meterai.result.unreadable") from error


def _checked(source: bytes, stamped: bytes, sn: str, box: Box) -> Shape:
    from pyhanko.sign.validation.errors import SignatureValidationError

    reader = open_reader(stamped)
    with refusing_broken_pdf():
        try:
            known = len(open_reader(source).embedded_signatures)
            found = list(reader.embedded_signatures)
            for one in found:
                one.compute_integrity_info(skip_diff=True)
        except SignatureValidationError as error:
            raise SigningError("meterai.result.broken") from error
        if len(found) != known + 1:
            raise SigningError("meterai.result.count", count=len(found) - known)
        shape = _shape(found[-1], sn)
        _check_sound(found[-1])
    field = read_layout(stamped).field(str(found[-1].field_name))
    if field is None or field.box is None or not field.box.equals(box):
        raise SigningError("meterai.result.place", page=box.page)
    _check_nothing_else(reader, source, found, len(stamped))
    return shape


def _shape(found: Any, sn: str) -> Shape:
    field = str(found.field_name)
    # pyHanko's get would give an unresolved reference
    reason = str(found.sig_object["/Reason"]) if "/Reason" in found.sig_object.keys() else ""  # noqa: SIM118
    in_field, in_reason = sn_of_field(field), sn_of_reason(reason)
    if in_reason != sn or in_field not in (None, sn):
        raise SigningError("meterai.result.number", sn=sn, field=field[:40])
    shape: Shape = "emet" if in_field else "lama"
    if shape == "lama" and not _LEGACY_FIELD.fullmatch(field):
        raise SigningError("meterai.result.shape", found=field[:40])
    subfilter = str(found.sig_object["/SubFilter"])
    if subfilter != _SUBFILTERS[shape] or found.sig_object_type != "/Sig":
        raise SigningError("meterai.result.shape", found=subfilter[:40])
    return shape


def _check_sound(found: Any) -> None:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    intact, valid = validate_sig_integrity(
        found.signer_info, found.signer_cert, "data", found.compute_digest()
    )
    if not (intact and valid) or found.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        raise SigningError("meterai.result.broken")
    if found.docmdp_level is not None:
        raise SigningError("meterai.result.certified")


def _check_nothing_else(reader: PdfFileReader, source: bytes, found: list[Any], size: int) -> None:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    seen = [
        SignatureSeen(
            field=str(one.field_name),
            kind="meterai",
            place=None,
            signer="",
            sn=None,
            time=None,
            is_uji=False,
            revision=one.signed_revision,
            covers_file=one.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            trouble=None,
        )
        for one in found
    ]
    try:
        check_revisions(reader, source, seen, size)
    except PksKitError as error:
        raise SigningError("meterai.result.changed") from error
