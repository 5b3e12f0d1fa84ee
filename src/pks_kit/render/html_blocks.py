"""Blocks of the Naskah tree -> HTML."""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.errors import RenderError
from pks_kit.naskah.tree import (
    Block,
    BlokTandaTangan,
    Butir,
    Daftar,
    Formulir,
    Paragraf,
    Sel,
    Subjudul,
    Tabel,
    plain_text,
)
from pks_kit.render.columns import form_label_width, table_widths
from pks_kit.render.html_inline import ADDRESS, escape, inline_html, lines_html
from pks_kit.render.html_labels import HEADING_INDENT, LIST_INDENT, label_html
from pks_kit.render.html_signature import signature_html
from pks_kit.render.look import Look
from pks_kit.render.titles import title_lines

PARAGRAPH_STYLES = frozenset({"biasa", "tengah", "catatan", "judul_blok"})
TABLE_STYLES = frozenset({"biasa", "formulir_kosong", "rapat"})

_ONE_LINE = 70
"""An item of at most so many characters fits one line at every level of a list."""

_SHORT_TABLE = 8
"""A table or form of at most so many rows is never split by a page break."""


def _id(alamat: str | None) -> str:
    return f' id="{escape(alamat)}"' if alamat else ""


def _require_style(gaya: str, known: frozenset[str]) -> str:
    if gaya not in known:
        raise RenderError("render.pdf.unknown_style", style=gaya, known=", ".join(sorted(known)))
    return gaya


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockWriter:
    """Writes the blocks of one bagian.

    Attributes:
        cara_kontrak: Contract method; decides the shape of signature places.
        sheet_width: Width of the content area in millimetres.
        look: Version of the printed page, and sizes.
    """

    cara_kontrak: str
    sheet_width: float
    look: Look

    def blocks(self, blocks: tuple[Block, ...], *, indent: float) -> str:
        """Return blocks as HTML; ``indent`` is the width already used by list labels (mm)."""
        return "".join(self._block(block, indent) for block in blocks)

    def _block(self, block: Block, indent: float) -> str:
        if isinstance(block, Paragraf):
            return self._paragraph(block)
        if isinstance(block, Daftar):
            return self._list(block, indent)
        if isinstance(block, Subjudul):
            return self._subheading(block)
        if isinstance(block, Tabel):
            return self._table(block, indent)
        if isinstance(block, Formulir):
            return self._form(block, indent)
        if isinstance(block, BlokTandaTangan):
            return signature_html(block, self.cara_kontrak, self.look)
        raise RenderError("render.pdf.unknown_block", kind=type(block).__name__)

    def _paragraph(self, paragraf: Paragraf, label: str = "") -> str:
        gaya = _require_style(paragraf.gaya, PARAGRAPH_STYLES)
        first = " awal" if label else ""
        text = plain_text(paragraf.isi)
        # What announces a list or table stays on the page where that begins.
        opening = " pengantar" if text.rstrip().endswith(":") else ""
        if gaya == "judul_blok" and len(paragraf.isi) == 1 and "\n" not in text:
            words = lines_html(title_lines(text, "blok", self.sheet_width))
        else:
            words = inline_html(paragraf.isi, together=True)
        return f'<p class="{gaya}{first}{opening}"{_id(paragraf.alamat)}>{label}{words}</p>\n'

    def _list(self, daftar: Daftar, indent: float) -> str:
        column = LIST_INDENT[daftar.jenis]
        items = "".join(self._item(butir, column, indent + column) for butir in daftar.butir[:-1])
        if daftar.butir:
            last = daftar.butir[-1]
            glued = len(daftar.butir) > 2 and _is_one_line(last)
            items += self._item(last, column, indent + column, glued=glued)
        return f'<ol class="daftar {daftar.jenis} t{daftar.tingkat}">\n{items}</ol>\n'

    def _item(self, butir: Butir, column: float, indent: float, *, glued: bool = False) -> str:
        label = label_html(butir.label, column, alamat=butir.alamat)
        marks = ' class="akhir"' if glued else ""
        if butir.alamat:
            marks += f' {ADDRESS}="{escape(butir.alamat)}"'
        first, rest = butir.isi[:1], butir.isi[1:]
        if first and isinstance(first[0], Paragraf):
            html = self._paragraph(first[0], label)
        else:
            html, rest = f'<p class="biasa awal sendiri">{label}</p>\n', butir.isi
        return f"<li{marks}>{html}{self.blocks(rest, indent=indent)}</li>\n"

    def _subheading(self, subjudul: Subjudul) -> str:
        new_page = " halaman-baru" if subjudul.halaman_baru else ""
        label = label_html(subjudul.label, HEADING_INDENT, bold=True) if subjudul.label else ""
        hanging = " berlabel" if label else ""
        tag = "h3" if subjudul.tingkat == 1 else "h4"
        return (
            f'<{tag} class="subjudul{hanging}{new_page}"{_id(subjudul.alamat)}>'
            f"{label}{inline_html(subjudul.isi, together=True)}</{tag}>\n"
        )

    def _table(self, tabel: Tabel, indent: float) -> str:
        gaya = _require_style(tabel.gaya, TABLE_STYLES)
        caption = (
            f'<p class="keterangan">{escape(tabel.keterangan)}</p>\n' if tabel.keterangan else ""
        )
        short = " ringkas" if len(tabel.baris) <= _SHORT_TABLE else ""
        widths = table_widths(tabel, self.sheet_width - indent)
        columns = "".join(f'<col style="width: {width:.2f}%">' for width in widths)
        head = ""
        if tabel.kepala:
            head = f"<thead><tr>{_cells(tabel.kepala, 'th')}</tr></thead>\n"
        rows = "".join(f"<tr>{_cells(row, 'td')}</tr>\n" for row in tabel.baris)
        return (
            f'{caption}<table class="tabel {gaya}{short}"{_id(tabel.alamat)}>'
            f"<colgroup>{columns}</colgroup>\n{head}<tbody>\n{rows}</tbody></table>\n"
        )

    def _form(self, formulir: Formulir, indent: float) -> str:
        width = form_label_width(formulir, self.sheet_width - indent)
        rows = []
        for baris in formulir.baris:
            empty = "" if baris.isi else ' class="kosong"'
            rows.append(
                f"<tr><td>{inline_html(baris.label)}</td><td>:</td>"
                f"<td{empty}>{inline_html(baris.isi)}</td></tr>\n"
            )
        short = " ringkas" if len(formulir.baris) <= _SHORT_TABLE else ""
        return (
            f'<table class="formulir{short}"><colgroup>'
            f'<col style="width: {width:.2f}%"><col style="width: 4mm"><col></colgroup>\n'
            f"<tbody>\n{''.join(rows)}</tbody></table>\n"
        )


def _is_one_line(butir: Butir) -> bool:
    """Return whether an item is a single short line, which looks lost at the top of a page."""
    only = butir.isi[0] if len(butir.isi) == 1 else None
    text = plain_text(only.isi) if isinstance(only, Paragraf) else ""
    return 0 < len(text) <= _ONE_LINE and not text.rstrip().endswith(":")


def _cells(cells: tuple[Sel, ...], tag: str) -> str:
    return "".join(f'<{tag} class="{sel.perataan}">{inline_html(sel.isi)}</{tag}>' for sel in cells)
