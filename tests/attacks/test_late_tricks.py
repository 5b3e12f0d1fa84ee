"""Tricks on what is forgiven to honest programs, and on what a second signer may bring.

Most of them prepare something before the first signature that nobody sees, and a second signer,
whose certificate is good, gives it its meaning in the revision that he signs. None passes.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from support import forgeries, signed_files, tamper, third_party_pdfs
from support.judging import failures, judge, unknowns

Writer = IncrementalPdfFileWriter
Change = Callable[[Writer], None]
_dictionary, _numbers = forgeries._dictionary, forgeries._numbers
AWAITED = 300
"""Number of an object that nothing has when the first signature is made."""


def second_signer(content: bytes, change: Change) -> bytes:
    """Change something, and sign it in the same revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    target = io.BytesIO()
    signers.PdfSigner(
        signers.PdfSignatureMetadata(field_name="Kedua"),
        signer=signed_files._signer(third_party_pdfs.identity("p256", "Budi Hartono")),
        timestamper=signed_files.stamper_of(signed_files.world()),
        new_field_spec=fields.SigFieldSpec("Kedua", on_page=0, box=(60, 60, 260, 120)),
    ).sign_pdf(writer, output=target)
    return target.getvalue()


def form(writer: Writer, drawn: bytes = b"1 1 1 rg 0 0 340 300 re f") -> Any:
    look = generic.StreamObject(stream_data=drawn)
    kinds = {"Type": pdf_name("/XObject"), "Subtype": pdf_name("/Form")}
    look.update(_dictionary(BBox=_numbers(0, 0, 340, 300), **kinds))
    return look


def reserving(content: bytes) -> bytes:
    """Append a revision whose table reserves all numbers up to 400."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root, ids = pdf.Root.objgen[0], pdf.trailer.get("/ID", None)
    previous = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    told = b"" if ids is None else b"/ID [%s]" % b"".join(
        b"<%s>" % bytes(one).hex().encode() for one in ids)  # fmt: skip
    table = (
        b"xref\n0 0\ntrailer\n<< /Size 401 /Root %d 0 R /Prev %d %s >>\nstartxref\n%d\n%%%%EOF\n"
    )
    return content + table % (root, previous, told, len(content))


def waiting(where: str) -> bytes:
    """A page that leads to an object which is not there yet."""
    base = third_party_pdfs.base()

    def prepare(writer: Writer) -> None:
        page = tamper.page_of(writer, 0)
        later = generic.IndirectObject(AWAITED, 0, writer)
        if where == "annotation":
            page[pdf_name("/Annots")] = generic.ArrayObject([later])
        else:
            page["/Resources"][pdf_name("/XObject")] = _dictionary(Nanti=later)
        writer.update_container(page)

    return third_party_pdfs.signed(reserving(tamper.appended(base, prepare)))


def put(writer: Writer, value: Any) -> None:
    """Write an object under the awaited number."""
    writer.objects[(0, AWAITED)] = value
    value.container_ref = Reference(AWAITED, 0, writer)


def _awaited_annotation() -> bytes:
    def change(writer: Writer) -> None:
        look = writer.add_object(form(writer))
        put(writer, _dictionary(Type=pdf_name("/Annot"), Subtype=pdf_name("/Stamp"),
                                Rect=_numbers(60, 500, 400, 800),
                                AP=_dictionary(N=look)))  # fmt: skip

    return second_signer(waiting("annotation"), change)


def _awaited_form_as_extension() -> bytes:
    """The awaited form is declared as an extension too, where new objects are explained."""

    def change(writer: Writer) -> None:
        put(writer, form(writer))
        later = generic.IndirectObject(AWAITED, 0, writer)
        writer.root[pdf_name("/Extensions")] = _dictionary(UJI=later)
        writer.update_root()

    return second_signer(waiting("form"), change)


def _font_that_a_default_look_awaits() -> bytes:
    def prepare(writer: Writer) -> None:
        field = writer.root["/AcroForm"]["/Fields"][0].get_object()
        field[pdf_name("/DA")] = generic.TextStringObject("/Jebakan 10 Tf 0 g")
        writer.update_container(field)

    def change(writer: Writer) -> None:
        acro_form = writer.root["/AcroForm"]
        kinds = {"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Symbol"}
        named = _dictionary(**{key: pdf_name(one) for key, one in kinds.items()})
        acro_form[pdf_name("/DR")] = _dictionary(Font=_dictionary(Jebakan=named))
        writer.update_container(acro_form)

    prepared = tamper.appended(third_party_pdfs.with_text_fields(), prepare)
    return second_signer(third_party_pdfs.signed(prepared), change)


def _page_with_two_contents() -> bytes:
    """The first reader takes the old contents, the second the new ones."""
    content = third_party_pdfs.by_hand(third_party_pdfs.base(pages=2))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        page = pdf.pages[1].obj
        number, size = page.objgen[0], int(pdf.trailer.Size)
        body = third_party_pdfs._entries(page, set())
    drawn = b"%d 0 obj\n%s\nendobj\n" % (size, forgeries._DRAWN)
    twice = b"%d 0 obj\n<< %s /Contents %d 0 R >>\nendobj\n" % (number, body, size)
    rows = b"%d 1\n%010d 00000 n \n%d 1\n@ 00000 n \n" % (number, len(content) + len(drawn), size)
    late = forgeries._revision(content, drawn + twice, rows)
    return third_party_pdfs.by_hand(late, third_party_pdfs.Hand(name="Kedua"))


def _number_listed_twice() -> bytes:
    """One table lists the contents of a page twice, at the old place and at a new one."""
    content = third_party_pdfs.by_hand(third_party_pdfs.base(pages=2))
    number = forgeries._content_object(content)
    place = re.search(rb"(?m)^%d 0 obj" % number, content)
    assert place
    drawn = b"%d 0 obj\n%s\nendobj\n" % (number, forgeries._DRAWN)
    rows = b"%d 1\n%010d 00000 n \n%d 1\n@ 00000 n \n" % (number, place.start(), number)
    return forgeries._revision(content, drawn, rows)


def _second_container_in_the_padding() -> bytes:
    """Another good container stands behind the first one, in the digits that nobody signs."""
    content = third_party_pdfs.by_hand(
        third_party_pdfs.base(), third_party_pdfs.Hand(reserved=30_000)
    )
    start, end = tamper.containers(content)[0]
    whole = content[start:end].rstrip(b"0")
    whole += b"0" * (len(whole) % 2)
    room = end - start - 2 * len(whole)
    assert room > 0
    return content[:start] + whole + whole + b"0" * room + content[end:]


def _second_widget() -> bytes:
    """A signed field gets one more widget, which draws over the words."""
    content = third_party_pdfs.by_hand(third_party_pdfs.base(), third_party_pdfs.Hand(merged=False))

    def change(writer: Writer) -> None:
        field = writer.root["/AcroForm"]["/Fields"][0].get_object()
        look = writer.add_object(form(writer))
        widget = writer.add_object(
            _dictionary(Type=pdf_name("/Annot"), Subtype=pdf_name("/Widget"),
                        Rect=_numbers(60, 500, 400, 800), AP=_dictionary(N=look),
                        Parent=generic.IndirectObject(field.container_ref.idnum, 0, writer))
        )  # fmt: skip
        field["/Kids"].append(widget)
        writer.update_container(field)
        page = tamper.page_of(writer, 0)
        page["/Annots"].append(widget)
        writer.update_container(page)

    return second_signer(content, change)


def _layer_by_its_usage() -> bytes:
    """Only the layer itself says that it is shown now; the list of layers stays as it was."""

    def usage(state: str) -> Any:
        return _dictionary(View=_dictionary(ViewState=pdf_name(state)))

    def prepare(writer: Writer) -> None:
        layer = writer.add_object(
            _dictionary(Type=pdf_name("/OCG"), Name=generic.TextStringObject("Tarif"),
                        Usage=usage("/OFF"))
        )  # fmt: skip
        shown = _dictionary(Event=pdf_name("/View"), OCGs=generic.ArrayObject([layer]),
                            Category=generic.ArrayObject([pdf_name("/View")]))  # fmt: skip
        plan = _dictionary(AS=generic.ArrayObject([shown]), OFF=generic.ArrayObject([layer]))
        writer.root[pdf_name("/OCProperties")] = _dictionary(
            OCGs=generic.ArrayObject([layer]), D=plan
        )
        writer.update_root()

    def change(writer: Writer) -> None:
        layer = writer.root["/OCProperties"]["/OCGs"][0]
        layer[pdf_name("/Usage")] = usage("/ON")
        writer.update_container(layer)

    prepared = tamper.appended(third_party_pdfs.base(), prepare)
    return second_signer(third_party_pdfs.signed(prepared), change)


def _font_that_reads_as_something_else() -> bytes:
    """The page looks as ever, but who copies or searches its words gets others."""

    def change(writer: Writer) -> None:
        font = tamper.page_of(writer, 0)["/Resources"]["/Font"]["/F1"]
        lie = generic.StreamObject(stream_data=b"1 beginbfchar <31> <0039> endbfchar")
        font[pdf_name("/ToUnicode")] = writer.add_object(lie)
        writer.update_container(font)

    return second_signer(third_party_pdfs.signed(third_party_pdfs.base()), change)


def _title_behind_a_lost_filter() -> bytes:
    """Metadata loses its filter like iText's, and says something else at the same time."""
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><t>%s</t></x:xmpmeta>"
    with pikepdf.open(io.BytesIO(third_party_pdfs.base())) as pdf:
        stored = pdf.make_stream(zlib.compress(packet % b"Perjanjian"))
        stored.update({"/Type": pikepdf.Name.Metadata, "/Subtype": pikepdf.Name.XML})
        stored["/Filter"] = pikepdf.Name.FlateDecode
        pdf.Root["/Metadata"] = stored
        target = io.BytesIO()
        pdf.save(target, force_version="1.7", deterministic_id=True)
    content = third_party_pdfs.by_hand(target.getvalue())
    with pikepdf.open(io.BytesIO(content)) as pdf:
        number = pdf.Root.Metadata.objgen[0]
    late = packet % b"Surat lain"
    told = (
        b"%d 0 obj\n<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    )
    return forgeries._revision(
        content, told % (number, len(late), late), b"%d 1\n@ 00000 n \n" % number
    )


TRICKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "an annotation was awaited": (_awaited_annotation, "file.revisions/awaited_object"),
    "an awaited form is declared": (_awaited_form_as_extension, "file.revisions/awaited_object"),
    "a font was awaited": (_font_that_a_default_look_awaits, "file.revisions/form"),
    "two contents of a page": (_page_with_two_contents, "file.revisions/unreadable"),
    "a number twice in a table": (_number_listed_twice, "file.revisions/replaced_object"),
    "a second container": (
        _second_container_in_the_padding, "signature.integrity/unusual_encoding"),
    "a second widget": (_second_widget, "signature.changes/forbidden"),
    "a layer by its usage": (_layer_by_its_usage, "signature.changes/forbidden"),
    "other words behind the letters": (
        _font_that_reads_as_something_else, "signature.changes/forbidden"),
    "metadata without filter": (_title_behind_a_lost_filter, "file.revisions/metadata"),
}  # fmt: skip


@pytest.mark.parametrize("name", TRICKS)
def test_late_trick_does_not_pass(name: str) -> None:
    forge, reason = TRICKS[name]
    report = judge(forge(), jenis="umum")
    assert report.verdict != "passed"
    assert reason in failures(report) | unknowns(report)
