"""What events of an agreement say in words: who decided what, and what a letter asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pks_kit.domain.paper_review import CHOICES, SHEET, ItemGroup
from pks_kit.domain.receipt import RecordedPlace
from pks_kit.domain.tanda_tangan import PIHAK_TAMPIL
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event
from pks_kit.messages import Message, lookup

_OF_PLACES = {
    "TTD": "tanda_tangan",
    "METERAI": "meterai",
    "STEMPEL": "stempel",
    "TANGGAL": "tanggal",
    "PARAF": "paraf",
}
_CHANGE = re.compile(r"(value|disturbed|not_compared|addition|missing|unprinted)_[0-9_.-]+")
_OF_A_PLACE = CHOICES["place"]
_VALUES = ("value", "disturbed", "not_compared")


def told_of(
    event: Event, places: Sequence[RecordedPlace], settled: Mapping[int, int]
) -> Message | None:
    """Return what an event says beside its facts; None when they say it all.

    Args:
        event: The event.
        places: Places of the agreement, as its receipt holds them.
        settled: Numbers of the events after which a person decided, with the one that says so.
    """
    if event.jenis == kinds.PAPER_DECIDED:
        return _decided(event.isi, places)
    if event.jenis == kinds.SURAT_PENGINGAT:
        return _reminded(event.isi)
    if event.jenis == kinds.SURAT_PENGANTAR:
        day = _last_day(event.isi)
        return lookup("desk.event_told.covered").fill({"day": day}) if day is not None else None
    if event.nomor in settled:
        return lookup("desk.event_told.settled").fill({"number": settled[event.nomor]})
    return None


def settled_by(events: Sequence[Event]) -> dict[int, int]:
    """Return which verdicts that wanted a person were given anew for the same sheets, and where."""
    found: dict[int, int] = {}
    newest: dict[str, int] = {}
    for one in reversed([each for each in events if each.jenis == kinds.PAPER_RECEIVED]):
        sheets = str(one.isi.get("scan_sha256"))
        if one.isi.get("verdict") != "needs_person":
            newest.setdefault(sheets, one.nomor)
        elif sheets in newest:
            found[one.nomor] = newest[sheets]
    return found


def decided_since(events: Sequence[Event]) -> dict[str, str]:
    """Return what persons said last of places since paper was judged: ``signed`` or ``empty``."""
    found: dict[str, str] = {}
    for one in events:
        if one.jenis == kinds.PAPER_RECEIVED:
            found.clear()
        elif one.jenis == kinds.PAPER_DECIDED and one.isi.get("decision") in _OF_A_PLACE:
            found[str(one.isi.get("place"))] = str(one.isi["decision"])
    return found


def _decided(isi: Mapping[str, Any], places: Sequence[RecordedPlace]) -> Message:
    place, page, sheet = str(isi.get("place", "")), isi.get("page"), isi.get("scan_page", 1)
    kind, group = _kind_of(place)
    known = next((one for one in places if one.name == place), None)
    party = known.nama if known else _party_of(place)
    what = lookup(f"desk.event_told.{kind}").fill({"party": party})
    decision = str(isi.get("decision", ""))
    chosen = lookup(f"review.choice.{kind if group in ('place', 'sheet') else group}.{decision}")
    where = "page" if isinstance(page, int) else "sheet"
    reasons = "; ".join(str(isi[name]) for name in ("reason", "addendum") if isi.get(name))
    return lookup(f"desk.event_told.decided_{where}{'_why' if reasons else ''}").fill(
        {
            "what": what,
            "page": page if isinstance(page, int) else sheet,
            "decision": chosen,
            "why": reasons,
        }
    )


def _kind_of(place: str) -> tuple[str, ItemGroup]:
    """Return kind and group of what was decided; a name that nobody knows is a sheet."""
    begins = place.partition("_")[0]
    if begins in _OF_PLACES:
        return _OF_PLACES[begins], "place"
    change = _CHANGE.fullmatch(place)
    if change is not None:
        return change[1], "value" if change[1] in _VALUES else "text"
    return SHEET, "sheet"


def _party_of(place: str) -> str:
    role = place.partition("_")[2].rstrip("0123456789").strip("_").lower()
    return PIHAK_TAMPIL.get(role, role.replace("_", " ").upper())


def _reminded(isi: Mapping[str, Any]) -> Message:
    what = str(isi.get("diminta", "")) or lookup("desk.event_told.paper")
    day = _last_day(isi)
    if day is None:
        return lookup("desk.event_told.reminded_no_day").fill({"what": what})
    return lookup("desk.event_told.reminded").fill({"what": what, "day": day})


def _last_day(isi: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(isi.get("batas", "")))
    except ValueError:
        return None
