"""Word refuses elements in another order than ECMA-376 prescribes; LibreOffice does not mind.

The sequences are those of the transitional schema (ECMA-376 part 1 and 4, ``wml.xsd``), as far as
they go beyond what we write; an element that is not in its sequence is an error too.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from pks_kit.render.docx import render_docx
from pks_kit.resources import templates_root
from support.trees import rich_tree

BLANK = templates_root() / "pks_2024" / "naskah.docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

SEQUENCES = {
    "pPr": """pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr
        suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct
        topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind
        contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
        textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange""",
    "rPr": """rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint
        noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u
        effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath""",
    "numPr": "ilvl numId",
    "pBdr": "top left bottom right between bar",
    "sectPr": """headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc
        pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi
        rtlGutter docGrid printerSettings""",
    "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
    "tblPr": """tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW
        jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook""",
    "tblBorders": "top left start bottom right end insideH insideV",
    "tblCellMar": "top left start bottom right end",
    "tblGrid": "gridCol",
    "tr": "tblPrEx trPr tc",
    "tcPr": """cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection
        tcFitText vAlign hideMark""",
    "tcBorders": "top left start bottom right end insideH insideV tl2br tr2bl",
    "style": """name aliases basedOn next link autoRedefine hidden uiPriority semiHidden
        unhideWhenUsed qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr
        trPr tcPr tblStylePr""",
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "lvl": """start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr
        rPr""",
    "num": "abstractNumId lvlOverride",
    "lvlOverride": "startOverride lvl",
    "settings": """writeProtection view zoom removePersonalInformation embedTrueTypeFonts
        mirrorMargins bordersDoNotSurroundHeader attachedTemplate trackRevisions documentProtection
        defaultTabStop autoHyphenation evenAndOddHeaders characterSpacingControl footnotePr
        endnotePr compat docVars rsids mathPr attachedSchema themeFontLang clrSchemeMapping
        decimalSymbol listSeparator""",
}  # fmt: skip
ANY_ORDER = frozenset({"trPr"})
"""A choice that may repeat: every order is allowed."""

PARTS = (
    "word/document.xml",
    "word/styles.xml",
    "word/numbering.xml",
    "word/settings.xml",
    "word/header1.xml",
    "word/footer1.xml",
    "word/footer2.xml",
)


@pytest.fixture(scope="module")
def parts() -> dict[str, ElementTree.Element]:
    content = render_docx(rich_tree(), BLANK)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: parsed(archive.read(name)) for name in PARTS}


def parsed(content: bytes | str) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 our own file


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def misplaced(root: ElementTree.Element) -> Iterator[str]:
    for parent in root.iter():
        sequence = SEQUENCES.get(local(parent))
        if sequence is None:
            continue
        order = sequence.split()
        names = [local(child) for child in parent]
        unknown = set(names) - set(order)
        places = [order.index(name) for name in names if name in order]
        if unknown or places != sorted(places):
            yield f"{local(parent)}: {' '.join(names)}"


@pytest.mark.parametrize("name", PARTS)
def test_elements_stand_in_the_order_of_the_schema(
    name: str, parts: dict[str, ElementTree.Element]
) -> None:
    assert sorted(set(misplaced(parts[name]))) == []


def test_the_order_is_really_looked_at() -> None:
    wrong = parsed(
        f'<w:p xmlns:w="{W[1:-1]}"><w:pPr><w:jc w:val="both"/><w:keepNext/></w:pPr></w:p>'
    )
    assert list(misplaced(wrong)) == ["pPr: jc keepNext"]


def test_every_property_group_has_a_known_order(parts: dict[str, ElementTree.Element]) -> None:
    groups = {
        local(one) for root in parts.values() for one in root.iter() if local(one).endswith("Pr")
    }
    assert groups <= set(SEQUENCES) | ANY_ORDER


def test_every_cell_ends_with_a_paragraph(parts: dict[str, ElementTree.Element]) -> None:
    cells = [one for root in parts.values() for one in root.iter(f"{W}tc")]
    assert len(cells) > 100
    assert {local(one[-1]) for one in cells} == {"p"}
    assert {local(root[-1]) for root in (parts["word/footer1.xml"], parts["word/footer2.xml"])} == {
        "p"
    }


def test_no_two_tables_touch(parts: dict[str, ElementTree.Element]) -> None:
    for parent in parts["word/document.xml"].iter():
        names = [local(one) for one in parent]
        assert ("tbl", "tbl") not in set(pairwise(names))


def test_rows_fill_their_grid(parts: dict[str, ElementTree.Element]) -> None:
    for one in parts["word/document.xml"].iter(f"{W}tbl"):
        columns = len(one.findall(f"{W}tblGrid/{W}gridCol"))
        assert {len(row.findall(f"{W}tc")) for row in one.findall(f"{W}tr")} == {columns}


def test_every_name_that_is_used_is_defined(parts: dict[str, ElementTree.Element]) -> None:
    document, styles = parts["word/document.xml"], parts["word/styles.xml"]
    numbering = parts["word/numbering.xml"]

    def values(root: ElementTree.Element, name: str, attribute: str = "val") -> set[str]:
        return {str(one.get(f"{W}{attribute}")) for one in root.iter(f"{W}{name}")}

    defined = values(styles, "style", "styleId")
    for root in parts.values():
        assert values(root, "pStyle") | values(root, "tblStyle") <= defined
        assert values(root, "basedOn") <= defined
    assert values(document, "numId") <= values(numbering, "num", "numId")
    assert values(numbering, "abstractNumId") <= values(numbering, "abstractNum", "abstractNumId")
    bookmarks = [one.get(f"{W}name") for one in document.iter(f"{W}bookmarkStart")]
    identifiers = [one.get(f"{W}id") for one in document.iter(f"{W}bookmarkStart")]
    assert len(set(bookmarks)) == len(bookmarks) == len(set(identifiers))
    assert values(document, "hyperlink", "anchor") <= set(bookmarks)
    assert all(len(str(name)) <= 40 for name in bookmarks)


def test_every_part_that_is_named_is_there() -> None:
    with zipfile.ZipFile(BytesIO(render_docx(rich_tree(), BLANK))) as archive:
        names = set(archive.namelist())
        relations = parsed(archive.read("word/_rels/document.xml.rels"))
        types = parsed(archive.read("[Content_Types].xml"))
        document = parsed(archive.read("word/document.xml"))
    targets = {one.get("Id"): str(one.get("Target")) for one in relations}
    assert {f"word/{target}" for target in targets.values()} <= names
    assert {str(one.get("PartName"))[1:] for one in types if one.get("PartName")} <= names
    used = {one.get(f"{R}id") for one in document.iter() if one.get(f"{R}id")}
    assert used <= set(targets)
    orientations = [
        (one.find(f"{W}pgSz").get(f"{W}orient"), one.find(f"{W}footerReference").get(f"{R}id"))
        for one in document.iter(f"{W}sectPr")
    ]
    assert orientations == [(None, "rId5"), ("landscape", "rId6"), (None, "rId5")]
