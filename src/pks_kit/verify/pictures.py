"""Pictures of the pages that carry signatures, each box framed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pks_kit.verify.verdict import SignatureReport, VerifyReport

_POINTS_PER_INCH = 72.0
_MOST_PAGES = 12
_MOST_PIXELS = 6_000_000
_COLOURS = {"signature": (11, 87, 164), "meterai": (176, 84, 0), "timestamp": (90, 90, 90)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One page as a picture.

    Attributes:
        page: Page from 1.
        png: PNG bytes.
        width: Pixels.
        height: Pixels.
        fields: Fields whose boxes are framed, in the order of their numbers in the picture.
    """

    page: int
    png: bytes
    width: int
    height: int
    fields: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form, used between processes."""
        return {
            "page": self.page,
            "png": self.png.hex(),
            "width": self.width,
            "height": self.height,
            "fields": list(self.fields),
        }


def picture_from_dict(shown: Mapping[str, Any]) -> Picture:
    """Return the picture that :meth:`Picture.as_dict` wrote."""
    return Picture(
        page=int(shown["page"]),
        png=bytes.fromhex(shown["png"]),
        width=int(shown["width"]),
        height=int(shown["height"]),
        fields=tuple(str(name) for name in shown["fields"]),
    )


def draw_pages(content: bytes, report: VerifyReport, dpi: int) -> tuple[Picture, ...]:
    """Draw the signed pages of a file that the report calls readable.

    Args:
        content: The file.
        report: Its report; pages and boxes come from there.
        dpi: Resolution in dots per inch; lowered for huge pages.
    """
    import pypdfium2

    by_page: dict[int, list[SignatureReport]] = {}
    for signature in report.signatures:
        if signature.page is not None and signature.rect is not None:
            by_page.setdefault(signature.page, []).append(signature)
    if not by_page:
        return ()
    document: Any = pypdfium2.PdfDocument(content)
    document.init_forms()
    try:
        return tuple(
            _draw(document, page, by_page[page], dpi) for page in sorted(by_page)[:_MOST_PAGES]
        )
    finally:
        document.close()


def _draw(document: Any, number: int, signatures: list[SignatureReport], dpi: int) -> Picture:
    from PIL import ImageDraw

    page = document[number - 1]
    width, height = page.get_size()
    scale = dpi / _POINTS_PER_INCH
    if width * height * scale * scale > _MOST_PIXELS:
        scale = (_MOST_PIXELS / (width * height)) ** 0.5
    image = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    pen = ImageDraw.Draw(image)
    for place, signature in enumerate(signatures, start=1):
        box = _pixels(page, signature, scale, image.height)
        if box is None:
            continue
        colour = _COLOURS[signature.kind]
        pen.rectangle(box, outline=colour, width=3)
        left, top = box[0], box[1]
        pen.rectangle((left, top, left + 13, top + 13), fill=colour)
        pen.text((left + 4, top + 1), str(place), fill=(255, 255, 255))
    page.close()
    target = io.BytesIO()
    image.quantize(64).save(target, format="PNG", optimize=True)
    return Picture(
        page=number,
        png=target.getvalue(),
        width=image.width,
        height=image.height,
        fields=tuple(signature.field for signature in signatures),
    )


def _pixels(
    page: Any, signature: SignatureReport, scale: float, height: int
) -> tuple[float, float, float, float] | None:
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
