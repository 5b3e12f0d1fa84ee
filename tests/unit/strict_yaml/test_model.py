"""A model from YAML: every refusal with path and line, a misspelt key before all others."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import BaseModel, ConfigDict

from pks_kit.strict_yaml.model import load_model
from pks_kit.strict_yaml.nodes import YamlError


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    nama: str
    jumlah: int = 0


class Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mulai: date | None = None
    baris: tuple[Row, ...] = ()


def problems(text: str) -> list[tuple[str, str, int]]:
    with pytest.raises(YamlError) as caught:
        load_model(Sheet, text)
    return [
        (one.code, ".".join(str(part) for part in one.path), one.line)
        for one in caught.value.problems
    ]


def test_a_model() -> None:
    text = "mulai: 2024-01-01\nbaris:\n  - {nama: satu}\n  - nama: dua\n    jumlah: 2\n"
    assert load_model(Sheet, text) == Sheet(
        mulai=date(2024, 1, 1), baris=(Row(nama="satu"), Row(nama="dua", jumlah=2))
    )
    assert load_model(Sheet, "# kosong\n") == Sheet()


def test_all_refusals_with_their_lines_and_the_misspelling_first() -> None:
    text = "mulai: kemarin\nbaris:\n  - nama: satu\n    jumlah: banyak\n  - nma: dua\n"
    assert problems(text) == [
        ("input.model_refused", "baris.1.nma", 5),
        ("input.model_refused", "mulai", 1),
        ("input.model_refused", "baris.0.jumlah", 4),
        ("input.model_refused", "baris.1.nama", 5),
    ]


def test_a_day_that_does_not_exist_is_refused_where_it_stands() -> None:
    assert problems("baris: []\nmulai: 2024-13-45\n") == [("input.model_refused", "mulai", 2)]


def test_the_top_must_be_what_the_model_is() -> None:
    assert problems("\n- a") == [("input.model_refused", "", 2)]


def test_what_the_reader_refuses() -> None:
    assert problems("baris: []\nbaris: []") == [("input.duplicate_key", "baris", 2)]
    assert problems("baris:\n  - nama: yes") == [("input.ambiguous_scalar", "baris.0.nama", 2)]


def test_no_value_of_the_file_stands_in_the_reason() -> None:
    with pytest.raises(YamlError) as caught:
        load_model(Sheet, "baris:\n  - nama: [rahasia]\n")
    assert "rahasia" not in str(caught.value.first.params)
