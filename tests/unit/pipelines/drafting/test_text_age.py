"""A text of an earlier year is told, with the newest one and the age of its rules."""

from __future__ import annotations

from datetime import date

from pks_kit.pipelines.draft import CheckRequest, check
from pks_kit.pipelines.drafting.text_age import newest_text, newest_texts
from pks_kit.pipelines.law import LawStaleRequest, law_stale
from pks_kit.rules.law.parameters import load_parameters
from pks_kit.visible_text import format_day
from support.sample import changed_at, sample


def told(start: str, end: str) -> list[str]:
    kontrak = changed_at({"jangka_waktu.tanggal_mulai": start, "jangka_waktu.tanggal_selesai": end})
    found = check(CheckRequest(source=kontrak)).findings
    return [one.text.id for one in found if one.code == "text.older_than_term"]


def test_a_term_of_a_later_year_is_warned_of() -> None:
    (words,) = told("2027-01-01", "2027-12-31")
    assert "pks_2024" in words
    assert "2027" in words
    # what nobody compared has no day and makes the rules no older; `law stale` lists it
    days = [one.terakhir_diperiksa for one in load_parameters()]
    assert None in days
    oldest = min(day for day in days if day is not None)
    assert format_day(oldest, "id") in words


def test_a_term_of_the_same_year_is_not() -> None:
    assert told("2024-12-31", "2024-12-31") == []
    assert [
        one for one in check(CheckRequest(source=sample())).findings if "text." in one.code
    ] == []


def test_stale_says_the_same() -> None:
    stale = law_stale(LawStaleRequest(as_of=date(2027, 1, 1)))
    assert [one.version for one in stale.texts] == ["pks_2024", "pks_penunjang_2024"]
    newest = newest_text("klinik_pratama", date(2027, 1, 1))
    assert newest in stale.texts
    assert law_stale(LawStaleRequest(as_of=date(2024, 6, 1))).texts == ()
    assert all(one.year == 2024 for one in newest_texts())
