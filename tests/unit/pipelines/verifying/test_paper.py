"""Verify a scan: recognised by itself, read in a guarded child, three answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit import VerifyRequest, verify
from pks_kit.domain.page_list import page_list
from pks_kit.errors import UsageError
from pks_kit.files import NamedFile
from pks_kit.json_form import to_json
from pks_kit.pipelines.verifying.paper import is_paper
from pks_kit.scan.simulated import encode
from pks_kit.verification.report.paper import place_list
from support import paper_samples as paper
from support.judging import job
from support.schema_check import follows


@pytest.fixture(scope="module")
def sheets() -> tuple[bytes, bytes]:
    box = paper.place("PARAF_PIHAK_KEDUA")
    return (
        paper.scanned(paper.written(paper.printed(1), box)),
        encode.as_pdf([paper.printed(2)[::2, ::2].copy()], dpi=150, jpeg_quality=80),
    )


@pytest.mark.slow
def test_a_scan_in_two_files_is_not_complete(sheets: tuple[bytes, bytes]) -> None:
    report = verify(
        VerifyRequest(
            pdf=NamedFile("satu.jpg", sheets[0]), more=(NamedFile("dua.pdf", sheets[1]),),
            issued=paper.issue().pdf,
        )
    ).report  # fmt: skip
    assert report.exit_code == 30
    assert report.paper is not None
    assert [(one.page, one.status) for one in report.paper.pages] == [(1, "ok"), (2, "ok")]
    assert report.paper.missing == tuple(range(3, paper.issue().receipt.pages + 1))
    places = {one.id: one.decision for one in report.paper.places}
    assert places["PARAF_PIHAK_KEDUA_0001"] == "signed"
    assert places["PARAF_PIHAK_KESATU_0001"] == "empty"
    codes = {(one.code, one.reason): one.status for one in report.checks}
    assert codes["paper.pages", "missing"] == "failed"
    assert codes["paper.places", "empty"] == "failed"
    assert "paper.text" not in {one.code for one in report.checks}  # most pages were not seen
    assert {one.evidence for one in report.checks} == {"visual"}
    (send,) = (one for one in report.notes if one.code == "paper_send_back")
    assert f"halaman 3-{paper.issue().receipt.pages}" in send.message.id
    assert "paper_visual" in {one.code for one in report.notes}
    assert follows(to_json(report), "verify") == []


def test_what_is_a_scan_and_what_is_not(sheets: tuple[bytes, bytes]) -> None:
    issued = paper.issue().pdf
    for one in sheets:
        known = job(one, issued=issued)
        assert is_paper(known, "", more=False, isolated=False)
        assert not is_paper(known, "umum", more=False, isolated=False)
        assert not is_paper(job(one), "", more=False, isolated=False)
    assert not is_paper(job(issued, issued=issued), "", more=False, isolated=False)


def test_several_files_that_are_no_scan_are_refused(tmp_path: Path) -> None:
    issued = paper.issue().pdf
    with pytest.raises(UsageError) as told:
        verify(VerifyRequest(pdf=issued, more=(issued,), issued=issued))
    assert told.value.code == "verify.one_at_a_time"


def test_numbers_are_written_as_people_do() -> None:
    assert page_list([1, 2, 3, 7, 9, 10], "-") == "1-3, 7, 9-10"
    assert place_list([]) == ""
