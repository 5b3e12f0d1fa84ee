"""Values are found as whole words, the longer before the shorter, whatever stands around them."""

from __future__ import annotations

import random
import re

import pytest

from pks_kit.render.pdf.value_search import Span, Values, apart, words_of, written_spans


def found(text: str, *values: str) -> list[tuple[str, str]]:
    wanted = [(f"v{place}", value) for place, value in enumerate(values)]
    return [(one.path, text[one.start : one.end]) for one in spans(text, wanted)]


def spans(text: str, wanted: list[tuple[str, str]]) -> list[Span]:
    return list(Values(wanted).spans(text, words_of(text)))


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("Klinik Melati di Melati", ("Melati",), [("v0", "Melati")] * 2),
        ("Klinik Melatisari", ("Melati",), []),
        ("Klinik_Melati", ("Melati",), []),
        ("Klinik Melati Sari", ("Melati", "Melati Sari"), [("v1", "Melati Sari")]),
        ("Melati Melati Sari", ("Melati Melati", "Melati Sari"), [("v0", "Melati Melati")]),
        ("nomor (021) 55.", ("(021) 55",), [("v0", "(021) 55")]),
        ("nomor3(021) 55", ("(021) 55",), []),
        ("dua  kata", ("dua \n kata",), []),
        ("dua kata", ("dua \n kata",), [("v0", "dua kata")]),
        ("sama sama", ("sama", "sama"), [("v0", "sama"), ("v0", "sama")]),
        ("kosong", ("", "  "), []),
    ],
)
def test_whole_words(text: str, values: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    assert found(text, *values) == expected


def by_one_pattern(text: str, wanted: list[tuple[str, str]]) -> list[Span]:
    """The plain way: one pattern of all values, the longest first."""
    paths: dict[str, str] = {}
    for path, value in wanted:
        paths.setdefault(value, path)
    ordered = sorted(paths, key=lambda value: (-len(value), value))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)")
    return [Span(one.start(), one.end(), paths[one[0]]) for one in pattern.finditer(text)]


@pytest.mark.parametrize("seed", range(60))
def test_as_one_pattern_of_all_values_finds_them(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    words = ["a", "b", "aa", "(a", "b)", "a-b", "1.000", "1", "é_", "/"]
    text = " ".join(dice.choices(words, k=60))
    values = [" ".join(dice.choices(words, k=dice.randint(1, 3))) for _ in range(8)]
    wanted = [(str(place), value) for place, value in enumerate(values)]
    assert spans(text, wanted) == by_one_pattern(text, wanted)


def test_what_the_text_itself_tells() -> None:
    text = "Rp 1.250.000,50 pada 1 Januari 2026, 97,5 persen atau 3% dan 30 (tiga puluh) hari"
    assert [(one.path, text[one.start : one.end]) for one in written_spans(text)] == [
        ("cetak.rupiah", "Rp 1.250.000,50"),
        ("cetak.tanggal", "1 Januari 2026"),
        ("cetak.persen", "97,5 persen"),
        ("cetak.persen", "3%"),
        ("cetak.jumlah", "30 (tiga puluh)"),
    ]
    assert written_spans("Rupiah, persentase (tidak ada)") == ()


def test_only_the_first_of_those_that_overlap() -> None:
    told = apart([Span(3, 9, "b"), Span(0, 5, "a"), Span(0, 4, "c"), Span(5, 7, "d")])
    assert [one.path for one in told] == ["a", "d"]
