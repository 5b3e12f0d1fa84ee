"""Naskah -> plain text: the third walk over the tree, and the yardstick for the other two."""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.naskah.tree import (
    Bagian,
    Block,
    BlokTandaTangan,
    Daftar,
    Formulir,
    Naskah,
    Paragraf,
    Subjudul,
    Tabel,
    plain_text,
)

_INDENT = "    "


def lampiran_heading(naskah: Naskah, bagian: Bagian) -> tuple[str, ...]:
    """Return the lines above a lampiran: its label, both PKS numbers, its title in capitals.

    Both numbers repeat on every lampiran (docs/sumber.md 13.1 item 8).
    """
    return (
        f"{bagian.label} {naskah.sebutan}",
        f"Nomor : {naskah.nomor_kesatu}",
        f"Nomor : {naskah.nomor_kedua}",
        bagian.judul.upper(),
    )


def render_text(naskah: Naskah) -> str:
    """Return the whole agreement as UTF-8 text with one line per paragraph, item, or table row."""
    lines: list[str] = []
    for bagian in naskah.bagian:
        lines.extend(_heading_lines(naskah, bagian))
        lines.extend(_block_lines(bagian.isi, ""))
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _heading_lines(naskah: Naskah, bagian: Bagian) -> Iterator[str]:
    if bagian.jenis == "pasal":
        yield bagian.label
        yield bagian.judul
        yield ""
    elif bagian.jenis == "lampiran":
        yield from lampiran_heading(naskah, bagian)
        yield ""


def _block_lines(blocks: tuple[Block, ...], indent: str) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Daftar):
            yield from _list_lines(block, indent)
        else:
            yield from (f"{indent}{line}" if line else "" for line in _simple_lines(block))


def _list_lines(daftar: Daftar, indent: str) -> Iterator[str]:
    for butir in daftar.butir:
        inner = list(_block_lines(butir.isi, indent + _INDENT))
        if inner and not isinstance(butir.isi[0], Daftar):
            yield f"{indent}{butir.label} {inner[0].strip()}"
            yield from inner[1:]
        else:
            yield f"{indent}{butir.label}"
            yield from inner


def _simple_lines(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraf):
        yield from plain_text(block.isi).split("\n")
    elif isinstance(block, Subjudul):
        yield ""
        words = plain_text(block.isi)
        yield f"{block.label} {words}" if block.label else words
    elif isinstance(block, Tabel):
        yield from _table_lines(block)
    elif isinstance(block, Formulir):
        for baris in block.baris:
            yield f"{plain_text(baris.label)} : {plain_text(baris.isi)}"
    elif isinstance(block, BlokTandaTangan):
        yield from _signature_lines(block)


def _table_lines(tabel: Tabel) -> Iterator[str]:
    if tabel.keterangan:
        yield tabel.keterangan
    for row in (tabel.kepala, *tabel.baris):
        if row:
            yield "\t".join(plain_text(sel.isi).replace("\n", " ") for sel in row)


def _signature_lines(blok: BlokTandaTangan) -> Iterator[str]:
    if blok.pembuka:
        yield blok.pembuka
    for tempat in blok.tempat:
        yield from (
            words for words in (tempat.judul, tempat.instansi, tempat.nama, tempat.jabatan) if words
        )
