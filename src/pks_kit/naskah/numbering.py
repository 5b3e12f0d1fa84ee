"""Give every clause its printed number and its address.

Addresses join steps with two underscores: ``pasal_10__ayat_4__huruf_b``,
``lampiran_2__bagian_a__subbagian_1__angka_3``. Steps that print no number keep addresses unique:
``judul_2`` (second heading without number), ``daftar_2`` (second list counted alike in the same
place), ``paragraf_1``, ``tabel_1``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from pks_kit.errors import TemplateError
from pks_kit.naskah.catalogue import PartFile
from pks_kit.naskah.counters import (
    Jenis,
    Number,
    heading_number,
    item_number,
    next_level,
    roman,
)
from pks_kit.naskah.parsed import (
    ParsedBlock,
    ParsedHeading,
    ParsedItem,
    ParsedList,
    ParsedParagraph,
    ParsedPart,
    ParsedTable,
)

DASH = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClausePlace:
    """Where a clause stands in the numbered document.

    Attributes:
        alamat: Address, or None below a dash, where nothing is counted.
        label: Number as printed before the clause, or empty.
        words: Numbers from the part down, as references say them, without the part.
        part: The part it belongs to.
        ayat: Words of the enclosing ayat, or empty.
    """

    part: PartFile
    alamat: str | None
    label: str = ""
    words: tuple[str, ...] = ()
    ayat: str = ""


Numbered = ParsedItem | ParsedHeading | ParsedParagraph | ParsedTable


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedPart:
    """A part whose clauses have places; ``levels`` holds the level of each numbered list."""

    parsed: ParsedPart
    place: ClausePlace
    places: dict[Numbered, ClausePlace]
    levels: dict[ParsedList, Jenis]


def part_place(part: PartFile) -> ClausePlace:
    """Return the place of a whole part: ``pasal_4`` with label ``Pasal 4``, and so on."""
    match part.jenis:
        case "pasal":
            label = f"Pasal {part.urutan}"
            return ClausePlace(part=part, alamat=f"pasal_{part.urutan}", label=label)
        case "lampiran":
            label = f"Lampiran {roman(part.urutan)}"
            return ClausePlace(part=part, alamat=f"lampiran_{part.urutan}", label=label)
        case "surat":
            return ClausePlace(part=part, alamat=f"surat_{part.urutan}")
        case _:
            return ClausePlace(part=part, alamat=part.jenis)


def number_part(parsed: ParsedPart) -> NumberedPart:
    """Number one part.

    Raises:
        TemplateError: ``naskah.list_too_deep`` for more than four levels below an ayat,
            ``naskah.romawi_below`` for a Roman heading below another numbered heading.
    """
    numberer = _Numberer(parsed)
    numberer.number_blocks()
    return numberer.result


class _Numberer:
    def __init__(self, parsed: ParsedPart) -> None:
        self._part = parsed.part
        self._blocks = parsed.isi
        whole = part_place(parsed.part)
        self.result = NumberedPart(parsed=parsed, place=whole, places={}, levels={})
        self._chapter = whole  # place of the last ``##``, or the part
        self._section = whole  # place of the last heading
        self._taken: Counter[str] = Counter()

    def number_blocks(self) -> None:
        for position, block in enumerate(self._blocks):
            match block:
                case ParsedHeading():
                    self._heading(block)
                case ParsedList():
                    first = self._first_level(block, position)
                    self._list(block, self._section, (), first)
                case _:
                    self._unnumbered(block, self._section)

    # --- headings -----------------------------------------------------------------------------

    def _heading(self, block: ParsedHeading) -> None:
        parent = self.result.place if block.tingkat == 1 else self._chapter
        place = self._child(parent, *self._heading_step(block, parent))
        self.result.places[block] = place
        self._section = place
        if block.tingkat == 1:
            self._chapter = place

    def _heading_step(self, block: ParsedHeading, parent: ClausePlace) -> tuple[str, Number | None]:
        if block.nomor == "tanpa-nomor":
            return f"judul_{self._count(parent, 'judul')}", None
        if block.nomor == "romawi":
            if block.tingkat != 1:
                raise TemplateError("naskah.romawi_below", file=self._part.file, line=block.line)
            number = heading_number("romawi", self._count(parent, "romawi"))
        elif block.nomor == "huruf-kapital" or block.tingkat == 1:
            number = heading_number("huruf-kapital", self._count(parent, "bagian"))
        else:
            number = heading_number("angka", self._count(parent, "subbagian"))
        return number.step, number

    # --- lists --------------------------------------------------------------------------------

    def _first_level(self, block: ParsedList, position: int) -> Jenis:
        if block.override:
            return block.override
        if self._part.jenis in ("lampiran", "surat"):
            return "angka"
        return "ayat" if self._part.jenis == "pasal" and position == 0 else "huruf"

    def _list(
        self, block: ParsedList, parent: ClausePlace, used: tuple[Jenis, ...], first: Jenis
    ) -> None:
        if not block.numbered:
            for item in block.butir:
                place = replace(parent, alamat=None, label=DASH)
                self.result.places[item] = place
                self._inside(item, place, used, first)
            return
        level = block.override or next_level(used, first)
        if level is None or level in used:
            raise TemplateError("naskah.list_too_deep", file=self._part.file, line=block.line)
        self.result.levels[block] = level
        parent = self._own_run(parent, level)
        for count, item in enumerate(block.butir, start=1):
            number = item_number(level, count)
            place = self._child(parent, number.step, number)
            if level == "ayat":
                place = replace(place, ayat=number.words)
            self.result.places[item] = place
            self._inside(item, place, (*used, level), first)

    def _own_run(self, parent: ClausePlace, level: Jenis) -> ClausePlace:
        """Return the parent, or a ``daftar_2`` below it when a list already counts there."""
        if parent.alamat is None:
            return parent
        run = self._count(parent, level.removesuffix("_kurung"))
        return parent if run == 1 else replace(parent, alamat=f"{parent.alamat}__daftar_{run}")

    def _inside(
        self, item: ParsedItem, place: ClausePlace, used: tuple[Jenis, ...], first: Jenis
    ) -> None:
        for block in item.isi:
            if isinstance(block, ParsedList):
                self._list(block, place, used, first)
            else:
                self._unnumbered(block, place, inside=True)

    # --- everything else ----------------------------------------------------------------------

    def _unnumbered(self, block: ParsedBlock, parent: ClausePlace, *, inside: bool = False) -> None:
        """Give paragraphs and tables an address; inside items only those that have a label."""
        if not isinstance(block, ParsedParagraph | ParsedTable) or (inside and not block.label):
            return
        kind = "paragraf" if isinstance(block, ParsedParagraph) else "tabel"
        step = f"{kind}_{self._count(parent, kind)}"
        self.result.places[block] = self._child(parent, step, None)

    def _child(self, parent: ClausePlace, step: str, number: Number | None) -> ClausePlace:
        alamat = None if parent.alamat is None else f"{parent.alamat}__{step}"
        if number is None:
            return replace(parent, alamat=alamat, label="")
        return replace(
            parent, alamat=alamat, label=number.label, words=(*parent.words, number.words)
        )

    def _count(self, parent: ClausePlace, kind: str) -> int:
        key = f"{parent.alamat} {kind}"
        self._taken[key] += 1
        return self._taken[key]
