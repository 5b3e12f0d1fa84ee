"""Bytes alone give the report that the parsers give, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pks_kit.pipelines.verifying.known_issued import judge_known
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.parent import run_inline
from support.judging import SIGNING_ROOT, knows_revisions
from support.own_files import now, own_files

pytestmark = pytest.mark.slow


def _job(content: bytes) -> Examination:
    files = own_files()
    return Examination(
        content=content,
        issued=files.issued,
        receipt=files.receipt,
        anchors=files.anchors,
        signing_root=SIGNING_ROOT,
        now=now() + timedelta(minutes=1),
        kit_version="0",
    )


def test_the_finished_file_passes_by_its_bytes_with_the_same_report() -> None:
    job = _job(own_files().steps[-1])
    found = judge_known(job, isolated=False)
    assert found is not None
    slow = run_inline(replace(job, knows_own_updates=False)).report
    assert found.report == slow == run_inline(job).report
    assert slow.verdict == "passed"
    again = judge_known(replace(job, issued=None), isolated=False)
    assert again is not None
    assert again.report == run_inline(replace(job, issued=None, knows_own_updates=False)).report


@pytest.mark.parametrize("step", [0, 1, 2])
def test_an_unfinished_file_is_left_to_the_parsers_which_agree(step: int) -> None:
    job = _job(own_files().steps[step])
    assert judge_known(job, isolated=False) is None
    slow = run_inline(replace(job, knows_own_updates=False)).report
    assert run_inline(job).report == slow
    assert knows_revisions(job)
    assert slow.verdict != "passed"


@pytest.mark.parametrize("what", ["issued", "signature", "anchors", "receipt"])
def test_what_is_not_plain_good_is_left_to_the_parsers(what: str) -> None:
    files = own_files()
    content = files.steps[-1]
    job = _job(content)
    if what == "issued":
        job = replace(job, content=content[:1000] + b"\0" + content[1001:])
    elif what == "signature":
        place = content.rindex(b"/Contents <") + 400
        digit = b"0" if content[place : place + 1] != b"0" else b"1"
        job = replace(job, content=content[:place] + digit + content[place + 1 :])
    elif what == "anchors":
        job = replace(job, anchors=())
    else:
        other = files.receipt.model_copy(update={"agreement_id": "0" * 26})
        job = replace(job, receipt=other)
    assert judge_known(job, isolated=False) is None
    assert run_inline(job).report.verdict != "passed"
