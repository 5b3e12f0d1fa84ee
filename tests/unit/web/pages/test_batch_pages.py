"""What the form that goes on with a batch holds before anybody types."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.visible_text import WIB
from pks_kit.web.pages.batch_next import by_pen_in
from pks_kit.web.pages.batch_pages import asked_for
from pks_kit.web.pages.sent_form import SentForm

_NOW = datetime(2026, 12, 22, 9, 0, tzinfo=WIB)


def held(
    isi: dict[str, Any] | None, *reasons: str, sent: dict[str, str] | None = None, by_pen: int = 0
) -> Any:
    visit: Any = SimpleNamespace(
        sent=SentForm(fields=tuple((sent or {}).items())),
        portal=SimpleNamespace(now=lambda: _NOW),
    )
    ran: Any = SimpleNamespace(isi=isi) if isi is not None else None
    told = asked_for(
        visit, ran, dict.fromkeys(reasons, 1), goes_on="waiting" in reasons, by_pen=by_pen
    )
    return told["chosen"], told["typed_day"], told["rehearse"]


def job(until: str, day: str | None = None, *, rehearsal: bool = False) -> dict[str, Any]:
    return {"sampai": until, "batas_waktu": day, "gladi": rehearsal}


@pytest.mark.parametrize(
    ("isi", "reasons", "expected"),
    [
        (None, (), ("verified", "", False)),
        (job("sent", "2027-01-29"), ("waiting",), ("sent", "29 Januari 2027", False)),
        (job("sent", "2026-12-21"), ("waiting",), ("sent", "", False)),  # it has passed
        (job("signed"), ("waiting",), ("signed", "", False)),
        (job("drafted"), ("waiting",), ("verified", "", False)),  # the approval came between
        (job("verified"), ("letters",), ("sent", "", False)),
        (job("verified", rehearsal=True), ("waiting",), ("verified", "", True)),
        (job("verified", rehearsal=True), (), ("verified", "", False)),  # now the work itself
    ],
)
def test_going_on_remembers_what_was_asked_for(
    isi: dict[str, Any] | None, reasons: tuple[str, ...], expected: tuple[str, str, bool]
) -> None:
    """It offered a run without letters, with an empty day."""
    assert held(isi, *reasons) == expected


def test_what_was_typed_stays() -> None:
    typed = {"sampai": "verified", "batas_waktu": "besok", "gladi": "ya"}
    assert held(job("sent", "2027-01-29"), "waiting", sent=typed) == ("verified", "besok", True)
    reason = {"alasan": "salah"}  # of another form on the page
    assert held(job("sent", "2027-01-29"), "waiting", sent=reason)[0] == "sent"


def test_where_facilities_sign_with_a_pen_letters_are_advised_and_a_choice_stays() -> None:
    assert held(None, by_pen=3)[0] == "sent"
    assert held(job("drafted"), "waiting", by_pen=3)[0] == "sent"
    assert held(job("verified"), "waiting", by_pen=3)[0] == "verified"
    assert held(None, sent={"sampai": "signed"}, by_pen=3)[0] == "signed"


def test_what_a_plan_holds_by_method_tells_who_signs_with_a_pen() -> None:
    assert by_pen_in({"methods": {"digital": 2, "manual": 1, "elektronik": 5}}) == 3
    assert by_pen_in({"methods": {"elektronik": 5}}) == by_pen_in(None) == 0
