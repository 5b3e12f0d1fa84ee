"""A server that is killed again and again while much comes in: nothing accepted is ever lost."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from pks_kit.ledger.address import read_address
from pks_kit.web.state.database import open_state
from pks_kit.web.state.tables import kiriman
from support.branch import facility
from support.ledger_places import Place
from support.portal_server import CABANG, free_port, running_portal, write_portal
from support.processes import environment, wait_until

pytestmark = pytest.mark.slow
RENEWAL = {
    "data": facility(1).model_dump(mode="json"),
    "mulai": "2029-01-01",
    "selesai": "2029-12-31",
    "banding": False,
}
_KILLS = 3
_SENDERS = 6
_APPENDED = 200
_APPENDS = """
import os, sys
from pks_kit.domain.secret import Secret
from pks_kit.ledger.store import open_ledger
from support.ledger_events import write
password = Secret(os.environ["SANDI"]) if os.environ.get("SANDI") else None
with open_ledger(sys.argv[1], password=password) as ledger:
    for number in range(int(sys.argv[2])):
        write(ledger, 1, f"{number:026d}")
"""


class Senders:
    """Several who hand in files and order work until they are told to stop, each with a key.

    What was not answered is sent again with its key; who is answered remembers it.
    """

    def __init__(self, url: str) -> None:
        self.accepted: dict[str, tuple[str, str]] = {}
        self.jobs: dict[str, str] = {}
        self.unexpected: list[str] = []
        self._url, self._stop = url, threading.Event()
        self._threads = [
            threading.Thread(target=self._send, args=(one,)) for one in range(_SENDERS)
        ]

    def __enter__(self) -> Senders:
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for one in self._threads:
            one.join()

    def _send(self, who: int) -> None:
        number = 0
        headers = {"X-Pks-Orang": f"orang-{who}", "X-Pks-Wilayah": f"cabang:{CABANG}"}
        with httpx.Client(base_url=self._url, headers=headers, timeout=60) as client:
            while not self._stop.is_set():
                number += 1
                self._until_answered(client, who, number)

    def _until_answered(self, client: httpx.Client, who: int, number: int) -> None:
        key = f"kunci-{who}-{number:06d}"
        content = hashlib.sha256(key.encode()).digest() * 20_000
        orders = number % 3 == 0
        while True:
            try:
                if orders:
                    answer = client.post(
                        "/perpanjangan", json=RENEWAL, headers={"Idempotency-Key": key}
                    )
                else:
                    answer = client.post("/berkas", params={"nama": f"{key}.bin"}, content=content,
                                         headers={"Idempotency-Key": key})  # fmt: skip
            except httpx.TransportError:
                if self._stop.wait(0.05):
                    return  # nobody promised anything
                continue
            if answer.status_code == 409 and answer.json()["code"] == "web.key_running":
                time.sleep(0.1)
                continue
            if answer.status_code == 201:
                found = hashlib.sha256(content).hexdigest()
                self.accepted[key] = (answer.json()["id"], found)
            elif answer.status_code == 202:
                self.jobs[key] = answer.headers["location"]
            else:
                self.unexpected.append(answer.text)
            return


@pytest.mark.sampled(of="hard days")
def test_no_accepted_upload_and_no_job_is_lost(tmp_path: Path) -> None:
    settings, port = write_portal(tmp_path), free_port()
    with Senders(f"http://127.0.0.1:{port}") as senders:
        for _ in range(_KILLS):
            with running_portal(settings, port=port) as server:
                files, jobs = len(senders.accepted), len(senders.jobs)
                wait_until(lambda: len(senders.accepted) > files + 10, 120)  # noqa: B023
                wait_until(lambda: len(senders.jobs) > jobs + 5, 120)  # noqa: B023
                server.kill()
    assert senders.unexpected == []
    with running_portal(settings, port=port) as server:
        caller = server.client(f"cabang:{CABANG}")
        for file, sha256 in senders.accepted.values():
            content = caller.get(f"/berkas/{file}/isi").content
            assert hashlib.sha256(content).hexdigest() == sha256
        ended = [caller.waited(where) for where in senders.jobs.values()]
        assert [one["masalah"] for one in ended if one["keadaan"] != "selesai"] == []
        assert len({one["id"] for one in ended}) == len(senders.jobs)
        for one in ended:  # its end and its file were written down together, or neither was
            (made,) = one["berkas"]
            content = caller.get(f"/berkas/{made['id']}/isi").content
            assert hashlib.sha256(content).hexdigest() == made["sha256"]


@pytest.mark.sampled(of="hard days")
def test_every_event_of_a_ledger_is_told_once(tmp_path: Path, place: Place) -> None:
    """Somebody at the command line writes while the server is killed, again and again."""
    hook: dict[str, Any] = {
        "alamat": f"http://127.0.0.1:{free_port()}/", "rahasia": "env:HOOK",
        "peristiwa": ["buku.*"], "alamat_pribadi": True,
    }  # fmt: skip
    settings = write_portal(tmp_path, webhook={"satu": hook})
    text = settings.read_text().replace("buku: buku.sqlite", f'buku: "{place.address}"')
    if place.password is not None:
        text += 'kata_sandi_buku: "env:SANDI"\n'
    settings.write_text(text)
    password = place.password.reveal() if place.password else ""
    secrets = {"HOOK": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "SANDI": password}
    address = read_address(place.address, place.password)
    with running_portal(settings, secrets=secrets):
        pass  # from here on it follows
    command = [sys.executable, "-c", _APPENDS, place.address, str(_APPENDED)]
    with subprocess.Popen(command, env={**environment(), "SANDI": password}) as writing:
        for _ in range(_KILLS):
            with running_portal(settings, secrets=secrets) as server:
                time.sleep(1.3)  # somewhere in the middle of something
                server.kill()
        assert writing.wait(300) == 0
    with place.open() as ledger:
        wanted = Counter(one.nomor for one in ledger.events())
    with running_portal(settings, secrets=secrets):
        state = open_state(tmp_path / "portal", address)
        try:
            wait_until(lambda: len(_told(state)) >= _APPENDED)
            assert Counter(_told(state)) == wanted
        finally:
            state.close()
    assert len(wanted) == _APPENDED


def _told(state: Any) -> list[int]:
    with state.read() as connection:
        found = connection.execute(select(kiriman.c.isi)).scalars()
        return [json.loads(one)["data"]["nomor"] for one in found]
