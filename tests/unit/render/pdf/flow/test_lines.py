from __future__ import annotations

from collections.abc import Sequence

import pytest

from pks_kit.render.pdf.flow.inline import Piece, SetPiece, SetText, Span, Text, Type, Unset
from pks_kit.render.pdf.flow.justified import glyphs_of, halves, justify
from pks_kit.render.pdf.flow.lines import Edges, cut_lines

PLAIN = Type(
    face="SourceSansPro-Regular",
    units=10 * 1024,
    features="liga 0,clig 0,calt 0",
    colour=(0.0, 0.0, 0.0),
    above=9.0,
    below=3.0,
    box_above=9.0,
    box_below=3.0,
)


def text(words: str) -> Text:
    return Text(words, PLAIN)


def bold(words: str) -> Span:
    return Span(PLAIN, 0.0, (text(words),))


def words_of(pieces: Sequence[SetPiece]) -> str:
    return "".join(
        one.words if isinstance(one, SetText) else f"[{words_of(one.inside)}]" for one in pieces
    )


def cut(pieces: Sequence[Piece], width: float, edges: Edges | None = None) -> list[str]:
    lines = cut_lines(tuple(pieces), 0.0, width, 0.0, edges or Edges())
    return [words_of(line.pieces) for line in lines]


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        ([text("satu dua tiga")], ["satu dua", "tiga"]),
        ([text("satu"), bold(" dua tiga")], ["satu[ dua]", "[tiga]"]),
        ([text("satu dua"), bold(", tiga")], ["satu dua[,]", "[tiga]"]),
        ([text("satu dua"), bold("tiga empat")], ["satu", "dua[tiga]", "[empat]"]),
        ([text("satu dua"), bold(" ti"), text("ga")], ["satu dua[]", "[ti]ga"]),
        ([text("satu"), Span(PLAIN, 0.0, (text("\n"),)), text("dua")], ["satu[]", "dua"]),
        ([text("satudua-tigaempat")], ["satudua-", "tigaempat"]),
        ([text("satuduatigaempat lima")], ["satuduatiga", "empat lima"]),
    ],
)
def test_lines(pieces: list[Piece], lines: list[str]) -> None:
    assert cut(pieces, 50.0) == lines


def test_a_line_near_the_edge_is_left_alone_until_it_was_seen() -> None:
    pieces = [text("satu dua tiga")]
    edge = text("satu dua").shaped.width(0, len("satu dua")) + 0.01
    with pytest.raises(Unset, match="edge"):
        cut(pieces, edge)
    tried = Edges(trying=True)
    assert cut(pieces, edge, tried) == ["satu dua", "tiga"]
    assert cut(pieces, edge, Edges(seen=tried.taken)) == ["satu dua", "tiga"]
    with pytest.raises(Unset, match="edge"):
        cut(pieces, edge - 0.02, Edges(seen=tried.taken))


@pytest.mark.parametrize("beyond", [0.01, -0.01])
def test_a_line_near_the_edge_is_set_where_the_engine_says_the_same(beyond: float) -> None:
    pieces = [text("satu dua tiga")]
    edge = text("satu dua").shaped.width(0, len("satu dua")) + beyond
    fits = "satu dua" if beyond > 0 else "satu"
    asked: list[tuple[str, float]] = []

    def says(letters: int) -> Edges:
        def ask(words: str, kind: Type, room: float) -> int:
            assert kind is PLAIN
            asked.append((words, room))
            return letters

        return Edges(ask=ask)

    rest = "tiga" if beyond > 0 else "dua tiga"
    assert cut(pieces, edge, says(len(fits))) == [fits, rest]
    assert asked == [("satu dua tiga", edge)]
    with pytest.raises(Unset, match="edge"):
        cut(pieces, edge, says(len("satu") if beyond > 0 else len("satu dua")))
    with pytest.raises(Unset, match="edge"):
        cut(pieces, edge, Edges())


def test_the_engine_is_not_asked_where_its_line_tells_nothing() -> None:
    width = text("satu").shaped.width(0, len("satu"))
    with pytest.raises(Unset, match="edge"):
        cut([text("satu")], width + 0.01, Edges(ask=lambda *_: 4))


def test_a_line_that_is_full_before_words_that_begin_with_a_space_is_left_alone() -> None:
    """No letter stands before the room ends, so there is nothing to ask the engine about."""
    with pytest.raises(Unset, match="edge"):
        Edges(ask=lambda *_: 4).decide(text(" dua"), "", 0.0, 0.03, " dua")
    first = text("satu")
    full = first.shaped.width(0, len("satu")) + 0.03
    tried = Edges(trying=True)
    assert cut([first, text(" dua")], full, tried) == ["satu", "dua"]
    whole = {one for one in tried.taken if one[0]}
    with pytest.raises(Unset, match="edge"):
        cut([first, text(" dua")], full, Edges(ask=lambda *_: 4, seen=whole))


@pytest.mark.parametrize("words", ["日本", "a\u0301", "a·b", "\u00ad"])
def test_letters_that_are_not_known(words: str) -> None:
    with pytest.raises(Unset):
        cut([text(words)], 50.0)


def test_room_goes_to_both_sides_of_a_space() -> None:
    (line, _) = cut_lines((text("satu dua tiga"),), 0.0, 50.0, 0.0, Edges())
    (only,) = line.pieces
    assert isinstance(only, SetText)
    plain = glyphs_of(only)
    justify(line, 10.0)
    assert (only.width, only.spacing) == (line.width + 10.0, 10.0)
    before, behind = halves(10 * 1024)
    assert (before, behind) == (5 * 1024, 5 * 1024)
    assert f">-{before / 10}<" in glyphs_of(only)
    assert glyphs_of(only) != plain
