"""An agreement as a flat row of clauses, each with a lasting identity.

A clause is what a lawyer points at: a list item without the items below it, a paragraph, a
heading, a table, a form, a block of signatures. Its identity is its subject and the label that the
author gave it; a printed number is none, because it changes whenever something is inserted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pks_kit.json_form import HasJsonForm
from pks_kit.naskah.assemble import LabelledNaskah
from pks_kit.naskah.tree import (
    Bagian,
    Block,
    BlokTandaTangan,
    Butir,
    Daftar,
    Formulir,
    GantiBaris,
    Inline,
    Paragraf,
    Rujukan,
    Subjudul,
    Tabel,
)

_ITEM_END = re.compile(r"(?:; dan|;|\.)\Z")
BlockForm = Literal["butir", "paragraf", "subjudul", "tabel", "formulir", "tanda_tangan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseForm:
    """A clause as a comparison shows it.

    Attributes:
        place: Where it is printed, for people.
        address: Its address in the text; None below a dash and for forms and signatures.
        text: Its words as printed.
    """

    place: str
    address: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause(HasJsonForm):
    """One clause of an assembled agreement.

    Attributes:
        urutan: Position in the document, from 0.
        jenis: Kind of its part: ``pembukaan``, ``pasal``, ``penutup`` or ``lampiran``.
        subjek: Subject of its part.
        bagian: Number of its part as printed (``Pasal 4``), or empty.
        tempat: Printed numbers inside the part (``ayat (1) huruf b``), or empty.
        alamat: Address, or None below a dash and for forms and signatures.
        label: Label that the author gave it, or empty.
        induk: Position of the clause or heading above it, or None.
        bentuk: What it is.
        sumber: Word for where its content comes from, or empty.
        teks: Its words as printed, without those of the clauses below it.
        inti: Its words with every reference replaced by what it refers to, so that a reference
            which follows a new number is no change of words; without the sign (and *dan*) that
            only says whether more items follow.
    """

    urutan: int
    jenis: str
    subjek: str
    bagian: str
    tempat: str
    alamat: str | None
    label: str
    induk: int | None
    bentuk: BlockForm
    sumber: str
    teks: str
    inti: str

    @property
    def place(self) -> str:
        """Return where it stands, as people say it: ``Pasal 4 ayat (1) huruf b``."""
        return " ".join(filter(None, (self.bagian or self.jenis.capitalize(), self.tempat)))

    def json_form(self) -> ClauseForm:
        """Return what a comparison shows of it."""
        return ClauseForm(place=self.place, address=self.alamat, text=self.teks)

    @property
    def position(self) -> tuple[str, str, str, str]:
        """Return part, place and form: equal for the same spot of two fillings of one version."""
        return (self.jenis, self.subjek, self.tempat, self.bentuk)


def clauses_of(labelled: LabelledNaskah) -> tuple[Clause, ...]:
    """Return every clause of an agreement in reading order."""
    names = {bagian.alamat: f"{bagian.jenis}:{bagian.subjek}" for bagian in labelled.naskah.bagian}
    for alamat, label in labelled.labels.items():
        names[alamat] = f"{names[alamat.split('__')[0]]}#{label}"
    found: list[Clause] = []
    for bagian in labelled.naskah.bagian:
        _Reader(bagian, labelled.labels, names, found).read()
    return tuple(found)


class _Reader:
    """Reads the clauses of one part into the row."""

    def __init__(
        self,
        bagian: Bagian,
        labels: Mapping[str, str],
        names: Mapping[str, str],
        found: list[Clause],
    ) -> None:
        self._bagian = bagian
        self._labels = labels
        self._names = names
        self._found = found
        self._counted: Counter[str] = Counter()

    def read(self) -> None:
        above: dict[int, tuple[int, str]] = {}
        for block in self._bagian.isi:
            if isinstance(block, Subjudul):
                outer = above.get(1) if block.tingkat == 2 else None
                place = self._heading_place(block, outer[1] if outer else "")
                index = self._add(block, place, outer[0] if outer else None, block.alamat)
                above = {**({1: above[1]} if outer else {}), block.tingkat: (index, place)}
                continue
            parent, place = above[max(above)] if above else (None, "")
            self._block(block, place, parent)

    def _heading_place(self, block: Subjudul, outer: str) -> str:
        number = block.label.rstrip(".")
        if not number:
            return f"{outer} {self._nth('bagian', outer)}".strip()
        romawi = (block.alamat or "").rsplit("__", 1)[-1].startswith("romawi")
        word = "angka romawi" if romawi else "angka" if number.isdigit() else "huruf"
        return f"{outer} {word} {number}".strip()

    def _block(self, block: Block, place: str, parent: int | None) -> None:
        if not isinstance(block, Daftar):
            alamat = block.alamat if isinstance(block, Paragraf | Tabel) else None
            kind = _bentuk(block).replace("_", " ")
            self._add(block, f"{place} {self._nth(kind, place)}".strip(), parent, alamat)
            return
        for butir in block.butir:
            number = butir.label.removesuffix(".")
            word = block.jenis.removesuffix("_kurung")
            counted = block.jenis != "strip"
            words = f"{word} {number}" if counted else self._nth("butir", place)
            below = f"{place} {words}".strip()
            index = self._add(butir, below, parent, butir.alamat)
            for inner in butir.isi:
                if isinstance(inner, Daftar):
                    self._block(inner, below, index)

    def _nth(self, kind: str, place: str) -> str:
        self._counted[f"{place} {kind}"] += 1
        return f"{kind} {self._counted[f'{place} {kind}']}"

    def _add(
        self, block: Block | Butir, tempat: str, parent: int | None, alamat: str | None
    ) -> int:
        index = len(self._found)
        label = self._labels.get(alamat or "", "")
        if not label and isinstance(block, Butir):
            label = self._label_inside(block)
        self._found.append(
            Clause(
                urutan=index,
                jenis=self._bagian.jenis,
                subjek=self._bagian.subjek,
                bagian=self._bagian.label,
                tempat=tempat,
                alamat=alamat,
                label=label,
                induk=parent,
                bentuk=_bentuk(block),
                sumber=block.sumber if isinstance(block, Butir) else self._bagian.sumber,
                teks=_words(block, None),
                inti=without_item_end(_words(block, self._names)),
            )
        )
        return index

    def _label_inside(self, butir: Butir) -> str:
        """Return the label of a paragraph or table inside an item that has none itself."""
        inside = (
            self._labels.get(block.alamat or "", "")
            for block in butir.isi
            if isinstance(block, Paragraf | Tabel)
        )
        return next(filter(None, inside), "")


def without_item_end(text: str) -> str:
    """Return text without ``;``, ``; dan`` or ``.`` at its end; *atau* stays, it has a meaning."""
    return _ITEM_END.sub("", text)


def _bentuk(block: Block | Butir) -> BlockForm:
    match block:
        case Butir() | Daftar():
            return "butir"
        case Paragraf():
            return "paragraf"
        case Subjudul():
            return "subjudul"
        case Tabel():
            return "tabel"
        case Formulir():
            return "formulir"
        case BlokTandaTangan():
            return "tanda_tangan"


def _words(block: Block | Butir, names: Mapping[str, str] | None) -> str:
    """Return the words of a block; with ``names`` references show what they refer to."""
    match block:
        case Butir():
            parts = (_words(inner, names) for inner in block.isi if not isinstance(inner, Daftar))
            return "\n".join(filter(None, parts))
        case Paragraf() | Subjudul():
            return _inline(block.isi, names)
        case Tabel():
            rows = (
                " | ".join(_inline(cell.isi, names).replace("\n", " ") for cell in row)
                for row in (block.kepala, *block.baris)
            )
            return "\n".join(filter(None, (block.keterangan, *rows)))
        case Formulir():
            return "\n".join(
                f"{_inline(row.label, names)} : {_inline(row.isi, names)}" for row in block.baris
            )
        case BlokTandaTangan():
            people = (
                ", ".join(filter(None, (one.judul, one.instansi, one.nama, one.jabatan)))
                for one in block.tempat
            )
            return "\n".join(filter(None, (block.pembuka, *people)))
        case Daftar():
            return ""


def _inline(isi: tuple[Inline, ...], names: Mapping[str, str] | None) -> str:
    pieces: list[str] = []
    for part in isi:
        if isinstance(part, GantiBaris):
            pieces.append("\n")
        elif isinstance(part, Rujukan) and names is not None:
            pieces.append(f"[{names.get(part.alamat, part.alamat)}]")
        else:
            pieces.append(part.teks)
    return "".join(pieces)
