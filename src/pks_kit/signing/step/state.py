"""The state of an agreement: which places of its receipt are filled, by whom, in which order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pks_kit.domain.receipt import Receipt
from pks_kit.errors import SigningError
from pks_kit.messages import lookup
from pks_kit.pdf.layout import Layout, layout_of, open_sound
from pks_kit.pdf.limits import PdfLimits
from pks_kit.pdf.opening import outer_flaws
from pks_kit.pdf.parsing import refusing_broken_pdf
from pks_kit.policy.signing_profile import SigningProfile, out_of_order
from pks_kit.signing.step.revisions import PassedBefore, check_issued, check_revisions
from pks_kit.signing.step.signatures import SignatureFlaw, SignatureSeen, read_signatures

_PASSED = PassedBefore()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementState:
    """A file that begins with the issued bytes and holds only sound, expected signatures.

    Attributes:
        receipt: Receipt of the agreement.
        layout: Pages and fields.
        signatures: Signatures, stamps and document timestamps in order.
    """

    receipt: Receipt
    layout: Layout
    signatures: tuple[SignatureSeen, ...]

    @property
    def filled(self) -> tuple[str, ...]:
        """Return the names of the filled places, in the order in which they were filled."""
        return tuple(seen.place.name for seen in self.signatures if seen.place is not None)

    def filling(self, tempat: str) -> SignatureSeen | None:
        """Return what fills a place, or None."""
        return next(
            (seen for seen in self.signatures if seen.place and seen.place.name == tempat), None
        )


def read_state(
    pdf: bytes, receipt: Receipt, profile: SigningProfile, *, passed: bytes | None = None
) -> AgreementState:
    """Read a file and refuse it unless everything in it is as expected so far.

    Args:
        pdf: Bytes of the file.
        receipt: Receipt with ``issued``.
        profile: Signing profile of the receipt.
        passed: Beginning of the file that passed this very function before; its revisions are
            not compared again (the signatures in it are).

    Raises:
        SigningError: ``signing.changed_since_issued``, ``signing.unexpected_revision``,
            ``signing.earlier_broken`` (with field and reason), ``signing.earlier_out_of_turn``,
            ``pdf.encrypted``, ``pdf.active_content``, ``signing.receipt_not_issued``.
        InputError: ``pdf.unreadable``.
    """
    from pyhanko.sign.validation.errors import SignatureValidationError

    issued = check_issued(pdf, receipt)
    if any(flaw.kind == "extra_bytes" for flaw in outer_flaws(pdf, PdfLimits())):
        # the issued file ended cleanly, so this came after it: say so, not only "not sound"
        raise SigningError(
            "signing.unexpected_revision", number=pdf.count(b"%%EOF", len(issued)) + 1
        )
    opened = open_sound(pdf)
    layout = layout_of(opened)
    with refusing_broken_pdf():
        try:
            signatures = read_signatures(opened, layout, receipt)
        except SignatureValidationError as error:
            raise _broken("?", "integrity") from error
    for seen in signatures:
        if seen.trouble is not None:
            raise _broken(seen.field, seen.trouble)
    name = hashlib.sha256(issued).hexdigest()
    good = passed or _PASSED.longest(pdf, name) or issued
    check_revisions(opened, good, signatures)
    if passed is None or _PASSED.longest(passed, name) == passed:
        _PASSED.remember(pdf, name)
    state = AgreementState(receipt=receipt, layout=layout, signatures=signatures)
    if len(set(state.filled)) != len(state.filled):
        raise _broken(signatures[-1].field, "place")
    wrong = out_of_order(profile, state.filled)
    if wrong is not None:
        raise SigningError("signing.earlier_out_of_turn", step=wrong.kode)
    return state


def _broken(field: str, trouble: SignatureFlaw) -> SigningError:
    words = lookup(f"signing.trouble.{trouble}")
    return SigningError("signing.earlier_broken", field=field, reason=f"{words.id} / {words.en}")
