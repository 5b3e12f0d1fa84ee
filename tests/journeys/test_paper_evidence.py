"""An evidence file of paper: scan, pictures and decisions lie in it, and are checked again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pks_kit.domain.evidence import EvidenceManifest, PackedFile
from pks_kit.ledger.store import SqlLedger, open_ledger
from pks_kit.pipelines.evidence import EvidenceRequest, evidence
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.verification import evidence_file as bundle
from pks_kit.verification.report.verdict import VerifyReport
from support import paper_reviews as reviews
from support import paper_samples as paper
from support import signed_files
from support.paper_reviews import ADDED, EMPTY, VALUE, chosen, desk, key_of
from support.proving import SampleOf

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path_factory.mktemp("buku") / "buku.sqlite") as opened:
        desk(opened, "Siti Rahma").write([chosen(ADDED, "same"), chosen(VALUE, "same")])
        desk(opened, "Budi Hartono").write([chosen(VALUE, "same")])
        yield opened


@pytest.fixture(scope="module")
def made(ledger: SqlLedger) -> bytes:
    scan, note = reviews.files()
    return evidence(
        EvidenceRequest(
            pdf=scan, more=(note,), issued=paper.issue().pdf,
            receipt=paper.issue().receipt.to_json(), ledger=ledger,
            clock=lambda: signed_files.NOW, isolated=False,
        )
    ).file.content  # fmt: skip


def judged(content: bytes, ledger: SqlLedger | None = None) -> VerifyReport:
    request = VerifyRequest(
        pdf=content, ledger=ledger, clock=lambda: signed_files.NOW, isolated=False
    )
    return verify(request).report


def answers(report: VerifyReport) -> dict[str, str]:
    return {f"{one.code}.{one.reason}": one.status for one in report.checks}


def packed_again(content: bytes, **changed: bytes | None) -> bytes:
    """The same evidence file with other files, and a manifest that fits them."""
    files = bundle.unpack(content)
    assert isinstance(files, dict)
    for name, one in changed.items():
        if one is None:
            del files[name]
        else:
            files[name] = one
    manifest = EvidenceManifest.model_validate_json(files.pop(bundle.MANIFEST))
    listed = {
        name: PackedFile(sha256=hashlib.sha256(one).hexdigest(), size=len(one))
        for name, one in files.items()
    }
    told = manifest.model_copy(update={"files": listed}).to_json()
    return bundle.pack({**files, bundle.MANIFEST: told})


def test_what_lies_in_it(made: bytes) -> None:
    files = bundle.unpack(made)
    assert isinstance(files, dict)
    scan, note = reviews.files()
    assert bundle.scans_in(files) == (scan.content, note.content)
    assert {"pindaian-01.jpg", "pindaian-02.pdf"} <= set(files)
    seen = {hashlib.sha256(one).hexdigest() for one in bundle.crops_in(files)}
    pictures = reviews.listed().examined.paper_pictures
    shown = {(one.item, one.kind): hashlib.sha256(one.jpeg).hexdigest() for one in pictures}
    assert {shown[key_of(one), "scanned"] for one in (ADDED, VALUE, EMPTY)} <= seen
    assert b"pindaian-01.jpg" in files[bundle.README]
    assert b"Siti Rahma" in files[bundle.HTML["id"]]


def test_it_is_judged_again_with_the_ledger(made: bytes, ledger: SqlLedger) -> None:
    report = judged(made, ledger)
    told = answers(report)
    wrong = {name: one for name, one in told.items() if name.startswith("bundle.")}
    assert set(wrong.values()) == {"passed"}, wrong
    assert {"bundle.crops.same", "bundle.report.same", "bundle.pages.same"} <= set(told)
    assert "bundle_decisions" not in {one.code for one in report.notes}
    assert report.paper is not None
    assert {one.state for one in report.paper.decided} == {"accepted"}
    assert report.exit_code == 30  # pages are missing


def test_without_the_ledger_decisions_are_not_believed(made: bytes) -> None:
    report = judged(made)
    assert answers(report)["bundle.report.same"] == "passed"
    assert "bundle_decisions" in {one.code for one in report.notes}
    assert report.paper is not None
    assert report.paper.decided == ()
    assert answers(report)["paper.values.other_fits"] == "indeterminate"


def test_a_lost_picture_and_another_scan_are_found(made: bytes, sample_of: SampleOf) -> None:
    files = bundle.unpack(made)
    assert isinstance(files, dict)
    crop = hashlib.sha256(
        next(
            one.jpeg for one in reviews.listed().examined.paper_pictures
            if (one.item, one.kind) == (key_of(ADDED), "scanned")
        )
    ).hexdigest()  # fmt: skip
    name = next(
        one for one in bundle.CROPS if one in files
        and hashlib.sha256(files[one]).hexdigest() == crop
    )  # fmt: skip
    other = paper.scanned(paper.printed(2))
    # a page of one more scan would replace what was seen, and without one scan nothing stands
    # against what is left
    cases: list[tuple[dict[str, bytes | None], str]] = [
        ({name: None}, "bundle.crops.missing"),
        ({"pindaian-03.jpg": other}, "bundle.report.other_file"),
        ({"pindaian-02.pdf": None}, "bundle.report.other_file"),
        ({"pindaian-01.jpg": other}, "bundle."),
    ]
    for changed, answer in sample_of(cases, 1, seed="evidence of paper"):
        told = answers(judged(packed_again(made, **changed)))
        assert "failed" in {one for code, one in told.items() if code.startswith(answer)}


def test_a_zip_of_scans_is_no_evidence_file(tmp_path: Path) -> None:
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("pindaian-01.pdf", b"%PDF-")
    assert not bundle.claims_to_be_ours(target.getvalue())
