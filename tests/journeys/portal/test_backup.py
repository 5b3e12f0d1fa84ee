"""A portal is copied while it runs and writes, and stands up again in an empty place."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pks_kit.cli.cache import cache_folder
from pks_kit.ledger.ports import Event
from pks_kit.ledger.store import open_ledger
from support.branch import facility
from support.ledger_places import Place
from support.portal_server import CABANG, PortalServer, running_portal, write_portal
from support.postgres import USER, Server
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
DATA = facility(1).model_dump(mode="json")
_BOTH = ["pihak_kesatu", "pihak_kedua"]


class Uploads:
    """Somebody who hands in file after file; what was answered is remembered."""

    def __init__(self, server: PortalServer) -> None:
        self.kept: dict[str, str] = {}
        self._caller, self._stop = server.client(f"cabang:{CABANG}"), threading.Event()

    @contextmanager
    def going_on(self) -> Iterator[None]:
        thread = threading.Thread(target=self._send)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _send(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            content = hashlib.sha256(str(number).encode()).digest() * 5_000
            file = self._caller.upload(f"{number}.bin", content)
            self.kept[file["id"]] = hashlib.sha256(content).hexdigest()


def _settings(folder: Path, place: Place) -> tuple[Path, dict[str, str]]:
    settings = write_portal(folder, kompilasi=str(cache_folder() or "kompilasi"))
    if place.password is None:
        return settings, {}
    text = settings.read_text().replace("buku: buku.sqlite", f'buku: "{place.address}"')
    settings.write_text(text + 'kata_sandi_buku: "env:SANDI"\n')
    return settings, {"SANDI": place.password.reveal()}


def _copied(settings: Path, target: Path, secrets: dict[str, str]) -> None:
    environment = {**os.environ, "RAHASIA": PASSPHRASE.decode(), **secrets}
    subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "backup.py"), str(settings), str(target)],
        env=environment, check=True,
    )  # fmt: skip


def _put_back(
    copy: Path, target: Path, old: Path, place: Place, request: pytest.FixtureRequest
) -> str | Path:
    """Do what docs/portal.md says, and return where the ledger is; keys come from elsewhere."""
    ledger: str | Path = target / "buku.sqlite"
    shutil.copytree(copy, target)
    shutil.copytree(old / "uji", target / "uji")
    settings = (target / "pks.yml").read_text()
    if place.password is not None:
        server: Server = request.getfixturevalue("server")
        database = server.new_database()
        subprocess.run(
            ["pg_restore", "--no-owner", "--host=127.0.0.1", f"--port={server.port}",
             f"--username={USER}", f"--dbname={database}", "--exit-on-error",
             str(target / "basis.dump")],
            env={**os.environ, "PGPASSWORD": server.password}, check=True,
        )  # fmt: skip
        ledger = server.url(database)
        settings = settings.replace(place.address, str(ledger))
    (target / "pks.yml").write_text(settings)
    return ledger


def _address(folder: Path, place: Place) -> str | Path:
    return place.address if place.password else folder / "buku.sqlite"


def _events(address: str | Path, place: Place, agreement: str) -> tuple[Event, ...]:
    with open_ledger(address, password=place.password) as ledger:
        return ledger.events(agreement)


@pytest.mark.sampled(of="hard days")
def test_a_copy_of_a_running_portal_stands_up_elsewhere(
    tmp_path: Path, place: Place, request: pytest.FixtureRequest
) -> None:
    old, copy, new = tmp_path / "lama", tmp_path / "salinan", tmp_path / "baru"
    old.mkdir()
    settings, secrets = _settings(old, place)
    with running_portal(settings, secrets=secrets) as server:
        caller, uploads = server.client(f"cabang:{CABANG}", "pusat"), Uploads(server)
        job = caller.done(caller.post("/perjanjian", {"data": DATA}))
        one = f"/perjanjian/{job['perjanjian']}"
        signed = caller.done(caller.post(f"{one}/sesi", {"pihak": ["pihak_kesatu"]}))
        before = caller.get(one).json()
        events = _events(_address(old, place), place, before["id"])
        with uploads.going_on():
            going_on = caller.post(f"{one}/sesi", {"pihak": _BOTH}, key="kunci-berjalan")
            known = dict(uploads.kept)
            _copied(settings, copy, secrets)
            assert len(uploads.kept) > len(known)  # nobody was kept waiting until its end
        assert caller.done(going_on)["keadaan"] == "selesai"
        server.kill()
    assert {one.name for one in copy.iterdir()} >= {"pks.yml", "portal", "sesi"}
    ledger = _put_back(copy, new, old, place, request)
    with running_portal(new / "pks.yml", secrets=secrets) as server:
        caller = server.client(f"cabang:{CABANG}", "pusat")
        after = caller.get(one).json()
        changing = ("terkini", "tahap", "diubah")
        assert {**after, **{name: before[name] for name in changing}} == before
        assert _events(ledger, place, before["id"])[: len(events)] == events
        assert caller.get(f"/pekerjaan/{signed['id']}").json() == signed
        assert caller.waited(going_on.headers["location"])["keadaan"] == "selesai"
        caller.done(caller.post(f"{one}/sesi", {"pihak": _BOTH}))  # nothing is left to do
        told = caller.get(one).json()
        assert told["tahap"] == "DIARSIPKAN"
        kinds = [each.jenis for each in _events(ledger, place, before["id"])]
        assert kinds.count("meterai.terbit") == 2
        assert caller.done(caller.post("/buku/pemeriksaan", {}))["hasil"]["intact"] is True
        for file, sha256 in known.items():
            content = caller.get(f"/berkas/{file}/isi").content
            assert hashlib.sha256(content).hexdigest() == sha256
        signed_file = caller.get(f"/berkas/{told['terkini']}/isi").content
        file = caller.upload("kembali.pdf", signed_file)
        asked = {"berkas": file["id"], "perjanjian": told["id"]}
        judged = caller.done(caller.post("/verifikasi", asked))
        assert len(judged["hasil"]["signatures"]) >= 4
