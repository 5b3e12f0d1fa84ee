"""Markdown of a part -> `parsed` blocks. Everything the dialect does not know is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar, cast

from markdown_it.tree import SyntaxTreeNode

from pks_kit.naskah.attributes import Attributes, parse_attributes
from pks_kit.naskah.inlines import read_inlines
from pks_kit.naskah.markdown_dialect import template_markdown
from pks_kit.naskah.parsed import (
    HeadingNumber,
    Inlines,
    Override,
    ParsedBlock,
    ParsedForm,
    ParsedHeading,
    ParsedItem,
    ParsedList,
    ParsedParagraph,
    ParsedReference,
    ParsedSignatures,
    ParsedTable,
)
from pks_kit.naskah.source_text import VALUE_MARK, SourceText, TemplateFault
from pks_kit.naskah.table_blocks import read_table
from pks_kit.naskah.tree import BlokTandaTangan, Teks

_T = TypeVar("_T")
_LIST_LINE = re.compile(r"\d{1,2}[.)]\s")
_STYLES = ("tengah", "kanan", "catatan", "judul-blok")
_HEADING_LEVELS = {"h2": 1, "h3": 2}


def read_blocks(source: SourceText, *, headings: bool) -> tuple[ParsedBlock, ...]:
    """Read the Markdown of one part.

    Args:
        source: Text after Jinja.
        headings: Whether ``##`` and ``###`` may stand here (lampiran only).

    Raises:
        TemplateError: with file and line, for everything outside the grammar of
            ``docs/templates.md``.
    """
    root = SyntaxTreeNode(template_markdown().parse(source.text, {}))
    try:
        return _BlockReader(source, headings=headings).read(root.children)
    finally:
        for node in list(root.walk()):
            node.parent = None  # what leads to each other stays until a search for garbage


class _BlockReader:
    def __init__(self, source: SourceText, *, headings: bool) -> None:
        self._source = source
        self._headings = headings

    def read(self, nodes: Iterable[SyntaxTreeNode]) -> tuple[ParsedBlock, ...]:
        """Return the blocks of a sequence; attribute lines go to the block below them."""
        blocks: list[ParsedBlock] = []
        above: Attributes | None = None
        above_node: SyntaxTreeNode | None = None
        for node in nodes:
            if node.type == "attributes":
                if above_node is not None:
                    self._fail(above_node, "naskah.attribute_lost")
                above, above_node = self._attributes(node, node.content), node
                continue
            blocks.extend(self._block(node, above or Attributes()))
            above = above_node = None
        if above_node is not None:
            self._fail(above_node, "naskah.attribute_lost")
        return tuple(blocks)

    def _block(self, node: SyntaxTreeNode, above: Attributes) -> list[ParsedBlock]:
        match node.type:
            case "paragraph":
                return self._paragraph(node, above)
            case "ordered_list" | "bullet_list":
                return [self._list(node, above)]
            case "heading":
                return [self._heading(node, above)]
            case "table":
                return [self._table(node, above)]
            case "dl":
                return [self._form(node, above)]
            case refused:
                self._fail(node, "naskah.construct_refused", construct=refused)

    # --- paragraphs ---------------------------------------------------------------------------

    def _paragraph(self, node: SyntaxTreeNode, above: Attributes) -> list[ParsedBlock]:
        signatures = self._signatures(node)
        if signatures:
            self._at(node, lambda: above.allow("tanda_tangan", label=False, classes="", keys=""))
            return list(signatures)
        own = self._both(node, above, self._leading(node))
        classes = " ".join((*_STYLES, "kutipan-hukum"))
        self._at(node, lambda: own.allow("paragraf", label=True, classes=classes, keys="sumber"))
        return [self._plain_paragraph(node, own)]

    def _plain_paragraph(self, node: SyntaxTreeNode, own: Attributes) -> ParsedParagraph:
        inline = node.children[0]
        lines = inline.content.split("\n")
        if any(line.startswith((": ", ":\t")) or line == ":" for line in lines):
            self._fail(node, "naskah.form_broken")
        # CommonMark lets only a list that starts with 1 interrupt a paragraph.
        swallowed = next((line for line in lines[1:] if _LIST_LINE.match(line)), None)
        if swallowed is not None:
            self._fail(node, "naskah.list_swallowed", text=swallowed[:40])
        isi = read_inlines(inline, self._source)
        if not _has_words(isi):
            self._fail(node, "naskah.empty_paragraph")
        style = self._at(node, lambda: own.one_of(*_STYLES))
        return ParsedParagraph(
            isi=isi,
            gaya=(style or "biasa").replace("-", "_"),
            label=own.label,
            sumber=own.get("sumber"),
            kutipan_hukum="kutipan-hukum" in own.classes,
            line=self._line(node),
        )

    def _signatures(self, node: SyntaxTreeNode) -> tuple[ParsedSignatures, ...]:
        """Return signature blocks when every line of the paragraph is one."""
        found: list[ParsedSignatures] = []
        first = node.map[0] if node.map else 0
        for offset, line in enumerate(node.children[0].content.split("\n")):
            mark = VALUE_MARK.fullmatch(line.strip())
            value = self._source.values.entries[int(mark.group(1))] if mark else None
            if not isinstance(value, BlokTandaTangan):
                return ()
            number = self._source.line_of(first + offset)
            found.append(ParsedSignatures(blok=value, line=number))
        return tuple(found)

    # --- lists --------------------------------------------------------------------------------

    def _list(self, node: SyntaxTreeNode, above: Attributes) -> ParsedList:
        numbered = node.type == "ordered_list"
        levels = "ayat huruf angka" if numbered else ""
        self._at(node, lambda: above.allow("daftar", label=False, classes=levels, keys=""))
        override = self._at(node, lambda: above.one_of("ayat", "huruf", "angka"))
        return ParsedList(
            numbered=numbered,
            override=cast("Override | None", override),
            butir=tuple(self._item(item) for item in node.children),
            line=self._line(node),
        )

    def _item(self, node: SyntaxTreeNode) -> ParsedItem:
        children = list(node.children)
        own = Attributes()
        if children and children[0].type == "attributes" and children[0].map == _first(node):
            own = self._attributes(children[0], children[0].content)
            children = children[1:]
        if children and children[0].type == "paragraph":
            own = self._both(node, own, self._leading(children[0]))
            children[0].children[0].meta.pop("attributes", None)
        classes = "kutipan-hukum"
        self._at(node, lambda: own.allow("butir", label=True, classes=classes, keys="sumber"))
        isi = self.read(children)
        if not isi:
            self._fail(node, "naskah.empty_item")
        if any(isinstance(block, ParsedHeading) for block in isi):
            self._fail(node, "naskah.heading_in_list")
        return ParsedItem(
            isi=isi,
            label=own.label,
            sumber=own.get("sumber"),
            kutipan_hukum="kutipan-hukum" in own.classes,
            line=self._line(node),
        )

    # --- headings, tables, forms --------------------------------------------------------------

    def _heading(self, node: SyntaxTreeNode, above: Attributes) -> ParsedHeading:
        level = _HEADING_LEVELS.get(node.tag)
        if level is None or not self._headings:
            self._fail(node, "naskah.heading_refused", heading=node.markup)
        own = self._both(node, above, self._leading(node))
        numbers = ("romawi", "huruf-kapital", "tanpa-nomor")
        classes = " ".join((*numbers, "halaman-baru"))
        self._at(node, lambda: own.allow("subjudul", label=True, classes=classes, keys="sumber"))
        number = self._at(node, lambda: own.one_of(*numbers)) or "bawaan"
        isi = read_inlines(node.children[0], self._source)
        if not _has_words(isi):
            self._fail(node, "naskah.empty_paragraph")
        return ParsedHeading(
            tingkat=level,
            isi=isi,
            nomor=cast(HeadingNumber, number),
            halaman_baru="halaman-baru" in own.classes,
            label=own.label,
            sumber=own.get("sumber"),
            line=self._line(node),
        )

    def _table(self, node: SyntaxTreeNode, above: Attributes) -> ParsedTable:
        return self._at(node, lambda: read_table(node, above, self._source))

    def _form(self, node: SyntaxTreeNode, above: Attributes) -> ParsedForm:
        self._at(node, lambda: above.allow("formulir", label=False, classes="", keys=""))
        rows: list[tuple[Inlines, Inlines]] = []
        children = list(node.children)
        if len(children) % 2 or [c.type for c in children] != ["dt", "dd"] * (len(children) // 2):
            self._fail(node, "naskah.form_pairs")
        for term, value in zip(children[::2], children[1::2], strict=True):
            if len(value.children) != 1 or value.children[0].type != "paragraph":
                self._fail(value, "naskah.form_value")
            label = read_inlines(term.children[0], self._source)
            words = value.children[0].children[0]
            if self._leading(value.children[0]) != Attributes():
                self._fail(value, "naskah.attribute_stray", text=words.content[:60])
            rows.append((label, read_inlines(words, self._source)))
        return ParsedForm(baris=tuple(rows), line=self._line(node))

    # --- places -------------------------------------------------------------------------------

    def _leading(self, node: SyntaxTreeNode) -> Attributes:
        body = node.children[0].meta.get("attributes")
        return Attributes() if body is None else self._attributes(node, body)

    def _attributes(self, node: SyntaxTreeNode, body: str) -> Attributes:
        return self._at(node, lambda: parse_attributes(body, self._source.values.fill))

    def _both(self, node: SyntaxTreeNode, one: Attributes, other: Attributes) -> Attributes:
        if one.label and other.label:
            self._fail(node, "naskah.attribute_conflict", one=one.label, other=other.label)
        return Attributes(
            label=one.label or other.label,
            classes=one.classes | other.classes,
            values=one.values + other.values,
        )

    def _at(self, node: SyntaxTreeNode, action: Callable[[], _T]) -> _T:
        try:
            return action()
        except TemplateFault as fault:
            raise fault.at(self._source.file, self._line(node)) from fault

    def _line(self, node: SyntaxTreeNode) -> int:
        return self._source.line_of(node.map[0] if node.map else 0)

    def _fail(self, node: SyntaxTreeNode, code: str, /, **params: object) -> NoReturn:
        raise self._source.fault(node.map[0] if node.map else 0, code, **params)


def _first(node: SyntaxTreeNode) -> tuple[int, int] | None:
    return (node.map[0], node.map[0] + 1) if node.map else None


def _has_words(isi: Inlines) -> bool:
    return any(
        isinstance(part, ParsedReference) or (isinstance(part, Teks) and part.teks.strip())
        for part in isi
    )
