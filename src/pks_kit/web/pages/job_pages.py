"""A job as a page that asks by itself how far it is, and where it leads when it is done."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.web.pages.declared import NavEntry, shown
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.scope import Act
from pks_kit.web.state import jobs
from pks_kit.web.state.jobs import Job
from pks_kit.web.state.tables import BUSY

MOST_ROWS = 50
_KINDS = {
    "menunggu": "plain",
    "dikerjakan": "note",
    "selesai": "done",
    "gagal": "wrong",
    "dibatalkan": "plain",
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
    if job.jenis == "tinjauan":
        return visit.to(f"/tinjauan/{job.id}")
    if job.jenis == "tumpukan":
        return visit.to(f"/tumpukan/hasil/{job.id}")
    values = job_values(job)
    if visit.is_part:
        return visit.part("pekerjaan-bagian.html.j2", **values)
    title = Words(visit.language).of(f"job.{job.jenis}")
    return visit.page("pekerjaan.html.j2", title, nav="jobs", **values)


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
        "pekerjaan-daftar.html.j2", title, nav="jobs", rows=rows, kinds=_KINDS, after=after
    )


def job_values(job: Job) -> dict[str, Any]:
    """Return what templates show of a job."""
    return {
        "job": job,
        "kind": _KINDS[job.keadaan],
        "running": job.keadaan in BUSY,
        "problem": job.hasil.get("masalah"),
        "files": job.hasil.get("berkas", []),
        "agreement": job.hasil.get("perjanjian") or job.perjanjian,
        "step": str(job.kemajuan.get("langkah", "")),
    }


PAGES = (
    shown("/pekerjaan", meja_pekerjaan, Act.SEE),
    shown("/pekerjaan/{id}", meja_pekerjaan_satu, Act.SEE, recorded=False),
)
NAV = (NavEntry(code="jobs", path="/pekerjaan", act=Act.SEE, order=60),)
