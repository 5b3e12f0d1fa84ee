"""Columns follow the template's wish, but never break an ordinary word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.naskah.tree import Formulir, IsianBaris, Tabel
from pks_kit.render.columns import form_label_width, table_widths
from support.trees import TANPA_SPASI, cells, words


def test_the_wish_is_kept_when_words_fit() -> None:
    tabel = Tabel(kepala=(), baris=(cells("a", "b", "c"),), lebar=(1, 2, 1))
    assert table_widths(tabel, 160) == pytest.approx((25, 50, 25))


def test_a_narrow_column_grows_for_its_longest_word() -> None:
    tabel = Tabel(kepala=cells("Rp1.000.000,00", "b"), baris=(), lebar=(1, 99))
    first, second = table_widths(tabel, 160)
    assert 12 < first < 25
    assert first + second == pytest.approx(100)


def test_an_endless_string_does_not_take_the_table() -> None:
    tabel = Tabel(kepala=(), baris=(cells(TANPA_SPASI, "kata biasa saja"),))
    assert table_widths(tabel, 160)[0] < 85


@given(
    st.lists(st.text(alphabet="abc ", max_size=300), min_size=1, max_size=12),
    st.floats(min_value=20, max_value=260),
)
def test_widths_always_fill_the_table(texts: list[str], available: float) -> None:
    widths = table_widths(Tabel(kepala=(), baris=(cells(*texts),)), available)
    assert sum(widths) == pytest.approx(100)
    assert min(widths) > 0


def test_form_labels_stay_between_bounds() -> None:
    def form(label: str) -> Formulir:
        return Formulir(baris=(IsianBaris(label=words(label), isi=()),))

    assert form_label_width(form("A"), 165) == 20
    assert form_label_width(form("Nomor " * 40), 165) == 42
    assert 20 < form_label_width(form("Nama Fasilitas Kesehatan Peserta"), 165) < 42
