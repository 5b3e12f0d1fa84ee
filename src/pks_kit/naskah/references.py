"""Resolve references between clauses once every clause has its number.

Wording (docs/sumber.md 13.3: ``Pasal 4 ayat (4)``, ``ayat (1) huruf e``):

* inside the same ayat the ayat is left out: ``huruf e angka 2``;
* inside the same pasal the pasal is left out: ``ayat (1) huruf e``, ``angka 3``;
* a lampiran is always named: ``Lampiran I huruf A angka 3``;
* in a row of references only the first is whole: ``Pasal 4 ayat (2) huruf a dan/atau huruf b``;
* a labelled paragraph or table has no number of its own: its clause is named, the link goes to it.

A label inside a template loop exists once per turn (one sheet per user, say). References inside the
same sheet find the one of their sheet; from elsewhere such a label cannot be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pks_kit.errors import TemplateError
from pks_kit.naskah.catalogue import PartFile
from pks_kit.naskah.numbering import ClausePlace, Numbered, NumberedPart, part_place
from pks_kit.naskah.parsed import (
    Inlines,
    ParsedForm,
    ParsedHeading,
    ParsedItem,
    ParsedParagraph,
    ParsedReference,
    ParsedTable,
    walk_parsed,
)
from pks_kit.naskah.tree import Rujukan

_Key = tuple[str, str, str]


class ReferenceIndex:
    """All parts and labels of the document.

    Args:
        parts: Numbered parts.
        strict: Raise on the first wrong label; otherwise they wait in ``problems``.

    Raises:
        TemplateError: ``naskah.label_twice`` or ``naskah.label_uncounted`` at the label.
    """

    def __init__(self, parts: Iterable[NumberedPart], *, strict: bool = True) -> None:
        self.problems: list[TemplateError] = []
        self._places: dict[_Key, list[ClausePlace]] = {}
        self._lines: dict[_Key, int] = {}
        for part in parts:
            self._add(part)
        if strict and self.problems:
            raise self.problems[0]

    def resolve(
        self, reference: ParsedReference, origin: ClausePlace, after: ParsedReference | None = None
    ) -> Rujukan:
        """Return the reference with its words and the address of its target.

        Args:
            reference: What the author wrote.
            origin: ClausePlace of the clause in which the reference stands.
            after: The reference before it in the same row (``huruf a dan/atau huruf b``).

        Raises:
            TemplateError: ``naskah.reference_unresolved``; ``naskah.reference_ambiguous`` for a
                label of a loop; ``naskah.reference_wordless`` when the target has no number to
                name and the author gave no words.
        """
        target = self._target(reference, origin)
        teks = reference.teks or wording(target, origin)
        in_row = after is not None and not after.teks and not reference.teks
        if after and in_row and _siblings(self._target(after, origin), target):
            teks = target.words[-1]
        if not teks:
            raise self._fault("naskah.reference_wordless", reference, origin)
        return Rujukan(
            alamat=str(target.alamat), teks=teks, tebal=reference.tebal, miring=reference.miring
        )

    def _target(self, reference: ParsedReference, origin: ClausePlace) -> ClausePlace:
        jenis = reference.jenis or origin.part.jenis
        subjek = reference.subjek or origin.part.subjek
        places = self._places.get((jenis, subjek, reference.label), [])
        if len(places) > 1:
            places = [place for place in places if _sheet(place) == _sheet(origin)]
            if len(places) != 1:
                raise self._fault("naskah.reference_ambiguous", reference, origin)
        if not places or places[0].alamat is None:
            raise self._fault("naskah.reference_unresolved", reference, origin)
        return places[0]

    def _add(self, numbered: NumberedPart) -> None:
        part = numbered.parsed.part
        self._places[part.jenis, part.subjek, ""] = [numbered.place]
        for node, place in numbered.places.items():
            if not node.label:
                continue
            key = (part.jenis, part.subjek, node.label)
            # The same line again is a turn of a loop.
            if self._lines.setdefault(key, node.line) != node.line:
                self._problem(
                    "naskah.label_twice", part, node, label=node.label, other=self._lines[key]
                )
            elif place.alamat is None:
                self._problem("naskah.label_uncounted", part, node, label=node.label)
            self._places.setdefault(key, []).append(place)

    def _problem(self, code: str, part: PartFile, node: Numbered, **params: object) -> None:
        self.problems.append(TemplateError(code, file=part.file, line=node.line, **params))

    def _fault(self, code: str, reference: ParsedReference, origin: ClausePlace) -> TemplateError:
        target = f"{reference.jenis}:{reference.subjek}" if reference.jenis else ""
        target += f"#{reference.label}" if reference.label else ""
        known = sorted(
            label if not reference.jenis or subjek == reference.subjek else subjek
            for jenis, subjek, label in self._places
            if self._near(reference, origin, jenis, subjek, label)
        )
        return TemplateError(
            code,
            file=origin.part.file,
            line=reference.line,
            target=target,
            known=", ".join(dict.fromkeys(known)) or "-",
        )

    def _near(
        self, reference: ParsedReference, origin: ClausePlace, jenis: str, subjek: str, label: str
    ) -> bool:
        """Tell whether a name is worth showing beside an unresolved reference."""
        if (reference.jenis or origin.part.jenis) != jenis:
            return False
        wanted = reference.subjek or origin.part.subjek
        if (jenis, wanted, "") in self._places:
            return subjek == wanted and bool(label)
        return not label


def _sheet(place: ClausePlace) -> tuple[str, ...]:
    """Return part and outermost heading or clause of a place."""
    return tuple((place.alamat or "").split("__")[:2])


def _siblings(one: ClausePlace, other: ClausePlace) -> bool:
    """Tell whether two clauses differ only by their last number."""
    return (
        one.part == other.part
        and bool(one.words)
        and bool(other.words)
        and one.words[:-1] == other.words[:-1]
    )


def wording(target: ClausePlace, origin: ClausePlace) -> str:
    """Return how a clause is named from another place; empty when it has no number at all."""
    same_pasal = target.part == origin.part and target.part.jenis == "pasal"
    words = target.words
    if target.part.jenis in ("pembukaan", "penutup"):
        return " ".join(words)
    if not same_pasal or not words:
        return " ".join((part_place(target.part).label, *words))
    if origin.ayat and len(words) > 1 and words[0] == origin.ayat == target.ayat:
        return " ".join(words[1:])
    return " ".join(words)


def references_with_origin(part: NumberedPart) -> Iterator[tuple[ParsedReference, ClausePlace]]:
    """Yield every reference of a part with the place of the clause it stands in (for lint)."""
    owner = part.place
    for node in walk_parsed(part.parsed.isi):
        if isinstance(node, ParsedItem | ParsedHeading):
            owner = part.places[node]
        place = part.places.get(node, owner) if isinstance(node, ParsedParagraph) else owner
        for words in inlines_of(node):
            for inline in words:
                if isinstance(inline, ParsedReference):
                    yield inline, place


def inlines_of(node: object) -> Iterator[Inlines]:
    """Yield the runs of words of a block, those of an item's own blocks left out."""
    if isinstance(node, ParsedParagraph | ParsedHeading):
        yield node.isi
    elif isinstance(node, ParsedTable):
        for row in (node.kepala, *node.baris):
            for cell in row:
                yield cell.isi
    elif isinstance(node, ParsedForm):
        for pair in node.baris:
            yield from pair
