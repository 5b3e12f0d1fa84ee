"""The examples of docs/portal.md run, in its order, against a server on loopback."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.branch import facility
from support.issuer import AUDIENCE, running_issuer
from support.portal_server import CABANG, PATIENCE, in_thread, write_portal
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "portal.md"


def blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.M | re.S)


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedding, road = blocks()
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
