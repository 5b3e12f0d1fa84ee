"""Rows of a loop are read as one row, and filled in as many as there are."""

from __future__ import annotations

from pks_kit.naskah.folded_rows import fold_rows
from pks_kit.naskah.source_text import Printed, SourceText, ValueStore


def mark(number: int) -> str:
    return f"\ue000{number}\ue001"


def source(lines: list[tuple[int, str]], values: list[Printed]) -> SourceText:
    return SourceText(
        file="contoh.md",
        text="\n".join(line for _, line in lines),
        lines=tuple(number for number, _ in lines),
        values=ValueStore(entries=values),
    )


def rows_of(first: int, count: int, line: int = 4) -> list[tuple[int, str]]:
    return [
        (line, f"| {mark(first + at * 2)} | {mark(first + at * 2 + 1)} |") for at in range(count)
    ]


HEAD = [(1, mark(0)), (2, "| Nama | Nomor |"), (3, "|---|---|")]


def test_any_number_of_rows_is_one_text() -> None:
    texts = set()
    for count in (1, 2, 5):
        values: list[Printed] = [str(at) for at in range(2 + count * 2)]
        after = [(5, ""), (6, f"Jumlah {mark(1 + count * 2)}.")]
        folded = fold_rows(source([*HEAD, *rows_of(1, count), *after], values))
        texts.add((folded.source.text, folded.source.lines))
        assert folded.source.values.entries[-1] == values[-1]
        further = folded.rows.get(1, ())
        assert [(one.number(1), one.number(2)) for one in further] == [
            (str(1 + at * 2), str(2 + at * 2)) for at in range(1, count)
        ]
    assert len(texts) == 1


def test_rows_stay_apart_where_their_shape_is_another() -> None:
    empty: list[Printed] = ["judul", "a", "1", "b", "", "c", "3", "d", "4"]
    folded = fold_rows(source([*HEAD, *rows_of(1, 4)], empty))
    assert folded.source.text.count("\n") == 5  # one is folded into its neighbour
    assert [one.values for one in folded.rows[5]] == [["d", "4"]]
    assert 1 not in folded.rows
    assert 3 not in folded.rows


def test_rows_of_two_lines_of_the_template_stay_apart() -> None:
    text = source([*HEAD, *rows_of(1, 1, line=4), *rows_of(3, 1, line=5)], list("abcde"))
    assert fold_rows(text).source is text


def test_a_value_that_was_printed_before_folds_nothing() -> None:
    twice = [(1, f"{mark(0)} {mark(2)}"), *HEAD[1:], *rows_of(1, 2)]
    text = source(twice, list("abcde"))
    assert fold_rows(text).source is text


def test_rows_without_values_are_nobodys() -> None:
    text = source([*HEAD, *rows_of(1, 2)], ["judul", "", "", "", ""])
    assert fold_rows(text).source is text


def test_a_row_whose_value_decides_the_tree_stays() -> None:
    rows = [(4, f"| {mark(at * 2)} | [](#lembar-{mark(at * 2 + 1)}) |") for at in range(3)]
    text = source([(2, "| Nama | Lembar |"), (3, "|---|---|"), *rows], list("a1b2c3"))
    assert fold_rows(text).source is text
    named = [(4, f"| {mark(at)} {{: #baris-{mark(at + 3)} }} |") for at in range(3)]
    assert fold_rows(source(named, list("abc123"))).rows == {}
