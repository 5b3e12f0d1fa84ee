"""Words, days, numbers; a NIK is covered; what hides in a name is shown."""

from __future__ import annotations

from datetime import UTC, datetime

from pks_kit.web.pages.rendering import Words, covered, moment_text, size_text


def test_days_and_numbers_in_both_languages() -> None:
    assert Words("id").day("2027-12-31") == "31 Desember 2027"
    assert Words("en").day("2027-12-31") == "31 December 2027"
    assert Words("id").day(datetime(2027, 12, 31, 20, tzinfo=UTC)) == "1 Januari 2028"
    assert Words("id").day(None) == ""
    assert (Words("id").number(26000), Words("en").number(26000)) == ("26.000", "26,000")
    assert moment_text("2027-01-01T00:00:00+00:00") == "01-01-2027 07.00.00 WIB"


def test_a_nik_is_covered_and_longer_numbers_are_not_cut() -> None:
    assert covered("NIK 9901015203880171.") == "NIK 9901••••••••0171."
    assert covered("990101520388017155") == "990101520388017155"
    assert covered("a\u202eb") == "a‹U+202E›b"


def test_sizes() -> None:
    assert [size_text(one) for one in (0, 999, 1024, 52_428_800)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "50 MB",
    ]
