"""Jobs: how far they are, which there are, and cancelling one that was not begun."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.web.bodies import After, Most, PathId
from pks_kit.web.operation import Asked, Operation
from pks_kit.web.problems import language_of
from pks_kit.web.routes.common import answer, problems
from pks_kit.web.scope import Act
from pks_kit.web.state import jobs
from pks_kit.web.state.jobs import Job
from pks_kit.web.views import JobForm, JobsForm, job_form

Keadaan = Annotated[
    Literal["", "menunggu", "dikerjakan", "selesai", "gagal", "dibatalkan"],
    Query(description="Hanya yang berkeadaan ini"),
]


async def pekerjaan_satu(call: Asked, id: PathId) -> Response:
    """Return one job."""
    job = await call.portal.read(jobs.find, id, call.reach)
    if job is None:
        raise UsageError("web.unknown")
    return answer(job_form(job, language_of(call.request)))


async def pekerjaan(
    call: Asked, keadaan: Keadaan = "", setelah: After = "", batas: Most = 50
) -> Response:
    """Return jobs, the newest first."""
    found = await call.portal.read(
        jobs.listed, call.reach, keadaan=keadaan, before=setelah, most=batas + 1
    )
    shown = found[:batas]
    after = shown[-1].id if len(found) > batas else None
    language = language_of(call.request)
    return answer(
        JobsForm(daftar=tuple(job_form(one, language) for one in shown), berikutnya=after)
    )


def may_cancel(call: Asked, job: Job) -> bool:
    """Return whether a person may take a job back: whoever ordered it, and its branch office.

    A facility sees what is done to its agreement, and stops only what it ordered itself.
    """
    is_own = job.oleh == call.person.subject
    return is_own or call.reach.only("cabang", "pusat").covers(job.area)


async def pekerjaan_batalkan(call: Asked, id: PathId) -> Response:
    """Cancel a job that was not begun; one that was may have paid for something."""
    portal = call.portal
    job = await portal.read(jobs.find, id, call.reach)
    if job is None:
        raise UsageError("web.unknown")
    if not may_cancel(call, job):
        raise UsageError("web.not_allowed")
    cancelled = await portal.write(jobs.cancel, id, call.reach, portal.now())
    job = await portal.read(jobs.find, id, call.reach) or job
    if not cancelled and job.keadaan == "dikerjakan":
        raise UsageError("web.job_begun")
    return answer(job_form(job, language_of(call.request)))


OPERATIONS = (
    Operation(
        method="GET",
        path="/pekerjaan",
        endpoint=pekerjaan,
        act=Act.SEE,
        recorded=False,
        told={"response_model": JobsForm, "responses": problems(), "tags": ["pekerjaan"]},
    ),
    Operation(
        method="GET",
        path="/pekerjaan/{id}",
        endpoint=pekerjaan_satu,
        act=Act.SEE,
        recorded=False,
        told={"response_model": JobForm, "responses": problems(404), "tags": ["pekerjaan"]},
    ),
    Operation(
        method="DELETE",
        path="/pekerjaan/{id}",
        endpoint=pekerjaan_batalkan,
        act=Act.CHECK,
        target="id",
        told={"response_model": JobForm, "responses": problems(404, 409), "tags": ["pekerjaan"]},
    ),
)
