"""Styles and number shapes of the blank Word file."""

from __future__ import annotations

from pks_kit.render.docx.numbering import ABSTRACT, LAMPIRAN_NUM, PASAL_NUM

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

LEVEL_INDENT = 510
"""Hanging indent of one list level in twips (0,9 cm)."""

BLANK_FONT, BLANK_SIZE = "Times New Roman", 22
"""Face and half points of the blank file; the finished file has those of the PDF."""

_PARAGRAPH_STYLES = (
    # id, name, based on, paragraph properties, run properties
    ("Heading1", "heading 1", "Normal",
     '<w:keepNext/><w:keepLines/><w:numPr><w:numId w:val="{pasal}"/></w:numPr>'
     '<w:spacing w:before="320" w:after="120"/><w:jc w:val="center"/><w:outlineLvl w:val="0"/>',
     "<w:b/>"),
    ("LampiranNomor", "Lampiran Nomor", "Normal",
     '<w:keepNext/><w:pageBreakBefore/><w:numPr><w:numId w:val="{lampiran}"/></w:numPr>'
     '<w:spacing w:after="0"/>', "<w:b/>"),
    ("LampiranKeterangan", "Lampiran Keterangan", "Normal",
     '<w:keepNext/><w:spacing w:after="0"/>', ""),
    ("JudulLampiran", "Judul Lampiran", "Normal",
     '<w:keepNext/><w:keepLines/><w:spacing w:before="280" w:after="240"/><w:jc w:val="center"/>'
     '<w:outlineLvl w:val="0"/>', "<w:b/>"),
    ("Heading2", "heading 2", "Normal",
     '<w:keepNext/><w:keepLines/><w:spacing w:before="240" w:after="100"/><w:jc w:val="left"/>'
     '<w:outlineLvl w:val="1"/>', "<w:b/>"),
    ("Heading3", "heading 3", "Normal",
     '<w:keepNext/><w:keepLines/><w:spacing w:before="180" w:after="80"/><w:jc w:val="left"/>'
     '<w:outlineLvl w:val="2"/>', "<w:b/>"),
    ("Butir", "Butir", "Normal", '<w:spacing w:after="80"/>', ""),
    ("Tengah", "Tengah", "Normal", '<w:jc w:val="center"/>', ""),
    ("JudulBlok", "Judul Blok", "Normal",
     '<w:keepNext/><w:spacing w:after="60"/><w:jc w:val="center"/>', "<w:b/>"),
    ("Catatan", "Catatan", "Normal", '<w:spacing w:after="80"/>', '<w:i/><w:sz w:val="18"/>'),
    ("KeteranganTabel", "Keterangan Tabel", "Normal",
     '<w:keepNext/><w:spacing w:before="120" w:after="60"/><w:jc w:val="left"/>',
     '<w:b/><w:sz w:val="20"/>'),
    ("Sel", "Sel", "Normal",
     '<w:spacing w:before="30" w:after="30" w:line="240" w:lineRule="auto"/><w:jc w:val="left"/>',
     '<w:sz w:val="19"/>'),
    ("SelRapat", "Sel Rapat", "Sel", "", '<w:sz w:val="16"/>'),
    ("Isian", "Isian", "Normal", '<w:spacing w:after="20"/><w:jc w:val="left"/>', ""),
    # Word joins two tables that touch, so a thin paragraph stands between them.
    ("SesudahTabel", "Sesudah Tabel", "Normal",
     '<w:spacing w:after="0" w:line="160" w:lineRule="exact"/>', '<w:sz w:val="8"/>'),
    ("AkhirBagian", "Akhir Bagian", "Normal",
     '<w:spacing w:after="0" w:line="20" w:lineRule="exact"/>', '<w:sz w:val="2"/>'),
    ("PembukaTandaTangan", "Pembuka Tanda Tangan", "Normal",
     '<w:keepNext/><w:spacing w:before="200" w:after="160"/><w:jc w:val="left"/>', ""),
    ("TandaTangan", "Tanda Tangan", "Normal",
     '<w:keepNext/><w:spacing w:after="40"/><w:jc w:val="center"/>', ""),
    ("NamaTandaTangan", "Nama Tanda Tangan", "TandaTangan",
     '<w:spacing w:before="80" w:after="20"/>', ""),
    ("Header", "header", "Normal", '<w:spacing w:after="0"/><w:jc w:val="left"/>',
     '<w:color w:val="606060"/><w:sz w:val="15"/>'),
    ("Footer", "footer", "Normal", '<w:spacing w:after="0"/><w:jc w:val="left"/>',
     '<w:color w:val="606060"/><w:sz w:val="15"/>'),
)  # fmt: skip

_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="404040"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_CELL_MARGINS = (
    '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
)
_NO_CELL_MARGINS = (
    '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
)


def face_xml(font: str, size: int) -> str:
    """Return face and size (in half points) of running text."""
    return (
        f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}" w:eastAsia="{font}"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    )


def styles_xml() -> str:
    """Return ``word/styles.xml``."""
    numbers = {"pasal": PASAL_NUM, "lampiran": LAMPIRAN_NUM}
    body = "".join(
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{base}"/><w:qFormat/><w:pPr>{paragraph.format(**numbers)}</w:pPr>'
        f"<w:rPr>{runs}</w:rPr></w:style>"
        for style_id, name, base, paragraph, runs in _PARAGRAPH_STYLES
    )
    return (
        f"{_HEAD}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>"
        f'{face_xml(BLANK_FONT, BLANK_SIZE)}<w:lang w:val="id-ID"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/>'
        '<w:jc w:val="both"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/><w:pPr><w:widowControl/></w:pPr></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="HurufBawaan">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TabelBawaan">'
        f'<w:name w:val="Normal Table"/><w:tblPr>{_CELL_MARGINS}</w:tblPr></w:style>'
        f"{body}"
        '<w:style w:type="table" w:styleId="TabelGaris"><w:name w:val="Tabel Garis"/>'
        '<w:basedOn w:val="TabelBawaan"/><w:tblPr>'
        f"<w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr></w:style>"
        '<w:style w:type="table" w:styleId="TabelPolos"><w:name w:val="Tabel Polos"/>'
        f'<w:basedOn w:val="TabelBawaan"/><w:tblPr>{_NO_CELL_MARGINS}</w:tblPr></w:style>'
        "</w:styles>"
    )


def _levels(number_format: str, text: str) -> str:
    return "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>'
        f'<w:lvlText w:val="{text.format(n=level + 1)}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{LEVEL_INDENT * (level + 1)}" w:hanging="{LEVEL_INDENT}"/></w:pPr>'
        "</w:lvl>"
        for level in range(9)
    )


def _heading_levels(number_format: str) -> str:
    return "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>'
        f'<w:lvlText w:val="%{level + 1}."/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{LEVEL_INDENT}" w:hanging="{LEVEL_INDENT}"/></w:pPr></w:lvl>'
        for level in range(9)
    )


LAMPIRAN_LABEL = "Lampiran %1 Perjanjian"
"""Numbered label of a lampiran; another name of the agreement takes the place of its last word."""

_SHAPES = {
    "ayat": _levels("decimal", "(%{n})"),
    "huruf": _levels("lowerLetter", "%{n}."),
    "angka": _levels("decimal", "%{n}."),
    "huruf_kurung": _levels("lowerLetter", "%{n})"),
    "angka_kurung": _levels("decimal", "%{n})"),
    "strip": _levels("bullet", "–"),
    "judul_huruf": _heading_levels("upperLetter"),
    "judul_romawi": _heading_levels("upperRoman"),
    "judul_angka": _heading_levels("decimal"),
}


def _titled(abstract: int, number_format: str, text: str, style: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{abstract}"><w:multiLevelType w:val="multilevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>'
        f'<w:pStyle w:val="{style}"/><w:suff w:val="nothing"/><w:lvlText w:val="{text}"/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        "</w:abstractNum>"
    )


def numbering_xml() -> str:
    """Return ``word/numbering.xml``; list instances are added for each document."""
    shapes = "".join(
        f'<w:abstractNum w:abstractNumId="{ABSTRACT[name]}">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        for name, levels in _SHAPES.items()
    )
    return (
        f"{_HEAD}<w:numbering {_W}>"
        f"{_titled(1, 'decimal', 'Pasal %1', 'Heading1')}"
        f"{_titled(2, 'upperRoman', LAMPIRAN_LABEL, 'LampiranNomor')}{shapes}"
        f'<w:num w:numId="{PASAL_NUM}"><w:abstractNumId w:val="1"/></w:num>'
        f'<w:num w:numId="{LAMPIRAN_NUM}"><w:abstractNumId w:val="2"/></w:num></w:numbering>'
    )
