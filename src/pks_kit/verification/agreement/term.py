"""Were the signatures made when they could be made: not after the end, not before the day printed?

Signing before the term begins is the normal case. A signature after its end, or before the printed
day, is no forgery by itself: a person must look. Where a test authority signed, nothing binds
anybody, and the dates of samples are only noted.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pks_kit.domain.receipt import DATA_ATTACHMENT
from pks_kit.domain.tanggal import WIB
from pks_kit.pdf.attachments import attachment
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.report.answers import indeterminate, passed
from pks_kit.verification.report.verdict import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pks_kit.domain.receipt import Receipt
    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.verification.report.verdict import Check, Proof, SignatureReport

_ZONES = timedelta(days=1)
"""A day in the east of the country (WIT, UTC+9) may be the day before in WIB."""


def check_term(
    opened: OpenedFile, reports: Sequence[SignatureReport], receipt: Receipt | None
) -> tuple[list[Check], list[Note]]:
    """Compare the times of signatures and meterai with the term and the printed day.

    Args:
        opened: The file; the day of signing stands in its embedded data.
        reports: All signatures.
        receipt: Receipt of the agreement; without it there is no term and no answer.
    """
    return check_term_on(lambda: printed_day(opened), reports, receipt)


def check_term_on(
    printed: Callable[[], date | None],
    reports: Sequence[SignatureReport],
    receipt: Receipt | None,
) -> tuple[list[Check], list[Note]]:
    """Compare the times with the term and a printed day; see :func:`check_term`.

    Args:
        printed: Tells the day of signing that the embedded data prints.
        reports: All signatures.
        receipt: Receipt of the agreement.
    """
    made = [one for one in reports if one.kind != "timestamp" and (one.time or one.claimed_time)]
    if receipt is None or not made:
        return [], []
    day = printed()
    odd = {one.field: _odd(one, receipt.tanggal_selesai, day) for one in made}
    tests = [one.field for one in made if one.test_authority and odd[one.field] is not None]
    notes = [Note(code="term_test", params={"field": ", ".join(tests)})] if tests else []
    checks = [found for field, found in odd.items() if found is not None and field not in tests]
    proven = [_day(one.time) for one in made if one.time]
    if checks or tests or not proven:
        return checks, notes
    reason = "before_start" if max(proven) < receipt.tanggal_mulai else "within"
    start, end = _shown(receipt.tanggal_mulai), _shown(receipt.tanggal_selesai)
    return [passed("parties.term", reason, "cryptographic", start=start, end=end)], notes


def printed_day(opened: OpenedFile) -> date | None:
    """Return the day of signing that the embedded data prints; None when it cannot be told."""
    found = guarded(lambda: _printed_day(opened))
    return None if isinstance(found, ParserFailure) else found


def _printed_day(opened: OpenedFile) -> date | None:
    return day_in(attachment(opened.pdf, DATA_ATTACHMENT))


def day_in(content: bytes | None) -> date | None:
    """Return the day of signing that contract data print; None when they name none.

    Args:
        content: The data as JSON; None for none.

    Raises:
        Exception: Whatever malformed data provoke.
    """
    data: Any = {} if content is None else json.loads(content)
    holder = data.get("pihak_kesatu", data)
    text = holder.get("tanggal_tanda_tangan") or data.get("tanggal_tanda_tangan")
    return date.fromisoformat(text) if text else None


def _odd(one: SignatureReport, end: date, printed: date | None) -> Check | None:
    """Return what a person must look at in the time of one signature, if anything."""
    moment = one.time or one.claimed_time
    day = _day(moment)
    words = {"field": one.field, "day": _shown(day)}
    if day > end:
        reason = "after_end" if one.time else "claimed_after_end"
        if one.time and one.kind == "meterai":
            reason = "stamp_after_end"
        evidence: Proof = "cryptographic" if one.time else "file"
        return indeterminate("parties.term", reason, evidence, end=_shown(end), **words)
    if one.kind == "signature" and one.time and printed is not None and day + _ZONES < printed:
        return indeterminate(
            "parties.term", "before_day", "cryptographic", printed=_shown(printed), **words
        )
    return None


def _day(moment: str | None) -> date:
    # facilities lie in three zones; the branch's books are kept in the first of them
    parsed = datetime.fromisoformat(moment or "")
    return (parsed.astimezone(WIB) if parsed.tzinfo else parsed).date()


def _shown(day: date) -> str:
    return f"{day:%d-%m-%Y}"
