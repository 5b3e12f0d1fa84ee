"""A web handler on a busy machine: right verdicts for all uploads, and a loop that stays free."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from pks_kit.pipelines.verify import VerifyRequest, verify, verify_async
from pks_kit.verification.isolation.pool import default_pool
from pks_kit.verification.report.verdict import VerifyReport
from support import scans, signed_files, tamper
from support.judging import LATER
from support.processes import busy, first_child, is_gone, wait_until

BUSY = 10
BUSY_SECONDS = 120.0
TICK = 0.02
TOIL = 5_000
"""Words of a page of the slow upload: seconds of work, far from the limit of the guard."""


@dataclass
class Handled:
    """What a handler saw: the reports, how often its loop turned, how long it took."""

    reports: list[VerifyReport]
    ticks: int
    seconds: float


async def handle(requests: list[VerifyRequest]) -> Handled:
    """Verify all at once, as a handler of a web server does, and count what else the loop did."""
    began = time.monotonic()
    work = asyncio.gather(*(verify_async(one) for one in requests))
    ticks = 0
    while not work.done():
        await asyncio.sleep(TICK)
        ticks += 1
    return Handled([one.report for one in await work], ticks, time.monotonic() - began)


@pytest.fixture
def uploads(tmp_path: Path) -> list[VerifyRequest]:
    start, half, *_, done = signed_files.signed_steps()
    trust = tmp_path / "root.pem"
    trust.write_bytes(signed_files.world("UJI pks-kit").root.pem)
    issued = tmp_path / "issued.pdf"
    issued.write_bytes(start)
    flipped = bytearray(done)
    flipped[done.index(b"stream") + 12] ^= 1
    contents = {
        "finished.pdf": done,
        "half.pdf": half,
        "changed.pdf": bytes(flipped),
        "scan.pdf": scans.scanned(scans.jpeg(scans.sheet(150))),
        "garbage.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 4000,
        "toil.pdf": tamper.toil(words=TOIL),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [
        VerifyRequest(pdf=tmp_path / name, clock=lambda: LATER, issued=issued, trust=(trust,))
        for name in contents
    ]


@pytest.mark.slow
def test_six_uploads_beside_ten_busy_processes(uploads: list[VerifyRequest]) -> None:
    quiet = [verify(one).report for one in uploads]
    with busy(BUSY, BUSY_SECONDS):
        loaded = asyncio.run(handle(uploads))
    assert loaded.reports == quiet
    assert [one.verdict for one in quiet] == [
        "passed", "failed", "failed", "failed", "failed", "failed",
    ]  # fmt: skip
    assert not any(check.code == "file.resources" for one in quiet for check in one.checks)
    # a loop that waits in a call turns once for each upload at the most
    assert loaded.ticks > 10 * len(uploads)


def test_upload_that_nobody_waits_for_ends(uploads: list[VerifyRequest]) -> None:
    async def give_up() -> None:
        default_pool().start()
        warm = default_pool().pid
        assert warm is not None
        work = asyncio.ensure_future(verify_async(uploads[-1]))
        child = await asyncio.to_thread(first_child, warm)
        os.kill(child, signal.SIGSTOP)  # it would never end by itself
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        await asyncio.to_thread(wait_until, lambda: is_gone(child))

    asyncio.run(asyncio.wait_for(give_up(), 90))
