"""The main paths of the desk in every engine, with a script and without one.

Each goes the same way through a desk that ``pks-kit serve`` opened for it, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from pks_kit.domain.sebutan import nama_faskes
from pks_kit.web.desk_token import COOKIE
from support.branch import facility
from support.engines import NEEDED, Window, engine
from support.local_desk import ended, started
from support.portal_server import PATIENCE, Caller, write_portal
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
DATA = facility(1).model_dump(mode="json")
NAME = nama_faskes(facility(1))
LAST_DAY = "31 Desember 2024"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A desk that was opened in a window.

    Attributes:
        root: Address of the site.
        cookie: Lets whoever has it in.
        api: Asks the same desk over HTTP.
    """

    root: str
    cookie: str
    api: Caller


@contextmanager
def opened(folder: Path, window: Window) -> Iterator[Seat]:
    """Start a desk whose key asks for its passphrase, and open it in a window by its token."""
    settings = write_portal(folder, proses=1)
    asked = 'pihak_kesatu.p12, kata_sandi: "env:RAHASIA"'
    text = settings.read_text()
    assert asked in text
    settings.write_text(text.replace(asked, "pihak_kesatu.p12, kata_sandi: tanya"))
    process, address = started(folder, "--settings", str(settings), "--oleh", "Sari Rekaan")
    try:
        window.open(address)
        window.leads_to(r"/meja$")
        window.shows("Belum ada perjanjian")
        assert "Sari Rekaan" in window.text("header")
        root, cookie = address.partition("/masuk")[0], window.cookie(COOKIE)
        with httpx.Client(
            base_url=root, cookies={COOKIE: cookie}, timeout=PATIENCE,
            headers={"Sec-Fetch-Site": "same-origin"},
        ) as http:  # fmt: skip
            yield Seat(root=root, cookie=cookie, api=Caller(http))
    finally:
        assert ended(process) == 0


@pytest.mark.sampled(of="windows")
@pytest.mark.parametrize("name", NEEDED)
def test_the_main_paths_are_gone_in(name: str, tmp_path: Path) -> None:
    with (
        engine(name, made(tmp_path / "skrip")) as window,
        opened(made(tmp_path / "meja"), window) as seat,
    ):
        one = seat.api.done(seat.api.post("/perjanjian", {"data": DATA}))["perjanjian"]
        facts = seat.api.get(f"/perjanjian/{one}").json()
        back = tmp_path / "kembali.pdf"
        back.write_bytes(seat.api.get(f"/berkas/{facts['terbit']}/isi").content)
        finds_and_reads(window, seat)
        fills_in(window, new_form(seat), again=False)
        hands_in(window, seat, back, again=False)
        signs(window, seat, "PIHAK KESATU", again=False)
        changes_the_language(window, seat)
        assert grave(window.complaints(), "422") == []
        with engine(name, made(tmp_path / "tanpa"), script=False) as plain:
            plain.open(f"{seat.root}/meja")
            plain.take_cookie(COOKIE, seat.cookie)
            finds_and_reads(plain, seat)
            fills_in(plain, new_form(seat), again=True)
            hands_in(plain, seat, back, again=True)
            signs(plain, seat, "PIHAK KEDUA", again=True)
            changes_the_language(plain, seat)
            assert grave(plain.complaints(), "401") == []


def grave(complaints: list[str], refused: str) -> list[str]:
    """Return complaints; Chromium also names a page that was refused, as was meant."""
    return [one for one in complaints if f"responded with a status of {refused}" not in one]


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def new_form(seat: Seat) -> str:
    """Return the address of a form with the data of a facility."""
    answer = seat.api.post("/isian", {"isi": DATA})
    assert answer.status_code == 201, answer.text
    return f"{seat.root}/meja/isian/{answer.json()['id']}"


def finds_and_reads(window: Window, seat: Seat) -> None:
    """Find an agreement in the worklist, and read its pages beside their pictures."""
    window.open(f"{seat.root}/meja")
    window.fill("Nama faskes, kode, atau nomor PKS", NAME)
    window.click("Cari")
    window.leads_to(r"cari=Klinik")
    window.click(NAME)
    window.leads_to(r"/meja/perjanjian/")
    assert NAME in window.text("h1")
    window.click("Baca halamannya")
    window.leads_to(r"/lembar")
    window.shows("PERJANJIAN KERJA SAMA")
    assert window.picture_width() > 300


def fills_in(window: Window, form: str, *, again: bool) -> None:
    """Type a day that is none, come back to it, and put it right."""
    page = f"{form}/perjanjian"
    for day, told in (("32 Desember 2024", "32 Desember"), (LAST_DAY, "Tidak ada temuan")):
        window.open(page)
        window.fill("Tanggal selesai", day)
        if again:
            window.click("Simpan")
            window.leads_to(r"/meja/isian/\w+$")
            window.open(page)
        window.shows(told, "#temuan")
        window.reload()
        assert window.value("Tanggal selesai") == day


def hands_in(window: Window, seat: Seat, file: Path, *, again: bool) -> None:
    """Upload a file and read the verdict about it."""
    window.open(f"{seat.root}/meja/unggah")
    window.choose("Pilih berkas", file)
    window.click("Unggah dan periksa")
    window.leads_to(r"/meja/putusan/", again=again)
    assert file.name in window.text("h1")
    assert "tempat tanda tangan PIHAK KEDUA" in window.text()


def signs(window: Window, seat: Seat, party: str, *, again: bool) -> None:
    """Sign a stack of one for a party: a wrong passphrase is refused, the right one signs."""
    window.open(f"{seat.root}/meja/tumpukan?pihak={party.lower().replace(' ', '_')}")
    window.tick(NAME)
    window.click("Lanjut dengan yang dicentang")
    window.tick("Saya sudah memeriksa")
    if party == "PIHAK KESATU":
        window.fill("Kata sandi untuk", "bukan ini")
        window.click("Tanda tangani sekarang")
        window.shows("Kata sandi tidak membuka uji/")
        window.tick("Saya sudah memeriksa")
        window.fill("Kata sandi untuk", PASSPHRASE.decode())
    window.click("Tanda tangani sekarang")
    window.shows(f"1 dari 1 perjanjian ditandatangani untuk {party}", again=again)


def changes_the_language(window: Window, seat: Seat) -> None:
    """Read the same page in English, and go back."""
    window.open(f"{seat.root}/meja/tumpukan")
    window.click("English")
    window.shows("Nothing waits for a signature")
    assert window.language == "en"
    assert window.address.startswith(f"{seat.root}/meja/tumpukan")
    window.click("Bahasa Indonesia")
    window.shows("Tidak ada yang menunggu tanda tangan")
