"""What OpenAPI promises holds: schemathesis asks what it allows, and what it does not."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from support.issuer import AUDIENCE, running_issuer
from support.portal_server import running_portal, write_portal
from support.proving import SampleOf

pytestmark = pytest.mark.slow
_EXAMPLES = 3
_PATHS = 12
"""So many of some forty are tried in a run that is no proof."""
DATA = (
    ("POST", "/periksa"),
    ("POST", "/pratinjau"),
    ("POST", "/perjanjian"),
    ("GET", "/berkas/{id}/halaman/{halaman}.jpg"),
    ("GET", "/berkas/{id}/halaman/{halaman}/teks"),
)
"""What takes contract data or a file may find it wrong (422) though its form is right."""

CONFIG = "".join(
    f"""
[[operations]]
include-path = "{path}"
include-method = "{method}"
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 422, 503]
"""
    for method, path in DATA
)
_SECONDS = 600


def test_schemathesis_finds_nothing(tmp_path: Path, sample_of: SampleOf) -> None:
    with running_issuer() as issuer:
        identity = {
            "jenis": "oidc",
            "penerbit": issuer.url,
            "audiens": AUDIENCE,
            "alamat_pribadi": True,
        }
        settings = write_portal(tmp_path, identitas=identity, proses=1)
        token = issuer.token("pusat", exp=int(time.time()) + _SECONDS * 2)
        (tmp_path / "schemathesis.toml").write_text(CONFIG)
        with running_portal(settings) as server:
            every = httpx.get(f"{server.url}/openapi.json").json()["paths"]
            paths = sample_of(sorted(every), _PATHS, seed="schemathesis")
            done = subprocess.run(
                [
                    str(Path(sys.executable).with_name("schemathesis")),
                    "run", f"{server.url}/openapi.json", "--checks", "all",
                    "--seed", "1",
                    "--max-examples", str(_EXAMPLES), "--phases", "examples,coverage,fuzzing",
                    *(f"--include-path={one}" for one in paths),
                    "-H", f"Authorization: Bearer {token}", "--no-color",
                ],
                cwd=tmp_path, capture_output=True, text=True, timeout=_SECONDS, check=False,
            )  # fmt: skip
            log = server.log.read_text()
        assert done.returncode == 0, done.stdout[-6000:]
        assert " generated" in done.stdout
        assert "Traceback" not in log, log[-3000:]
