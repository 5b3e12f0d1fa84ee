"""Pictures for people: signed pages with framed boxes, each box alone, changes before and after."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from pks_kit.domain.rect import Rect
from pks_kit.json_types import HexBytes, Name, Ordinal
from pks_kit.pdf import pdfium
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.pdfium import picture_of
from pks_kit.verification.report.changes import states

if TYPE_CHECKING:
    from pks_kit.domain.paper_pictures import PaperPicture
    from pks_kit.verification.report.details import ChangedPage
    from pks_kit.verification.report.verdict import SignatureReport, VerifyReport

PictureKind = Literal["page", "box", "before", "after"]

_POINTS_PER_INCH = 72.0
_MOST_PAGES = 12
_MOST_CHANGES = 6
_MOST_FIELDS = 300
"""As many as a file may have (:mod:`pks_kit.pdf.signatures`)."""
_MOST_PIXELS = 6_000_000
_MARGIN = 40.0
"""Points shown around a changed region, so that people see where it stands."""
_COLOURS = {"signature": (11, 87, 164), "meterai": (176, 84, 0), "timestamp": (90, 90, 90)}
_CHANGE = (163, 15, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One page, or a part of it, as a picture.

    Attributes:
        page: Page from 1.
        png: PNG bytes.
        width: Pixels.
        height: Pixels.
        fields: Fields whose boxes are framed, in the order of their numbers in the picture.
        kind: ``page`` (a signed page), ``box`` (one signature box alone), ``before`` and ``after``
            (the region that a refused change touched).
        change: Key of :func:`~.changes.describe_changes`; empty for other kinds.
    """

    page: Ordinal
    png: HexBytes
    width: Ordinal
    height: Ordinal
    fields: Annotated[tuple[Name, ...], Field(max_length=_MOST_FIELDS, fail_fast=True)]
    kind: PictureKind = "page"
    change: Annotated[str, Field(max_length=10)] = ""


def draw_pages(
    content: bytes, report: VerifyReport, dpi: int, issued: bytes | None = None
) -> tuple[Picture, ...]:
    """Draw the signed pages of a file that the report calls readable, and what was refused.

    Args:
        content: The file.
        report: Its report; pages, boxes and changed regions come from there.
        dpi: Resolution in dots per inch; lowered for huge pages.
        issued: The issued file, if known.
    """
    return (*_signed_pages(content, report, dpi), *_changes(content, report, dpi, issued))


def _signed_pages(content: bytes, report: VerifyReport, dpi: int) -> tuple[Picture, ...]:
    by_page: dict[int, list[SignatureReport]] = {}
    for signature in report.signatures:
        if signature.page is not None and signature.rect is not None:
            by_page.setdefault(signature.page, []).append(signature)
    if not by_page:
        return ()
    with pdfium.opened(content, forms=True) as document:
        return tuple(
            picture
            for page in sorted(by_page)[:_MOST_PAGES]
            for picture in _draw(document, page, by_page[page], dpi)
        )


def _image(page: Any, dpi: int) -> tuple[Any, float]:
    """Return a page as a picture, and its scale in pixels per point."""
    width, height = page.get_size()
    scale = dpi / _POINTS_PER_INCH
    if width * height * scale * scale > _MOST_PIXELS:
        scale = (_MOST_PIXELS / (width * height)) ** 0.5
    return picture_of(page, scale), scale


def _draw(
    document: Any, number: int, signatures: list[SignatureReport], dpi: int
) -> Iterator[Picture]:
    from PIL import ImageDraw

    page = document[number - 1]
    image, scale = _image(page, dpi)
    plain = image.copy()
    pen = ImageDraw.Draw(image)
    boxes: list[tuple[SignatureReport, Rect]] = []
    for place, signature in enumerate(signatures, start=1):
        box = _pixels(page, signature, scale, image.height)
        if box is None:
            continue
        boxes.append((signature, box))
        colour = _COLOURS[signature.kind]
        pen.rectangle(box, outline=colour, width=3)
        left, top = box[0], box[1]
        pen.rectangle((left, top, left + 13, top + 13), fill=colour)
        pen.text((left + 4, top + 1), str(place), fill=(255, 255, 255))
    page.close()
    yield _picture(image, number, tuple(one.field for one in signatures))
    for signature, box in boxes:
        part = _part(plain, box)
        if part is not None:
            yield _picture(part, number, (signature.field,), "box")


def _part(image: Any, box: Rect) -> Any:
    """Cut a rectangle out of a picture; None when nothing of it lies inside."""
    left, top = max(0, int(box[0])), max(0, int(box[1]))
    right, bottom = min(image.width, int(box[2]) + 1), min(image.height, int(box[3]) + 1)
    return image.crop((left, top, right, bottom)) if left < right and top < bottom else None


def _picture(
    image: Any,
    page: int,
    fields: tuple[str, ...],
    kind: PictureKind = "page",
    change: str = "",
) -> Picture:
    target = io.BytesIO()
    image.quantize(64).save(target, format="PNG", optimize=True)
    return Picture(
        page=page,
        png=target.getvalue(),
        width=image.width,
        height=image.height,
        fields=fields,
        kind=kind,
        change=change,
    )


def _pixels(page: Any, signature: SignatureReport, scale: float, height: int) -> Rect | None:
    """Turn a box in points of an unrotated page into pixels; rotated pages get no frame."""
    if signature.rect is None or page.get_rotation() != 0:
        return None
    left, bottom, right, top = signature.rect
    origin_x, origin_y, _, _ = page.get_cropbox()
    return (
        (left - origin_x) * scale - 2,
        height - (top - origin_y) * scale - 2,
        (right - origin_x) * scale + 2,
        height - (bottom - origin_y) * scale + 2,
    )


def _changes(
    content: bytes, report: VerifyReport, dpi: int, issued: bytes | None
) -> tuple[Picture, ...]:
    """Draw every region that a refused change touched, as it was and as it became."""
    regions: dict[str, list[ChangedPage]] = {}
    for check in report.checks:
        pages = check.details.get("pages")
        if pages:
            key = str(check.params.get("revision", "issued"))
            regions.setdefault(key, pages)
    found: list[Picture] = []
    for key, before, after in states(content, report, issued):
        wanted = [one for one in regions.get(key, []) if one["change"] == "changed"]
        room = (_MOST_CHANGES - len(found) // 2) if wanted else 0
        drawn = guarded(
            lambda key=key, before=before, after=after, wanted=wanted[:room]: _pairs(  # type: ignore[misc]
                key, before, after, wanted, dpi
            )
        )
        found += [] if isinstance(drawn, ParserFailure) else drawn
    return tuple(found)


def _pairs(
    key: str, before: bytes, after: bytes, wanted: list[ChangedPage], dpi: int
) -> list[Picture]:
    if not wanted:
        return []
    with pdfium.opened(before, forms=True) as old, pdfium.opened(after, forms=True) as new:
        kinds: tuple[tuple[Any, PictureKind], ...] = ((old, "before"), (new, "after"))
        return [
            _region(document[one["page"] - 1], one, dpi, kind, key)
            for one in wanted
            for document, kind in kinds
        ]


def _region(page: Any, one: ChangedPage, dpi: int, kind: PictureKind, key: str) -> Picture:
    from PIL import ImageDraw

    image, scale = _image(page, dpi)
    box = None
    if one["region"] is not None:
        left, bottom, right, top = one["region"]
        height = image.height
        box = (left * scale, height - top * scale, right * scale, height - bottom * scale)
        frame = (box[0] - 3, box[1] - 3, box[2] + 3, box[3] + 3)
        ImageDraw.Draw(image).rectangle(frame, outline=_CHANGE, width=2)
        around = _MARGIN * scale
        image = (
            _part(
                image, (box[0] - 4 * around, box[1] - around, box[2] + 4 * around, box[3] + around)
            )
            or image
        )
    return _picture(image, one["page"], (), kind, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A report and pictures (empty when not asked for).

    Attributes:
        report: The report.
        pictures: Of the signed pages and of changes.
        paper_pictures: Of a scan: what a person is to look at.
    """

    report: VerifyReport
    pictures: tuple[Picture, ...] = ()
    paper_pictures: tuple[PaperPicture, ...] = ()
