"""What a comparison of two agreements says, as values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field

from pks_kit.json_types import HIDDEN, shown
from pks_kit.naskah.diff.clauses import BlockForm, Clause
from pks_kit.naskah.diff.wording import WordMark

ChangeKind = Literal[
    "added", "removed", "reworded", "parameter_only", "moved", "renumbered", "same"
]
"""What happened to a clause; the weightiest of what is true, in this order:

* ``added``, ``removed``: only one side has it;
* ``reworded``: its words differ;
* ``parameter_only``: its words differ only because the law's values on the two dates do;
* ``moved``: same words in another pasal or lampiran, or under another clause;
* ``renumbered``: same words in the same pasal under another ayat, huruf or angka;
* ``same``: same words in the same place.
"""
Also = Literal["moved", "renumbered", "parameter", "references"]
"""What else is true; ``references``: only the numbers it refers to follow the new order."""
PartKind = Literal["kept", "moved", "renamed", "new", "gone"]
OURS = "susunan"
"""The word for provenance of what pks-kit proposes."""
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseChange:
    """What happened to one clause.

    Attributes:
        kind: The weightiest change.
        also: What else is true of it.
        old: The clause of the old agreement, or None when added.
        new: The clause of the new agreement, or None when removed.
        marks: How the old words become the new ones; empty when the printed words are equal (but
            for the sign at the end of an item) or one side is missing.
    """

    kind: ChangeKind
    also: tuple[Also, ...]
    old: Clause | None
    new: Clause | None
    marks: tuple[WordMark, ...] = ()

    @property
    def one(self) -> Clause:
        """Return the clause of the new agreement, or the old one when it is gone."""
        clause = self.new or self.old
        if clause is None:  # no change is made of nothing
            raise AssertionError(self.kind)
        return clause

    @shown()
    def subject(self) -> str:
        """Subject of its part."""
        return self.one.subjek

    @shown()
    def part(self) -> str:
        """Kind of its part."""
        return self.one.jenis

    @shown()
    def label(self) -> str:
        """Label that the author gave it, or empty."""
        return self.one.label

    @property
    def is_ours(self) -> bool:
        """Return whether no source names the clause: pks-kit proposed it."""
        return self.one.sumber == OURS

    @shown()
    def source(self) -> str:
        """Where its content comes from, by the word of its template; ``susunan`` is our own."""
        return self.one.sumber

    @shown()
    def form(self) -> BlockForm:
        """What it is: a paragraph, an item, a table and so on."""
        return self.one.bentuk


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPart:
    """Number and title of a part as printed; both empty when there is no such part."""

    number: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange:
    """What happened to one pasal or lampiran (or the opening and the closing).

    Attributes:
        jenis: ``pembukaan``, ``pasal``, ``penutup`` or ``lampiran``.
        subjek: Its subject.
        nomor_lama: Number as printed in the old agreement (``Pasal 6``), empty when new.
        nomor_baru: Number as printed in the new agreement, empty when gone.
        judul_lama: Title in the old agreement.
        judul_baru: Title in the new agreement.
        kinds: ``new``; ``gone``; or ``kept`` or ``moved``, and ``renamed`` when the title differs
            by more than capitals and commas.
        clauses: Its clauses in the order of the new agreement, the gone ones at their old place.
    """

    jenis: Annotated[str, Field(alias="part")]
    subjek: Annotated[str, Field(alias="subject")]
    nomor_lama: Annotated[str, HIDDEN]
    nomor_baru: Annotated[str, HIDDEN]
    judul_lama: Annotated[str, HIDDEN]
    judul_baru: Annotated[str, HIDDEN]
    kinds: tuple[PartKind, ...]
    clauses: Annotated[tuple[ClauseChange, ...], HIDDEN]

    @shown()
    def old(self) -> PrintedPart:
        """The part in the old agreement."""
        return PrintedPart(number=self.nomor_lama, title=self.judul_lama)

    @shown()
    def new(self) -> PrintedPart:
        """The part in the new agreement."""
        return PrintedPart(number=self.nomor_baru, title=self.judul_baru)

    @shown()
    def counts(self) -> dict[ChangeKind, int]:
        """How many of its clauses each kind of change has."""
        return _counts(self.clauses)

    @property
    def content_changed(self) -> bool:
        """Tell whether any of its words changed, came or went."""
        quiet = ("moved", "renumbered", "same")
        return any(change.kind not in quiet for change in self.clauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDiff:
    """The whole comparison.

    Attributes:
        versi_lama: Old template version.
        versi_baru: New template version.
        parts: All parts in the order of the new agreement, then those that are gone.
    """

    versi_lama: Annotated[str, Field(alias="old")]
    versi_baru: Annotated[str, Field(alias="new")]
    parts: tuple[PartChange, ...]

    @shown()
    def clauses(self) -> tuple[ClauseChange, ...]:
        """All clause changes in the order of the parts."""
        return tuple(change for part in self.parts for change in part.clauses)

    @shown()
    def counts(self) -> dict[ChangeKind, int]:
        """How many clauses each kind of change has, zeros too."""
        return _counts(self.clauses)

    def parts_of(self, jenis: str) -> tuple[PartChange, ...]:
        """Return the parts of one kind."""
        return tuple(part for part in self.parts if part.jenis == jenis)


def _counts(changes: tuple[ClauseChange, ...]) -> dict[ChangeKind, int]:
    counted = Counter(change.kind for change in changes)
    return {kind: counted[kind] for kind in KINDS}
