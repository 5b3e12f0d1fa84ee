"""The Naskah tree: the agreement as frozen values, the one source of PDF, DOCX and plain text.

A renderer walks this tree and adds nothing to its words. Two producers of the same tree must
print the same words; therefore labels such as ``(1)`` or ``Lampiran II`` are computed once, by
``numbering``, and stored here as text.

Addresses follow the Akoma Ntoso habit: parent and number joined with two underscores, for
example ``pasal_10__ayat_4__huruf_b`` or ``lampiran_2__bagian_a__angka_3``. They are HTML ids, PDF
destinations, difference keys and finding locations.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

# --- words -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Teks:
    """A run of words with its emphasis."""

    teks: str
    tebal: bool = False
    miring: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rujukan:
    """A resolved reference to another clause, for example ``Pasal 4 ayat (4)``."""

    alamat: str
    teks: str
    tebal: bool = False
    miring: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GantiBaris:
    """A forced line break inside a paragraph or cell."""


Inline = Teks | Rujukan | GantiBaris

# --- blocks ----------------------------------------------------------------------------------

Perataan = Literal["kiri", "tengah", "kanan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraf:
    """A paragraph.

    ``gaya`` names a style: ``biasa``, ``tengah``, ``catatan``, ``judul_blok``, ``kanan`` (letters).
    """

    isi: tuple[Inline, ...]
    gaya: str = "biasa"
    alamat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Butir:
    """One list item. ``label`` is printed as it stands: ``(1)``, ``a.``, ``1.``, ``a)``, ``–``.

    ``sumber`` is the provenance in force here: its own, or that of the clause above it.
    """

    label: str
    alamat: str | None
    isi: tuple[Block, ...]
    sumber: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Daftar:
    """A list of items of one level. ``jenis`` decides indent and number shape.

    ``tingkat`` counts from 1 for the outermost list of a clause.
    """

    jenis: Literal["ayat", "huruf", "angka", "huruf_kurung", "angka_kurung", "strip"]
    tingkat: int
    butir: tuple[Butir, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjudul:
    """A heading inside a lampiran. ``label`` is computed (``A.``, ``I.``) or empty.

    ``halaman_baru`` starts a new page; ``tingkat`` is 1 or 2.
    """

    tingkat: int
    label: str
    isi: tuple[Inline, ...]
    alamat: str | None = None
    halaman_baru: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sel:
    """One table cell."""

    isi: tuple[Inline, ...]
    perataan: Perataan = "kiri"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabel:
    """A table; ``lebar`` are relative column widths (empty: automatic); header rows repeat.

    ``gaya`` is ``biasa``, ``formulir_kosong`` (high empty rows for handwriting) or ``rapat``.
    """

    kepala: tuple[Sel, ...]
    baris: tuple[tuple[Sel, ...], ...]
    lebar: tuple[int, ...] = ()
    gaya: str = "biasa"
    keterangan: str = ""
    alamat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IsianBaris:
    """One line ``label : value`` of a form."""

    label: tuple[Inline, ...]
    isi: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulir:
    """Lines of ``label : value`` with the colons in one column."""

    baris: tuple[IsianBaris, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TempatTandaTangan:
    """One place where a person signs, with the words around it.

    Attributes:
        kode: Unique in the document: ``pihak_kesatu``, ``pihak_kedua``, ``jejaring_1``,
            ``pengguna_2``, ``pernyataan``, ... The PDF field is ``TTD_<KODE>`` in upper case, the
            reserved meterai place ``METERAI_<KODE>``.
        peran: Role that the signing profile knows: ``pihak_kesatu``, ``pihak_kedua``,
            ``jejaring``, ``pengguna``, ``pejabat_struktural``.
        judul: Words above the box, for example ``PIHAK KESATU``.
        instansi: Institution line(s) above the box; may be empty.
        nama: Printed under the box, bold.
        jabatan: Printed under the name; may be empty.
        meterai: Whether a meterai place is reserved beside the signature.
        stempel: Whether a wet signature needs the institution's stamp.
    """

    kode: str
    peran: str
    judul: str
    instansi: str
    nama: str
    jabatan: str
    meterai: bool = False
    stempel: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BlokTandaTangan:
    """One or two signature places side by side, kept together on one page.

    ``pembuka`` is a line above the block, for example place and date; may be empty.
    """

    tempat: tuple[TempatTandaTangan, ...]
    pembuka: str = ""


Block = Paragraf | Daftar | Subjudul | Tabel | Formulir | BlokTandaTangan


class Notes:
    """Blocks that many agreements share as objects, and what was made of them.

    Whoever writes such a block keeps the result here, so it lives as long as the block is shared,
    and nothing of a single agreement is ever kept.

    Attributes:
        made: What was made of headings, under keys of whoever made it.
    """

    __slots__ = ("_made", "made")

    def __init__(self, shared: Iterable[Block | Butir]) -> None:
        self._made: dict[int, tuple[Block | Butir, dict[Hashable, Any]]] = {}
        self.made: dict[Hashable, Any] = {}
        for one in shared:
            self.share(one)

    def share(self, node: Block | Butir) -> None:
        """From now on a block or item of a list is such an object."""
        self._made[id(node)] = node, {}

    def forget(self, node: Block | Butir) -> None:
        """From now on it is no such object, and what was made of it is forgotten."""
        self._made.pop(id(node), None)

    def made_of(self, node: Block | Butir) -> dict[Hashable, Any] | None:
        """Return what was made of a block or item, to be added to; None where it is not shared."""
        found = self._made.get(id(node))
        return None if found is None else found[1]


# --- document --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Bagian:
    """One part: ``pembukaan``, a ``pasal``, ``penutup``, a ``lampiran``, or a part of a letter.

    Attributes:
        jenis: Kind of part.
        subjek: Name of the template file without suffix, stable over the years.
        alamat: ``pembukaan``, ``pasal_4``, ``penutup``, ``lampiran_2``.
        label: ``Pasal 4``, ``Lampiran II`` or empty.
        judul: Title as the agreement prints it; empty for pembukaan and penutup.
        isi: Blocks in order.
        orientasi: ``tegak`` (portrait) or ``mendatar`` (landscape).
        lembar_bersama: Whether the next part begins on the same page, below this one.
        sumber: Default provenance of the part's clauses.
        berkas: Template file, relative to the templates folder.
        notes: Which of its blocks are the same objects in other agreements; None when none is.
    """

    jenis: Literal["pembukaan", "pasal", "penutup", "lampiran", "surat"]
    subjek: str
    alamat: str
    label: str
    judul: str
    isi: tuple[Block, ...]
    orientasi: Literal["tegak", "mendatar"] = "tegak"
    lembar_bersama: bool = False
    sumber: str = ""
    berkas: str = ""
    notes: Notes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naskah:
    """The whole agreement.

    Attributes:
        judul: Full title for metadata, one line.
        nama_perjanjian: ``PERJANJIAN KERJA SAMA`` (a parameter: ``AKAD IJARAH`` in Aceh).
        nomor_kesatu: PKS number of PIHAK KESATU as printed.
        nomor_kedua: PKS number of PIHAK KEDUA as printed.
        cara_kontrak: ``elektronik``, ``digital`` or ``manual``.
        versi_templat: Template version id, for example ``pks_2024``.
        bagian: Parts in order.
        sebutan: Word for the agreement in running text and on each lampiran: ``Perjanjian``.
    """

    judul: str
    nama_perjanjian: str
    nomor_kesatu: str
    nomor_kedua: str
    cara_kontrak: str
    versi_templat: str
    bagian: tuple[Bagian, ...] = field(default=())
    sebutan: str = "Perjanjian"


def shares_page(before: Bagian, bagian: Bagian) -> bool:
    """Return whether a part begins below the one before it, on the same page."""
    return before.lembar_bersama and before.orientasi == bagian.orientasi


def walk_blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield every block of a sequence in reading order, going into list items."""
    for block in blocks:
        yield block
        if isinstance(block, Daftar):
            for butir in block.butir:
                yield from walk_blocks(butir.isi)


def plain_text(inlines: tuple[Inline, ...]) -> str:
    """Return the words of inlines; a forced line break becomes a newline."""
    return "".join("\n" if isinstance(part, GantiBaris) else part.teks for part in inlines)
