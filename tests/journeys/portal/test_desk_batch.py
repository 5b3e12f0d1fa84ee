"""The December job by pages alone: plan, approval by another person, stack, run, report."""

from __future__ import annotations

import io
import re
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Error as PlaywrightError

from pks_kit.domain.sebutan import nama_faskes
from pks_kit.inputs.workbook import write_workbook
from pks_kit.ledger.plans import rejection
from pks_kit.ledger.store import open_ledger
from pks_kit.web import Portal, create_app
from support.branch import SETTINGS, facility, write_branch
from support.desk_browser import Browsers, browsers
from support.desk_visitor import Visitor, told
from support.portal_server import CABANG, PATIENCE, Caller, in_thread, portal_settings
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
BRANCH = f"cabang:{CABANG}"
_WAITS = r'name="ada" value="([0-9A-Z]{26})"'
PASSWORD_FIELD = "sandi.penanda_tangan.cabang.kata_sandi"
ASKED = {PASSWORD_FIELD: PASSPHRASE.decode()}


class World:
    """A branch whose head alone knows the passphrase of its key, and its people."""

    def __init__(self, folder: Path, address: str, stack: ExitStack) -> None:
        self.folder = folder
        self.url = address.rstrip("/")
        self._address = address
        self._stack = stack
        self.planner = self.come("Agus Contoh")
        self.head = self.come("Rini Widuri")

    def come(self, name: str, scope: str = BRANCH) -> Visitor:
        visitor = Visitor(self._address, scope, name)
        self._stack.enter_context(visitor.http)
        return visitor


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("desember")
    clinics = {f"k{number}": facility(number) for number in (1, 2, 3)}
    text = portal_settings(clinics["k1"], proses=2)
    asked = SETTINGS.replace(
        'pihak_kesatu.p12, kata_sandi: "env:RAHASIA"', "pihak_kesatu.p12, kata_sandi: tanya"
    )
    write_branch(folder, clinics, text.replace(SETTINGS, asked))
    with pytest.MonkeyPatch.context() as patched, ExitStack() as stack:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        portal = Portal.from_settings(folder / "pengaturan.yml", warms=False)
        client = stack.enter_context(in_thread(create_app(portal)))
        yield World(folder, str(client.base_url), stack)


def new_batch(world: World, **more: str) -> Any:
    book = (world.folder / "faskes.xlsx").read_bytes()
    sent = world.planner.hidden("/meja/batch") | {"nama": "Desember", **more}
    return sent, [("buku", ("faskes.xlsx", book, "application/octet-stream"))]


@pytest.fixture(scope="module")
def batch(world: World) -> str:
    sent, files = new_batch(world)
    answers = [world.planner.http.post("/meja/batch", data=sent, files=files) for _ in range(2)]
    where = {one.headers["location"] for one in answers}
    assert len(where) == 1, "the same form twice is one batch"
    (page,) = where
    text = world.planner.settled(page)
    assert "3 perjanjian: 3 dapat disusun, 0 tertahan" in told(text)
    return page


@pytest.fixture(scope="module")
def drafted(world: World, batch: str) -> list[str]:
    """Draft the batch, which needs no approval, and return what waits for a signature."""
    world.planner.send(f"{batch}/jalan", {"sampai": "drafted"}, page=batch)
    world.planner.settled(batch)
    return re.findall(_WAITS, world.head.get("/meja/tumpukan").text)


def test_a_form_without_its_book_or_from_elsewhere_plans_nothing(world: World) -> None:
    sent, files = new_batch(world)
    missing = world.planner.http.post("/meja/batch", data=sent | {"nama": " "})
    assert missing.status_code == 422
    assert 'href="#f-buku"' in missing.text
    assert 'href="#f-nama"' in missing.text
    text = [("buku", ("catatan.txt", b"halo", "text/plain"))]
    fake = [("buku", ("faskes.xlsx", b"halo", "application/octet-stream"))]
    for given, name in ((text, "catatan.txt"), (fake, "faskes.xlsx")):
        again, _ = new_batch(world)
        refused = world.planner.http.post("/meja/batch", data=again, files=given)
        assert refused.status_code == 422
        assert f"Isi {name} teks (mungkin CSV), bukan buku kerja" in told(refused.text)
        assert "Unduh buku kerja kosong" in refused.text
    api = Caller(world.planner.http)
    for content, code in ((b"%PDF-1.7", "workbook.is.pdf"), (b"halo", "workbook.is.text")):
        other = api.upload("faskes.xlsx", content)
        answer = api.post("/batch", {"nama": "x", "sumber": [other["id"]], "contoh": 0})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    again, _ = new_batch(world, nama="x" * 201)
    long = world.planner.http.post("/meja/batch", data=again, files=files)
    assert long.status_code == 422
    assert "paling banyak 200 huruf" in told(long.text)
    for wrong in ({"tanda": ""}, {"tanda": "0" * 40}):
        assert world.planner.http.post(
            "/meja/batch", data=sent | wrong, files=files
        ).status_code == 403  # fmt: skip
    cross = {"Sec-Fetch-Site": "cross-site"}
    refused = world.planner.http.post("/meja/batch", data=sent, files=files, headers=cross)
    assert refused.status_code == 403


def test_what_a_plan_holds_back_is_named_as_the_next_step(world: World) -> None:
    whole, wrong = facility(4), facility(5)
    term = wrong.jangka_waktu
    ended = term.model_copy(update={"tanggal_selesai": term.tanggal_mulai - timedelta(days=1)})
    held = wrong.model_copy(update={"jangka_waktu": ended})
    book = write_workbook({"k4": whole, "k5": held})
    sent, _ = new_batch(world, nama="Dengan yang tertahan")
    files = [("buku", ("faskes.xlsx", book, "application/octet-stream"))]
    page = world.planner.http.post("/meja/batch", data=sent, files=files).headers["location"]
    words = told(world.planner.settled(page))
    assert (
        f"1 perjanjian tertahan dan tidak ikut bila rencana ini disetujui: {nama_faskes(held)}."
    ) in words
    assert "perbaiki buku kerjanya, tarik rencana ini" in words
    assert "Alasan penolakan (wajib bila menolak)" in told(world.head.get(f"{page}/rencana").text)


def test_the_plan_shows_what_was_planned_to_its_branch_alone(world: World, batch: str) -> None:
    text = world.head.get(f"{batch}/rencana").text
    words = told(text)
    assert "3 dari 3 perjanjian dapat disusun" in words
    assert "Rp60.000,00" in words  # six meterai
    assert "pks-kit batch" not in words
    row = re.search(rf"{batch}/contoh/(\d+)\"", text)
    assert row is not None
    assert world.head.get(f"{batch}/contoh/{row[1]}/1.jpg").content.startswith(b"\xff\xd8")
    assert world.head.get(f"{batch}/contoh/{row[1]}/9999.jpg").status_code == 404
    other = next(number for number in "123" if f"{batch}/contoh/{number}/1.jpg" not in text)
    pages = world.head.get(f"{batch}/contoh/{other}").text
    assert f"{batch}/contoh/{other}/30.jpg" in pages
    picture = world.head.get(f"{batch}/contoh/{other}/2.jpg")
    assert picture.content.startswith(b"\xff\xd8")
    assert world.head.get(f"{batch}/contoh/{other}/9999.jpg").status_code == 404
    for nobody in ("4", "999999"):
        assert world.head.get(f"{batch}/contoh/{nobody}").status_code == 404
    rows = told(world.head.get(f"{batch}/baris").text)
    assert "Perjanjian: 3" in rows
    assert rows.count("Dapat disusun") + rows.count("Perlu dilihat dahulu") == 3
    assert rows.count("Sudah Anda buka") == 1
    found = told(world.head.get(f"{batch}/baris?cari=klinik+contoh+2").text)
    assert "Perjanjian: 1" in found
    assert "Tidak ada perjanjian yang cocok" in world.head.get(f"{batch}/baris?halaman=9").text
    assert "Sudah Anda buka" not in text
    assert world.head.get(f"{batch}/contoh/{row[1]}").status_code == 200
    assert "Sudah Anda buka" in world.head.get(f"{batch}/rencana").text
    assert "Sudah Anda buka" not in world.planner.get(f"{batch}/rencana").text
    book = re.search(r'href="(/berkas/[0-9A-Z]{26}/isi)" download', text)
    assert book is not None
    assert world.head.get(book[1]).content.startswith(b"PK")
    stranger = world.come("lain", "cabang:0902")
    for path in ("", "/rencana", "/baris", "/hasil", "/kembali", f"/contoh/{row[1]}/1.jpg"):
        assert stranger.get(f"{batch}{path}").status_code == 404
    assert batch not in stranger.get("/meja/batch").text


def test_a_stack_is_signed_by_whoever_knows_the_passphrase(
    world: World, batch: str, drafted: list[str]
) -> None:
    assert len(drafted) == 3
    head, first = world.head, drafted[:2]
    for number in (1, 2, 7):
        assert head.get(f"/meja/tumpukan/{first[0]}/halaman/{number}").status_code == 200
    assert "Anda buka: 1–2, 7" in told(head.get("/meja/tumpukan").text)
    assert "Anda buka: " not in told(world.planner.get("/meja/tumpukan").text)
    last = "/meja/tumpukan/setuju"
    asked = f"{last}?pihak=pihak_kesatu&pilih={first[0]}&pilih={first[1]}"
    assert "Tanda tangani 2 perjanjian" in told(head.get(asked).text)
    sent = {"pihak": "pihak_kesatu", "pilih": first, "dibaca": "ya"}
    for wrong in (
        {},
        {PASSWORD_FIELD: "bukan ini"},
        {**ASKED, "dibaca": ""},
    ):
        refused = head.send(last, {**sent, **wrong}, page=asked)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
        assert "bukan ini" not in refused.text
        assert str(world.folder) not in refused.text
    assert head.get("/meja/tumpukan").text.count('name="ada"') == 3
    none = head.send(last, {"pihak": "pihak_kesatu", **ASKED}, page="/meja/batch")
    assert none.headers["location"].endswith("pilihan=kosong")
    theirs = world.come("klinik", f"faskes:{facility(1).faskes.kode}")
    guard = theirs.hidden("/meja/unggah")
    assert theirs.http.post(last, data={**guard, **sent, **ASKED}).status_code == 404
    # its own agreement it sees, and signs it for PIHAK KEDUA alone
    own = {**guard, "kunci": "kunci-tumpukan-1", **sent, "pilih": first[:1]}
    assert theirs.http.post(last, data=own).status_code == 403

    both = head.hidden(asked) | {**sent, **ASKED}
    one, again = (head.http.post(last, data=both) for _ in range(2))
    assert one.headers["location"] == again.headers["location"]
    words = told(head.settled(one.headers["location"]))
    assert "2 dari 2 perjanjian ditandatangani untuk PIHAK KESATU" in words
    assert head.get("/meja/tumpukan").text.count('name="ada"') == 1
    assert one.headers["location"] not in told(world.come("x", "cabang:0902").get("/meja").text)


def test_one_person_cannot_plan_and_approve(world: World, batch: str) -> None:
    plan = re.search(r'name="rencana" value="([0-9a-f]{64})"',
                     world.head.get(f"{batch}/rencana").text)  # fmt: skip
    assert plan is not None
    own = world.planner.get(f"{batch}/rencana").text
    assert 'name="pilihan"' not in own
    assert "orang lain yang menyetujuinya" in own
    assert "orang/ganti" not in own, "a proxy tells who comes"
    turn = world.planner.get(batch).text
    assert "Giliran orang lain" in turn
    assert f'action="{batch}/jalan"' in turn, "drafts and a rehearsal need nobody"
    assert 'name="sampai" value="verified" checked' not in turn
    assert "Giliran Anda: membaca rencana" in world.head.get(batch).text
    assert re.search("[1-9] rencana menunggu persetujuan Anda", told(world.head.get("/meja").text))
    assert f'href="{batch}/rencana"' in world.head.get("/meja").text
    for nobody in (world.planner, world.come("agus CONTOH, S.E."), world.come("x", "cabang:0902")):
        assert "menunggu persetujuan Anda" not in nobody.get("/meja").text
    sent = {"rencana": plan[1], "pilihan": "semua"}
    refused = world.planner.send(f"{batch}/setujui", sent, page=batch)
    assert refused.status_code == 400
    assert "yang menyetujui harus orang lain" in refused.text
    for name in ("AGUS  CONTOH", "dr. agus contoh, S.E.", "Agus Conto"):
        spelled = world.come(name)
        assert 'name="pilihan"' not in spelled.get(f"{batch}/rencana").text
        refused = spelled.send(f"{batch}/setujui", sent, page=batch)
        assert "harus orang lain" in told(refused.text)
        assert "Tidak berhasil" not in told(spelled.settled(batch))
    assert "mirip dengan nama pembuat rencana" in told(spelled.get(batch).text)
    for choice, code in (("", 422), ("sebagian", 422), ("tidak", 422)):
        answer = world.head.send(f"{batch}/setujui", {**sent, "pilihan": choice}, page=batch)
        assert answer.status_code == code
    # «all» and one that is left out: it was approved with all of them, without a question
    both = {**sent, "pilihan": "semua", "kecuali": "3"}
    answer = world.head.send(f"{batch}/setujui", both, page=batch)
    assert answer.status_code == 422
    assert "Anda menandai 1 perjanjian untuk dikeluarkan, tetapi memilih «Semua»" in told(
        answer.text
    )
    assert 'value="semua" checked' in answer.text
    assert 'name="kecuali" value="3" checked' in answer.text
    assert "Disetujui" not in told(world.head.get(batch).text)


def test_the_run_asks_for_the_passphrase_goes_to_the_end_and_is_reported(
    world: World, batch: str, drafted: list[str]
) -> None:
    planner, head = world.planner, world.head
    plan = re.search(r'name="rencana" value="([0-9a-f]{64})"', head.get(f"{batch}/rencana").text)
    assert plan is not None
    run = {"sampai": "verified", **ASKED}
    _is_refused(world, batch, run, "belum disetujui")
    no = {"rencana": plan[1], "pilihan": "tidak", "alasan": "Rekening klinik 3 salah"}
    assert head.send(f"{batch}/setujui", no, page=batch).status_code == 303
    assert "Ditolak Rini Widuri: Rekening klinik 3 salah" in told(head.settled(batch))
    assert "Rekening klinik 3 salah" in told(planner.get(f"{batch}/rencana").text)
    _is_refused(world, batch, run, "ditolak oleh Rini Widuri")
    some = {"rencana": plan[1], "pilihan": "sebagian", "kecuali": "3"}
    assert head.send(f"{batch}/setujui", some, page=batch).status_code == 303
    assert "Disetujui Rini Widuri: 2 perjanjian, 4 meterai" in told(head.settled(batch))
    assert "Giliran Agus Contoh, yang menyusunnya: memulai pelaksanaan" in told(
        head.get(batch).text
    )
    assert "Giliran Anda: mulai pelaksanaannya" in told(planner.get(batch).text)
    assert f'<a href="{batch}">' in planner.get("/meja/pekerjaan").text
    wrong = planner.send(f"{batch}/jalan", {**run, PASSWORD_FIELD: "salah"}, page=batch)
    assert wrong.status_code == 422
    assert "data-poll" not in planner.get(batch).text
    assert planner.send(f"{batch}/jeda", {}, page=batch).status_code == 400

    for day, words in (
        ("", "Isi batas waktu"),
        ("31 Februari", "«31 Februari» bukan tanggal"),
        ("1 Januari 2026", "Batas waktu Kamis, 1 Januari 2026 sudah lewat: hari ini"),
    ):
        asked = {**run, "sampai": "sent", "batas_waktu": day}
        answer = planner.send(f"{batch}/jalan", asked, page=batch)
        assert answer.status_code == 422
        assert 'href="#f-batas_waktu"' in answer.text
        assert f'value="{day}"' in answer.text
        assert words in told(answer.text)
        assert "--deadline" not in answer.text

    planner.send(f"{batch}/jalan", run, page=batch)
    part = planner.get(batch, **{"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "data-poll" in part.text
    # the part is the whole of what changes: panel and steps come together
    assert part.text.count('<ol class="steps">') == 1
    assert "Laporan dapat disusun setelah" in part.text
    assert f'href="{batch}/hasil"' in planner.get(batch).text
    words = told(planner.settled(batch))
    assert "Dari yang dapat disusun: 2 disetujui. Di luar persetujuan: 1 perjanjian" in words
    assert "selesai: 2 terbit, belum ditandatangani: 1 seluruhnya: 3" in words
    assert "Langkah berikutnya Semua sudah dikerjakan. Unduh dan simpan hasilnya." in words
    assert f'action="{batch}/jalan"' not in planner.get(batch).text
    assert "Tidak ada yang tersisa untuk dilanjutkan" in words
    _all_in_one_zip(world, batch)
    ended = planner.get(batch, **{"HX-Request": "true"})
    assert (ended.status_code, ended.headers["hx-redirect"]) == (204, batch)
    listed = told(planner.get("/meja/batch").text)
    assert "Selesai 2 selesai, 1 terbit, belum ditandatangani" in listed, listed
    rows = planner.get(f"{batch}/hasil").text
    assert rows.count("/meja/perjanjian/") == 3
    assert "<svg" in rows
    planner.send(f"{batch}/laporan", {}, page=batch)
    text = planner.settled(batch)
    assert "Buku kerja laporan (XLSX)" in text

    secret = PASSPHRASE
    held = [one for one in (world.folder / "portal").rglob("*")
            if one.is_file() and secret in one.read_bytes()]  # fmt: skip
    assert held == []


def _is_refused(world: World, batch: str, run: dict[str, str], why: str) -> None:
    """Start too early, from a page that is out of date: nothing is ordered and nothing stays."""
    jobs = world.planner.get("/pekerjaan").json()
    refused = world.planner.send(f"{batch}/jalan", run, page=batch)
    assert refused.status_code == 409
    assert why in told(refused.text)
    body, key = {"sampai": "verified"}, {"Idempotency-Key": f"terlalu-dini-{why.replace(' ', '-')}"}
    asked = world.planner.http.post(f"{batch.removeprefix('/meja')}/jalan", json=body, headers=key)
    assert (asked.status_code, asked.json()["code"].split(".")[0]) == (409, "batch")
    assert world.planner.get("/pekerjaan").json() == jobs
    for page in (batch, "/meja/batch"):
        words = told(world.head.get(page).text)
        assert "Tidak dapat dijalankan" not in words
        assert "Tidak berhasil" not in words


def planned_batch(world: World, name: str, book: bytes) -> str:
    """Plan a batch without a sample: pictures of its pages would take most of the time."""
    api = Caller(world.planner.http)
    file = api.upload("faskes.xlsx", book)
    api.done(api.post("/batch", {"nama": name, "sumber": [file["id"]], "contoh": 0}))
    return f"/meja/batch/{api.get('/batch?batas=1').json()['daftar'][0]['id']}"


def _all_in_one_zip(world: World, batch: str) -> None:
    """What was made is downloaded together by name of the facility, and by nobody elsewhere."""
    page = world.planner.get(batch).text
    assert re.search(r"Unduh semua hasil: 3 perjanjian \(ZIP, [\d,.]+ [kM]B\)", told(page))
    assert "untuk dicetak" not in told(page)  # both parties signed electronically
    assert world.planner.get(f"{batch}/unduh/cetak.zip").status_code == 404
    assert world.planner.get(f"{batch}/unduh/lain.zip").status_code == 404
    assert world.come("lain", "cabang:0902").get(f"{batch}/unduh/semua.zip").status_code == 404
    answer = world.planner.get(f"{batch}/unduh/semua.zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            f"perjanjian/00{number} Klinik Pratama Contoh {number} - kontrak elektronik - "
            "perjanjian.pdf"
            for number in (1, 2, 3)
        ]
        assert archive.read(archive.namelist()[0]).startswith(b"%PDF-")


@pytest.mark.sampled(of="desk days")
def test_rows_are_taken_out_and_tried_again(world: World) -> None:
    planner = world.planner
    where = planned_batch(world, "Kedua", (world.folder / "faskes.xlsx").read_bytes())
    assert planner.send(f"{where}/batalkan", {}, page=where).status_code == 400
    planner.send(f"{where}/batalkan", {"baris": "3"}, page=where)
    planner.settled(where)
    shown = planner.get(f"{where}/hasil").text
    assert "Perlu tindakan (1)" in shown
    assert "3 dari 3 dapat disusun, 1 dikeluarkan" in told(planner.get("/meja/batch").text)
    assert "Dikeluarkan dari pengerjaan oleh Agus Contoh" in told(shown)
    assert 'name="baris" value="3"' in shown
    planner.send(f"{where}/laporan", {}, page=where)
    report = re.search(r'href="([^"]+)" download>Halaman laporan', planner.settled(where))
    assert report is not None
    written = told(planner.get(report[1]).text)
    assert "Perlu tindakan (1)" in written
    assert "Centang perjanjian ini pada hasil batch, tekan «Ulangi»" in written
    for never in ("pks-kit batch", "FOLDER", "--"):
        assert never not in written
    planner.send(f"{where}/ulangi", {"baris": "3"}, page=where)
    planner.settled(where)
    assert "Perlu tindakan" not in planner.get(f"{where}/hasil").text
    planner.send(f"{where}/jalan", {"sampai": "drafted"}, page=where)
    planner.settled(where)
    assert "Draf selesai 3 terbit, belum ditandatangani" in told(planner.get("/meja/batch").text)
    words = told(planner.get(where).text)
    assert "Pelaksanaan Draf selesai terbit, belum ditandatangani: 3 seluruhnya: 3" in words
    assert "Langkah berikutnya Draf sudah tersusun. Sebelum ditandatangani, orang lain" in words
    assert "Masih ada yang dapat dilanjutkan" not in words  # before the approval
    results = told(planner.get(f"{where}/hasil").text)
    assert "3 dari 3 perjanjian tersusun sebagai draf" in results
    assert "terbit, belum ditandatangani 3" in results
    folder = world.folder / "portal" / "batch" / where.rpartition("/")[2]
    with sqlite3.connect(
        folder / "buku-jalan.sqlite"
    ) as book:  # what happens to rows without a job
        book.execute("update baris set keadaan = 'failed', tahap = '' where nomor = 2")
    for page in ("/meja/batch", where):
        words = told(planner.get(page).text)
        assert "2 terbit, belum ditandatangani, 1 gagal" in words or "gagal: 1" in words, words
    assert "Lihat yang perlu tindakan (1)" in words
    planner.send(f"{where}/ulangi", {"baris": "2"}, page=where)
    assert "belum dikerjakan: 1" in told(planner.settled(where))
    assert "2 terbit, belum ditandatangani, 1 belum dikerjakan" in told(
        planner.get("/meja/batch").text
    )
    planner.send(f"{where}/batalkan", {"baris": "tidak ada"}, page=where)
    assert "Tidak berhasil" in told(planner.settled(where))


def test_a_wrong_plan_is_withdrawn_before_it_runs_and_stays_in_the_record(world: World) -> None:
    planner, head = world.planner, world.head
    where = planned_batch(world, "Keliru", (world.folder / "faskes.xlsx").read_bytes())
    listed = planner.get("/meja/batch").text
    assert f"Batch {where[-6:]}" in listed  # two of one name are told apart
    assert "Rencana, belum disetujui 3 dari 3 dapat disusun" in told(listed)
    plan = planner.hidden(where)["rencana"]
    empty = planner.send(f"{where}/tarik", {"alasan": " "}, page=where)
    assert empty.status_code == 422
    assert 'href="#f-alasan"' in empty.text
    no = {"alasan": "Buku kerja tahun lalu", "rencana": plan}
    for wrong in ("", "x" * 64):
        bad = planner.send(f"{where}/tarik", {**no, "rencana": wrong}, page=where)
        assert bad.status_code == 400
        reject = {"pilihan": "tidak", "alasan": "x", "rencana": wrong}
        assert head.send(f"{where}/setujui", reject, page="/meja/batch").status_code == 400
    stranger = world.come("lain", "cabang:0902")
    assert stranger.send(f"{where}/tarik", no, page="/meja/batch").status_code == 404
    assert planner.send(f"{where}/tarik", no, page=where).status_code == 303
    text = planner.settled(where)
    assert "Rencana ini ditarik Agus Contoh: Buku kerja tahun lalu" in told(text)
    assert f'action="{where}/jalan"' not in text
    assert f'action="{where}/tarik"' not in text
    assert where not in planner.get("/meja/batch").text
    assert "Lihat yang ditarik (1)" in planner.get("/meja/batch").text
    kept = planner.get("/meja/batch?ditarik=ya").text
    assert where in kept
    assert "Ditarik oleh Agus Contoh" in told(kept)
    for path, fields in (
        ("jalan", {"sampai": "drafted"}),
        ("setujui", {"rencana": plan, "pilihan": "semua"}),
    ):
        refused = head.send(f"{where}/{path}", fields, page="/meja/batch")
        assert refused.status_code == 409, path
        assert "sudah ditarik" in told(refused.text)
    assert 'name="pilihan"' not in head.get(f"{where}/rencana").text
    with open_ledger(world.folder / "buku.sqlite") as ledger:
        event = rejection(ledger, plan)
    assert event is not None
    assert (event.isi["oleh"], event.isi["alasan"]) == ("Agus Contoh", "Buku kerja tahun lalu")


def drafted_batch(
    world: World, name: str, number: int, run: Callable[[str], object]
) -> tuple[str, str]:
    """Return a batch of one clinic that was drafted, and what waits for a signature by it."""
    planner = world.planner
    before = set(re.findall(_WAITS, world.head.get("/meja/tumpukan").text))
    where = planned_batch(world, name, write_workbook({"k": facility(number)}))
    run(where)
    planner.settled(where)
    (one,) = set(re.findall(_WAITS, world.head.get("/meja/tumpukan").text)) - before
    return where, one


_MOMENT = """() => ({
    top: document.querySelector('#batch-kini [role=status]')?.textContent ?? '',
    facts: Object.fromEntries(
        [...document.querySelector('#batch-kini .facts')?.querySelectorAll('li') ?? []]
            .map(one => one.textContent.split(': '))),
    next: document.querySelector('#berikutnya') !== null,
})"""


def watched_run(world: World, chromium: Browsers, page: str) -> None:
    """Draft a batch in a browser: at every moment the numbers above are those below."""
    seen: set[str] = set()
    with chromium.desk(world, BRANCH, name="Agus Contoh") as desk:
        desk.open(page)
        desk.page.get_by_role("button", name="Susun draf saja").click()
        ends = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < ends
            try:
                told = desk.page.evaluate(_MOMENT)
            except PlaywrightError:  # the page is being loaded
                continue
            counts = {name: int(count) for name, count in told["facts"].items()}
            whole = counts.pop("seluruhnya", 0)
            assert sum(counts.values()) == whole
            if found := re.search(r"(\d+) dari (\d+) perjanjian sudah dikerjakan", told["top"]):
                seen.add(found[0])
                assert counts.get("terbit, belum ditandatangani", 0) == int(found[1])
                assert whole == int(found[2])
            if told["next"]:
                break
            time.sleep(0.05)
        assert desk.page.locator("main .panel .button:not(.second)").count() == 1
        assert desk.barriers() == []
        assert desk.complaints == []
    assert seen, "the page told nothing while it ran"


@pytest.mark.sampled(of="desk days")
def test_a_batch_that_was_only_drafted_is_withdrawn_with_its_drafts(
    world: World, tmp_path: Path
) -> None:
    planner = world.planner
    with browsers(tmp_path) as chromium:
        where, draft = drafted_batch(
            world, "Hanya draf", 4, lambda page: watched_run(world, chromium, page)
        )
    assert planner.get(f"/meja/perjanjian/{draft}").status_code == 200
    sent = {"alasan": "Tarif tahun lalu", "rencana": planner.hidden(where)["rencana"]}
    assert planner.send(f"{where}/tarik", sent, page=where).status_code == 303
    assert "Rencana ini ditarik Agus Contoh: Tarif tahun lalu" in told(planner.settled(where))
    assert where not in planner.get("/meja/batch").text
    assert planner.get(f"/meja/perjanjian/{draft}").status_code == 404
    assert draft not in world.head.get("/meja/tumpukan").text
    with open_ledger(world.folder / "buku.sqlite") as ledger:
        assert rejection(ledger, sent["rencana"]) is not None


def test_a_plan_that_ran_is_not_withdrawn(world: World, batch: str, drafted: list[str]) -> None:
    plan = re.search(r'name="rencana" value="([0-9a-f]{64})"',
                     world.head.get(f"{batch}/rencana").text)  # fmt: skip
    assert plan is not None
    run = {"sampai": "verified", **ASKED}
    if "Disetujui Rini Widuri" not in told(world.planner.get(batch).text):
        yes = {"rencana": plan[1], "pilihan": "semua"}
        world.head.send(f"{batch}/setujui", yes, page=batch)
        world.head.settled(batch)
        world.planner.send(f"{batch}/jalan", run, page=batch)
        world.planner.settled(batch)
    sent = {"rencana": plan[1], "alasan": "Terlambat"}
    refused = world.planner.send(f"{batch}/tarik", sent, page="/meja/batch")
    assert refused.status_code == 409
    assert "lebih jauh daripada draf" in told(refused.text)
    assert f'action="{batch}/tarik"' not in world.planner.get(batch).text


def test_every_file_is_told_by_name_and_who_sent_nothing_too(
    world: World, batch: str, drafted: list[str]
) -> None:
    nothing = world.planner.send(f"{batch}/kembali", {}, page=f"{batch}/kembali")
    assert nothing.status_code == 422
    hollow = [("pindaian", ("hampa.pdf", b"", "application/pdf"))]
    only = world.planner.http.post(
        f"{batch}/kembali", data=world.planner.hidden(f"{batch}/kembali"), files=hollow
    )
    assert only.status_code == 422
    assert "Semua berkas ini kosong" in told(only.text)
    for page in ("/meja/unggah", "/meja/batch"):  # nowhere is an empty file passed over
        sent = world.planner.hidden(page) | {"nama": "x"}
        refused = world.planner.http.post(page, data=sent, files=hollow)
        assert refused.status_code == 422
        assert "Kosong, tidak berisi apa pun: hampa.pdf" in told(refused.text)
    issued = world.planner.get(f"/perjanjian/{drafted[2]}").json()["terbit"]
    unsigned = world.planner.get(f"/berkas/{issued}/isi").content
    picture = io.BytesIO()
    Image.new("RGB", (800, 1100), "white").save(picture, "JPEG")
    files = [("pindaian", ("kosong.jpg", picture.getvalue(), "image/jpeg")) for _ in range(2)]
    files += [("pindaian", ("terbitan.pdf", unsigned, "application/pdf")), *hollow]
    files += [("pindaian", ("catatan.pdf", b"bukan pdf", "application/pdf"))]
    sent = world.planner.hidden(f"{batch}/kembali")
    answer = world.planner.http.post(f"{batch}/kembali", data=sent, files=files)
    assert answer.status_code == 303, answer.text
    world.planner.settled(batch)
    words = told(world.planner.get(f"{batch}/kembali").text)
    assert "Berkas: 5" in words
    assert "Belum ada yang kembali" in words
    assert "0 dari 0" not in told(world.planner.get(batch).text)
    assert "Belum ada yang kembali" in told(world.planner.get(batch).text)
    for file, became in (
        ("001-kosong.jpg", "tidak diketahui milik siapa"),
        ("002-kosong.jpg", "isinya sama dengan berkas sebelumnya"),
        ("terbitan.pdf", "berkas terbitan kita untuk Klinik"),
        ("hampa.pdf", "tidak berisi apa pun"),
        ("catatan.pdf", "bukan pindaian (PDF"),
    ):
        assert became.casefold() in words.casefold().partition(file)[2][:120], (file, words)
    assert world.planner.get(f"{batch}/surat/1.txt").status_code == 404


def test_a_letter_is_filled_in_looked_over_and_written(world: World, drafted: list[str]) -> None:
    form = f"/meja/perjanjian/{drafted[0]}/surat/teguran"
    officer = world.planner
    assert "Surat teguran" in officer.get(f"/meja/perjanjian/{drafted[0]}/surat").text
    assert drafted[0] in officer.get("/meja/surat?cari=Klinik+Contoh+1").text
    english = officer.get(form, **{"Accept-Language": "en"}).text
    for words, meaning in (("Uraian", "what happened"), ("memungut biaya", "charged a fee")):
        assert f'<span lang="id">{words}</span> <span class="gloss">{meaning}</span>' in english
    assert 'class="gloss"' not in officer.get(form).text
    empty = officer.send(form, {"nomor": "", "uraian": "tetap ada"}, page=form)
    assert empty.status_code == 422
    assert 'href="#f-nomor"' in empty.text
    assert "tetap ada" in empty.text
    more = officer.send(f"{form}/baris", {"tambah": "teguran_sebelumnya"}, page=form)
    assert 'name="teguran_sebelumnya.0.nomor"' in more.text
    filled = {
        "nomor": "12/T/2026", "tanggal": "30 November 2026", "ke": "1", "alasan": "memungut_biaya",
        "uraian": "Memungut biaya\nDua kali", "perbaikan": "Kembalikan",
        "dinas_kesehatan": "Dinas Kesehatan", "asosiasi": "Asosiasi",
    }  # fmt: skip
    answer = officer.send(form, filled, page=form)
    assert answer.status_code == 303, told(answer.text)
    page = officer.settled(answer.headers["location"])
    assert re.findall(r"surat-teguran-[\w-]+\.(\w+)", page) == ["pdf", "docx", "txt"]
    stranger = world.come("lain", "cabang:0902")
    assert stranger.get(form).status_code == 404
    assert stranger.send(form, filled, page="/meja/batch").status_code == 404
    assert officer.get(f"/meja/perjanjian/{drafted[0]}/surat/tidak-ada").status_code == 404


def _details(page: str) -> list[str]:
    return re.findall("<details.*?</details>", page, re.DOTALL)


def test_figures_and_months_are_those_of_the_persons_area(world: World, drafted: list[str]) -> None:
    officer, stranger = world.planner, world.come("lain", "cabang:0902")
    term = facility(1).jangka_waktu.tanggal_selesai
    figures = told(officer.get("/meja/ringkasan").text)
    assert "3 perjanjian yang sudah terbit dalam wilayah Anda" in figures
    listed = told(officer.get("/meja").text)
    for words, count in re.findall(r"(Selesai|Belum kembali) \(([0-9]+)\)", listed):
        assert re.search(rf"{words} {count}\b", figures), "the same word is the same count"
    assert "<svg" in officer.get("/meja/ringkasan").text
    assert "0 perjanjian yang sudah terbit dalam wilayah Anda" in told(
        stranger.get("/meja/ringkasan").text
    )
    month = f"/meja/kalender/{term:%Y-%m}"
    shown = officer.settled(month)
    assert shown.count('<li><h2><a href="/meja/perjanjian/') == 3
    assert shown.count("<details") > 3
    again = officer.get(month).text  # what was told of each is told again, and checked no more
    assert _details(again) == _details(shown)
    assert "/meja/perjanjian/" not in stranger.get(month).text
    for wrong in ("2026-13", "x", "2026"):
        assert officer.get(f"/meja/kalender/{wrong}").status_code == 404


@pytest.mark.sampled(of="desk days")
def test_a_batch_of_whose_drafts_one_was_signed_is_not_withdrawn(world: World) -> None:
    planner, head = world.planner, world.head
    where, draft = drafted_batch(
        world,
        "Sudah diteken",
        5,
        lambda page: planner.send(f"{page}/jalan", {"sampai": "drafted"}, page=page),
    )
    plan = planner.hidden(where)["rencana"]
    stack = head.send(
        "/meja/tumpukan/setuju",
        {"pihak": "pihak_kesatu", "pilih": [draft], "dibaca": "ya", **ASKED},
        page=f"/meja/tumpukan/setuju?pihak=pihak_kesatu&pilih={draft}",
    )
    assert stack.status_code == 303, stack.text
    head.settled(stack.headers["location"])
    planner.send(f"{where}/tarik", {"alasan": "Keliru", "rencana": plan}, page=where)
    words = told(planner.settled(where))
    assert "jadi tidak dapat ditarik" in words
    assert "Rencana ini ditarik" not in words
    assert planner.get(f"/meja/perjanjian/{draft}").status_code == 200
