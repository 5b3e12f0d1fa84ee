"""Absolute requirements are looked at again before the first signature and before the cover."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.receipt import parse_receipt
from pks_kit.errors import FindingsError
from pks_kit.foreign import HERE
from pks_kit.pipelines.cover import CoverRequest, cover
from pks_kit.pipelines.draft import fill
from pks_kit.pipelines.drafting.issue import issue
from pks_kit.pipelines.inside.contract_data import requirements_before
from pks_kit.pipelines.sign import SignRequest, sign
from pks_kit.signing.sandbox.authority import SandboxTimestamps, create_sandbox, people_of
from support.sample import changed

pytestmark = pytest.mark.slow

NOW = datetime(2023, 12, 20, 3, tzinfo=UTC)


def drafted(folder: Path, kontrak: Kontrak) -> Path:
    """Issue data as a program did that did not ask for the documents."""
    prepared = fill(kontrak, kontrak.jangka_waktu.tanggal_mulai, input_sha256="0" * 64)
    result = issue(prepared, ("pdf",), lambda _step: None)
    for file in result.files.values():
        file.save(folder)
    return folder / result.files["pdf"].name


def lacking(**changes: object) -> Kontrak:
    rows = [one for one in changed().dokumen if one.jenis not in ("sip", "npwp")]
    return changed(dokumen=[one.model_dump(mode="json") for one in rows], **changes)


def request(pdf: Path) -> SignRequest:
    receipt = parse_receipt(pdf.with_name(f"{pdf.stem}.receipt.json").read_bytes(), "receipt")
    sandbox = create_sandbox(NOW, people_of(receipt))
    return SignRequest(
        pdf=pdf,
        clock=lambda: NOW,
        peran="pihak_kesatu",
        signer=sandbox.signers["pihak_kesatu"],
        timestamps=SandboxTimestamps(key=sandbox.tsa, clock=lambda: NOW),
    )


def test_nobody_signs_first_what_lacks_a_requirement(tmp_path: Path) -> None:
    pdf = drafted(tmp_path, lacking())
    with pytest.raises(FindingsError) as caught:
        sign(request(pdf))
    assert caught.value.code == "signing.requirements"
    assert [one.code for one in caught.value.findings] == ["document.missing"] * 2


def test_no_cover_for_the_pen_either_and_a_note_after_a_signature(tmp_path: Path) -> None:
    pdf = drafted(tmp_path, lacking(cara_kontrak="manual"))
    with pytest.raises(FindingsError) as caught:
        cover(CoverRequest(pdf=pdf, batas_waktu=date(2023, 12, 27)))
    assert caught.value.code == "signing.requirements"
    receipt = parse_receipt(pdf.with_name(f"{pdf.stem}.receipt.json").read_bytes(), "receipt")
    (note,) = requirements_before(pdf.read_bytes(), receipt, HERE, ("TTD_PIHAK_KESATU",))
    assert (note.code, note.params) == ("requirements_missing", {"count": 2})
    assert "2 persyaratan mutlak" in note.message.id


def test_complete_data_and_an_addendum_are_let_through(tmp_path: Path) -> None:
    pdf = drafted(tmp_path, changed(cara_kontrak="manual"))
    receipt = parse_receipt(pdf.with_name(f"{pdf.stem}.receipt.json").read_bytes(), "receipt")
    assert requirements_before(pdf.read_bytes(), receipt, HERE, ()) == ()
    other = receipt.model_copy(update={"induk": "7K2M9X4Q" * 3})
    incomplete = drafted(tmp_path, lacking(cara_kontrak="manual"))
    assert requirements_before(incomplete.read_bytes(), other, HERE, ()) == ()
