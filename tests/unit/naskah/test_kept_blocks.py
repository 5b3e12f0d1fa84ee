"""Blocks that are kept: the same tree, no word of an agreement, and nothing but known classes."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from pks_kit.naskah import kept_blocks
from pks_kit.naskah.kept_blocks import noted_blocks, read_open_blocks, row_name, tell_blocks
from pks_kit.naskah.sections_read import OpenValues, shape_of
from pks_kit.naskah.source_text import SourceText, value_mark

FILE = "lampiran/uji/2024.md"
MARK = value_mark(0)
TEXT = f"## {{: #satu }} Judul\n\n1. Butir {MARK}.\n2. Lain, [](pasal:sanksi).\n\n| A | B |\n|--|--|\n| {MARK} | x |\n"  # noqa: E501
VALUE = "Klinik Rahasia"


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_blocks, "_told", {})


def read(text: str = TEXT, value: str = VALUE) -> tuple[Any, ...]:
    values = OpenValues([value])
    lines = tuple(range(1, text.count("\n") + 2))
    source = SourceText(file=FILE, text=text, lines=lines, values=values)
    return read_open_blocks(source, (shape_of(value),), values.asked, headings=True)


def plain(node: Any) -> Any:
    """Return a tree as plain data: nodes compare by identity."""
    if isinstance(node, tuple):
        return tuple(map(plain, node))
    if is_dataclass(node):
        inner = {one.name: plain(getattr(node, one.name)) for one in fields(node)}
        return type(node).__name__, inner
    return node


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("read although it was told")

    monkeypatch.setattr(kept_blocks, "read_blocks", refused)


def noted_forms() -> dict[str, str]:
    with noted_blocks() as noted:
        read()
    return noted.get(FILE, {})


def test_what_was_told_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = plain(read())
    tell_blocks(json.loads(json.dumps(noted_forms())))
    refuse(monkeypatch)
    assert plain(read()) == expected
    assert plain(read(value="Klinik Lain")) == expected
    assert read()[0] is not read()[0]  # nodes are told apart by identity


def test_no_value_is_kept() -> None:
    told = json.dumps(noted_forms(), ensure_ascii=False)
    assert "Judul" in told
    assert VALUE not in told


def test_what_a_value_decides_is_not_kept() -> None:
    with noted_blocks() as noted:
        read(f"## {{: #bagian-{MARK} }} Judul\n\nIsi.\n", "rahasia")
    assert noted == {}


@pytest.mark.parametrize("other", [{"text": TEXT + "\nLagi.\n"}, {"value": ""}])
def test_another_text_or_shape_is_read(
    other: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_blocks(noted_forms())
    refuse(monkeypatch)
    with pytest.raises(AssertionError):
        read(**other)


@pytest.mark.parametrize(
    "form",
    ["", "{", "7", "[]", '["ParsedNothing", 1]', '["ParsedHeading", 1]', "[0, [[0], 1]]", '"a"'],
)
def test_what_is_no_tree_is_read_anew(form: str) -> None:
    expected = plain(read())
    (name,) = noted_forms()
    tell_blocks({name: form})
    assert plain(read()) == expected


def test_only_known_classes_have_a_form() -> None:
    with pytest.raises(TypeError):
        kept_blocks._form((object(),))


def test_every_file_has_a_row_of_its_own() -> None:
    assert row_name(FILE) != row_name(FILE + "x")
