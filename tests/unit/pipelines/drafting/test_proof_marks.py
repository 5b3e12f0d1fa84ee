"""A structure is proved once in a run, by whichever process; a mark that does not fit is none."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pks_kit.inputs import load_kontrak
from pks_kit.inputs.workbook import write_workbook
from pks_kit.pipelines.batch import BatchPlanRequest, batch_plan
from pks_kit.pipelines.batch_run import BatchRunRequest, batch_run
from pks_kit.pipelines.batching.folder import BatchFolder, keep
from pks_kit.pipelines.draft import prepare
from pks_kit.pipelines.drafting import proof_marks
from pks_kit.pipelines.drafting.issue import Prepared
from pks_kit.pipelines.drafting.proof_marks import ProofMarks, Structure
from support.facilities import STRUCTURES, facility, save

SMALL = next(one for one in STRUCTURES if one.sample == "laboratorium-manual")
STRUCTURE: Structure = ("pks_penunjang_2024", "laboratorium", "manual")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(load_kontrak(save(facility(1, SMALL), tmp_path_factory.mktemp("data"))))


def the_mark(folder: Path) -> Path:
    (mark,) = folder.iterdir()
    return mark


def test_a_mark_is_believed_by_whoever_would_write_the_same(
    prepared: Prepared, tmp_path: Path
) -> None:
    marks = ProofMarks(tmp_path / "m", None)
    assert not marks.stands(STRUCTURE, prepared)
    keep(marks.mark(STRUCTURE, prepared))
    assert ProofMarks(tmp_path / "m", None).stands(STRUCTURE, prepared)
    assert the_mark(tmp_path / "m").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("spoil", [b"", b"{}", None])
def test_a_spoilt_mark_is_no_mark(prepared: Prepared, tmp_path: Path, spoil: bytes | None) -> None:
    marks = ProofMarks(tmp_path, None)
    keep(marks.mark(STRUCTURE, prepared))
    mark = the_mark(tmp_path)
    content = mark.read_bytes()
    mark.write_bytes(content[:-2] + b"0}" if spoil is None else spoil)
    assert not marks.stands(STRUCTURE, prepared)
    keep(marks.mark(STRUCTURE, prepared))
    assert mark.read_bytes() == content


def test_what_the_proof_rests_on_is_another_then_the_mark_is_none(
    prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, compiled = tmp_path / "m", tmp_path / "c"
    marks = ProofMarks(folder, compiled)
    keep(marks.mark(STRUCTURE, prepared))
    other = STRUCTURE[0], "apotek", STRUCTURE[2]
    assert not marks.stands(other, prepared)
    receipt = prepared.receipt
    versions = {**receipt.versions, "pks-kit": "0.0"}
    template = receipt.template.model_copy(update={"sha256": "0" * 64})
    for changed in (
        {"versions": versions}, {"template": template}, {"parameters_sha256": "0" * 64},
    ):  # fmt: skip
        assert not marks.stands(
            STRUCTURE, replace(prepared, receipt=receipt.model_copy(update=changed))
        )
    assert marks.stands(STRUCTURE, prepared)
    # what was compiled meanwhile was not there when the pages were compared
    compiled.mkdir()
    laid_with = proof_marks.fingerprint(proof_marks.css_of(prepared))
    (compiled / f"{laid_with}.sqlite").write_bytes(b"leaves")
    assert not marks.stands(STRUCTURE, prepared)
    monkeypatch.setattr(proof_marks, "fingerprint", lambda _css: "other libraries")
    assert not ProofMarks(folder, None).stands(STRUCTURE, prepared)
    monkeypatch.setattr(proof_marks, "fingerprint", lambda _css: None)
    keep(marks.mark(STRUCTURE, prepared))
    assert not marks.stands(STRUCTURE, prepared)
    assert the_mark(folder).is_file()


@pytest.mark.sampled(of="roads that differ")
@pytest.mark.slow
def test_a_run_proves_a_structure_once_and_another_one_believes_its_mark(tmp_path: Path) -> None:
    book = tmp_path / "faskes.xlsx"
    two = [facility(number, SMALL) for number in (1, 2)]
    book.write_bytes(write_workbook({one.faskes.kode: one for one in two}))
    folder = BatchFolder(tmp_path / "r")
    batch_plan(
        BatchPlanRequest(sources=(book,), folder=folder.path, by="Sari Contohwati", sample=0)
    )

    def run(*, proves: bool = True) -> None:
        shutil.rmtree(folder.drafts, ignore_errors=True)
        folder.book.unlink(missing_ok=True)
        ran = batch_run(BatchRunRequest(folder=folder.path, until="drafted", jobs=2, proves=proves))
        assert ran.status.states == {"done": 2}

    run(proves=False)
    assert not folder.proofs.exists()
    run()
    mark = the_mark(folder.proofs)
    content, written = mark.read_bytes(), mark.stat().st_mtime_ns
    run()
    assert the_mark(folder.proofs).stat().st_mtime_ns == written  # found, and not proved again
    mark.write_bytes(b"{}")
    run()
    assert mark.read_bytes() == content
