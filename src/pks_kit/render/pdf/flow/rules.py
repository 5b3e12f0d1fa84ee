"""The rules of a table, drawn for those of its rows that stand on one page.

Borders of neighbouring cells collapse into one rule, and where four meet each is drawn half as far
as the widest of the others is wide. Which rows are neighbours is known only when the pages are cut,
so this is computed per page, as WeasyPrint does it (``draw_collapsed_borders``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pks_kit.render.pdf.flow.items import RowRules, Rule
from pks_kit.render.pdf.flow.marks import Line


def table_rules(rows: Sequence[tuple[RowRules, float, float]]) -> Iterator[Line]:
    """Yield the rules of a piece of a table.

    Args:
        rows: Rules, upper end and lower end of each row on the page, from above; a repeated head
            is the first.
    """
    edges = rows[0][0].edges
    columns = len(edges) - 1
    # Between a head and whatever follows it, and between two rows, the rule is that of the upper.
    across = [rows[0][0].above, *(rules.below for rules, _, _ in rows)]
    down = [rules.beside for rules, _, _ in rows]
    ends = [rows[0][1], *(bottom for _, _, bottom in rows)]

    def half_across(row: int, edge: int) -> float:
        """Half the widest of the rules that end at an edge from left and right."""
        near = [across[row][at].width for at in (edge - 1, edge) if 0 <= at < columns]
        return max(near, default=0.0) / 2

    def half_down(row: int, edge: int) -> float:
        """Half the widest of the rules that end at a row from above and below."""
        near = [down[at][edge].width for at in (row - 1, row) if 0 <= at < len(down)]
        return max(near, default=0.0) / 2

    def line(rule: Rule, x: float, y: float, to_x: float, to_y: float) -> Iterator[Line]:
        if rule.width:
            yield Line(x, y, to_x, to_y, rule.width, rule.colour)

    for row in range(len(down)):
        for edge in range(columns + 1):
            upper = ends[row] - half_across(row, edge)
            lower = ends[row + 1] + half_across(row + 1, edge)
            yield from line(down[row][edge], edges[edge], upper, edges[edge], lower)
    for row in range(len(across)):
        for column in range(columns):
            left = edges[column] - half_down(row, column)
            right = edges[column + 1] + half_down(row, column + 1)
            yield from line(across[row][column], left, ends[row], right, ends[row])
