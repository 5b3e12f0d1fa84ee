"""GFM tables of templates, without their two silent repairs.

GFM drops surplus cells and invents missing ones. In an agreement both would be a lost or shifted
number, so a row that is not exactly as wide as the head is an error.
"""

from __future__ import annotations

import re

from markdown_it.rules_block.table import escapedSplit
from markdown_it.tree import SyntaxTreeNode

from pks_kit.naskah.attributes import Attributes
from pks_kit.naskah.inlines import read_inlines
from pks_kit.naskah.parsed import ParsedCell, ParsedTable
from pks_kit.naskah.source_text import SourceText, TemplateFault
from pks_kit.naskah.tree import Perataan

_ALIGN: dict[str, Perataan] = {"text-align:center": "tengah", "text-align:right": "kanan"}
_WIDTHS = re.compile(r"[0-9]{1,4}(?:\s*,\s*[0-9]{1,4})*")


def read_table(node: SyntaxTreeNode, above: Attributes, source: SourceText) -> ParsedTable:
    """Read a table with the attribute line above it.

    Raises:
        TemplateFault: for attributes that mean nothing to a table or widths that do not fit.
        TemplateError: ``naskah.table_row`` at the line of a row that is too short or too long.
    """
    above.allow(
        "tabel", label=True, classes="formulir-kosong rapat", keys="lebar keterangan sumber"
    )
    style = above.one_of("formulir-kosong", "rapat") or "biasa"
    head = node.children[0].children[0]
    body = node.children[1].children if len(node.children) > 1 else []
    kepala = _cells(head, source)
    lines = source.text.split("\n")
    for row in body:
        index = row.map[0] if row.map else 0
        width = _width(lines[index])
        if width != len(kepala):
            raise source.fault(index, "naskah.table_row", found=width, expected=len(kepala))
    return ParsedTable(
        kepala=kepala,
        baris=tuple(_cells(row, source) for row in body),
        lebar=_widths(above.get("lebar"), len(kepala)),
        gaya=style.replace("-", "_"),
        keterangan=above.get("keterangan"),
        label=above.label,
        sumber=above.get("sumber"),
        line=source.line_of(node.map[0] if node.map else 0),
    )


def _cells(row: SyntaxTreeNode, source: SourceText) -> tuple[ParsedCell, ...]:
    return tuple(
        ParsedCell(
            isi=read_inlines(cell.children[0], source),
            perataan=_ALIGN.get(str(cell.attrs.get("style", "")), "kiri"),
            line=source.line_of(row.map[0] if row.map else 0),
        )
        for cell in row.children
    )


def _width(line: str) -> int:
    """Count the cells of a row as GFM does: bars at both ends do not count."""
    cells = escapedSplit(line.strip())
    return len(cells) - (cells[0] == "") - (len(cells) > 1 and cells[-1] == "")


def _widths(text: str, columns: int) -> tuple[int, ...]:
    if not text:
        return ()
    if not _WIDTHS.fullmatch(text):
        raise TemplateFault("naskah.table_widths", found=text[:60], expected=columns)
    widths = tuple(int(part) for part in text.split(","))
    if len(widths) != columns or 0 in widths:
        raise TemplateFault("naskah.table_widths", found=text[:60], expected=columns)
    return widths
