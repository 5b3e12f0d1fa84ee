"""What came back from the service that stamps: exactly the ordered stamp, or nothing of it.

Two shapes are known (docs/sumber.md E2.6): a field ``Emet<SN>`` with PAdES and a DSS revision
after it, and the older field ``sig<millis>`` with ``adbe.pkcs7.detached``. The profile is checked
afterwards by ``result``; here everything is judged that needs no receipt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.errors import (
    InputError,
    NotLookedError,
    PksKitError,
    SigningError,
    UnknownOutcomeError,
)
from pks_kit.foreign import HERE, Files, Looks, Question
from pks_kit.pdf.box import Box
from pks_kit.pdf.layout import layout_of, open_sound
from pks_kit.pdf.limits import PdfLimits
from pks_kit.pdf.opening import outer_flaws
from pks_kit.pdf.parsing import refusing_broken_pdf
from pks_kit.pdf.prefix.opened import own_updates
from pks_kit.pdf.signatures import FoundSignature, is_intact
from pks_kit.signing.growth import check_growth
from pks_kit.signing.step.revisions import check_revisions
from pks_kit.signing.step.signatures import sound_containers

if TYPE_CHECKING:
    from pks_kit.pdf.opening import OpenedFile

Shape = Literal["emet", "lama"]

_LEGACY_FIELD = re.compile(r"sig\d{1,20}")
_SUBFILTERS = {"emet": "/ETSI.CAdES.detached", "lama": "/adbe.pkcs7.detached"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StampSeen:
    """The one stamp that was added, and is the ordered one."""

    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class StampedPdf(Question[StampSeen]):
    """Was exactly the ordered stamp added? Of two files: before, after.

    Attributes:
        sn: The serial number that was bought.
        box: Where the stamp was ordered.
    """

    sn: str
    box: Box

    def answer(self, files: Files) -> StampSeen:
        """Compare both.

        Raises:
            SigningError: As :func:`check_stamped`.
        """
        try:
            return StampSeen(shape=_checked(files[0], files[1], self.sn, self.box))
        except InputError as error:
            raise SigningError("meterai.result.unreadable") from error


def check_stamped(source: bytes, stamped: bytes, sn: str, box: Box, looks: Looks = HERE) -> Shape:
    """Return the shape of the stamp after making sure that it is the only thing that was added.

    Beginning and growth are judged here, by the bytes.

    Args:
        source: The bytes that were to be stamped.
        stamped: The bytes that came back.
        sn: The serial number that was bought.
        box: Where the stamp was ordered.
        looks: Where what came back is opened.

    Raises:
        SigningError: ``meterai.result.rewritten``, ``.grown``, ``.unreadable``, ``.count``,
            ``.shape``, ``.number``, ``.place``, ``.broken``, ``.certified``, ``.changed``.
        UnknownOutcomeError: ``meterai.result.not_looked``: what came back is not thrown away.
    """
    if not stamped.startswith(source):
        raise SigningError("meterai.result.rewritten")
    if not stamped[len(source) :].strip():  # no strict parser would open the file to count
        raise SigningError("meterai.result.count", count=0)
    try:
        check_growth(len(source), stamped)
    except SigningError as error:
        raise SigningError("meterai.result.grown", **error.params) from error
    if outer_flaws(stamped, PdfLimits()):  # still being written: no child is needed to see that
        raise SigningError("meterai.result.unreadable")
    try:
        return looks.ask(StampedPdf(sn=sn, box=box), source, stamped).shape
    except NotLookedError as error:
        raise UnknownOutcomeError("meterai.result.not_looked", sn=sn, **error.params) from error


def _checked(source: bytes, stamped: bytes, sn: str, box: Box) -> Shape:
    from pyhanko.sign.validation.errors import SignatureValidationError

    opened = open_sound(stamped)
    with refusing_broken_pdf():
        try:
            known = len(sound_containers(open_sound(source)))
            found = sound_containers(opened)
        except SignatureValidationError as error:
            raise SigningError("meterai.result.broken") from error
        if len(found) != known + 1:
            raise SigningError("meterai.result.count", count=len(found) - known)
        shape = _shape(found[-1], sn)
        _check_sound(found[-1])
    field = layout_of(opened).field(found[-1].field)
    if field is None or field.box is None or not field.box.equals(box):
        raise SigningError("meterai.result.place", page=box.page)
    _check_nothing_else(opened, source, found)
    return shape


def _shape(found: FoundSignature, sn: str) -> Shape:
    embedded: Any = found.embedded
    in_field, in_reason = found.meterai_numbers
    if in_reason != sn or in_field not in (None, sn):
        raise SigningError("meterai.result.number", sn=sn, field=found.field[:40])
    shape: Shape = "emet" if in_field else "lama"
    if shape == "lama" and not _LEGACY_FIELD.fullmatch(found.field):
        raise SigningError("meterai.result.shape", found=found.field[:40])
    subfilter = str(embedded.sig_object["/SubFilter"])
    if subfilter != _SUBFILTERS[shape] or embedded.sig_object_type != "/Sig":
        raise SigningError("meterai.result.shape", found=subfilter[:40])
    return shape


def _check_sound(found: FoundSignature) -> None:
    embedded: Any = found.embedded
    if not is_intact(embedded) or not found.covers_revision:
        raise SigningError("meterai.result.broken")
    if embedded.docmdp_level is not None:
        raise SigningError("meterai.result.certified")


def _check_nothing_else(opened: OpenedFile, source: bytes, found: list[FoundSignature]) -> None:
    try:
        check_revisions(opened, source, found, own_updates(opened, None))
    except PksKitError as error:
        raise SigningError("meterai.result.changed") from error
