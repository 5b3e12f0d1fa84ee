"""The tree of an agreement as Typst sources, one file per bagian; a peer to measure against.

The words and their order are those of the kit; margins, sizes and indents are near those of its
pages. Boxes of signatures are drawn, fields, codes and attachments are left out, which is in favour
of Typst.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pks_kit.naskah.tree import (
    Bagian,
    Block,
    BlokTandaTangan,
    Daftar,
    Formulir,
    GantiBaris,
    Inline,
    Naskah,
    Paragraf,
    Sel,
    Subjudul,
    Tabel,
)
from pks_kit.render.fonts import FACES
from pks_kit.render.text import lampiran_heading

MAIN = "naskah.typ"
_SPECIAL = re.compile(r"""([\\#$*_`<>@\[\]~=+\-/"'.:])""")
_ALIGN = {"kiri": "left", "tengah": "center", "kanan": "right"}
_INDENT_MM = {
    "ayat": 9,
    "huruf": 8,
    "angka": 8,
    "huruf_kurung": 8,
    "angka_kurung": 8,
    "strip": 6,
}

_STYLE = """\
#let isi(mendatar, badan) = {{
  set page(
    paper: "a4", flipped: mendatar, margin: (top: 21mm, right: 20mm, bottom: 25mm, left: 25mm),
    header: text(7.5pt)[PIHAK KESATU Nomor {first} #h(1fr) PIHAK KEDUA Nomor {second}],
    footer: context align(center, text(8pt)[
      Halaman #counter(page).display() dari #counter(page).final().first()
    ]),
  )
  set text(font: "Source Serif Pro", size: 10.5pt, lang: "id", hyphenate: false)
  set par(leading: 0.62em, spacing: 2.2mm, justify: true)
  badan
}}
#let butir(lebar, label, badan) = block(
  inset: (left: lebar), spacing: 1.4mm, {{ place(dx: -lebar, label); badan }},
)
#let tabel(kolom, ..sel) = text(9pt, font: "Source Sans Pro", table(
  columns: kolom, inset: (x: 1.5mm, y: 1mm), stroke: 0.4pt + gray, ..sel,
))
#let isian(..sel) = table(columns: (40%, 4mm, 1fr), stroke: none, inset: (x: 1mm, y: 0.3mm), ..sel)
#let kotak = rect(width: 51mm, height: 22mm, stroke: 0.4pt)
"""


def sources(naskah: Naskah) -> dict[str, str]:
    """Return file name -> text; ``MAIN`` includes the others."""
    files = {
        "gaya.typ": _STYLE.format(
            first=_escaped(naskah.nomor_kesatu), second=_escaped(naskah.nomor_kedua)
        )
    }
    main = ['#import "gaya.typ": *']
    orientation = ""
    for bagian in naskah.bagian:
        name = f"{bagian.alamat}.typ"
        files[name] = "\n".join(('#import "gaya.typ": *', *_bagian(naskah, bagian)))
        if bagian.orientasi != orientation:
            if orientation:
                main.append("]")
            orientation = bagian.orientasi
            main.append(f"#isi({str(orientation == 'mendatar').lower()})[")
        elif bagian.jenis == "lampiran":
            main.append("#pagebreak(weak: true)")
        main.append(f'#include "{name}"')
    files[MAIN] = "\n".join((*main, "]"))
    return files


def font_folders() -> list[str]:
    """Return the folders of the kit's own fonts."""
    return sorted({str(Path(face.path).parent) for face in FACES})


def _bagian(naskah: Naskah, bagian: Bagian) -> Iterator[str]:
    if bagian.jenis == "pasal":
        yield f"#align(center, strong[{_escaped(bagian.label)} \\\n{_escaped(bagian.judul)}])\n"
    elif bagian.jenis == "lampiran":
        *above, title = map(_escaped, lampiran_heading(naskah, bagian))
        lines = " \\\n".join(above)
        yield f"#align(right, block(width: 82mm, align(left, text(9.4pt)[{lines}])))\n"
        yield f"#align(center, strong[{title}])\n"
    for block in bagian.isi:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraf():
            words = _words(block.isi)
            centred = block.gaya in ("tengah", "judul_blok")
            yield f"#align(center, par[{words}])\n" if centred else f"#par[{words}]\n"
        case Subjudul():
            if block.halaman_baru:
                yield "#pagebreak(weak: true)"
            yield f"#block(sticky: true, strong[{_escaped(block.label)} {_words(block.isi)}])\n"
        case Daftar():
            width = _INDENT_MM[block.jenis]
            for butir in block.butir:
                yield f"#butir({width}mm)[{_escaped(butir.label)}]["
                for inner in butir.isi:
                    yield from _block(inner)
                yield "]"
        case Tabel():
            yield from _table(block)
        case Formulir():
            rows = (f"[{_words(one.label)}], [:], [{_words(one.isi)}]," for one in block.baris)
            yield "#isian(" + "\n".join(rows) + ")\n"
        case BlokTandaTangan():
            yield f"#par[{_escaped(block.pembuka)}]\n"
            cells = (
                f"[{_escaped(one.judul)} \\\n{_escaped(one.instansi)} #kotak "
                f"#strong[{_escaped(one.nama)}] \\\n{_escaped(one.jabatan)}],"
                for one in block.tempat
            )
            yield "#grid(columns: (1fr, 1fr), align: center, " + "\n".join(cells) + ")\n"


def _table(tabel: Tabel) -> Iterator[str]:
    count = len(tabel.kepala or tabel.baris[0])
    widths = tabel.lebar or (1,) * count
    if tabel.keterangan:
        yield f"#block(sticky: true, strong[{_escaped(tabel.keterangan)}])\n"
    yield "#tabel((" + ", ".join(f"{one}fr" for one in widths) + ",),"
    if tabel.kepala:
        yield "table.header(" + ", ".join(map(_cell, tabel.kepala)) + "),"
    for row in tabel.baris:
        yield ", ".join(map(_cell, row)) + ","
    yield ")\n"


def _cell(sel: Sel) -> str:
    return f"align({_ALIGN[sel.perataan]})[{_words(sel.isi)}]"


def _words(inlines: tuple[Inline, ...]) -> str:
    return "".join(map(_inline, inlines))


def _inline(one: Inline) -> str:
    if isinstance(one, GantiBaris):
        return " \\\n"
    words = _escaped(one.teks)
    if one.tebal:
        words = f"#strong[{words}]"
    return f"#emph[{words}]" if one.miring else words


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
