"""Page furniture: what differs on every page, laid over the finished pages in one pass.

Header with both PKS numbers, footer with ``Halaman x dari y``, the page code, two boxes for
initials and, where certificates will exist, a note on them. Everything stands in the margins
(``sheet``), where content is never allowed.
"""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.domain.rect import Rect
from pks_kit.errors import RenderError
from pks_kit.render.fonts import SANS_FACES, character_name, metrics
from pks_kit.render.page_geometry import MM, PageGeometry
from pks_kit.render.pdf.canvas import Canvas, text_width
from pks_kit.render.pdf.qr import QUIET_ZONE, qr_runs

PAGE_CODE_MM = 12.0
"""Side of the page code without its quiet zone."""

INITIALS_MM = (17.0, 10.0)
"""Width and height of one initials box; docs/sumber.md 13.1 item 7 shows two per page."""

INITIALS_LABELS = ("Paraf Pihak I", "Paraf Pihak II")

_FOOT = 8.0 * MM
_REGULAR, _BOLD = SANS_FACES[0], SANS_FACES[1]
_HEADER_SIZES = (7.5, 7.0, 6.5, 6.0, 5.5)
_FOOTER_SIZE = 8.0
_LABEL_SIZE = 6.0
_NOTE_SIZES = (6.5, 6.0, 5.5)
_NOTE_LEADING = 1.12
_NOTE_GAP = 1.2 * MM
_FEWEST_MODULES = 21
"""Side of the smallest code; its quiet zone is the widest."""
_INK = 0.27


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What header and footer say on every page of one agreement."""

    nomor_kesatu: str
    nomor_kedua: str
    certificate_note: str = ""


def page_code_rect(sheet: PageGeometry) -> Rect:
    """Return the square of the page code, quiet zone not included."""
    left = sheet.left * MM + 1.6 * MM
    return left, _FOOT, left + PAGE_CODE_MM * MM, _FOOT + PAGE_CODE_MM * MM


def initials_rects(sheet: PageGeometry) -> tuple[Rect, Rect]:
    """Return the boxes for the initials of PIHAK KESATU and PIHAK KEDUA."""
    width, height = INITIALS_MM[0] * MM, INITIALS_MM[1] * MM
    right = (sheet.width - sheet.right) * MM
    bottom = _FOOT + 1 * MM
    second = (right - width, bottom, right, bottom + height)
    first = (right - 2 * width - 3 * MM, bottom, right - width - 3 * MM, bottom + height)
    return first, second


def draw_furniture(
    sheet: PageGeometry, running: Running, *, page: int, pages: int, page_code: str
) -> Canvas:
    """Draw the furniture of one page.

    Raises:
        RenderError: ``render.pdf.header_too_long`` when a PKS number does not fit,
            ``render.pdf.note_too_long`` when the note on certificates does not,
            ``render.pdf.unprintable`` when one of them holds a character without a glyph.
    """
    canvas = Canvas()
    _header(canvas, sheet, running)
    _footer(canvas, sheet, f"Halaman {page} dari {pages}")
    _page_code(canvas, sheet, page_code)
    if running.certificate_note:
        _note(canvas, sheet, running.certificate_note)
    for rect, label in zip(initials_rects(sheet), INITIALS_LABELS, strict=True):
        canvas.frame(rect, width=0.5, grey=0.45)
        x, y = rect[0] + 1.2 * MM, rect[3] - 2.6 * MM
        canvas.text(label, x, y, face=_REGULAR, size=_LABEL_SIZE, grey=_INK)
    return canvas


def header_lines(running: Running) -> tuple[str, str]:
    """Return the header text of both parties."""
    return (
        f"PIHAK KESATU Nomor {running.nomor_kesatu}",
        f"PIHAK KEDUA Nomor {running.nomor_kedua}",
    )


def _header(canvas: Canvas, sheet: PageGeometry, running: Running) -> None:
    first, second = header_lines(running)
    _refuse_unprintable(first + second, "Nomor PKS")
    left, right = sheet.left * MM, (sheet.width - sheet.right) * MM
    rule = (sheet.height - 15) * MM
    canvas.line(left, rule, right, width=0.4, grey=0.6)
    size = _HEADER_SIZES[0]
    widths = [text_width(text, _REGULAR, size) for text in (first, second)]
    if sum(widths) + 8 * MM <= right - left:
        baseline = rule + 1.5 * MM
        canvas.text(first, left, baseline, face=_REGULAR, size=size, grey=_INK)
        canvas.text(second, right - widths[1], baseline, face=_REGULAR, size=size, grey=_INK)
        return
    for text, lift in ((first, 4.6), (second, 1.5)):
        size = _fitting_size(text, right - left)
        canvas.text(text, left, rule + lift * MM, face=_REGULAR, size=size, grey=_INK)


def _fitting_size(text: str, room: float) -> float:
    for size in _HEADER_SIZES:
        if text_width(text, _REGULAR, size) <= room:
            return size
    raise RenderError("render.pdf.header_too_long", text=text[:60], length=len(text))


def _footer(canvas: Canvas, sheet: PageGeometry, text: str) -> None:
    middle = sheet.width * MM / 2
    x = middle - text_width(text, _REGULAR, _FOOTER_SIZE) / 2
    canvas.text(text, x, _FOOT + 5 * MM, face=_REGULAR, size=_FOOTER_SIZE, grey=_INK)


def note_rect(sheet: PageGeometry) -> Rect:
    """Return the room for the note: over the page number, between page code and initials."""
    code, (initials, _) = page_code_rect(sheet), initials_rects(sheet)
    quiet = QUIET_ZONE / _FEWEST_MODULES * (code[2] - code[0])
    bottom = _FOOT + 5 * MM + _FOOTER_SIZE
    return code[2] + quiet + _NOTE_GAP, bottom, initials[0] - _NOTE_GAP, sheet.bottom * MM - 1.5


def _note(canvas: Canvas, sheet: PageGeometry, note: str) -> None:
    _refuse_unprintable(note, "penerbit_sertifikat")
    left, bottom, right, top = note_rect(sheet)
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


def _page_code(canvas: Canvas, sheet: PageGeometry, text: str) -> None:
    left, _, right, top = page_code_rect(sheet)
    size, runs = qr_runs(text)
    module = (right - left) / size
    canvas.fill(
        (
            (left + column * module, top - (row + 1) * module, length * module, module)
            for row, column, length in runs
        ),
        grey=0,
    )
