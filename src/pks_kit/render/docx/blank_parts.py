"""The small parts of the blank Word file. ``{{ ... }}`` is filled by docxtpl."""

from __future__ import annotations

from pks_kit.render.docx.pages import HEADER_ID, PAGES, WordPage
from pks_kit.render.docx.xml import box_borders

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"

CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_WORD}.numbering+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_WORD}.settings+xml"/>'
    f'<Override PartName="/word/header1.xml" ContentType="{_WORD}.header+xml"/>'
    + "".join(
        f'<Override PartName="/word/{page.footer_file}" ContentType="{_WORD}.footer+xml"/>'
        for page in PAGES.values()
    )
    + "</Types>"
)

PACKAGE_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)

DOCUMENT_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/numbering" Target="numbering.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/settings" Target="settings.xml"/>'
    f'<Relationship Id="{HEADER_ID}" Type="{_OFFICE}/header" Target="header1.xml"/>'
    + "".join(
        f'<Relationship Id="{page.footer_id}" Type="{_OFFICE}/footer" Target="{page.footer_file}"/>'
        for page in PAGES.values()
    )
    + "</Relationships>"
)

CORE = (
    f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>{{ judul }}</dc:title><dc:creator>{{ penyusun }}</dc:creator>"
    "<dc:language>id-ID</dc:language></cp:coreProperties>"
)

BODY_MARK = "PKS-KIT-ISI"
"""The paragraph with these words is replaced by the walked tree."""

DOCUMENT = (
    f"{_HEAD}<w:document {_W} {_R}><w:body>"
    f"<w:p><w:r><w:t>{BODY_MARK}</w:t></w:r></w:p>"
    f"{PAGES['tegak'].section()}</w:body></w:document>"
)

SETTINGS = (
    f"{_HEAD}<w:settings {_W}>"
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="708"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="id-ID"/></w:settings>'
)

HEADER = (
    f"{_HEAD}<w:hdr {_W} {_R}>"
    '<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>'
    "<w:r><w:t>Nomor PIHAK KESATU: {{ nomor_kesatu }}</w:t></w:r></w:p>"
    '<w:p><w:pPr><w:pStyle w:val="Header"/><w:pBdr>'
    '<w:bottom w:val="single" w:sz="4" w:space="2" w:color="999999"/></w:pBdr></w:pPr>'
    "<w:r><w:t>Nomor PIHAK KEDUA: {{ nomor_kedua }}</w:t></w:r></w:p></w:hdr>"
)


def _field(instruction: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


_INITIALS_WIDTH = 1320
"""Width of one box for initials in twips."""


def initials_xml(words: str) -> str:
    """Return the cell of one box for initials; without words it is no box."""
    frame = box_borders("single") if words else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_INITIALS_WIDTH}" w:type="dxa"/>{frame}'
        '</w:tcPr><w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="center"/></w:pPr>'
        f"<w:r><w:t>{words}</w:t></w:r></w:p></w:tc>"
    )


def footer_xml(page: WordPage) -> str:
    """Return a footer: page number on the left, two boxes for initials on the right."""
    left = page.width - 2 * _INITIALS_WIDTH
    grid = "".join(
        f'<w:gridCol w:w="{width}"/>' for width in (left, _INITIALS_WIDTH, _INITIALS_WIDTH)
    )
    return (
        f"{_HEAD}<w:ftr {_W} {_R}>"
        f'<w:tbl><w:tblPr><w:tblW w:w="{page.width}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        '<w:tr><w:trPr><w:trHeight w:val="620" w:hRule="atLeast"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{left}" w:type="dxa"/><w:vAlign w:val="bottom"/></w:tcPr>'
        '<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">Halaman </w:t></w:r>{_field("PAGE")}'
        f'<w:r><w:t xml:space="preserve"> dari </w:t></w:r>{_field("NUMPAGES")}</w:p></w:tc>'
        f"{initials_xml('Paraf Pihak I')}{initials_xml('Paraf Pihak II')}</w:tr></w:tbl>"
        '<w:p><w:pPr><w:pStyle w:val="AkhirBagian"/></w:pPr></w:p></w:ftr>'
    )
