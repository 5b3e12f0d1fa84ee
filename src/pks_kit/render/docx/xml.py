"""The few WordprocessingML shapes that the body needs, as strings.

Strings and not element objects: a body has thousands of paragraphs, and one parse at the end is
several times faster than building them one by one. Word insists on the order of elements that
ECMA-376 prescribes; ``tests/unit/render/test_docx_schema.py`` checks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from pks_kit.naskah.tree import GantiBaris, Inline, Rujukan

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

Links = dict[str, str]
"""Clause address -> bookmark name, for clauses that something refers to."""

_BREAK = "<w:r><w:br/></w:r>"


@lru_cache(maxsize=2**12)
def run(text: str, *, bold: bool = False, italic: bool = False, underline: bool = False) -> str:
    """Return one run; spaces at its ends are kept."""
    properties = "".join(
        tag
        for tag, wanted in (
            ("<w:b/>", bold),
            ("<w:i/>", italic),
            ('<w:u w:val="single"/>', underline),
        )
        if wanted
    )
    head = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{head}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def lines(texts: Iterable[str]) -> str:
    """Return runs with a forced line break between them."""
    return _BREAK.join(run(text) for text in texts)


def runs(inlines: tuple[Inline, ...], links: Links, *, bold: bool = False) -> str:
    """Return the runs of inlines; references become links to bookmarks."""
    out: list[str] = []
    for part in inlines:
        if isinstance(part, GantiBaris):
            out.append(_BREAK)
            continue
        words = run(part.teks, bold=bold or part.tebal, italic=part.miring)
        if isinstance(part, Rujukan) and part.alamat in links:
            anchor = quoteattr(links[part.alamat])
            words = f'<w:hyperlink w:anchor={anchor} w:history="1">{words}</w:hyperlink>'
        out.append(words)
    return "".join(out)


def paragraph(
    content: str,
    *,
    style: str = "",
    number: tuple[int, int] | None = None,
    indent: int | None = None,
    keep_next: bool = False,
    page_break: bool | None = None,
    space_before: int | None = None,
    align: str = "",
    section_end: str = "",
) -> str:
    """Return a paragraph.

    Args:
        content: Runs.
        style: Style id; empty for Normal.
        number: ``(numId, level)`` of real numbering.
        indent: Left indent in twips.
        keep_next: Stay on the page of the next paragraph.
        page_break: Start a new page, or not, whatever the style says.
        space_before: Space above in twips.
        align: ``center``, ``right``, ``both`` or empty.
        section_end: Properties of the section that ends with this paragraph.
    """
    look = _paragraph_look(
        style, number, indent, keep_next, page_break, space_before, align, section_end
    )
    return f"<w:p>{look}{content}</w:p>"


@lru_cache(maxsize=2**10)
def _paragraph_look(
    style: str,
    number: tuple[int, int] | None,
    indent: int | None,
    keep_next: bool,
    page_break: bool | None,
    space_before: int | None,
    align: str,
    section_end: str,
) -> str:
    properties = [
        f"<w:pStyle w:val={quoteattr(style)}/>" if style else "",
        "<w:keepNext/>" if keep_next else "",
        {True: "<w:pageBreakBefore/>", False: '<w:pageBreakBefore w:val="0"/>', None: ""}[
            page_break
        ],
        f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
        if number
        else "",
        f'<w:spacing w:before="{space_before}"/>' if space_before is not None else "",
        f'<w:ind w:left="{indent}"/>' if indent is not None else "",
        f'<w:jc w:val="{align}"/>' if align else "",
        section_end,
    ]
    joined = "".join(properties)
    return f"<w:pPr>{joined}</w:pPr>" if joined else ""


def bookmark(name: str, identifier: int, content: str) -> str:
    """Return content inside a bookmark."""
    return (
        f'<w:bookmarkStart w:id="{identifier}" w:name={quoteattr(name)}/>{content}'
        f'<w:bookmarkEnd w:id="{identifier}"/>'
    )


def cell(
    content: str, width: int, *, borders: str = "", shade: str = "", middle: bool = False
) -> str:
    """Return a table cell.

    Args:
        content: At least one paragraph, and one at the end.
        width: Width in twips.
        borders: A ``w:tcBorders`` element.
        shade: Colour behind the words, six hexadecimal digits.
        middle: Centre the words between top and bottom.
    """
    properties = (
        f'<w:tcW w:w="{width}" w:type="dxa"/>{borders}'
        + (f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else "")
        + ('<w:vAlign w:val="center"/>' if middle else "")
    )
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def box_borders(value: str) -> str:
    """Return ``w:tcBorders`` with the same thin grey line on all sides."""
    sides = "".join(
        f'<w:{side} w:val="{value}" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return f"<w:tcBorders>{sides}</w:tcBorders>"


def row(cells: str, *, header: bool = False, height: int | None = None) -> str:
    """Return a table row that never breaks over a page; header rows repeat."""
    size = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    repeated = "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{size}{repeated}</w:trPr>{cells}</w:tr>"


def table(rows: str, widths: tuple[int, ...], *, style: str, indent: int = 0) -> str:
    """Return a table of fixed column widths in twips."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f"<w:tbl><w:tblPr><w:tblStyle w:val={quoteattr(style)}/>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="{indent}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )
