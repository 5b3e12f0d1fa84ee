"""The distributor's book against the ledger: serial number by serial number, and in sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from pks_kit.errors import PksKitError
from pks_kit.json_form import HasJsonForm
from pks_kit.json_types import Code, Count, shown
from pks_kit.ledger.purchases import PurchaseState, RecordedPurchase
from pks_kit.messages import Message, lookup
from pks_kit.signing.ports import BookLine

BookDifference = Literal[
    "not_on_record", "not_yet_on_record", "not_in_book", "only_ledger_stamped", "only_book_stamped"
]
"""How one serial number differs; the words are ``reconcile.beda.<beda>``."""

_HARMLESS = frozenset({"not_yet_on_record", "only_book_stamped"})
"""Settled by reconciling or running the session again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Serial numbers bought, and how many of them are stamped."""

    bought: Count
    stamped: Count

    @shown()
    def unused(self) -> int:
        """Those that are not stamped."""
        return self.bought - self.stamped


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One serial number about which the two books differ.

    Attributes:
        sn: The serial number.
        kunci: Idempotency key of its purchase.
        beda: How they differ.
    """

    sn: str
    kunci: str
    beda: Annotated[BookDifference, Field(alias="kind")]

    @property
    def text(self) -> Message:
        """Return what it means and what a person must do."""
        return lookup(f"reconcile.beda.{self.beda}").fill({"sn": self.sn, "key": self.kunci})

    @shown()
    def todo(self) -> Message:
        """What a person must do."""
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksForm:
    """Comparison with one distributor.

    Attributes:
        penyedia: Distributor.
        ledger: Totals of the ledger; None when the book could not be had.
        book: Totals of the distributor, of purchases that this ledger knows.
        others: Sold to pks-kit for purchases of another ledger.
        differences: Serial numbers about which the two differ.
        error: Code of the error, when the book could not be had.
        agrees: Whether nothing is left for a person.
    """

    penyedia: str
    ledger: Totals | None
    book: Totals | None
    others: Count
    differences: tuple[Difference, ...]
    error: Code | None
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksCompared(HasJsonForm):
    """The comparison with one distributor.

    Attributes:
        penyedia: Distributor.
        ledger: Totals of the ledger; None when the book could not be had.
        book: Totals of the distributor, of purchases that this ledger knows.
        others: Serial numbers sold to pks-kit for purchases that this ledger does not know: those
            of another ledger with the same account.
        differences: Serial numbers about which the two differ.
        error: Why the book could not be had.
    """

    penyedia: str
    ledger: Totals | None = None
    book: Totals | None = None
    others: int = 0
    differences: tuple[Difference, ...] = ()
    error: PksKitError | None = field(default=None, repr=False)

    @property
    def agrees(self) -> bool:
        """Return whether nothing is left for a person; a book that cannot be had is no proof."""
        return self.error is None and all(one.beda in _HARMLESS for one in self.differences)

    def json_form(self) -> BooksForm:
        """Return the comparison with the code of its error."""
        return BooksForm(
            penyedia=self.penyedia,
            ledger=self.ledger,
            book=self.book,
            others=self.others,
            differences=self.differences,
            error=None if self.error is None else self.error.code,
            agrees=self.agrees,
        )


def compare_books(
    penyedia: str, listed: Iterable[RecordedPurchase], lines: Iterable[BookLine]
) -> BooksCompared:
    """Compare what the ledger says of one distributor with the distributor's book.

    Args:
        penyedia: Name of the distributor.
        listed: Purchases made there, according to the ledger.
        lines: The distributor's book; keys are compared without regard to case.
    """
    purchases = tuple(listed)
    keys = {one.kunci.casefold(): one.kunci for one in purchases}
    waiting = {one.kunci.casefold() for one in purchases if one.is_open and one.sn is None}
    ours = {one.sn: one for one in purchases if one.sn is not None}
    everything = {line.sn: line for line in lines}
    book = {
        sn: line for sn, line in everything.items() if sn in ours or line.key.casefold() in keys
    }
    stamped = {sn for sn, one in ours.items() if one.keadaan is PurchaseState.TERBUBUH}
    used = {sn for sn, line in book.items() if line.state == "stamped"}
    found: list[Difference] = []
    for sn in sorted(ours.keys() | book.keys()):
        if sn not in ours:
            key = book[sn].key.casefold()
            missing: BookDifference = "not_yet_on_record" if key in waiting else "not_on_record"
            found.append(Difference(sn=sn, kunci=keys[key], beda=missing))
        elif sn not in book:
            found.append(Difference(sn=sn, kunci=ours[sn].kunci, beda="not_in_book"))
        elif (sn in stamped) != (sn in used):
            beda: BookDifference = "only_ledger_stamped" if sn in stamped else "only_book_stamped"
            found.append(Difference(sn=sn, kunci=ours[sn].kunci, beda=beda))
    return BooksCompared(
        penyedia=penyedia,
        ledger=Totals(bought=len(ours), stamped=len(stamped)),
        book=Totals(bought=len(book), stamped=len(used)),
        others=len(everything) - len(book),
        differences=tuple(found),
    )
