"""Sections of a lampiran are read once, whatever their marks and however many there are."""

from __future__ import annotations

import pytest

from pks_kit.errors import TemplateError
from pks_kit.naskah import sections_read
from pks_kit.naskah.blocks import read_blocks
from pks_kit.naskah.parsed import ParsedBlock, ParsedHeading, ParsedParagraph, walk_parsed
from pks_kit.naskah.sections_read import OpenValues, read_sections
from pks_kit.naskah.source_text import Printed, SourceText, ValueStore
from pks_kit.naskah.tree import Teks

HEAD = ["Pembuka \ue0000\ue001.", ""]


def section(first: int) -> list[str]:
    mark, name = f"\ue000{first}\ue001", f"\ue000{first + 1}\ue001"
    return [f"## {{: #lembar-{mark} }} Lembar {name}", "", f"Atas nama {name} **dan {name}**.", ""]


def source(rows: list[str], values: list[Printed], lines: list[int]) -> SourceText:
    return SourceText(
        file="lampiran/x/2024.md",
        text="\n".join(rows),
        lines=tuple(lines),
        values=ValueStore(entries=values),
    )


def two_sheets(count: int = 2) -> SourceText:
    rows, lines, values = list(HEAD), [1, 2], ["nol"]
    for number in range(count):
        rows += section(1 + number * 2)
        lines += [3, 4, 5, 6]
        values += [str(number + 1), f"Nama {number + 1}"]
    return source(rows, list(values), lines)


def words(blocks: tuple[ParsedBlock, ...]) -> list[str]:
    return [
        "".join(one.teks for one in node.isi if isinstance(one, Teks))
        for node in walk_parsed(blocks)
        if isinstance(node, ParsedParagraph | ParsedHeading)
    ]


def whole(text: SourceText) -> tuple[tuple[ParsedBlock, ...], set[int]]:
    marks = OpenValues(text.values.entries)
    same = SourceText(file=text.file, text=text.text, lines=text.lines, values=marks)
    return read_blocks(same, headings=True), marks.asked


def test_sections_say_what_the_whole_text_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for count in (1, 3, 2):
        text = two_sheets(count)
        blocks, asked = read_sections(text)
        expected, decides = whole(text)
        assert words(blocks) == words(expected)
        assert asked == decides == set(range(1, 1 + count * 2, 2))
        named = [node.label for node in blocks if isinstance(node, ParsedHeading)]
        assert named == [f"lembar-{number + 1}" for number in range(count)]
        assert [node.line for node in walk_parsed(blocks)] == [
            node.line for node in walk_parsed(expected)
        ]
    # the same sheets again: nothing is read
    monkeypatch.setattr(sections_read, "read_open_blocks", None)
    again, asked = read_sections(two_sheets(3))
    assert words(again) == words(whole(two_sheets(3))[0])
    assert asked == {1, 3, 5}


def test_no_two_places_are_one_object() -> None:
    rows = [*HEAD, *section(1), *section(3)]
    values: list[Printed] = ["nol", "1", "sama", "1", "sama"]
    text = source(rows, values, [1, 2, *[3, 4, 5, 6] * 2])
    for _ in range(2):
        blocks, _ = read_sections(text)
        nodes = list(walk_parsed(blocks))
        assert len(set(map(id, nodes))) == len(nodes)


def test_a_value_that_is_empty_is_another_section() -> None:
    full, empty = two_sheets(1), two_sheets(1)
    empty.values.entries[2] = ""
    assert words(read_sections(full)[0])[-1] == words(whole(full)[0])[-1]
    assert words(read_sections(empty)[0])[-1] == words(whole(empty)[0])[-1]
    assert words(whole(full)[0])[-1] != words(whole(empty)[0])[-1]


def test_only_a_heading_below_an_empty_line_begins_a_section() -> None:
    rows = ["Kalimat", "## {: #judul } Judul", "", "Isi \ue0000\ue001."]
    text = source(rows, ["nilai"], [1, 2, 3, 4])
    assert words(read_sections(text)[0]) == words(whole(text)[0])


def test_a_mistake_names_the_line_of_the_template() -> None:
    rows = [*HEAD, "## {: #a } Judul", "", "* * *"]
    text = source(rows, ["nol"], [1, 2, 7, 8, 9])
    with pytest.raises(TemplateError) as error:
        read_sections(text)
    assert error.value.params["line"] == 9
