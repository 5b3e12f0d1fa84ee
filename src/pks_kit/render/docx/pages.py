"""The two sheets of the Word file: sizes, margins, and which footer belongs to which."""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.render.page_geometry import MENDATAR, TEGAK, PageGeometry

_TWIPS_PER_MM = 1440 / 25.4
_HEADER, _FOOTER = 7.5, 7.0
_HEADER_ROOM, _FOOTER_ROOM = 2.0, 0.0
"""Millimetres that Word's header and footer need beyond the margins of the PDF."""

HEADER_ID = "rId4"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPage:
    """A sheet in Word's terms.

    Attributes:
        sheet: The sheet of the PDF that it follows.
        footer_id: Relationship id of its footer.
        footer_file: Name of the footer's part.
    """

    sheet: PageGeometry
    footer_id: str
    footer_file: str

    @property
    def width(self) -> int:
        """Return the width between the margins in twips."""
        return twips(self.sheet.width) - twips(self.sheet.left) - twips(self.sheet.right)

    def section(self) -> str:
        """Return ``w:sectPr`` of a section of such pages."""
        sheet = self.sheet
        landscape = ' w:orient="landscape"' if sheet.orientasi == "mendatar" else ""
        return (
            f'<w:sectPr><w:headerReference w:type="default" r:id="{HEADER_ID}"/>'
            f'<w:footerReference w:type="default" r:id="{self.footer_id}"/>'
            '<w:type w:val="nextPage"/>'
            f'<w:pgSz w:w="{twips(sheet.width)}" w:h="{twips(sheet.height)}"{landscape}/>'
            f'<w:pgMar w:top="{twips(sheet.top + _HEADER_ROOM)}" w:right="{twips(sheet.right)}" '
            f'w:bottom="{twips(sheet.bottom + _FOOTER_ROOM)}" w:left="{twips(sheet.left)}" '
            f'w:header="{twips(_HEADER)}" w:footer="{twips(_FOOTER)}" w:gutter="0"/></w:sectPr>'
        )


def twips(millimetres: float) -> int:
    """Return millimetres in twentieths of a point."""
    return round(millimetres * _TWIPS_PER_MM)


PAGES = {
    "tegak": WordPage(sheet=TEGAK, footer_id="rId5", footer_file="footer1.xml"),
    "mendatar": WordPage(sheet=MENDATAR, footer_id="rId6", footer_file="footer2.xml"),
}
"""Pages by orientation of a bagian."""
