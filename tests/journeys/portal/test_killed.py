"""A server that is killed loses no upload and no job, and leaves no worker behind."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from support.branch import facility
from support.portal_server import CABANG, PATIENCE, PortalServer, running_portal, write_portal
from support.processes import wait_until

DATA = facility(1).model_dump(mode="json")


def _begun(server: PortalServer, where: str) -> None:
    """Wait until a job is worked on."""
    caller = server.client(f"cabang:{CABANG}")
    ends = time.monotonic() + PATIENCE
    while caller.get(where).json()["keadaan"] != "dikerjakan":
        assert time.monotonic() < ends
        time.sleep(0.02)


def _descendants(pid: int) -> set[int]:
    """Return every process that a process started, directly or not, by whichever thread."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.sampled(of="hard days")
def test_a_killed_server_goes_on_where_it_was(tmp_path: Path) -> None:
    settings = write_portal(tmp_path)
    with running_portal(settings) as server:
        caller = server.client(f"cabang:{CABANG}")
        upload = caller.upload("data.bin", b"isi" * 100_000, key="unggahan-itu")
        answer = caller.post("/perjanjian", {"data": DATA}, key="kunci-draf-itu")
        where = answer.headers["location"]
        _begun(server, where)
        helpers = _descendants(server.process.pid)
        assert len(helpers) > 2
        server.kill()
        wait_until(lambda: not any(map(_is_alive, helpers)))
    with running_portal(settings) as server:
        caller = server.client(f"cabang:{CABANG}")
        again = caller.post("/perjanjian", {"data": DATA}, key="kunci-draf-itu")
        assert (again.headers["location"], again.status_code) == (where, 202)
        job = caller.waited(where)
        assert job["keadaan"] == "selesai", job
        assert len(caller.get("/perjanjian").json()["daftar"]) == 1
        assert caller.upload("data.bin", b"isi" * 100_000, key="unggahan-itu") == upload
        assert caller.get(f"/berkas/{upload['id']}/isi").content == b"isi" * 100_000


@pytest.mark.slow
@pytest.mark.sampled(of="hard days")
def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    settings = write_portal(tmp_path, batas_unggahan=50_000)
    with running_portal(settings) as server:
        caller = server.client(f"cabang:{CABANG}")

        def broken() -> object:
            yield b"x" * 1000
            raise RuntimeError("the cable")

        with pytest.raises(RuntimeError):
            caller.http.post(
                "/berkas", params={"nama": "a"}, headers={"Idempotency-Key": "putus-putus"},
                content=broken(),
            )  # fmt: skip
        # what says its size is refused before it is read; what says none, when it is too much
        large = caller.http.post(
            "/berkas", params={"nama": "a"}, content=b"x" * 50_001,
            headers={"Idempotency-Key": "terlalu-besar"},
        )  # fmt: skip
        assert (large.status_code, large.json()["code"]) == (413, "file.too_large")

        def endless() -> object:
            for _ in range(100_000):
                yield b"x" * 10_000

        try:
            told = caller.http.post(
                "/berkas", params={"nama": "a"}, content=endless(),
                headers={"Idempotency-Key": "tanpa-akhir"},
            )  # fmt: skip
            assert told.status_code == 413
        except httpx.TransportError:
            pass  # the server stopped reading
        wait_until(lambda: not list((tmp_path / "portal" / "masuk").iterdir()))
        assert caller.upload("a", b"x" * 50_000, key="terlalu-besar")["ukuran"] == 50_000
