"""The rules of a table, drawn for those of its rows that stand on one page.

Borders of neighbouring cells collapse into one rule, and where four meet each is drawn half as far
as the widest of the others is wide. Which rows are neighbours is known only when the pages are cut,
so this is computed per page, as WeasyPrint does it (``draw_collapsed_borders``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

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
    half_across = [_halves_across(rules) for rules in across]
    # The outermost rows have a neighbour on one side only.
    near = [down[0], *down], [*down, down[-1]]
    half_down = [_halves_down(above, below) for above, below in zip(*near, strict=True)]

    for row, rules in enumerate(down):
        top, bottom = ends[row], ends[row + 1]
        above, below = half_across[row], half_across[row + 1]
        for edge, rule in enumerate(rules):
            if rule.width:
                x = edges[edge]
                yield Line(x, top - above[edge], x, bottom + below[edge], rule.width, rule.colour)
    for row, rules in enumerate(across):
        y, half = ends[row], half_down[row]
        for column in range(columns):
            rule = rules[column]
            if rule.width:
                left, right = edges[column] - half[column], edges[column + 1] + half[column + 1]
                yield Line(left, y, right, y, rule.width, rule.colour)


@lru_cache(maxsize=4096)
def _halves_across(rules: tuple[Rule, ...]) -> tuple[float, ...]:
    """Return, for each edge, half the widest of the rules that end there from left and right."""
    widths = [0.0, *(one.width for one in rules), 0.0]
    return tuple(max(pair) / 2 for pair in pairwise(widths))


@lru_cache(maxsize=4096)
def _halves_down(above: tuple[Rule, ...], below: tuple[Rule, ...]) -> tuple[float, ...]:
    """Return, for each edge, half the widest of the rules that meet there from both rows."""
    return tuple(max(one.width, two.width) / 2 for one, two in zip(above, below, strict=True))
