"""Naskah -> HTML, one page of HTML per **part**.

A part is what is laid out at once and reused while its words stay equal: the body from pembukaan
to penutup, each lampiran (with the next one where both share a page). The body is one part because
it is read and signed as one: no page of it ends half empty, where a hand could add something, and
the signatures follow the last pasal. It
names the parties throughout, so it could never be shared between facilities. A part's HTML holds
nothing of its surroundings: no page number, and links to other clauses use a private address that
``pdf.assemble`` resolves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pks_kit.errors import RenderError
from pks_kit.naskah.tree import Bagian, Naskah, Notes, shares_page
from pks_kit.render.closing import closing_blocks
from pks_kit.render.elements import Element, class_of
from pks_kit.render.fonts import character_name, unprintable
from pks_kit.render.html_blocks import BlockWriter
from pks_kit.render.html_inline import ADDRESS, escape, lines_html
from pks_kit.render.look import Look
from pks_kit.render.page_geometry import MENDATAR, TEGAK
from pks_kit.render.text import lampiran_heading
from pks_kit.render.titles import title_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSource:
    """One part before layout.

    Attributes:
        nama: Name for messages: address of its first bagian.
        bagian: The bagian in it, in order.
        sections: One element per bagian.
    """

    nama: str
    bagian: tuple[Bagian, ...]
    sections: tuple[Element, ...]

    def main(self, variant: str = "") -> Element:
        """Return the part; a variant is a class for which the style sheet has its own rules."""
        return main_element(self.sections, variant)

    def html(self, variant: str) -> str:
        """Return the complete HTML document of the part alone; variant as in ``main``."""
        return document_html((self.main(variant),))


def part_sources(naskah: Naskah, look: Look) -> tuple[PartSource, ...]:
    """Return the parts of the agreement in order.

    Raises:
        RenderError: ``render.pdf.unprintable`` when a character has no glyph,
            ``render.pdf.unknown_style`` when the tree names a style that does not exist.
    """
    parts = []
    for bagian in part_groups(naskah):
        sections = tuple(section_element(naskah, one, look) for one in bagian)
        parts.append(PartSource(nama=bagian[0].alamat, bagian=bagian, sections=sections))
    return tuple(parts)


def part_groups(naskah: Naskah) -> tuple[tuple[Bagian, ...], ...]:
    """Return the bagian grouped into parts."""
    groups: list[list[Bagian]] = []
    for bagian in naskah.bagian:
        if groups and _goes_on(groups[-1][-1], bagian):
            groups[-1].append(bagian)
        else:
            groups.append([bagian])
    return tuple(tuple(group) for group in groups)


def _goes_on(before: Bagian, bagian: Bagian) -> bool:
    if bagian.jenis == "lampiran":
        return shares_page(before, bagian)
    return before.jenis != "lampiran"


def main_element(sections: Iterable[Element], variant: str = "") -> Element:
    """Return a part; a variant is a class for which the style sheet has its own rules."""
    return Element("main", class_of(variant), content=tuple(sections))


def document_html(mains: Iterable[Element]) -> str:
    """Return a complete HTML document; every main is a part that begins a page."""
    return whole_html(one.html() for one in mains)


def whole_html(mains: Iterable[str]) -> str:
    """Return a complete HTML document from its parts as HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="id"><head><meta charset="utf-8"></head>\n'
        f"<body>\n{''.join(mains)}</body></html>\n"
    )


def section_element(naskah: Naskah, bagian: Bagian, look: Look) -> Element:
    """Return one bagian as a section.

    Raises:
        RenderError: As ``part_sources``.
    """
    sheet = MENDATAR if bagian.orientasi == "mendatar" else TEGAK
    writer = BlockWriter(
        cara_kontrak=naskah.cara_kontrak,
        sheet_width=sheet.content_width,
        look=look,
        closing=closing_blocks(bagian.isi) if bagian.jenis == "lampiran" else frozenset(),
        notes=bagian.notes,
    )
    blocks = writer.blocks(bagian.isi, indent=0.0)
    heading = _heading(naskah, bagian, sheet.content_width)
    odd = unprintable("".join(one.html() for one in heading)) or writer.unprintable(bagian.isi)
    if odd:
        raise RenderError(
            "render.pdf.unprintable",
            character=character_name(odd),
            clause=bagian.label or bagian.alamat,
        )
    return Element(
        "section",
        f' class="{bagian.jenis} {bagian.orientasi}"',
        f' {ADDRESS if heading else "id"}="{escape(bagian.alamat)}"',
        (*heading, *blocks),
    )


def _kept(notes: Notes | None, tag: str, name: str, words: str) -> Element:
    """Return a heading; the same object as before where it says the same."""
    if notes is None:
        return Element(tag, name=name, content=words)
    made = Element(tag, name=name, content=words, kept={})
    known = notes.made.get(tag)
    if isinstance(known, Element) and known == made:
        return known
    notes.made[tag] = made  # only one: a title may hold a value
    return made


def _heading(naskah: Naskah, bagian: Bagian, width: float) -> tuple[Element, ...]:
    anchor = f' id="{escape(bagian.alamat)}"'
    if bagian.jenis == "pasal":
        title = lines_html(title_lines(bagian.judul, "pasal", width))
        words = (
            f'<span class="nomor">{escape(bagian.label)}</span><span class="judul">{title}</span>'
        )
        return (_kept(bagian.notes, "h2", anchor, words),)
    if bagian.jenis != "lampiran":
        return ()
    *above, title = lampiran_heading(naskah, bagian)
    lines = "".join(f"<p>{escape(line)}</p>" for line in above)
    return Element("div", ' class="kepala"', anchor, lines), _kept(
        bagian.notes, "h1", "", lines_html(title_lines(title, "lampiran", width))
    )
