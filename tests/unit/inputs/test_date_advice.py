"""A date that is not taken is answered with the writing of the same day, or with what is wrong."""

from __future__ import annotations

import pytest

from pks_kit.inputs.date_advice import date_advice


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("18 Desember 2026", "(ISO): 2026-12-18"),
        ("18/12/2026", "(ISO): 2026-12-18"),
        ("18-Des-2026", "(ISO): 2026-12-18"),
        ("2026/12/18", "(ISO): 2026-12-18"),
        ("2026-12-18 00:00:00", "tanpa jam: tulis 2026-12-18"),
        ("05/06/2026", "2026-06-05 atau 2026-05-06"),
        ("31-06-2029", "hari itu tidak ada"),
        ("2027-31-12", "hari itu tidak ada"),
        ("0027-01-01", "hari itu tidak ada"),
        ("12/31/2026", "hari itu tidak ada"),
        ("18-Des-26", "misalnya 2023-12-20"),
        ("seumur hidup", "misalnya 2023-12-20"),
        ("", "misalnya 2023-12-20"),
    ],
)
def test_what_to_write(typed: str, words: str) -> None:
    told = date_advice(typed)
    assert words in told.id
    assert "{" not in told.id + told.en
