"""A letter about an agreement that was issued here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.portal_server import running_portal, write_portal
from support.sample_years import pinned_samples

pytestmark = pytest.mark.slow
SAMPLES = pinned_samples()
KIND = "teguran"
LETTER = SAMPLES / "surat" / f"{KIND}.yml"


def caller_code(text: str) -> str:
    """Return the code of the facility of an agreement."""
    found = re.search(r"^  kode: (\S+)", text, re.MULTILINE)
    assert found is not None
    return found[1].strip('"')


@pytest.mark.sampled(of="desk days")
def test_a_letter_is_written_about_its_agreement(tmp_path: Path) -> None:
    with running_portal(write_portal(tmp_path)) as server:
        office = server.client("pusat", name="Rini Widuri")
        assert KIND in {one["kind"] for one in office.get("/surat").json()["letters"]}
        agreement = SAMPLES / "klinik-pratama-rawat-inap.yml"
        data = office.upload(agreement.name, agreement.read_bytes())
        job = office.done(office.post("/perjanjian", {"berkas": data["id"]}))
        where = f"/perjanjian/{job['perjanjian']}/surat"

        text = office.upload(LETTER.name, LETTER.read_bytes())
        letter = office.done(office.post(f"{where}/{KIND}", {"berkas": text["id"]}))
        assert letter["hasil"]["kind"] == KIND
        assert {one["peran"] for one in letter["berkas"]} >= {"pdf", "docx"}
        files = office.get(f"/perjanjian/{job['perjanjian']}/berkas").json()["daftar"]
        assert {one["id"] for one in letter["berkas"]} <= {one["id"] for one in files}

        # a draft of a reprimand is no news for whom it is about, before somebody signs and sends it
        clinic = server.client(f"faskes:{caller_code(agreement.read_text())}", name="klinik")
        seen = clinic.get(f"/perjanjian/{job['perjanjian']}/berkas").json()["daftar"]
        assert seen
        assert not {one["id"] for one in letter["berkas"]} & {one["id"] for one in seen}
        assert clinic.get(f"/pekerjaan/{letter['id']}").status_code == 404

        none = office.ended(office.post(f"{where}/tidak-ada", {"berkas": text["id"]}))
        assert none["keadaan"] == "gagal"
        assert none["masalah"]["status"] < 500
