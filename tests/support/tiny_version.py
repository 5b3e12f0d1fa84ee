"""A whole template version in a few lines, for tests of the text engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pks_kit.naskah.assemble import assemble_naskah
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

HEAD = "---\njudul: {title}\nsumber: susunan\n---\n"
HEAD_LINES = 4
"""Lines of the head that the tests put above each body."""


@dataclass
class TinyVersion:
    """One version with a pembukaan, a penutup, and the pasal and lampiran that a test gives it.

    Bodies are given without head; ``raw`` files are written as they are.
    """

    root: Path
    pasal: dict[str, str] = field(default_factory=lambda: {"contoh": "1. Isi.\n"})
    lampiran: dict[str, str] = field(default_factory=dict)
    pembukaan: str = "Pembukaan."
    penutup: str = "Penutup."
    raw: dict[str, str] = field(default_factory=dict)
    manifest_extra: str = ""

    def write(self) -> Path:
        folder = self.root / "mini"
        lampiran = "".join(
            f"\n  - {{subjek: {name}, edisi: {{klinik_pratama: satu}}}}" for name in self.lampiran
        )
        files = {
            "mini/manifest.yml": (
                'versi: mini\nnama: "Versi mini"\nberlaku: {mulai: 2024-01-01}\n'
                'nama_perjanjian: {bawaan: "PERJANJIAN KERJA SAMA"}\n'
                'sumber: {susunan: "disusun", hfis: "juknis"}\n'
                "pembukaan: pembukaan\npenutup: penutup\n"
                f"pasal: [{', '.join(self.pasal)}]\n"
                f"lampiran:{lampiran or ' []'}\n{self.manifest_extra}"
            ),
            "mini/pembukaan.md": HEAD.format(title='""') + self.pembukaan,
            "mini/penutup.md": HEAD.format(title='""') + self.penutup,
        }
        for name, body in self.pasal.items():
            files[f"mini/pasal/{name}.md"] = HEAD.format(title=name) + body
        for name, body in self.lampiran.items():
            files[f"lampiran/{name}/satu.md"] = HEAD.format(title=name) + body
        for name, text in {**files, **self.raw}.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    def assemble(self, data: Mapping[str, Any] | None = None) -> Naskah:
        self.write()
        return assemble_naskah(
            "mini",
            "klinik_pratama",
            data or {},
            cara_kontrak="elektronik",
            nomor_kesatu="1/KTR/2024",
            nomor_kedua="2/PKS/2024",
            templates_root=self.root,
        )

    def part(self, subjek: str, data: Mapping[str, Any] | None = None) -> Bagian:
        return next(b for b in self.assemble(data).bagian if b.subjek == subjek)


def outline(blocks: tuple[Block, ...], indent: int = 0) -> list[str]:
    """Return the blocks as lines that a person can read and write in a fixture."""
    lines: list[str] = []
    pad = "    " * indent
    for block in blocks:
        match block:
            case Paragraf():
                style = "" if block.gaya == "biasa" else f"<{block.gaya}> "
                lines += [f"{pad}{style}{line}" for line in plain_text(block.isi).split("\n")]
            case Daftar():
                for butir in block.butir:
                    first, *rest = outline(butir.isi)
                    lines.append(f"{pad}{butir.label} {first}")
                    lines += [f"{pad}    {line}" for line in rest]
            case Subjudul():
                mark = "#" * (block.tingkat + 1) + (" [halaman baru]" if block.halaman_baru else "")
                lines.append(" ".join(filter(None, (mark, block.label, plain_text(block.isi)))))
            case Tabel():
                if block.keterangan or block.lebar or block.gaya != "biasa":
                    lines.append(f"{pad}<{block.gaya} {list(block.lebar)}> {block.keterangan}")
                for row in (block.kepala, *block.baris):
                    cells = (plain_text(cell.isi).replace("\n", "/") for cell in row)
                    lines.append(f"{pad}| " + " | ".join(cells) + " |")
            case Formulir():
                lines += [
                    f"{pad}{plain_text(row.label)} : {plain_text(row.isi)}" for row in block.baris
                ]
            case BlokTandaTangan():
                names = ", ".join(f"{t.judul}={t.nama}" for t in block.tempat)
                lines.append(f"{pad}[{block.pembuka}: {names}]")
    return [line.rstrip() for line in lines]


def addresses(blocks: tuple[Block, ...]) -> list[str]:
    """Return the addresses of headings, items, paragraphs and tables in reading order."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Daftar):
            for butir in block.butir:
                found += [butir.alamat or "-"]
                found += addresses(butir.isi)
        elif not isinstance(block, Formulir | BlokTandaTangan) and block.alamat:
            found.append(block.alamat)
    return found
