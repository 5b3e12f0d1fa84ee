"""What waits at the desk: behind what, how it is taken back, and that a decision counts at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.state import jobs
from pks_kit.web.state.ids import new_id
from pks_kit.web.state.jobs import NewJob
from support.desk_of_batch import CLINIC, MINE, OFFICE, Desk, delivery, desk_in, paper
from support.desk_visitor import Visitor, told

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as opened:
        yield opened


def state_of(desk: Desk, job_id: str) -> str:
    with desk.portal.state.read() as connection:
        found = jobs.find(connection, job_id, OFFICE)
    assert found is not None
    return found.keadaan


def test_a_job_that_waits_is_told_how_many_are_before_it_and_taken_back(desk: Desk) -> None:
    """«Menunggu giliran» and «Sedang dikerjakan» stood beside each other, and nothing else."""
    begun = desk.waits("terima_batch", ["satu.pdf"])
    desk.waits("terima_batch", ["dua.pdf"])
    last = desk.waits("terima_batch", ["tiga.pdf"])
    path = f"/meja/pekerjaan/{last}"
    text = desk.visitor.get(path).text
    words = told(text)
    assert "Menunggu giliran" in words
    assert "Pekerjaan di depannya: 2." in words
    assert "Sedang dikerjakan" not in words
    assert "<progress" not in text
    assert f'action="{path}/batal"' in text
    assert f'action="{path}/batal"' in desk.page("/kembali")
    assert f'action="/meja/pekerjaan/{begun}/batal"' not in desk.page("/kembali")
    without = desk.visitor.http.post(f"{path}/batal", data={})
    assert without.status_code == 403, "a form of another page"
    address = str(desk.visitor.http.base_url)
    clinic = Visitor(address, f"faskes:{CLINIC.faskes}", "Klinik")
    other = Visitor(address, "cabang:0902", "Lain")
    with clinic.http, other.http:
        for stranger in (clinic, other):
            answer = stranger.send(f"{path}/batal", {}, page="/meja")
            assert answer.status_code in (403, 404)
    assert state_of(desk, last) == "menunggu"
    assert desk.visitor.send(f"{path}/batal", {}, page=path).status_code == 303
    assert state_of(desk, last) == "dibatalkan"
    words = told(desk.visitor.get(path).text)
    assert "Pekerjaan ini dibatalkan sebelum dimulai" in words
    assert "tiga.pdf" not in told(desk.page("/kembali"))
    began = desk.visitor.send(f"/meja/pekerjaan/{begun}/batal", {}, page="/meja/batch")
    assert began.status_code == 409
    assert state_of(desk, begun) == "dikerjakan"


def test_a_delivery_at_work_tells_how_many_sheets_are_read(desk: Desk) -> None:
    """It told the name of a facility alone."""
    begun = desk.waits("terima_batch", ["satu.pdf"])
    with desk.portal.state.write() as connection:
        told_last = {"langkah": "Klinik", "selesai": 120, "semua": 613, "sisa_detik": 250}
        jobs.progressed(connection, begun, told_last)
    for page in (
        desk.page(),
        desk.page("/kembali"),
        desk.visitor.get(f"/meja/pekerjaan/{begun}").text,
    ):
        words = told(page)
        assert "120 dari 613 halaman dibaca." in words
        assert "Kira-kira 4 menit lagi." in words


def test_a_file_that_is_checked_is_named(desk: Desk) -> None:
    now = system_clock()
    new = NewJob(
        id=new_id(now), area=MINE, jenis="verifikasi", perjanjian="", oleh="a", kunci=new_id(now),
        isi={"berkas": {"id": "0", "nama": "kejora.pdf"}, "lagi": []}, now=now,
    )  # fmt: skip
    with desk.portal.state.write() as connection:
        jobs.add(connection, new, holder="uji")
    assert "Memeriksa berkas" in told(desk.visitor.get("/meja/pekerjaan").text)
    assert "kejora.pdf" in told(desk.visitor.get("/meja/pekerjaan").text)


def test_decisions_stand_apart_from_deliveries_and_count_at_once(desk: Desk) -> None:
    """One decision pushed a delivery of two files into a fold, as «Kiriman terakhir: Berkas 1»."""
    doubtful = paper(2, "needs_person")
    given = delivery(paper(1, "complete"), doubtful, texts=[], silent=0)
    desk.ended("terima_batch", given)
    before = told(desk.page("/kembali"))
    assert "Perlu dilihat orang" in before
    assert "Putusan atas yang sudah kembali" not in before
    job = desk.waits("putusan_batch", [], perjanjian="id-2")
    words = told(desk.page("/kembali"))
    assert "Putusan sedang dihitung" in words
    assert re.search(r"Keputusan dicatat [^,]+, sedang dihitung\.", words)
    assert "Lihat tempat yang diragukan" not in words.partition("Seluruh batch")[2]
    with desk.portal.state.write() as connection:
        jobs.end(connection, job, "dibatalkan", {}, now=system_clock())
    counted = delivery(paper(2, "complete"), texts=[], silent=0) | {"files": []}
    desk.ended("putusan_batch", counted, perjanjian="id-2")
    words = told(desk.page("/kembali"))
    last = words.partition("Kiriman terakhir")[2].partition("Putusan atas")[0]
    assert "Berkas: 2" in last
    assert "Kiriman sebelumnya" not in words
    apart = words.partition("Putusan atas yang sudah kembali")[2].partition("Seluruh batch")[0]
    assert re.search(r"WIB · Klinik 2 Lengkap", apart)
    assert "Perlu dilihat orang" not in words.partition("Seluruh batch")[2].partition("Faskes")[2]
    assert "Kembali, lengkap: 2" in words


def test_reminders_that_were_ordered_are_told(desk: Desk) -> None:
    """The page offered to write them as if nobody had asked."""
    desk.letter_day(date(2031, 1, 6))
    desk.ended("terima_batch", delivery(paper(1, "complete"), texts=[], silent=2))
    assert "Susun pengingat untuk" in told(desk.page("/kembali"))
    desk.waits("surat_batch", [])
    desk.waits("pengingat_batch", [])
    words = told(desk.page("/kembali"))
    assert "Pengingat dipesan" in words
    assert "menunggu giliran" in words
    assert "Susun pengingat untuk" not in words
