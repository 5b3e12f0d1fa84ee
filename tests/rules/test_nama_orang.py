"""Which names mean the same person, case by case: ``nama_orang.yml`` is the table."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from pks_kit.domain.nama_orang import Reason, compare_names, same_person, surely_different
from pks_kit.messages import known_codes

TABLE = yaml.safe_load(Path(__file__).with_name("nama_orang.yml").read_text(encoding="utf-8"))
OUTCOMES = {"sama": "same", "ragu": "unsure", "lain": "different"}
REASONS = {
    "cocok": "equal",
    "urutan": "order",
    "singkatan": "initials",
    "nama_lebih": "further",
    "ejaan": "spelling",
    "gelar": "titles",
    "beberapa": "several",
    "tersembunyi": "hidden",
    "tanpa_nama": "unnamed",
    "badan": "organisation",
    "lain": "other",
}


def _cases() -> list[Any]:
    return [
        pytest.param(*row, id=f"{group}: {row[0]} / {row[1]}")
        for group, rows in TABLE.items()
        for row in rows
    ]


@pytest.mark.parametrize(("printed", "certified", "answer", "reason"), _cases())
def test_the_table(printed: str, certified: str, answer: str, reason: str) -> None:
    for one, other in ((printed, certified), (certified, printed)):
        found = compare_names(one, other)
        assert (found.outcome, found.reason) == (OUTCOMES[answer], REASONS[reason])
        assert same_person(one, other) is (answer == "sama")


def test_the_table_has_every_reason_and_every_unsure_one_has_words() -> None:
    used = {REASONS[row[3]] for rows in TABLE.values() for row in rows}
    assert used == set(get_args(Reason))
    unsure = {REASONS[row[3]] for rows in TABLE.values() for row in rows if row[2] == "ragu"}
    assert {f"person.why.{reason}" for reason in unsure} <= set(known_codes())


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("Agus Contoh", "Rini Widuri", True),
        ("Agus Contoh", "AGUS  CONTOH, S.E.", False),
        ("Agus Contoh", "Ａｇｕｓ Contoh", False),  # letters of another width
        ("Agus Contoh", "Agus\u200b Contoh", False),
        ("Agus Contoh", "Contoh Agus", False),
        ("-", "-", False),  # no name names nobody, so nobody else either
        ("-", "Agus Contoh", False),
    ],
)
def test_two_persons_are_two_only_when_it_is_sure(one: str, other: str, different: bool) -> None:
    assert surely_different(one, other) is different
    assert surely_different(other, one) is different
