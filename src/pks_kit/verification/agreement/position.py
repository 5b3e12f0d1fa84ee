"""Does a position in the certificate fit the position printed under the signature?

Most certificates carry none, and then there is nothing to say. The position never refuses: people
hold several, and certificates outlive appointments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.report.answers import indeterminate, passed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pks_kit.domain.receipt import Receipt
    from pks_kit.verification.report.verdict import Check
    from pks_kit.verification.signatures.judge import JudgedSignature

_WORD = re.compile(r"\w+")


def check_positions(judged: Sequence[JudgedSignature], receipt: Receipt | None) -> list[Check]:
    """Compare the positions in certificates with the printed ones; silent where there is none."""
    checks: list[Check] = []
    for one in judged:
        place = receipt.place(one.report.place) if receipt and one.report.place else None
        title = certified_position(one)
        if one.report.kind != "signature" or place is None or not place.jabatan or not title:
            continue
        words = {"field": one.report.field, "printed": place.jabatan, "position": title}
        if _words(title) <= _words(place.jabatan) or _words(place.jabatan) <= _words(title):
            checks.append(passed("parties.position", "same", "cryptographic", **words))
        else:
            checks.append(indeterminate("parties.position", "different", "cryptographic", **words))
    return checks


def certified_position(one: JudgedSignature) -> str:
    """Return the ``title`` of the signer's certificate, or an empty text."""
    embedded = one.found.embedded
    if embedded is None:
        return ""
    native = guarded(lambda: embedded.signer_cert.subject.native)
    title = "" if isinstance(native, ParserFailure) else native.get("title", "")
    return (", ".join(map(str, title)) if isinstance(title, list) else str(title))[:200]


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))
