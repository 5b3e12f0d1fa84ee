"""Signed paper that came back: what is written down of its scan, and what stands of it.

The verdict of the machine is written once for the same sheets, judged against the same file by the
same thresholds with the same answer; whoever gives a scan twice, or whose output was lost after the
event was written, finds it again. Nothing here says who signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from pks_kit.errors import LedgerError
from pks_kit.json_types import IF_KNOWN, Count, Ordinal, shown
from pks_kit.ledger import kinds
from pks_kit.ledger.canonical import canonical_json
from pks_kit.ledger.ports import Event, Ledger
from pks_kit.ledger.wib import MomentWib
from pks_kit.messages import Message, lookup

PaperWord = Annotated[
    str, WithJsonSchema({"enum": ["complete", "incomplete", "needs_person"]}, mode="serialization")
]
"""A verdict; shown as the ledger holds it, since a projection never raises."""

_UNIK = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReturned:
    """One scan of signed paper that was judged.

    Attributes:
        nomor: Number of the event.
        waktu: When it was written down, in WIB.
        verdict: ``complete``, ``incomplete`` or ``needs_person``.
        scan_sha256: Hash over the sheets.
        sheets: How many sheets belonged to the agreement.
        missing: Pages that no sheet shows.
        empty: Places that are empty.
        unsure: Places that a person must look at.
        changes: Values, words and ink that were not issued so.
        edition: Edition of the issue that it was compared with.
        lacks: The party of which something lacks, where it is PIHAK KESATU alone.
        handed_in: When the last of the sheets was handed in; None for what was not told so.
    """

    nomor: Annotated[Ordinal, Field(alias="event")]
    waktu: Annotated[MomentWib, Field(alias="time")]
    verdict: PaperWord
    scan_sha256: str
    sheets: Count
    missing: Count
    empty: Count
    unsure: Count
    changes: Count
    edition: Annotated[str | None, IF_KNOWN] = None
    lacks: Annotated[str | None, IF_KNOWN] = None
    handed_in: Annotated[str | None, IF_KNOWN] = None

    @shown()
    def text(self) -> Message:
        """The verdict in words."""
        return lookup("ledger.paper").fill(
            {
                "verdict": lookup(f"returned.verdict.{self.verdict}"),
                "sheets": self.sheets,
                "missing": self.missing,
                "empty": self.empty,
                "unsure": self.unsure,
                "changes": self.changes,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPaper:
    """The event that says so.

    Attributes:
        nomor: Its number.
        is_new: Whether it was written now; False when the same was written down before.
    """

    nomor: Annotated[Ordinal, Field(alias="event")]
    is_new: Annotated[bool, Field(alias="new")]


def returned(events: Iterable[Event]) -> tuple[PaperReturned, ...]:
    """Return the scans of one agreement that were written down, in order."""
    return tuple(
        PaperReturned(
            nomor=one.nomor,
            waktu=one.waktu,
            verdict=one.isi["verdict"],
            scan_sha256=one.isi["scan_sha256"],
            sheets=one.isi["sheets"],
            missing=one.isi["missing"],
            empty=one.isi["empty"],
            unsure=one.isi["unsure"],
            changes=one.isi["changes"],
            edition=one.isi.get("edition"),
            lacks=one.isi.get("lacks"),
            handed_in=one.isi.get("handed_in"),
        )
        for one in events
        if one.jenis == kinds.PAPER_RECEIVED
    )


def standing(several: Sequence[PaperReturned]) -> PaperReturned | None:
    """Return the scan that counts: the newest, but one that lacks something takes nothing back.

    A complete scan stays when pages of it are scanned once more. One on which a person must look at
    something does take its place: two papers may contradict each other. The newest is what was
    handed in last, though it may have been read first; what does not tell that is as new as
    whatever was written down before it.
    """
    turns, newest = [], ""
    for one in several:
        newest = max(newest, one.handed_in or "")
        turns.append((one.handed_in or newest, one))
    stands: PaperReturned | None = None
    for _, one in sorted(turns, key=lambda each: each[0]):
        if stands is None or stands.verdict != "complete" or one.verdict != "incomplete":
            stands = one
    return stands


def record_paper(
    ledger: Ledger, perjanjian: str, isi: Mapping[str, Any], *, waktu: datetime
) -> RecordedPaper:
    """Write ``paper.received``, once for the same facts.

    Facts that another paper has taken the place of are written once more when they come again with
    sheets that were handed in after it.

    Args:
        ledger: The ledger.
        perjanjian: Id of the agreement.
        isi: The facts, see :mod:`~pks_kit.ledger.kinds`.
        waktu: Present moment.

    Raises:
        LedgerError: It cannot be written.
    """
    same = {
        key: value for key, value in isi.items() if key not in ("kit", "handed_in")
    }  # a new version alone is no news, nor is the same once more
    digest = hashlib.sha256(canonical_json(same).encode()).hexdigest()
    unik = f"paper:{perjanjian}:{digest[:_UNIK]}"
    handed = str(isi.get("handed_in", ""))
    events = ledger.events(perjanjian, kinds.PAPER_RECEIVED)
    nomor = _number_of(events, unik)
    if nomor is not None and not str(events[-1].unik).startswith(unik):
        newest = max(str(one.isi.get("handed_in", "")) for one in events)
        if handed > newest:
            unik, nomor = f"{unik}:{handed}", None
    if nomor is not None:
        return RecordedPaper(nomor=nomor, is_new=False)
    try:
        event = ledger.append(perjanjian, kinds.PAPER_RECEIVED, isi, waktu=waktu, unik=unik)
    except LedgerError as error:
        events = ledger.events(perjanjian, kinds.PAPER_RECEIVED)
        nomor = _number_of(events, unik) if error.code == "ledger.not_unique" else None
        if nomor is None:
            raise
        return RecordedPaper(nomor=nomor, is_new=False)  # another process was quicker
    return RecordedPaper(nomor=event.nomor, is_new=True)


def _number_of(events: Iterable[Event], unik: str) -> int | None:
    return next((one.nomor for one in events if one.unik == unik), None)
