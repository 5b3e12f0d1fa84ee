"""The two sheets of paper: where content may stand and where the furniture stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MM = 72 / 25.4
"""Points per millimetre."""

POINTS = 0.75
"""Points per CSS pixel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageGeometry:
    """An A4 sheet with its margins; all lengths in millimetres."""

    orientasi: Literal["tegak", "mendatar"]
    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float

    @property
    def content_width(self) -> float:
        """Return the width between the side margins in millimetres."""
        return self.width - self.left - self.right

    @property
    def size_pt(self) -> tuple[float, float]:
        """Return width and height in points."""
        return self.width * MM, self.height * MM


TEGAK = PageGeometry(orientasi="tegak", width=210, height=297, top=21, right=20, bottom=25, left=25)
MENDATAR = PageGeometry(
    orientasi="mendatar", width=297, height=210, top=21, right=20, bottom=25, left=20
)


def sheet_of(width_pt: float, height_pt: float) -> PageGeometry | None:
    """Return the sheet with these measures (within half a point), or None."""
    for sheet in (TEGAK, MENDATAR):
        width, height = sheet.size_pt
        if abs(width - width_pt) <= 0.5 and abs(height - height_pt) <= 0.5:
            return sheet
    return None


def sheet_css() -> str:
    """Return the ``@page`` rules of both sheets."""

    def rule(name: str, sheet: PageGeometry) -> str:
        margins = f"{sheet.top}mm {sheet.right}mm {sheet.bottom}mm {sheet.left}mm"
        return f"@page {name} {{ size: {sheet.width}mm {sheet.height}mm; margin: {margins}; }}\n"

    return rule("", TEGAK) + rule("mendatar", MENDATAR)
