"""Were the signatures made when they could be made: not after the end, not before the day printed?

Only a time proven by a trusted timestamp refuses anything; the signer's own clock can at most make
a person look. Signing before the term begins is the normal case.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from pks_kit.domain.receipt import DATA_ATTACHMENT
from pks_kit.verify.answers import Trouble, attempt, failed, passed, unknown
from pks_kit.verify.receipts import attachment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pks_kit.domain.receipt import Receipt
    from pks_kit.verify.intake import OpenedFile
    from pks_kit.verify.verdict import Check, SignatureReport

_WIB = timezone(timedelta(hours=7), "WIB")
"""Facilities lie in three zones; the branch's books are kept in the first of them."""
_ZONES = timedelta(days=1)
"""A day in the east of the country (WIT, UTC+9) may be the day before in WIB."""


def check_term(
    opened: OpenedFile, reports: Sequence[SignatureReport], receipt: Receipt | None
) -> list[Check]:
    """Compare the times of signatures and meterai with the term and the printed day.

    Args:
        opened: The file; the day of signing stands in its embedded data.
        reports: All signatures.
        receipt: Receipt of the agreement; without it there is no term and no answer.
    """
    made = [one for one in reports if one.kind != "timestamp" and (one.time or one.claimed_time)]
    if receipt is None or not made:
        return []
    checks = [*_after_end(made, receipt.tanggal_selesai)]
    day = printed_day(opened)
    if day is not None:
        checks += _before_day(made, day)
    if checks:
        return checks
    proven = [_day(one.time) for one in made if one.time]
    if not proven:
        return []
    reason = "before_start" if max(proven) < receipt.tanggal_mulai else "within"
    start, end = _shown(receipt.tanggal_mulai), _shown(receipt.tanggal_selesai)
    return [passed("parties.term", reason, "cryptographic", start=start, end=end)]


def printed_day(opened: OpenedFile) -> date | None:
    """Return the day of signing that the embedded data prints; None when it cannot be told."""
    found = attempt(lambda: _printed_day(opened))
    return None if isinstance(found, Trouble) else found


def _printed_day(opened: OpenedFile) -> date | None:
    content = attachment(opened.pdf, DATA_ATTACHMENT)
    data: Any = {} if content is None else json.loads(content)
    holder = data.get("pihak_kesatu", data)
    text = holder.get("tanggal_tanda_tangan") or data.get("tanggal_tanda_tangan")
    return date.fromisoformat(text) if text else None


def _after_end(made: list[SignatureReport], end: date) -> list[Check]:
    found: list[Check] = []
    for one in made:
        words = {"field": one.field, "end": _shown(end)}
        if one.time and _day(one.time) > end:
            late = {"day": _shown(_day(one.time)), **words}
            if one.kind == "meterai":
                found.append(unknown("parties.term", "stamp_after_end", "cryptographic", **late))
            else:
                found.append(failed("parties.term", "after_end", "cryptographic", **late))
        elif not one.time and one.claimed_time and _day(one.claimed_time) > end:
            day = _shown(_day(one.claimed_time))
            found.append(unknown("parties.term", "claimed_after_end", "file", day=day, **words))
    return found


def _before_day(made: list[SignatureReport], printed: date) -> list[Check]:
    return [
        unknown(
            "parties.term",
            "before_day",
            "cryptographic",
            field=one.field,
            day=_shown(_day(one.time)),
            printed=_shown(printed),
        )
        for one in made
        if one.kind == "signature" and one.time and _day(one.time) + _ZONES < printed
    ]


def _day(moment: str | None) -> date:
    parsed = datetime.fromisoformat(moment or "")
    return (parsed.astimezone(_WIB) if parsed.tzinfo else parsed).date()


def _shown(day: date) -> str:
    return f"{day:%d-%m-%Y}"
