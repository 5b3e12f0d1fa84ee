"""The same facility or number twice, in every writing that people use."""

from __future__ import annotations

from datetime import date

import pytest

from pks_kit.messages import Message
from pks_kit.rules.checks.duplicates import Identity, check_duplicates, normal

YEAR = (date(2027, 1, 1), date(2027, 12, 31))
NEXT = (date(2028, 1, 1), date(2028, 12, 31))


def one(
    cell: str,
    kode: str = "",
    kesatu: str = "",
    kedua: str = "",
    masa: tuple[date, date] | None = YEAR,
) -> Identity:
    def where(path: str) -> Message:
        return Message(f"Kontrak!{cell}:{path}", f"Kontrak!{cell}:{path}")

    return Identity(
        kode=kode, nomor_kesatu=kesatu, nomor_kedua=kedua, masa=masa, nama=f"K {cell}", where=where
    )


def codes(*together: Identity) -> list[list[str]]:
    return [[finding.code for finding in found] for found in check_duplicates(together)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("417/KTR/XIV-07/1223", "417/KTR/XIV-07/1223"),
        ("417/KTR/XIV-07/1223", " 417 / KTR / XIV-07 / 1223"),
        ("417/KTR/XIV-07/1223", "417/ktr/xiv-07/1223"),
        ("017/KTR/XIV-07/0124", "17/KTR/XIV-07/0124"),
        ("017/KTR/XIV-07/0124", "17/KTR/XIV-7/124"),
        ("417/KTR/XIV-07/1223", "４１７/KTR/XIV-07/1223"),
        ("417/KTR/XIV-07/1223", "417/KTR/\u00a0XIV-07/\u200b1223"),
    ],
)
def test_the_same_number_in_other_writing(first: str, second: str) -> None:
    expected = ["duplicate.number_kesatu"]
    assert codes(one("A3", kesatu=first), one("A4", kesatu=second)) == [expected, expected]


@pytest.mark.parametrize(
    ("first", "second"), [("417/KTR", "418/KTR"), ("10/KTR", "100/KTR"), ("7/K", "70/K")]
)
def test_other_numbers(first: str, second: str) -> None:
    assert codes(one("A3", kesatu=first), one("A4", kesatu=second)) == [[], []]
    assert normal(first) != normal(second)


def test_each_names_itself_and_the_others() -> None:
    found = check_duplicates([one(f"A{row}", "9917U029") for row in (3, 4, 5)])
    texts = [finding.text.id for findings in found for finding in findings]
    assert len(texts) == 3
    assert all(f"Kontrak!A{row}:faskes.kode" in text for row in (3, 4, 5) for text in texts)
    assert "K A4" in texts[0]
    assert "K A3" not in texts[0]


def test_many_are_counted() -> None:
    found = check_duplicates([one(f"A{row}", "9917U029") for row in range(3, 13)])
    assert "+4" in found[0][0].text.id


def test_a_facility_may_follow_itself() -> None:
    assert codes(one("A3", "9917U029"), one("A4", "9917U029", masa=NEXT)) == [[], []]
    touching = (YEAR[1], NEXT[1])
    code = ["duplicate.facility_code"]
    assert codes(one("A3", "9917U029"), one("A4", "9917U029", masa=touching)) == [code, code]
    assert codes(one("A3", "9917U029"), one("A4", "9917u029", masa=None)) == [code, code]


def test_the_number_of_the_facility_is_its_own_affair() -> None:
    """Two facilities may count alike; one facility may not use a number twice."""
    assert codes(one("A3", "99170101", kedua="1"), one("A4", "99170102", kedua="1")) == [[], []]
    again = ["duplicate.number_kedua"]
    first, second = one("A3", "99170101", kedua="1"), one("A4", "99170101", kedua="01", masa=NEXT)
    assert codes(first, second) == [again, again]


def test_what_is_not_known_is_not_the_same() -> None:
    assert codes(one("A3"), one("A4")) == [[], []]
