"""Events reach whoever wants them, signed, in their order, again after a refusal; keys change."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from support.branch import facility
from support.portal_server import CABANG, running_portal, write_portal
from support.processes import wait_until

pytestmark = pytest.mark.slow
NEW = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


class Receiver(ThreadingHTTPServer):
    """Keeps what it gets; refuses the first ones."""

    def __init__(self, refuse: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.refuse = refuse
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.refused: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_refused = len(self.server.refused) < self.server.refuse
        if is_refused:
            self.server.refused.append(headers["webhook-id"])
        else:
            self.server.got.append((headers, body))
        self.send_response(500 if is_refused else 204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver(refuse=1)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_events_reach_their_receiver(tmp_path: Path, receiver: Receiver) -> None:
    url = f"http://127.0.0.1:{receiver.server_address[1]}/masuk"
    hooks = {
        "portal": {
            "alamat": url,
            "rahasia": "env:HOOK",
            "rahasia_lama": "env:HOOK_LAMA",
            "peristiwa": ["buku.*", "pekerjaan.selesai"],
            "alamat_pribadi": True,
        },
        "dilarang": {"alamat": url, "rahasia": "env:HOOK", "peristiwa": ["pekerjaan.*"]},
    }
    settings = write_portal(tmp_path, webhook=hooks)
    with running_portal(settings, secrets={"HOOK": NEW, "HOOK_LAMA": OLD}) as server:
        caller = server.client(f"cabang:{CABANG}")
        data = facility(1).model_dump(mode="json")
        job = caller.done(caller.post("/perjanjian", {"data": data}))
        where = f"/perjanjian/{job['perjanjian']}/sesi"
        caller.done(caller.post(where, {"pihak": ["pihak_kesatu"]}))
        office = server.client("pusat")
        events = office.get("/buku").json()["head"]["nomor"]
        wait_until(lambda: len(receiver.got) == events + 2)
        assert len({headers["webhook-id"] for headers, _ in receiver.got}) == events + 2
        kinds = [json.loads(body)["type"] for _, body in receiver.got]
        assert kinds.count("pekerjaan.selesai") == 2
        assert "buku.langkah.selesai" in kinds
        assert receiver.refused[0] in {headers["webhook-id"] for headers, _ in receiver.got}
        for headers, body in receiver.got:
            for key in (NEW, OLD):  # whoever has not changed keys yet believes it too
                Webhook(key).verify(body, headers)
        told = b"".join(body for _, body in receiver.got).decode()
        for word in (data["pihak_kedua"]["nama_penandatangan"], data["faskes"]["npwp"]):
            assert word not in told

        failed = office.get("/kiriman").json()["daftar"]
        forbidden = [one for one in failed if one["webhook"] == "dilarang"]
        assert forbidden
        assert all("not_public" in one["jawaban"] for one in forbidden)
        assert all(one["keadaan"] == "menunggu" for one in forbidden)

        before = len(receiver.got)
        again = receiver.got[0][0]["webhook-id"]
        assert office.post(f"/kiriman/{again}/ulangi", {}).status_code == 202
        wait_until(lambda: len(receiver.got) == before + 1)
        assert receiver.got[-1][0]["webhook-id"] == again


def test_a_wrong_key_is_told_at_the_start(tmp_path: Path) -> None:
    hooks = {"portal": {"alamat": "https://contoh.invalid/", "rahasia": "env:HOOK"}}
    settings = write_portal(tmp_path, webhook=hooks)
    with (
        pytest.raises(AssertionError, match=r"web\.bad_webhook_key|secret of webhook"),
        running_portal(settings, secrets={"HOOK": "whsec_"}),
    ):
        pass
