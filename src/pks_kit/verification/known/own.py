"""Facts about issued bytes that this process wrote itself: its writer told what they hold.

They are judged by the same functions as what parsers find (:mod:`.looking`), and come to the same
facts; ``tests/journeys/test_own_files.py`` compares both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.domain.receipt import DATA_ATTACHMENT, RECEIPT_ATTACHMENT, parse_receipt
from pks_kit.pdf.attachments import EmbeddedFile
from pks_kit.pdf.content import ContentFacts
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.agreement.term import day_in
from pks_kit.verification.file.active_content import judge_content
from pks_kit.verification.file.hidden_content import Concealed, check_concealed
from pks_kit.verification.file.page_images import nearest_paper
from pks_kit.verification.known.facts import IssuedFacts, KnownIssued, PagesFacts
from pks_kit.verification.report.added import Added
from pks_kit.verification.report.answers import passed
from pks_kit.verification.report.details import PageScan

if TYPE_CHECKING:
    from pks_kit.pdf.prefix.own_files import OwnFile
    from pks_kit.verification.limits import Limits


def own_known(own: OwnFile, limits: Limits) -> KnownIssued | None:
    """Return what is known of issued bytes; None when their writer could not tell all of it.

    Args:
        own: What their writer told.
        limits: What they may cost.
    """
    found = guarded(lambda: _known(own, limits))
    return None if isinstance(found, ParserFailure) else found


def _known(own: OwnFile, limits: Limits) -> KnownIssued:
    if not own.told:
        raise ValueError("pages")
    files = [EmbeddedFile(name=name, is_program=False) for name in own.attachments]
    content, notes = judge_content(ContentFacts(decoded=own.decoded, files=files), limits)
    receipt = parse_receipt(own.attachments[RECEIPT_ATTACHMENT], RECEIPT_ATTACHMENT)
    day = day_in(own.attachments.get(DATA_ATTACHMENT))
    concealed, more = check_concealed(Concealed())
    numbers = passed("content.numbers", "printed", "visual")
    if any(one.status != "passed" for one in (*content, *concealed)):
        raise ValueError("content")
    return KnownIssued(
        facts=IssuedFacts(
            base=own.base,
            pages=len(own.sheets),
            decoded=own.decoded,
            content=tuple(content),
            notes=tuple(notes),
            receipt=receipt,
            day=day.isoformat() if day is not None else "",
        ),
        pages=PagesFacts(
            words=Added(checks=(numbers, *concealed), notes=tuple(more)),
            sheets=tuple(
                PageScan(number=number, form="digital", paper=nearest_paper(right, top))
                for number, (_, _, right, top) in enumerate(own.sheets, start=1)
            ),
        ),
    )
