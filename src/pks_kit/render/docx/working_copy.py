"""The marks of a working copy: "not to be signed" on every page, and the face of the PDF inside.

The blank file is part of the hash of issued templates, so what every DOCX gets alike is put into
the finished parts here.
"""

from __future__ import annotations

import uuid
from functools import cache
from xml.sax.saxutils import quoteattr

from pks_kit.render.docx.blank_parts import initials_xml
from pks_kit.render.docx.blank_styles import BLANK_FONT, BLANK_SIZE, face_xml
from pks_kit.render.fonts import FACES

MARK = "DRAF – bukan untuk ditandatangani"
"""What every page says, in its header and across the sheet."""

FONT, FONT_SIZE = "Source Serif Pro", 21
"""Face of the PDF, in half points as large as there."""

_FAMILY, _ALSO = "PKS Serif", "Source Serif 4"
_GREY = "#d9d9d9"
_OBFUSCATED = 32
"""Bytes at the beginning of an embedded font that are mixed with its key (ECMA-376 part 4)."""

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SLOTS = {
    (False, False): "Regular",
    (True, False): "Bold",
    (False, True): "Italic",
    (True, True): "BoldItalic",
}


def as_working_copy(parts: dict[str, bytes], *, electronic: bool) -> dict[str, bytes]:
    """Return the parts of a Word file with mark and face.

    Args:
        parts: Names and contents.
        electronic: Whether all parties sign electronically; then no page is initialled.
    """
    found = dict(parts)
    for name, content in parts.items():
        if name.startswith("word/header"):
            found[name] = _marked(content)
        elif name.startswith("word/footer") and electronic:
            found[name] = _without_initials(content)
    return with_face(found)


def with_face(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts of a Word file with the face of the PDF."""
    found = dict(parts)
    found["word/styles.xml"] = parts["word/styles.xml"].replace(
        face_xml(BLANK_FONT, BLANK_SIZE).encode(), face_xml(FONT, FONT_SIZE).encode()
    )
    return found if "word/fontTable.xml" in found else found | _with_fonts(found)


def _marked(header: bytes) -> bytes:
    """Put the mark before the first paragraph of a header, and across the page."""
    start = header.index(b"<w:p>") if b"<w:p>" in header else header.index(b"</w:hdr>")
    return header[:start] + _mark_xml().encode() + header[start:]


def _mark_xml() -> str:
    style = (
        "position:absolute;margin-left:0;margin-top:0;width:520pt;height:34pt;rotation:305;"
        "z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        "mso-position-vertical-relative:margin"
    )
    face = f"font-family:{quoteattr(FONT)[1:-1]};font-size:1pt;font-weight:bold"
    across = (
        '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office">'
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
        '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
        '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
        '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="none"/><v:textpath on="t" fitshape="t"/>'
        "</v:shapetype>"
        '<v:shape id="TandaDraf" o:spid="_x0000_s2049" type="#_x0000_t136" '
        f'style={quoteattr(style)} fillcolor="{_GREY}" stroked="f">'
        f"<v:textpath style={quoteattr(face)} "
        f"string={quoteattr(MARK)}/></v:shape></w:pict></w:r>"
    )
    return (
        '<w:p><w:pPr><w:pStyle w:val="Header"/><w:jc w:val="center"/></w:pPr>'
        f'<w:r><w:rPr><w:b/><w:color w:val="000000"/><w:sz w:val="18"/></w:rPr><w:t>{MARK}</w:t>'
        f"</w:r>{across}</w:p>"
    )


def _without_initials(footer: bytes) -> bytes:
    for words in ("Paraf Pihak I", "Paraf Pihak II"):
        footer = footer.replace(initials_xml(words).encode(), initials_xml("").encode())
    return footer


@cache
def _embedded() -> tuple[tuple[str, str, bytes], ...]:
    """Return slot, key and mixed bytes of every face; equal fonts give equal bytes."""
    found = []
    for face in FACES:
        if face.family != _FAMILY:
            continue
        content = face.path.read_bytes()
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"pks-kit:{face.postscript_name}")
        mask = bytes.fromhex(key.hex)[::-1] * 2
        mixed = bytes(one ^ other for one, other in zip(content[:_OBFUSCATED], mask, strict=True))
        slot = _SLOTS[face.bold, face.italic]
        found.append((slot, f"{{{str(key).upper()}}}", mixed + content[_OBFUSCATED:]))
    return tuple(sorted(found, key=lambda one: list(_SLOTS.values()).index(one[0])))


def _with_fonts(parts: dict[str, bytes]) -> dict[str, bytes]:
    faces = _embedded()
    embeds = "".join(
        f'<w:embed{slot} r:id="rId{number}" w:fontKey="{key}"/>'
        for number, (slot, key, _) in enumerate(faces, start=1)
    )
    table = (
        f'{_HEAD}<w:fonts {_W} xmlns:r="{_OFFICE}"><w:font w:name="{FONT}">'
        f'<w:altName w:val="{_ALSO}"/><w:charset w:val="00"/><w:family w:val="roman"/>'
        f'<w:pitch w:val="variable"/>{embeds}</w:font></w:fonts>'
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/font" Target="fonts/font{number}.odttf"/>'
        for number in range(1, len(faces) + 1)
    )
    return {
        f"word/fonts/font{number}.odttf": content
        for number, (_, _, content) in enumerate(faces, start=1)
    } | {
        "word/fontTable.xml": table.encode(),
        "word/_rels/fontTable.xml.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
        ).encode(),
        "[Content_Types].xml": _before(
            parts["[Content_Types].xml"],
            "</Types>",
            '<Default Extension="odttf" '
            'ContentType="application/vnd.openxmlformats-officedocument.obfuscatedFont"/>'
            '<Override PartName="/word/fontTable.xml" '
            f'ContentType="{_WORD}.fontTable+xml"/>',
        ),
        "word/_rels/document.xml.rels": _before(
            parts["word/_rels/document.xml.rels"],
            "</Relationships>",
            f'<Relationship Id="rIdHuruf" Type="{_OFFICE}/fontTable" Target="fontTable.xml"/>',
        ),
        "word/settings.xml": _before(
            parts["word/settings.xml"], "<w:defaultTabStop", "<w:embedTrueTypeFonts/>"
        ),
    }


def _before(content: bytes, mark: str, added: str) -> bytes:
    return content.replace(mark.encode(), f"{added}{mark}".encode(), 1)
