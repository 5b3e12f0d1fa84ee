"""Charts of reports as numbers of an SVG: where each bar and point lies; ``grafik.html.j2`` draws.

A chart is as wide as a telephone shows without shrinking its letters. It never says more than the
table beneath it, and nothing by colour alone: every part has its number or its mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

WIDE = 360
"""Width of a chart; its unit is a CSS pixel on a telephone."""
_BAR_WIDE = WIDE - 64
_ROW, _BAR = 42, 16
_PLOT_LEFT, _PLOT_HIGH, _PLOT_TOP = 44, 150, 10
_FOOT = 34
_GRID_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a bar.

    Attributes:
        name: What it stands for; also the class that gives its look.
        value: Its number.
        x: Left edge.
        wide: Width.
    """

    name: str
    value: int
    x: float
    wide: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar with its words above it.

    Attributes:
        label: What it counts.
        total: The whole number.
        text: The same as people read it.
        y: Upper edge of the bar.
        parts: Its parts from left to right; those of nothing are left out.
    """

    label: str
    total: int
    text: str
    y: int
    parts: tuple[Part, ...]

    @property
    def end(self) -> float:
        """Return the right edge of the bar."""
        return self.parts[-1].x + self.parts[-1].wide if self.parts else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars one below the other.

    Attributes:
        bars: The bars.
        high: Height of the chart.
    """

    bars: tuple[Bar, ...]
    high: int


def bar_chart(
    rows: Sequence[tuple[str, Mapping[str, int]]], shown: Callable[[int], str] = str
) -> BarChart:
    """Return bars of one or several parts, the longest as wide as the chart.

    Args:
        rows: Label and parts of each bar, parts in their order.
        shown: Writes a number as people read it.
    """
    most = max((sum(parts.values()) for _, parts in rows), default=0) or 1
    bars = []
    for place, (label, counts) in enumerate(rows):
        x, parts = 0.0, []
        for name, value in counts.items():
            wide = value / most * _BAR_WIDE
            if value:
                parts.append(Part(name=name, value=value, x=round(x, 1), wide=round(wide, 1)))
            x += wide
        total = sum(counts.values())
        y = place * _ROW + _ROW - _BAR - 6
        bars.append(Bar(label=label, total=total, text=shown(total), y=y, parts=tuple(parts)))
    return BarChart(bars=tuple(bars), high=len(rows) * _ROW + 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark of an axis.

    Attributes:
        at: Where, from the left or from above.
        text: Its words.
    """

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """A line that only rises.

    Attributes:
        line: Points of the line.
        area: Points of what lies below it.
        across: Marks below.
        up: Marks on the left with lines through the chart.
        left: Left edge of the plot.
        bottom: Lower edge of the plot.
        high: Height of the chart.
    """

    line: str
    area: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    left: int
    bottom: int
    high: int


def line_chart(points: Sequence[tuple[str, int]], shown: Callable[[int], str] = str) -> LineChart:
    """Return a line over equal steps of time.

    Args:
        points: Words of the moment and number of each step; at least two.
        shown: Writes a number as people read it.
    """
    bottom = _PLOT_TOP + _PLOT_HIGH
    wide = WIDE - _PLOT_LEFT - 12
    grid = _grid(max(number for _, number in points))
    most = grid[-1]
    placed = [
        (
            round(_PLOT_LEFT + place * wide / (len(points) - 1), 1),
            round(bottom - number / most * _PLOT_HIGH, 1),
        )
        for place, (_, number) in enumerate(points)
    ]
    line = " ".join(f"{x},{y}" for x, y in placed)
    return LineChart(
        line=line,
        area=f"{placed[0][0]},{bottom} {line} {placed[-1][0]},{bottom}",
        across=tuple(Tick(at=placed[one][0], text=points[one][0]) for one in (0, len(points) - 1)),
        up=tuple(
            Tick(at=round(bottom - number / most * _PLOT_HIGH, 1), text=shown(number))
            for number in grid
        ),
        left=_PLOT_LEFT,
        bottom=bottom,
        high=bottom + _FOOT,
    )


def _grid(most: int) -> list[int]:
    """Return round numbers from 0 to the first that is not below the most."""
    step = 1
    while step * _GRID_LINES < most:
        digit = str(step)[0]
        step = step * 5 // 2 if digit == "2" else step * 2
    return list(range(0, max(most, 1) + step, step))


def time_steps(
    moments: Sequence[float], most: int, lengths: Sequence[int]
) -> tuple[float, list[tuple[float, int]]]:
    """Return how many moments lie before the end of each step of equal length.

    Args:
        moments: Seconds since 1970; at least one.
        most: Most steps.
        lengths: Lengths of a step to choose from, in seconds, rising; the last one is doubled
            until it suffices.

    Returns:
        The length of a step, and end and number of each; the first has none, so that a line begins
        at nothing.
    """
    ordered = sorted(moments)
    span = ordered[-1] - ordered[0]
    length = next((one for one in lengths if span / one < most - 1), lengths[-1])
    while span / length >= most - 1:
        length *= 2
    end = ordered[0] // length * length
    steps = [(end, 0)]
    counted = 0
    while counted < len(ordered):
        end += length
        while counted < len(ordered) and ordered[counted] < end:
            counted += 1
        steps.append((end, counted))
    return float(length), steps
