from __future__ import annotations

from itertools import pairwise

import pytest

from pks_kit.render.pdf.flow.breaks import break_places


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Jalan Mega", ["Jalan ", "Mega"]),
        (" Mega", [" ", "Mega"]),
        ("2026/2027", ["2026/2027"]),
        ("019/KP-SR/XII/2026", ["019/", "KP-", "SR/", "XII/", "2026"]),
        ("Rp12.500,00 (dua)", ["Rp12.500,00 ", "(dua)"]),
        ("a\u00a0b c", ["a\u00a0b ", "c"]),
        ("( a )", ["( a )"]),
        ("« a", ["« ", "a"]),
        ("08.00—14.00", ["08.00", "—", "14.00"]),
    ],
)
def test_lines_end_where_pango_ends_them(text: str, lines: list[str]) -> None:
    ends = [0, *break_places(text), len(text)]
    assert [text[one:other] for one, other in pairwise(ends)] == lines
