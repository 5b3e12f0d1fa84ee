"""Many at once: no upload is lost, nobody holds up the others, and memory does not follow."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import httpx
import pytest

from support.branch import facility
from support.portal_server import CABANG, PATIENCE, PortalServer, running_portal, write_portal

_UPLOADS = 50
_BYTES = 2_000_000


def _memory(server: PortalServer) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    (line,) = [one for one in status.splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


async def _uploaded(client: httpx.AsyncClient, number: int) -> None:
    content = hashlib.sha256(str(number).encode()).digest() * (_BYTES // 32)
    answer = await client.post(
        "/berkas", params={"nama": f"{number}.bin"}, content=content,
        headers={"Idempotency-Key": f"beban-{number}-kunci"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    assert answer.json()["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.slow
@pytest.mark.sampled(of="hard days")
def test_fifty_uploads_at_once(tmp_path: Path) -> None:
    with running_portal(write_portal(tmp_path)) as server:
        caller = server.client(f"cabang:{CABANG}")
        caller.upload("awal.bin", b"x" * _BYTES)
        before = _memory(server)

        async def all_of_them() -> None:
            limits = httpx.Limits(max_connections=_UPLOADS)
            async with httpx.AsyncClient(
                base_url=server.url, timeout=PATIENCE, limits=limits, headers=caller.http.headers
            ) as client:
                await asyncio.gather(*(_uploaded(client, one) for one in range(_UPLOADS)))

        asyncio.run(all_of_them())
        # a hundred megabytes came in; were they held, the process would have grown by them
        assert _memory(server) - before < _UPLOADS * _BYTES // 3
        stored = [one for one in (tmp_path / "portal" / "berkas").rglob("*") if one.is_file()]
        assert len(stored) == _UPLOADS + 1


@pytest.mark.slow
@pytest.mark.sampled(of="hard days")
def test_who_asks_is_answered_while_others_work(tmp_path: Path) -> None:
    """Every process drafts or waits its turn; lists and health do not wait for them."""
    with running_portal(write_portal(tmp_path, proses=1)) as server:
        caller = server.client(f"cabang:{CABANG}")
        data = facility(1).model_dump(mode="json")
        answer = caller.post("/perjanjian", {"data": data})
        asked = 0
        while caller.get(answer.headers["location"]).json()["keadaan"] != "selesai":
            assert caller.get("/perjanjian").status_code == 200
            assert caller.get("/kesehatan").status_code == 200
            asked += 1
        # a draft takes seconds of a processor, an answer milliseconds
        assert asked > 10
