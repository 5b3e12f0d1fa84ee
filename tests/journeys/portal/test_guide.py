"""The examples of docs/portal.md run, in its order, against a server on loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.branch import facility
from support.issuer import AUDIENCE, running_issuer
from support.portal_server import CABANG, PATIENCE, free_port, in_thread, write_portal
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "portal.md"


def blocks(kind: str = "python") -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.M | re.S)


def test_the_trial_ends_with_a_verdict_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, clients, _, road = blocks()
    prepare, serve = blocks("sh")
    port = free_port()
    (tmp_path / "modul.py").write_text(module)
    (tmp_path / "pks.yml").write_text(blocks("yaml")[0])
    serve = serve.replace("--port 8000", f"--port {port}").strip()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            ["bash", "-e", "-c", f"{prepare}\nexec {serve}"],
            env={**os.environ, "PATH": path}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        ends = time.monotonic() + PATIENCE
        while not answers(f"http://127.0.0.1:{port}/pks/kesehatan"):
            assert server.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < ends
            time.sleep(0.2)
        clients = clients.replace(":8000", f":{port}").replace("timeout=60", "timeout=300")
        names: dict[str, Any] = {}
        exec(clients, names)  # noqa: S102 - our own guide
        try:
            exec(road, names)  # noqa: S102 - our own guide
        finally:
            for name in ("client", "clinic"):
                names[name].close()
    finally:
        server.terminate()
        server.wait()
    assert names["verdict"] == "passed"


def answers(url: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(url).status_code == 200
    return False


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, embedding, road = blocks()
    lines = [one for one in embedding.splitlines() if one.strip()]
    assert len(lines) <= 10
    one = facility(1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(os.environ, "RAHASIA", PASSPHRASE.decode())
    write_portal(tmp_path, proses=1, identitas=None).rename("pks.yml")
    with running_issuer() as issuer:
        # an issuer on loopback is the one thing that the guide does not have
        embedding = embedding.replace("scope_from=", "public_only=False, scope_from=")
        names: dict[str, Any] = {"ISSUER": issuer.url, "data": one.model_dump(mode="json")}
        exec(compile(embedding, str(GUIDE), "exec"), names)  # noqa: S102 - our own guide
        with in_thread(names["app"]) as anybody:
            scopes = {"client": f"cabang:{CABANG}", "clinic": f"faskes:{one.faskes.kode}"}
            for name, scope in scopes.items():
                bearer = {"Authorization": f"Bearer {issuer.token(scope, sub=name, aud=AUDIENCE)}"}
                names[name] = httpx.Client(
                    base_url=anybody.base_url, headers=bearer, timeout=PATIENCE
                )
            try:
                exec(compile(road, str(GUIDE), "exec"), names)  # noqa: S102 - our own guide
            finally:
                for name in scopes:
                    names[name].close()
            paths = set(anybody.get("/openapi.json").json()["paths"])
    assert names["verdict"] == "passed"
    told = set(re.findall(r"`(?:GET|POST) (/[^`? ]+)", GUIDE.read_text(encoding="utf-8")))
    assert {f"/pks{path}" for path in told} <= paths
