"""A certificate that fits nobody stops a batch before anything is drafted."""

from __future__ import annotations

import pytest

from pks_kit.errors import SigningError
from pks_kit.pipelines.batch import BatchPlanRequest, batch_plan
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.people import refuse_strangers
from pks_kit.pipelines.batching.workshop import Stage
from pks_kit.settings.model import SigningSettings
from support.branch import facility, write_branch

STRANGER = "Orang Lain Rekaan"
KEY = {"jenis": "pkcs12", "berkas": "a.p12", "kata_sandi": "tanya", "waktu": "uji"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> BatchFolder:
    """A plan of a clinic, and of another one whose leader is another person."""
    place = tmp_path_factory.mktemp("cabang")
    other = facility(2)
    second = other.pihak_kedua.model_copy(update={"nama_penandatangan": STRANGER})
    clinics = {"a": facility(1), "b": other.model_copy(update={"pihak_kedua": second})}
    write_branch(place, clinics)
    planned = BatchPlanRequest(
        sources=[place / "faskes.xlsx"], folder=place / "r", by="Sari Contohwati", sample=0
    )
    batch_plan(planned)
    return BatchFolder(place / "r")


def settings(accepted: str | None = None, *parties: str) -> SigningSettings:
    party = {"penanda_tangan": "kunci"} | ({"nama_diterima": accepted} if accepted else {})
    return SigningSettings.model_validate(
        {
            "buku": "buku.sqlite",
            "waktu": {"uji": {"jenis": "http", "alamat": "https://tsa.example"}},
            "penanda_tangan": {"kunci": KEY},
            "pihak": dict.fromkeys(parties or ("pihak_kesatu",), party),
        }
    )


def refused(
    folder: BatchFolder, chosen: SigningSettings, name: str, until: Stage = "verified"
) -> str:
    rows = folder.plan().plan.ready()
    try:
        refuse_strangers(chosen, {"kunci": name}, tuple(rows), folder, until)
    except SigningError as error:
        return error.text.id
    return ""


def leader() -> str:
    return facility(1).pihak_kesatu.nama_kepala_cabang


def test_a_name_that_no_agreement_prints(folder: BatchFolder) -> None:
    told = refused(folder, settings(), STRANGER)
    assert f"«{STRANGER}»" in told
    assert f"«{leader()}»" in told
    assert refused(folder, settings(), leader()) == ""


def test_a_name_that_nobody_knows_yet_is_left_to_each_agreement(folder: BatchFolder) -> None:
    assert refused(folder, settings(), "") == ""


def test_one_agreement_that_it_fits_is_enough(folder: BatchFolder) -> None:
    assert refused(folder, settings(None, "pihak_kedua"), STRANGER) == ""


def test_an_accepted_name_counts_unless_the_file_is_judged_here(folder: BatchFolder) -> None:
    """The verdict takes no wholly different name: nothing may be bought for it."""
    both = ("pihak_kesatu", "pihak_kedua")
    assert refused(folder, settings(STRANGER), STRANGER) == ""
    assert refused(folder, settings(STRANGER, *both), STRANGER, "signed") == ""
    assert "PIHAK KESATU" in refused(folder, settings(STRANGER, *both), STRANGER)


def test_changed_data_of_one_row_stop_nobody_else(folder: BatchFolder) -> None:
    """The row itself is refused when its turn comes."""
    at = folder.plan().plan.rows[0].data
    assert at is not None
    whole = folder.data.read_bytes()
    content = bytearray(whole)
    content[at.offset + at.size // 2] ^= 1
    folder.data.chmod(0o600)
    folder.data.write_bytes(content)
    try:
        assert refused(folder, settings(), leader()) == ""
        assert f"«{STRANGER}»" in refused(folder, settings(), STRANGER)
    finally:
        folder.data.write_bytes(whole)
