"""Do two ways to the facts about pages come to the same ones?"""

from __future__ import annotations

from pks_kit.domain.receipt import CriticalValue
from pks_kit.render.pdf.printed_facts import PrintedFacts

NEAR = 0.15
"""Points: PDFium makes some boxes of letters a little larger than their ink."""

_BROKEN_AFTER = ("-", "/")


def differences(told: PrintedFacts, read: PrintedFacts) -> list[str]:
    """Return where facts told by marks differ from those read by PDFium.

    A value that is broken after a hyphen or slash is told by the marks alone.
    """
    found = [
        f"page {number}: other words"
        for number, (one, other) in enumerate(
            zip(told.words_sha256, read.words_sha256, strict=True), start=1
        )
        if one != other
    ]
    rest = iter(told.critical)
    broken = False
    for wanted in read.critical:
        for one in rest:
            if _same(one, wanted):
                broken = False
                break
            if not broken and not one.text.endswith(_BROKEN_AFTER):
                found.append(f"page {one.page}: {one.text} instead of {wanted.text}")
            broken = not broken
        else:
            found.append(f"page {wanted.page}: {wanted.text} is missing")
    return found


def _same(one: CriticalValue, other: CriticalValue) -> bool:
    return (one.path, one.text, one.page) == (other.path, other.text, other.page) and all(
        abs(a - b) <= NEAR for a, b in zip(one.rect, other.rect, strict=True)
    )
