"""Three contract methods: profile, places, closing formula and what verification may claim."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.errors import PksKitError
from pks_kit.pipelines.draft import DraftRequest
from pks_kit.pipelines.sign import sign
from pks_kit.pipelines.signing.sign_request import SignRequest
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.resources import samples_root
from pks_kit.signing.sandbox.authority import Sandbox, SandboxTimestamps, create_sandbox, people_of
from pks_kit.signing.sandbox.meterai import SandboxMeterai
from support.filled_pages import nearly_empty
from support.on_disk import Drafted, drafted_in, signed_as

SAMPLE = samples_root() / "klinik-pratama-rawat-inap.yml"


def now() -> datetime:
    return datetime.now(UTC)


def drafted_as(method: str, sample_path: Path, folder: Path) -> Drafted:
    text = sample_path.read_text(encoding="utf-8")
    data = folder / f"{method}.yml"
    changed = text.replace("cara_kontrak: elektronik", f"cara_kontrak: {method}")
    assert changed != text
    data.write_text(changed, encoding="utf-8")
    return drafted_in(folder / method, DraftRequest(source=data, formats=("pdf", "txt")))


@pytest.fixture(scope="module")
def digital(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    return drafted_as("digital", SAMPLE, tmp_path_factory.mktemp("digital"))


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    return drafted_as("manual", SAMPLE, tmp_path_factory.mktemp("manual"))


def receipt_of(result: Drafted) -> Receipt:
    return parse_receipt(result.files["receipt"].read_bytes(), "receipt")


def fields(result: Drafted) -> set[str]:
    import pikepdf

    with pikepdf.open(result.files["pdf"]) as pdf:
        if "/AcroForm" not in pdf.Root:
            return set()
        return {str(field.T) for field in pdf.Root.AcroForm.Fields}


def words_on(result: Drafted, page: int) -> str:
    document = pypdfium2.PdfDocument(result.files["pdf"])
    text = document[page - 1].get_textpage().get_text_bounded()
    document.close()
    return str(text)


def test_only_the_first_party_signs_digital_electronically(digital: Drafted) -> None:
    assert fields(digital) == {"TTD_PIHAK_KESATU"}
    receipt = receipt_of(digital)
    assert receipt.profile == "digital"
    second = receipt.place("METERAI_PIHAK_KEDUA")
    assert second is not None
    assert "meterai" in words_on(digital, second.page)
    assert "mencetak" in words_on(digital, second.page)


def test_manual_has_no_electronic_place(manual: Drafted) -> None:
    assert fields(manual) == set()
    receipt = receipt_of(manual)
    assert receipt.profile == "manual"
    first = receipt.place("TTD_PIHAK_KESATU")
    assert first is not None
    assert "tanda tangan basah" in " ".join(words_on(manual, first.page).split())


@pytest.mark.parametrize("method", ["digital", "manual"])
def test_no_page_is_nearly_empty(method: str, request: pytest.FixtureRequest) -> None:
    assert nearly_empty(request.getfixturevalue(method).files["pdf"].read_bytes()) == []


@pytest.mark.parametrize("method", ["digital", "manual"])
def test_pen_crosses_the_adhesive_meterai(method: str, request: pytest.FixtureRequest) -> None:
    receipt = receipt_of(request.getfixturevalue(method))
    signature = receipt.place("TTD_PIHAK_KEDUA")
    meterai = receipt.place("METERAI_PIHAK_KEDUA")
    assert signature is not None
    assert meterai is not None
    assert signature.page == meterai.page
    left, bottom, right, top = signature.rect
    mleft, mbottom, mright, mtop = meterai.rect
    assert left < mright
    assert mleft < right
    assert bottom < mtop
    assert mbottom < top


def signed(result: Drafted, folder: Path) -> tuple[Path, Sandbox]:
    sandbox = create_sandbox(now(), people_of(result.receipt))
    timestamps = SandboxTimestamps(key=sandbox.tsa, clock=now)
    meterai = SandboxMeterai(
        key=sandbox.meterai, timestamps=timestamps, random_bytes=secrets.token_bytes
    )
    first, second = folder / "1.pdf", folder / "2.pdf"
    common = {"clock": now, "peran": "pihak_kesatu", "receipt": result.files["receipt"]}
    signed_as(
        first,
        SignRequest(
            pdf=result.files["pdf"],
            signer=sandbox.signers["pihak_kesatu"],
            timestamps=timestamps,
            **common,
        ),
    )
    signed_as(second, SignRequest(pdf=first, meterai=meterai, **common))
    return second, sandbox


def test_digital_ends_for_us_when_paper_begins(digital: Drafted, tmp_path: Path) -> None:
    pdf, sandbox = signed(digital, tmp_path)
    root = tmp_path / "root.pem"
    root.write_bytes(sandbox.root_pem)
    report = verify(
        VerifyRequest(
            pdf=pdf,
            clock=now,
            issued=digital.files["pdf"],
            receipt=digital.files["receipt"],
            trust=(root,),
        )
    ).report
    open_questions = {
        (one.code, one.evidence) for one in report.checks if one.status == "indeterminate"
    }
    assert open_questions == {("paper.signatures", "visual")}
    assert not [one for one in report.checks if one.status == "failed"]
    assert report.verdict == "indeterminate"
    timestamps = SandboxTimestamps(key=sandbox.tsa, clock=now)
    with pytest.raises(PksKitError) as caught:
        sign(
            SignRequest(
                pdf=pdf,
                clock=now,
                peran="pihak_kedua",
                signer=sandbox.signers["pihak_kedua"],
                timestamps=timestamps,
                receipt=digital.files["receipt"],
            )
        )
    assert caught.value.exit_code in {2, 20}


def test_a_manual_file_proves_nothing_by_itself(manual: Drafted) -> None:
    report = verify(
        VerifyRequest(
            pdf=manual.files["pdf"],
            clock=now,
            issued=manual.files["pdf"],
            receipt=manual.files["receipt"],
        )
    ).report
    assert report.verdict == "indeterminate"
    assert "paper.signatures" in {one.code for one in report.checks}
