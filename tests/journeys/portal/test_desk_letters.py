"""What a batch writes to facilities reaches whoever works by pages alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from pks_kit.domain.kontrak import Kontrak
from pks_kit.web import Portal, create_app
from support.branch import SETTINGS, write_branch
from support.desk_visitor import Visitor, told
from support.portal_server import CABANG, in_thread, portal_settings
from support.sample_years import coming
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
ONE_SIDE = SETTINGS.replace("  pihak_kedua: {penanda_tangan: klinik, meterai: uji}\n", "")


def pharmacy(number: int) -> Kontrak:
    """Return one of several pharmacies, which sign with a pen."""
    sample = coming("apotek-manual.yml")
    code = f"{sample.faskes.kode[:-3]}{number:03d}"
    other = Kontrak.model_validate_json(sample.model_dump_json().replace(sample.faskes.kode, code))
    first = other.pihak_kesatu.model_copy(update={"nomor_pks": f"{number}/KTR/1227"})
    second = other.pihak_kedua.model_copy(
        update={"nomor_pks": f"{number}/AP/1227", "nama_faskes": f"Apotek Contoh {number}"}
    )
    return other.model_copy(update={"pihak_kesatu": first, "pihak_kedua": second})


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Visitor, Visitor]]:
    pharmacies = {f"a{number}": pharmacy(number) for number in (1, 2)}
    text = portal_settings(pharmacies["a1"], proses=2).replace(SETTINGS, ONE_SIDE)
    write_branch(tmp_path, pharmacies, text)
    monkeypatch.setenv("RAHASIA", PASSPHRASE.decode())
    with ExitStack() as stack:
        portal = Portal.from_settings(tmp_path / "pengaturan.yml")
        address = str(stack.enter_context(in_thread(create_app(portal))).base_url)
        found = [Visitor(address, f"cabang:{CABANG}", one) for one in ("Agus", "Rini Widuri")]
        for one in found:
            stack.enter_context(one.http)
        yield found[0], found[1]


def endings(visitor: Visitor, text: str, words: str) -> list[str]:
    """Return how the names of the files end that the ZIP of a link holds."""
    found = re.search(rf'href="(/berkas/[0-9A-Z]{{26}}/isi)" download>{re.escape(words)}<', text)
    assert found is not None, told(text)
    with zipfile.ZipFile(io.BytesIO(visitor.get(found[1]).content)) as archive:
        assert archive.testzip() is None
        return sorted(name.rpartition(".")[2] for name in archive.namelist())


def to_print(visitor: Visitor, batch: str) -> list[str]:
    """Return the names of what is to be printed, in the order of the pile."""
    content = visitor.get(f"{batch}/unduh/cetak.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


@pytest.mark.sampled(of="nights")
def test_covering_letters_and_reminders_are_handed_out(
    people: tuple[Visitor, Visitor], tmp_path: Path
) -> None:
    officer, head = people
    book = ("buku", ("faskes.xlsx", (tmp_path / "faskes.xlsx").read_bytes(), "application/zip"))
    sent = officer.hidden("/meja/batch") | {"nama": "Apotek"}
    batch = officer.http.post("/meja/batch", data=sent, files=[book]).headers["location"]
    officer.settled(batch)
    plan = re.search(r'name="rencana" value="([0-9a-f]{64})"', head.get(f"{batch}/rencana").text)
    assert plan is not None
    head.send(f"{batch}/setujui", {"rencana": plan[1], "pilihan": "semua"}, page=batch)
    head.settled(batch)

    day = f"{datetime.now(UTC) + timedelta(days=20):%d-%m-%Y}"
    officer.send(f"{batch}/jalan", {"sampai": "verified"}, page=batch)
    text = officer.settled(batch)
    assert "belum kembali (kontrak manual: pena kedua pihak): 2 seluruhnya: 2" in told(text)
    assert "Menunggu tanda tangan 2 menunggu tanda tangan" in told(officer.get("/meja/batch").text)
    assert re.search(r"Unduh 2 perjanjian untuk dicetak \(ZIP, [\d,.]+ [kM]B\)", told(text))
    assert "surat pengantar yang belum tersusun: 2" in told(text)
    assert to_print(officer, batch) == [
        f"00{n} Apotek Contoh {n} - kontrak manual - perjanjian.pdf" for n in (1, 2)
    ]

    officer.send(f"{batch}/jalan", {"sampai": "sent", "batas_waktu": day}, page=batch)
    text = officer.settled(batch)
    assert "Masih ada yang dapat dilanjutkan" not in told(text)
    assert to_print(officer, batch) == [
        f"00{n} Apotek Contoh {n} - kontrak manual - surat pengantar dan perjanjian.pdf"
        for n in (1, 2)
    ]
    assert "/berkas/" not in text  # letters are in the download that is printed, and nowhere twice

    picture = io.BytesIO()
    Image.new("RGB", (800, 1100), "white").save(picture, "JPEG")
    scans = [("pindaian", ("kosong.jpg", picture.getvalue(), "image/jpeg"))]
    page = f"{batch}/kembali"
    soon = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"  # else nobody is reminded yet
    sent = officer.hidden(page) | {"batas_waktu": soon}
    over = officer.http.post(page, data=sent | {"batas_waktu": "2 Januari 2020"}, files=scans)
    assert (over.status_code, 'href="#f-batas_waktu"' in over.text) == (422, True)
    assert "2 Januari 2020 sudah lewat" in told(over.text)
    sent |= {"kunci": officer.hidden(page)["kunci"]}
    early = officer.http.post(page, data=sent, files=scans)  # the covering letter gave a later day
    assert (early.status_code, 'href="#f-batas_waktu"' in early.text) == (422, True)
    assert "Lebih awal daripada hari pada surat pengantar" in told(early.text)
    sent |= {"kunci": officer.hidden(page)["kunci"], "lebih_awal": "ya"}
    assert officer.http.post(page, data=sent, files=scans).status_code == 303
    assert "Tidak berhasil" not in told(officer.settled(batch))
    text = officer.get(page).text
    assert "Belum kembali (2)" in told(text)
    assert "Apotek Contoh 1 · 1/KTR/1227" in told(text)
    kinds = endings(officer, text, "Unduh surat pengingat (ZIP; PDF dan DOCX)")
    assert kinds == ["docx", "docx", "pdf", "pdf"]
