"""The portal under load: CPU of an answer beside bare FastAPI, how long one waits, what stays.

``python benchmarks/portal.py [--seconds 6] [--agreements 26000] [--rows 120] [--only NAME ...]``

``wrk`` asks (Debian: ``apt-get install wrk``) a server of its own process, with real keys of a
sandbox and as many agreements in its state as are asked for. CPU is that of the server with all of
its processes, by request, while nothing else is asked of it; ``x hello`` is the ratio to a bare
FastAPI endpoint, ``x plain`` to the same bytes served by Starlette (a download, or a page out of
memory), in the same run. What one waits is told with the load of the machine; it is worth comparing
only within one run. ``batch`` asks again while a rehearsal of a real batch fills the cores;
``people`` asks during another one as people do, at moments that no answer moves, and tells how full
the cores were; ``memory`` holds on for 20,000 requests; ``uploads`` hands in fifty files at once;
``first`` starts a server of its own and tells what the first visitor waits for each page.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE)]

import httpx  # noqa: E402
from cpu import descendants, spent_below  # noqa: E402
from machine import load, machine  # noqa: E402
from portal_people import Asked, Waits, idle_seconds, people  # noqa: E402

from pks_kit.cli.cache import cache_folder  # noqa: E402
from pks_kit.domain.kontrak import Kontrak  # noqa: E402
from pks_kit.domain.tanggal import months_after  # noqa: E402
from pks_kit.inputs.workbook import write_workbook  # noqa: E402
from pks_kit.ledger.address import read_address  # noqa: E402
from pks_kit.pipelines.requests.clock import system_clock  # noqa: E402
from pks_kit.web.scope import Area  # noqa: E402
from pks_kit.web.state import agreements  # noqa: E402
from pks_kit.web.state.database import open_state  # noqa: E402
from pks_kit.web.state.ids import new_id  # noqa: E402
from support.branch import facility  # noqa: E402
from support.facilities import facilities  # noqa: E402
from support.portal_server import (  # noqa: E402
    CABANG,
    KEDEPUTIAN,
    PortalServer,
    free_port,
    running_portal,
    write_portal,
)

WAIT_MS = {"page": 200.0, "findings": 150.0, "preview": 1000.0}
"""What one may wait for, p99; see docs/portal.md."""

_UPLOADS, _UPLOAD_BYTES = 50, 2_000_000
_MEMORY_REQUESTS = 20_000
_DATA_FILES, _DAYS = 10, 540
_QUIET_SECONDS = 3.0
_PROCESSES = 2
"""``portal.proses`` where nobody says another number."""

_PEOPLE, _PAUSE = 20, 4.0
"""How many people there are beside a batch, and how many seconds each reads a page."""
_PEOPLE_SECONDS = 240.0
_LUA = """
local serial, version = 0, "{version}"
local headers, bodies, paths = {headers}, {bodies}, {paths}
request = function()
  serial = serial + 1
  local body = bodies[(serial - 1) % #bodies + 1]
  if version ~= "" then body = string.gsub(body, "VERSI", version) end
  return wrk.format("{method}", paths[(serial - 1) % #paths + 1], headers, body)
end
if version ~= "" then
  response = function(status, told, body)
    version = string.match(body, 'id="versi" value="(%d+)"') or version
  end
end
"""
"""Asks the same again; a form tells the next one which version it left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What wrk and the kernel told."""

    requests: int
    wrong: int
    p50: float
    p99: float
    cpu_ms: float


def wrk(server: str, pid: int, asked: Asked, seconds: float) -> Told:
    """Ask for some seconds."""
    script = (
        _LUA.replace("{bodies}", _lua(asked.bodies or ("",)))
        .replace("{headers}", _lua(asked.headers))
        .replace("{method}", asked.method)
        .replace("{paths}", _lua(asked.paths))
        .replace("{version}", asked.version)
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = [
            *("wrk", "-t1", f"-c{asked.connections}", f"-d{seconds:.0f}s", "--latency"),
            *("--timeout", "60s", "-s", file.name, server),
        ]
        before = spent_below(pid)
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        spent = spent_below(pid) - before
    told = run.stdout
    count = re.search(r"(\d+) requests in", told)
    if run.returncode or count is None:
        raise SystemExit(f"{asked.name}: wrk ended with {run.returncode}:\n{told}{run.stderr}")
    requests = int(count[1])
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    return Told(
        requests=requests,
        wrong=int(wrong[1]) if wrong else 0,
        p50=_milliseconds(told, "50%"),
        p99=_milliseconds(told, "99%"),
        cpu_ms=1000 * spent / max(1, requests),
    )


def _lua(given: dict[str, str] | tuple[str, ...]) -> str:
    """Write texts as a table of Lua."""
    if isinstance(given, tuple):
        return "{" + ", ".join(f"[==[{one}]==]" for one in given) + "}"
    return "{" + ", ".join(f"[{json.dumps(a)}] = [==[{b}]==]" for a, b in given.items()) + "}"


def _milliseconds(told: str, row: str) -> float:
    found = re.search(rf"{row}\s+([0-9.]+)(us|ms|s|m)\b", told)
    if found is None:
        return float("nan")
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[found[2]]


def resident(pid: int) -> dict[str, float]:
    """Return the private and shared memory in MiB of a server and of its processes together."""
    found = [pid, *descendants(pid)]
    return {"server": _pss(pid), "all": sum(map(_pss, found))}


def _pss(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next(int(one.split()[1]) for one in text.splitlines() if one.startswith("Pss:")) / 1024


class World:
    """A server with many agreements, one of them whole, and a form that is being filled in."""

    def __init__(self, server: PortalServer, folder: Path, count: int) -> None:
        self.server = server
        self.pid = server.process.pid
        self.folder = folder
        self.branch = server.client(f"cabang:{CABANG}", name="Sari Contohwati")
        self.told = {"X-Pks-Orang": "Sari Contohwati", "X-Pks-Wilayah": f"cabang:{CABANG}"}
        self.data = facility(1).model_dump(mode="json")
        job = self.branch.done(self.branch.post("/perjanjian", {"data": self.data}))
        self.agreement: dict[str, Any] = self.branch.get(f"/perjanjian/{job['perjanjian']}").json()
        page = self.branch.get("/meja")
        self.cookie = page.headers["set-cookie"].split(";")[0]
        self._many(count)
        self.form: dict[str, Any] = self.branch.post("/isian", {"isi": self.data}).json()

    def _many(self, count: int) -> None:
        """Put further agreements into the state; their data are ten files, the rest of the first.

        Of those that end on the same day one after another has another file.
        """
        data = [
            self.branch.upload(f"{number}.json", json.dumps(_changed(self.data, number)).encode())
            for number in range(_DATA_FILES)
        ]
        address = read_address(str(self.folder / "buku.sqlite"), None)
        state = open_state(self.folder / "portal", address)
        first, now = self.agreement, system_clock()
        area = Area(faskes="", cabang=CABANG, kedeputian=KEDEPUTIAN)
        with state.write() as connection:
            for number in range(count):
                end = date(2026, 12, 1) + timedelta(days=number % _DAYS)
                facts = {
                    **first,
                    "nama": f"Klinik Rekaan {number}",
                    "data": data[number // _DAYS % _DATA_FILES]["id"],
                    "selesai": end.isoformat(),
                    "nomor_kesatu": f"{number}/KTR/2026",
                    "nomor_kedua": f"{number}/KP/2026",
                }
                whose = replace(area, faskes=f"R{number:07d}")
                agreements.put(connection, new_id(now), whose, facts, now)
        state.close()

    def asked(self, turn: int = 0) -> list[Asked]:
        """Return everything that is asked.

        Args:
            turn: Counts how often it was asked for: what nobody may have asked for before is
                something else each time.
        """
        here = {
            **self.told,
            "Sec-Fetch-Site": "same-origin",
            "Cookie": self.cookie,
        }
        one, file = self.agreement["id"], self.agreement["terbit"]
        picture = f"/berkas/{file}/halaman/3.jpg"
        pictures = tuple(
            f"/berkas/{file}/halaman/{page}.jpg?dpi={90 + turn * 3 + more}"
            for more in range(3)
            for page in range(1, self.agreement["halaman"] + 1)
        )
        first = date(2027, 1, 1)
        months = tuple(
            f"/meja/kalender/{months_after(first, number):%Y-%m}?halaman={page + turn * 12}"
            for page in range(1, 13)
            for number in range(16)
        )
        stacks = tuple(
            f"/meja/tumpukan?pihak=pihak_kesatu&halaman={page + turn * 30}" for page in range(2, 32)
        )
        asking = {**self.told, "Content-Type": "application/json"}
        drafts = tuple(json.dumps({"data": _changed(self.data, number)}) for number in range(9))
        return [
            Asked(name="health", paths=("/kesehatan",), kind=""),
            Asked(name="agreement JSON", paths=(f"/perjanjian/{one}",), headers=self.told),
            Asked(name="worklist JSON", paths=("/perjanjian",), headers=self.told),
            Asked(name="worklist page", paths=("/meja",), headers=here, plain="teks"),
            Asked(name="search page", paths=("/meja?cari=Rekaan+99",), headers=here),
            Asked(name="agreement page", paths=(f"/meja/perjanjian/{one}",), headers=here),
            Asked(name="calendar page", paths=("/meja/kalender",), headers=here),
            Asked(name="month page", paths=("/meja/kalender/2027-12",), headers=here),
            Asked(name="month page, new", paths=months, headers=here),
            Asked(name="stack page", paths=("/meja/tumpukan?pihak=pihak_kesatu",), headers=here),
            Asked(name="stack page, new", paths=stacks, headers=here),
            Asked(name="dashboard", paths=("/meja/ringkasan",), headers=here),
            Asked(name="page picture", paths=(picture,), headers=self.told, plain="berkas"),
            Asked(name="page picture, new", paths=pictures, headers=self.told, plain="berkas"),
            Asked(name="download", paths=(f"/berkas/{file}/isi",), headers=self.told),
            self._findings(here),
            Asked(name="draft preview", paths=("/pratinjau",), method="POST", bodies=drafts,
                  headers=asking, kind="preview", connections=1),
        ]  # fmt: skip

    def _findings(self, here: dict[str, str]) -> Asked:
        """Return somebody who changes a name again and again and is told what is wrong."""
        path = f"/meja/isian/{self.form['id']}/pihak_2"
        cookies = {"Cookie": here["Cookie"]}
        fields = _Fields()
        shown = self.branch.get(path, headers=cookies).text
        fields.feed(shown)
        typed = [{**fields.found, "versi": "VERSI", "pihak_kedua.nama_faskes": f"Klinik {one}"}
                 for one in range(5)]  # fmt: skip
        return Asked(
            name="findings of a form",
            paths=(f"{path}/periksa",),
            method="POST",
            headers={**here, "HX-Request": "true",
                     "Content-Type": "application/x-www-form-urlencoded"},
            bodies=tuple(urlencode(one) for one in typed),
            kind="findings",
            connections=1,
            version=fields.found["versi"],
        )  # fmt: skip


class _Fields(HTMLParser):
    """Collects what a form of a page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        is_off = told.get("type") in ("radio", "checkbox") and "checked" not in told
        if tag == "input" and told.get("name") and not is_off:
            self.found.setdefault(told["name"], told.get("value", ""))
        elif tag == "select":
            self._choice = told.get("name", "")
        elif tag == "option" and self._choice and "selected" in told:
            self.found[self._choice] = told.get("value", "")


def _changed(data: dict[str, Any], number: int) -> dict[str, Any]:
    return {**data, "pihak_kedua": {**data["pihak_kedua"], "nama_faskes": f"Klinik Coba {number}"}}


def settled(pid: int) -> None:
    """Wait until the processes of a server have loaded what people will need."""
    spent = spent_below(pid)
    while True:
        time.sleep(_QUIET_SECONDS)
        before, spent = spent, spent_below(pid)
        if spent - before < 0.05 * _QUIET_SECONDS:
            return


@contextmanager
def peer(world: World) -> Iterator[tuple[str, int]]:
    """Serve a bare endpoint, a picture and a page; yield address and process."""
    picture, page = world.folder / "gambar.jpg", world.folder / "halaman.html"
    picture.write_bytes(
        world.branch.get(f"/berkas/{world.agreement['terbit']}/halaman/3.jpg").content
    )
    page.write_bytes(world.branch.get("/meja").content)
    port = free_port()
    command = [sys.executable, str(HERE / "portal_peer.py"), str(port), str(picture), str(page)]
    process = subprocess.Popen(command)
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                httpx.get(f"{address}/halo")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.kill()
        process.wait()


def show(name: str, told: Told, asked: Asked, *peers: float, most: float | None = None) -> None:
    """Print a line; ``most`` is the longest that somebody waited."""
    limit = WAIT_MS.get(asked.kind)
    bar = "" if limit is None else f"{'met' if told.p99 < limit else 'NOT MET'} (< {limit:.0f})"
    if not told.requests:
        bar = "NO ANSWER IN TIME"
    ratios = "".join(f"{told.cpu_ms / one:>9.1f}" if one else f"{'':>9}" for one in peers)
    ratios += "" if most is None else f"{most:>9.1f}"
    wrong = f"  {told.wrong} REFUSED" if told.wrong else ""
    print(
        f"{name:<22}{told.requests:>8}{told.cpu_ms:>9.2f}{told.p50:>9.1f}{told.p99:>9.1f}"
        f"{ratios}  {bar}{wrong}  load {load()}",
        flush=True,
    )


def head(*more: str) -> None:
    """Print the head of a table."""
    names = ("asked", "CPU ms", "p50 ms", "p99 ms", *more)
    print(f"\n{'':<22}{names[0]:>8}" + "".join(f"{one:>9}" for one in names[1:]), flush=True)


def answers(world: World, seconds: float) -> None:
    """Measure everything while nothing else is asked."""
    bare = {}
    with peer(world) as (address, pid):
        head("x hello", "x plain")
        for name in ("halo", "berkas", "teks"):
            asked = Asked(name=name, paths=(f"/{name}",), kind="")
            told = wrk(address, pid, asked, seconds)
            bare[name] = told.cpu_ms
            show(f"bare {name}", told, asked)
    for asked in world.asked():
        wrk(world.server.url, world.pid, asked, 1)
    for asked in world.asked(turn=1):
        told = wrk(world.server.url, world.pid, asked, seconds)
        show(asked.name, told, asked, bare["halo"], bare.get(asked.plain, 0.0))


def batch(world: World, seconds: float, rows: int) -> None:
    """Measure while the rehearsal of a batch fills the cores."""
    where, begun = _begun(world, rows, "Beban")
    head()
    for asked in world.asked(turn=2):
        before = _ended(world, where)
        told = wrk(world.server.url, world.pid, asked, seconds)
        done = _ended(world, where)
        show(asked.name, replace(told, cpu_ms=float("nan")), asked)
        if world.branch.get(where).json()["keadaan"] != "dikerjakan":
            print(f"the batch ended meanwhile, {before} and {done}: take more rows (--rows)")
            break
    rate = _ended(world, where) / (time.monotonic() - begun)
    print(f"the batch did {60 * rate:.0f} agreements a minute meanwhile")


def beside_people(world: World, seconds: float, rows: int) -> None:
    """Measure what people wait who read their pages, while the rehearsal of a batch runs."""
    del seconds
    where, _ = _begun(world, rows, "Beban dan orang")
    ahead = world.asked(turn=5)
    people(world.server.url, ahead, seconds=10, a_second=_PEOPLE / _PAUSE)  # see first()
    wishes = world.asked(turn=5)  # the form has moved on
    before, idle, begun = _ended(world, where), idle_seconds(), time.monotonic()
    found = people(world.server.url, wishes, seconds=_PEOPLE_SECONDS, a_second=_PEOPLE / _PAUSE)
    wall = time.monotonic() - begun
    busy = 1 - (idle_seconds() - idle) / (wall * (os.cpu_count() or 1))
    head("most ms")
    for one in wishes:
        told = found[one.name]
        short = Told(
            requests=len(told.waited), wrong=told.wrong, p50=told.share(0.5),
            p99=told.share(0.99), cpu_ms=float("nan"),
        )  # fmt: skip
        show(one.name, short, one, most=told.share(1.0))
    pages = [one.name for one in wishes if one.kind == "page"]
    every = Waits([wait for name in pages for wait in found[name].waited])
    print(
        f"pages alone: {len(every.waited)} answers to {_PEOPLE} people, 99 of 100 within "
        f"{every.share(0.99):.0f} ms; cores {100 * busy:.0f} % busy"
    )
    if world.branch.get(where).json()["keadaan"] != "dikerjakan":
        print("the batch ended meanwhile: take more rows (--rows)")
    rate = (_ended(world, where) - before) / wall
    print(f"the batch did {60 * rate:.0f} agreements a minute meanwhile")


def _begun(world: World, rows: int, name: str) -> tuple[str, float]:
    """Begin the rehearsal of a batch and return its job and when it began."""
    town = world.data["pihak_kesatu"]["kantor_cabang"]
    book = write_workbook({one.faskes.kode: _of(one, town) for _, one in facilities(rows)})
    file = world.branch.upload("faskes.xlsx", book)
    body = {"nama": name, "sumber": [file["id"]], "contoh": 0}
    planned = world.branch.done(world.branch.post("/batch", body))
    folder = planned["hasil"]["folder"]
    ordered = world.branch.post(f"/batch/{folder}/jalan", {"gladi": True})
    where, begun = ordered.headers["location"], time.monotonic()
    while not _ended(world, where):
        time.sleep(0.5)
    print(
        f"\nwhile a batch of {planned['hasil']['ready']} runs, after {_ended(world, where)} of it"
    )
    return where, begun


def _of(one: Kontrak, town: str) -> Kontrak:
    first = one.pihak_kesatu.model_copy(update={"kantor_cabang": town})
    return one.model_copy(update={"pihak_kesatu": first})


def _ended(world: World, where: str) -> int:
    job = world.branch.get(where).json()
    if job["keadaan"] in ("gagal", "dibatalkan"):
        raise SystemExit(f"the batch ended: {job['masalah']}")
    return int(job["kemajuan"].get("selesai", 0))


def memory(world: World, seconds: float) -> None:
    """Tell what the processes hold before and after many requests of every kind."""
    wanted = [one for one in world.asked(turn=3) if one.kind != "preview"]
    for one in wanted:
        wrk(world.server.url, world.pid, one, 3)
    begun, asked, figures = resident(world.pid), 0, []
    print(f"\nmemory: server {begun['server']:.1f} MiB, all processes {begun['all']:.1f} MiB")
    while asked < _MEMORY_REQUESTS:
        asked += sum(wrk(world.server.url, world.pid, one, seconds).requests for one in wanted)
        figures.append(resident(world.pid))
        print(
            f"after {asked:>6} requests: server {figures[-1]['server']:.1f} MiB, "
            f"all processes {figures[-1]['all']:.1f} MiB",
            flush=True,
        )


def uploads(world: World, seconds: float) -> None:
    """Hand in fifty files at once; each must be answered and be there."""
    del seconds
    contents = [hashlib.sha256(str(one).encode()).digest() * (_UPLOAD_BYTES // 32)
                for one in range(_UPLOADS)]  # fmt: skip
    before, begun = spent_below(world.pid), time.monotonic()

    async def send(client: httpx.AsyncClient, number: int) -> tuple[str, float]:
        mine = time.monotonic()
        answer = await client.post(
            "/berkas", params={"nama": f"{number}.bin"}, content=contents[number],
            headers={"Idempotency-Key": f"beban-{os.urandom(6).hex()}"},
        )  # fmt: skip
        answer.raise_for_status()
        return str(answer.json()["id"]), time.monotonic() - mine

    async def all_of_them() -> list[tuple[str, float]]:
        limits = httpx.Limits(max_connections=_UPLOADS)
        async with httpx.AsyncClient(
            base_url=world.server.url, timeout=300, limits=limits, headers=world.told
        ) as client:
            return await asyncio.gather(*(send(client, one) for one in range(_UPLOADS)))

    found = asyncio.run(all_of_them())
    wall, cpu = time.monotonic() - begun, spent_below(world.pid) - before
    lost = [one for one, (name, _) in enumerate(found)
            if world.branch.get(f"/berkas/{name}/isi").content != contents[one]]  # fmt: skip
    megabytes = _UPLOADS * _UPLOAD_BYTES / 1e6
    print(
        f"\nuploads: {_UPLOADS} of {_UPLOAD_BYTES / 1e6:.0f} MB at once in {wall:.1f} s, "
        f"{len(lost)} lost, longest {max(one for _, one in found):.1f} s, "
        f"{1000 * cpu / megabytes:.1f} ms of CPU a MB, load {load()}"
    )


def first(place: Path) -> None:
    """Tell what the first visitor of a server that has just started waits, page after page.

    Its agreements are those of another server on the same folder, which has ended.
    """
    place.mkdir()
    settings = write_portal(place, proses=_PROCESSES, kompilasi=str(cache_folder() or "kompilasi"))
    with running_portal(settings) as server:
        pages = World(server, place, _DAYS).asked(turn=1)
    begun = time.monotonic()
    with running_portal(settings, warms=True) as server:
        print(f"\nfirst visitor; the server answers after {time.monotonic() - begun:.1f} s")
        print(f"{'':<22}{'first ms':>9}{'second ms':>10}")
        branch = server.client()
        for one in pages:
            if one.version:
                continue  # its form belongs to the cookie of a process that has ended
            took = []
            for turn in range(2):
                asked = time.monotonic()
                answer = branch.http.request(
                    one.method, one.paths[turn % len(one.paths)],
                    headers=one.headers, content=(one.bodies or ("",))[0],
                )  # fmt: skip
                took.append(1000 * (time.monotonic() - asked))
                answer.raise_for_status()
            print(f"{one.name:<22}{took[0]:>9.0f}{took[1]:>10.0f}  load {load()}", flush=True)


PARTS: dict[str, Callable[..., None]] = {
    "first": first,
    "answers": answers,
    "batch": batch,
    "people": beside_people,
    "memory": memory,
    "uploads": uploads,
}


def main() -> None:
    """Measure the parts that are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--agreements", type=int, default=26_000)
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing; install it: apt-get install wrk")
    place = Path(tempfile.mkdtemp(prefix="portal-"))
    try:
        print(json.dumps(machine(), indent=1))
        parts = [one for one in PARTS if one in given.only]
        if "first" in parts:
            first(place / "pertama")
            parts.remove("first")
        if not parts:
            return
        settings = write_portal(
            place, proses=_PROCESSES, kompilasi=str(cache_folder() or "kompilasi")
        )
        with running_portal(settings, warms=True) as server:
            world = World(server, place, given.agreements)
            settled(world.pid)
            for name in parts:
                more = (given.rows,) if name in ("batch", "people") else ()
                PARTS[name](world, given.seconds, *more)
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
