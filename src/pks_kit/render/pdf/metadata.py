"""Metadata of the finished file: XMP, document information, output intent, viewer wishes."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pks_kit.render.pdf.request import PdfRequest

CREATOR_TOOL = "pks-kit"
_OUTPUT_CONDITION = "sRGB2014"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>U</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:identifier>{identifier}</dc:identifier>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>id</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:MetadataDate>{date}</xmp:MetadataDate>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def pdf_date(moment: datetime) -> str:
    """Return a date as PDF writes it, for example ``D:20231220093000+07'00'``.

    Raises:
        ValueError: When ``moment`` has no time zone.
    """
    offset = moment.strftime("%z")
    if not offset:
        raise ValueError("a date in a PDF needs a time zone")
    return f"D:{moment:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"


def xmp_date(moment: datetime) -> str:
    """Return the same date as XMP writes it."""
    return moment.replace(microsecond=0).isoformat()


def xmp_packet(request: PdfRequest) -> bytes:
    """Return the XMP packet of a request; the edition follows the agreement id after a slash."""
    identifier = request.agreement_id + (f"/{request.edition}" if request.edition else "")
    return _XMP.format(
        identifier=escape(identifier),
        title=escape(request.title),
        author=escape(request.author),
        creator=escape(CREATOR_TOOL),
        producer=escape(request.producer),
        date=xmp_date(request.issued_at),
    ).encode("utf-8")


@cache
def srgb_profile() -> bytes:
    """Return the colour profile that the pages are meant for."""
    spec = find_spec("weasyprint")  # found, not imported: nothing is laid out here
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("weasyprint")
    return (Path(spec.origin).parent / "pdf" / "sRGB2014.icc").read_bytes()


def add_metadata(pdf: Any, request: PdfRequest) -> None:
    """Write XMP, document information, language, output intent and viewer preferences."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String

    packet = pikepdf.Stream(pdf, xmp_packet(request), Type=Name.Metadata, Subtype=Name.XML)
    date = String(pdf_date(request.issued_at))
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(request.title),
            Author=String(request.author),
            Creator=String(CREATOR_TOOL),
            Producer=String(request.producer),
            CreationDate=date,
            ModDate=date,
        )
    )
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name("/GTS_PDFA1"),
        OutputConditionIdentifier=String(_OUTPUT_CONDITION),
        Info=String(_OUTPUT_CONDITION),
        DestOutputProfile=pdf.make_indirect(pikepdf.Stream(pdf, srgb_profile(), N=3)),
    )
    root = pdf.Root
    root.Metadata = pdf.make_indirect(packet)
    root.Lang = String("id")
    root.OutputIntents = Array([pdf.make_indirect(intent)])
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.PageMode = Name.UseOutlines
