"""Signature places -> HTML: boxes with ids, whose page and rectangle the layout reports.

Electronic places hold a blank meterai square and a signature box side by side with a gap, because
an electronic signature and an e-meterai must never touch. Places for the pen hold a dotted box
for the adhesive meterai that the signature must cross, a date line and a circle for the stamp
(docs/sumber.md 13.7).
"""

from __future__ import annotations

from html import escape

from pks_kit.domain.tanda_tangan import signs_electronically
from pks_kit.errors import RenderError
from pks_kit.naskah.tree import BlokTandaTangan, TempatTandaTangan

SIGNATURE_ID = "tempat__TTD_"
METERAI_ID = "tempat__METERAI_"


def signature_html(blok: BlokTandaTangan, cara_kontrak: str) -> str:
    """Return a block of one or two places; a single place stands on the right.

    Raises:
        RenderError: ``render.pdf.signature_count`` for any other number of places.
    """
    opening = f"<p>{escape(blok.pembuka)}</p>\n" if blok.pembuka else ""
    if len(blok.tempat) not in {1, 2}:
        raise RenderError("render.pdf.signature_count", count=len(blok.tempat))
    first_column = 2 if len(blok.tempat) == 1 else 1
    places = "".join(
        _place_html(tempat, column, cara_kontrak)
        for column, tempat in enumerate(blok.tempat, start=first_column)
    )
    return f'<div class="ttd">\n{opening}<div class="pihak">\n{places}</div></div>\n'


def _place_html(tempat: TempatTandaTangan, column: int, cara_kontrak: str) -> str:
    electronic = signs_electronically(tempat.peran, cara_kontrak)
    box = _electronic_box(tempat) if electronic else _pen_box(tempat)
    name = f'<div class="nama"><span>{escape(tempat.nama)}</span></div>'
    position = f"<div>{escape(tempat.jabatan)}</div>" if tempat.jabatan else ""
    cells = (
        ("judul", escape(tempat.judul)),
        ("instansi", escape(tempat.instansi)),
        ("kotak", box),
        ("orang", name + position),
    )
    return "".join(
        f'<div class="{name} kolom-{column}">{content}</div>\n'
        for name, content in cells
        if content
    )


def _electronic_box(tempat: TempatTandaTangan) -> str:
    return f'<div class="elektronik">{_meterai_box(tempat)}{_signature_box(tempat)}</div>'


def _pen_box(tempat: TempatTandaTangan) -> str:
    stempel = '<div class="stempel"></div>' if tempat.stempel else ""
    return f'<div class="pena">{_meterai_box(tempat)}{stempel}{_signature_box(tempat)}</div>'


def _meterai_box(tempat: TempatTandaTangan) -> str:
    if not tempat.meterai:
        return ""
    return f'<div class="meterai" id="{METERAI_ID}{escape(tempat.kode.upper())}"></div>'


def _signature_box(tempat: TempatTandaTangan) -> str:
    return f'<div class="tanda" id="{SIGNATURE_ID}{escape(tempat.kode.upper())}"></div>'
