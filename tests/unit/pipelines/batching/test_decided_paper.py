"""A decision is counted from what the delivery read, and not where other sheets came since."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pks_kit.domain.paper_pictures import PaperPicture
from pks_kit.files import NamedFile
from pks_kit.json_form import from_wire, to_wire
from pks_kit.ledger import kinds
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batching import decided_paper
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.decided_paper import count_decisions, may_be_decided
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.returned import ReturnedRequest, judge_returned
from pks_kit.pipelines.verifying.beside import Beside
from pks_kit.pipelines.verifying.returned_agreement import ReturnedAgreement
from pks_kit.verification.report.answers import indeterminate, passed
from support import returned_paper as back
from support.batch_plans import plan_of, planned

pytest.importorskip("cv2")
pytestmark = pytest.mark.slow


def scan(name: str, *numbers: int) -> NamedFile:
    return NamedFile(name, back.as_pdf(*(back.page("manual", one) for one in numbers)))


def test_a_decision_is_counted_without_reading_anything_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole scan was read once more, behind a delivery of minutes."""
    file, sessions = back.session_of_manual(tmp_path / "buku")
    read: list[tuple[ReturnedAgreement, Sequence[PaperPicture]]] = []
    counts: list[tuple[int, int]] = []
    beside = Beside(looked=lambda *one: read.append(one), counted=lambda *both: counts.append(both))

    with open_ledger(file, create=False) as ledger:

        def came(one: NamedFile) -> ReturnedAgreement:
            judge_returned(
                ReturnedRequest(
                    scans=[one], ledger=ledger, sessions=sessions, record=True, isolated=False
                ),
                beside,
            )
            return from_wire(ReturnedAgreement, to_wire(read[-1][0]))

        answer = came(scan("a.pdf", 1, 2))
        assert (counts[0], counts[-1]) == ((0, 2), (2, 2))
        assert answer == read[-1][0], "it is kept as it is"
        assert may_be_decided(answer)
        twice = indeterminate("paper.sheets", "claimed_twice", "visual", sheets="1")
        assert not may_be_decided(replace(answer, report=answer.report.with_checks(twice)))
        assert not may_be_decided(replace(answer, recorded=None))

        folder = BatchFolder(tmp_path / "b")
        folder.save_plan(plan_of([planned(1, agreement_id=answer.agreement_id)]))
        with closing(Book(folder.book, folder.plan().id, 1)) as book:
            book.write([BookRow(number=1, state="with_other", stage="sent", changed=1.0)])
        sound = (passed("paper.electronic", "signed", "cryptographic", count=1),)
        monkeypatch.setattr(
            decided_paper, "judged_again",
            lambda report, facts: replace(report, paper=facts, checks=sound, notes=()),
        )  # fmt: skip
        found = count_decisions(folder, ledger, answer, read[-1][1])
        assert found is not None
        (now,) = found.returned.agreements
        first, second = ledger.events(answer.agreement_id, kinds.PAPER_RECEIVED)
        assert (first.isi["verdict"], second.isi["verdict"]) == ("incomplete", now.verdict)
        assert now.verdict == "complete"
        assert second.isi["scan_sha256"] == first.isi["scan_sha256"]
        assert found.status.states == {"done": 1}
        again = count_decisions(folder, ledger, answer, read[-1][1])
        assert again is not None
        assert len(ledger.events(answer.agreement_id, kinds.PAPER_RECEIVED)) == 2
        came(scan("b.pdf", 3))
        assert count_decisions(folder, ledger, answer, ()) is None, "other sheets count now"
