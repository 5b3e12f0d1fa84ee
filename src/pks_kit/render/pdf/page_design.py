"""Where the furniture of a page stands, one design per version of the printed page.

An issue is rendered, signed and compared with the design it was printed with, for ever: a design
that was issued never changes, a new one is added. All lengths are millimetres, all rectangles PDF
points.
"""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.domain.edition import LAYOUT, OLD_LAYOUT
from pks_kit.domain.rect import Rect
from pks_kit.render.page_geometry import MM, PageGeometry
from pks_kit.render.pdf.qr import QUIET_ZONE

FEWEST_MODULES = 21
"""Side of the smallest code; its quiet zone is the widest."""

CODE_MODULES = 29
"""Side of a page code, both forms (version 3)."""

INITIALS_MM = (17.0, 10.0)
"""Width and height of one initials box; docs/sumber.md 13.1 item 7 shows two per page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDesign:
    """One version of the printed page.

    Attributes:
        layout: Its number, as receipts tell it.
        foot: Height of the foot above the lower edge.
        code: Side of the page code lower left, quiet zone not included.
        code_inset: How far the code stands inside the left margin.
        second_code: Side of the same code upper right; 0 when there is none.
        marks: Whether L-marks stand in the other two corners.
        labels_above: Whether the words of the initials boxes stand above them, not inside.
        electronic_initials: Whether a kontrak elektronik has boxes that nobody initials.
        rule_grey: Grey of the rule under the header; 0 is black.
        frame_grey: Grey of the frames of the initials boxes.
        text_grey: Grey of the words.
        header_sizes: Sizes of the PKS numbers in points, the first that fits.
        caption: What the code is, in one line; empty for nothing.
    """

    layout: int
    foot: float
    code: float
    code_inset: float
    second_code: float
    marks: bool
    labels_above: bool
    electronic_initials: bool
    rule_grey: float
    frame_grey: float
    text_grey: float
    header_sizes: tuple[float, ...]
    caption: str


OLD = PageDesign(
    layout=OLD_LAYOUT,
    foot=8.0,
    code=12.0,
    code_inset=1.6,
    second_code=0.0,
    marks=False,
    labels_above=False,
    electronic_initials=True,
    rule_grey=0.6,
    frame_grey=0.45,
    text_grey=0.27,
    header_sizes=(7.5, 7.0, 6.5, 6.0, 5.5),
    caption="",
)

TODAY = PageDesign(
    layout=LAYOUT,
    foot=7.5,
    code=15.0,
    code_inset=0.0,
    second_code=11.0,
    marks=True,
    labels_above=True,
    electronic_initials=False,
    rule_grey=0.0,
    frame_grey=0.0,
    text_grey=0.0,
    # Small sizes stay for numbers that would not fit otherwise; the body repeats them large.
    header_sizes=(9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0),
    caption="Kode QR memuat tanda pengenal perjanjian, edisi, dan nomor halaman ini.",
)

_DESIGNS = {design.layout: design for design in (OLD, TODAY)}

_EDGE = 10.0
"""Distance of marks and second code from the edges: no printer leaves so much blank."""

_MARK_ARM, _MARK_STROKE = 6.0, 0.7
_SECOND_CODE_TOP = 7.0


def design_of(layout: int) -> PageDesign:
    """Return the design of a version of the printed page.

    Raises:
        KeyError: No such version.
    """
    return _DESIGNS[layout]


def known_layouts() -> tuple[int, ...]:
    """Return the versions of the printed page that can be rendered."""
    return tuple(sorted(_DESIGNS))


def page_code_rect(sheet: PageGeometry, design: PageDesign = TODAY) -> Rect:
    """Return the square of the page code lower left, quiet zone not included."""
    left = (sheet.left + design.code_inset) * MM
    bottom, side = design.foot * MM, design.code * MM
    return left, bottom, left + side, bottom + side


def second_code_rect(sheet: PageGeometry, design: PageDesign = TODAY) -> Rect | None:
    """Return the square of the page code upper right, quiet zone not included."""
    if not design.second_code:
        return None
    right, top = (sheet.width - _EDGE) * MM, (sheet.height - _SECOND_CODE_TOP) * MM
    side = design.second_code * MM
    return right - side, top - side, right, top


def code_rects(sheet: PageGeometry, design: PageDesign = TODAY) -> tuple[Rect, ...]:
    """Return the squares of all page codes of a sheet."""
    second = second_code_rect(sheet, design)
    first = page_code_rect(sheet, design)
    return (first,) if second is None else (first, second)


def corner_marks(sheet: PageGeometry, design: PageDesign = TODAY) -> tuple[Rect, ...]:
    """Return the squares that the L-marks fill: upper left, then lower right."""
    if not design.marks:
        return ()
    left, top = _EDGE * MM, (sheet.height - _EDGE) * MM
    right, bottom, arm = (sheet.width - _EDGE) * MM, _EDGE * MM, _MARK_ARM * MM
    return (left, top - arm, left + arm, top), (right - arm, bottom, right, bottom + arm)


def corner_strokes(sheet: PageGeometry, design: PageDesign = TODAY) -> tuple[Rect, ...]:
    """Return the strokes of the L-marks; their outer corner is the corner of the sheet."""
    stroke = _MARK_STROKE * MM
    strokes: list[Rect] = []
    for place, (left, bottom, right, top) in enumerate(corner_marks(sheet, design)):
        if place == 0:
            strokes += [(left, top - stroke, right, top), (left, bottom, left + stroke, top)]
        else:
            strokes += [
                (left, bottom, right, bottom + stroke),
                (right - stroke, bottom, right, top),
            ]
    return tuple(strokes)


def initials_rects(sheet: PageGeometry, design: PageDesign = TODAY) -> tuple[Rect, Rect]:
    """Return the boxes for the initials of PIHAK KESATU and PIHAK KEDUA."""
    width, height = INITIALS_MM[0] * MM, INITIALS_MM[1] * MM
    right = (sheet.width - sheet.right) * MM
    bottom = (design.foot + 1) * MM
    second = (right - width, bottom, right, bottom + height)
    first = (right - 2 * width - 3 * MM, bottom, right - width - 3 * MM, bottom + height)
    return first, second


def header_rect(sheet: PageGeometry, design: PageDesign = TODAY) -> Rect:
    """Return the room of the header: both PKS numbers over the rule."""
    right = (sheet.width - sheet.right) * MM
    second = second_code_rect(sheet, design)
    if second is not None:
        quiet = QUIET_ZONE / CODE_MODULES * (second[2] - second[0])
        right = second[0] - quiet - 1 * MM
    rule = (sheet.height - 15) * MM
    return sheet.left * MM, rule, right, rule + 9 * MM
