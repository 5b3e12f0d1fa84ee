"""Naskah -> HTML, one page of HTML per **part**.

A part is what is laid out at once and reused while its words stay equal: the body from pembukaan
to penutup, each lampiran. The body is one part because it is read and signed as one: no page of it
ends half empty, where a hand could add something, and the signatures follow the last pasal. It
names the parties throughout, so it could never be shared between facilities. A part's HTML holds
nothing of its surroundings: no page number, and links to other clauses use a private address that
``pdf.assemble`` resolves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from pks_kit.errors import RenderError
from pks_kit.naskah.tree import Bagian, Naskah
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
        body: HTML of its sections.
    """

    nama: str
    bagian: tuple[Bagian, ...]
    body: str

    @property
    def html(self) -> str:
        """Return the complete HTML document of the part alone."""
        return document_html((self.body,))


def part_sources(naskah: Naskah, look: Look) -> tuple[PartSource, ...]:
    """Return the parts of the agreement in order.

    Raises:
        RenderError: ``render.pdf.unprintable`` when a character has no glyph,
            ``render.pdf.unknown_style`` when the tree names a style that does not exist.
    """
    parts = []
    for bagian in part_groups(naskah):
        body = "".join(section_html(naskah, one, look) for one in bagian)
        parts.append(PartSource(nama=bagian[0].alamat, bagian=bagian, body=body))
    return tuple(parts)


def part_groups(naskah: Naskah) -> tuple[tuple[Bagian, ...], ...]:
    """Return the bagian grouped into parts."""
    keyed = groupby(
        naskah.bagian, key=lambda one: one.alamat if one.jenis == "lampiran" else "badan"
    )
    return tuple(tuple(group) for _, group in keyed)


def document_html(bodies: Iterable[str]) -> str:
    """Return a complete HTML document; every body is a part that begins a page."""
    mains = "".join(f"<main>\n{body}</main>\n" for body in bodies)
    return (
        '<!DOCTYPE html>\n<html lang="id"><head><meta charset="utf-8"></head>\n'
        f"<body>\n{mains}</body></html>\n"
    )


def section_html(naskah: Naskah, bagian: Bagian, look: Look) -> str:
    """Return one bagian as an HTML section.

    Raises:
        RenderError: As ``part_sources``.
    """
    sheet = MENDATAR if bagian.orientasi == "mendatar" else TEGAK
    writer = BlockWriter(
        cara_kontrak=naskah.cara_kontrak, sheet_width=sheet.content_width, look=look
    )
    blocks = writer.blocks(bagian.isi, indent=0.0)
    heading = _heading_html(naskah, bagian, sheet.content_width)
    address = f'{ADDRESS if heading else "id"}="{escape(bagian.alamat)}"'
    html = (
        f'<section class="{bagian.jenis} {bagian.orientasi}" {address}>\n'
        f"{heading}{blocks}</section>\n"
    )
    _refuse_unprintable(html, bagian)
    return html


def _heading_html(naskah: Naskah, bagian: Bagian, width: float) -> str:
    anchor = f'id="{escape(bagian.alamat)}"'
    if bagian.jenis == "pasal":
        title = lines_html(title_lines(bagian.judul, "pasal", width))
        return (
            f'<h2 {anchor}><span class="nomor">{escape(bagian.label)}</span>'
            f'<span class="judul">{title}</span></h2>\n'
        )
    if bagian.jenis != "lampiran":
        return ""
    *above, title = lampiran_heading(naskah, bagian)
    lines = "".join(f"<p>{escape(line)}</p>" for line in above)
    title = lines_html(title_lines(title, "lampiran", width))
    return f'<div class="kepala" {anchor}>{lines}</div>\n<h1>{title}</h1>\n'


def _refuse_unprintable(html: str, bagian: Bagian) -> None:
    character = unprintable(html)
    if character:
        raise RenderError(
            "render.pdf.unprintable",
            character=character_name(character),
            clause=bagian.label or bagian.alamat,
        )
