"""A batch counts what persons decided about paper that a delivery read; nothing is read again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pks_kit.domain.tanggal import WIB
from pks_kit.ledger import kinds
from pks_kit.ledger.returned import record_paper
from pks_kit.pipelines.batching.after_returned import changed_rows, not_judged_now, texts_of
from pks_kit.pipelines.batching.book import Book
from pks_kit.pipelines.batching.own_letters import OwnLetters
from pks_kit.pipelines.batching.summary import BatchStatus, status_of
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.returned import ReturnedResult
from pks_kit.pipelines.verifying.paper import judged_again
from pks_kit.pipelines.verifying.paper_decisions import with_decisions
from pks_kit.pipelines.verifying.recording import facts_again
from pks_kit.pipelines.verifying.texts_to_send import texts_to_send

if TYPE_CHECKING:
    from pks_kit.domain.paper_pictures import PaperPicture
    from pks_kit.ledger.ports import Event
    from pks_kit.pipelines.batching.folder import BatchFolder
    from pks_kit.pipelines.verifying.paper_desk import LedgerToWrite
    from pks_kit.pipelines.verifying.returned_agreement import ReturnedAgreement


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedPaper:
    """What came of it.

    Attributes:
        returned: The agreement, judged with what was decided, and what its facility is asked for.
        status: How far the batch is.
    """

    returned: ReturnedResult
    status: BatchStatus


def may_be_decided(answer: ReturnedAgreement) -> bool:
    """Return whether decisions about what was read of an agreement can be counted by themselves.

    Not where sheets may be those of another agreement, nor what the ledger does not hold.
    """
    contested = any(one.reason == "claimed_twice" for one in answer.report.checks)
    return answer.report.paper is not None and answer.recorded is not None and not contested


def count_decisions(
    folder: BatchFolder,
    ledger: LedgerToWrite,
    answer: ReturnedAgreement,
    pictures: Sequence[PaperPicture],
    clock: Clock = system_clock,
) -> DecidedPaper | None:
    """Judge paper again by what persons decided since it was read, and bring the batch up to date.

    Args:
        folder: Folder of the batch.
        ledger: Its ledger.
        answer: What was read, as :func:`may_be_decided` allows it.
        pictures: What persons looked at.
        clock: Gives the present time, with a time zone.

    Returns:
        None when other sheets came since, so that these do not count any more.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.busy``.
        InputError: Plan or book are not those that were made.
        LedgerError: The ledger cannot be read or written.
    """
    now = moment(clock)
    with folder.shortly():
        before = _recorded(ledger.events(answer.agreement_id, kinds.PAPER_RECEIVED), answer)
        if before is None or answer.report.paper is None:
            return None
        facts = with_decisions(answer.report.paper, ledger, pictures)
        after = replace(answer, report=judged_again(answer.report, facts))
        told = facts_again(before.isi, after)
        recorded = record_paper(ledger, answer.agreement_id, told, waktu=now)
        after = replace(after, recorded=recorded)
        returned = ReturnedResult(
            agreements=(after,),
            left=(),
            files=(),
            send_back=texts_to_send((after,), now.astimezone(WIB).date(), folder.deadline()),
        )
        found = folder.plan()
        planned = {one.agreement_id: one for one in found.plan.ready()}
        with closing(Book(folder.book, found.id, len(found.plan.rows))) as book:
            known = book.rows()
            planned = {id_: one for id_, one in planned.items() if one.number in known}
            changed = changed_rows(returned, planned, known)
            book.write(changed.values())
            known |= changed
            status = status_of(found, known, book.runs(), None)
        texts = texts_of(returned, planned, known, folder)
        stays = not_judged_now(folder, returned, planned, known)
        OwnLetters(folder).settle(folder.send_back, texts, stays)
    return DecidedPaper(returned=returned, status=status)


def _recorded(events: Sequence[Event], answer: ReturnedAgreement) -> Event | None:
    """Return the event of an answer; None when other sheets were written down since."""
    if answer.recorded is None:
        return None
    number = answer.recorded.nomor
    own = next((one for one in events if one.nomor == number), None)
    if own is None:
        return None
    sheets = own.isi["scan_sha256"]
    later = any(one.nomor > number and one.isi["scan_sha256"] != sheets for one in events)
    return None if later else own
