"""Naskah -> body of the Word file: the second walk over the tree."""

from __future__ import annotations

from pks_kit.naskah.tree import (
    Bagian,
    Block,
    BlokTandaTangan,
    Daftar,
    Formulir,
    Naskah,
    Paragraf,
    Rujukan,
    Subjudul,
    Tabel,
    plain_text,
    shares_page,
    walk_blocks,
)
from pks_kit.render.closing import ClosingBlocks, kept_with_next
from pks_kit.render.docx.blank_styles import LEVEL_INDENT
from pks_kit.render.docx.numbering import (
    LAMPIRAN_NUM,
    PASAL_NUM,
    NumberingPlan,
    heading_shape,
    label_value,
)
from pks_kit.render.docx.pages import PAGES, WordPage
from pks_kit.render.docx.tables import form_xml, signature_xml, table_xml
from pks_kit.render.docx.xml import Links, bookmark, lines, paragraph, run, runs
from pks_kit.render.text import lampiran_heading
from pks_kit.render.titles import title_lines

_STYLES = {"biasa": "", "tengah": "Tengah", "catatan": "Catatan", "judul_blok": "JudulBlok"}

_LAMPIRAN_HEAD_WIDTH = 4649
"""Width of the head with both numbers in twips (82 mm), at the right as in the PDF."""


_SHARED_PAGE_SPACE = 794
"""Space above a lampiran that begins on the page of the one before it, in twips (14 mm)."""


class BodyWriter:
    """Walks a Naskah once; afterwards ``xml`` and ``numbering`` are complete.

    Args:
        naskah: The agreement.
    """

    def __init__(self, naskah: Naskah) -> None:
        self._naskah = naskah
        self._links = _link_names(naskah)
        self._bookmarks = 0
        self._page: WordPage = PAGES["tegak"]
        self._heading_shapes: dict[int, str] = {}
        self._heading_lists: dict[int, int] = {}
        self._kept: ClosingBlocks = frozenset()
        self.numbering = NumberingPlan()
        self.xml = "".join(self._parts())

    def _parts(self) -> list[str]:
        out: list[str] = []
        before: Bagian | None = None
        for bagian in self._naskah.bagian:
            page = PAGES[bagian.orientasi]
            if page is not self._page:
                out.append(
                    paragraph("", style="AkhirBagian", section_end=self._page.section())
                    if out
                    else ""
                )
                self._page = page
            self._heading_shapes, self._heading_lists = {}, {}
            self._kept = kept_with_next(bagian.isi) if bagian.jenis == "lampiran" else frozenset()
            same_page = before is not None and shares_page(before, bagian)
            out.append(self._heading(bagian, same_page=same_page))
            before = bagian
            out.append(self._blocks(bagian.isi, 0, whole=bagian.jenis == "penutup", first=True))
        out.append(self._page.section())
        return out

    def _marked(self, address: str | None, content: str) -> str:
        if address is None or address not in self._links:
            return content
        self._bookmarks += 1
        return bookmark(self._links[address], self._bookmarks, content)

    def _heading(self, bagian: Bagian, *, same_page: bool) -> str:
        width = self._page.sheet.content_width
        if bagian.jenis == "pasal":
            title = lines(title_lines(bagian.judul, "pasal", width))
            content = self._marked(bagian.alamat, f"<w:r><w:br/></w:r>{title}")
            return paragraph(content, style="Heading1", number=(PASAL_NUM, 0))
        if bagian.jenis == "lampiran":
            _, first, second, words = lampiran_heading(self._naskah, bagian)
            title = lines(title_lines(words, "lampiran", width))
            indent = self._page.width - _LAMPIRAN_HEAD_WIDTH
            return (
                paragraph(
                    "",
                    style="LampiranNomor",
                    number=(LAMPIRAN_NUM, 0),
                    indent=indent,
                    page_break=False if same_page else None,
                    space_before=_SHARED_PAGE_SPACE if same_page else None,
                )
                + paragraph(run(first), style="LampiranKeterangan", indent=indent)
                + paragraph(run(second), style="LampiranKeterangan", indent=indent)
                + paragraph(self._marked(bagian.alamat, title), style="JudulLampiran")
            )
        return ""

    def _blocks(
        self, blocks: tuple[Block, ...], indent: int, *, whole: bool = False, first: bool = False
    ) -> str:
        """Return blocks; those before signatures, or all if ``whole``, stay with the next one."""
        out = []
        for number, block in enumerate(blocks):
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            keep = isinstance(following, BlokTandaTangan) or (whole and following is not None)
            out.append(self._block(block, indent, keep=keep, first=first and number == 0))
        return "".join(out)

    def _block(self, block: Block, indent: int, *, keep: bool, first: bool) -> str:
        width = self._page.width - indent
        if isinstance(block, Paragraf):
            return self._paragraf(block, indent, keep=keep)
        if isinstance(block, Daftar):
            return self._daftar(block, keep=keep)
        if isinstance(block, Subjudul):
            return self._subjudul(block, first=first)
        if isinstance(block, Tabel):
            return table_xml(block, width, indent, self._links)
        if isinstance(block, Formulir):
            return form_xml(block, width, indent, self._links)
        return self._signatures(block)

    def _signatures(self, block: BlokTandaTangan) -> str:
        return signature_xml(block, self._page.width, self._naskah.cara_kontrak)

    def _paragraf(self, block: Paragraf, indent: int, *, keep: bool) -> str:
        text = plain_text(block.isi)
        if block.gaya == "judul_blok" and len(block.isi) == 1 and "\n" not in text:
            words = lines(title_lines(text, "blok", self._page.sheet.content_width))
        else:
            words = runs(block.isi, self._links)
        return paragraph(
            self._marked(block.alamat, words),
            style=_STYLES.get(block.gaya, ""),
            indent=indent or None,
            keep_next=keep or self._stays(block) or text.rstrip().endswith(":"),
            align=self._align(block),
        )

    def _stays(self, block: Block) -> bool:
        """Return whether a block near the end of a sheet stays with the next one."""
        return (id(block), -1) in self._kept

    def _align(self, block: Paragraf) -> str:
        return "right" if block.gaya == "kanan" else ""

    def _daftar(self, daftar: Daftar, *, keep: bool) -> str:
        level = daftar.tingkat - 1
        number = self.numbering.restart(daftar.jenis, level)
        inner = LEVEL_INDENT * daftar.tingkat
        out: list[str] = []
        for position, butir in enumerate(daftar.butir, start=1):
            last = keep and position == len(daftar.butir)
            head, rest = butir.isi[:1], butir.isi[1:]
            if head and isinstance(head[0], Paragraf):
                words = runs(head[0].isi, self._links)
                opens = plain_text(head[0].isi).rstrip().endswith(":") or self._stays(head[0])
            else:
                words, opens, rest = "", True, butir.isi
            out.append(
                paragraph(
                    self._marked(butir.alamat, words),
                    style="Butir",
                    number=(number, level),
                    keep_next=opens or last,
                )
            )
            out.append(self._blocks(rest, inner, whole=last))
        return "".join(out)

    def _subjudul(self, block: Subjudul, *, first: bool) -> str:
        number = None
        level = block.tingkat - 1
        if block.label:
            shape = heading_shape(block.label, self._heading_shapes.get(level))
            value = label_value(block.label, shape)
            if value == 1 or level not in self._heading_lists:
                self._heading_lists[level] = self.numbering.restart(shape, level, value)
            self._heading_shapes[level] = shape
            number = (self._heading_lists[level], level)
            self._heading_shapes.pop(level + 1, None)
            self._heading_lists.pop(level + 1, None)
        return paragraph(
            self._marked(block.alamat, runs(block.isi, self._links)),
            style=f"Heading{block.tingkat + 1}",
            number=number,
            # Directly below the title of a lampiran the title's own page is the first sheet.
            page_break=True if block.halaman_baru and not first else None,
        )


def _link_names(naskah: Naskah) -> Links:
    """Return a short bookmark name for each clause that is referred to.

    Word allows 40 characters in a bookmark name; clause addresses can be longer.
    """
    targets: dict[str, str] = {}
    for bagian in naskah.bagian:
        for block in walk_blocks(bagian.isi):
            for inline in _inlines(block):
                if isinstance(inline, Rujukan):
                    targets.setdefault(inline.alamat, f"klausul_{len(targets) + 1}")
    return targets


def _inlines(block: Block) -> tuple[object, ...]:
    if isinstance(block, Paragraf | Subjudul):
        return tuple(block.isi)
    if isinstance(block, Tabel):
        return tuple(part for row_ in block.baris for sel in row_ for part in sel.isi)
    if isinstance(block, Formulir):
        return tuple(part for baris in block.baris for part in (*baris.label, *baris.isi))
    return ()
