"""Tables, forms and signature places of the Word file."""

from __future__ import annotations

from collections.abc import Sequence

from pks_kit.domain.tanda_tangan import signs_electronically
from pks_kit.naskah.tree import BlokTandaTangan, Formulir, Sel, Tabel, TempatTandaTangan
from pks_kit.render.columns import form_label_width, table_widths
from pks_kit.render.docx.xml import Links, box_borders, cell, paragraph, row, run, runs, table

_ALIGN = {"kiri": "", "tengah": "center", "kanan": "right"}
_HEAD_SHADE = "ECECEC"
_SHORT_TABLE = 8
"""A table or form of at most so many rows stays on one page, as in the PDF."""

_EMPTY_ROW = 510
"""Height of a row for handwriting in twips (9 mm), as in the PDF."""

_MM_PER_TWIP = 25.4 / 1440
_BOX_HEIGHT = 1300
_METERAI_WIDTH, _STAMP_WIDTH = 1300, 1100
_BOX_GAP, _PARTY_GAP, _CELL_MARGIN = 160, 280, 80
LABEL_STYLE = "Footer"
"""Small grey type of the blank file, for words that are furniture."""
AFTER_TABLE = paragraph("", style="SesudahTabel")


def table_xml(tabel: Tabel, width: int, indent: int, links: Links) -> str:
    """Return a table with its caption; ``width`` and ``indent`` in twips."""
    widths = _in_twips(table_widths(tabel, width * _MM_PER_TWIP), width)
    style = "SelRapat" if tabel.gaya in {"rapat", "formulir_kosong"} else "Sel"
    blank_form = tabel.gaya == "formulir_kosong"
    count = len(tabel.baris)
    rows = []
    if tabel.kepala:
        rows.append(row(_cells(tabel.kepala, widths, style, links, head=True), header=True))
    for number, sel in enumerate(tabel.baris, start=1):
        keep = number < count and (count <= _SHORT_TABLE or number in {1, count - 1})
        cells = _cells(sel, widths, style, links, keep=keep, middle=blank_form)
        rows.append(row(cells, height=_EMPTY_ROW if blank_form else None))
    caption = (
        paragraph(run(tabel.keterangan), style="KeteranganTabel", indent=indent or None)
        if tabel.keterangan
        else ""
    )
    return caption + table("".join(rows), widths, style="TabelGaris", indent=indent) + AFTER_TABLE


def _cells(
    cells: tuple[Sel, ...],
    widths: Sequence[int],
    style: str,
    links: Links,
    *,
    head: bool = False,
    keep: bool = False,
    middle: bool = False,
) -> str:
    return "".join(
        cell(
            paragraph(
                runs(sel.isi, links, bold=head),
                style=style,
                keep_next=keep or head,
                align="center" if head else _ALIGN[sel.perataan],
            ),
            width,
            shade=_HEAD_SHADE if head else "",
            middle=middle or head,
        )
        for sel, width in zip(cells, widths, strict=True)
    )


def form_xml(formulir: Formulir, width: int, indent: int, links: Links) -> str:
    """Return lines of ``label : value`` with the colons in one column."""
    label = round(form_label_width(formulir, width * _MM_PER_TWIP) / 100 * width)
    widths = (label, 230, width - label - 230)
    count = len(formulir.baris)
    rows = []
    for number, baris in enumerate(formulir.baris, start=1):
        keep = number < count and (count <= _SHORT_TABLE or number in {1, count - 1})
        words = (runs(baris.label, links), run(":"), runs(baris.isi, links))
        rows.append(
            row(
                "".join(
                    cell(paragraph(one, style="Isian", keep_next=keep), size)
                    for one, size in zip(words, widths, strict=True)
                )
            )
        )
    return table("".join(rows), widths, style="TabelPolos", indent=indent) + AFTER_TABLE


def signature_xml(blok: BlokTandaTangan, width: int, cara_kontrak: str) -> str:
    """Return one or two signature places side by side; a single one stands on the right."""
    opening = (
        paragraph(run(blok.pembuka), style="PembukaTandaTangan", keep_next=True)
        if blok.pembuka
        else ""
    )
    one = (width - _PARTY_GAP) // 2
    has_instansi = any(tempat.instansi for tempat in blok.tempat)
    empty = cell(paragraph("", style="TandaTangan"), _PARTY_GAP)
    cells = empty.join(
        cell(_place_xml(tempat, one, cara_kontrak, has_instansi=has_instansi), one)
        for tempat in blok.tempat
    )
    widths = (one,) if len(blok.tempat) == 1 else (one, _PARTY_GAP, one)
    indent = 0 if len(blok.tempat) > 1 else one + _PARTY_GAP
    return opening + table(row(cells), widths, style="TabelPolos", indent=indent) + AFTER_TABLE


def _place_xml(
    tempat: TempatTandaTangan, width: int, cara_kontrak: str, *, has_instansi: bool
) -> str:
    def line(words: str, *, bold: bool = False) -> str:
        return paragraph(run(words, bold=bold) if words else "", style="TandaTangan")

    electronic = signs_electronically(tempat.peran, cara_kontrak)
    kind = " elektronik" if electronic else ""
    inner = width - _CELL_MARGIN
    words = [f"Tanda tangan{kind}"]
    sizes = [inner]
    if tempat.meterai:
        words.insert(0, f"Meterai{kind or ' tempel'}")
        sizes = [_METERAI_WIDTH, inner - _METERAI_WIDTH]
        if electronic:  # the two must never touch
            words.insert(1, "")
            sizes = [_METERAI_WIDTH, _BOX_GAP, inner - _METERAI_WIDTH - _BOX_GAP]
    if tempat.stempel and not electronic:
        words.append("Stempel")
        sizes[-1:] = [sizes[-1] - _STAMP_WIDTH, _STAMP_WIDTH]
    boxes = "".join(
        cell(_label(word, keep=True), size, borders=box_borders("dotted") if word else "")
        for word, size in zip(words, sizes, strict=True)
    )
    return (
        line(tempat.judul, bold=True)
        + (line(tempat.instansi) if has_instansi else "")
        + table(row(boxes, height=_BOX_HEIGHT), tuple(sizes), style="TabelPolos")
        + ("" if electronic else _label("Tanggal: ", keep=True))
        + paragraph(run(tempat.nama, bold=True, underline=True), style="NamaTandaTangan")
        + (line(tempat.jabatan) if tempat.jabatan else "")
    )


def _label(words: str, *, keep: bool) -> str:
    """Return what a box is for, in small type; it is no word of the agreement."""
    return paragraph(run(words) if words else "", style=LABEL_STYLE, keep_next=keep)


def _in_twips(percents: Sequence[float], total: int) -> tuple[int, ...]:
    shares = [int(total * percent / 100) for percent in percents]
    shares[-1] += total - sum(shares)
    return tuple(shares)
