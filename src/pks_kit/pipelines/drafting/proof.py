"""In a batch: whether the quick road really gives the pages of the layout engine.

That both roads write the same bytes is proven by tests, for facilities that were invented. A batch
meets others. So the first agreement of each structure, and one in a thousand after it, is laid out
again by the engine alone. Where anything differs, that structure takes the plain road from then on.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Hashable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.errors import RenderError
from pks_kit.pipelines.drafting.issue import Prepared, laid_out

if TYPE_CHECKING:
    from pks_kit.render.pdf.laid import LaidPage, LaidPart
    from pks_kit.render.pdf.request import PdfLayout

ONE_IN = 10**3
"""One agreement of so many is laid out again, after the first of each structure."""

_DIGITS = 3
"""Places are compared to a thousandth of a point: heights are added up in another order."""


class Proofs:
    """The drafts of a batch whose pages are made twice."""

    def __init__(self) -> None:
        self._seen: Counter[Hashable] = Counter()
        self._fallen: set[Hashable] = set()

    def pages(
        self, prepared: Prepared, compiled: Path | None
    ) -> tuple[PdfLayout, RenderError | None]:
        """Lay a document out, twice when it is its turn.

        Args:
            prepared: The document.
            compiled: Folder with compiled templates; None reads nothing.

        Returns:
            The pages, and what differed; then they are those of the layout engine.

        Raises:
            RenderError: As :func:`~.issue.laid_out`.
        """
        structure = _structure(prepared)
        if structure in self._fallen:
            return laid_out(prepared, road="plain"), None
        seen = self._seen[structure]
        self._seen[structure] += 1
        if seen % ONE_IN:
            return laid_out(prepared, compiled=compiled), None
        layout, differs = proven_pages(prepared, compiled)
        if differs is not None:
            self._fallen.add(structure)
        return layout, differs


def proven_pages(prepared: Prepared, compiled: Path | None) -> tuple[PdfLayout, RenderError | None]:
    """Lay a document out on both roads and compare.

    Args:
        prepared: The document.
        compiled: Folder with compiled templates; None reads nothing.

    Returns:
        The pages, and what differed; then they are those of the layout engine.

    Raises:
        RenderError: As :func:`~.issue.laid_out`.
    """
    layout = laid_out(prepared, compiled=compiled)
    plain = laid_out(prepared, road="plain")
    page = next(_differing(layout, plain), None)
    _forget()
    if page is None:
        return layout, None
    return plain, RenderError("render.pdf.roads_differ", page=page)


def _forget() -> None:
    """Give back what the layout engine leaves behind.

    Its boxes lead to themselves, and pages that were compared are not asked for again.
    """
    from pks_kit.render.pdf.plain import forget_parts

    forget_parts()
    gc.collect()


def _structure(prepared: Prepared) -> Hashable:
    """Return what agreements of one text, kind and method have in common."""
    naskah = prepared.naskah
    parts = tuple((one.jenis, one.alamat, one.orientasi) for one in naskah.bagian)
    return naskah.versi_templat, naskah.cara_kontrak, parts


def _differing(one: PdfLayout, other: PdfLayout) -> Iterator[int]:
    """Yield the numbers of pages that are not the same on both roads."""
    number = 0
    for ours, theirs in zip_longest(one.parts, other.parts):
        for page, twin in zip_longest(_sheets(ours), _sheets(theirs)):
            number += 1
            if page is None or twin is None or _told(page) != _told(twin):
                yield number
    if _where(one) != _where(other):
        yield number


def _where(layout: PdfLayout) -> Hashable:
    places = [
        (one.name, one.page, *(round(length, _DIGITS) for length in one.rect))
        for one in layout.places
    ]
    return tuple(places), tuple(layout.clause_pages.items())


def _sheets(part: LaidPart | None) -> tuple[LaidPage, ...]:
    return part.sheets if part is not None else ()


def _told(page: LaidPage) -> tuple[object, ...]:
    return page.size, page.content, page.links
