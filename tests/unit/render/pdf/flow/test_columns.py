from __future__ import annotations

import pytest

from pks_kit.render.pdf.flow.columns import edges_of, plain_look, table_width


def look(*widths: str) -> str:
    columns = "".join(f'<col style="width: {one}">' if one else "<col>" for one in widths)
    return f'section>table class="tabel"<colgroup>{columns}</colgroup>>0tbody>tr|10'


def test_shares_are_no_part_of_the_look() -> None:
    assert plain_look(look("30.00%", "70.00%")) == plain_look(look("45.50%", "54.50%"))
    assert plain_look(look("30.00%", "70.00%")) != plain_look(look("30.00%", "40.00%", "30.00%"))
    assert plain_look("section>p") == "section>p"


@pytest.mark.parametrize(
    ("widths", "edges"),
    [
        (("25.00%", "75.00%"), (10.0, 35.0, 110.0)),
        (("30.00%", "60.00%"), (10.0, 45.0, 110.0)),
        (("50.00%", "70.00%"), (10.0, 60.0, 130.0)),
        (("25.00%", "25.40mm", ""), (10.0, 35.0, 131.0, 131.0)),
        (("20.00%", "2.54mm", ""), (10.0, 30.0, 39.6, 110.0)),
    ],
)
def test_edges(widths: tuple[str, ...], edges: tuple[float, ...]) -> None:
    """What is left over is shared alike; what is too much makes the table wider."""
    assert edges_of(look(*widths), 10.0, 100.0) == pytest.approx(edges)


def test_room_behind_the_edges() -> None:
    for widths in (("25.00%", "75.00%"), ("50.00%", "70.00%"), ("20.00%", "2.54mm", "")):
        edges = edges_of(look(*widths), 10.0, 100.0)
        assert table_width(look(*widths), edges) == pytest.approx(100.0)
