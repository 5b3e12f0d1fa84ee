"""Marks are written in one order, whoever brings them in whichever."""

from __future__ import annotations

import pytest

from pks_kit.render.pdf.flow.marks import (
    Area,
    Frame,
    Line,
    Words,
    draw_marks,
    used_glyphs,
    write_marks,
)
from pks_kit.render.pdf.flow.recorder import plain_glyphs

BLACK, GREY = (0.0, 0.0, 0.0), (0.5, 0.5, 0.5)
WORDS = Words(10.0, 20.0, "Satu", "9", BLACK, "<0001>-3<00020003>")
MARKS = (
    WORDS,
    Line(0.0, 5.0, 9.0, 5.0, 1.5, BLACK),
    Line(0.0, 4.0, 9.0, 4.0, 0.5, GREY),
    Area(1.0, 2.0, 3.0, 4.0, GREY),
    Frame((2.0, 2.0, 4.0, 4.0), (1.0, 1.0, 6.0, 6.0), BLACK),
)


def test_a_page_is_written_from_areas_to_words() -> None:
    assert write_marks(MARKS, 100.0).decode().splitlines() == [
        "1 0 0 -1 0 75 cm",
        "0.75 0 0 0.75 0 0 cm",
        "0.5 g",
        "1 2 3 4 re f",
        "0.5 G",
        "0.5 w",
        "0 4 m 9 4 l S",
        "0 G",
        "1.5 w",
        "0 5 m 9 5 l S",
        "0 g",
        "2 2 4 4 re 1 1 6 6 re f*",
        "BT",
        "/Satu 9 Tf",
        "1 0 0 -1 10 20 Tm [<0001>-3<00020003>] TJ",
        "ET",
    ]


def test_the_order_in_which_rules_come_does_not_matter() -> None:
    assert write_marks(MARKS[::-1], 100.0) == write_marks(MARKS, 100.0)


@pytest.mark.parametrize("wrong", [1e-11, -1e-11])
def test_sums_in_another_order_give_the_same_bytes(wrong: float) -> None:
    # it lies between two millionths
    exact = WORDS.moved(0.0000005)
    assert write_marks([exact.moved(wrong)], 100.0) == write_marks([exact], 100.0)


def test_glyphs_and_lowest_end() -> None:
    assert used_glyphs(MARKS) == {"Satu": {1, 2, 3}}
    assert draw_marks([(one, 0.0) for one in MARKS], 100.0).lowest == 20.0 + 0.4 * 9
    assert draw_marks((), 100.0).lowest == 0.0


def test_marks_are_written_where_they_were_moved_to() -> None:
    moved = draw_marks([(one, 7.25) for one in MARKS], 100.0)
    assert moved.content == write_marks([one.moved(7.25) for one in MARKS], 100.0)
    assert moved.lowest == 27.25 + 0.4 * 9
    assert moved.words == ((WORDS, 7.25),)


@pytest.mark.parametrize(
    ("pieces", "plain"),
    [
        ("<000d>0<001c>0<0028>15<002b>", "<000d001c0028>15<002b>"),
        ("<0029>0<>-69.82670475353402<0001>-66<0024>", "<0029>-69.82670475353402<0001>-66<0024>"),
        ("<0001>-0<0002>", "<00010002>"),
        ("<0001>10<0002>", "<0001>10<0002>"),
    ],
)
def test_what_says_nothing_is_left_out(pieces: str, plain: str) -> None:
    assert plain_glyphs(pieces) == plain
