"""Signature places -> HTML: boxes with ids, whose page and rectangle the layout reports.

Electronic places hold a blank meterai square and a signature box side by side with a gap, because
an electronic signature and an e-meterai must never touch. Places for the pen hold a frame for the
adhesive meterai that the signature must cross, room for the stamp and a date line
(docs/sumber.md 13.7); their measures stand in :mod:`pks_kit.render.pen_box`.
"""

from __future__ import annotations

from html import escape

from pks_kit.domain.edition import OLD_LAYOUT
from pks_kit.domain.tanda_tangan import signs_electronically
from pks_kit.errors import RenderError
from pks_kit.naskah.tree import BlokTandaTangan, TempatTandaTangan
from pks_kit.render.elements import Element
from pks_kit.render.look import Look
from pks_kit.render.pen_box import (
    COLUMN,
    ELECTRONIC_GAP,
    ELECTRONIC_HEIGHT,
    ELECTRONIC_METERAI,
    ELECTRONIC_WIDTH,
    LABEL,
    STROKE,
    TICK,
    PenBox,
    frame_height,
    pen_box,
)

SIGNATURE_ID = "tempat__TTD_"
METERAI_ID = "tempat__METERAI_"
STAMP_ID = "tempat__STEMPEL_"
DATE_ID = "tempat__TANGGAL_"

PLACE_IDS = (SIGNATURE_ID, METERAI_ID, STAMP_ID, DATE_ID)

_LINE = f"{STROKE}mm solid #000"

_CSS = f"""
.ttd > .pihak {{ grid-template-columns: {COLUMN}mm {COLUMN}mm; }}
.ttd .judul, .ttd .instansi, .ttd .orang {{ padding: 0 2mm; }}
.kotak-elektronik, .kotak-pena {{ position: relative; }}
.kotak-elektronik > div, .kotak-pena > div {{ position: absolute; box-sizing: border-box; }}
.kotak-elektronik > .meterai, .kotak-elektronik > .tanda {{ border: {_LINE}; }}
.kotak-pena > .bingkai {{ border: {_LINE}; }}
.kotak-pena > .tepi {{ border-right: {_LINE}; }}
.kotak-pena > .garis {{ border-bottom: {_LINE}; }}
.kotak-pena > .kata {{
  font-family: "PKS Sans"; font-size: 7pt; line-height: 1; text-align: center; white-space: nowrap;
}}
.kotak-pena > .kata.tgl {{ text-align: left; }}
.kotak-pena > .tanda-sudut {{ border-left: {_LINE}; }}
.tabel.rapat, .tabel.formulir_kosong {{ font-size: 9pt; }}
"""
"""Added behind the template's sheet; the sheet itself is part of the hash of issued templates, and
its rules for the boxes of the first printed page are no longer met by any element."""


def place_css(look: Look) -> str:
    """Return the rules for the boxes of signature places; empty where the template has them."""
    return "" if look.layout == OLD_LAYOUT else _CSS


def signature_html(blok: BlokTandaTangan, cara_kontrak: str, look: Look) -> Element:
    """Return a block of one or two places; a single place stands on the right.

    Raises:
        RenderError: ``render.pdf.signature_count`` for any other number of places.
    """
    opening = f"<p>{escape(blok.pembuka)}</p>\n" if blok.pembuka else ""
    if len(blok.tempat) not in {1, 2}:
        raise RenderError("render.pdf.signature_count", count=len(blok.tempat))
    first_column = 2 if len(blok.tempat) == 1 else 1
    pens = any(not signs_electronically(one.peran, cara_kontrak) for one in blok.tempat)
    places = "".join(
        _place_html(tempat, column, _box(tempat, cara_kontrak, look, beside_pen=pens))
        for column, tempat in enumerate(blok.tempat, start=first_column)
    )
    words = f'\n{opening}<div class="pihak">\n{places}</div>'
    return Element("div", ' class="ttd"', content=words)


def _place_html(tempat: TempatTandaTangan, column: int, box: str) -> str:
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


def _box(tempat: TempatTandaTangan, cara_kontrak: str, look: Look, *, beside_pen: bool) -> str:
    electronic = signs_electronically(tempat.peran, cara_kontrak)
    if look.layout == OLD_LAYOUT:
        return _old_box(tempat, electronic=electronic)
    if electronic:
        return _electronic_box(tempat, look, beside_pen=beside_pen)
    return _pen_box(tempat, pen_box(look.sticker, meterai=tempat.meterai, stempel=tempat.stempel))


def _electronic_box(tempat: TempatTandaTangan, look: Look, *, beside_pen: bool) -> str:
    top = LABEL if beside_pen else 0.0
    height = frame_height(look.sticker) if beside_pen else ELECTRONIC_HEIGHT
    wide = ELECTRONIC_WIDTH + (ELECTRONIC_METERAI + ELECTRONIC_GAP if tempat.meterai else 0.0)
    left = (COLUMN - wide) / 2
    boxes = ""
    if tempat.meterai:
        side = ELECTRONIC_METERAI
        boxes = _part("meterai", (left, top, side, side), _id(METERAI_ID, tempat))
        left += side + ELECTRONIC_GAP
    boxes += _part("tanda", (left, top, ELECTRONIC_WIDTH, height), _id(SIGNATURE_ID, tempat))
    return f'<div class="kotak-elektronik" style="height:{_mm(top + height)}">{boxes}</div>'


def _pen_box(tempat: TempatTandaTangan, box: PenBox) -> str:
    _, top, width, height = box.frame
    free_left = box.meterai[2] if box.meterai else 0.0
    free_right = box.stempel[0] if box.stempel else width
    parts = [
        _part("bingkai", box.frame),
        _part("tanda", box.tanda, _id(SIGNATURE_ID, tempat)),
        _word("Tanda tangan", free_left, free_right - free_left),
    ]
    if box.meterai:
        parts += [
            _part("meterai tepi", box.meterai, _id(METERAI_ID, tempat)),
            _word("Meterai tempel", 0.0, box.meterai[2]),
        ]
    if box.stempel:
        left, _, wide, _ = box.stempel
        parts += [
            _part("stempel", box.stempel, _id(STAMP_ID, tempat)),
            _word("Stempel", left + TICK, wide - 2 * TICK),
        ]
        for x in (left, left + wide - STROKE):
            parts += [
                _part("tanda-sudut", (x, y, STROKE, TICK)) for y in (top - TICK, top + height)
            ]
    left, upper, wide, high = box.tanggal
    parts += [
        _part("tanggal garis", (left, upper, wide, high), _id(DATE_ID, tempat)),
        _part("kata tgl", (0.0, upper + high - 3.0, left - 1.0, 3.0), "", "Tanggal"),
    ]
    return f'<div class="kotak-pena" style="height:{_mm(box.height)}">{"".join(parts)}</div>'


def _word(word: str, left: float, width: float) -> str:
    return _part("kata", (left, 0.2, width, 2.8), "", word)


def _part(
    kind: str, rect: tuple[float, float, float, float], identity: str = "", words: str = ""
) -> str:
    left, top, width, height = rect
    place = f"left:{_mm(left)};top:{_mm(top)};width:{_mm(width)};height:{_mm(height)}"
    return f'<div class="{kind}"{identity} style="{place}">{words}</div>'


def _mm(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "mm"


def _id(prefix: str, tempat: TempatTandaTangan) -> str:
    return f' id="{prefix}{escape(tempat.kode.upper())}"'


def _old_box(tempat: TempatTandaTangan, *, electronic: bool) -> str:
    """Return the boxes of the first printed page; ``style.css`` says where they stand."""
    meterai = f'<div class="meterai"{_id(METERAI_ID, tempat)}></div>' if tempat.meterai else ""
    tanda = f'<div class="tanda"{_id(SIGNATURE_ID, tempat)}></div>'
    if electronic:
        return f'<div class="elektronik">{meterai}{tanda}</div>'
    stempel = '<div class="stempel"></div>' if tempat.stempel else ""
    return f'<div class="pena">{meterai}{stempel}{tanda}</div>'
