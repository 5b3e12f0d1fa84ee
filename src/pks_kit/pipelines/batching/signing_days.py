"""The printed days of signing beside the day of a run, before anything is signed or bought.

No rule forbids to sign on another day than the printed one, so a run is not refused: it is told.
A signature later than the printed day is usual practice; one that is earlier by more than a day, or
later than the end of the term, is left undecided by verification (``parties.term``). ``sign`` and
``sign-all`` do the same: they sign, and verification tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from pks_kit.domain.tanggal import WIB
from pks_kit.errors import LedgerError
from pks_kit.json_types import Count, Text, shown
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Ledger
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root

DayState = Literal["ended", "gone", "later", "today"]
"""Where the printed day lies, seen from the day of the work; ``ended``: the term is over."""

_ORDER: tuple[DayState, ...] = get_args(DayState)
_NAMED = 3
"""So many agreements are named for each day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningDay:
    """Agreements that are signed here and print one day, beside the day of the work.

    Attributes:
        day: Day of signing that they print.
        state: Where that day lies.
        rows: How many.
        first: Numbers in the plan and names of the first of them.
        left: Minutes until the day of the work ends in WIB.
        ahead: Whole days until the printed day; 0 when it is here or gone.
    """

    day: date
    state: DayState
    rows: Count
    first: tuple[Text, ...]
    left: Count
    ahead: Count

    @shown()
    def text(self) -> Message:
        """What it means, in words."""
        more = self.rows - len(self.first)
        hours, minutes = divmod(self.left, 60)
        return lookup(f"batch.signing_day.{self.state}").fill(
            {
                "day": self.day,
                "rows": self.rows,
                "named": ", ".join(self.first) + (" …" if more else ""),
                "ahead": self.ahead,
                "hours": hours,
                "minutes": minutes,
            }
        )


def signing_days(
    rows: Iterable[PlannedRow], now: datetime, signed: Iterable[str] = ()
) -> tuple[SigningDay, ...]:
    """Return the printed days of agreements that are to be signed here, what is odd first.

    Args:
        rows: Agreements; those without an electronic step are left out.
        now: When the work is done.
        signed: Ids of agreements that somebody has signed already.
    """
    local, done = now.astimezone(WIB), frozenset(signed)
    found: dict[tuple[int, date], list[PlannedRow]] = {}
    for one in rows:
        day = one.signed_on
        if day is not None and one.agreement_id not in done and _has_steps(one):
            rank = _ORDER.index(_state(one, day, local.date()))
            found.setdefault((rank, day), []).append(one)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(0), WIB)
    return tuple(
        SigningDay(
            day=day,
            state=_ORDER[rank],
            rows=len(several),
            first=tuple(f"{one.number} {one.name}" for one in several[:_NAMED]),
            left=int((midnight - local).total_seconds() // 60),
            ahead=max(0, (day - local.date()).days),
        )
        for (rank, day), several in sorted(found.items(), key=lambda one: one[0])
    )


def _state(one: PlannedRow, day: date, today: date) -> DayState:
    if one.selesai is not None and today > one.selesai:
        return "ended"
    return "gone" if day < today else "today" if day == today else "later"


def _has_steps(one: PlannedRow) -> bool:
    return bool(load_profile(signing_root(), one.cara_kontrak).langkah)


def signed_already(ledger: Ledger) -> frozenset[str]:
    """Return the ids of agreements in which a step was done, by one reading of the ledger.

    Raises:
        LedgerError: It cannot be read.
    """
    return frozenset(one.perjanjian for one in ledger.events(jenis=kinds.LANGKAH_SELESAI))


def signed_on_other_days(
    opened: Callable[[], AbstractContextManager[Ledger]], rows: Iterable[PlannedRow]
) -> int:
    """Return of how many agreements the first step was done on another day than the printed one.

    So whoever ran through midnight learns how many are dated on the day after. 0 also when the
    ledger cannot be read: the run has ended by then, perhaps for that very reason, and what it did
    is worth more than this remark.

    Args:
        opened: Opens the ledger.
        rows: Agreements of the plan.
    """
    first: dict[str, date] = {}
    try:
        with opened() as ledger:
            for one in ledger.events(jenis=kinds.LANGKAH_SELESAI):
                first.setdefault(one.perjanjian, one.waktu.astimezone(WIB).date())
    except LedgerError:
        return 0
    days = ((first.get(one.agreement_id or ""), one.signed_on) for one in rows)
    return sum(day is not None and day != printed for day, printed in days)
