"""What was asked for with one delivery stays on the pages of a batch after the next one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete

from pks_kit.messages import lookup
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.pages import batch_deliveries
from pks_kit.web.results import written_down
from pks_kit.web.scope import Reach, Scope
from pks_kit.web.state import files, jobs
from pks_kit.web.state.deliveries import deliveries
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.ids import new_id
from pks_kit.web.state.tables import berkas
from pks_kit.web.work.task import Done
from support.batch_jobs import put_batch, put_waiting
from support.desk_of_batch import CLINIC, MINE, OFFICE, TEXT, Desk, delivery, desk_in, paper
from support.desk_visitor import told

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as opened:
        yield opened


def test_what_was_asked_for_stays_after_the_next_delivery(desk: Desk) -> None:
    asked = [{"name": "Klinik 1", "text": TEXT}]
    first = delivery(paper(1, "incomplete", "tanda tangan"), texts=asked, silent=2)
    desk.ended("terima_batch", first)
    assert "0 dari 3 lengkap" in told(desk.page())
    desk.ended("terima_batch", delivery(paper(2, "complete"), texts=[], silent=1))
    assert "1 dari 3 lengkap" in told(desk.page())
    text = desk.page("/kembali")
    words = told(text)
    assert re.search(r"Kiriman terakhir Diserahkan: [^:]+ Dinilai: [^:]+ Berkas: 1 ", words)
    last, _, whole = words.partition("Seluruh batch sampai kini")
    last = last.partition("Kiriman sebelumnya")[0]
    assert "1.pdf" not in last
    assert "Kembali, belum lengkap: 1 Kembali, perlu dilihat orang: 0" in whole
    assert "Kembali, lengkap: 1 Belum kembali: 1" in whole
    assert "tanda tangan" in whole
    assert "U+000A" not in words
    shown = re.search(r'<pre class="letter">(.*?)</pre>', text, re.DOTALL)
    assert shown is not None
    assert html.unescape(shown[1]).rstrip() == TEXT
    saved = re.search(r'href="([^"]+\.txt[^"]*)"', text)
    assert saved is not None
    assert desk.visitor.get(html.unescape(saved[1])).text == TEXT
    # a number without its delivery means the last one, which asks for nothing
    nobody = saved[1].partition("?")[0]
    assert desk.visitor.get(nobody).status_code == 404
    desk.ended("terima_batch", delivery(paper(1, "complete"), texts=[], silent=1))
    assert "2 dari 3 lengkap" in told(desk.page())
    assert ".txt" not in desk.page("/kembali")


def test_what_is_wanted_says_of_whom(desk: Desk) -> None:
    both = paper(1, "incomplete", "tanda tangan pada halaman 9") | {"own_wanted": "halaman 9"}
    ours = paper(2, "incomplete") | {"own_wanted": "halaman 7 dan 8"}
    desk.ended("terima_batch", delivery(both, ours, paper(3, "complete"), texts=[], silent=0))
    table = told(desk.page("/kembali")).partition("Seluruh batch sampai kini")[2]
    assert "Dari faskes (PIHAK KEDUA): tanda tangan pada halaman 9" in table
    assert "Dari kantor cabang (PIHAK KESATU): lengkapi halaman 9." in table
    assert "Dari kantor cabang (PIHAK KESATU): lengkapi halaman 7 dan 8." in table
    assert table.count("PIHAK KESATU") == 2


def test_a_scan_of_two_agreements_is_reached_at_each_with_its_own_sheets(desk: Desk) -> None:
    now = system_clock()
    scan_id, own_id = new_id(now), new_id(now)
    with desk.portal.state.write() as connection:
        for one in (scan_id, own_id):
            put_upload(connection, one)
    scans = {1: [scan(scan_id, "campur.pdf", [1, 2, 3])], 2: [scan(scan_id, "campur.pdf", [4])]}
    scans[2].append(scan(own_id, "sendiri.pdf", [1], shared=False))
    papers = [
        paper(number, "incomplete")
        | {"files": [each["nama"] for each in several], "scans": several}
        for number, several in scans.items()
    ]
    done = Done(
        hasil=delivery(*papers, texts=[], silent=0),
        banyak=(
            {"id": "id-1", "dipakai": [scan_id], "bersama": [scan_id]},
            {"id": "id-2", "dipakai": [scan_id, own_id], "bersama": [scan_id]},
        ),
    )
    put_waiting(desk.portal, CLINIC, desk.id, "terima_batch", [])
    with desk.portal.state.write() as connection:
        (job,) = jobs.of_batch(connection, desk.id, OFFICE)
        hasil = written_down(desk.portal, connection, job, done, now)
        jobs.end(connection, job.id, "selesai", hasil, now=now)
        # a facility finds its own scan, and no page of another one
        clinic = Reach(frozenset({Scope("faskes", CLINIC.faskes)}))
        assert files.find(connection, scan_id, clinic) is None
        assert files.find(connection, own_id, clinic) is not None
    text = desk.page("/kembali")
    words = told(text)
    assert "campur.pdf (milik perjanjian ini: halaman pindaian 1–3)" in words
    assert "campur.pdf (milik perjanjian ini: halaman pindaian 4)" in words
    assert "sendiri.pdf (" not in words
    assert text.count(f"/berkas/{scan_id}/isi") == 2
    assert text.count(f"/berkas/{own_id}/isi") == 1
    # what is not kept any more is named without a link
    with desk.portal.state.write() as connection:
        connection.execute(delete(berkas).where(berkas.c.id == own_id))
    assert f"/berkas/{own_id}" not in desk.page("/kembali")
    assert "sendiri.pdf" in told(desk.page("/kembali"))


def scan(file_id: str, name: str, sheets: list[int], *, shared: bool = True) -> dict[str, Any]:
    return {"id": file_id, "nama": name, "bersama": shared, "lembar": sheets}


def put_upload(connection: Connection, file_id: str) -> None:
    now = system_clock()
    files.add(
        connection,
        StoredFile(
            id=file_id, area=MINE, perjanjian="", asal="unggahan", nama="x.pdf",
            media="application/pdf", sha256="0" * 64, ukuran=1, oleh="a", dibuat=now, buang=now,
        ),
    )  # fmt: skip


def test_paper_of_a_draft_is_no_answer(desk: Desk) -> None:
    draft = paper(1, "needs_person") | {"only_drafted": True}
    words = lookup("batch.file.only_drafted").fill({"names": "Klinik 1"})
    came = delivery(draft, texts=[], silent=0)
    came["files"] = [{"file": "1.pdf", "outcome": "only_drafted",
                      "text": {"id": words.id, "en": words.en}}]  # fmt: skip
    desk.ended("terima_batch", came)
    page = told(desk.page("/kembali"))
    assert "1.pdf Baru draf belum dapat dinilai: Klinik 1 di batch ini baru draf" in page
    assert "Setujui rencananya dan jalankan batch ini" in page
    assert "erlu dilihat orang" not in page
    assert "Belum ada yang kembali" in page


def test_what_could_not_be_planned_is_thrown_away_and_nothing_else(desk: Desk) -> None:
    where, visitor = f"/meja/batch/{desk.id}", desk.visitor
    plan = {"plan": "0" * 64, "rows": 1, "ready": 1, "exceptions": 0, "meterai": 0}
    desk.ended("rencana_batch", plan)
    assert "Buang batch ini" not in desk.page(), "there is a plan"
    refused = visitor.send(f"{where}/buang", {}, page=where)
    assert refused.status_code == 409
    assert "mempunyai rencana" in told(refused.text)
    other = put_batch(desk.portal, MINE)
    where = f"/meja/batch/{other}"
    assert where in visitor.get("/meja/batch").text
    assert "tidak akan tampil lagi di daftar" in told(visitor.get(where).text)
    answer = visitor.send(f"{where}/buang", {}, page=where)
    assert answer.status_code == 303
    listed = visitor.get(answer.headers["location"]).text
    assert "sudah dibuang dari daftar" in told(listed)
    assert other not in listed
    assert desk.id in listed
    assert visitor.get(where).status_code == 404


def test_a_delivery_is_read_once_and_a_later_one_is_seen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def counting(connection: Any, ids: Any, reach: Any) -> Any:
        read.append(len(ids))
        return deliveries(connection, ids, reach)

    monkeypatch.setattr(batch_deliveries, "deliveries", counting)
    for number in (1, 2):
        desk.ended("terima_batch", delivery(paper(number, "complete"), texts=[], silent=1))
        for _ in range(3):
            assert f"{number} dari {number + 1} lengkap" in told(desk.page())
    assert read == [1, 1]


def test_every_delivery_stays_listed_with_what_became_of_its_files(desk: Desk) -> None:
    """The last one alone was shown, and what it told took the place of what was told before."""
    desk.ended("terima_batch", delivery(paper(1, "complete"), texts=[], silent=2))
    desk.ended("terima_batch", delivery(paper(2, "incomplete"), texts=[], silent=1))
    words = told(desk.page("/kembali"))
    before, _, after = words.partition("Kiriman sebelumnya")
    earlier, _, whole = after.partition("Seluruh batch sampai kini")
    assert "2.pdf" in before
    assert "1.pdf" not in before
    assert "1 berkas" in earlier
    assert "1.pdf" in earlier
    assert "Klinik 2" in whole


def test_a_delivery_is_taken_while_another_one_is_read(desk: Desk) -> None:
    desk.ended("terima_batch", delivery(paper(1, "complete"), texts=[], silent=1))
    desk.waits("terima_batch", ["satu.pdf"])
    desk.waits("terima_batch", ["dua.pdf", "tiga.pdf"])
    text = desk.page("/kembali")
    words = told(text)
    assert 'name="pindaian"' in text
    assert "Sedang dikerjakan satu.pdf Menunggu giliran dua.pdf, tiga.pdf" in words
    assert "Yang kecil" in words
    page = desk.page()
    assert "Serahkan kiriman lain" in told(page)
    assert "pindaian sedang dibaca. Yang meragukan" in told(page)
    listed = desk.visitor.get("/pekerjaan?keadaan=menunggu").json()["daftar"]
    waiting = desk.visitor.get(f"/meja/pekerjaan/{listed[0]['id']}").text
    assert "Menunggu selesainya: Memilah dan menilai pindaian «Kertas»." in told(waiting)


def test_reminders_are_asked_for_without_a_delivery(desk: Desk) -> None:
    came = delivery(paper(1, "complete"), texts=[], silent=2) | {"reminders_from": "2099-12-20"}
    desk.ended("terima_batch", came)
    desk.letter_day(date(2099, 12, 23))
    text = desk.page("/kembali")
    section = told(text).partition("Surat pengingat ")[2]
    assert "pengingat baru disusun kiriman mulai 20 Desember 2099" in section
    assert "mulai 20 Desember 2099, tiga hari sebelum batas pada surat pengantar" in section
    assert "Susun pengingat untuk 2 yang belum kembali" in section
    assert 'name="hari_pengingat" value="23 Desember 2099"' in text
    page = f"/meja/batch/{desk.id}/kembali"
    to = f"/meja/batch/{desk.id}/pengingat"
    for day, why in (("", "batas waktu"), ("1 Januari 2020", "2020"), ("31 Februari", "anggal")):
        wrong = desk.visitor.send(to, {"hari_pengingat": day}, page=page)
        assert wrong.status_code == 422, day
        assert 'href="#f-hari_pengingat"' in wrong.text
        assert why in told(wrong.text)
        assert 'name="lebih_awal"' not in wrong.text
    early = {"hari_pengingat": "1 Desember 2099"}
    wrong = desk.visitor.send(to, early, page=page)
    assert wrong.status_code == 422
    assert "Lebih awal daripada hari pada surat pengantar (23 Desember 2099)" in told(wrong.text)
    assert 'name="lebih_awal"' in wrong.text
    assert desk.visitor.send(to, early | {"lebih_awal": "ya"}, page=page).status_code == 303
    desk.ended("pengingat_batch", {"written": 2, "refused": 0, "electronic": 1, "files": []})
    assert "Disusun atas permintaan: 2" in told(desk.page("/kembali"))


def test_reminders_wait_for_what_is_read_unless_they_are_meant(desk: Desk) -> None:
    """Whose sheets are read is not known yet: whoever sent them is not told that nothing came."""
    desk.ended("terima_batch", delivery(paper(1, "complete"), texts=[], silent=2))
    desk.waits("terima_batch", ["satu.pdf"])
    desk.waits("terima_batch", ["dua.pdf", "tiga.pdf"])
    page, to = f"/meja/batch/{desk.id}/kembali", f"/meja/batch/{desk.id}/pengingat"
    assert "3 berkas yang diserahkan belum selesai dibaca" in told(desk.page("/kembali"))
    day = {"hari_pengingat": "23 Desember 2099"}
    wrong = desk.visitor.send(to, day, page=page)
    assert wrong.status_code == 422
    assert 'href="#f-belum_dibaca"' in wrong.text
    api = desk.visitor.http.post(
        f"/batch/{desk.id}/pengingat",
        json={"batas_waktu": "2099-12-23"},
        headers={"Idempotency-Key": "pengingat-belum-dibaca"},
    )
    assert (api.status_code, api.json()["code"]) == (400, "batch.reminder_unread")
    assert desk.visitor.send(to, day | {"belum_dibaca": "ya"}, page=page).status_code == 303


def test_reminders_stay_to_be_downloaded_after_another_delivery(desk: Desk) -> None:
    came = delivery(paper(1, "complete"), texts=[], silent=2)
    desk.ended("terima_batch", came, letters="surat.zip")
    desk.ended("terima_batch", delivery(paper(2, "complete"), texts=[], silent=1))
    text = desk.page("/kembali").partition('id="pengingat"')[2]
    assert "Unduh surat pengingat" in text


def test_a_picture_that_is_no_page_is_set_aside_and_taken_back(desk: Desk) -> None:
    """A photo of a parcel was told as doubtful for ever."""
    came = delivery(paper(1, "complete"), texts=[], silent=1)
    words = {"id": "Tidak diketahui.", "en": "Nobody knows."}
    came["files"].append({"file": "paket.jpg", "outcome": "unsorted", "text": words})
    came["returned"]["left"] = [{"file": "paket.jpg", "sheet": 1, "text": words}]
    desk.ended("terima_batch", came)
    page, to = f"/meja/batch/{desk.id}/kembali", f"/meja/batch/{desk.id}/kembali/sisihkan"
    text = desk.page("/kembali")
    assert "Tidak diketahui." in told(text)
    (kiriman,) = re.findall(r'name="kiriman" value="([^"]+)"', text)
    given = {"kiriman": kiriman, "berkas": "paket.jpg"}
    assert desk.visitor.send(to, given, page=page).status_code in (200, 303)
    shown = told(desk.page("/kembali"))
    assert "Bukan bagian perjanjian dinyatakan" in shown
    assert "Tidak diketahui." not in shown
    assert desk.visitor.send(to, given | {"bagian": "ya"}, page=page).status_code in (200, 303)
    assert "Tidak diketahui." in told(desk.page("/kembali"))
    for wrong in ({"berkas": "1.pdf"}, {"kiriman": "lain"}):  # what an agreement took stays
        assert desk.visitor.send(to, given | wrong, page=page).status_code == 404
