"""An agreement is told of its own sheets alone, whatever else lies in the same files."""

from __future__ import annotations

from pks_kit.domain.paper import PaperFacts, ScannedPage
from pks_kit.domain.sheet_codes import FileSeen, SheetSeen
from pks_kit.pipelines.verifying.issues import Issue
from pks_kit.pipelines.verifying.paper import KnownBeside, ReadPaperResult
from pks_kit.pipelines.verifying.returned_agreement import (
    ReadStack,
    ReturnedAgreement,
    Stack,
    judge_stack,
    scan_sha256,
)
from pks_kit.pipelines.verifying.returned_files import ReturnedFile, TakenFile
from support import returned_paper as back
from support.judging import job

MANUAL = back.manual()
OWN, OTHER = MANUAL.receipt.agreement_id, back.digital().receipt.agreement_id


def taken(letter: str, sheets: int) -> TakenFile:
    seen = FileSeen(
        sheets=tuple(SheetSeen(number=one) for one in range(1, sheets + 1)), covered=sheets
    )
    told = ReturnedFile(
        file=f"{letter}.pdf", state="read", sha256=letter * 64, size=5, sheets=sheets
    )
    return TakenFile(told=told, seen=seen)


FILES = (taken("a", 4),)


def read(*offered: int) -> ReadStack:
    pages = (
        ScannedPage(scan_page=1, status="ok", page=1, agreement_id=OWN),
        ScannedPage(scan_page=1, status="other_agreement", page=7, agreement_id=OTHER),
        ScannedPage(scan_page=2, status="ok_without_code", page=2),
        ScannedPage(scan_page=3, status="unreadable", page=9),
        ScannedPage(scan_page=4, status="unreadable"),
    )
    facts = PaperFacts(
        agreement_id=OWN, edition=None, pages=pages, missing=(3,), places=(), changes=()
    )
    issue = Issue(receipt=MANUAL.receipt, name="x.pdf", content=b"", size=0)
    return ReadStack(
        stack=Stack(
            agreement_id=OWN, issue=issue, known=KnownBeside(), own=((0, 1),),
            offered=tuple((0, one) for one in offered),
        ),
        job=job(b"", issued=b"x", receipt=MANUAL.receipt),
        read=ReadPaperResult(facts=facts),
        numbers={(0, one): one for one in range(1, 5)},
    )  # fmt: skip


def judged(one: ReadStack, *, others: set[int], twice: set[int]) -> ReturnedAgreement:
    def never(_: object) -> object:
        raise AssertionError("kontrak manual has no electronic signature")

    return judge_stack(
        one, FILES, never, others={(0, each) for each in others},  # type: ignore[arg-type]
        twice={(0, each) for each in twice},
    )  # fmt: skip


def test_a_sheet_is_claimed_by_its_page_and_digits_alone() -> None:
    one = read(2, 3, 4)
    assert one.claimed() == {(0, 2)}
    assert read(3, 4).claimed() == frozenset()
    assert one.lacks_pages


def test_what_belongs_to_others_is_left_out() -> None:
    answer = judged(read(2, 3, 4), others={3}, twice=set())
    facts = answer.report.paper
    assert facts is not None
    assert [(page.scan_page, page.status) for page in facts.pages] == [
        (1, "ok"), (2, "ok_without_code"), (4, "unreadable"),
    ]  # fmt: skip
    assert [one.sheet for one in answer.sheets] == [1, 2, 4]
    assert {one.reason for one in answer.report.checks if one.code == "paper.sheets"} == {
        "unreadable", "without_code",
    }  # fmt: skip
    assert (answer.report.sha256, answer.report.file.size) == ("a" * 64, 5)


def test_a_sheet_that_two_issues_claim_makes_neither_complete() -> None:
    answer = judged(read(2), others=set(), twice={2, 4})
    (check,) = (one for one in answer.report.checks if one.reason == "claimed_twice")
    assert (check.status, check.params["sheets"]) == ("indeterminate", "2")


def test_the_hash_of_a_scan_knows_no_order_and_no_names() -> None:
    files = (taken("a", 2), taken("b", 1))
    turned = (files[1], files[0])
    one = scan_sha256(((0, 1), (0, 2), (1, 1)), files)
    assert one == scan_sha256(((0, 1), (1, 2), (1, 1)), turned)
    assert one != scan_sha256(((0, 1), (1, 1)), files)
