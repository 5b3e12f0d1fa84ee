"""The boxes of signatures as places: no name twice, no box over another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from pks_kit.verification.report.answers import failed, indeterminate

if TYPE_CHECKING:
    from pks_kit.domain.rect import Rect
    from pks_kit.verification.report.verdict import Check
    from pks_kit.verification.signatures.judge import JudgedSignature

_TOUCHING = 2.0
"""Points by which two boxes may overlap (rounding)."""


def check_boxes(judged: tuple[JudgedSignature, ...]) -> list[Check]:
    """Check names of fields, and whether the place of every visible box is its own."""
    names = Counter(one.found.field for one in judged)
    checks: list[Check] = [
        failed("signature.integrity", "duplicate", "cryptographic", field=name)
        for name, count in names.items()
        if count > 1
    ]
    return checks + list(_overlaps(judged))


def _overlaps(judged: tuple[JudgedSignature, ...]) -> Iterator[Check]:
    for one, other in combinations([seen for seen in judged if seen.report.rect], 2):
        if one.report.page == other.report.page and _overlap(one.report.rect, other.report.rect):
            yield indeterminate(
                "signature.place",
                "overlap",
                "visual",
                field=other.found.field,
                other=one.found.field,
                page=other.report.page,
            )


def _overlap(first: Rect | None, second: Rect | None) -> bool:
    if first is None or second is None:
        return False
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    return wide > _TOUCHING and high > _TOUCHING
