"""What may be wrong with the chain of a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pks_kit.json_types import shown
from pks_kit.messages import Message, lookup

FaultKind = Literal["altered", "rehashed", "removed", "inserted", "reordered", "rewritten"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that somebody did to the ledger.

    Attributes:
        kind: ``altered`` (the event does not fit its hash), ``rehashed`` (altered, with its hash
            made again, which the next event gives away), ``removed``, ``inserted``, ``reordered``
            (a true event under another number), ``rewritten`` (not the event known from
            elsewhere: the chain was computed again up to its end).
        nomor: Number of the event; where it belongs, when it is known, otherwise where it stands.
        sampai: Last number when several neighbours share the fault, otherwise ``nomor``.
        kolom: Column that was altered, when that can be told.
        letak: Number under which a reordered event stands now.
    """

    kind: FaultKind
    nomor: int
    sampai: int
    kolom: str | None = None
    letak: int | None = None

    @property
    def text(self) -> Message:
        """Return the words in both languages."""
        several = self.kind == "removed" and self.sampai != self.nomor
        named = self.kind == "altered" and self.kolom is not None
        code = f"ledger.fault.{self.kind}{'_several' if several else '_column' if named else ''}"
        params = {
            "nomor": self.nomor,
            "last": self.sampai,
            "column": self.kolom,
            "place": self.letak,
        }
        return lookup(code).fill(params)

    @shown()
    def message(self) -> Message:
        """What happened, in both languages."""
        return self.text
