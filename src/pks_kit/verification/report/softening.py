"""The rules by which a ``failed`` becomes an open question; there are no others.

A failed check is told as soon as it is found, and some are softened once more is known of the file.
The host reads this table too: a failed check that vanishes without a rule of it was taken away by
somebody. No rule ever makes ``passed`` of anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pks_kit.verification.report.verdict import Check

Where = Literal["any_file", "foreign"]

NEVER_ALLOWED = frozenset(
    {
        "hidden_revision",
        "points_back",
        "unlisted",
        "unreadable",
        "not_on_boundary",
        "dss_junk",
        "replaced_signature",
        "old_object_as_field",
        "drawn_field",
        "removed",
    }
)
"""Nothing that honest programs do; :mod:`pks_kit.verification.revisions.judge` says what each
means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Softening:
    """One rule.

    Attributes:
        code: Code of the failed check.
        reasons: Its reasons; empty: all but :data:`NEVER_ALLOWED`.
        becomes: Reasons that it may have afterwards; empty: the one it had.
        where: ``any_file`` when judged by the policy for any file; ``foreign`` when there is
            neither a receipt nor an issued file.
    """

    code: str
    reasons: frozenset[str] = frozenset()
    becomes: frozenset[str] = frozenset()
    where: frozenset[Where]

    def fits(self, check: Check) -> bool:
        """Return whether it speaks about a check."""
        if check.status != "failed" or check.code != self.code:
            return False
        return check.reason in self.reasons if self.reasons else check.reason not in NEVER_ALLOWED

    def results(self, check: Check) -> Iterator[tuple[str, str, str | None]]:
        """Yield code, reason and field of what may stand there afterwards."""
        for reason in self.becomes or {check.reason}:
            yield check.code, reason, check.field


SOFTENINGS: dict[str, Softening] = {
    "closed_file": Softening(
        code="file.encrypted",
        reasons=frozenset({"encrypted", "restricted", "for_certificates", "unknown_lock"}),
        where=frozenset({"any_file"}),
    ),
    "unknown_authority": Softening(
        code="signature.trust",
        reasons=frozenset({"no_chain", "no_issuer"}),
        where=frozenset({"any_file"}),
    ),
    "unknown_time_authority": Softening(
        code="signature.time", reasons=frozenset({"untrusted"}), where=frozenset({"any_file"})
    ),
    "other_writer": Softening(code="file.revisions", where=frozenset({"any_file", "foreign"})),
    "allowed_by_signer": Softening(
        code="signature.changes",
        reasons=frozenset({"forbidden"}),
        becomes=frozenset({"disagree", "comments"}),
        where=frozenset({"foreign"}),
    ),
}
"""The rules by name; the child applies them through :meth:`Softening.fits`."""


def taken_away(
    told: Iterable[Check], final: Iterable[Check], where: Iterable[Where]
) -> list[Check]:
    """Return what was not in order on the way and is there no more, although no rule softens it.

    Args:
        told: Checks of the unfinished reports.
        final: Checks of the finished one.
        where: Which kinds of rules hold for this file.
    """
    final, holding = tuple(final), frozenset(where)
    kept = {_key(one) for one in final}
    softened = {(one.code, one.reason, one.field) for one in final if one.status == "indeterminate"}
    rules = [one for one in SOFTENINGS.values() if one.where & holding]
    gone = {
        _key(one): one
        for one in told
        if one.status != "passed"
        and _key(one) not in kept
        and not any(softened.intersection(rule.results(one)) for rule in rules if rule.fits(one))
    }
    return list(gone.values())


def _key(check: Check) -> tuple[object, ...]:
    """Return what two equal answers have in common; facts for experts may come later."""
    words = frozenset(check.params.items())
    return check.code, check.reason, check.status, check.field, check.page, words
