"""Which sheets of many files are judged together, and which agreements take a sheet for theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pks_kit.ledger.steps_done import described
from pks_kit.pipelines.verifying.returned_agreement import ReadStack, Stack
from pks_kit.pipelines.verifying.sorting import Place, Sorted, of_editions

if TYPE_CHECKING:
    from pks_kit.pipelines.verifying.earlier_scans import AllFiles
    from pks_kit.pipelines.verifying.issues import Issues
    from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
    from pks_kit.pipelines.verifying.paper import KnownBeside
    from pks_kit.pipelines.verifying.returned_files import TakenFile


def takers_of(read: Sequence[ReadStack], sheets: Sorted) -> dict[Place, list[int]]:
    """Return which agreements take sheets without a readable code for theirs.

    Args:
        read: What was read of each agreement.
        sheets: Which sheets are whose.
    """
    takers: dict[Place, list[int]] = {place: [] for place in sheets.offered}
    for index, one in enumerate(read):
        for place in one.claimed():
            takers.setdefault(place, []).append(index)
    return takers


def stack_again(
    ledger: LedgerToAsk | None, whole: AllFiles, stack: Stack, issues: Issues
) -> Iterator[Stack]:
    """Yield the stack of the same issue with what is kept of its agreement now.

    Args:
        ledger: The ledger, if there is one.
        whole: All files.
        stack: What was read.
        issues: Where issued files are looked up.
    """
    name = stack.agreement_id
    whole.look(name)
    sheets = whole.sheets
    only = Sorted({name: sheets.own.get(name, ())}, sheets.offered)
    for one in stacks_of(ledger, whole.files, only, issues):
        if one.agreement_id == name and one.edition == stack.edition:
            yield one


def concerns(
    one: ReadStack, place: Place, read: Sequence[ReadStack], takers: dict[Place, list[int]]
) -> bool:
    """Return whether a sheet that nobody recognises is told with an agreement.

    It is, when the agreement is the only one to which it was offered, as when that agreement is
    judged alone, and when pages of the agreement are missing: it may be one of them.

    Args:
        one: The agreement.
        place: The sheet.
        read: What was read of each agreement.
        takers: Which of these take it for theirs.
    """
    if takers[place]:
        return False
    return one.lacks_pages or sum(place in other.stack.offered for other in read) == 1


def stacks_of(
    ledger: LedgerToAsk | None, files: Sequence[TakenFile], sheets: Sorted, issues: Issues
) -> Iterator[Stack]:
    """Yield the stacks of all agreements.

    Args:
        ledger: The ledger, if there is one.
        files: All files.
        sheets: Which of their sheets are whose.
        issues: Where issued files are looked up.
    """
    seen = {
        (index, sheet.number): sheet for index, one in enumerate(files) for sheet in one.seen.sheets
    }
    offered = {name for names in sheets.offered.values() for name in names}
    for name in dict.fromkeys((*sheets.own, *(one for one in issues.named if one in offered))):
        own = sheets.own.get(name, ())
        found = issues.of(name)
        known = found.beside(name)
        if not found.issues:
            if own:
                yield _without_issue(ledger, name, known, own)
            continue
        editions = [one.receipt.edition for one in found.issues]
        shares = of_editions([(place, seen[place]) for place in own], name, editions)
        for issue, share in zip(found.issues, shares, strict=True):
            loose = sheets.offered_to(name)
            if share or (loose and len(found.issues) == 1):
                yield Stack(
                    agreement_id=name, issue=issue, known=known, own=share,
                    offered=loose, name=issue.receipt.nama_kedua,
                    number=issue.receipt.nomor_kesatu,
                )  # fmt: skip


def _without_issue(
    ledger: LedgerToAsk | None, name: str, known: KnownBeside, own: tuple[Place, ...]
) -> Stack:
    facts = described(ledger.events(name)) if ledger is not None else {}
    return Stack(
        agreement_id=name, issue=None, known=known, own=own,
        name=facts.get("nama_kedua") or "", number=facts.get("nomor_kesatu") or "",
    )  # fmt: skip
