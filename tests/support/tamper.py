"""Ways to forge or spoil a file, each one function from bytes to bytes."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from support import signed_files


def appended(content: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Append one revision made by ``change``."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def replaced_byte(content: bytes, place: int, mask: int = 0x01) -> bytes:
    spoiled = bytearray(content)
    spoiled[place] ^= mask
    return bytes(spoiled)


def containers(content: bytes) -> list[tuple[int, int]]:
    """Return start and end of every hex container, in file order."""
    return [
        (match.start(1), match.end(1))
        for match in re.finditer(rb"/Contents <([0-9a-fA-F]{400,})>", content)
    ]


def new_annotation(writer: IncrementalPdfFileWriter) -> None:
    page = page_of(writer, 0)
    note = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): generic.ArrayObject(
                    [generic.NumberObject(n) for n in (60, 600, 300, 640)]
                ),
                pdf_name("/Contents"): generic.TextStringObject("Tarif diubah"),
                pdf_name("/DA"): generic.TextStringObject("/Helv 12 Tf 0 g"),
            }
        )
    )
    annotations = page.get("/Annots", generic.ArrayObject())
    page[pdf_name("/Annots")] = generic.ArrayObject([*annotations, note])
    writer.update_container(page)


def changed_content(writer: IncrementalPdfFileWriter) -> None:
    page = page_of(writer, 1)
    stream = page.raw_get("/Contents").get_object()
    stream._data = stream.data.replace(b"sepakat", b"batal!!")
    stream._encoded_data = None
    writer.mark_update(page.raw_get("/Contents").reference)


def new_page(writer: IncrementalPdfFileWriter) -> None:
    from pyhanko.pdf_utils.writer import PageObject

    content = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.insert_page(PageObject(contents=content, media_box=(0, 0, 595, 842)))


def other_catalog_entry(writer: IncrementalPdfFileWriter) -> None:
    writer.root[pdf_name("/ViewerPreferences")] = generic.DictionaryObject(
        {pdf_name("/HideToolbar"): generic.BooleanObject(True)}
    )
    writer.update_root()


def script(writer: IncrementalPdfFileWriter) -> None:
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(
        {
            pdf_name("/S"): pdf_name("/JavaScript"),
            pdf_name("/JS"): generic.TextStringObject("app.alert(1)"),
        }
    )
    writer.update_root()


def swapped_pages(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    kids = [pages["/Kids"].raw_get(place) for place in range(len(pages["/Kids"]))]
    pages[pdf_name("/Kids")] = generic.ArrayObject([kids[1], kids[0], *kids[2:]])
    writer.update_container(pages)


def stamp_picture(writer: IncrementalPdfFileWriter) -> None:
    """A stamp annotation with an appearance, and no signature."""
    form = generic.StreamObject(stream_data=b"1 0.6 0 rg 0 0 70 70 re f")
    form[pdf_name("/Type")] = pdf_name("/XObject")
    form[pdf_name("/Subtype")] = pdf_name("/Form")
    form[pdf_name("/BBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 70, 70)])
    page = page_of(writer, 1)
    rect = generic.ArrayObject([generic.NumberObject(n) for n in (250, 300, 320, 370)])
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Stamp"),
            pdf_name("/Rect"): rect,
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(form)}),
        }
    )
    page[pdf_name("/Annots")] = generic.ArrayObject(
        [*page.get("/Annots", ()), writer.add_object(note)]
    )
    writer.update_container(page)


def emptied_field(writer: IncrementalPdfFileWriter) -> None:
    """Take the value out of the first filled field: a signature stripped by an update."""
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if "/V" in field:
            del field["/V"]
            writer.update_container(field)
            return


def moved_field(writer: IncrementalPdfFileWriter) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field[pdf_name("/Rect")] = generic.ArrayObject(
        [generic.NumberObject(n) for n in (0, 0, 595, 842)]
    )
    writer.update_container(field)


def changed_box(writer: IncrementalPdfFileWriter) -> None:
    page = page_of(writer, 0)
    page[pdf_name("/CropBox")] = generic.ArrayObject(
        [generic.NumberObject(n) for n in (0, 0, 300, 400)]
    )
    writer.update_container(page)


def page_of(writer: IncrementalPdfFileWriter, index: int) -> Any:
    return writer.root["/Pages"]["/Kids"][index]


@cache
def bomb(levels: int = 1, mebibytes: int = 600) -> bytes:
    """A PDF whose page content swells to hundreds of MiB."""
    squeezer = zlib.compressobj(9)
    data = b"".join(squeezer.compress(bytes(1 << 20)) for _ in range(mebibytes))
    data += squeezer.flush()
    filters = ["/FlateDecode"]
    for _ in range(levels - 1):
        data = zlib.compress(data, 9)
        filters.append("/FlateDecode")
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            b"<< /Length %d /Filter [%s] >>\nstream\n%s\nendstream"
            % (len(data), " ".join(filters).encode(), data),
        ]
    )


@cache
def toil(pages: int = 120, words: int = 30_000) -> bytes:
    """A small and harmless PDF whose words take a reader seconds: all pages show them."""
    data = zlib.compress(b"BT /F1 9 Tf 72 700 Td (kata) Tj ET\n" * words)
    first = 5
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R "
        b"/Resources << /Font << /F1 4 0 R >> >> >>"
    )
    kids = b" ".join(b"%d 0 R" % (first + number) for number in range(pages))
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(data), data),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *[page] * pages,
        ]
    )


def raw_pdf(objects: list[bytes], trailer: bytes = b"", prev: int | None = None) -> bytes:
    """Write objects 1.. with a classic table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    back = b"/Prev %d " % (start if prev is None and b"LOOP" in trailer else prev or 0)
    back = back if prev is not None or b"LOOP" in trailer else b""
    extra = trailer.replace(b"LOOP", b"")
    out += b"trailer\n<< /Size %d /Root 1 0 R %s%s>>\n" % (len(objects) + 1, back, extra)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


PLAIN = [
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
]


def table_loop() -> bytes:
    return raw_pdf(PLAIN, trailer=b"LOOP")


def page_tree_loop() -> bytes:
    return raw_pdf([PLAIN[0], b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>", PLAIN[2]])


def deep_nesting(levels: int = 20_000) -> bytes:
    return raw_pdf([*PLAIN, b"[" * levels + b"]" * levels])


def encrypted() -> bytes:
    with pikepdf.open(io.BytesIO(signed_files.issued())) as pdf:
        target = io.BytesIO()
        pdf.save(target, encryption=pikepdf.Encryption(owner="pemilik", user=""))
    return target.getvalue()


def saved_again(content: bytes) -> bytes:
    """What "print to PDF", compressing or mending does: a full rewrite."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


def with_object(content: bytes, number: int, body: bytes, *, place: int | None = None) -> bytes:
    """Append a hand-made revision that defines one object, or points at ``place`` for it."""
    previous = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    size = int(re.findall(rb"/Size (\d+)", content)[-1])
    out = bytearray(content)
    if place is None:
        place = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\n" % (max(size, number + 1), previous)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
