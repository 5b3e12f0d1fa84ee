"""Every number that decides about paper, in one place and with a version.

Lengths are millimetres of the issued page, darkness runs from 0 (paper) to about 1 (the print of
the same page), colour is the distance from the paper in the a and b of CIELAB as OpenCV scales it.
They were found on simulated paper (``docs/kertas.md``); whoever changes one raises ``VERSION``.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = 5

# How a sheet is laid over its page
ALIGN_DPI: Final = 100
FEWEST_MATCHES: Final = 14
"""Points that must agree on one perspective before anything is measured."""
NEAR_PRIOR: Final = 120.0
"""Pixels at 100 dpi that a point may lie from where the page code says it should."""
GATE_RADIUS: Final = 38.0
GATE_BLOCKS: Final = 3
GATE_MEDIAN: Final = 0.35
GATE_WORST: Final = 0.8
GATE_FRAME: Final = 0.72
"""Part of a place's own printed lines that must be seen when no blocks vouch for it."""

# What counts as ink
VIEW_DPI: Final = 150
PRINT_TOLERANCE: Final = 0.28
"""How far print may lie from where it was issued, from toner, scanning and what is left of
misalignment; extra ink is looked for outside this."""
EXTRA_DARK: Final = 0.25
EXTRA_COLOUR: Final = 18.0
OVER_PRINT_DARK: Final = 0.38
OVER_PRINT_COLOUR: Final = 24.0
PEN_DARK: Final = 0.34
PEN_SURE: Final = 0.50
"""Darkness from which ink without colour is a pen's; coffee and smudges stay below."""
PEN_COLOUR: Final = 0.42
"""The same with a pen's colour; wet ink of another sheet stays below."""
PEN_BROAD, PEN_BROAD_DARKER = 0.62, 0.15
"""Mean width in millimetres from which a pen leaves that much darker ink."""
HAIR: Final = 0.19
"""Millimetres of black line, less what the sheet adds to thin lines, from which ink is a pen's; a
frame's rule is 0.18 wide, the thickest hair 0.11."""
HAIR_DOUBLE: Final = 0.25
"""The same for a line as thin as the sheet can show: two hairs may lie beside each other."""
HAIR_COLOUR: Final = 0.11
FINE: Final = 1.14
"""Length along its edges over area by width from which a line is that thin."""
FAINT_LINE, FAINT = 2.0, 4.0
"""Millimetres of a pale stroke, and of all in a place, from which it may not be called empty."""
FAINT_DARK: Final = 0.11
"""Darkness of such a stroke, far below what is measured as ink."""
PEN_PALE: Final = 0.38
PEN_STRAIGHT: Final = 0.7
"""Part of a stroke on one straight line from which it is a staple or a line with a hook."""
PEN_SOLID: Final = 0.72
"""Part of its hull that a stroke fills at most."""
HOLE_SMALLEST, HOLE_LARGEST, HOLE_STRAYS = 2.1, 3.7, 0.22
"""Radius of punched holes, and how far their edge strays from a circle, in millimetres."""
BLOT: Final = 4.5
"""Times its width that a stroke is longer than a blot."""
ARC_LARGEST: Final = 60.0
"""Radius of a cup, or of a hair that lies in a bow."""
ARC_LETTERS: Final = 3
"""Pieces of the size of letters within a piece of a circle that make it the edge of a stamp."""
UNDER_STAMP: Final = 6.0
"""Millimetres of a stroke that shows through a stamp; letters of stamps are shorter."""
PEN_LEAVES: Final = 0.3
"""Square millimetres of a pen's line that goes on beside a sticker."""
HIDDEN_INK: Final = 3.0
"""Square millimetres of ink, where no stamp belongs, that may be a signature taken for one."""
PEN_BESIDE: Final = 0.03
"""Mean darkness of the paper beside a line that is the rim of something rather than a pen's."""
INK_HUE: Final = 20.0
INK_DARK: Final = 0.2
"""How far strokes of the same ink may differ: degrees of hue, or darkness without colours."""
PEN_WIDEST: Final = 1.9
PEN_SHORTEST: Final = 1.6

# Straight lines
LINE_SHORTEST: Final = 12.0
"""Millimetres from which ink may be a ruler's line with other ink on it."""
LINE_STRAYS: Final = 0.11
"""Millimetres that most of a ruler's line strays from straight at most; hands stray more."""
LINE_WIDEST: Final = 0.9
LINES_MOST: Final = 8

# Stamps
RING_SMALLEST, RING_LARGEST, RING_STEP = 12.2, 23.0, 0.4
RING_TINY: Final = 5.6
"""Radius of the smallest stamps; those below RING_SMALLEST are told by what is in them."""
RING_PRESENT: Final = 0.20
RING_STAMP: Final = 0.52
RING_NO_STAMP: Final = 0.28
RING_BAND: Final = 0.08
RING_AROUND: Final = 0.35
"""How far the ink of a ring that is seen in part must run around its middle."""
RING_LETTERED: Final = 0.45
"""Part of a ring with letters along it that is enough, however badly its ink runs."""
RING_CLOSED: Final = 0.5
"""Part of a circle from which a stroke is the ring of a small stamp rather than a hand's."""
RING_LINED: Final = 0.45
"""Part of what is inked of a ring with few letters that has ink of letters beside it."""
RING_SURE: Final = 0.52
RING_BLACK: Final = 0.40
"""Part of a ring without colour that must be inked: stains run in arcs."""
RING_NO_BORDER: Final = 14.0
"""Radius from which a ring is none that the border of a sticker makes."""
RING_LETTERS: Final = 6
"""Letters between the rings that make a stamp of a ring that is seen in part."""
STAMP_KEPT: Final = 0.69
"""Part of thin print that must have stayed black for a stamp not to have vanished beside it."""
STAMP_STRONG: Final = 0.27
"""Below, a stamp may be the ghost of one on another sheet."""
STAMP_STRONG_GREY: Final = 0.33
STAMP_STRONG_BLACK: Final = 0.42
"""The same where nothing tells its ink from print of the other side."""
RING_NEAR: Final = 13.0
RING_MURK: Final = 0.2
"""Part of what lies around a ring that is inked where the other side of the sheet shows."""
BLACK_STAMP: Final = 50.0
"""Square millimetres of ink without colour, beside coloured, that may hold a stamp."""

# Signature, initials, date: length of all strokes, of the longest, and height
SIGNATURE: Final = (16.0, 6.0, 2.5)
SIGNATURE_EMPTY: Final = 3.5
INITIALS: Final = (4.5, 3.5, 1.8)
INITIALS_EMPTY: Final = 1.5
DATE: Final = (8.0, 7.0, 3)
DATE_EMPTY: Final = 3.5

# Meterai
STICKER_DARK: Final = 0.06
STICKER_ROUGH: Final = 0.03
STICKER_PRESENT: Final = 0.55
STICKER_ABSENT: Final = 0.30
"""Part of the place that is darker than paper and printed all over."""
STICKER_FULL: Final = 0.90
"""Part of the place that a sticker with a seen outline darkens."""
STICKER_PRINTED: Final = 0.12
"""Part of it in which something is printed; a label or a shadow has nothing."""
STICKER_FLAT: Final = 0.04
STICKER_CELLS: Final = 0.5
"""Part of the cells of a place in which black and white print of a sticker is found."""
STICKER_GONE: Final = 0.15
"""Ink of a place below which no sticker lies there, in black and white."""
STICKER_SMALLEST: Final = 0.6
"""Part of the recorded place that a sticker covers at least."""

# Values
VALUE_DPI: Final = 200
DIGIT_CHANGED: Final = 0.02
"""By how much another digit must fit better than the issued one."""
LETTER_CHANGED: Final = 0.06
VALUE_DISTURBED: Final = 0.60
"""Fit of the issued letter below which something else lies over it."""
OVER_DARK: Final = 0.3
"""Part of the print's black by which a pixel is darker than print makes it."""
VALUE_INK: Final = 0.1
"""Square millimetres of such pixels in one piece that are ink over a digit."""
WORD_FOUND: Final = 0.5
EDITION_FITS: Final = 0.8
"""Fit of the printed edition from which a page without a code is of this edition."""

# Other changes
ADDITION_LENGTH: Final = 3.5
ADDITION_DARK: Final = 0.42
WORD_SEEN: Final = 0.62
"""Part of a word's black that must be dark in the scan."""
WORD_THERE: Final = 0.65
"""Fit of a word's picture from which it is there, however thin its print."""
WORD_FITS: Final = 0.5
"""Fit below which something else may stand in its place."""
WORD_APART: Final = 0.3
"""By how much a lost word differs from words of its size near it."""
CROSSED: Final = 0.15
"""Part of a word's width over which ink lies that print does not explain."""
MOST_CHANGES: Final = 40

# What is signed electronically
FORM_DARK, FORM_BARE = 150, 200
"""Grey up to which the form draws something, on print that is at least that pale without it."""
FORM_LEAST: Final = 6.0
"""Square millimetres of it from which a place shows a signature."""
FORM_SEEN: Final = 0.4
"""Part of it that must be dark in the scan."""
