"""A portal in a process of its own: uvicorn on loopback, real keys of a sandbox, real jobs.

Who asks is told by the headers of a trusted proxy, which here is the test itself.
"""

from __future__ import annotations

import itertools
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml

from pks_kit.domain.kontrak import Kontrak
from support.branch import SETTINGS, facility, write_branch
from support.shared_pages import is_shared, taking_part
from support.signing_world import PASSPHRASE

CABANG, KEDEPUTIAN = "0901", "04"
PATIENCE = 300.0
_KEYS = itertools.count()


def portal_settings(one: Kontrak, **portal: Any) -> str:
    """Return settings of a branch with a portal whose branch is that of an agreement."""
    part = {
        "cabang": {
            CABANG: {"nama": one.pihak_kesatu.kantor_cabang, "kedeputian": KEDEPUTIAN},
            "0902": {"nama": "Kota Lain", "kedeputian": KEDEPUTIAN},
        },
        "identitas": {"jenis": "proksi", "alamat": ["127.0.0.1"]},
        "proses": 1,
        **portal,
    }
    return SETTINGS + yaml.safe_dump({"portal": part}, allow_unicode=True)


def write_portal(folder: Path, **portal: Any) -> Path:
    """Write settings, keys and a workbook of one clinic, and return the settings."""
    one = facility(1)
    write_branch(folder, {"satu": one}, portal_settings(one, **portal))
    return folder / "pengaturan.yml"


@cache
def plain() -> ssl.SSLContext:
    """Return what each client would make anew in 35 ms, though none here speaks TLS."""
    return httpx.create_ssl_context()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class PortalServer:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it as a power cut would, its workers with it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def client(self, *scopes: str, name: str = "orang", **headers: str) -> Caller:
        """Return somebody who asks."""
        told = {"X-Pks-Orang": name, "X-Pks-Wilayah": ",".join(scopes), **headers}
        client = httpx.Client(base_url=self.url, headers=told, timeout=PATIENCE, verify=plain())
        self.clients.append(client)
        return Caller(client)


@dataclass
class Caller:
    """Somebody who asks a server; every POST gets a key of its own unless it brings one."""

    http: httpx.Client

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.http.get(path, **more)

    def post(self, path: str, body: Any = None, key: str = "", **more: Any) -> httpx.Response:
        headers = {"Idempotency-Key": key or f"kunci-uji-{os.getpid()}-{next(_KEYS)}"}
        return self.http.post(path, json=body, headers=headers | more.pop("headers", {}), **more)

    def upload(self, name: str, content: bytes, key: str = "") -> dict[str, Any]:
        headers = {"Idempotency-Key": key or f"kunci-uji-{os.getpid()}-{next(_KEYS)}"}
        answer = self.http.post("/berkas", params={"nama": name}, content=content, headers=headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def done(self, answer: httpx.Response) -> dict[str, Any]:
        """Wait for the job of an answer and return it; it must have ended well."""
        job = self.ended(answer)
        assert job["keadaan"] == "selesai", job["masalah"]
        return job

    def ended(self, answer: httpx.Response) -> dict[str, Any]:
        """Wait for the job of an answer and return it."""
        assert answer.status_code == 202, answer.text
        return self.waited(answer.headers["location"])

    def waited(self, where: str) -> dict[str, Any]:
        """Wait for a job and return it."""
        ends = time.monotonic() + PATIENCE
        while True:
            job: dict[str, Any] = self.get(where).json()
            if job["keadaan"] not in ("menunggu", "dikerjakan"):
                return job
            assert time.monotonic() < ends, job
            time.sleep(0.1)


@contextmanager
def running_portal(
    settings: Path,
    *,
    port: int = 0,
    secrets: dict[str, str] | None = None,
    warms: bool = False,
) -> Iterator[PortalServer]:
    """Start a server and stop it, whatever happens; its processes warm up only for who measures."""
    chosen = port or free_port()
    log = settings.with_name("server.log")
    tests = str(Path(__file__).resolve().parents[1])
    shared = taking_part(os.environ) if is_shared() else {**os.environ, "PYTHONPATH": tests}
    environment = shared | {"RAHASIA": PASSPHRASE.decode(), **(secrets or {})}
    command = [sys.executable, "-m", "support.portal_server", str(settings), str(chosen)]
    command += ["warms"] if warms else []
    with log.open("ab") as written:
        process = subprocess.Popen(command, env=environment, stdout=written, stderr=written)
    server = PortalServer(chosen, process, log)
    try:
        _wait_for(server)
        yield server
    finally:
        for one in server.clients:
            one.close()
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(server: PortalServer) -> None:
    ends = time.monotonic() + PATIENCE
    while True:
        assert server.process.poll() is None, server.log.read_text()
        try:
            if httpx.get(f"{server.url}/kesehatan", verify=plain()).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < ends, server.log.read_text()
        time.sleep(0.1)


@contextmanager
def in_thread(app: Any, **headers: str) -> Iterator[httpx.Client]:
    """Serve an application in a thread of this process, and return who asks it."""
    import uvicorn

    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        ends = time.monotonic() + PATIENCE
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < ends
            time.sleep(0.05)
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, headers=headers, verify=plain()
        ) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


def main(settings: str, port: str, warms: str = "") -> None:
    """Serve until told to stop."""
    import uvicorn

    from pks_kit.web import Portal, create_app

    app = create_app(Portal.from_settings(settings, warms=bool(warms)))
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
