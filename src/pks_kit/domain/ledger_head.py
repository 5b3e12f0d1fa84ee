"""A head of a ledger that travels: with it an end that was cut off is found out elsewhere.

A chain shows what was changed inside it, never that its end is missing or was computed again. That
shows only against the number and hash of an event that somebody else kept. So they stand in what
leaves the house anyway: receipts of sessions, evidence files, archived PDFs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pks_kit.json_types import Ordinal, Sha256

PDF_ENTRY = "/PKSKIT_KepalaBuku"
"""Entry of the dictionary of a document timestamp, which that timestamp covers. The name is one of
the second class of ISO 32000-2, Annex E: other programs pass over it."""

# blanks, because writers of PDF may write any other sign that is no letter as an escape
_TEXT = r"([0-9a-f]{64}) ([1-9][0-9]{0,17}) ([0-9a-f]{64})"
_IN_PDF = re.compile(rb"%b\s*\(%b\)" % (re.escape(PDF_ENTRY.encode()), _TEXT.encode()))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchoredHead:
    """The last event of a ledger when something left the house.

    Attributes:
        ledger: Hash of the first event of the ledger, which names it.
        nomor: Number of the last event.
        hash: Its hash.
    """

    ledger: Sha256
    nomor: Ordinal
    hash: Sha256

    def __str__(self) -> str:
        return f"{self.ledger} {self.nomor} {self.hash}"

    @classmethod
    def of(cls, text: str) -> AnchoredHead | None:
        """Return the head that a text says, or None when it says none."""
        found = re.fullmatch(_TEXT, text)
        if found is None:
            return None
        return cls(ledger=found[1], nomor=int(found[2]), hash=found[3])


def heads_in_pdf(content: bytes) -> tuple[AnchoredHead, ...]:
    """Return the heads under the document timestamps of a PDF, in order, each once.

    The bytes are searched and nothing is parsed. Whether a timestamp is sound says verification.
    """
    found = (AnchoredHead.of(b" ".join(one.groups()).decode()) for one in _IN_PDF.finditer(content))
    return tuple(dict.fromkeys(one for one in found if one is not None))
