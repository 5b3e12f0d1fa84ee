"""The section tanda_tangan_elektronik: findings, footer, fields, and no byte changed without it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from pks_kit.errors import FindingsError
from pks_kit.inputs.workbook import parse_book, write_workbook
from pks_kit.pipelines.draft import CheckRequest, DraftRequest, check, draft
from pks_kit.pipelines.sign import sign
from pks_kit.pipelines.signing.sign_request import SignRequest
from pks_kit.signing.sandbox.authority import SandboxTimestamps, create_sandbox, people_of
from support.on_disk import drafted_in
from support.sample import changed, sample

SECTION = """
tanda_tangan_elektronik:
  pihak_kesatu: {bidang: layanan, penerbit_sertifikat: "Penerbit Satu Rekaan"}
  pihak_kedua: {penerbit_sertifikat: "Penerbit Dua Rekaan"}
"""


def now() -> datetime:
    return datetime.now(UTC)


def data(sample_path: Path, folder: Path, method: str) -> Path:
    text = sample_path.read_text(encoding="utf-8")
    written = folder / f"{method}.yml"
    written.write_text(
        text.replace("cara_kontrak: elektronik", f"cara_kontrak: {method}") + SECTION,
        encoding="utf-8",
    )
    return written


def _annotations(page: pikepdf.Page) -> list[str]:
    return [str(one.Subtype) for one in page.obj.get("/Annots", ())]


def test_absent_it_leaves_no_trace() -> None:
    assert "tanda_tangan_elektronik" not in sample().model_dump(mode="json")
    given = changed(tanda_tangan_elektronik={"pihak_kesatu": {"bidang": "layanan"}})
    assert given.model_dump()["tanda_tangan_elektronik"]["pihak_kesatu"]["bidang"] == "layanan"


@pytest.mark.slow
def test_drafted_digital(sample_path: Path, tmp_path: Path) -> None:
    result = drafted_in(
        tmp_path / "out",
        DraftRequest(source=data(sample_path, tmp_path, "digital"), formats=("pdf", "docx", "txt")),
    )
    receipt = json.loads(result.files["receipt"].read_text(encoding="utf-8"))
    assert "TTD_PIHAK_KESATU" in {place["name"] for place in receipt["places"]}
    with pikepdf.open(result.files["pdf"]) as pdf:
        assert list(pdf.Root.AcroForm.Fields) == []
        assert not any("/Widget" in _annotations(page) for page in pdf.pages)
    with pypdfium2.PdfDocument(result.files["pdf"]) as document:
        for page in document:
            words = " ".join(page.get_textpage().get_text_range().split())
            assert "sertifikat PIHAK KESATU diterbitkan oleh Penerbit Satu Rekaan." in words
            assert "Penerbit Dua" not in words
    # The drafts for reading and editing are never signed: they must not say that they are.
    assert "Penerbit Satu" not in result.files["txt"].read_text(encoding="utf-8")
    assert [one.code for one in result.findings if one.code.startswith("certificate.")] == [
        "certificate.not_printed"
    ]


def test_manual_is_stopped(sample_path: Path, tmp_path: Path) -> None:
    source = data(sample_path, tmp_path, "manual")
    found = {one.path: (one.code, one.level) for one in check(CheckRequest(source=source)).findings}
    first = found["tanda_tangan_elektronik.pihak_kesatu.penerbit_sertifikat"]
    assert first == ("certificate.no_signature", "blocking")
    assert found["tanda_tangan_elektronik.pihak_kesatu.bidang"][0] == "certificate.no_field"
    with pytest.raises(FindingsError):
        draft(DraftRequest(source=source))


def test_the_workbook_has_its_columns() -> None:
    given = changed(
        tanda_tangan_elektronik={
            "pihak_kesatu": {"bidang": "layanan", "penerbit_sertifikat": "Penerbit Satu Rekaan"}
        }
    )
    for kontrak in (given, sample()):
        (read,) = parse_book(write_workbook({"a": kontrak}), "buku.xlsx").facilities
        assert read.kontrak == kontrak


@pytest.mark.slow
def test_a_place_left_blank_can_be_signed(sample_path: Path, tmp_path: Path) -> None:
    """The field is made when signing, and the result is compared with the revision before."""
    result = drafted_in(
        tmp_path / "out",
        DraftRequest(source=data(sample_path, tmp_path, "digital"), formats=("pdf",)),
    )
    sandbox = create_sandbox(now(), people_of(result.receipt))
    signed = sign(
        SignRequest(
            pdf=result.files["pdf"],
            clock=now,
            peran="pihak_kesatu",
            signer=sandbox.signers["pihak_kesatu"],
            timestamps=SandboxTimestamps(key=sandbox.tsa, clock=now),
        )
    )
    assert (signed.place, signed.next) == ("TTD_PIHAK_KESATU", ("p1_meterai",))
