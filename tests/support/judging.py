"""Short ways to judge bytes in a test."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from pks_kit.domain.receipt import Receipt
from pks_kit.json_form import to_json
from pks_kit.pdf.opening import open_pdf
from pks_kit.pdf.prefix.opened import own_updates
from pks_kit.pipelines.verifying.known_issued import judge_known
from pks_kit.pipelines.verifying.policies import policy_in_force
from pks_kit.pki.anchors import TrustAnchor, read_anchors
from pks_kit.verification.examination import Examination
from pks_kit.verification.examine import examine, prove
from pks_kit.verification.isolation.belief import doubt_about, restored, without_gaps
from pks_kit.verification.isolation.lines import EXAMINATION
from pks_kit.verification.isolation.parent import completed_inline
from pks_kit.verification.isolation.protocol import Answers, encode_answer, parse_answer
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.added import QUESTIONS
from pks_kit.verification.report.verdict import VerifyReport
from pks_kit.verification.signatures.signed_ranges import SignedRanges
from support import signed_files
from support.schema_check import follows

SIGNING_ROOT = Path(__file__).resolve().parents[2] / "signing"
LATER = signed_files.NOW + timedelta(days=2)


@cache
def anchors_of(organisation: str = "UJI pks-kit") -> tuple[TrustAnchor, ...]:
    return tuple(read_anchors(signed_files.world(organisation).root.pem, "root.pem", {}))


def job(
    content: bytes,
    *,
    issued: bytes | None = None,
    receipt: Receipt | None = None,
    anchors: tuple[TrustAnchor, ...] | None = None,
    limits: Limits | None = None,
    jenis: str | None = None,
) -> Examination:
    return Examination(
        policy=policy_in_force(jenis, LATER.date()) if jenis else None,
        content=content,
        issued=issued,
        receipt=receipt,
        anchors=anchors_of() if anchors is None else anchors,
        signing_root=SIGNING_ROOT,
        now=LATER,
        kit_version="0.1.0",
        limits=limits or Limits(),
    )


def judge(content: bytes, **more: object) -> VerifyReport:
    """Judge a file here; whatever is found must also survive the way out of the guarded child."""
    task = job(content, **more)  # type: ignore[arg-type]
    told: list[VerifyReport] = []
    ranges = prove(task)
    unread = copy(ranges)  # what stands in the store is noted in it when a parser reads the file
    first = examine(task, told.append, ranges)
    believe(task, first, told)
    report = completed_inline(task, first, ranges).report
    judged_alike(task, unread, first, report)
    assert parse_answer(encode_answer(Answers(report=report))).report == report
    assert follows(to_json(report), "verify") == []
    return report


def found(content: bytes) -> VerifyReport:
    """Return what is found in a file that another test has :func:`judge` look at, and no more."""
    task = job(content)
    ranges = prove(task)
    return completed_inline(task, examine(task, ranges=ranges), ranges).report


def judged_alike(
    task: Examination, proven: SignedRanges, first: VerifyReport, report: VerifyReport
) -> None:
    """Demand that the parsers say the same of a file of which bytes alone are enough.

    Args:
        task: What was examined.
        proven: What its bytes proved; no parser has seen the file since.
        first: What the first look found.
        report: The whole report.
    """
    if knows_revisions(task):
        slow = replace(task, knows_own_updates=False)
        assert examine(slow, ranges=proven) == first
    by_bytes = judge_known(task, isolated=False)
    assert by_bytes is None or by_bytes.report == report


def knows_revisions(task: Examination) -> bool:
    """Return whether the revisions of a file are known by their bytes."""
    opened = open_pdf(task.content, task.limits).opened
    if opened is None:
        return False
    known = own_updates(opened, task.issued_identity[1] or None)
    return known is not None and bool(known.revisions)


def believe(task: Examination, report: VerifyReport, told: Sequence[VerifyReport]) -> None:
    """Demand that the host would believe this, said by a child, and add nothing to it."""
    assert len(told) <= next(one.times for one in EXAMINATION if one.name == "partial")
    assert [doubt_about(task, one) for one in (*told, report)] == [""] * (len(told) + 1)
    assert restored(task, report, told) == report
    assert without_gaps(task, report, QUESTIONS) == report


def failures(report: VerifyReport) -> set[str]:
    """Return ``code/reason`` of every failed check."""
    return {f"{c.code}/{c.reason}" for c in report.checks if c.status == "failed"}


def unknowns(report: VerifyReport) -> set[str]:
    return {f"{c.code}/{c.reason}" for c in report.checks if c.status == "indeterminate"}
