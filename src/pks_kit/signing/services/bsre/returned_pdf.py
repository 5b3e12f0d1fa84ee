"""Look at a PDF that a gateway gave back before anybody uses it.

The gateway saw the agreement and could return anything: another file, a file printed anew, a
signature of somebody else, or one that nobody can see (docs/sumber.md E6 rows 3 to 5).
Whether the signature fits the agreement is checked afterwards by ``signing/step/check_result.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pks_kit.domain.nama_orang import same_person
from pks_kit.errors import InputError, NotLookedError, SigningError, UnknownOutcomeError
from pks_kit.foreign import Files, Question
from pks_kit.messages import lookup
from pks_kit.net.secrecy import said
from pks_kit.pdf.box import Box
from pks_kit.pdf.layout import Layout, layout_of, open_sound
from pks_kit.pdf.parsing import refusing_broken_pdf
from pks_kit.signing.growth import check_growth
from pks_kit.signing.step.signatures import SignatureSeen, read_signatures

if TYPE_CHECKING:
    from pks_kit.signing.ports import PdfSigningJob, PdfSigningService

LEAST_SIDE = 8
"""Points; a signature narrower or lower than this cannot be seen on paper."""

_HIDDEN = 2
_NO_VIEW = 32
_PDF_END = b"%%EOF"
_END_WITHIN = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    layout: Layout
    signatures: tuple[SignatureSeen, ...]
    embedded: tuple[Any, ...]


def is_whole_pdf(content: bytes) -> bool:
    """Return whether content looks like a PDF from its first to its last line."""
    return content.startswith(b"%PDF-") and _PDF_END in content[-_END_WITHIN:]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedPdf(Question[SignatureSeen]):
    """Which one signature did a gateway add, and is it the right one? Of two files: before, after.

    Attributes:
        box: Where the signature was asked for.
        name: Name of the gateway.
        signer_name: Common name expected in the certificate; empty when nobody knows it.
        is_uji: Whether this is a test gateway.
    """

    box: Box
    name: str
    signer_name: str
    is_uji: bool

    def answer(self, files: Files) -> SignatureSeen:
        """Compare both.

        Raises:
            SigningError: As :func:`check_returned`.
        """
        before, result = _open(files[0], self.name), _open(files[1], self.name)
        added, index = _added(before, result, self.name)
        _check_sound(added, result.embedded[index], self)
        _check_fields(before, result, self.name)
        _check_place(self.box, result, index, self.name)
        return added


def check_returned(job: PdfSigningJob, after: bytes, service: PdfSigningService) -> SignatureSeen:
    """Return the one signature that a gateway added after making sure that it is the right one.

    Beginning and growth are judged here, by the bytes; the file is opened where the job says.

    Args:
        job: What the gateway was asked for.
        after: What came back.
        service: The gateway: name, expected signer, environment.

    Raises:
        SigningError: The gateway did something, but not what it was asked for, and its PDF must
            be thrown away: ``service.rewrote``, ``service.no_signature``, ``service.grown``,
            ``service.two_signatures``, ``service.extra_fields``, ``service.unreadable_pdf``,
            ``service.broken_signature``, ``service.other_signer``,
            ``service.certificate_expired``, ``signing.other_environment``,
            ``service.invisible``, ``service.other_page``, ``service.other_place``.
        UnknownOutcomeError: ``service.not_looked``: it may have signed; nobody can look.
    """
    name = service.name
    if not after.startswith(job.pdf):
        raise SigningError("service.rewrote", service=name)
    if len(after) == len(job.pdf):
        raise SigningError("service.no_signature", service=name)
    try:
        check_growth(len(job.pdf), after)
    except SigningError as error:
        raise SigningError("service.grown", service=name, **error.params) from error
    question = ReturnedPdf(
        box=job.box, name=name, signer_name=service.signer_name, is_uji=service.is_uji
    )
    try:
        return job.looks.ask(question, job.pdf, after)
    except NotLookedError as error:
        raise UnknownOutcomeError("service.not_looked", service=name, **error.params) from error


def _open(pdf: bytes, service: str) -> _Opened:
    from pyhanko.sign.validation.errors import SignatureValidationError

    try:
        opened = open_sound(pdf)
        layout = layout_of(opened)
        with refusing_broken_pdf():
            return _Opened(
                layout=layout,
                signatures=read_signatures(opened, layout, None),
                embedded=tuple(opened.reader.embedded_signatures),
            )
    except (InputError, SigningError, SignatureValidationError) as error:
        raise SigningError("service.unreadable_pdf", service=service) from error


def _added(before: _Opened, result: _Opened, service: str) -> tuple[SignatureSeen, int]:
    """Return the new signature and its number; the earlier ones must be as they were."""
    known = len(before.signatures)
    earlier = tuple(replace(seen, covers_file=False) for seen in before.signatures)
    if result.signatures[:known] != earlier:
        raise SigningError("service.rewrote", service=service)
    new = [
        (seen, index)
        for index, seen in enumerate(result.signatures)
        if index >= known and seen.kind != "timestamp"
    ]
    if not new:
        raise SigningError("service.no_signature", service=service)
    if len(new) > 1:
        raise SigningError("service.two_signatures", service=service, count=len(new))
    return new[0]


def _check_sound(added: SignatureSeen, embedded: Any, service: ReturnedPdf) -> None:
    if added.trouble is not None:
        raise SigningError(
            "service.broken_signature",
            service=service.name,
            reason=lookup(f"signing.trouble.{added.trouble}"),
        )
    signer = said(added.signer)
    if service.signer_name and not same_person(added.signer, service.signer_name):
        raise SigningError(
            "service.other_signer", service=service.name, found=signer, expected=service.signer_name
        )
    certificate = embedded.signer_cert
    if added.time is None or not (
        certificate.not_valid_before <= added.time <= certificate.not_valid_after
    ):
        raise SigningError("service.certificate_expired", service=service.name, signer=signer)
    if added.is_uji != service.is_uji:
        raise SigningError("signing.other_environment", signer=signer)


def _check_fields(before: _Opened, result: _Opened, service: str) -> None:
    """One new field; nothing else may have appeared, and no prepared field may be used up."""
    filled = {seen.field for seen in result.signatures}
    old = {field.name for field in before.layout.fields}
    new = [field.name for field in result.layout.fields if field.name not in old]
    stray = [name for name in new if name not in filled]
    signed = [seen.field for seen in result.signatures[len(before.signatures) :]]
    if stray or any(name in old for name in signed):
        raise SigningError("service.extra_fields", service=service)


def _check_place(expected: Box, result: _Opened, index: int, service: str) -> None:
    seen = result.layout.field(result.signatures[index].field)
    box = seen.box if seen is not None else None
    if box is None or min(box.width, box.height) < LEAST_SIDE or _is_hidden(result.embedded[index]):
        raise SigningError("service.invisible", service=service)
    if box.page != expected.page:
        raise SigningError(
            "service.other_page", service=service, found=box.page, expected=expected.page
        )
    if not box.inside(expected):
        raise SigningError(
            "service.other_place",
            service=service,
            page=box.page,
            found=_shown(box),
            expected=_shown(expected),
        )


def _is_hidden(embedded: Any) -> bool:
    """Return whether the widget is told not to show, or has nothing to show."""
    widget = embedded.sig_field
    flags = int(widget.get("/F", 0))
    appearance = widget.get("/AP", {})
    return bool(flags & (_HIDDEN | _NO_VIEW)) or "/N" not in appearance


def _shown(box: Box) -> str:
    return " ".join(f"{side:.0f}" for side in box.rect)
