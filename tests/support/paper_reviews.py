"""A scan for tests of the review: little paper, and one thing of each kind to decide."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np

from pks_kit.domain.paper import PaperFacts
from pks_kit.files import NamedFile
from pks_kit.ledger.store import SqlLedger
from pks_kit.pipelines.paper import PaperListRequest, paper_list
from pks_kit.pipelines.verifying.paper_decisions import with_decisions
from pks_kit.pipelines.verifying.paper_desk import PaperChoice, PaperListResult, ReviewDesk
from pks_kit.scan.simulated import encode
from support import paper_samples as paper
from support import signed_files
from support.paper_tampering import changed_digit

VALUE, ADDED, EMPTY, SIGNED, SHEET = "value", "addition", "empty", "signed", "sheet"


@cache
def files() -> tuple[NamedFile, NamedFile]:
    """Page 1: a changed digit, a written word, the initials of one party; and a foreign sheet."""
    page = paper.written(paper.printed(1), paper.place("PARAF_PIHAK_KEDUA"))
    changed_digit(page, 1, paper.pages().values(1)[0])
    # beside a short line, so that nothing printed is covered
    cv2.putText(page, "tambahan 12", (1540, 2240), cv2.FONT_HERSHEY_DUPLEX, 2.2, 60, 5)
    other = np.full((3508, 2480), 250, np.uint8)
    cv2.putText(other, "nota", (400, 1000), cv2.FONT_HERSHEY_DUPLEX, 18, 20, 50)
    return (
        NamedFile("pindaian.jpg", paper.scanned(page)),
        NamedFile("nota.pdf", encode.as_pdf([other[::4, ::4].copy()], dpi=75)),
    )


@cache
def listed() -> PaperListResult:
    """Both files, read once for all tests."""
    scan, note = files()
    return paper_list(
        PaperListRequest(
            scan=scan, more=(note,), issued=paper.issue().pdf, receipt=paper.issue().receipt,
            clock=lambda: signed_files.NOW, isolated=False,
        )
    )  # fmt: skip


def key_of(what: str) -> str:
    """The first thing of a kind, or with an answer of the machine."""
    return next(one.key for one in listed().items if what in (one.kind, one.machine))


def desk(ledger: SqlLedger, oleh: str) -> ReviewDesk:
    """The desk of a person; what the ledger knows is on it."""
    shown = listed()
    facts = with_decisions(shown.facts, ledger, shown.examined.paper_pictures)
    return at(replace_facts(shown, facts), ledger, oleh)


def at(shown: PaperListResult, ledger: SqlLedger, oleh: str) -> ReviewDesk:
    return ReviewDesk(shown, ledger, oleh, lambda: signed_files.NOW)


def replace_facts(shown: PaperListResult, facts: PaperFacts) -> PaperListResult:
    """The same review with other facts."""
    report = replace(shown.report, paper=facts)
    return replace(shown, examined=replace(shown.examined, report=report))


def chosen(what: str, decision: str) -> PaperChoice:
    """A choice about the first thing of a kind."""
    return PaperChoice(item=key_of(what), decision=decision)
