"""What people decided about a plan: who approved or rejected it, who took which agreements out.

The last word about a plan counts: a rejection ends what was approved before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pks_kit.ledger import kinds
from pks_kit.ledger.checking import is_writable

if TYPE_CHECKING:
    from pks_kit.ledger.ports import Event, Ledger

_SHOWN = 24


def plan_name(plan_id: str) -> str:
    """Return ``perjanjian`` of the events about a plan, from its hash."""
    return f"rencana-{plan_id[:_SHOWN]}"


def approvals(ledger: Ledger, plan_id: str) -> tuple[Event, ...]:
    """Return the approvals of exactly this plan that nobody's rejection ended, in order.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    words = _words(ledger, plan_id)
    last = max((one.nomor for one in words if one.jenis == kinds.RENCANA_DITOLAK), default=0)
    return tuple(one for one in words if one.nomor > last)


def rejection(ledger: Ledger, plan_id: str) -> Event | None:
    """Return the rejection of exactly this plan; None when its last word is another one.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    words = _words(ledger, plan_id)
    return words[-1] if words and words[-1].jenis == kinds.RENCANA_DITOLAK else None


def record_rejection(
    ledger: Ledger, plan_id: str, *, oleh: str, alasan: str, waktu: datetime
) -> Event:
    """Write down that a person rejected a plan; the last word again is no new event.

    Args:
        ledger: The ledger.
        plan_id: SHA-256 of the plan.
        oleh: Who rejected it.
        alasan: Why.
        waktu: Present time.

    Raises:
        LedgerError: It cannot be written; ``ledger.not_unique`` when another word about the plan
            was written meanwhile.
    """
    before = rejection(ledger, plan_id)
    if before is not None and (before.isi["oleh"], before.isi["alasan"]) == (oleh, alasan):
        return before
    return ledger.append(
        plan_name(plan_id),
        kinds.RENCANA_DITOLAK,
        {"rencana": plan_id, "oleh": oleh, "alasan": alasan},
        waktu=waktu,
        unik=f"rencana-tolak:{plan_id}:{len(_words(ledger, plan_id))}",
    )


def record_approval(
    ledger: Ledger,
    plan_id: str,
    *,
    oleh: str,
    pembuat: str,
    baris: int,
    meterai: int,
    waktu: datetime,
    dilihat: str = "",
    kecuali: Sequence[int] = (),
) -> Event:
    """Write down that a person approved a plan; the last approval again is no new event.

    Args:
        ledger: The ledger.
        plan_id: SHA-256 of the plan.
        oleh: Who approved it.
        pembuat: Who planned.
        baris: How many agreements may be signed by it.
        meterai: How many meterai may be bought by it.
        waktu: Present time.
        kecuali: Numbers of the agreements that are not approved.
        dilihat: Which agreements that person looked at; left out when the ledger refuses it.

    Raises:
        LedgerError: It cannot be written.
    """
    before = approvals(ledger, plan_id)
    # a run goes by the last approval: an earlier one that says the same would not be heard
    if before and before[-1].isi["oleh"] == oleh and left_out(before[-1]) == frozenset(kecuali):
        return before[-1]
    facts = {
        "rencana": plan_id,
        "oleh": oleh,
        "pembuat": pembuat,
        "baris": baris,
        "meterai": meterai,
    }
    if kecuali:
        facts["kecuali"] = ",".join(map(str, sorted(kecuali)))
    if dilihat and is_writable(kinds.RENCANA_DISETUJUI, "dilihat", dilihat):
        facts["dilihat"] = dilihat
    return ledger.append(
        plan_name(plan_id),
        kinds.RENCANA_DISETUJUI,
        facts,
        waktu=waktu,
        unik=f"rencana:{plan_id}:{_mark(oleh, kecuali, len(_words(ledger, plan_id)))}",
    )


def left_out(approval: Event) -> frozenset[int]:
    """Return the numbers of the agreements that an approval leaves out."""
    return _numbers(approval.isi.get("kecuali"))


def taken_out(ledger: Ledger, plan_id: str) -> dict[int, str]:
    """Return the numbers of the agreements that somebody took out of a plan, with who did.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    out: dict[int, str] = {}
    for event in _decisions(ledger, plan_id):
        for number in _numbers(event.isi["baris"]):
            if event.jenis == kinds.RENCANA_DIKELUARKAN:
                out[number] = str(event.isi["oleh"])
            else:
                out.pop(number, None)
    return out


def record_taken_out(
    ledger: Ledger, plan_id: str, numbers: Iterable[int], *, oleh: str, waktu: datetime
) -> None:
    """Write down that a person took agreements out of a plan; what is out already is no new event.

    Raises:
        LedgerError: It cannot be written; ``ledger.not_unique`` when another decision about the
            plan was written meanwhile.
    """
    new = sorted(set(numbers) - taken_out(ledger, plan_id).keys())
    _record(ledger, kinds.RENCANA_DIKELUARKAN, plan_id, new, oleh=oleh, waktu=waktu)


def record_put_back(
    ledger: Ledger, plan_id: str, numbers: Iterable[int], *, oleh: str, waktu: datetime
) -> None:
    """Write down that a person put agreements back into a plan; what is in it is no new event.

    Raises:
        LedgerError: As :func:`record_taken_out`.
    """
    back = sorted(set(numbers) & taken_out(ledger, plan_id).keys())
    _record(ledger, kinds.RENCANA_DIKEMBALIKAN, plan_id, back, oleh=oleh, waktu=waktu)


def _record(
    ledger: Ledger, kind: str, plan_id: str, numbers: Sequence[int], *, oleh: str, waktu: datetime
) -> None:
    if not numbers:
        return
    before = len(_decisions(ledger, plan_id))
    ledger.append(
        plan_name(plan_id),
        kind,
        {"rencana": plan_id, "oleh": oleh, "baris": ",".join(map(str, numbers))},
        waktu=waktu,
        unik=f"rencana-baris:{plan_id}:{before}",
    )


def _words(ledger: Ledger, plan_id: str) -> tuple[Event, ...]:
    """Return who approved or rejected exactly this plan, in order."""
    return tuple(
        one
        for one in ledger.events(plan_name(plan_id))
        if one.jenis in (kinds.RENCANA_DISETUJUI, kinds.RENCANA_DITOLAK)
        and one.isi["rencana"] == plan_id
    )


def _decisions(ledger: Ledger, plan_id: str) -> list[Event]:
    """Return the events about agreements of exactly this plan, in order."""
    return [
        one
        for one in ledger.events(plan_name(plan_id))
        if one.jenis in (kinds.RENCANA_DIKELUARKAN, kinds.RENCANA_DIKEMBALIKAN)
        and one.isi["rencana"] == plan_id
    ]


def _numbers(told: object) -> frozenset[int]:
    return frozenset(int(one) for one in str(told or "").split(",") if one.isdigit())


def _mark(oleh: str, kecuali: Sequence[int], before: int) -> str:
    """Return what tells approvals of a plan apart, as letters that ``unik`` may hold."""
    told = f"{before}:{oleh}:{','.join(map(str, sorted(kecuali)))}"
    return hashlib.sha256(told.encode()).hexdigest()
