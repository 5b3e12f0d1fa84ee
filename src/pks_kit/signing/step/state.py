"""The state of an agreement: which places of its receipt are filled, by whom, in which order."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from pks_kit.domain.receipt import Receipt
from pks_kit.errors import SigningError
from pks_kit.foreign import HERE, Files, Looks, Question
from pks_kit.messages import lookup
from pks_kit.pdf.layout import Layout, layout_of, open_sound
from pks_kit.pdf.limits import PdfLimits
from pks_kit.pdf.opening import outer_flaws
from pks_kit.pdf.parsing import ParserFailure, guarded, refusing_broken_pdf
from pks_kit.pdf.prefix import own_revisions
from pks_kit.pdf.prefix.base import Base, State
from pks_kit.pdf.prefix.opened import own_updates
from pks_kit.pdf.prefix.own_files import own_files
from pks_kit.pdf.prefix.running import running_digests
from pks_kit.policy.signing_profile import SigningProfile, out_of_order
from pks_kit.signing.growth import check_growth_since_issued
from pks_kit.signing.step.revisions import PassedBefore, check_issued, check_revisions
from pks_kit.signing.step.signatures import SignatureFlaw, SignatureSeen, read_signatures

_MOST_STATES = 16
"""States that are remembered: those of the steps that a run goes through with three agreements.
Each holds a receipt with a thousand values."""


class StatesSeen:
    """Remembers, by hash, what files hold that were looked at in this process."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[Receipt, StateSeen, State | None]] = OrderedDict()

    def of(self, pdf: bytes, receipt: Receipt) -> tuple[StateSeen, State | None] | None:
        """Return what these bytes hold by this receipt, and what is known of them; or None."""
        found = self._known.get(running_digests.of(pdf).digest())
        if found is None or not (found[0] is receipt or found[0] == receipt):
            return None
        return found[1:]

    def keep(self, pdf: bytes, receipt: Receipt, seen: StateSeen, known: State | None) -> None:
        """Remember what these bytes hold."""
        self._known[running_digests.of(pdf).digest()] = receipt, seen, known
        while len(self._known) > _MOST_STATES:
            self._known.popitem(last=False)


_PASSED = PassedBefore()
_SEEN = StatesSeen()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementState:
    """A file that begins with the issued bytes and holds only sound, expected signatures.

    Attributes:
        receipt: Receipt of the agreement.
        layout: Pages and fields.
        signatures: Signatures, stamps and document timestamps in order.
        known: What a further revision must take up, when all of them are ours.
    """

    receipt: Receipt
    layout: Layout
    signatures: tuple[SignatureSeen, ...]
    known: State | None = field(default=None, compare=False, repr=False)

    @property
    def filled(self) -> tuple[str, ...]:
        """Return the names of the filled places, in the order in which they were filled."""
        return tuple(seen.place.name for seen in self.signatures if seen.place is not None)

    def filling(self, tempat: str) -> SignatureSeen | None:
        """Return what fills a place, or None."""
        return next(
            (seen for seen in self.signatures if seen.place and seen.place.name == tempat), None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSeen:
    """Pages, fields and signatures of a file whose later revisions only add signatures.

    Attributes:
        layout: Pages and fields.
        signatures: Signatures, stamps and document timestamps in order.
        base: What is known of the issued file, when it and all that follows is ours.
    """

    layout: Layout
    signatures: tuple[SignatureSeen, ...]
    base: Base | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateOf(Question[StateSeen]):
    """What is in a file, and does it only add signatures?

    Attributes:
        receipt: Receipt that knows the places.
        good: Length of the beginning that is known to be good.
    """

    receipt: Receipt
    good: int

    def answer(self, files: Files) -> StateSeen:
        """Read layout and signatures; refuse a signature or a revision that is not sound.

        Raises:
            SigningError: ``signing.unexpected_revision``, ``signing.earlier_broken``,
                ``pdf.encrypted``, ``pdf.active_content``.
            InputError: ``pdf.unreadable``, ``pdf.beyond_limits``.
        """
        from pyhanko.sign.validation.errors import SignatureValidationError

        opened = open_sound(files[0])
        layout = layout_of(opened)
        with refusing_broken_pdf():
            try:
                signatures = read_signatures(opened, layout, self.receipt)
            except SignatureValidationError as error:
                raise _broken("?", "integrity") from error
        _refuse_troubled(signatures)
        issued = self.receipt.issued
        own = own_updates(opened, issued.size if issued is not None else None)
        check_revisions(opened, files[0][: self.good], signatures, own)
        base = own.base if own is not None else None
        return StateSeen(layout=layout, signatures=signatures, base=base)


def read_state(
    pdf: bytes,
    receipt: Receipt,
    profile: SigningProfile,
    *,
    passed: bytes | None = None,
    looks: Looks = HERE,
) -> AgreementState:
    """Read a file and refuse it unless everything in it is as expected so far.

    Args:
        pdf: Bytes of the file.
        receipt: Receipt with ``issued``.
        profile: Signing profile of the receipt.
        passed: Beginning of the file that passed this very function before; its revisions are
            not compared again (the signatures in it are).
        looks: Where the file is opened.

    Raises:
        SigningError: ``signing.changed_since_issued``, ``signing.unexpected_revision``,
            ``signing.earlier_broken`` (with field and reason), ``signing.earlier_out_of_turn``,
            ``pdf.encrypted``, ``pdf.active_content``, ``signing.receipt_not_issued``,
            ``pdf.grown``.
        InputError: ``pdf.unreadable``.
        NotLookedError: ``pdf.not_looked``.
    """
    issued = check_issued(pdf, receipt)
    check_growth_since_issued(pdf, receipt)
    if any(flaw.kind == "extra_bytes" for flaw in outer_flaws(pdf, PdfLimits())):
        # the issued file ended cleanly, so this came after it: say so, not only "not sound"
        raise SigningError(
            "signing.unexpected_revision", number=pdf.count(b"%%EOF", len(issued)) + 1
        )
    remembered = _SEEN.of(pdf, receipt)
    if remembered is not None:
        return _judged(*remembered, receipt, profile)
    name = running_digests.of(issued).hexdigest()
    file = own_files.issued(name) if len(pdf) == len(issued) else None
    own = None
    if file is not None:
        seen = StateSeen(layout=file.layout(), signatures=(), base=file.base)
        own = _known(pdf, receipt, seen)
    if own is None:
        good = passed or _PASSED.longest(pdf, name) or issued
        seen = looks.ask(StateOf(receipt=receipt, good=len(good)), pdf)
        own = _known(pdf, receipt, seen)
    state = _judged(seen, own, receipt, profile)
    _SEEN.keep(pdf, receipt, seen, own)
    if passed is None or _PASSED.longest(passed, name) == passed:
        _PASSED.remember(pdf, name)
    return state


def remember(before: bytes, pdf: bytes, state: AgreementState) -> None:
    """Remember the state of bytes that this process wrote and looked at.

    Args:
        before: What they begin with.
        pdf: The bytes.
        state: Their state.
    """
    running_digests.after(before, pdf)
    own_files.keep_grown(before, pdf)
    seen = StateSeen(layout=state.layout, signatures=state.signatures)
    _SEEN.keep(pdf, state.receipt, seen, state.known)


def _known(pdf: bytes, receipt: Receipt, seen: StateSeen) -> State | None:
    base, issued = seen.base, receipt.issued
    if base is None or issued is None:
        return None
    found = guarded(lambda: own_revisions(pdf, issued.size, base))
    return None if isinstance(found, ParserFailure) else found[1]


def _judged(
    seen: StateSeen, known: State | None, receipt: Receipt, profile: SigningProfile
) -> AgreementState:
    """Return what was seen as a state; what needs no parser is judged by whoever asked."""
    signatures = seen.signatures
    _refuse_troubled(signatures)
    for one in signatures:
        is_known = one.place is None or receipt.place(one.place.name) == one.place
        if not is_known or (one.place is None) != (one.kind == "timestamp"):
            raise _broken(one.field, "place")
    state = AgreementState(receipt=receipt, layout=seen.layout, signatures=signatures, known=known)
    if len(set(state.filled)) != len(state.filled):
        raise _broken(signatures[-1].field, "place")
    wrong = out_of_order(profile, state.filled)
    if wrong is not None:
        raise SigningError("signing.earlier_out_of_turn", step=wrong.kode)
    return state


def _refuse_troubled(signatures: tuple[SignatureSeen, ...]) -> None:
    for seen in signatures:
        if seen.trouble is not None:
            raise _broken(seen.field, seen.trouble)


def _broken(field: str, trouble: SignatureFlaw) -> SigningError:
    words = lookup(f"signing.trouble.{trouble}")
    return SigningError("signing.earlier_broken", field=field, reason=f"{words.id} / {words.en}")
