"""Look at the result before anybody else does: it is returned only when it is exactly right."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pks_kit.errors import NotLookedError, PksKitError, SigningError
from pks_kit.foreign import HERE, Looks
from pks_kit.policy.signing_profile import SigningProfile
from pks_kit.signing.growth import check_growth
from pks_kit.signing.step.own_step import own_step
from pks_kit.signing.step.plan import Planned
from pks_kit.signing.step.reserved_space import written_here
from pks_kit.signing.step.signatures import SignatureSeen
from pks_kit.signing.step.state import AgreementState, read_state, remember

CLOCK_SKEW = timedelta(minutes=2)
"""Difference between own clock and timestamp above which a warning is due (esign section 6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChecked:
    """A result that passed.

    Attributes:
        pdf: The signed bytes.
        added: The new signature.
        state: State of the agreement after the step.
        skew: How far the own clock is from the timestamp, when that is more than two minutes.
    """

    pdf: bytes = field(repr=False)  # the event loop asks for the words of a finished task
    added: SignatureSeen
    state: AgreementState = field(repr=False)
    skew: timedelta | None


def check_result(
    before: bytes,
    after: bytes,
    state: AgreementState,
    planned: Planned,
    profile: SigningProfile,
    now: datetime,
    looks: Looks = HERE,
) -> StepChecked:
    """Return the result after making sure that it added exactly the planned signature.

    Args:
        before: The bytes that were signed.
        after: The bytes that came back.
        state: State of ``before``.
        planned: The step.
        profile: Signing profile.
        now: Own clock at the time of the act.
        looks: Where the result is opened.

    Raises:
        SigningError: ``signing.result_wrong`` with the reason; the result must be thrown away.
            ``pdf.grown``.
        NotLookedError: ``pdf.not_looked``: nobody knows whether the result is right.
    """
    if not after.startswith(before):
        raise SigningError("signing.result_wrong", reason="prefix")
    check_growth(len(before), after)
    # the bytes of a revision that this process wrote may be enough
    own = own_step(before, after, state) if written_here.has(after) else None
    if own is not None:
        remember(before, after, own)
    try:
        found = own or read_state(after, state.receipt, profile, passed=before, looks=looks)
    except NotLookedError:
        raise
    except PksKitError as error:
        raise SigningError("signing.result_wrong", reason=error.code) from error
    known = len(state.signatures)
    new = [seen for seen in found.signatures[known:] if seen.kind != "timestamp"]
    if found.signatures[:known] != _uncovered(state.signatures) or len(new) != 1:
        raise SigningError("signing.result_wrong", reason="count")
    added = new[0]
    if added.place != planned.place or added.kind != planned.place.kind or added.time is None:
        raise SigningError("signing.result_wrong", reason="place")
    difference = abs(added.time - now)
    return StepChecked(
        pdf=after,
        added=added,
        state=found,
        skew=difference if difference > CLOCK_SKEW else None,
    )


def _uncovered(earlier: tuple[SignatureSeen, ...]) -> tuple[SignatureSeen, ...]:
    """Return the earlier signatures as they look once something follows them."""
    return tuple(replace(seen, covers_file=False) for seen in earlier)
