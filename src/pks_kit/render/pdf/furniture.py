"""Page furniture: header, footer, codes and boxes, laid over the finished pages.

Header with both PKS numbers, footer with ``Halaman x dari y`` and the edition, the page code twice,
marks in the other two corners, two boxes for initials and, where certificates will exist, a note
on them. Everything stands in the margins (``sheet``), where content is never allowed; where
exactly is said by the design of the page (:mod:`pks_kit.render.pdf.page_design`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pks_kit.domain.rect import Rect
from pks_kit.errors import RenderError
from pks_kit.render.fonts import SANS_FACES, character_name, metrics
from pks_kit.render.page_geometry import MM, PageGeometry
from pks_kit.render.pdf.canvas import Canvas, TextLine, text_width
from pks_kit.render.pdf.page_design import (
    FEWEST_MODULES,
    TODAY,
    PageDesign,
    code_rects,
    corner_strokes,
    header_rect,
    initials_rects,
    page_code_rect,
)
from pks_kit.render.pdf.qr import QUIET_ZONE, qr_runs
from pks_kit.render.pdf.qr_tables import code_operators

INITIALS_LABELS = ("Paraf Pihak I", "Paraf Pihak II")

_REGULAR, _BOLD = SANS_FACES[0], SANS_FACES[1]
_FOOTER_SIZE = 8.0
_EDITION_SIZE = 7.0
_CAPTION_SIZE = 6.0
_LABEL_SIZE = 6.0
_LABEL_ABOVE_SIZE = 7.0
_NOTE_SIZES = (6.5, 6.0, 5.5)
_NOTE_LEADING = 1.12
_NOTE_GAP = 1.2 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What header and footer say on every page of one agreement.

    Attributes:
        nomor_kesatu: PKS number of PIHAK KESATU.
        nomor_kedua: PKS number of PIHAK KEDUA.
        certificate_note: What the foot says about certificates; empty for nothing.
        edition: Edition of the issue; empty where the design prints none.
        initials: Whether the pages carry boxes for initials.
    """

    nomor_kesatu: str
    nomor_kedua: str
    certificate_note: str = ""
    edition: str = ""
    initials: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFurniture:
    """The furniture of one page.

    Attributes:
        content: Operators, marked as page furniture for readers that read aloud.
        lines: The text among them, in their order; what is the same on all pages is one object.
    """

    content: bytes
    lines: tuple[Sequence[TextLine], ...]


class Furniture:
    """Draws the furniture of an agreement; what is the same on every page is drawn once."""

    def __init__(self, running: Running, design: PageDesign) -> None:
        self._running = running
        self._design = design
        self._edition = f"Edisi {running.edition}" if running.edition else ""
        self._edition_width = text_width(self._edition, _REGULAR, _EDITION_SIZE)
        self._same: dict[PageGeometry, tuple[Canvas, Canvas, Canvas]] = {}

    def of_page(
        self, sheet: PageGeometry, *, page: int, pages: int, page_code: str
    ) -> PageFurniture:
        """Draw the furniture of one page.

        Raises:
            RenderError: ``render.pdf.header_too_long`` when a PKS number does not fit,
                ``render.pdf.note_too_long`` when the note on certificates does not,
                ``render.pdf.unprintable`` when one of them holds a character without a glyph.
        """
        if sheet not in self._same:
            self._same[sheet] = self._drawn_once(sheet)
        header, caption, rest = self._same[sheet]
        footer, codes = Canvas(), Canvas()
        self._footer(footer, sheet, f"Halaman {page} dari {pages}")
        _page_codes(codes, sheet, page_code, self._design)
        drawn = (header, footer, caption, codes, rest)
        body = "\n".join("\n".join(one.operators) for one in drawn if one.operators)
        return PageFurniture(
            content=f"/Artifact <</Type /Pagination>> BDC\nq\n{body}\nQ\nEMC\n".encode("ascii"),
            lines=tuple(one.lines for one in drawn if one.lines),
        )

    def _footer(self, canvas: Canvas, sheet: PageGeometry, text: str) -> None:
        said = self._edition
        width, gap = text_width(text, _REGULAR, _FOOTER_SIZE), 3 * MM if said else 0.0
        whole = width + gap + self._edition_width
        x, baseline = sheet.width * MM / 2 - whole / 2, (self._design.foot + 5) * MM
        ink = self._design.text_grey
        canvas.text(text, x, baseline, face=_REGULAR, size=_FOOTER_SIZE, grey=ink)
        if said:
            x += width + gap
            canvas.text(said, x, baseline, face=_REGULAR, size=_EDITION_SIZE, grey=ink)

    def _drawn_once(self, sheet: PageGeometry) -> tuple[Canvas, Canvas, Canvas]:
        """Return what stands before the page number, before the codes and after them."""
        running, design = self._running, self._design
        header, caption, rest = Canvas(), Canvas(), Canvas()
        _header(header, sheet, running, design)
        if design.caption:
            left = _right_of_code(sheet, design)
            bottom = (design.foot + 0.4) * MM
            ink = design.text_grey
            caption.text(design.caption, left, bottom, face=_REGULAR, size=_CAPTION_SIZE, grey=ink)
        if running.certificate_note:
            _note(rest, sheet, running, design)
        if running.initials:
            _initials(rest, sheet, design)
        strokes = corner_strokes(sheet, design)
        if strokes:
            rest.fill(
                [(left, low, right - left, high - low) for left, low, right, high in strokes],
                grey=0,
            )
        return header, caption, rest


def header_lines(running: Running) -> tuple[str, str]:
    """Return the header text of both parties."""
    return (
        f"PIHAK KESATU Nomor {running.nomor_kesatu}",
        f"PIHAK KEDUA Nomor {running.nomor_kedua}",
    )


def _header(canvas: Canvas, sheet: PageGeometry, running: Running, design: PageDesign) -> None:
    first, second = header_lines(running)
    _refuse_unprintable(first + second, "Nomor PKS")
    left, rule, right, _ = header_rect(sheet, design)
    canvas.line(left, rule, right, width=0.4, grey=design.rule_grey)
    size = design.header_sizes[0]
    widths = [text_width(text, _REGULAR, size) for text in (first, second)]
    ink = design.text_grey
    if sum(widths) + 8 * MM <= right - left:
        baseline = rule + 1.5 * MM
        canvas.text(first, left, baseline, face=_REGULAR, size=size, grey=ink)
        canvas.text(second, right - widths[1], baseline, face=_REGULAR, size=size, grey=ink)
        return
    for text, lift in ((first, 4.6), (second, 1.5)):
        size = _fitting_size(text, right - left, design)
        canvas.text(text, left, rule + lift * MM, face=_REGULAR, size=size, grey=ink)


def _fitting_size(text: str, room: float, design: PageDesign) -> float:
    for size in design.header_sizes:
        if text_width(text, _REGULAR, size) <= room:
            return size
    raise RenderError("render.pdf.header_too_long", text=text[:60], length=len(text))


def _right_of_code(sheet: PageGeometry, design: PageDesign) -> float:
    code = page_code_rect(sheet, design)
    quiet = QUIET_ZONE / FEWEST_MODULES * (code[2] - code[0])
    return code[2] + quiet + _NOTE_GAP


def note_rect(sheet: PageGeometry, design: PageDesign = TODAY, *, initials: bool = True) -> Rect:
    """Return the room for the note: over the page number, right of the page code."""
    right = (sheet.width - sheet.right) * MM
    if initials:
        right = initials_rects(sheet, design)[0][0] - _NOTE_GAP
    bottom = (design.foot + 5) * MM + _FOOTER_SIZE
    return _right_of_code(sheet, design), bottom, right, sheet.bottom * MM - 1.5


def _note(canvas: Canvas, sheet: PageGeometry, running: Running, design: PageDesign) -> None:
    note = running.certificate_note
    _refuse_unprintable(note, "penerbit_sertifikat")
    left, bottom, right, top = note_rect(sheet, design, initials=running.initials)
    for size in _NOTE_SIZES:
        lines = _broken(note, right - left, size)
        leading = size * _NOTE_LEADING
        if lines and len(lines) * leading <= top - bottom:
            break
    else:
        raise RenderError("render.pdf.note_too_long", text=note[:80], length=len(note))
    # The last line stands right above the page number, so that a short note does not float.
    for row, line in zip(range(len(lines) - 1, -1, -1), lines, strict=True):
        x = left + (right - left - text_width(line, _REGULAR, size)) / 2
        canvas.text(line, x, bottom + row * leading + 0.25 * size, face=_REGULAR, size=size)


def _initials(canvas: Canvas, sheet: PageGeometry, design: PageDesign) -> None:
    for rect, label in zip(initials_rects(sheet, design), INITIALS_LABELS, strict=True):
        canvas.frame(rect, width=0.5, grey=design.frame_grey)
        if design.labels_above:
            x, y, size = rect[0], rect[3] + 1.2 * MM, _LABEL_ABOVE_SIZE
        else:
            x, y, size = rect[0] + 1.2 * MM, rect[3] - 2.6 * MM, _LABEL_SIZE
        canvas.text(label, x, y, face=_REGULAR, size=size, grey=design.text_grey)


def _broken(text: str, room: float, size: float) -> list[str]:
    """Break a text into lines between words; empty when a word is wider than the room."""
    lines: list[str] = []
    for word in text.split():
        if text_width(word, _REGULAR, size) > room:
            return []
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, _REGULAR, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _refuse_unprintable(text: str, clause: str) -> None:
    for character in text:
        if ord(character) not in metrics(_REGULAR).glyphs:
            raise RenderError(
                "render.pdf.unprintable", character=character_name(character), clause=clause
            )


def _page_codes(canvas: Canvas, sheet: PageGeometry, text: str, design: PageDesign) -> None:
    if design.second_code:
        size, rectangles = code_operators(text)
        for left, _, right, top in code_rects(sheet, design):
            module = (right - left) / size
            canvas.fill_grid(rectangles, x=left, y=top - size * module, cell=module)
        return
    size, runs = qr_runs(text)
    for left, _, right, top in code_rects(sheet, design):
        module = (right - left) / size
        canvas.fill(
            [
                (left + column * module, top - (row + 1) * module, length * module, module)
                for row, column, length in runs
            ],
            grey=0,
        )
