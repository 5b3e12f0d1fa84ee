"""What the form of a letter says before anybody typed."""

from __future__ import annotations

from datetime import date

from pks_kit.web.pages.letters import days_of_return


def test_a_reminder_names_the_day_of_the_covering_letter_and_asks_for_it_while_it_can_be_met() -> (
    None
):
    by = date(2026, 12, 18)
    told = {"batas_semula": ["18 Desember 2026"]}
    assert days_of_return(by, date(2026, 12, 1)) == {**told, "batas_waktu": ["18 Desember 2026"]}
    assert days_of_return(by, date(2026, 12, 19)) == told
    assert days_of_return(None, date(2026, 12, 1)) == {}
