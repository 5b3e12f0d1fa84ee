"""Codes by tables: bit for bit what the encoder gives."""

from __future__ import annotations

import random

import pytest

from pks_kit.domain.identitas import CROCKFORD
from pks_kit.domain.page_code import format_page_code
from pks_kit.render.pdf.qr import qr_matrix, qr_runs
from pks_kit.render.pdf.qr_tables import code_operators, page_code_rows

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def by_the_encoder(text: str) -> tuple[int, ...]:
    return tuple(sum(1 << at for at, dark in enumerate(row) if dark) for row in qr_matrix(text))


def codes(count: int) -> list[str]:
    dice = random.Random(14)  # noqa: S311 - a sample, no secret
    drawn = ["".join(dice.choices(CROCKFORD, k=34)) for _ in range(count)]
    pages = [dice.randint(1, 999) for _ in drawn]
    return [
        format_page_code(one[:26], one[26:], page, 999)
        for one, page in zip(drawn, pages, strict=True)
    ]


@pytest.mark.parametrize("text", codes(40))
def test_page_codes(text: str) -> None:
    assert page_code_rows(text) == by_the_encoder(text)


def test_codes_of_the_first_printed_page() -> None:
    for page in (1, 22, 80):
        text = format_page_code("01HABCDEFGHJKMNPQRSTVWXYZ2", None, page, 80)
        assert page_code_rows(text) == by_the_encoder(text)


@pytest.mark.parametrize("length", [20, 21, 22, 58, 61, 62, 89, 90, 91, 120])
def test_any_length_of_any_letters(length: int) -> None:
    dice = random.Random(length)  # noqa: S311
    text = "".join(dice.choices(LETTERS, k=length))
    assert page_code_rows(text) == by_the_encoder(text)


@pytest.mark.parametrize(
    "text", ["", "a", "kode kecil dan panjang", "7" * 30, f"PKS2:{'1' * 26}:ABCDEFGH:0001:0002:AB"]
)
def test_what_the_encoder_splits_into_modes_is_left_to_it(text: str) -> None:
    assert page_code_rows(text) == by_the_encoder(text)


@pytest.mark.parametrize("text", codes(5))
def test_operators_fill_the_dark_runs_in_their_order(text: str) -> None:
    size, runs = qr_runs(text)
    expected = " ".join(f"{column} {size - row - 1} {length} 1 re" for row, column, length in runs)
    assert code_operators(text) == (size, expected)
