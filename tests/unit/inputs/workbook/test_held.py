"""A facility of a large workbook is folded up, and says the same as one that is held whole."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import partial

import pytest
from openpyxl import load_workbook

from pks_kit.errors import Problem
from pks_kit.inputs.workbook import Book, parse_book, reader, write_workbook
from pks_kit.inputs.workbook.held import RECENT, Folded, Recent, Whole
from pks_kit.strict_yaml.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from support.branch import facility


def book_bytes() -> bytes:
    """Return a workbook of six facilities: good, wrong in a cell, wrong outside, and twice."""
    content = write_workbook({f"f{one}": facility(one) for one in range(1, 7)})
    book = load_workbook(io.BytesIO(content))
    tenaga = book["Tenaga"]
    names = {cell.value: cell.column for row in tenaga.iter_rows(max_row=10) for cell in row}
    first = {row[0].value: row[0].row for row in tenaga.iter_rows() if row[0].value}
    tenaga.cell(first["f2"], names["nik"], "bukan nomor")
    tenaga.cell(max(first.values()) + 60, names["kunci_faskes"], "tidak-ada")
    main = book["Kontrak"]
    keys = {row[0].value: row[0].row for row in main.iter_rows() if row[0].value}
    last = max(keys.values()) + 1
    main.cell(last, 1, "f3")
    for column in range(2, main.max_column + 1):
        main.cell(last, column, main.cell(keys["f3"], column).value)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read(content: bytes, monkeypatch: pytest.MonkeyPatch, most: int) -> Book:
    with monkeypatch.context() as patch:
        patch.setattr(reader, "WHOLE", most)
        return parse_book(content, "faskes.xlsx")


def told(problems: Sequence[Problem]) -> list[tuple[object, ...]]:
    return [(one.code, one.path, one.line, one.place, one.text.id) for one in problems]


def paths(node: YamlNode, path: str = "") -> Iterator[str]:
    yield path
    if isinstance(node, YamlMapping):
        for key, value in node.entries.items():
            yield from paths(value, f"{path}.{key}" if path else key)
    elif isinstance(node, YamlSequence):
        for number, value in enumerate(node.items):
            yield from paths(value, f"{path}[{number}]")
    else:
        assert isinstance(node, YamlScalar)


def test_a_folded_facility_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    content = book_bytes()
    whole, folded = read(content, monkeypatch, 100), read(content, monkeypatch, 0)
    assert [isinstance(one.held, Whole) for one in whole.facilities] == [True] * 7
    # which of two rows with one key is meant nobody knows: the later one has no data to fold
    assert [isinstance(one.held, Folded) for one in folded.facilities] == [True] * 6 + [False]
    assert told(whole.problems) == told(folded.problems) != []
    assert told(whole.of_nobody) == told(folded.of_nobody)
    good = 0
    for one, other in zip(whole.facilities, folded.facilities, strict=True):
        assert (one.key, one.name, one.row, one.branch) == (
            other.key, other.name, other.row, other.branch
        )  # fmt: skip
        assert told(one.problems) == told(other.problems)
        assert one.kontrak == other.kontrak
        assert one.unsure == other.unsure
        assert one.held.is_good == other.held.is_good
        assert one.tree == other.tree
        for path in (*paths(one.tree), "tenaga_kesehatan[99].nik", "jadwal.praktik", "tidak.ada"):
            assert one.place_of(path) == other.place_of(path)
        if one.kontrak is not None and other.kontrak is not None:
            assert one.kontrak.model_fields_set == other.kontrak.model_fields_set
            loaded, again = whole.loaded(one), folded.loaded(other)
            assert loaded.loaded == again.loaded
            lines = [loaded.loaded.line_of(path) for path in paths(one.tree)]
            assert lines == [again.loaded.line_of(path) for path in paths(one.tree)]
            assert any(lines)
            good += 1
    assert good == 4  # f2 has a wrong cell, f3 stands there twice


def test_only_the_last_few_are_known_as_text() -> None:
    made: list[int] = []

    def again(number: int) -> Whole:
        made.append(number)
        tree = YamlMapping(entries={}, key_lines={}, line=number)
        return Whole(kontrak=None, unsure=None, tree=tree, places=None)  # type: ignore[arg-type]

    recent = Recent(RECENT)
    rows = {
        number: Folded(again(number), number, partial(again, number), recent)
        for number in range(1, 7)
    }
    made.clear()
    for number in (1, 2, 1, 3, 4, 1, 5, 6, 1, 2):
        assert rows[number].tree.line == number
    assert made == [1, 2, 3, 4, 5, 6, 2]
