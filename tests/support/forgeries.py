"""A table of forgeries of a finished file: each takes the finished bytes and gives a forged copy.

None of them needs a key of a signer; ``test_forgery_table.py`` says what must refuse each.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from support import tamper

Forge = Callable[[bytes], bytes]
Writer = IncrementalPdfFileWriter


def _numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject([generic.FloatObject(value) for value in values])


def _dictionary(**entries: Any) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{key}"): one for key, one in entries.items()})


# --- bytes ------------------------------------------------------------------------------------


def byte_of_last_table(content: bytes) -> bytes:
    place = content.rindex(b" 00000 n") if b" 00000 n" in content else content.rindex(b"startxref")
    return tamper.replaced_byte(content, place - 1)


def byte_of_byte_range(content: bytes) -> bytes:
    place = content.rindex(b"/ByteRange [0 ") + len(b"/ByteRange [0 ")
    return tamper.replaced_byte(content, place)


def cut_by_one_byte(content: bytes) -> bytes:
    return content.rstrip(b"\r\n")[:-1]


def cut_in_half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def junk_behind(content: bytes) -> bytes:
    return content + b"\n% halaman pengganti\n%%EOF\n"


def junk_in_front(content: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + content


def older_start(content: bytes) -> bytes:
    """Point the end of the file at the reference table of the issued file."""
    first = re.search(rb"startxref\s+(\d+)", content)
    assert first
    last = content.rindex(b"startxref")
    return content[:last] + b"startxref\n" + first[1] + b"\n%%EOF\n"


def line_ends_of_windows(content: bytes) -> bytes:
    return content.replace(b"\n", b"\r\n")


def cleared_container(content: bytes) -> bytes:
    begin, end = tamper.containers(content)[0]
    return content[:begin] + b"0" * (end - begin) + content[end:]


def copied_container(content: bytes) -> bytes:
    """The first signature is given the value of the last one."""
    (begin, end), *_, (other, other_end) = tamper.containers(content)
    return content[:begin] + content[other:other_end][: end - begin] + content[end:]


# --- one appended revision --------------------------------------------------------------------


def _resources(writer: Writer) -> None:
    page = tamper.page_of(writer, 1)
    page[pdf_name("/Resources")] = _dictionary(Font=_dictionary())
    writer.update_container(page)


def _font(writer: Writer) -> None:
    """Other glyphs for the same codes: the words look different, the content is the same."""
    fonts = tamper.page_of(writer, 1)["/Resources"]["/Font"]
    font = fonts[next(iter(fonts))]
    font[pdf_name("/Encoding")] = _dictionary(
        Differences=generic.ArrayObject([generic.NumberObject(48), pdf_name("/nine")])
    )
    writer.update_container(font)


def _image(writer: Writer) -> None:
    picture = generic.StreamObject(stream_data=b"\xff\xff\xff")
    picture.update(
        _dictionary(
            Type=pdf_name("/XObject"),
            Subtype=pdf_name("/Image"),
            Width=generic.NumberObject(1),
            Height=generic.NumberObject(1),
            BitsPerComponent=generic.NumberObject(8),
            ColorSpace=pdf_name("/DeviceRGB"),
        )
    )
    page = tamper.page_of(writer, 1)
    held = page["/Resources"]
    held[pdf_name("/XObject")] = _dictionary(Putih=writer.add_object(picture))
    writer.update_container(held)


def _content_appended(writer: Writer) -> None:
    page = tamper.page_of(writer, 1)
    drawn = generic.StreamObject(stream_data=b"1 1 1 rg 60 400 400 300 re f")
    old = page.raw_get("/Contents")
    before = list(old) if isinstance(old, generic.ArrayObject) else [old]
    page[pdf_name("/Contents")] = generic.ArrayObject([*before, writer.add_object(drawn)])
    writer.update_container(page)


def _layers(writer: Writer) -> None:
    layer = writer.add_object(
        _dictionary(Type=pdf_name("/OCG"), Name=generic.TextStringObject("lapis"))
    )
    writer.root[pdf_name("/OCProperties")] = _dictionary(
        OCGs=generic.ArrayObject([layer]), D=_dictionary(OFF=generic.ArrayObject([layer]))
    )
    writer.update_root()


def _catalog_entry(name: str, value: Callable[[], Any]) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        writer.root[pdf_name(name)] = value()
        writer.update_root()

    return change


def _page_entry(name: str, value: Callable[[], Any]) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        page = tamper.page_of(writer, 1)
        page[pdf_name(name)] = value()
        writer.update_container(page)

    return change


def _page_removed(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    kids = [pages["/Kids"].raw_get(place) for place in range(len(pages["/Kids"]))]
    pages[pdf_name("/Kids")] = generic.ArrayObject(kids[:-1])
    pages[pdf_name("/Count")] = generic.NumberObject(int(pages["/Count"]) - 1)
    writer.update_container(pages)


def _page_twice(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    kids = [pages["/Kids"].raw_get(place) for place in range(len(pages["/Kids"]))]
    pages[pdf_name("/Kids")] = generic.ArrayObject([*kids, kids[0]])
    pages[pdf_name("/Count")] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages)


def _filled(writer: Writer) -> list[Any]:
    fields = [reference.get_object() for reference in writer.root["/AcroForm"]["/Fields"]]
    return [field for field in fields if "/V" in field]


def _field_entry(name: str, value: Callable[[Writer], Any]) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        field = _filled(writer)[0]
        field[pdf_name(name)] = value(writer)
        writer.update_container(field)

    return change


def _appearance(writer: Writer) -> Any:
    form = generic.StreamObject(stream_data=b"0 0 70 70 re f")
    form.update(
        _dictionary(
            Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=_numbers(0, 0, 70, 70)
        )
    )
    return _dictionary(N=writer.add_object(form))


def _swapped_values(writer: Writer) -> None:
    first, *_, last = (field for field in _filled(writer) if str(field["/T"]).startswith("TTD"))
    one, other = first.raw_get("/V"), last.raw_get("/V")
    first[pdf_name("/V")], last[pdf_name("/V")] = other, one
    writer.update_container(first)
    writer.update_container(last)


def _other_byte_range(writer: Writer) -> None:
    value = _filled(writer)[0]["/V"]
    value[pdf_name("/ByteRange")] = _numbers(0, 10, 20, 10)
    writer.update_container(value)


def _same_name(writer: Writer) -> None:
    page = writer.root["/Pages"]["/Kids"].raw_get(1)
    twin = _dictionary(
        FT=pdf_name("/Sig"),
        T=generic.TextStringObject("TTD_PIHAK_KESATU"),
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/Widget"),
        Rect=_numbers(80, 100, 240, 170),
        P=page,
        V=_filled(writer)[-1].raw_get("/V"),
    )
    _new_field(writer, twin)


def _new_field(writer: Writer, field: generic.DictionaryObject) -> None:
    form = writer.root["/AcroForm"]
    listed = [form["/Fields"].raw_get(place) for place in range(len(form["/Fields"]))]
    form[pdf_name("/Fields")] = generic.ArrayObject([*listed, writer.add_object(field)])
    writer.update_container(form)


def _empty_field(writer: Writer) -> None:
    _new_field(
        writer,
        _dictionary(
            FT=pdf_name("/Sig"), T=generic.TextStringObject("TTD_LAIN"), Rect=_numbers(0, 0, 0, 0)
        ),
    )


def _text_field(writer: Writer) -> None:
    _new_field(
        writer,
        _dictionary(
            FT=pdf_name("/Tx"),
            T=generic.TextStringObject("Tarif"),
            V=generic.TextStringObject("Rp99.999"),
            Type=pdf_name("/Annot"),
            Subtype=pdf_name("/Widget"),
            Rect=_numbers(60, 400, 300, 500),
            P=writer.root["/Pages"]["/Kids"].raw_get(1),
        ),
    )


def _field_left_out(writer: Writer) -> None:
    form = writer.root["/AcroForm"]
    listed = [form["/Fields"].raw_get(place) for place in range(len(form["/Fields"]))]
    form[pdf_name("/Fields")] = generic.ArrayObject(listed[:-1])
    writer.update_container(form)


def _form_entry(name: str, value: Callable[[], Any]) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        form = writer.root["/AcroForm"]
        form[pdf_name(name)] = value()
        writer.update_container(form)

    return change


def _attachment_replaced(writer: Writer) -> None:
    names = writer.root["/Names"]["/EmbeddedFiles"]
    while "/Names" not in names:
        names = names["/Kids"][0]
    stream = names["/Names"][1]["/EF"]["/F"]
    stream._data, stream._encoded_data = b'{"tarif": 1}', None
    writer.update_container(stream)


def _attachment_added(writer: Writer) -> None:
    held = generic.StreamObject(stream_data=b"tambahan")
    spec = _dictionary(
        Type=pdf_name("/Filespec"),
        F=generic.TextStringObject("tambahan.txt"),
        EF=_dictionary(F=writer.add_object(held)),
    )
    writer.root[pdf_name("/AF")] = generic.ArrayObject([writer.add_object(spec)])
    writer.update_root()


def _title(writer: Writer) -> None:
    writer.set_info(_dictionary(Title=generic.TextStringObject("PKS 2031")))


def _dss_with_junk(writer: Writer) -> None:
    junk = writer.add_object(generic.StreamObject(stream_data=b"bukan sertifikat"))
    writer.root[pdf_name("/DSS")] = _dictionary(Certs=generic.ArrayObject([junk]))
    writer.update_root()


def _dss_over_content(writer: Writer) -> None:
    tamper.changed_content(writer)
    content = tamper.page_of(writer, 1).raw_get("/Contents")
    writer.root[pdf_name("/DSS")] = _dictionary(Certs=generic.ArrayObject([content]))
    writer.update_root()


def _nothing(writer: Writer) -> None:
    writer.update_root()


# --- hand-made tables -------------------------------------------------------------------------


def _content_object(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        drawn = pdf.pages[1].obj.Contents
        return int((drawn[0] if isinstance(drawn, Array) else drawn).objgen[0])


def _revision(content: bytes, objects: bytes, rows: bytes, entries: bytes = b"") -> bytes:
    """Append raw objects with a raw table; ``rows`` may hold ``%d`` for the first object."""
    previous = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    with pikepdf.open(io.BytesIO(content)) as pdf:
        size = max(len(pdf.objects) + 50, int(pdf.trailer.Size))
        root = pdf.Root.objgen[0]
        ids = b"".join(b"<%s>" % bytes(one).hex().encode() for one in pdf.trailer.get("/ID", ()))
    body = content + objects
    start = len(body)
    body += b"xref\n" + rows.replace(b"@", b"%010d" % len(content))
    names = b"/Size %d /Prev %d " % (size, previous)
    if b"/Root" not in entries:
        names += b"/Root %d 0 R " % root
    if ids:
        names += b"/ID [%s] " % ids
    return body + b"trailer\n<< %s%s >>\nstartxref\n%d\n%%%%EOF\n" % (names, entries, start)


_DRAWN = b"<< /Length 28 >>\nstream\n1 1 1 rg 60 400 400 300 re f\nendstream"


def other_generation(content: bytes) -> bytes:
    """Many viewers look only at the number of an object, not at its generation."""
    number = _content_object(content)
    return _revision(
        content, b"%d 1 obj\n%s\nendobj\n" % (number, _DRAWN), b"%d 1\n@ 00001 n \n" % number
    )


def freed_object(content: bytes) -> bytes:
    number = _content_object(content)
    return _revision(content, b"", b"%d 1\n0000000000 00001 f \n" % number)


def redrawn_object(content: bytes) -> bytes:
    number = _content_object(content)
    return _revision(
        content, b"%d 0 obj\n%s\nendobj\n" % (number, _DRAWN), b"%d 1\n@ 00000 n \n" % number
    )


def unlisted_object(content: bytes) -> bytes:
    """A viewer that repairs files finds this object, one that reads the table does not."""
    number = _content_object(content)
    return _revision(content, b"%d 0 obj\n%s\nendobj\n" % (number, _DRAWN), b"0 0\n")


def other_root(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pages = pdf.Root.Pages.objgen[0]
        number = len(pdf.objects) + 20
    body = b"%d 0 obj\n<< /Type /Catalog /Pages %d 0 R >>\nendobj\n" % (number, pages)
    return _revision(content, body, b"%d 1\n@ 00000 n \n" % number, b"/Root %d 0 R" % number)


def hybrid_table(content: bytes) -> bytes:
    """A classic table that is empty, and a stream beside it that some viewers prefer."""
    number = _content_object(content)
    drawn = b"%d 0 obj\n%s\nendobj\n" % (number, _DRAWN)
    place = len(content) + len(drawn)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        stream_number = len(pdf.objects) + 30
    row = b"\x01" + len(content).to_bytes(4, "big") + b"\x00"
    stream = b"%d 0 obj\n<< /Type /XRef /W [1 4 1] /Index [%d 1] /Size %d /Length 6 >>\n" % (
        stream_number,
        number,
        stream_number + 1,
    )
    stream += b"stream\n" + row + b"\nendstream\nendobj\n"
    return _revision(content, drawn + stream, b"0 0\n", b"/XRefStm %d" % place)


# --- the whole file written again -------------------------------------------------------------


def _saved(
    content: bytes, change: Callable[[pikepdf.Pdf], None] | None = None, **how: Any
) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if change is not None:
            change(pdf)
        target = io.BytesIO()
        pdf.save(target, **how)
    return target.getvalue()


def compressed(content: bytes) -> bytes:
    return _saved(
        content, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True
    )


def linearised(content: bytes) -> bytes:
    return _saved(content, linearize=True)


def locked(content: bytes) -> bytes:
    return _saved(content, encryption=pikepdf.Encryption(owner="pemilik", user=""))


def first_pages_only(content: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[2:]

    return _saved(content, change)


def merged(content: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.add_blank_page(page_size=(595, 842))

    return _saved(content, change)


def flattened(content: bytes) -> bytes:
    """Signatures turned into pictures, as printing to PDF does."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.flatten_annotations("all")
        if "/AcroForm" in pdf.Root:
            del pdf.Root.AcroForm
        for page in pdf.pages:
            if "/Annots" in page.obj:
                del page.obj.Annots

    return _saved(content, change)


def pictures_of_stamps(content: bytes) -> bytes:
    """Form fields stay, their values are gone."""

    def change(pdf: pikepdf.Pdf) -> None:
        for field in pdf.Root.AcroForm.Fields:
            if "/V" in field:
                del field["/V"]

    return _saved(content, change)


def renamed_fields(content: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        for field in pdf.Root.AcroForm.Fields:
            field.T = String(str(field.T) + "_X")

    return _saved(content, change)


def certified_by_hand(content: bytes) -> bytes:
    """A permission dictionary that calls the first signature a certification."""

    def change(pdf: pikepdf.Pdf) -> None:
        value = next(f.V for f in pdf.Root.AcroForm.Fields if "/V" in f)
        pdf.Root.Perms = Dictionary(DocMDP=value)

    return _saved(content, change)


def _appended(change: Callable[[Writer], None]) -> Forge:
    return lambda content: tamper.appended(content, change)


_TEXT = generic.TextStringObject
_BYTES: dict[str, Forge] = {
    one.__name__: one
    for one in (
        byte_of_last_table, byte_of_byte_range, cut_by_one_byte, cut_in_half, junk_behind,
        junk_in_front, older_start, line_ends_of_windows, cleared_container, copied_container,
        other_generation, freed_object, redrawn_object, unlisted_object, other_root, hybrid_table,
        compressed, linearised, locked, first_pages_only, merged, flattened, pictures_of_stamps,
        renamed_fields, certified_by_hand,
    )
}  # fmt: skip
_REVISIONS: dict[str, Callable[[Writer], None]] = {
    "resources": _resources,
    "font": _font,
    "image": _image,
    "content_appended": _content_appended,
    "layers": _layers,
    "language": _catalog_entry("/Lang", lambda: _TEXT("en")),
    "outlines": _catalog_entry("/Outlines", lambda: _dictionary(Count=generic.NumberObject(0))),
    "labels": _catalog_entry("/PageLabels", lambda: _dictionary(Nums=generic.ArrayObject([]))),
    "dests": _catalog_entry("/Dests", _dictionary),
    "perms": _catalog_entry("/Perms", _dictionary),
    "rotated": _page_entry("/Rotate", lambda: generic.NumberObject(180)),
    "cropped": _page_entry("/CropBox", lambda: _numbers(0, 0, 595, 200)),
    "resized": _page_entry("/MediaBox", lambda: _numbers(0, 0, 595, 500)),
    "user_unit": _page_entry("/UserUnit", lambda: generic.FloatObject(2)),
    "page_action": _page_entry("/AA", lambda: _dictionary(O=_dictionary(S=pdf_name("/Named")))),
    "page_removed": _page_removed,
    "page_twice": _page_twice,
    "appearance": _field_entry("/AP", _appearance),
    "hidden": _field_entry("/F", lambda _: generic.NumberObject(2)),
    "renamed": _field_entry("/T", lambda _: _TEXT("TTD_LAIN")),
    "swapped_values": _swapped_values,
    "other_byte_range": _other_byte_range,
    "same_name": _same_name,
    "empty_field": _empty_field,
    "text_field": _text_field,
    "field_left_out": _field_left_out,
    "need_appearances": _form_entry("/NeedAppearances", lambda: generic.BooleanObject(True)),
    "xfa": _form_entry("/XFA", lambda: _TEXT("<xdp/>")),
    "signature_flags": _form_entry("/SigFlags", lambda: generic.NumberObject(0)),
    "attachment_replaced": _attachment_replaced,
    "attachment_added": _attachment_added,
    "title": _title,
    "dss_with_junk": _dss_with_junk,
    "dss_over_content": _dss_over_content,
    "nothing": _nothing,
}

FORGERIES: dict[str, Forge] = _BYTES | {name: _appended(one) for name, one in _REVISIONS.items()}
"""Name of each forgery and how it is made from a finished file."""
