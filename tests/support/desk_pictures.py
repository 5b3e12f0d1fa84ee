"""Pictures of the desk for README and guide: ``make screenshots``.

Invented facilities at one moment that never changes. Each file keeps the words that the page shows,
so that a test can tell when a picture no longer shows the desk as it is.
"""

from __future__ import annotations

import copy
import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
import zopfli.png
from PIL import Image, PngImagePlugin

from pks_kit.domain.kontrak import Kontrak
from pks_kit.web import Portal, create_app
from support import sample_years
from support.branch import write_branch
from support.desk_browser import Browsers, Desk, browsers
from support.desk_visitor import Visitor, told
from support.portal_server import CABANG, Caller, in_thread, portal_settings
from support.sample_years import moved, pinned_samples
from support.signing_world import PASSPHRASE

MOMENT = datetime(2026, 12, 8, 2, 30, tzinfo=UTC)
YEAR = 2027
BRANCH = f"cabang:{CABANG}"
OFFICER, HEAD = "Agus Contoh", "Rini Rekaan"
WIDE = 1040
WORDS = "Words"
"""Name of the text in a file that holds what the page said."""

_ISSUED = (
    "klinik-pratama-rawat-jalan", "puskesmas-blud", "puskesmas-non-blud", "tpmd", "tpmdg",
    "rs-d-pratama", "laboratorium-manual",
)  # fmt: skip
_SIGNED = ("tpmd", "tpmdg", "puskesmas-blud")
_MAIN = "klinik-pratama-rawat-inap"
_NAMES = ("Klinik Anyelir Contoh", "Klinik Cempaka Misalnya", "Klinik Dahlia Rekaan",
          "Klinik Kenanga Andai", "Klinik Melati Umpama")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """Where the desk is served."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture.

    Attributes:
        name: Name of its file, without ``.png``.
        path: Address of the page, with places of the world in braces.
        high: How many pixels of the page it shows.
        colours: How many it has.
        top: What stands at its top; empty for the top of the page.
        alone: Whether it shows one agreement or form, and nothing of the others.
    """

    name: str
    path: str
    high: int
    colours: int = 64
    top: str = ""
    alone: bool = False


PICTURES = (
    Picture(name="meja-daftar-kerja", path="/meja", high=760),
    Picture(
        name="meja-halaman",
        path="/meja/perjanjian/{main}/lembar?dari=23",
        high=820,
        colours=16,
        top="#h23",
        alone=True,
    ),
    Picture(name="meja-isian", path="{form}/perjanjian", high=980, alone=True),
    Picture(name="meja-batch", path="{batch}/hasil", high=960),
    Picture(name="meja-tumpukan", path="/meja/tumpukan", high=840),
    Picture(name="meja-ringkasan", path="/meja/ringkasan", high=820),
)
FORM = PICTURES[2]


def sample(name: str, year: int = YEAR) -> dict[str, Any]:
    """Return the data of a sample for the year of the pictures, or for another one."""
    text = (pinned_samples() / f"{name}.yml").read_text(encoding="utf-8")
    data = yaml.safe_load(moved(text, year - sample_years.PINNED))
    found: dict[str, Any] = Kontrak.model_validate(data).model_dump(mode="json")
    return found


@contextmanager
def world(folder: Path) -> Iterator[tuple[Address, Caller]]:
    """Start a portal in this process, at the moment of the pictures.

    Args:
        folder: An empty folder.
    """
    main = Kontrak.model_validate(sample(_MAIN))
    clinics = {f"k{number}": clinic(number, main) for number in range(len(_NAMES))}
    write_branch(folder, clinics, portal_settings(main, proses=2))
    with pytest.MonkeyPatch.context() as patched, ExitStack() as stack:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        portal = Portal.from_settings(folder / "pengaturan.yml", warms=False)
        portal.now = lambda: MOMENT
        client = stack.enter_context(in_thread(create_app(portal)))
        client.headers.update({"X-Pks-Orang": OFFICER, "X-Pks-Wilayah": BRANCH})
        yield Address(str(client.base_url).rstrip("/")), Caller(client)


def clinic(number: int, main: Kontrak) -> Kontrak:
    """Return one of the clinics of the workbook; the last one has an impossible term."""
    code = f"{main.faskes.kode[:-3]}{number + 101:03d}"
    other = Kontrak.model_validate_json(main.model_dump_json().replace(main.faskes.kode, code))
    changes: dict[str, Any] = {
        "pihak_kesatu": {"nomor_pks": f"{number + 301}/KTR/XIV-07/1226"},
        "pihak_kedua": {"nomor_pks": f"{number + 1}/KP/XII/2026", "nama_faskes": _NAMES[number]},
    }
    if number == len(_NAMES) - 1:
        changes["jangka_waktu"] = {"tanggal_selesai": date(YEAR - 1, 12, 31)}
    return other.model_copy(
        update={
            part: getattr(other, part).model_copy(update=values) for part, values in changes.items()
        }
    )


def new_form(branch: Caller) -> str:
    """Return the address of a form whose term ends before it begins."""
    data = copy.deepcopy(sample(_MAIN))
    data["jangka_waktu"]["tanggal_selesai"] = "31 Desember 2026"
    data["perjanjian_sebelumnya"] = {
        "nomor_pks_kesatu": "208/KTR/XIV-07/1225", "nomor_pks_kedua": "011/KP-SR/PKS/XII/2025",
        "tanggal_mulai": "1 Januari 2026", "tanggal_selesai": "31 Desember 2026",
    }  # fmt: skip
    answer = branch.post("/isian", {"isi": data})
    assert answer.status_code == 201, answer.text
    return f"/meja/isian/{answer.json()['id']}"


def furnished(server: Address, branch: Caller, folder: Path) -> dict[str, str]:
    """Do the December work, and return the places that addresses name."""
    officer, head = Visitor(server.url, BRANCH, OFFICER), Visitor(server.url, "pusat", HEAD)
    with officer.http, head.http:
        ids = {name: _issued(branch, sample(name)) for name in (_MAIN, *_ISSUED)}
        _sign(officer, [ids[name] for name in _SIGNED])
        ending = _issued(branch, sample(_MAIN, YEAR - 1))
        both = {"pihak": ["pihak_kesatu", "pihak_kedua"]}
        Caller(head.http).done(Caller(head.http).post(f"/perjanjian/{ending}/sesi", both))
        batch = _batch(officer, head, folder / "faskes.xlsx")
    return {"main": ids[_MAIN], "form": new_form(branch), "batch": batch}


def _issued(branch: Caller, data: dict[str, Any]) -> str:
    found: str = branch.done(branch.post("/perjanjian", {"data": data}))["perjanjian"]
    return found


def _sign(officer: Visitor, ids: list[str]) -> None:
    chosen = "".join(f"&pilih={one}" for one in ids)
    sent = {"pihak": "pihak_kesatu", "pilih": ids, "dibaca": "ya"}
    page = f"/meja/tumpukan/setuju?pihak=pihak_kesatu{chosen}"
    answer = officer.send("/meja/tumpukan/setuju", sent, page=page)
    assert answer.status_code == 303, told(answer.text)
    officer.settled(answer.headers["location"])


def _batch(officer: Visitor, head: Visitor, book: Path) -> str:
    file = ("faskes-2027.xlsx", book.read_bytes(), "application/octet-stream")
    sent = officer.hidden("/meja/batch") | {"nama": "Klinik Pratama 2027"}
    answer = officer.http.post("/meja/batch", data=sent, files=[("buku", file)])
    page: str = answer.headers["location"]
    officer.settled(page)
    plan = head.hidden(f"{page}/rencana")["rencana"]
    head.send(f"{page}/setujui", {"rencana": plan, "pilihan": "semua"}, page=f"{page}/rencana")
    officer.settled(page)
    officer.send(f"{page}/jalan", {"sampai": "verified"}, page=page)
    officer.settled(page)
    return page


def taken(desk: Desk, one: Picture, places: dict[str, str]) -> tuple[bytes, str]:
    """Return a page as PNG, and its words."""
    desk.page.set_viewport_size({"width": WIDE, "height": one.high})
    assert desk.open(one.path.format(**places)) == 200
    desk.page.wait_for_function(
        "() => [...document.images].every(one => one.complete || one.loading === 'lazy')"
    )
    desk.page.wait_for_load_state("networkidle")
    # what a page asks for again every two seconds until it is there
    desk.page.locator("[data-poll]").wait_for(state="detached")
    if one.top:
        desk.page.locator(one.top).evaluate("one => one.scrollIntoView()")
        desk.page.wait_for_function(
            "one => document.querySelector(`${one} img`).naturalWidth > 0", arg=one.top
        )
    return desk.page.screenshot(), " ".join(desk.page.inner_text("main").split())


def small(png: bytes, words: str, colours: int) -> bytes:
    """Return a picture in few colours, as small as it gets, with its words in it."""
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(colours)
    held, target = PngImagePlugin.PngInfo(), io.BytesIO()
    few.save(target, "PNG", optimize=True)
    plain = Image.open(io.BytesIO(zopfli.png.optimize(target.getvalue())))
    held.add_itxt(WORDS, words, zip=True)
    target = io.BytesIO()
    plain.save(target, "PNG", optimize=True, pnginfo=held)
    return target.getvalue()


@contextmanager
def window(server: Address, folder: Path) -> Iterator[Desk]:
    """Open the window that pictures are taken of."""

    def opened(found: Browsers) -> Any:
        return found.desk(server, BRANCH, name=OFFICER.partition(" ")[0].lower(), width=WIDE)

    with browsers(folder) as found, opened(found) as desk:
        yield desk


def main(target: str, *names: str) -> None:
    """Make all pictures, or those that are named."""
    wanted = [one for one in PICTURES if not names or one.name in names]
    sample_years.pin()
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        with world(folder) as (server, branch), window(server, folder / "peramban") as desk:
            if all(one.alone for one in wanted):
                places = {"main": _issued(branch, sample(_MAIN)), "form": new_form(branch)}
            else:
                places = furnished(server, branch, folder)
            for one in wanted:
                path = Path(target) / f"{one.name}.png"
                path.write_bytes(small(*taken(desk, one, places), one.colours))
                print(path, path.stat().st_size)  # noqa: T201
            assert desk.complaints == [], desk.complaints


if __name__ == "__main__":
    main(*sys.argv[1:])
