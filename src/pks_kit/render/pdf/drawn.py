"""Pages with their furniture, drawn once: the receipt reads them, and the writer writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pks_kit.errors import RenderError
from pks_kit.render.fonts import Face
from pks_kit.render.page_geometry import sheet_of
from pks_kit.render.pdf.font_merge import FaceCollection
from pks_kit.render.pdf.furniture import Furniture, PageFurniture, Running
from pks_kit.render.pdf.laid import LaidPage
from pks_kit.render.pdf.page_design import design_of
from pks_kit.render.pdf.request import PdfLayout, PdfRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """A laid-out page and what is laid over it."""

    laid: LaidPage
    furniture: PageFurniture


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPages:
    """All pages of a file.

    Attributes:
        pages: The pages in order.
        faces: The glyphs of all of them.
        told: What was read of pages, by their number, for whoever asks again (``laid_facts``).
    """

    pages: tuple[DrawnPage, ...]
    faces: FaceCollection
    told: dict[int, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def told_by_marks(self) -> bool:
        """Return whether all words of all pages are known without reading the file."""
        return all(one.laid.words is not None for one in self.pages)


def draw_pages(layout: PdfLayout, request: PdfRequest) -> DrawnPages:
    """Draw the furniture of every page and collect the glyphs of all.

    Raises:
        RenderError: A PKS number too long for the header, a note too long for the footer, a
            character without a glyph, a page that is not A4.
    """
    running = Running(
        nomor_kesatu=layout.nomor_kesatu,
        nomor_kedua=layout.nomor_kedua,
        certificate_note=request.certificate_note,
        edition=request.edition,
        initials=layout.initials,
    )
    furniture = Furniture(running, design_of(layout.layout))
    faces = FaceCollection()
    used: dict[Face, set[str]] = {}
    pages: list[DrawnPage] = []
    for part in layout.parts:
        faces.add_glyphs(part.glyphs)
        for laid in part.sheets:
            number = len(pages) + 1
            sheet = sheet_of(*laid.size)
            if sheet is None:
                raise RenderError("render.pdf.not_a4", page=number)
            drawn = furniture.of_page(
                sheet,
                page=number,
                pages=layout.pages,
                page_code=request.page_code(number, layout.pages),
            )
            for lines in drawn.lines:
                for line in lines:
                    used.setdefault(line.face, set()).update(line.text)
            pages.append(DrawnPage(laid=laid, furniture=drawn))
    faces.add_drawn(used)
    return DrawnPages(pages=tuple(pages), faces=faces)
