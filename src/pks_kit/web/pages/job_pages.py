"""A job as a page that asks by itself how far it is, and where it leads when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.web.jobs import alongside
from pks_kit.web.pages.batch_pauses import ended_early, pause_of
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes.pekerjaan import may_cancel, pekerjaan_batalkan
from pks_kit.web.scope import Act
from pks_kit.web.state import agreements, batches, jobs, queue
from pks_kit.web.state.jobs import Job
from pks_kit.web.state.tables import BUSY
from pks_kit.web.work.pauses import Pause

MOST_ROWS = 50
_KINDS = {
    "menunggu": "plain",
    "dikerjakan": "note",
    "selesai": "done",
    "gagal": "wrong",
    "dibatalkan": "plain",
    "menjeda": "look",
    "dijeda": "look",
    "berhenti": "look",
}


async def job_in_reach(visit: Visit, job_id: str) -> Job:
    """Return a job.

    Raises:
        UsageError: ``web.unknown``.
    """
    found = await visit.portal.read(jobs.find, job_id, visit.call.reach)
    if found is None:
        raise UsageError("web.unknown")
    return found


async def meja_pekerjaan_satu(visit: Visit) -> Response:
    """Show one job; while it runs, its state is asked for again and again."""
    job = await job_in_reach(visit, visit.given("id"))
    if job.jenis == "verifikasi" and job.keadaan == "selesai":
        return visit.to(f"/putusan/{job.id}")
    if job.jenis == "tinjauan" and job.keadaan != "dibatalkan":
        return visit.to(f"/tinjauan/{job.id}")
    if job.jenis == "tumpukan" and job.keadaan != "dibatalkan":
        return visit.to(f"/tumpukan/hasil/{job.id}")
    values = job_values(job) | {
        "about": (await _about(visit, [job]))[0],
        "behind": await waits_behind(visit, job),
        "taken_back": may_take_back(visit, job),
        **_progress(job),
    }
    if visit.is_part:
        return visit.part("pekerjaan-bagian.html.j2", **values)
    title = Words(visit.language).of(f"job.{job.jenis}")
    return visit.page("pekerjaan.html.j2", title, nav="jobs", **values)


def _progress(job: Job) -> dict[str, Any]:
    told = job.kemajuan
    left = told.get("sisa_detik")
    return {
        "done": int(told.get("selesai", 0)),
        "whole_of_job": int(told.get("semua", 0)),
        "minutes_left": None if left is None else max(1, round(left / 60)),
    }


def may_take_back(visit: Visit, job: Job) -> bool:
    """Return whether a job waits that this person may take back."""
    return job.keadaan == "menunggu" and visit.may(Act.CHECK) and may_cancel(visit.call, job)


async def meja_pekerjaan_batalkan(visit: Visit) -> Response:
    """Take a job back that nobody has begun."""
    await pekerjaan_batalkan(visit.call, visit.given("id"))
    return visit.to(f"/pekerjaan/{visit.given('id')}", "job_taken_back")


async def meja_pekerjaan(visit: Visit) -> Response:
    """Show the jobs, the newest first."""
    found = await visit.portal.read(
        jobs.listed,
        visit.call.reach,
        keadaan="",
        before=visit.given("setelah")[:80],
        most=MOST_ROWS + 1,
    )
    rows = found[:MOST_ROWS]
    after = f"{visit.root}/pekerjaan?setelah={rows[-1].id}" if len(found) > MOST_ROWS else ""
    title = Words(visit.language).of("nav.jobs")
    return visit.page(
        "pekerjaan-daftar.html.j2", title, nav="jobs", rows=await _about(visit, rows), after=after
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """A job as lists show it.

    Attributes:
        job: The job.
        state: How it stands, of ``desk.job.state``.
        kind: How grave that looks.
        pause: Who paused it, where it is a run and somebody did.
        name: Name of the batch, the facility or the file that it is about; empty for none.
        href: Where that is, below the pages; empty for a file.
        before: How many jobs are done before it.
    """

    job: Job
    state: str
    kind: str
    pause: Pause | None
    name: str
    href: str
    before: int = 0


def state_of(job: Job, pause: Pause | None) -> str:
    """Return how a job stands; a run that ended before its work was done is not done.

    ``menjeda``: a person wants it to pause. ``dijeda``: it is paused. ``berhenti``: it stopped by
    itself.

    Args:
        job: The job.
        pause: Who paused it.
    """
    if pause is not None:
        return "menjeda" if job.keadaan == "dikerjakan" else "dijeda"
    return "berhenti" if job.keadaan == "selesai" and ended_early(job) else job.keadaan


async def _about(visit: Visit, found: Sequence[Job]) -> list[JobRow]:
    """Return jobs with the batch or the agreement that each is about."""
    reach = visit.call.reach
    batch_ids = {one.id: str(one.isi["batch"]) for one in found if one.jenis in jobs.BATCH_KINDS}
    ids = {one.id: one.perjanjian or one.hasil.get("perjanjian") or "" for one in found}
    of_batches = await visit.portal.read(batches.names_of, set(batch_ids.values()), reach)
    of_agreements = await visit.portal.read(agreements.names_of, set(ids.values()) - {""}, reach)
    rows = []
    for one in found:
        name, href = "", ""
        if (batch := batch_ids.get(one.id, "")) in of_batches:
            name, href = of_batches[batch], f"/batch/{batch}"
        elif ids[one.id] in of_agreements:
            name, href = of_agreements[ids[one.id]], f"/perjanjian/{ids[one.id]}"
        else:
            name = _file_of(one)
        pause = await pause_of(visit.portal, one)
        state = state_of(one, pause)
        rows.append(
            JobRow(job=one, state=state, kind=_KINDS[state], pause=pause, name=name, href=href)
        )
    return rows


def _file_of(job: Job) -> str:
    """Return the name of the file that a job is about; empty for none."""
    for name in ("berkas", "pindaian", "sumber"):
        given = job.isi.get(name)
        first = given[0] if isinstance(given, list) and given else given
        if isinstance(first, dict) and first.get("nama"):
            return str(first["nama"])
    return ""


async def waits_behind(visit: Visit, job: Job) -> JobRow | None:
    """Return what a job waits for that is not begun yet; None when it is at work, or next.

    What is about somebody else's batch or agreement is told without its name.
    """
    if job.keadaan != "menunggu":
        return None
    found = await visit.portal.read(queue.ahead_of, job, alongside(job.jenis))
    if found is None:
        return None
    (row,) = await _about(visit, [found.job])
    # the name of a file may be that of somebody else's paper
    return replace(row, before=found.count, name=row.name if row.href else "")


def job_values(job: Job) -> dict[str, Any]:
    """Return what templates show of a job."""
    return {
        "job": job,
        "running": job.keadaan in BUSY,
        "problem": job.hasil.get("masalah"),
        "files": job.hasil.get("berkas", []),
        "agreement": job.hasil.get("perjanjian") or job.perjanjian,
        "step": str(job.kemajuan.get("langkah", "")),
    }


PAGES = (
    shown("/pekerjaan", meja_pekerjaan, Act.SEE),
    shown("/pekerjaan/{id}", meja_pekerjaan_satu, Act.SEE, recorded=False),
    sent("/pekerjaan/{id}/batal", meja_pekerjaan_batalkan, Act.CHECK, target="id"),
)
NAV = (NavEntry(code="jobs", path="/pekerjaan", act=Act.SEE, order=60),)
