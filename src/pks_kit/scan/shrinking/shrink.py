"""Shrink a scan sheet by sheet, and look whether its page codes can still be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.domain.page_code import PageCode
from pks_kit.domain.receipt import Receipt
from pks_kit.errors import InputError
from pks_kit.scan.alignment import LaidSheet, align
from pks_kit.scan.codes import FoundCode, read_codes
from pks_kit.scan.issued import IssuedPages
from pks_kit.scan.pictures import Sheet, sheets_of
from pks_kit.scan.shrinking.areas import (
    DPI,
    Area,
    areas_of_places,
    joined,
    traces,
    widened,
)
from pks_kit.scan.shrinking.files import Written, packed, written
from pks_kit.scan.shrinking.layers import Layers, Reduced, areas_of, layers_of, reduced
from pks_kit.scan.shrinking.paper_sizes import Size, sizes_of

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes

_MOST_PIXELS = 60_000_000
_AROUND_CODE = 2.0

Kept = Literal["text", "grey_codes", "whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShrunkPage:
    """What became of a sheet.

    Attributes:
        kept: ``text``: black and white, with areas in colour; ``grey_codes``: its page codes stay
            grey, because they could not be read in black and white; ``whole``: the sheet stays
            grey or coloured as a whole, for the same reason or because little of it is print.
        areas: How many areas keep their colours or greys.
        placed: Whether the places of the issued page were found on it.
        codes: How many page codes were read before.
        lost: How many of them cannot be read any more.
    """

    kept: Kept
    areas: int
    placed: bool
    codes: int
    lost: int


@dataclass(frozen=True, slots=True)
class Shrunk:
    """All files, and what became of every sheet."""

    files: tuple[Written, ...]
    pages: tuple[ShrunkPage, ...]


def shrink_scan(
    files: Sequence[bytes],
    names: Sequence[str],
    most_bytes: int,
    *,
    issued: tuple[bytes, Receipt] | None = None,
) -> Shrunk:
    """Shrink a scan.

    Args:
        files: PDF of pictures, JPEG, PNG, TIFF, in the order of the result.
        names: Their names, for errors.
        most_bytes: Limit of a file; see :func:`pks_kit.scan.shrinking.files.packed`.
        issued: The issued file and its receipt, completed; None: places are looked for.

    Raises:
        InputError: As :func:`pks_kit.scan.shrinking.paper_sizes.sizes_of`, and ``shrink.sheet``
            for a sheet that cannot be opened: none is left out.
    """
    sizes = list(sizes_of(files, names))
    known = IssuedPages(*issued) if issued is not None else None
    layers: list[Layers] = []
    pages: list[ShrunkPage] = []
    try:
        for sheet in sheets_of(files):
            if sheet.failure or sheet.number > len(sizes):
                raise InputError("shrink.sheet", number=sheet.number)
            drawn, told = _page(sheet, sizes[sheet.number - 1], known)
            layers.append(drawn)
            pages.append(told)
    finally:
        if known is not None:
            known.close()
    if len(layers) < len(sizes):
        raise InputError("shrink.sheet", number=len(layers) + 1)
    return Shrunk(packed(layers, most_bytes), tuple(pages))


def _page(sheet: Sheet, size: Size, known: IssuedPages | None) -> tuple[Layers, ShrunkPage]:
    width, height = size
    if width * height * (DPI / 72) ** 2 > _MOST_PIXELS:
        raise InputError("shrink.sheet", number=sheet.number)
    seen = reduced(sheet, size)
    rows, columns = seen.shape
    scale = columns / sheet.grey.shape[1], rows / sheet.grey.shape[0]
    codes = read_codes(sheet.grey, sheet.grey.shape[1] / width * 72)
    squares = areas_of([one.corners for one in codes], scale)
    places, sure = _places(sheet, codes, known, seen.shape, scale)
    other = traces(seen.grey, seen.colour, seen.ink, squares)
    whole: Area = (0, 0, columns, rows)
    for kept, areas, grey in _ways(seen, places, other, squares, whole):
        layers = layers_of(seen, size, areas, grey)
        lost = _lost(codes, layers)
        told = ShrunkPage(kept=kept, areas=len(areas), placed=sure, codes=len(codes), lost=lost)
        if not lost:
            break
    return layers, told


def _ways(
    seen: Reduced, places: list[Area], other: list[Area] | None, codes: list[Area], whole: Area
) -> Iterator[tuple[Kept, list[Area], list[Area]]]:
    """Yield what to keep: the least first, then more and more for the sake of the page codes."""
    rows, columns = seen.shape
    if other is not None:
        areas = joined([*places, *other])
        yield "text", areas, []
        if codes:
            yield "grey_codes", areas, [widened(one, _AROUND_CODE, rows, columns) for one in codes]
    yield "whole", [whole], []


def _places(
    sheet: Sheet,
    codes: list[FoundCode],
    known: IssuedPages | None,
    shape: tuple[int, int],
    scale: tuple[float, float],
) -> tuple[list[Area], bool]:
    """Return the places of the issued pages that a sheet shows, and whether all lie surely."""
    if known is None:
        return [], False
    found: list[Area] = []
    sure = bool(codes)
    by_page: dict[int, list[FoundCode]] = {}
    for one in codes:
        same = one.code.same_issue(known.receipt.agreement_id, known.receipt.edition)
        if same is not False and one.code.page <= known.count:
            by_page.setdefault(one.code.page, []).append(one)
    for number, own in by_page.items():
        lying = align(known.page(number), LaidSheet(sheet.grey), own)
        if lying is None:
            sure = False
            continue
        areas, vouched = areas_of_places(lying, known.places(number), shape, scale)
        found += areas
        sure &= vouched
    return found, sure and bool(by_page)


def _lost(codes: list[FoundCode], layers: Layers) -> int:
    """Return how many page codes of a sheet cannot be read on the shrunk page, as it is drawn."""
    if not codes:
        return 0
    wanted: dict[PageCode, int] = {}
    for one in codes:
        wanted[one.code] = wanted.get(one.code, 0) + 1
    for found in read_codes(_drawn(written([layers], -1).content), DPI):
        wanted[found.code] = wanted.get(found.code, 0) - 1
    return sum(max(0, left) for left in wanted.values())


def _drawn(content: bytes) -> Bytes:
    """Return the first page of a PDF at 150 dpi, grey, drawn by PDFium as readers do."""
    import numpy as np
    import pypdfium2

    document: Any = pypdfium2.PdfDocument(content)
    try:
        page = document[0]
        drawn = page.render(scale=DPI / 72, grayscale=True).to_numpy()
        page.close()
    finally:
        document.close()
    return np.ascontiguousarray(drawn if drawn.ndim == 2 else drawn[:, :, 0])
