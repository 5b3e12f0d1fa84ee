"""Work whose place another process is at work in waits for it, and is taken again by itself."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web import Portal
from pks_kit.web.scope import Area, Reach, Scope
from pks_kit.web.state import holding, jobs
from pks_kit.web.state.ids import new_id
from pks_kit.web.state.jobs import Job, NewJob
from pks_kit.web.work.pauses import FOLDER
from support.batch_jobs import put_batch
from support.desk_of_batch import served
from support.desk_visitor import Visitor, told
from support.portal_server import CABANG, PATIENCE

pytestmark = pytest.mark.slow
MINE = Area(cabang=CABANG, kedeputian="04")
DAY = (system_clock() + timedelta(days=30)).date().isoformat()
KINDS = {
    "rencana_batch": {"oleh": "a", "sumber": [{"id": "0", "nama": "x.yml"}], "sebelumnya": [],
                      "contoh": 0, "jangkauan": ["pusat"]},
    "jalan_batch": {"sampai": "drafted", "gladi": False, "batas_waktu": ""},
    "terima_batch": {"pindaian": [], "batas_waktu": "", "gladi": False},
    "surat_batch": {"batas_waktu": DAY, "semua": False, "oleh": "a"},
    "pengingat_batch": {"batas_waktu": DAY, "lebih_awal": False},
}  # fmt: skip
HOLD = """
import sys
from contextlib import ExitStack
from pathlib import Path
from pks_kit.pipelines.batching.folder import BatchFolder
with ExitStack() as held:
    for one in sys.argv[1:]:
        held.enter_context(BatchFolder(Path(one)).alone())
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(folders: list[Path]) -> Iterator[None]:
    """Let another process be at work in folders, as a server that is stopping is."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, *map(str, folders)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield
        finally:
            process.communicate("")


def order(portal: Portal, batch: str, jenis: str) -> str:
    now = system_clock()
    new = NewJob(
        id=new_id(now), area=MINE, jenis=jenis, isi={"batch": batch, **KINDS[jenis]},
        perjanjian="", oleh="a", kunci=new_id(now), now=now,
    )  # fmt: skip
    with portal.state.write() as connection:
        return jobs.add(connection, new).id


def seen(portal: Portal, batch: str) -> Job:
    with portal.state.read() as connection:
        (job,) = jobs.of_batch(connection, batch, Reach(frozenset({Scope("pusat")})))
    return job


def wait_for(portal: Portal, batches: list[str], of: Callable[[Job], bool]) -> list[Job]:
    ends = time.monotonic() + PATIENCE
    while True:
        found = [seen(portal, one) for one in batches]
        if all(map(of, found)):
            return found
        assert time.monotonic() < ends, found
        time.sleep(0.1)


BUSY = "proses lain sedang bekerja di tempat yang sama"


def until_told(visitor: Visitor, path: str, words: str) -> None:
    """Wait for words on a page: each time that work is tried again it is at work for a moment."""
    ends = time.monotonic() + 60
    while words not in (page := told(visitor.get(path).text)):
        assert time.monotonic() < ends, page
        time.sleep(0.2)


@pytest.mark.sampled(of="desk days")
def test_every_kind_waits_until_a_place_is_free_and_goes_on_by_itself(tmp_path: Path) -> None:
    with served(tmp_path, proses=2) as (portal, visitor):
        batches = {jenis: put_batch(portal, MINE) for jenis in KINDS}
        folders = {jenis: tmp_path / "portal" / FOLDER / one for jenis, one in batches.items()}
        for one in folders.values():
            one.mkdir(parents=True)
            (one / "sisa").write_text("work of the other one")
        with held(list(folders.values())):
            for jenis, one in batches.items():
                order(portal, one, jenis)
            aside = wait_for(
                portal, list(batches.values()),
                of=lambda job: holding.busy_since(job) is not None or job.berakhir is not None,
            )  # fmt: skip
            assert {one.keadaan for one in aside} == {"menunggu"}, [one.hasil for one in aside]
            for path in (f"pekerjaan/{aside[0].id}", f"batch/{batches['terima_batch']}/kembali"):
                until_told(visitor, f"/meja/{path}", BUSY)
            assert all((one / "sisa").is_file() for one in folders.values())
        ended = wait_for(portal, list(batches.values()), of=lambda job: job.berakhir is not None)
        codes = {one.jenis: one.hasil["masalah"]["code"] for one in ended}
        # there is no plan and no such source; what matters is that they got as far as looking
        assert codes == dict.fromkeys(KINDS, "batch.no_plan") | {
            "rencana_batch": "web.content_lost"
        }
        assert not (folders["rencana_batch"] / "sisa").exists()


@pytest.mark.sampled(of="desk days")
def test_who_is_busy_for_long_is_told_of_as_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "MOST_BUSY", timedelta(seconds=3))
    with served(tmp_path, proses=2) as (portal, _):
        batch = put_batch(portal, MINE)
        with held([tmp_path / "portal" / FOLDER / batch]):
            order(portal, batch, "terima_batch")
            begun = time.monotonic()
            (job,) = wait_for(portal, [batch], of=lambda job: job.berakhir is not None)
        assert time.monotonic() - begun >= 3
        assert (job.keadaan, job.hasil["masalah"]["code"]) == ("gagal", "batch.busy")
