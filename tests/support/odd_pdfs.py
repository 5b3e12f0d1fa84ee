"""PDFs with one oddity after another, made with pikepdf: what may run, odd names, odd sizes.

Every oddity is a function that changes an open PDF, or one that changes the finished bytes.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pikepdf
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pikepdf import Array, Dictionary, Name, Pdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation import dss

Change = Callable[[Pdf], None]
Spoil = Callable[[bytes], bytes]

ACTIONS = (
    *("GoTo", "GoToR", "GoToE", "GoToDp", "Launch", "Thread", "URI", "Sound", "Movie", "Hide"),
    *("Named", "SubmitForm", "ResetForm", "ImportData", "SetOCGState", "Rendition", "Trans"),
    *("GoTo3DView", "JavaScript", "RichMediaExecute", "Coba"),
)
"""Table 201 of ISO 32000-2, and one that nobody knows."""
ANNOTATIONS = (
    *("Text", "Link", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight"),
    *("Underline", "Squiggly", "StrikeOut", "Caret", "Stamp", "Ink", "Popup", "FileAttachment"),
    *("Sound", "Movie", "Screen", "Widget", "PrinterMark", "TrapNet", "Watermark", "3D", "Redact"),
    *("Projection", "RichMedia"),
)
"""Table 171 of ISO 32000-2."""
ODD_NAMES = ("AA", "JS", "XFA", "OPI", "F", "S", "Ref", "EF", "RichMediaContent", "Subtype", "URI")
"""Words that mean something elsewhere, as names of resources."""
NAME_TREES = ("Dests", "AP", "JavaScript", "Pages", "Templates", "IDS", "URLS", "Renditions")


def plain(pages: int = 1) -> Pdf:
    """A contract as plain as can be."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[-1]
        page.Resources = Dictionary(Font=Dictionary(F1=_font()))
        page.Contents = pdf.make_stream(b"BT /F1 12 Tf 60 700 Td (Perjanjian) Tj ET")
    return pdf


def saved(pdf: Pdf, how: str = "plain") -> bytes:
    """The bytes; ``how`` is a way to write a PDF."""
    target = io.BytesIO()
    as_made: Any = {
        "stream_decode_level": pikepdf.StreamDecodeLevel.none,
        "compress_streams": False,
    }
    if how == "object_streams":
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, **as_made)
    elif how == "linearised":
        pdf.save(target, linearize=True, **as_made)
    elif how == "locked":
        pdf.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
    elif how == "restricted":
        pdf.save(target, encryption=pikepdf.Encryption(owner="a", user=""))
    else:
        pdf.save(target, **as_made)
    return target.getvalue()


WAYS = ("plain", "object_streams", "linearised", "locked", "restricted")


def _font() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def _action(kind: str) -> Dictionary:
    action = Dictionary(S=Name("/" + kind))
    if kind == "URI":
        action.URI = pikepdf.String("https://contoh.invalid")
    if kind == "GoTo":
        action.D = Array([0, Name.Fit])
    return action


def _annotate(pdf: Pdf, annotation: Dictionary) -> None:
    page = pdf.pages[0]
    found = page.obj.get("/Annots", Array())
    found.append(annotation if annotation.is_indirect else pdf.make_indirect(annotation))
    page.Annots = found


def opens_with(kind: str) -> Change:
    return lambda pdf: pdf.Root.__setitem__("/OpenAction", _action(kind))


def opens_with_jump(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])


def link(kind: str) -> Change:
    return lambda pdf: _annotate(
        pdf, Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], A=_action(kind))
    )


def chained(kind: str) -> Change:
    def change(pdf: Pdf) -> None:
        first = _action("GoTo")
        first.Next = Array([_action("GoTo"), pdf.make_indirect(_action(kind))])
        _annotate(pdf, Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], A=first))

    return change


def page_event(kind: str) -> Change:
    return lambda pdf: pdf.pages[0].obj.__setitem__("/AA", Dictionary(O=_action(kind)))


def disguised_event(kind: str) -> Change:
    """Events whose dictionary calls itself something else."""
    return lambda pdf: pdf.pages[0].obj.__setitem__(
        "/AA", Dictionary(Type=Name.Font, O=_action(kind))
    )


def litter(kind: str) -> Change:
    return lambda pdf: pdf.Root.__setitem__("/Sisa", pdf.make_indirect(_action(kind)))


def annotation(kind: str) -> Change:
    def change(pdf: Pdf) -> None:
        made = pdf.make_indirect(Dictionary(Subtype=Name("/" + kind), Rect=[9, 9, 90, 90]))
        if kind == "Widget":
            made.FT, made.T = Name.Sig, pikepdf.String("TTD")
            form = pdf.Root.get("/AcroForm", Dictionary(Fields=Array()))
            form.Fields.append(made)
            pdf.Root.AcroForm = form
        _annotate(pdf, made)

    return change


def font_called(name: str) -> Change:
    return lambda pdf: pdf.pages[0].obj.Resources.Font.__setitem__("/" + name, _font())


def shared_font_called(name: str) -> Change:
    return lambda pdf: pdf.pages[0].obj.Resources.Font.__setitem__(
        "/" + name, pdf.make_indirect(_font())
    )


def picture_called(name: str) -> Change:
    def change(pdf: Pdf) -> None:
        form = pdf.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form)
        form.BBox = Array([0, 0, 9, 9])
        pdf.pages[0].obj.Resources.XObject = Dictionary({"/" + name: form})

    return change


def script_as(value: str) -> Change:
    """A script without the word JavaScript."""

    def change(pdf: Pdf) -> None:
        text = b"app.alert(1)"
        held = pdf.make_stream(text) if value == "stream" else pikepdf.String(text.decode())
        pdf.Root.Sisa = Dictionary(JS=held)

    return change


def name_tree(kind: str) -> Change:
    return lambda pdf: pdf.Root.__setitem__(
        "/Names", Dictionary({"/" + kind: Dictionary(Names=Array())})
    )


def form(*, xfa: str) -> Change:
    def change(pdf: Pdf) -> None:
        made = pdf.Root.get("/AcroForm", Dictionary(Fields=Array()))
        if xfa == "stream":
            made.XFA = pdf.make_stream(b"<xdp/>")
        elif xfa == "disguised":
            made.XFA = pdf.make_stream(b"<xdp/>", Type=Name.XObject, Subtype=Name.Form)
        elif xfa == "list":
            made.XFA = Array([pikepdf.String("template"), pdf.make_stream(b"<t/>")])
        elif xfa == "text":
            made.XFA = pikepdf.String("x")
        pdf.Root.AcroForm = made

    return change


def nested(depth: int, *, inside: str | None = None) -> Change:
    def change(pdf: Pdf) -> None:
        value: pikepdf.Object = Array() if inside is None else _action(inside)
        for _ in range(depth):
            value = Array([value])
        pdf.Root.Sisa = value

    return change


def stream_with(**entries: object) -> Change:
    return lambda pdf: pdf.Root.__setitem__("/Sisa", pdf.make_stream(b"0 0 9 9 re f", **entries))


def squeezed(filters: Iterable[str]) -> Change:
    """A stream behind several filters."""

    def change(pdf: Pdf) -> None:
        content = b"0 0 9 9 re f"
        names = list(filters)
        for one in reversed(names):
            content = zlib.compress(content) if one == "FlateDecode" else content.hex().encode()
        made = pdf.make_stream(b"")
        made.write(content, filter=Array([Name("/" + one) for one in names]))
        pdf.Root.Sisa = made

    return change


def picture_of(width: int, height: int) -> Change:
    return stream_with(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        BitsPerComponent=1,
        ColorSpace=Name.DeviceGray,
    )


def swelling_to(size: int) -> Change:
    def change(pdf: Pdf) -> None:
        made = pdf.make_stream(b"")
        made.write(zlib.compress(bytes(size), 9), filter=Name.FlateDecode)
        pdf.Root.Sisa = made

    return change


def broken_stream(pdf: Pdf) -> None:
    made = pdf.make_stream(b"")
    made.write(b"x\x9cbukan zlib", filter=Name.FlateDecode)
    pdf.Root.Sisa = made


def forms_in_circles(pdf: Pdf) -> None:
    made = pdf.make_stream(b"/N Do", Type=Name.XObject, Subtype=Name.Form)
    made.BBox = Array([0, 0, 9, 9])
    made.Resources = Dictionary(XObject=Dictionary(N=made))
    pdf.pages[0].obj.Resources.XObject = Dictionary(N=made)


def attached(name: str, content: bytes) -> Change:
    return lambda pdf: pdf.attachments.__setitem__(
        name, pikepdf.AttachedFileSpec(pdf, content, filename=name)
    )


def sheet(width: float, height: float) -> Change:
    return lambda pdf: pdf.pages[0].obj.__setitem__("/MediaBox", Array([0, 0, width, height]))


def turned(degrees: int) -> Change:
    return lambda pdf: pdf.pages[0].obj.__setitem__("/Rotate", degrees)


def layers(pdf: Pdf) -> None:
    pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary())


CHANGES: dict[str, Change] = {
    **{f"opens with {kind}": opens_with(kind) for kind in ACTIONS},
    "opens with a jump": opens_with_jump,
    **{f"link {kind}": link(kind) for kind in ACTIONS},
    **{f"chain {kind}": chained(kind) for kind in ACTIONS},
    **{f"event {kind}": page_event(kind) for kind in ACTIONS},
    **{f"disguised event {kind}": disguised_event(kind) for kind in ACTIONS},
    **{f"litter {kind}": litter(kind) for kind in ACTIONS},
    **{f"annotation {kind}": annotation(kind) for kind in ANNOTATIONS},
    **{f"font {name}": font_called(name) for name in ODD_NAMES},
    **{f"shared font {name}": shared_font_called(name) for name in ODD_NAMES},
    **{f"picture {name}": picture_called(name) for name in ODD_NAMES},
    **{f"script as {value}": script_as(value) for value in ("text", "stream")},
    **{f"names {kind}": name_tree(kind) for kind in NAME_TREES},
    **{f"form {xfa}": form(xfa=xfa) for xfa in ("", "stream", "disguised", "list", "text")},
    **{f"nested {depth}": nested(depth) for depth in (10, 39, 40, 41, 45, 58, 59, 60, 61, 80)},
    "hidden deep": nested(30, inside="Launch"),
    "hidden deeper": nested(50, inside="Launch"),
    "external stream": stream_with(F=pikepdf.String("/etc/passwd")),
    "PostScript": stream_with(Type=Name.XObject, Subtype=Name.PS),
    "reference": stream_with(Subtype=Name.Form, Ref=Dictionary(F=pikepdf.String("lain.pdf"))),
    "OPI": stream_with(OPI=Dictionary()),
    "one filter": squeezed(["FlateDecode"]),
    "two filters": squeezed(["FlateDecode", "FlateDecode"]),
    "three filters": squeezed(["FlateDecode"] * 3),
    "digits": squeezed(["ASCIIHexDecode", "FlateDecode"]),
    "picture at the limit": picture_of(12_000, 10_000),
    "picture too large": picture_of(12_000, 10_001),
    "broken stream": broken_stream,
    "forms in circles": forms_in_circles,
    "attachment": attached("rincian.csv", b"a;b"),
    "attached program": attached("rincian.exe", b"a;b"),
    "attached disguise": attached("rincian.csv", b"MZ\x90\x00"),
    "sheet too small": sheet(0.5, 842),
    "sheet too large": sheet(595, 14_401),
    "sheet at the limit": sheet(595, 14_400),
    "turned": turned(90),
    "layers": layers,
}


def without_end(content: bytes) -> bytes:
    return content[: content.rindex(b"%%EOF")]


def lost_table(content: bytes) -> bytes:
    """What many programs repair in silence: the place of the table is wrong."""
    head, _, _ = content.rpartition(b"startxref")
    return head + b"startxref\n7\n%%EOF\n"


def with_zip_behind(content: bytes) -> bytes:
    entry = b"PK\x01\x02" + bytes(42)
    end = b"PK\x05\x06" + bytes(4) + b"\x01\x00\x01\x00" + len(entry).to_bytes(4, "little")
    return content + entry + end + len(content).to_bytes(4, "little") + bytes(2)


SPOILS: dict[str, Spoil] = {
    "as it is": lambda content: content,
    "words behind": lambda content: content + b"tambahan",
    "a line behind": lambda content: content + b"\n\n",
    "words in front": lambda content: b"tambahan\n" + content,
    "cut": lambda content: content[: len(content) // 2],
    "without end": without_end,
    "lost table": lost_table,
    "ZIP behind": with_zip_behind,
    "web page": lambda content: content.replace(b"%PDF-1.", b"%PDF-1.", 1).replace(
        b"\n", b"\n%<html>\n", 1
    ),
    "other version": lambda content: b"%PDF-9.9" + content[8:],
    "empty": lambda content: b"",
}


def appended(content: bytes) -> bytes:
    """One empty revision more."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.root["/PageMode"] = generic.NameObject("/UseNone")
    writer.update_root()
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def with_material(content: bytes) -> bytes:
    """One revision more that only stores validation material, as archiving does."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    dss.DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=[any_certificate()])
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def before_the_end(inside: bytes) -> Spoil:
    """Bytes that no table lists, behind the last table of a file."""

    def spoil(content: bytes) -> bytes:
        place = content.rindex(b"startxref")
        return content[:place] + inside + content[place:]

    return spoil


REVISION_TRICKS: dict[str, Spoil] = {
    "hidden end": before_the_end(b"% startxref\n"),
    "unlisted object": before_the_end(b"\n9 0 obj\nnull\nendobj\n"),
    "words behind": lambda content: content + b"% tambahan\n",
    "whole file behind": lambda content: content + saved(plain(2)),
}


@cache
def any_certificate() -> asn1_x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Akar Contoso")])
    day = datetime(2023, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(day)
        .not_valid_after(day + timedelta(days=900))
        .sign(key, hashes.SHA256())
    )
    return asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))
