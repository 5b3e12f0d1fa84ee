"""What people decided about agreements of a plan, brought from the ledger into the book of a run.

A decision stands in the ledger, so it outlives the book: an agreement that an approval leaves out,
or that somebody took out later, is not run, also with a book that was made anew. Where there is no
ledger, because nothing will be signed, it stands in a file beside the plan.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from pks_kit.domain.nama_orang import surely_different
from pks_kit.errors import UsageError
from pks_kit.ledger.plans import approvals, left_out, rejection, taken_out
from pks_kit.ledger.ports import Event, Ledger
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import ReadPlan
from pks_kit.pipelines.batching.summary import Rejection, WordsAboutPlan

TAKEN_OUT, LEFT_OUT = "batch.taken_out", "batch.left_out"


class _Book(Protocol):
    def rows(self) -> dict[int, BookRow]: ...

    def write(self, rows: list[BookRow]) -> None: ...


@dataclass(frozen=True, slots=True)
class Decided:
    """Why an agreement is not run.

    Attributes:
        code: ``batch.taken_out`` or ``batch.left_out``.
        by: Who decided it; empty when that is not known.
    """

    code: str
    by: str


def good_approvals(ledger: Ledger, found: ReadPlan) -> list[Event]:
    """Return the approvals of a plan by somebody else than whoever made it, in order."""
    return approvals_by_others(ledger, found.id, found.plan.made_by)


def approvals_by_others(ledger: Ledger, plan_id: str, made_by: str) -> list[Event]:
    """Return the same for a plan of which no more than its hash and its maker is known.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    return [
        one for one in approvals(ledger, plan_id) if surely_different(str(one.isi["oleh"]), made_by)
    ]


def refuse_unapproved(ledger: Ledger, found: ReadPlan) -> None:
    """Refuse a plan that nobody approved, or that somebody rejected since.

    Raises:
        UsageError: ``batch.not_approved``, ``batch.rejected``.
        LedgerError: The ledger cannot be read.
    """
    if not good_approvals(ledger, found):
        raise not_approved(ledger, found.id)


def not_approved(ledger: Ledger, plan_id: str) -> UsageError:
    """Return why nothing is run by a plan: it was rejected, or nobody said anything yet.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    if (no := rejection(ledger, plan_id)) is not None:
        return UsageError(
            "batch.rejected", plan=plan_id[:16], by=no.isi["oleh"], reason=no.isi["alasan"]
        )
    return UsageError("batch.not_approved", plan=plan_id[:16])


def words_about(ledger: Ledger, found: ReadPlan) -> WordsAboutPlan:
    """Return who approved a plan, or who rejected it since.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    no = rejection(ledger, found.id)
    return WordsAboutPlan(
        approved_by=tuple(str(one.isi["oleh"]) for one in approvals(ledger, found.id)),
        rejected=None
        if no is None
        else Rejection(by=str(no.isi["oleh"]), reason=str(no.isi["alasan"]), at=no.waktu),
    )


def decisions(ledger: Ledger, found: ReadPlan) -> dict[int, Decided]:
    """Return which agreements of a plan are not run, and by whose decision.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    out: dict[int, Decided] = {}
    approved = good_approvals(ledger, found)
    if approved:
        by = str(approved[-1].isi["oleh"])
        out = {number: Decided(LEFT_OUT, by) for number in left_out(approved[-1])}
    return out | {
        number: Decided(TAKEN_OUT, by) for number, by in taken_out(ledger, found.id).items()
    }


def settle(book: _Book, decided: Mapping[int, Decided]) -> None:
    """Let a book say what was decided; what came to its end before stays as it is.

    Args:
        book: The book.
        decided: What the ledger tells.
    """
    known, now = book.rows(), time.time()
    changed = []
    for number in {*known, *decided}:
        one, why = known.get(number, BookRow(number=number)), decided.get(number)
        if why is not None and one.state not in ("done", "with_other"):
            words = words_of(why)
            if (one.state, one.code, one.words) != ("cancelled", why.code, words):
                changed.append(
                    replace(one, state="cancelled", code=why.code, words=words, changed=now)
                )
        elif why is None and one.state == "cancelled" and one.code in (TAKEN_OUT, LEFT_OUT):
            changed.append(back_again(one))
    if changed:
        book.write(changed)


def beside_plan(folder: BatchFolder) -> dict[int, Decided]:
    """Return which agreements are not run by a decision that no ledger holds.

    Raises:
        InputError: ``batch.bad_taken_out``.
    """
    return {number: Decided(TAKEN_OUT, by) for number, by in folder.taken_out().items()}


def words_of(why: Decided) -> Message:
    """Return why an agreement is not run, for people."""
    if not why.by:
        return lookup("batch.taken_out_by_nobody")
    return lookup(why.code).fill({"by": why.by})


def back_again(one: BookRow) -> BookRow:
    """Return a row that is to be tried from where it is, as if nothing had gone wrong."""
    return BookRow(number=one.number, stage=one.stage, file=one.file, cpu=one.cpu)
