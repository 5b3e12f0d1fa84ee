"""Bytes alone give the report that the parsers give, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pks_kit.pipelines.verifying.known_issued import judge_known
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.parent import run_inline
from support.judging import SIGNING_ROOT, knows_revisions
from support.own_files import archived_files, now, own_files
from support.own_mutations import Objects, last_update, rewritten, with_each_update

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


@pytest.mark.parametrize("number", [0, 1])
def test_an_archive_passes_by_its_bytes_with_the_same_report(number: int) -> None:
    job = _job(archived_files()[number])
    found = judge_known(job, isolated=False)
    assert found is not None
    slow = run_inline(replace(job, knows_own_updates=False)).report
    assert found.report == slow == run_inline(job).report
    assert slow.verdict == "passed"
    assert [one.kind for one in slow.revisions][-2:] == ["dss", "timestamp"]
    assert {one.revocation for one in slow.signatures} == {"not_revoked"}


def test_material_without_its_timestamp_is_judged_alike() -> None:
    files = own_files()
    for content in with_each_update(archived_files(), files.issued)[4::2]:
        job = _job(content)
        found = judge_known(job, isolated=False)
        assert found is not None
        slow = run_inline(replace(job, knows_own_updates=False)).report
        assert found.report == slow == run_inline(job).report
        assert slow.revisions[-1].kind == "dss"


def test_an_archive_that_holds_no_answer_any_more_is_left_to_the_parsers() -> None:
    """Who is not trusted without the store, or is revoked by it, is nothing for a quick look."""
    files = own_files()
    first = archived_files()[0]
    assert judge_known(replace(_job(first), anchors=()), isolated=False) is None
    update, before = last_update(with_each_update(archived_files(), files.issued)[4], files.issued)
    objects: Objects = {number: (one.value, one.data) for number, one in update.objects.items()}
    pieces = [number for number, (_, data) in objects.items() if data is not None]
    value, data = objects[pieces[-1]]
    assert data is not None
    objects[pieces[-1]] = value, data[:-1] + bytes((data[-1] ^ 1,))  # the signature of a list
    changed = rewritten(first[: update.start], objects, before)
    job = _job(changed)
    slow = run_inline(replace(job, knows_own_updates=False)).report
    assert run_inline(job).report == slow
    found = judge_known(job, isolated=False)
    assert found is None or found.report == slow


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
