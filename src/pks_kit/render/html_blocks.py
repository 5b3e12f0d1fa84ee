"""Blocks of the Naskah tree -> elements of HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from pks_kit.errors import RenderError
from pks_kit.naskah.tree import (
    Block,
    BlokTandaTangan,
    Butir,
    Daftar,
    Formulir,
    Notes,
    Paragraf,
    Sel,
    Subjudul,
    Tabel,
    plain_text,
    walk_blocks,
)
from pks_kit.render.closing import ClosingBlocks
from pks_kit.render.columns import form_label_width, table_widths
from pks_kit.render.elements import Element
from pks_kit.render.fonts import unprintable
from pks_kit.render.html_inline import ADDRESS, escape, inline_html, lines_html
from pks_kit.render.html_labels import HEADING_INDENT, LIST_INDENT, label_html
from pks_kit.render.html_signature import signature_html
from pks_kit.render.look import Look
from pks_kit.render.titles import title_lines

PARAGRAPH_STYLES = frozenset({"biasa", "tengah", "kanan", "catatan", "judul_blok"})
TABLE_STYLES = frozenset({"biasa", "formulir_kosong", "rapat"})

_ONE_LINE = 70
"""An item of at most so many characters fits one line at every level of a list."""

SHORT = "ringkas"
"""Class of a table or form that is never split by a page break."""

_SHORT_TABLE = 8
"""A table or form of at most so many rows is never split by a page break."""


def _id(alamat: str | None) -> str:
    return f' id="{escape(alamat)}"' if alamat else ""


def _require_style(gaya: str, known: frozenset[str]) -> str:
    if gaya not in known:
        raise RenderError("render.pdf.unknown_style", style=gaya, known=", ".join(sorted(known)))
    return gaya


@dataclass(slots=True)
class _Written:
    """What was made of a block.

    Attributes:
        leaves: Identities of it and of everything in it.
        elements: The elements.
        odd: First character in them that has no glyph, or nothing; None while nobody has asked.
    """

    leaves: tuple[int, ...]
    elements: tuple[Element, ...]
    odd: str | None = None


class _Key(NamedTuple):
    """All that decides what is made of a block, but for glue.

    Attributes:
        block: Identity of the block, or of an item of a list; it lives as long as what knows it.
        indent: Width used by list labels to its left (mm), that of an item included.
        column: Width of the label column of an item (mm); 0 for a block.
        ends: Whether an item ends its list and stays with the one before it.
        cara_kontrak: As of the writer, like all that follows.
    """

    block: int
    indent: float
    column: float
    ends: bool
    cara_kontrak: str
    sheet_width: float
    look: Look


@dataclass(frozen=True, kw_only=True)
class BlockWriter:
    """Writes the blocks of one bagian.

    Attributes:
        cara_kontrak: Contract method; decides the shape of signature places.
        sheet_width: Width of the content area in millimetres.
        look: Version of the printed page, and sizes.
        closing: Blocks that no page break parts from what stands before them.
        notes: Which blocks other agreements share.
    """

    cara_kontrak: str
    sheet_width: float
    look: Look
    closing: ClosingBlocks = frozenset()
    notes: Notes | None = None

    def unprintable(self, blocks: tuple[Block, ...]) -> str:
        """Return the first character of top-level blocks that has no glyph, or nothing."""
        return next(filter(None, map(self._odd, blocks)), "")

    def blocks(self, blocks: tuple[Block, ...], *, indent: float) -> tuple[Element, ...]:
        """Return blocks as elements; ``indent`` is the width already used by list labels (mm)."""
        again = _met_twice(blocks)
        return tuple(
            [
                one
                for block in blocks
                for one in (
                    self._block(block, indent) if id(block) in again else self._known(block, indent)
                )
            ]
        )

    def _known(self, block: Block, indent: float) -> tuple[Element, ...]:
        """Return a block as the elements that were made of it before, with the same glue."""
        key = self._key(block, indent)
        known = self._made(block, key)
        if self._takes(known):
            return known.elements
        return self._glued_alike(block, known, key, lambda: self._block(block, indent))

    def _item(self, butir: Butir, column: float, indent: float, *, ends: bool = False) -> Element:
        """Return an item as the element that was made of it before, with the same glue."""
        key = self._key(butir, indent + column, column, ends=ends)
        known = self._made(butir, key)
        if self._takes(known):
            return known.elements[0]
        return self._glued_alike(butir, known, key, lambda: (self._item_anew(butir, key),))[0]

    def _takes(self, known: _Written) -> bool:
        """Return whether no glue is in what was made of a block."""
        return not self._glued or self._glued.keys().isdisjoint(known.leaves)

    def _glued_alike(
        self,
        block: Block | Butir,
        known: _Written,
        key: _Key,
        make: Callable[[], tuple[Element, ...]],
    ) -> tuple[Element, ...]:
        """Return a block with glue; of one that many agreements share it is kept as well."""
        shared = None if self.notes is None else self.notes.made_of(block)
        if shared is None:
            return make()
        glue = tuple(
            [(at, self._glued[one]) for at, one in enumerate(known.leaves) if one in self._glued]
        )
        found: tuple[Element, ...] | None = shared.get((key, glue))
        if found is None:
            found = tuple([replace(one, kept={}) for one in make()])
            found = shared.setdefault((key, glue), found)
        return found

    def _made(self, block: Block | Butir, key: _Key) -> _Written:
        """Return what is made of a block; of one that many agreements share it is kept."""
        shared = None if self.notes is None else self.notes.made_of(block)
        found: _Written | None = (self._own if shared is None else shared).get(key)
        if found is not None:
            return found
        inside: tuple[Block, ...] = block.isi if isinstance(block, Butir) else (block,)
        elements: tuple[Element, ...]
        if isinstance(block, Butir):
            elements = (self._unglued._item_anew(block, key),)
        else:
            elements = self._unglued._block(block, key.indent)
        if shared is None:
            found = _Written(tuple(map(id, walk_blocks(inside))), elements)
            return self._own.setdefault(key, found)
        elements = tuple([replace(one, kept={}) for one in elements])
        found = _Written(tuple(map(id, walk_blocks(inside))), elements)
        kept: _Written = shared.setdefault(key, found)
        return kept

    def _odd(self, block: Block) -> str:
        made = self._made(block, self._key(block, 0.0))
        if made.odd is None:
            made.odd = unprintable("".join([one.html() for one in made.elements]))
        return made.odd

    @property
    def _unglued(self) -> BlockWriter:
        # a writer that held itself would stay, with all it wrote, until somebody searches for it
        return self._without_glue if self.closing else self

    @cached_property
    def _without_glue(self) -> BlockWriter:
        return replace(self, closing=frozenset())

    @cached_property
    def _own(self) -> dict[_Key, _Written]:
        return {}

    def _key(
        self, block: Block | Butir, indent: float, column: float = 0.0, *, ends: bool = False
    ) -> _Key:
        own = self.cara_kontrak, self.sheet_width, self.look
        return _Key(id(block), indent, column, ends, *own)

    @cached_property
    def _glued(self) -> dict[int, tuple[int, ...]]:
        glued: dict[int, tuple[int, ...]] = {}
        for block, row in sorted(self.closing):
            glued[block] = (*glued.get(block, ()), row)
        return glued

    def _block(self, block: Block, indent: float) -> tuple[Element, ...]:
        if isinstance(block, Paragraf):
            return (self._paragraph(block),)
        if isinstance(block, Daftar):
            return (self._list(block, indent),)
        if isinstance(block, Subjudul):
            return (self._subheading(block),)
        if isinstance(block, Tabel):
            return self._table(block, indent)
        if isinstance(block, Formulir):
            return (self._form(block, indent),)
        if isinstance(block, BlokTandaTangan):
            return (self._signatures(block),)
        raise RenderError("render.pdf.unknown_block", kind=type(block).__name__)

    def _glue(self, block: Block, row: int = -1) -> str:
        return " lekat" if (id(block), row) in self.closing else ""

    def _signatures(self, block: BlokTandaTangan) -> Element:
        return signature_html(block, self.cara_kontrak, self.look)

    def _paragraph(self, paragraf: Paragraf, label: str = "") -> Element:
        gaya = _require_style(paragraf.gaya, PARAGRAPH_STYLES)
        first = " awal" if label else ""
        text = plain_text(paragraf.isi)
        # What announces a list or table stays on the page where that begins.
        opening = " pengantar" if text.rstrip().endswith(":") else ""
        if gaya == "judul_blok" and len(paragraf.isi) == 1 and "\n" not in text:
            words = lines_html(title_lines(text, "blok", self.sheet_width))
        else:
            words = inline_html(paragraf.isi, together=True)
        marks = f"{first}{opening}{self._glue(paragraf)}"
        return Element("p", f' class="{gaya}{marks}"', _id(paragraf.alamat), f"{label}{words}")

    def _list(self, daftar: Daftar, indent: float) -> Element:
        column = LIST_INDENT[daftar.jenis]
        again = _met_twice(daftar.butir)
        items = [
            self._item_anew(one, self._key(one, indent + column, column))
            if id(one) in again
            else self._item(one, column, indent)
            for one in daftar.butir[:-1]
        ]
        if daftar.butir:
            last = daftar.butir[-1]
            ends = len(daftar.butir) > 2 and _is_one_line(last)
            items.append(self._item(last, column, indent, ends=ends))
        look = f' class="daftar {daftar.jenis} t{daftar.tingkat}"'
        return Element("ol", look, content=tuple(items))

    def _item_anew(self, butir: Butir, key: _Key) -> Element:
        label = label_html(butir.label, key.column, alamat=butir.alamat)
        name = f' {ADDRESS}="{escape(butir.alamat)}"' if butir.alamat else ""
        first, rest = butir.isi[:1], butir.isi[1:]
        if first and isinstance(first[0], Paragraf):
            opening = self._paragraph(first[0], label)
        else:
            opening, rest = Element("p", ' class="biasa awal sendiri"', content=label), butir.isi
        inside = (opening, *self.blocks(rest, indent=key.indent))
        return Element("li", ' class="akhir"' if key.ends else "", name, inside)

    def _subheading(self, subjudul: Subjudul) -> Element:
        new_page = " halaman-baru" if subjudul.halaman_baru else ""
        label = label_html(subjudul.label, HEADING_INDENT, bold=True) if subjudul.label else ""
        hanging = " berlabel" if label else ""
        tag = "h3" if subjudul.tingkat == 1 else "h4"
        marks = f"{hanging}{new_page}{self._glue(subjudul)}"
        words = f"{label}{inline_html(subjudul.isi, together=True)}"
        return Element(tag, f' class="subjudul{marks}"', _id(subjudul.alamat), words)

    def _table(self, tabel: Tabel, indent: float) -> tuple[Element, ...]:
        gaya = _require_style(tabel.gaya, TABLE_STYLES)
        caption: tuple[Element, ...] = ()
        if tabel.keterangan:
            caption = (Element("p", ' class="keterangan"', content=escape(tabel.keterangan)),)
        short = f" {SHORT}" if len(tabel.baris) <= _SHORT_TABLE else ""
        widths = table_widths(tabel, self.sheet_width - indent)
        columns = "".join(f'<col style="width: {width:.2f}%">' for width in widths)
        groups = []
        if tabel.kepala:
            head = Element("tr", content=_cells(tabel.kepala, "th"))
            groups.append(Element("thead", content=(head,)))
        rows = tuple(
            Element("tr", self._row_glue(tabel, number), content=_cells(row, "td"))
            for number, row in enumerate(tabel.baris)
        )
        table = Element(
            "table",
            f' class="tabel {gaya}{short}"',
            _id(tabel.alamat),
            (*groups, Element("tbody", content=rows)),
            f"<colgroup>{columns}</colgroup>",
        )
        return (*caption, table)

    def _row_glue(self, tabel: Tabel, row: int) -> str:
        """A first row stays with the head of its table in any case."""
        return ' class="lekat"' if row and self._glue(tabel, row) else ""

    def _form(self, formulir: Formulir, indent: float) -> Element:
        width = form_label_width(formulir, self.sheet_width - indent)
        rows = []
        for baris in formulir.baris:
            empty = "" if baris.isi else ' class="kosong"'
            cells = (
                f"<td>{inline_html(baris.label)}</td><td>:</td>"
                f"<td{empty}>{inline_html(baris.isi)}</td>"
            )
            rows.append(Element("tr", content=cells))
        short = f" {SHORT}" if len(formulir.baris) <= _SHORT_TABLE else ""
        return Element(
            "table",
            f' class="formulir{short}{self._glue(formulir)}"',
            content=(Element("tbody", content=tuple(rows)),),
            columns=(
                f'<colgroup><col style="width: {width:.2f}%"><col style="width: 4mm"><col>'
                "</colgroup>"
            ),
        )


def _met_twice(nodes: Sequence[Block | Butir]) -> frozenset[int]:
    """Return the identities of neighbours that are one object.

    Elements tell by their identity where one ends and the next begins, so each is made anew.
    """
    if len(set(map(id, nodes))) == len(nodes):
        return frozenset()
    counts = Counter(map(id, nodes))
    return frozenset(one for one, count in counts.items() if count > 1)


def _is_one_line(butir: Butir) -> bool:
    """Return whether an item is a single short line, which looks lost at the top of a page."""
    only = butir.isi[0] if len(butir.isi) == 1 else None
    text = plain_text(only.isi) if isinstance(only, Paragraf) else ""
    return 0 < len(text) <= _ONE_LINE and not text.rstrip().endswith(":")


def _cells(cells: tuple[Sel, ...], tag: str) -> str:
    return "".join(f'<{tag} class="{sel.perataan}">{inline_html(sel.isi)}</{tag}>' for sel in cells)
