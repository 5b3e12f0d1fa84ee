"""Naskah of a letter -> HTML."""

from __future__ import annotations

from pks_kit.errors import RenderError
from pks_kit.naskah.tree import BlokTandaTangan, Naskah, TempatTandaTangan
from pks_kit.render.elements import Element
from pks_kit.render.fonts import character_name, unprintable
from pks_kit.render.html import document_html, main_element
from pks_kit.render.html_blocks import BlockWriter
from pks_kit.render.html_inline import escape
from pks_kit.render.look import Look
from pks_kit.render.page_geometry import TEGAK
from pks_kit.render.pen_box import Sticker

_NO_BOXES = Look(sticker=Sticker(width=0.0, height=0.0))


class LetterWriter(BlockWriter):
    """Writes the blocks of a letter: room for signature and stamp, without boxes."""

    __slots__ = ()

    def _signatures(self, block: BlokTandaTangan) -> Element:
        opening = f"<p>{escape(block.pembuka)}</p>\n" if block.pembuka else ""
        first = 2 if len(block.tempat) == 1 else 1
        places = "".join(
            _place(one, column) for column, one in enumerate(block.tempat, start=first)
        )
        words = f'\n{opening}<div class="pihak">\n{places}</div>'
        return Element("div", ' class="ttd"', content=words)


def letter_html(naskah: Naskah, variant: str) -> str:
    """Return a letter as one HTML document; variant as in ``main_element``.

    Raises:
        RenderError: ``render.pdf.unprintable`` when a character has no glyph,
            ``render.pdf.unknown_style`` when the tree names a style that does not exist.
    """
    writer = LetterWriter(
        cara_kontrak=naskah.cara_kontrak, sheet_width=TEGAK.content_width, look=_NO_BOXES
    )
    main = main_element(
        (
            Element(
                "section",
                f' class="surat {escape(one.subjek)}"',
                f' id="{escape(one.alamat)}"',
                writer.blocks(one.isi, indent=0.0),
            )
            for one in naskah.bagian
        ),
        variant,
    )
    character = unprintable(main.html())
    if character:
        raise RenderError(
            "render.pdf.unprintable",
            character=character_name(character),
            clause=naskah.nama_perjanjian,
        )
    return document_html((main,))


def _place(tempat: TempatTandaTangan, column: int) -> str:
    room = "ruang meterai" if tempat.meterai else "ruang"
    position = f"<div>{escape(tempat.jabatan)}</div>" if tempat.jabatan else ""
    cells = (
        ("judul", escape(tempat.judul)),
        ("instansi", escape(tempat.instansi)),
        (room, " "),
        ("orang", f'<div class="nama">{escape(tempat.nama)}</div>{position}'),
    )
    return "".join(
        f'<div class="{name} kolom-{column}">{words}</div>\n' for name, words in cells if words
    )
