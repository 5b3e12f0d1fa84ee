"""Pages as PDF: one file, or as many as a limit asks for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pks_kit.scan.shrinking.layers import QUALITIES, Layers

_PAGE_BYTES = 260
"""What a page takes beside its pictures, about; every file is measured when it is written."""
_FILE_BYTES = 900


@dataclass(frozen=True, slots=True)
class Written:
    """One PDF.

    Attributes:
        content: The file.
        first: First page in it, from 1 through all files.
        last: Last page in it.
        quality: Quality of its JPEG pictures.
    """

    content: bytes
    first: int
    last: int
    quality: int


def packed(pages: Sequence[Layers], most_bytes: int) -> tuple[Written, ...]:
    """Write pages into as few files as the limit allows, at the best quality for that.

    Args:
        pages: All pages.
        most_bytes: No file is larger, unless a page alone is.

    Returns:
        The files. Where even one page is too large for a file of its own, that file is larger than
        the limit.
    """
    last = len(QUALITIES) - 1
    smallest = _written(pages, last, most_bytes)
    for index in range(last):
        if len(_cut(pages, index, most_bytes)) <= len(smallest):
            found = _written(pages, index, most_bytes)
            if len(found) <= len(smallest) and _all_fit(found, most_bytes):
                return found
    return smallest


def _all_fit(files: Sequence[Written], most_bytes: int) -> bool:
    return all(len(one.content) <= most_bytes for one in files)


def written(pages: Sequence[Layers], index: int, first: int = 1) -> Written:
    """Write pages into one PDF.

    Args:
        pages: What is drawn on each.
        index: Of the quality.
        first: Number of the first page.
    """
    import pikepdf
    from pikepdf import Name

    with pikepdf.new() as pdf:
        for page in pages:
            _add(pdf, page, index)
        pdf.docinfo[Name.Creator] = "pks-kit"
        pdf.docinfo[Name.Subject] = "Pindaian yang diperkecil oleh pks-kit shrink"
        target = io.BytesIO()
        pdf.save(
            target,
            force_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return Written(target.getvalue(), first, first + len(pages) - 1, QUALITIES[index])


def _cut(pages: Sequence[Layers], index: int, most_bytes: int) -> list[int]:
    """Return how many pages each file gets, in their order, by the bytes of their pictures."""
    counts, room = [0], most_bytes - _FILE_BYTES
    for page in pages:
        needs = page.bytes_at(index) + _PAGE_BYTES + 40 * len(page.patches)
        if counts[-1] and needs > room:
            counts.append(0)
            room = most_bytes - _FILE_BYTES
        counts[-1] += 1
        room -= needs
    return counts


def _written(pages: Sequence[Layers], index: int, most_bytes: int) -> tuple[Written, ...]:
    found: list[Written] = []
    begin = 0
    while begin < len(pages):
        count = _cut(pages[begin:], index, most_bytes)[0]
        one = written(pages[begin : begin + count], index, begin + 1)
        while len(one.content) > most_bytes and count > 1:
            count -= 1
            one = written(pages[begin : begin + count], index, begin + 1)
        found.append(one)
        begin += count
    return tuple(found)


def _add(pdf: Any, layers: Layers, index: int) -> None:
    from pikepdf import Dictionary, Name

    width, height = layers.size
    rows, columns = layers.shape
    page = pdf.add_blank_page(page_size=(round(width, 3), round(height, 3)))
    drawn, pictures = [], Dictionary()

    def draw(
        name: str, stream: Any, area: tuple[int, int, int, int], size: tuple[int, int]
    ) -> None:
        stream.Type, stream.Subtype = Name.XObject, Name.Image
        stream.Width, stream.Height = size
        pictures[f"/{name}"] = stream
        left, top, right, bottom = area
        across, down = width / columns, height / rows
        drawn.append(
            f"q {(right - left) * across:.3f} 0 0 {(bottom - top) * down:.3f}"
            f" {left * across:.3f} {height - bottom * down:.3f} cm /{name} Do Q\n"
        )

    if layers.text:
        text = pdf.make_stream(layers.text)
        text.Filter, text.ColorSpace, text.BitsPerComponent = (
            Name.CCITTFaxDecode, Name.DeviceGray, 1
        )  # fmt: skip
        # Pillow writes 1 for white, G4 calls every 1 black: so the black of the code is a 1 here
        text.DecodeParms = Dictionary(K=-1, Columns=columns, Rows=rows, BlackIs1=True)
        draw("T", text, (0, 0, columns, rows), (columns, rows))
    for number, patch in enumerate(layers.patches):
        left, top, right, bottom = patch.area
        image = pdf.make_stream(patch.encoded[index])
        image.Filter, image.BitsPerComponent = Name.DCTDecode, 8
        image.ColorSpace = Name.DeviceRGB if patch.colour else Name.DeviceGray
        draw(f"P{number}", image, patch.area, (right - left, bottom - top))
    page.Resources = Dictionary(XObject=pictures)
    page.Contents = pdf.make_stream("".join(drawn).encode("ascii"))
