"""Which finished files are read again by another library, against everything they claim.

The writer keeps the claims of PDF/A by the way it writes: the same few kinds of objects, glyphs
that all have their text, nothing that acts. So a second file of the same structure tells nothing
new. The first one is looked at, one in a thousand after it, and every file with pages that the
layout engine wrote itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from pks_kit.render.pdf.drawn import DrawnPages
from pks_kit.render.pdf.request import PdfLayout, PdfRequest

_ONE_IN = 10**3

_written: Counter[int] = Counter()
"""How many files of each structure this process wrote, by the hash of the structure."""


def wants_second_look(layout: PdfLayout, drawn: DrawnPages, request: PdfRequest) -> bool:
    """Return whether a file that was just written should be checked as a whole; counts it."""
    structure = hash(_structure(layout, drawn, request))
    seen = _written[structure]
    _written[structure] += 1
    return not drawn.told_by_marks or seen % _ONE_IN == 0


def _structure(layout: PdfLayout, drawn: DrawnPages, request: PdfRequest) -> Hashable:
    """Return what kinds of objects a file has, and from which glyphs its fonts are made."""
    return (
        layout.layout,
        layout.has_form,
        layout.initials,
        bool(layout.bookmarks),
        frozenset(layout.fields),
        frozenset(one.laid.size for one in drawn.pages),
        tuple(sorted((one.name, one.mime, one.relationship) for one in request.attachments)),
        bool(request.certificate_note),
        tuple((face, frozenset(texts.items())) for face, texts in drawn.faces.texts().items()),
    )
