"""Does a finished file keep what it claims? Our own check of PDF/A-3u and of our promises.

It covers what can be decided without a full validator: metadata, output intent, fonts and their
text maps, associated files, annotations, forbidden actions and filters, transparency, page sizes,
furniture. Each broken claim is one sentence. Which files are checked says ``second_look``.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Iterator
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from pks_kit.render.fonts import ALLOWED_FONTS
from pks_kit.render.page_geometry import sheet_of
from pks_kit.render.pdf.font_merge import read_to_unicode
from pks_kit.render.pdf.metadata import pdf_date

_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}
_FORBIDDEN_KEYS = frozenset({"/JS", "/AA", "/OpenAction", "/XFA", "/NeedAppearances"})
_ALLOWED_FILTERS = frozenset({"/FlateDecode"})
_ALLOWED_ANNOTATIONS = frozenset({"/Link", "/Widget"})
_FONT_OR_TEXT = re.compile(rb"/([^\s/<>\[\]()]+) [-0-9.]+ Tf|<([0-9a-fA-F]*)>")
_PRINT, _HIDDEN = 4, 1 | 2 | 32


def check_claims(content: bytes) -> tuple[str, ...]:
    """Return every broken claim, in English, or an empty tuple.

    Args:
        content: A finished PDF before any signature.
    """
    import pikepdf

    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            return tuple(_all_problems(content, pdf))
    except pikepdf.PasswordError:
        return ("the file is encrypted",)
    except pikepdf.PikepdfError as error:
        return (f"not a readable PDF: {error}",)


def _all_problems(content: bytes, pdf: Any) -> Iterator[str]:
    if not content.startswith(b"%PDF-1.7\n"):
        yield "the header does not say PDF 1.7"
    if pdf.is_encrypted:
        yield "the file is encrypted"
    if "/ID" not in pdf.trailer:
        yield "the trailer has no file identifier"
    if pdf.get_warnings():
        yield "the file structure is damaged"
    yield from _metadata_problems(pdf)
    yield from _catalog_problems(pdf.Root)
    yield from _object_problems(pdf)
    yield from _attachment_problems(pdf.Root)
    maps: dict[Any, frozenset[int]] = {}
    for number, page in enumerate(pdf.pages, start=1):
        for problem in _page_problems(page, maps):
            yield f"page {number}: {problem}"


def _metadata_problems(pdf: Any) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "there is no XMP metadata"
        return
    try:
        xmp = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())  # noqa: S314
    except ElementTree.ParseError:
        yield "the XMP metadata is not well formed"
        return
    info = pdf.trailer.get("/Info", {})

    def text(path: str) -> str:
        return (xmp.findtext(f".//{path}", namespaces=_NAMESPACES) or "").strip()

    if (text("pdfaid:part"), text("pdfaid:conformance")) != ("3", "U"):
        yield "XMP does not claim PDF/A-3u"
    pairs = {
        "/Title": text("dc:title/rdf:Alt/rdf:li"),
        "/Author": text("dc:creator/rdf:Seq/rdf:li"),
        "/Creator": text("xmp:CreatorTool"),
        "/Producer": text("pdf:Producer"),
        "/CreationDate": _as_pdf_date(text("xmp:CreateDate")),
        "/ModDate": _as_pdf_date(text("xmp:ModifyDate")),
    }
    for key, value in pairs.items():
        if not value or str(info.get(key, "")).strip() != value:
            yield f"XMP and document information differ in {key}"


def _as_pdf_date(text: str) -> str:
    from datetime import datetime

    try:
        return pdf_date(datetime.fromisoformat(text))
    except ValueError:
        return ""


def _catalog_problems(root: Any) -> Iterator[str]:
    intents = root.get("/OutputIntents", [])
    if len(intents) != 1 or intents[0].get("/S") != "/GTS_PDFA1":
        yield "there is not exactly one PDF/A output intent"
    elif int(intents[0].DestOutputProfile.get("/N", 0)) != 3:
        yield "the output intent has no RGB profile"
    if str(root.get("/Lang", "")) != "id":
        yield "the document language is not id"
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "viewers are not asked to show the title"
    if "/Outlines" not in root:
        yield "there are no bookmarks"


def _object_problems(pdf: Any) -> Iterator[str]:
    import pikepdf

    for number, one in enumerate(pdf.objects, start=1):
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            continue
        keys = frozenset(one.keys())
        for key in sorted(keys & _FORBIDDEN_KEYS):
            yield f"object {number} has the forbidden key {key}"
        if "/S" in keys and one.get("/Type") == "/Action":
            yield f"object {number} is an action"
        if any(float(one.get(key, 1)) != 1 for key in ("/ca", "/CA")) or "/SMask" in keys:
            yield f"object {number} is transparent"
        if isinstance(one, pikepdf.Stream):
            filters: Any = one.get("/Filter", [])
            names = [filters] if isinstance(filters, pikepdf.Name) else list(filters)
            if not {str(name) for name in names} <= _ALLOWED_FILTERS:
                yield f"object {number} uses a filter other than Flate"
            if "/FFilter" in keys or "/F" in keys:
                yield f"object {number} lies outside the file"


def _attachment_problems(root: Any) -> Iterator[str]:
    tree = root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", [])
    associated = [one.objgen for one in root.get("/AF", [])]
    for specification in list(tree)[1::2]:
        name = str(specification.get("/UF", "?"))
        if specification.objgen not in associated or "/AFRelationship" not in specification:
            yield f"the attachment {name} is not an associated file"
        stream = specification.EF.F
        if "/Subtype" not in stream or "/ModDate" not in stream.get("/Params", {}):
            yield f"the attachment {name} has no type or no date"


def _page_problems(page: Any, maps: dict[Any, frozenset[int]]) -> Iterator[str]:
    left, bottom, right, top = (float(value) for value in page.mediabox)
    if sheet_of(right - left, top - bottom) is None or "/Rotate" in page.obj:
        yield "not an upright A4 sheet"
    if "/AA" in page.obj:
        yield "has an action"
    for annotation in page.obj.get("/Annots", ()):
        yield from _annotation_problems(annotation)
    fonts = page.obj.Resources.get("/Font", {})
    for name, font in fonts.items():
        if font.objgen not in maps:
            yield from _font_problems(font)
            maps[font.objgen] = _mapped_glyphs(font)
        _ = name
    contents = [stream.read_bytes() for stream in _content_streams(page)]
    if sum(one.count(b"/Artifact <</Type /Pagination>> BDC") for one in contents) != 1:
        yield "page furniture is missing or doubled"
    yield from _text_problems(b"\n".join(contents), fonts, maps)


def _content_streams(page: Any) -> list[Any]:
    import pikepdf

    contents = page.obj.get("/Contents", [])
    return [contents] if isinstance(contents, pikepdf.Stream) else list(contents)


def _annotation_problems(annotation: Any) -> Iterator[str]:
    kind = str(annotation.get("/Subtype", ""))
    if kind not in _ALLOWED_ANNOTATIONS:
        yield f"an annotation of kind {kind}"
    flags = int(annotation.get("/F", 0))
    if not flags & _PRINT or flags & _HIDDEN:
        yield f"a {kind} annotation that does not print"
    if kind == "/Widget" and "/N" not in annotation.get("/AP", {}):
        yield "a form field without appearance"
    if "/A" in annotation or "/AA" in annotation:
        yield f"a {kind} annotation with an action"


def _font_problems(font: Any) -> Iterator[str]:
    name = str(font.get("/BaseFont", "/?"))[1:].rpartition("+")[2]
    if name not in ALLOWED_FONTS:
        yield f"the font {name} is not on the list"
    if font.get("/Subtype") != "/Type0" or "/ToUnicode" not in font:
        yield f"the font {name} cannot give its text back"
        return
    descendant = font.DescendantFonts[0]
    if "/FontFile2" not in descendant.get("/FontDescriptor", {}):
        yield f"the font {name} is not embedded"
    if descendant.get("/CIDToGIDMap") != "/Identity":
        yield f"the font {name} has no identity glyph map"


def _mapped_glyphs(font: Any) -> frozenset[int]:
    if "/ToUnicode" not in font:
        return frozenset()
    return frozenset(glyph for glyph, _ in read_to_unicode(font.ToUnicode.read_bytes()))


def _text_problems(content: bytes, fonts: Any, maps: dict[Any, frozenset[int]]) -> Iterator[str]:
    texts: dict[frozenset[int], set[bytes]] = {}
    here = texts.setdefault(frozenset(), set())
    foreign = False
    for name, text in _FONT_OR_TEXT.findall(content):
        if not name:
            here.add(text)
            continue
        font = fonts.get("/" + name.decode("ascii"))
        if font is None:
            foreign = True
            break
        here = texts.setdefault(maps[font.objgen], set())
    if not all(_are_known(some, known) for known, some in texts.items()):
        yield "a glyph without text"
    elif foreign:
        yield "text in a font that the page does not have"


def _are_known(texts: Collection[bytes], known: frozenset[int]) -> bool:
    """Return whether a font tells the text behind all glyphs, each of four hexadecimal digits."""
    if any(len(one) % 4 for one in texts):
        return False
    whole = bytes.fromhex(b"".join(texts).decode("ascii"))
    glyphs = {glyph for (glyph,) in struct.iter_unpack(">H", whole)}
    return 0 not in glyphs and glyphs <= known
