"""Thousands of ways to tamper with a final file of ours, by kind, the same choices every time.

Keys and certificates are made anew in every run, so files differ from run to run; which byte, page
or object is touched, and how, does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from support.tamperings import in_bytes, in_objects, in_pages, specimens
from support.tamperings.parts import Make, Tampering
from support.tamperings.specimens import Specimen

SEED = 20240101


@dataclass(frozen=True)
class Kind:
    """One kind of tampering.

    Attributes:
        make: What makes them.
        specimen: What they are made from.
        count: How many.
        why_undecided: Why some of them may be answered with ``indeterminate``; empty: none may.
    """

    make: Make
    specimen: Callable[[], Specimen]
    count: int
    why_undecided: str = ""


_FOUR = "elektronik"
_UNCOVERED = (
    "the digits of the last container are covered by no digest; where they only change a copy of a "
    "certificate that nobody needs, an unsigned attribute or the spelling, the signature still "
    "says the same, and other programs write such containers themselves"
)


def _four() -> Specimen:
    return specimens.small(_FOUR)


KINDS: dict[str, Kind] = {
    "byte of the issued file": Kind(in_bytes.issued_bytes, specimens.small, 100),
    "byte of a later revision": Kind(in_bytes.later_bytes, specimens.small, 100),
    "bytes moved": Kind(in_bytes.moved_bytes, specimens.small, 330),
    "container under a later signature": Kind(in_bytes.container, specimens.small, 40),
    "last container": Kind(in_bytes.last_container, specimens.small, 50, _UNCOVERED),
    "spelling of the last container": Kind(in_bytes.spelling, specimens.small, 12, _UNCOVERED),
    "reference table": Kind(in_bytes.tables, specimens.small, 400),
    "new reference table": Kind(in_bytes.new_tables, specimens.small, 110),
    "object": Kind(in_objects.replaced_objects, specimens.small, 120),
    "revision": Kind(in_objects.revisions, specimens.small, 150),
    "field": Kind(in_objects.fields, specimens.small, 70),
    "appearance": Kind(in_objects.appearances, specimens.small, 50),
    "stripped signature": Kind(in_objects.stripped, specimens.small, 120),
    "stripped signature, four": Kind(in_objects.stripped, _four, 30),
    "page order": Kind(in_pages.page_order, specimens.small, 90),
    "overlay": Kind(in_pages.overlays, specimens.small, 70),
    "swapped lampiran": Kind(in_pages.lampiran, specimens.small, 50),
    "account number in data": Kind(in_pages.account_in_data, specimens.small, 36),
    "account number in page": Kind(in_pages.account_in_page, specimens.small, 36),
    "account number in both": Kind(in_pages.account_in_both, specimens.small, 36),
    "signed anew": Kind(in_pages.signed_anew, specimens.small, 6),
    "drafted addendum": Kind(in_pages.drafted, specimens.addendum, 16),
}


def generate(kind: str) -> Iterator[Tampering]:
    """Yield the tamperings of one kind, no file twice."""
    how = KINDS[kind]
    specimen = how.specimen()
    seen = {hashlib.sha256(specimen.done).digest()}
    made = 0
    for tampering in how.make(specimen, Random(f"{SEED} {kind}")):  # noqa: S311 - no secret
        digest = hashlib.sha256(tampering.content).digest()
        if digest in seen:
            continue
        seen.add(digest)
        yield tampering
        made += 1
        if made == how.count:
            return
    raise AssertionError(f"only {made} of {how.count} tamperings of kind {kind!r}")
