"""A scan alone with a ledger or a receipt: recognised, and compared or told why not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pks_kit.ledger import kinds
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.pipelines.verifying.paper import KnownBeside, is_paper
from pks_kit.pipelines.verifying.scan_issue import with_issue
from pks_kit.verification.examination import Examination
from support import paper_samples as paper
from support import returned_paper as back
from support.judging import job
from support.ledger_events import WAKTU, facts

MANUAL, DIGITAL = back.manual(), back.digital()


def found(content: bytes, **given: object) -> tuple[Examination, KnownBeside]:
    base = job(content, issued=given.pop("issued", None))  # type: ignore[arg-type]
    base = replace(base, receipt=given.pop("parsed", None))  # type: ignore[arg-type]
    options = {"receipt": None, "ledger": None, "sessions": None, "isolated": False} | given
    return with_issue(base, (content,), **options)  # type: ignore[arg-type]


def reasons(known: KnownBeside) -> list[tuple[str, str]]:
    return [(f"{one.code}.{one.reason}", one.status) for one in known.checks]


@pytest.fixture(scope="module")
def scan() -> bytes:
    return paper.scanned(paper.printed(2))


def test_the_page_code_finds_the_agreement_in_the_ledger(scan: bytes, tmp_path: Path) -> None:
    path, sessions = back.session_of_manual(tmp_path)
    with open_ledger(path, create=False) as ledger:
        examination, known = found(scan, ledger=ledger, sessions=sessions)
        assert (examination.issued, known.in_ledger) == (MANUAL.issued, True)
        assert reasons(known) == [("issued.ledger.found", "passed")]
        examination, known = found(scan, ledger=ledger)
        assert (examination.issued, examination.receipt) == (None, None)
        assert reasons(known) == [("paper.issued.not_at_hand", "indeterminate")]
        assert "--sessions" in known.checks[0].hint.id
    with open_ledger(tmp_path / "kosong.sqlite") as ledger:
        ledger.append("LAIN", kinds.TERBIT, facts(kinds.TERBIT), waktu=WAKTU)
        _, known = found(scan, ledger=ledger)
        assert reasons(known) == [("paper.issued.unknown", "indeterminate")]


def test_a_ledger_alone_makes_a_scan_of_a_picture(scan: bytes) -> None:
    for content, is_one in ((scan, True), (MANUAL.issued, False), (DIGITAL.signed, False)):
        for has_ledger in (True, False):
            one = is_paper(job(content), "", more=False, isolated=False, has_ledger=has_ledger)
            assert one is (is_one and has_ledger)


def test_what_cannot_be_told_is_told(scan: bytes) -> None:
    with_both = back.as_pdf(back.page("manual", 2), back.page("digital", 3))
    _, known = found(with_both)
    assert reasons(known) == [("paper.issued.several", "indeterminate")]
    assert "--sort" in known.checks[0].hint.id
    _, known = found(back.as_pdf(back.without_codes("manual", 2)))
    assert reasons(known) == [("paper.issued.no_code", "indeterminate")]
    one, known = found(scan, issued=DIGITAL.signed, parsed=MANUAL.receipt, receipt=MANUAL.receipt)
    assert reasons(known) == [("paper.issued.other_receipt", "indeterminate")]
    assert one.issued is None
    _, known = found(scan, receipt=MANUAL.receipt, parsed=MANUAL.receipt)
    assert reasons(known) == [("paper.issued.not_beside", "indeterminate")]


@pytest.mark.slow
def test_a_receipt_alone_is_enough_beside_its_file(scan: bytes, tmp_path: Path) -> None:
    folder = back.folder_of_issues(tmp_path / "terbit", MANUAL)
    receipt = folder / f"{MANUAL.name.removesuffix('.pdf')}.receipt.json"
    report = verify(VerifyRequest(pdf=scan, receipt=receipt)).report
    assert report.paper is not None
    assert [(one.page, one.status) for one in report.paper.pages] == [(2, "ok")]
    (folder / MANUAL.name).unlink()
    report = verify(VerifyRequest(pdf=scan, receipt=receipt)).report
    assert (report.paper, report.exit_code) == (None, 31)
    assert [one.reason for one in report.checks] == ["not_beside"]
