"""Runs jobs: takes those that wait, lets workers do them, and writes down how they ended."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from pks_kit.domain.secret import Secret
from pks_kit.errors import PksKitError
from pks_kit.json_form import to_json
from pks_kit.pipelines.error_form import error_form, unforeseen
from pks_kit.web.pool import LANES, Lane, WorkerGoneError
from pks_kit.web.results import EVERYTHING, written_down
from pks_kit.web.state import agreements, holding, jobs
from pks_kit.web.state.deliveries import files_in, pending
from pks_kit.web.state.jobs import Job, JobState, NewJob
from pks_kit.web.work.task import Done, Task

if TYPE_CHECKING:
    from pks_kit.web.portal import Portal

_LOG = logging.getLogger("pks_kit.web.jobs")
_LOOK_SECONDS = 2.0
_TELL_SECONDS = 1.0
_RENEW_SECONDS = jobs.LEASE.total_seconds() / 3

_BUSY = frozenset({"batch.busy", "store.busy"})
"""What is said before anything is done, because another process is at work in the same place."""
_SHORTEST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=1), timedelta(seconds=30)

LANE_OF_KIND: dict[str, Lane] = {
    "arsip": "service",
    "batalkan_batch": "cpu",
    "bukti": "cpu",
    "daftar_kertas": "look",
    "ekspor_buku": "cpu",
    "jalan_batch": "batch",
    "kalender": "cpu",
    "laporan_batch": "cpu",
    "pengantar": "cpu",
    "pengingat_batch": "cpu",
    "periksa_buku": "cpu",
    "perjanjian": "cpu",
    "perpanjangan": "cpu",
    "putusan_batch": "look",
    "putusan_kertas": "look",
    "rencana_batch": "cpu",
    "sesi": "service",
    "setujui_batch": "cpu",
    "surat": "cpu",
    "surat_batch": "cpu",
    "susulan_batch": "look",
    "terima_batch": "scan",
    "tinjauan": "look",
    "tolak_batch": "cpu",
    "tarik_batch": "cpu",
    "tumpukan": "service",
    "ulangi_batch": "cpu",
    "verifikasi": "look",
}
"""Kinds of jobs, and where they are done."""


def alongside(jenis: str) -> tuple[str, ...]:
    """Return the kinds of jobs that are done where a kind is done, and so wait for each other."""
    lane = LANE_OF_KIND[jenis]
    return tuple(kind for kind, own in LANE_OF_KIND.items() if own == lane)


class JobRunner:
    """Runs the jobs of one portal.

    Args:
        portal: The portal.
    """

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"
        self._ring = asyncio.Event()
        self._stopping = False
        self._running: dict[asyncio.Task[None], Lane] = {}
        self._room = {lane: portal.pool.size(lane) for lane in LANES}
        self._secrets: dict[str, dict[tuple[str, str], Secret]] = {}
        # somebody who waits at a page finds a free process where there is more than one
        self._room["cpu"] = max(1, self._room["cpu"] - 1)

    async def begin(
        self,
        new: NewJob,
        secrets: Mapping[tuple[str, str], Secret],
        unless: Callable[[Connection], None] | None = None,
    ) -> Job:
        """Write down a job and begin it here at once, with what a person gave for it alone.

        The secrets stand in the memory of this process and its worker and are forgotten with the
        end of the job. Who takes the job over after a kill does not know them, and says so.

        Args:
            new: The job.
            secrets: What a person gave for it.
            unless: As of ``jobs.add``.

        Raises:
            LedgerError: ``web.state_unavailable``; and what ``unless`` raises.
        """
        job = await self._portal.write(jobs.add, new, self._holder, unless)
        if job.id == new.id:  # otherwise the key is known, and so is its job
            self._secrets[job.id] = dict(secrets)
            self._spawn(job)
        return job

    def _spawn(self, job: Job) -> None:
        task = asyncio.create_task(self._run(job))
        self._running[task] = LANE_OF_KIND[job.jenis]
        task.add_done_callback(self._ended)

    def ring(self) -> None:
        """Say that a job was written down."""
        self._ring.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run jobs; at the end those that are worked on are given back."""
        looking = asyncio.create_task(self._look())
        renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            self._stopping = True
            for one in (looking, renewing, *self._running):
                one.cancel()
            for one in (looking, renewing, *self._running):
                with suppress(asyncio.CancelledError):
                    await one

    async def _look(self) -> None:
        while True:
            self._ring.clear()
            try:
                while job := await self._taken():
                    self._spawn(job)
            except PksKitError as error:
                _LOG.warning("jobs cannot be looked up: %s", error.code)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ring.wait(), _LOOK_SECONDS)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task)
        self._ring.set()

    async def _taken(self) -> Job | None:
        used = Counter(self._running.values())
        kinds = [kind for kind, lane in LANE_OF_KIND.items() if used[lane] < self._room[lane]]
        now = self._portal.now()
        if not kinds or not await self._portal.read(holding.is_any, self._holder, now, kinds):
            return None
        return await self._portal.write(_take, self._holder, now, kinds)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            with suppress(PksKitError):
                await self._portal.write(holding.renew, self._holder, self._portal.now())

    async def _run(self, job: Job) -> None:
        begun = perf_counter()
        is_aside = False
        try:
            done = await self._done(job)
            is_aside = await self._put_aside(job, done)
        except asyncio.CancelledError:
            # a server that stops kills its workers; whoever comes next goes on with the job
            await asyncio.shield(self._portal.write(holding.put_back, job.id, self._holder))
            raise
        finally:
            if not is_aside:
                self._secrets.pop(job.id, None)
        if is_aside:
            return
        state: JobState = "gagal" if done.masalah is not None else "selesai"
        touched = [one["id"] for one in (done.perjanjian or {}, *done.banyak) if "id" in one]

        async def end() -> None:
            # who is told of the end finds what the ledger tells already
            stages = await asyncio.to_thread(self._portal.feed.stages, touched)
            await self._portal.write(self._finish, job, state, done, stages)

        await self._written(job, end)
        self._portal.metrics.ended(job.jenis, state, perf_counter() - begun)

    async def _done(self, job: Job, deaths: int = 0) -> Done:
        if job.percobaan > jobs.MOST_TRIES or deaths > jobs.MOST_DEATHS:
            return Done(masalah=_form("web.job_died"))
        loop, last = asyncio.get_running_loop(), monotonic() - _TELL_SECONDS

        def tell(kemajuan: dict[str, Any]) -> None:
            nonlocal last
            if monotonic() - last < _TELL_SECONDS:
                return
            last = monotonic()
            change = self._portal.write(jobs.progressed, job.id, kemajuan)
            asyncio.run_coroutine_threadsafe(change, loop)

        secrets = self._secrets.get(job.id, {})
        if job.isi.get("rahasia") and not secrets:
            return Done(masalah=_form("web.secret_gone"))
        isi = job.isi
        if job.jenis == "jalan_batch":  # too many to be written down with each run
            isi = isi | {"sudah": await self._portal.read(agreements.known_ids, EVERYTHING)}
        if job.jenis == jobs.BESIDE:
            # what is not read when the report is written, whenever it was ordered
            waiting = await self._portal.read(pending, str(isi["batch"]), EVERYTHING)
            isi = isi | {"belum_dibaca": files_in(waiting, rehearsal=isi["gladi"])}
        task = Task(kind=job.jenis, isi=isi, id=job.id, ordered=job.dibuat, secrets=secrets)
        lane = LANE_OF_KIND[job.jenis]
        try:
            return await self._portal.pool.run(task, lane=lane, within=None, tell=tell)
        except WorkerGoneError:
            if self._stopping:
                raise asyncio.CancelledError from None
            return await self._again(job, deaths + 1)
        except Exception as error:  # noqa: BLE001 - a job must end, whatever happens
            told = unforeseen(error)
            _LOG.error("job %s: %s at %s", job.id, *told.values())
            return Done(masalah=_form("web.unforeseen", **told))

    async def _put_aside(self, job: Job, done: Done) -> bool:
        """Put a job aside that found somebody else at work in its place, for a while.

        That may be a server that is just stopping, whose process does not know it yet.
        """
        if done.masalah is None or done.masalah["code"] not in _BUSY:
            return False
        now = self._portal.now()
        since = holding.busy_since(job) or now
        if now - since >= holding.MOST_BUSY:
            return False
        pause = min(max((now - since) / 2, _SHORTEST_PAUSE), _LONGEST_PAUSE)
        aside = partial(
            self._portal.write,
            holding.put_aside,
            job.id,
            self._holder,
            since=since,
            until=now + pause,
            stays=job.id in self._secrets,
        )
        return await self._written(job, aside)

    async def _written(self, job: Job, change: Callable[[], Awaitable[None]]) -> bool:
        """Write down what becomes of a job, with some patience; False when that cannot be."""
        for pause in (0.0, 1.0, 5.0, 20.0):
            await asyncio.sleep(pause)
            try:
                await change()
            except PksKitError as error:
                _LOG.warning("job %s cannot be written down: %s", job.id, error.code)
            else:
                return True
        return False

    async def _again(self, job: Job, deaths: int) -> Done:
        """Try a job once more whose process died, as often as it may die."""
        again = await self._portal.write(holding.tried_again, job.id, self._holder)
        return await self._done(again, deaths)

    def _finish(
        self,
        connection: Connection,
        job: Job,
        state: JobState,
        done: Done,
        stages: dict[str, str],
    ) -> None:
        now = self._portal.now()
        if holding.is_held(connection, job.id, self._holder):  # else somebody else does it again
            hasil = written_down(self._portal, connection, job, done, now)
            for agreement_id, tahap in stages.items():
                agreements.moved(connection, agreement_id, tahap, now)
            jobs.end(connection, job.id, state, hasil, now=now)


def _take(connection: Connection, holder: str, now: datetime, kinds: Sequence[str]) -> Job | None:
    gone = tuple(one for one in holding.holders(connection) if one != holder and _is_gone(one))
    return holding.take(connection, holder, now, kinds=kinds, gone=gone)


def _is_gone(holder: str) -> bool:
    """Return whether a holder is a process of this machine that is no more."""
    host, _, rest = holder.partition(":")
    pid, _, started = rest.partition(":")
    return host == socket.gethostname() and _started(int(pid)) != started


def _started(pid: int) -> str:
    """Return when a process started, as the system counts; empty when there is none such."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _form(code: str, **params: object) -> dict[str, Any]:
    form: dict[str, Any] = to_json(error_form(PksKitError(code, **params)))
    return form
