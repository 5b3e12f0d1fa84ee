"""Covering letters by pages alone: after a rehearsal, with a wrong day, and once more."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest

from pks_kit.domain.tanggal import format_tanggal, working_day_until
from pks_kit.web import Portal, create_app
from support.branch import SETTINGS, write_branch
from support.desk_browser import Browsers, browsers
from support.desk_visitor import Visitor, told
from support.digital_doctors import ONE_SIDE, doctor
from support.portal_server import CABANG, Caller, in_thread, portal_settings
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
BRANCH = f"cabang:{CABANG}"
TODAY = datetime.now(UTC).date()
FIRST, SECOND = TODAY + timedelta(days=20), TODAY + timedelta(days=40)
AFTER_THE_TERM = TODAY + timedelta(days=3000)


class World:
    """A branch that signs for its own side alone, and its people."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.url = address.rstrip("/")
        self.planner = Visitor(address, BRANCH, "Agus Contoh")
        self.head = Visitor(address, BRANCH, "Rini Widuri")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("surat")
    doctors = {f"dokter-{one}": doctor(one) for one in (1, 2)}
    text = portal_settings(doctors["dokter-1"], proses=2).replace(SETTINGS, ONE_SIDE)
    write_branch(folder, doctors, text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        portal = Portal.from_settings(folder / "pengaturan.yml", warms=False)
        with in_thread(create_app(portal)) as client:
            made = World(folder, str(client.base_url))
            with made.planner.http, made.head.http:
                yield made


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    with browsers(tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture(scope="module")
def batch(world: World) -> str:
    """A batch of two agreements on paper, planned and approved by pages."""
    planner, api = world.planner, Caller(world.planner.http)
    file = api.upload("faskes.xlsx", (world.folder / "faskes.xlsx").read_bytes())
    api.done(api.post("/batch", {"nama": "Desember", "sumber": [file["id"]], "contoh": 0}))
    where = f"/meja/batch/{api.get('/batch?batas=1').json()['daftar'][0]['id']}"
    plan = re.search(r'name="rencana" value="([0-9a-f]{64})"', planner.get(where).text)
    assert plan is not None
    yes = {"rencana": plan[1], "pilihan": "semua"}
    assert world.head.send(f"{where}/setujui", yes, page=where).status_code == 303
    planner.settled(where)
    return where


def from_zip(world: World, batch: str, kind: str, name: str) -> bytes:
    answer = world.planner.get(f"{batch}/unduh/{kind}.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return archive.read(name)


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document).replace("\r", "")


def in_zip(world: World, batch: str, kind: str) -> list[str]:
    answer = world.planner.get(f"{batch}/unduh/{kind}.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


@pytest.mark.sampled(of="desk days")
def test_letters_are_written_after_all_and_once_more_and_nothing_is_lost(
    world: World, batch: str, chromium: Browsers
) -> None:
    planner = world.planner
    # 1. A day after the end of a term is refused beside the field, and no job is made.
    jobs = planner.get("/pekerjaan").json()
    late = {"sampai": "sent", "batas_waktu": format_tanggal(AFTER_THE_TERM)}
    for page, sent, field in (
        (f"{batch}/jalan", late, "batas_waktu"),
        (f"{batch}/surat", {"surat": "semua", "hari_surat": late["batas_waktu"]}, "hari_surat"),
    ):
        answer = planner.send(page, sent, page=batch)
        assert answer.status_code == 422
        assert f'href="#f-{field}"' in answer.text
        words = told(answer.text)
        assert "melewati akhir masa berlaku 2 perjanjian" in words
        assert "Isi paling lambat 31 Desember" in words
    asked = {"batas_waktu": AFTER_THE_TERM.isoformat()}
    api = Caller(planner.http)
    for path in (f"{batch.removeprefix('/meja')}/jalan", f"{batch.removeprefix('/meja')}/surat"):
        body = asked | ({"sampai": "sent"} if path.endswith("jalan") else {})
        refused = api.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (
            400, "batch.deadline_after_term",
        )  # fmt: skip
    assert planner.get("/pekerjaan").json() == jobs
    planner.send(f"{batch}/jalan", {"sampai": "verified"}, page=batch)
    words = told(planner.settled(batch))
    assert "ditolak" not in words
    assert "yang belum tersusun: 2" in words
    names = in_zip(world, batch, "semua")
    assert [one.partition("/")[0] for one in names] == ["perjanjian"] * 2

    # 2. A rehearsal afterwards hides neither letters nor downloads.
    planner.send(f"{batch}/jalan", {"sampai": "verified", "gladi": "ya"}, page=batch)
    words = told(planner.settled(batch))
    assert "Ini uji coba" in words
    assert "yang belum tersusun: 2" in words
    assert "Unduh semua hasil: 2 perjanjian" in words

    # 3. A day that says nothing is asked for again, with what was typed.
    for day, why in (("", "Isi batas waktu"), ("31 Februari", "bukan tanggal"),
                     ("1 Januari 2026", "sudah lewat")):  # fmt: skip
        asked = {"surat": "belum", "hari_surat": day}
        answer = planner.send(f"{batch}/surat", asked, page=batch)
        assert answer.status_code == 422
        assert 'href="#f-hari_surat"' in answer.text
        assert f'value="{day}"' in answer.text
        assert why in told(answer.text)

    # 4. Those that lack, then all of them with another day; the earlier ones are kept.
    for which, day in (("belum", FIRST), ("semua", SECOND)):
        sent = {"surat": which, "hari_surat": format_tanggal(day)}
        assert planner.send(f"{batch}/surat", sent, page=batch).status_code == 303
        words = told(planner.settled(batch))
        assert "surat pengantar: 2 yang belum tersusun: 0" in words
        assert f"terakhir disusun: {format_tanggal(working_day_until(day))}" in words
    assert "2 tersusun, 2 di antaranya menggantikan surat terdahulu, 0 tidak" in words
    folders = [one.partition("/")[0] for one in in_zip(world, batch, "semua")]
    assert folders == [
        *["perjanjian"] * 2, *["surat pengantar dan perjanjian"] * 2,
        *["surat pengantar terdahulu"] * 2,
    ]  # fmt: skip
    names = in_zip(world, batch, "cetak")
    assert names[:2] == [
        f"00{number} Tempat Praktik Mandiri Dokter {name} - kontrak digital - surat pengantar dan "
        "perjanjian.pdf"
        for number, name in enumerate(("dr. Ratri Umpamasari", "dr. Bening Misalsari"), start=1)
    ]
    # the file that holds the signature goes along, by the name that its letter says
    for letter, file in zip(names[:2], names[2:], strict=True):
        folder, who, name = file.split("/")
        assert folder == "dikirim sebagai berkas, tidak dicetak"
        assert letter.startswith(who)
        assert name in text_of(from_zip(world, batch, "cetak", letter)).replace("\n", "")
        assert b"/ByteRange" in from_zip(world, batch, "cetak", file)
    _asked_for_a_day_at_the_agreement(world, batch)
    with chromium.desk(world, BRANCH, name="Agus Contoh") as desk:
        desk.open(batch)
        desk.page.locator("summary", has_text="Susun surat pengantar").click()
        assert desk.barriers() == []
        assert desk.complaints == []
        # on a narrow window the menu is one line until somebody opens it
        desk.page.set_viewport_size({"width": 360, "height": 800})
        desk.open(batch)
        begins = desk.page.locator("main").bounding_box()
        assert begins is not None
        assert begins["y"] < 220
        assert desk.page.get_by_role("link", name="Daftar kerja").count() == 0
        desk.page.locator(".menu > summary").click()
        assert desk.page.get_by_role("link", name="Daftar kerja").is_visible()
        assert desk.barriers() == []


def _asked_for_a_day_at_the_agreement(world: World, batch: str) -> None:
    """The letter of one agreement asks for its day in the same way, and orders nothing without."""
    planner = world.planner
    page = re.search(r'href="(/meja/perjanjian/[0-9A-Z]{26})"', planner.get(f"{batch}/hasil").text)
    assert page is not None
    jobs = planner.get("/pekerjaan").json()
    for day, why in (("", "Isi batas waktu"), ("31 Februari", "bukan tanggal"),
                     ("1 Januari 2026", "sudah lewat"),
                     (format_tanggal(AFTER_THE_TERM), "melewati akhir masa berlaku")):  # fmt: skip
        sent = {"batas_waktu": day, "sertakan": "ya"}
        answer = planner.send(f"{page[1]}/pengantar", sent, page=page[1])
        assert answer.status_code == 422
        assert 'href="#f-batas_waktu"' in answer.text
        assert f'id="f-batas_waktu" name="batas_waktu" value="{day}"' in answer.text
        folded = r"<details open><summary>[^<]+</summary>\s*<form[^>]+/pengantar"
        assert re.search(folded, answer.text)
        assert why in told(answer.text)
    assert planner.get("/pekerjaan").json() == jobs
