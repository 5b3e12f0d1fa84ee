"""States as people count them: what the ledger does not know yet is issued all the same."""

from __future__ import annotations

from collections.abc import Mapping

from pks_kit.ledger.agreements import AgreementStage

ISSUED: tuple[str, ...] = ("", AgreementStage.TERBIT)
"""Nothing was done after the issue: without any event, or with that of the issue alone."""


def told_together(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by state in which everything that was only issued stands under one state."""
    found = {name: count for name, count in counts.items() if name not in ISSUED}
    issued = sum(counts.get(name, 0) for name in ISSUED)
    return {ISSUED[0]: issued, **found} if issued else found
